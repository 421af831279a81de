"""Which items and which names of an export are taken, in a database that grows on disk and vanishes."""

import sqlite3

from sitegen.importers.wordpress.wxr import WxrItem


class Taken:
    """Items by number and targets by path, of an export that is on its way."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.executescript(
            """
            PRAGMA journal_mode = OFF;
            BEGIN;
            CREATE TABLE target (path TEXT PRIMARY KEY);
            CREATE TABLE taken (id TEXT PRIMARY KEY, part INTEGER, digest TEXT) WITHOUT ROWID;
            """
        )

    def close(self) -> None:
        """Nothing of it is left then."""
        self._rows.close()

    def is_new(self, item: WxrItem, part: int) -> bool:
        """Whether no earlier part had an item of this number, and no place of this one the very same."""
        if not item.id:
            return True
        insert = "INSERT OR IGNORE INTO taken VALUES (?, ?, ?)"
        if self._rows.execute(insert, (item.id, part, item.digest)).rowcount:
            return True
        known = self._rows.execute("SELECT part, digest FROM taken WHERE id = ?", (item.id,)).fetchone()
        return known is not None and known[0] == part and known[1] != item.digest

    def claim(self, path: str) -> bool:
        """Whether a target is still free; it is taken then."""
        return self._rows.execute("INSERT OR IGNORE INTO target VALUES (?)", (path.casefold(),)).rowcount > 0
