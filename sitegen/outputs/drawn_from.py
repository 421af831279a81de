"""What the pages of each part are drawn from, in a database of its own beside the record of a build.

It is most of what is remembered, some 3 KB a page, and asked for only where the whole site looks otherwise. Apart
from it the record stays small enough to be looked through.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.state import attached

_VERSION = 1
_SCHEMA = """
-- Some hundred pages in a row.
CREATE TABLE bulk.drawn_from (id INTEGER PRIMARY KEY, part INTEGER, pages BLOB);
CREATE INDEX bulk.drawn_from_by_part ON drawn_from (part);
CREATE TABLE bulk.stamp (number INTEGER);
INSERT INTO bulk.stamp VALUES (-1);
"""
_GOES_TOGETHER = "SELECT main.stamp.number = bulk.stamp.number FROM main.stamp, bulk.stamp"


class DrawnFrom:
    """Reached through the connection of the record, and committed together with it.

    Whoever is killed may have committed one of the two alone, so each commit gives both the same stamp.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.is_new = not connection.execute(_GOES_TOGETHER).fetchone()[0]  # the record may tell of more than is kept
        self._has_changed = self.is_new

    def put_stamp(self) -> None:
        """Before what was changed is committed."""
        if self._has_changed:
            self._db.execute("UPDATE main.stamp SET number = number + 1")
            self._db.execute("UPDATE bulk.stamp SET number = (SELECT number FROM main.stamp)")
            self._has_changed = False

    def keep(self, part: int, pages: bytes) -> None:
        """Keep what some pages of a part are drawn from."""
        self._db.execute("INSERT INTO bulk.drawn_from (part, pages) VALUES (?, ?)", (part, pages))
        self._has_changed = True

    def kept(self) -> Iterator[bytes]:
        """What was kept until now, in the order in which it was planned; more may be kept meanwhile."""
        last = self._db.execute("SELECT coalesce(max(id), 0) FROM bulk.drawn_from").fetchone()[0]
        # Each is asked for by itself: a question that is open for long would keep the record's log from being cut.
        sql = "SELECT id, pages FROM bulk.drawn_from WHERE id > ? AND id <= ? ORDER BY id LIMIT 1"
        number = 0
        while row := self._db.execute(sql, (number, last)).fetchone():
            number = row[0]
            yield row[1]

    def forget(self, parts: Iterable[int]) -> None:
        """Keep nothing of these parts."""
        self._db.executemany("DELETE FROM bulk.drawn_from WHERE part = ?", ((part,) for part in parts))
        self._has_changed = True

    def forget_all(self) -> None:
        """Keep nothing."""
        self._db.execute("DELETE FROM bulk.drawn_from")
        self._has_changed = True


@contextmanager
def open_drawn_from(connection: sqlite3.Connection, path: Path) -> Iterator[DrawnFrom]:
    """What is kept in the file `path`; nothing where that is missing, damaged or does not go with the record."""
    with attached(connection, path, _VERSION, _SCHEMA, _GOES_TOGETHER):
        yield DrawnFrom(connection)
