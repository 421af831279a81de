"""Folders of content that are as they were when all that lies in them was in the catalog.

What the file system says of the files of a folder has one digest. Where that is the same, none of them need be looked
for in the catalog, which takes several times as long.
"""

import hashlib
import sqlite3
from operator import attrgetter

import msgspec

from sitegen.content.folder import FileStat, FolderPart

SCHEMA = """
CREATE TABLE folder (path TEXT, part INTEGER, digest BLOB, PRIMARY KEY (path, part)) WITHOUT ROWID;
"""
_ENCODE = msgspec.msgpack.Encoder().encode
_TIME = attrgetter("mtime_ns")


class KnownFolders:
    """What one scan knows of folders, and learns of them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._known: dict[tuple[str, int], bytes] | None = None  # those that are not met yet; None before the first
        self._new: dict[tuple[str, int], bytes] = {}
        self._waiting: dict[tuple[str, int, int], tuple[str, int]] = {}  # files that are not in the catalog yet

    def meet(self, part: FolderPart, racy_since: int) -> bool:
        """Whether its files are those that are in the catalog, and none was changed so late that it must be read again.

        If not, `learn` and `put` are to be told of those that are read.
        """
        key = part.folder, part.part
        before = self._not_met().pop(key, None)
        digest = hashlib.blake2b(_ENCODE(part.files), digest_size=16).digest()
        if digest == before and max(map(_TIME, part.files)) < racy_since:
            return True
        if before:  # from here on others are put into the catalog
            self._db.execute("DELETE FROM folder WHERE path = ? AND part = ?", key)
        self._new[key] = digest
        return False

    def learn(self, part: FolderPart, file: FileStat) -> None:
        """A file of this part is about to be read."""
        self._waiting[file] = part.folder, part.part

    def put(self, file: tuple[str, int, int]) -> None:
        """A file is in the catalog: its path, size and time."""
        self._waiting.pop(file, None)

    def finish(self) -> None:
        """Keep what was learnt in a scan that has met every file."""
        self._db.executemany("DELETE FROM folder WHERE path = ? AND part = ?", self._not_met())
        whole = self._new.keys() - set(self._waiting.values())
        rows = ((*key, self._new[key]) for key in sorted(whole))
        self._db.executemany("INSERT INTO folder VALUES (?, ?, ?)", rows)

    def _not_met(self) -> dict[tuple[str, int], bytes]:
        if self._known is None:
            rows = self._db.execute("SELECT path, part, digest FROM folder")
            self._known = {(path, number): digest for path, number, digest in rows}
        return self._known
