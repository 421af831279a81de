"""Whether the files of the last build still lie where it put them."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sitegen.forking import meanwhile
from sitegen.outputs.build_record import BuildRecord, recorded_sizes
from sitegen.outputs.tree import is_in_place

_FEW = 2_000  # files that are looked at sooner than a process is there

LookedOver = tuple[int, list[str]]
"""The number of recorded files, and paths of those that are missing, or whose size somebody else changed."""


@contextmanager
def looked_over(record: BuildRecord, file: Path, output: Path, workers: int) -> Iterator[Callable[[], LookedOver]]:
    """Look for recorded files that are not in place; what is yielded waits for them.

    That is done while this process goes on, unless one alone is wanted or the files are few. `file` holds the record.
    """
    if workers == 1 or not record.has_more_than(_FEW):
        yield lambda: _look_over(record.sizes(), str(output))
        return
    with meanwhile(partial(_look_over_in, file), str(output)) as found:
        yield found


def _look_over_in(file: Path, output: str) -> LookedOver:
    # A connection must not be carried into another process.
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return _look_over(recorded_sizes(connection), output)


def _look_over(sizes: Iterable[tuple[str, int]], output: str) -> LookedOver:
    count, gone = 0, list[str]()
    for path, size in sizes:
        count += 1
        if not is_in_place(output, path, size):
            gone.append(path)
    return count, gone
