"""Articles that want the same path: the later ones get a number, so that all of them are built."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

SCHEMA = "CREATE TABLE moved (source TEXT PRIMARY KEY, wanted TEXT, permalink TEXT, other TEXT) WITHOUT ROWID;\n"
_WANTED = """
CREATE TEMP TABLE IF NOT EXISTS wanted (
    path TEXT, date TEXT, source TEXT, PRIMARY KEY (path, date, source)
) WITHOUT ROWID
"""
_UNDATED = "~"  # sorts behind every date
_PUT_ENTRIES = (
    "INSERT INTO wanted SELECT coalesce(moved.wanted, entry.permalink), iif(date > '', date, ?), source "
    "FROM entry LEFT JOIN moved USING (source)"
)
_PUT_WITHDRAWN = (
    "INSERT OR IGNORE INTO wanted SELECT coalesce(moved.wanted, withdrawn.permalink), iif(date > '', date, ?), source "
    "FROM withdrawn LEFT JOIN moved USING (source)"
)
_SHARED = (
    "SELECT path, source FROM wanted WHERE path IN (SELECT path FROM wanted GROUP BY path HAVING count(*) > 1) "
    "ORDER BY path, date, source"
)


class Moved(NamedTuple):
    """An article that does not live where it wants to."""

    source: str
    wanted: str
    permalink: str
    other: str  # article that has the path


def settle(connection: sqlite3.Connection) -> dict[str, str]:
    """Number the articles that want the path of an older one; permalinks that change by that, by source.

    The oldest has the path, of one moment the first by source; undated articles come last. Who gets which number
    depends on what all articles want alone, so it is the same however they came in.
    """
    before = {one.source: one for one in moved(connection)}
    after = {one.source: one for one in _numbered(connection)}
    connection.execute("DELETE FROM moved")
    connection.executemany("INSERT INTO moved VALUES (?, ?, ?, ?)", after.values())
    home = {source: one.wanted for source, one in before.items() if source not in after}
    away = {source: one.permalink for source, one in after.items()}
    return {
        source: path
        for source, path in (home | away).items()
        if source not in before or before[source].permalink != path
    }


def moved(connection: sqlite3.Connection) -> Iterator[Moved]:
    """The articles that got a number, by source."""
    return map(Moved._make, connection.execute("SELECT source, wanted, permalink, other FROM moved ORDER BY source"))


def _numbered(connection: sqlite3.Connection) -> Iterator[Moved]:
    connection.execute(_WANTED)
    connection.execute("DELETE FROM wanted")
    connection.execute(_PUT_ENTRIES, (_UNDATED,))
    connection.execute(_PUT_WITHDRAWN, (_UNDATED,))
    taken: set[str] = set()
    path, first, number = "", "", 1
    for wanted, source in connection.execute(_SHARED).fetchall():
        if wanted != path:
            path, first, number = wanted, source, 1
            continue
        number += 1
        while (permalink := f"{path.rstrip('/')}-{number}/") in taken or _is_wanted(connection, permalink):
            number += 1
        taken.add(permalink)
        yield Moved(source, wanted, permalink, first)


def _is_wanted(connection: sqlite3.Connection, path: str) -> bool:
    return connection.execute("SELECT 1 FROM wanted WHERE path = ? LIMIT 1", (path,)).fetchone() is not None
