"""Whether the files of the last build still lie where it put them."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from pathlib import Path

from sitegen.forking import meanwhile

_SMALL = 1 << 20  # bytes of a record, of some 2,000 files, that is looked through sooner than a process is there

LookedOver = tuple[int, list[str]]
"""The number of recorded files, and paths of those that are missing, or whose size somebody else changed."""


@contextmanager
def looked_over(record: Path, output: Path, workers: int) -> Iterator[Callable[[], LookedOver]]:
    """Look for the files of a `record` that are not in place; what is yielded waits for them, once.

    That is done while this process goes on, unless one alone is wanted or the files are few.
    """
    look = partial(_look_over, record)
    if workers == 1 or not _is_large(record):
        yield cache(partial(look, str(output)))
        return
    with meanwhile(look, str(output)) as found:
        yield cache(found)


def _is_large(record: Path) -> bool:
    try:
        return record.stat().st_size >= _SMALL
    except OSError:
        return False


def _look_over(record: Path, output: str) -> LookedOver:
    # Whoever goes on need not wait for this to be loaded.
    import sqlite3

    from sitegen.outputs.build_record import recorded_sizes

    count, gone = 0, list[str]()
    # A connection must not be carried into another process.
    with (
        closing(sqlite3.connect(f"{record.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection,
        _size_in(output) as size_of,
    ):
        for path, size in recorded_sizes(connection):
            count += 1
            if size_of(path) != size:
                gone.append(path)
    return count, gone


@contextmanager
def _size_in(folder: str) -> Iterator[Callable[[str], int]]:
    """The sizes of files in a folder, -1 for those that are not there. A hot path: no Path per file.

    The folder is held open, so that the system need not go all the way to it for each file.
    """
    top = None
    with suppress(OSError):
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY) if os.stat in os.supports_dir_fd else None

    def size_of(path: str) -> int:
        try:
            return os.stat(f"{folder}/{path}" if top is None else path, dir_fd=top).st_size
        except OSError:
            return -1

    try:
        yield size_of
    finally:
        if top is not None:
            os.close(top)
