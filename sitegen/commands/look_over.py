"""Whether the files of the last build still lie where it put them."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from sitegen.forking import meanwhile
from sitegen.places import BUILD_STATE, CONFIG_FILE, OUTPUT_FOLDER, RECORD_FILE, STATE_FOLDER

_SMALL = 1 << 20  # bytes of a record, of some 2,000 files, that is looked through sooner than a process is there

LookedOver = Callable[[], list[str]]
"""Waits for the paths of recorded files that are missing, or whose size somebody else changed."""

LookedAhead = Callable[[], tuple[str, list[str]]]
"""Waits for the same, with the output folder that was looked over; "" for none."""


@contextmanager
def looked_ahead(folder: Path) -> Iterator[LookedAhead | None]:
    """Begin to look over the output of the site in a folder, before anything else is loaded; None where that can wait.

    Another build may be at work there. What it changes meanwhile is in its record, so the worst that can come of this
    is that files are made once more.
    """
    if not _is_large(folder / STATE_FOLDER / BUILD_STATE / RECORD_FILE):
        yield None
        return
    with meanwhile(_look_ahead, str(folder)) as found:
        yield found


def looked_over(record: Path, output: Path, ahead: LookedAhead | None = None) -> LookedOver:
    """Look for the files of a `record` that are not in place, once; that was done `ahead` if it was of this folder."""

    @cache
    def found() -> list[str]:
        folder, gone = ahead() if ahead else ("", [])
        return gone if folder == str(output) else _look_over(record, str(output))

    return found


def _is_large(record: Path) -> bool:
    try:
        return record.stat().st_size >= _SMALL
    except OSError:
        return False


def _look_ahead(folder: str) -> tuple[str, list[str]]:
    import tomllib

    site = Path(folder)
    try:
        table = tomllib.loads((site / CONFIG_FILE).read_text("utf-8"))
        workers, name = table.get("build", {}).get("workers"), table.get("paths", {}).get("output", OUTPUT_FOLDER)
        output = str(site / name)
    except (OSError, ValueError, AttributeError, TypeError):  # whoever reads the configuration tells what is wrong
        return "", []
    if workers == 1:
        return "", []
    return output, _look_over(site / STATE_FOLDER / BUILD_STATE / RECORD_FILE, output)


def _look_over(record: Path, output: str) -> list[str]:
    # Whoever goes on need not wait for this to be loaded.
    import sqlite3

    from sitegen.outputs.recorded_sizes import recorded_sizes

    # A connection must not be carried into another process.
    with (
        closing(sqlite3.connect(f"{record.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection,
        _size_in(output) as size_of,
    ):
        return [path for path, size in recorded_sizes(connection) if size_of(path) != size]


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
