"""SQLite files that sitegen remembers things in, and that can be thrown away at any time."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.model import Location, Problem, SiteError

_JOURNAL_BYTES = 1 << 20  # that stay on the disk between commits


@contextmanager
def open_state(path: Path, version: int, schema: str, *, is_disposable: bool = False) -> Iterator[sqlite3.Connection]:
    """The database in the file `path`, closed in the end; what was not committed is lost.

    A missing file, a damaged one, or one of another version is made anew with `schema`. So is one that is disposable
    and was open when the machine went down: nobody waits for the disk, so what is in it then may be anything. Raises
    SiteError when the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = path.with_name(path.name + ".open")
    if is_disposable and _was_cut_off(mark):
        _remove(path)
    try:
        connection = _prepare(path, version, schema)
    except sqlite3.DatabaseError:
        _remove(path)
        try:
            connection = _prepare(path, version, schema)
        except sqlite3.OperationalError as error:
            raise _unwritable(path, error) from error
    try:
        if is_disposable:
            mark.write_text(_boot(), "utf-8")
        yield connection
    except sqlite3.OperationalError as error:
        raise _unwritable(path, error) from error
    finally:
        has_changed = connection.total_changes > 0
        connection.close()
        if is_disposable:
            if has_changed:
                _sync(path)
            mark.unlink(missing_ok=True)


@contextmanager
def attached(
    connection: sqlite3.Connection, path: Path, version: int, schema: str, goes_together: str
) -> Iterator[None]:
    """The database in the file `path`, as `bulk` beside the disposable one of a connection: for what is long.

    It is written straight to its place and not to a log first, in larger pages. A missing file, a damaged one, one of
    another version, and one for which the query `goes_together` has no true answer are made anew with `schema`. What
    is committed is committed in both; a process that is killed meanwhile may leave it in one alone.
    """
    try:
        _attach(connection, path, version, schema, goes_together)
    except sqlite3.DatabaseError:
        with contextlib.suppress(sqlite3.OperationalError):  # it may have been refused at once
            connection.execute("DETACH bulk")
        _remove(path)
        _attach(connection, path, version, schema, goes_together)
    before = connection.total_changes
    try:
        yield
    finally:
        if connection.total_changes > before:
            _sync(path)


def _attach(connection: sqlite3.Connection, path: Path, version: int, schema: str, goes_together: str) -> None:
    connection.execute("ATTACH ? AS bulk", (str(path),))
    connection.execute("PRAGMA bulk.page_size = 16384")
    connection.execute("PRAGMA bulk.cache_size = -256")  # nobody looks twice
    connection.execute("PRAGMA bulk.journal_mode = PERSIST")
    connection.execute(f"PRAGMA bulk.journal_size_limit = {_JOURNAL_BYTES}")
    connection.execute("PRAGMA bulk.secure_delete = OFF")
    connection.execute("PRAGMA bulk.synchronous = OFF")
    found, count, size = (
        connection.execute(f"PRAGMA bulk.{word}").fetchone()[0] for word in ("user_version", "page_count", "page_size")
    )
    if not count:
        connection.executescript(f"BEGIN; {schema} PRAGMA bulk.user_version = {version}; COMMIT;")
    elif found != version or count * size != path.stat().st_size or not connection.execute(goes_together).fetchone()[0]:
        raise sqlite3.DatabaseError("of another version, cut off, or of another time")


def _unwritable(path: Path, error: sqlite3.OperationalError) -> SiteError:
    place = Location(path.parent.name)
    return SiteError(Problem(place, "state", f"can't be written: {error}", "make room on the disk", partly=True))


def _was_cut_off(mark: Path) -> bool:
    """Whether the database was open when the machine went down; a process that was killed does no harm to it."""
    try:
        return mark.read_text("utf-8") != _boot()
    except FileNotFoundError:
        return False


def _boot() -> str:
    """A word that is another one each time the machine starts; "" where there is none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _sync(path: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _prepare(path: Path, version: int, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        # All of it can be made again, so the disk need not be waited for.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        # Some systems have SQLite write zeros over what is deleted; nothing here is secret.
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("PRAGMA temp_store = FILE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, version):
            raise sqlite3.DatabaseError("another version")
        if found == 0:
            connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {version}; COMMIT;")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    except UnicodeDecodeError as error:  # names of what is in it
        connection.close()
        raise sqlite3.DatabaseError("damaged") from error
    return connection
