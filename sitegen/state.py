"""SQLite files that sitegen remembers things in, and that can be thrown away at any time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_state(path: Path, version: int, schema: str) -> Iterator[sqlite3.Connection]:
    """The database in the file `path`, closed in the end; what was not committed is lost.

    A missing file, a damaged one, or one of another version is made anew with `schema`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = _prepare(path, version, schema)
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        connection = _prepare(path, version, schema)
    try:
        yield connection
    finally:
        connection.close()


def _prepare(path: Path, version: int, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        # All of it can be made again, so the disk need not be waited for.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = FILE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, version):
            raise sqlite3.DatabaseError("another version")
        if found == 0:
            connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {version}; COMMIT;")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
