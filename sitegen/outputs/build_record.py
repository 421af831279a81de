"""What was built from what: a fingerprint for every file of the output tree, on disk in SQLite."""

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.model import OutputFile, Problem
from sitegen.state import open_state

_VERSION = 1
_ENCODE = msgspec.msgpack.Encoder().encode
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_SCHEMA = """
CREATE TABLE output (
    path TEXT PRIMARY KEY, fingerprint TEXT, digest TEXT, size INTEGER
) WITHOUT ROWID;
CREATE TABLE problem (path TEXT PRIMARY KEY, problems BLOB) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


class Claim(NamedTuple):
    """A page that wants its path."""

    path: str
    fingerprint: str
    source: str  # what to name when two want the same


class Clash(NamedTuple):
    """Two claims on one path, told apart by neither case nor Unicode form."""

    path: str
    source: str
    other_path: str
    other_source: str


class Built(NamedTuple):
    """What the record knows of a claimed path."""

    is_fresh: bool  # made from the very same things
    file: OutputFile | None  # as it was written last


class BuildRecord:
    """The record of one output tree. A claim counts only once its file is confirmed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.execute("CREATE TEMP TABLE claim (folded TEXT PRIMARY KEY, path TEXT, source TEXT) WITHOUT ROWID")

    def claim(self, claim: Claim) -> Built | Clash:
        """Fresh or stale, or the earlier claim that it clashes with."""
        folded = _folded(claim.path)
        if in_the_way := self._in_the_way(folded):
            return Clash(claim.path, claim.source, *in_the_way)
        try:
            self._db.execute("INSERT INTO claim VALUES (?, ?, ?)", (folded, claim.path, claim.source))
        except sqlite3.IntegrityError:
            path, source = self._db.execute("SELECT path, source FROM claim WHERE folded = ?", (folded,)).fetchone()
            return Clash(claim.path, claim.source, path, source)
        row = self._db.execute("SELECT fingerprint, digest, size FROM output WHERE path = ?", (claim.path,)).fetchone()
        if row is None:
            return Built(False, None)
        return Built(row[0] == claim.fingerprint, OutputFile(claim.path, row[1], row[2]))

    def _in_the_way(self, folded: str) -> tuple[str, str] | None:
        """A claimed file where this path needs a folder, or claimed files below it."""
        folder, _, name = folded.rpartition("/")
        # Our own folders have no full stop in their names and our own pages are index.html: only what comes
        # from outside, aliases and media, can be a file and a folder at once.
        while folder and ("." in folder or folder.startswith("media/")):
            row = self._db.execute("SELECT path, source FROM claim WHERE folded = ?", (folder,)).fetchone()
            if row:
                return row[0], row[1]
            folder = folder.rpartition("/")[0]
        if name == "index.html" and folded != name:
            return None
        sql = "SELECT path, source FROM claim WHERE folded > ? AND folded < ? LIMIT 1"
        row = self._db.execute(sql, (folded + "/", folded + "0")).fetchone()
        return (row[0], row[1]) if row else None

    def confirm(self, fingerprint: str, file: OutputFile) -> None:
        """Note a file that was written, and the fingerprint of what it was made of."""
        values = (file.path, fingerprint, file.digest, file.size)
        self._db.execute("INSERT OR REPLACE INTO output VALUES (?, ?, ?, ?)", values)

    def keep_problems(self, path: str, problems: Sequence[Problem]) -> None:
        """Remember what is wrong with a page, in place of what was; "" stands for the site as a whole."""
        self._db.execute("DELETE FROM problem WHERE path = ?", (path,))
        if problems:
            self._db.execute("INSERT INTO problem VALUES (?, ?)", (path, _ENCODE(problems)))

    def problems(self) -> list[Problem]:
        """All remembered problems, by path of the page."""
        rows = self._db.execute("SELECT problems FROM problem ORDER BY path")
        return [problem for (blob,) in rows for problem in _PROBLEMS.decode(blob)]

    def unclaimed(self) -> list[str]:
        """Paths that were written once and that no page claims now."""
        sql = "SELECT path FROM output WHERE path NOT IN (SELECT path FROM claim) ORDER BY path"
        return [path for (path,) in self._db.execute(sql)]

    def forget(self, paths: Iterable[str]) -> None:
        """Drop files from the record."""
        for path in paths:
            self._db.execute("DELETE FROM output WHERE path = ?", (path,))
            self._db.execute("DELETE FROM problem WHERE path = ?", (path,))

    def output_files(self) -> Iterator[OutputFile]:
        """All recorded files by path, in the order of their UTF-8 bytes."""
        return (OutputFile(*row) for row in self._db.execute("SELECT path, digest, size FROM output ORDER BY path"))

    def count(self) -> int:
        """Number of recorded files."""
        return int(self._db.execute("SELECT count(*) FROM output").fetchone()[0])

    def find(self, path: str) -> OutputFile | None:
        """The recorded file of that path."""
        row = self._db.execute("SELECT path, digest, size FROM output WHERE path = ?", (path,)).fetchone()
        return OutputFile(*row) if row else None

    def is_empty(self) -> bool:
        """Whether nothing was ever recorded, or the record was lost."""
        return self._db.execute("SELECT 1 FROM output LIMIT 1").fetchone() is None

    def get_meta(self, key: str) -> str:
        """A remembered word; "" if there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Remember a word."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def commit(self) -> None:
        """Make what was confirmed last."""
        self._db.commit()


@contextmanager
def open_build_record(path: Path) -> Iterator[BuildRecord]:
    """The record kept in the file `path`; an empty one where it is missing, damaged or of another version."""
    with open_state(path, _VERSION, _SCHEMA) as connection:
        yield BuildRecord(connection)


def _folded(path: str) -> str:
    """What macOS, Windows and some hosts take for the same path."""
    return path if path.isascii() and path.islower() else unicodedata.normalize("NFC", path).casefold()
