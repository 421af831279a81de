"""What was imported before: raw files as they were then, and what came of each."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sitegen.config import Site
from sitegen.content.folder import FileStat
from sitegen.content.raw_files import RawFiles
from sitegen.importers.report import ArticleReport
from sitegen.model import Problem
from sitegen.outputs.tree import remove_torn
from sitegen.state import open_state

_VERSION = 8
_SCHEMA = """
CREATE TABLE raw (
    key TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, rules TEXT, said TEXT, in_the_way INTEGER, articles INTEGER,
    target TEXT, problems BLOB
) WITHOUT ROWID;
CREATE TABLE made (target TEXT, key TEXT, digest TEXT, report BLOB, next TEXT);
CREATE UNIQUE INDEX made_by_target ON made (target);
CREATE TABLE settled (
    folder TEXT PRIMARY KEY, digest TEXT, articles INTEGER, media BLOB
) WITHOUT ROWID;
CREATE INDEX made_by_key ON made (key, target);
CREATE INDEX made_waiting ON made (next) WHERE next > '';
"""
# As long as one of these is in the way, the file is looked at again.
_IN_THE_WAY = frozenset({"conflict", "clash", "empty-raw", "not-text", "unreadable", "too-large", "write", "crash"})
_ENCODE = msgspec.json.Encoder().encode
_PROBLEMS = msgspec.json.Decoder(tuple[Problem, ...])
_PATHS = msgspec.json.Decoder(list[str])
_REPORT = msgspec.json.Decoder(ArticleReport)
_KNOWN = "SELECT key, size, mtime, rules, said, in_the_way, articles, target FROM raw WHERE key"
_TARGETS = "SELECT target FROM made WHERE key = ?"
_Row = tuple[str, int, int, str, str, int, int, str]


class ImportMemory:
    """What an import remembers for the next one."""

    def __init__(self, connection: sqlite3.Connection, content: str, rules: str) -> None:
        self._connection = connection
        self._content = content
        self._files = RawFiles(Path(content))
        self._rules = rules  # digest of all that an import depends on, beside the raw file
        self._is_in_the_way = False  # something of a file that was read
        self._has_claims = False

    def unchanged_articles(self, files: Sequence[tuple[str, FileStat, str]]) -> list[int | None]:
        """How many articles came of each file, if all is as it was: the file, the rules, its articles; else None.

        A file is given by its key, its state, and the digest of what a side file says of it.
        """
        known = self._known_as([key for key, _stat, _said in files])
        return [self._articles_of(known.get(key), stat, said) for key, stat, said in files]

    def settled_articles(self, folder: str, digest: str, place: Path) -> int | None:
        """How many articles came of a folder's files, if all is as it was when the folder was settled; else None.

        What lies in the folder has that `digest` now; it lies at `place`.
        """
        sql = "SELECT articles, media FROM settled WHERE folder = ? AND digest = ?"
        row = self._connection.execute(sql, (folder, self._with_rules(digest))).fetchone()
        if row is None or not all(map(self._is_there, _PATHS.decode(row[1]))):
            return None
        sql = "SELECT target, key FROM made WHERE key > ? AND key < ? ORDER BY key"
        made = self._connection.execute(sql, (f"{folder}/", f"{folder}0"))  # 0 is what follows a slash
        gone = (key.removeprefix(f"{folder}/") for target, key in made if not self._is_there(target))
        # Of a raw file that is gone too nothing is wanted any more.
        return None if any((place / raw).exists() for raw in gone) else row[0]

    def settle(self, folder: str, digest: str, articles: int, media: list[str]) -> None:
        """All that a folder held when it had that digest was taken in, unless something is in the way of it.

        So many articles came of it. Where one of these `media` is gone, the folder must be looked at.
        """
        if not self._is_in_the_way:
            row = (folder, self._with_rules(digest), articles, _ENCODE(media))
            self._connection.execute("INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)", row)
            self._connection.commit()

    def unsettle(self) -> None:
        """Every folder has to be looked at."""
        self._connection.execute("DELETE FROM settled")

    def _known_as(self, keys: list[str]) -> dict[str, _Row]:
        """What is known of files, by their keys; and maybe of others between them."""
        # Files come by folder, so most often there are no others between them, and to look for each takes longer.
        most = 2 * len(keys)
        rows = self._connection.execute(f"{_KNOWN} BETWEEN ? AND ? LIMIT ?", (min(keys), max(keys), most)).fetchall()
        if len(rows) == most:
            rows = self._connection.execute(f"{_KNOWN} IN ({','.join('?' * len(keys))})", keys).fetchall()
        return {row[0]: row for row in rows}

    def _articles_of(self, row: _Row | None, stat: FileStat, said: str) -> int | None:
        if row is None or row[1:6] != (stat.size, stat.mtime_ns, self._rules, said, 0):
            return None
        key, *_, articles, target = row
        targets = [target] if target else (one for (one,) in self._connection.execute(_TARGETS, (key,)))
        return articles if all(map(self._is_there, targets)) else None

    def _with_rules(self, digest: str) -> str:
        return f"{digest} {self._rules}"

    def _is_there(self, path: str) -> bool:
        return self._files.holds(path)

    def digest_of(self, target: str) -> str:
        """Of a content file, as an import wrote it last; "" for one that none wrote."""
        row = self._connection.execute("SELECT digest FROM made WHERE target = ?", (target,)).fetchone()
        return row[0] if row else ""

    def owner_of(self, target: str, key: str) -> str:
        """The other raw file that a content file came of; "" if there is none."""
        row = self._connection.execute("SELECT key FROM made WHERE target = ? AND key != ?", (target, key)).fetchone()
        return row[0] if row else ""

    def claim(self, target: str, shown: str) -> str:
        """Note which raw file becomes a content file in this run; the one that another one has noted, "" for none."""
        if not self._has_claims:
            self._connection.execute("CREATE TEMP TABLE claimed (target TEXT PRIMARY KEY, shown TEXT) WITHOUT ROWID")
            self._has_claims = True
        if self._connection.execute("INSERT OR IGNORE INTO claimed VALUES (?, ?)", (target, shown)).rowcount:
            return ""
        return str(self._connection.execute("SELECT shown FROM claimed WHERE target = ?", (target,)).fetchone()[0])

    def remember_file(
        self, key: str, stat: FileStat, said: str, targets: list[str], problems: Iterable[Problem]
    ) -> None:
        """A raw file has been read, and these content files came of it."""
        problems = tuple(problems)
        in_the_way = any(problem.code in _IN_THE_WAY for problem in problems)
        self._is_in_the_way |= in_the_way
        only = targets[0] if len(targets) == 1 else ""
        self._connection.execute(
            "INSERT OR REPLACE INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, stat.size, stat.mtime_ns, self._rules, said, in_the_way, len(targets), only, _ENCODE(problems)),
        )

    def remember_articles(self, key: str, articles: Iterable[tuple[str, str, bytes]]) -> None:
        """Content files that came of a raw file: path, digest and report of each."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, '')",
            ((target, key, digest, report) for target, digest, report in articles),
        )

    def articles_after(self, target: str, count: int) -> list[tuple[str, str]]:
        """The next content files that imports wrote, and their digests, in the order of their names."""
        sql = "SELECT target, digest FROM made WHERE target > ? ORDER BY target LIMIT ?"
        return self._connection.execute(sql, (target, count)).fetchall()

    def will_write(self, articles: list[tuple[str, str]]) -> None:
        """Content files, and their digests as they will be: a run that is killed then is not taken for a person."""
        self._connection.executemany(
            "UPDATE made SET next = ? WHERE target = ?", ((digest, target) for target, digest in articles)
        )
        self._connection.commit()

    def has_written(self, articles: Iterable[tuple[str, str]]) -> None:
        """They are written."""
        self._connection.executemany(
            "UPDATE made SET digest = ?, next = '' WHERE target = ?", ((digest, target) for target, digest in articles)
        )
        self._connection.commit()

    def finish_broken_off(self) -> None:
        """What a run that was killed had written already is its work, and not a person's."""
        sql = "SELECT target, next FROM made WHERE next > ''"
        for target, following in self._connection.execute(sql).fetchall():
            with contextlib.suppress(OSError):
                if hashlib.sha256(Path(self._content, target).read_bytes()).hexdigest() == following:
                    self.has_written([(target, following)])

    def commit(self) -> None:
        """Keep what was remembered, whatever happens next."""
        self._connection.commit()

    def articles(self) -> Iterator[ArticleReport]:
        """The report of every article that was ever imported, by content file."""
        yield from map(_REPORT.decode, self.reports())

    def problems(self) -> Iterator[Problem]:
        """What is wrong with raw files as they were imported last, by raw file."""
        sql = "SELECT problems FROM raw WHERE CAST(problems AS TEXT) != '[]' ORDER BY key"
        for (problems,) in self._connection.execute(sql):
            yield from _PROBLEMS.decode(problems)

    def reports(self) -> Iterator[bytes]:
        """The report of every article that was ever imported, as JSON, by content file."""
        for (report,) in self._connection.execute("SELECT report FROM made ORDER BY target"):
            yield report


@contextmanager
def memory_as_it_is(site: Site, rules: str = "") -> Iterator[ImportMemory]:
    """The site's memory of imports, to read, whatever else is at work."""
    with open_state(site.state / "imports.sqlite", _VERSION, _SCHEMA) as connection:
        yield ImportMemory(connection, str(site.content), rules)


@contextmanager
def open_memory(site: Site, rules: str = "") -> Iterator[ImportMemory]:
    """The site's memory of imports. What a run that was killed has left behind is put in order first.

    Only who holds the site's lock may open it.
    """
    with open_state(site.state / "imports.sqlite", _VERSION, _SCHEMA) as connection:
        memory = ImportMemory(connection, str(site.content), rules)
        memory.finish_broken_off()
        try:
            yield memory
        finally:  # a worker may have died, in this run or with one that was killed
            remove_torn(str(site.content))
            remove_torn(str(site.state))


def write_reports(site: Site, file: Path) -> None:
    """The report of every article that was ever imported, one JSON object a line, into a file."""
    with memory_as_it_is(site) as memory, file.open("wb") as out:
        out.writelines(report + b"\n" for report in memory.reports())
