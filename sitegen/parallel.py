"""Who does the work that is mapped over a stream: this process, several, or a cluster."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sitegen.forking import can_fork, work_beside
from sitegen.limits import limit_worker
from sitegen.mapping import Died, Mapper, serial

if TYPE_CHECKING:
    from sitegen.pool import Pool

Item = TypeVar("Item")
Result = TypeVar("Result")
_FEW = 3  # items that are done before a pool is


@contextmanager
def open_mapper(workers: int, scheduler: str = "", idle: Callable[[], None] = lambda: None) -> Iterator[Mapper]:
    """A mapper over `workers` processes; 0 is one for each core, 1 is this process alone.

    The processes start with the first work, and end with the context. With the address of a Dask
    `scheduler` its workers do the work. `idle` may be called while this process would only wait.
    """
    if scheduler:
        from sitegen.cluster import cluster_pool  # an extra

        with cluster_pool(scheduler) as pool:
            yield pool.map
        return
    if workers == 1:
        yield serial
        return
    lazy = _Lazy(workers or _cores(), idle)
    try:
        yield lazy.map
    except BaseException:
        lazy.abandon()
        raise
    finally:
        lazy.close()


class _Lazy:
    """A pool that is there once there is work for it."""

    def __init__(self, count: int, idle: Callable[[], None]) -> None:
        self._count, self._idle = count, idle
        self._pool: Pool | None = None

    def map(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
        source = iter(items)
        if self._pool is None:
            # A single process is there sooner than a pool, and for little work it is enough; so is this one, which
            # has what others would have to load where none can be forked.
            few = itertools.islice(source, _FEW)
            beside = partial(work_beside, begin=partial(limit_worker, 1), idle=self._idle)
            yield from beside(work, few) if can_fork() else map(work, few)
        if head := list(itertools.islice(source, 1)):
            if self._pool is None:
                from sitegen.pool import process_pool  # even to load it takes time

                self._pool = process_pool(self._count)
            yield from self._pool.map(work, itertools.chain(head, source))

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
