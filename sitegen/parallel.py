"""Who does the work that is mapped over a stream: this process, several, or a cluster."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sitegen.mapping import Died, Mapper, serial

if TYPE_CHECKING:
    from sitegen.pool import Pool

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def open_mapper(workers: int, scheduler: str = "") -> Iterator[Mapper]:
    """A mapper over `workers` processes; 0 is one for each core, 1 is this process alone.

    The processes start with the first work that is worth it, and end with the context. With the address of a Dask
    `scheduler` its workers do the work.
    """
    if scheduler:
        from sitegen.cluster import cluster_pool  # an extra

        with cluster_pool(scheduler) as pool:
            yield pool.map
        return
    count = workers or _cores()
    if count == 1:
        yield serial
        return
    lazy = _Lazy(count)
    try:
        yield lazy.map
    finally:
        lazy.close()


class _Lazy:
    """A pool that is there once there is work for it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: Pool | None = None

    def map(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
        source = iter(items)
        if len(head := list(itertools.islice(source, 2))) < 2:
            # One batch alone is done sooner here than a process starts.
            return map(work, head)
        if self._pool is None:
            from sitegen.pool import process_pool  # even to load it takes time

            self._pool = process_pool(self._count)
        return self._pool.map(work, itertools.chain(head, source))

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
