"""Who does the work that is mapped over a stream: this process, several, or a cluster."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sitegen.forking import can_fork
from sitegen.mapping import Died, Mapper, serial

if TYPE_CHECKING:
    from sitegen.pool import Pool

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def open_mapper(workers: int, scheduler: str = "") -> Iterator[Mapper]:
    """A mapper over `workers` processes; 0 is one for each core, 1 is this process alone.

    The processes start with the first work, and end with the context. With the address of a Dask
    `scheduler` its workers do the work.
    """
    if scheduler:
        from sitegen.cluster import cluster_pool  # an extra

        with cluster_pool(scheduler) as pool:
            yield pool.map
        return
    if workers == 1:
        yield serial
        return
    lazy = _Lazy(workers or _cores())
    try:
        yield lazy.map
    except BaseException:
        lazy.abandon()
        raise
    finally:
        lazy.close()


class _Lazy:
    """A pool that is there once there is work for it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: Pool | None = None
        self._size = 0

    def map(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
        source = iter(items)
        if not (head := list(itertools.islice(source, 2))):
            return iter(())
        if len(head) == 1 and not self._pool and not can_fork():
            # One batch alone is done sooner here than a process starts.
            return map(work, head)
        return self._pool_for(len(head)).map(work, itertools.chain(head, source))

    def _pool_for(self, items: int) -> "Pool":
        """The pool: of one process as long as there was no work for more."""
        from sitegen.pool import process_pool  # even to load it takes time

        wanted = 1 if items == 1 else self._count
        if self._pool is None or self._size < wanted:
            self.close()
            self._pool, self._size = process_pool(wanted), wanted
        return self._pool

    def abandon(self) -> None:
        """Nobody waits for the work any more: its workers need not finish it."""
        if self._pool is not None:
            from sitegen.pool import end_workers

            end_workers()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
