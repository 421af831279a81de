"""Who does the work that is mapped over a stream: this process, several, or a cluster."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sitegen.beside import Beside
from sitegen.forking import can_fork
from sitegen.mapping import Died, Mapper, serial

if TYPE_CHECKING:
    from sitegen.pool import Pool

Item = TypeVar("Item")
Result = TypeVar("Result")
_FEW = 3  # items that are done before a pool is


@contextmanager
def open_mapper(
    workers: int,
    scheduler: str = "",
    first: Beside | None = None,
    idle: Callable[[], None] = lambda: None,
    before_pool: Callable[[], None] = lambda: None,
) -> Iterator[Mapper]:
    """A mapper over `workers` processes; 0 is one for each core, 1 is this process alone.

    The processes start with the first work, and end with the context; the one that is to be the `first` starts now.
    With the address of a Dask `scheduler` its workers do the work. `idle` may be called while others work,
    and `before_pool` before all of them are there, which then need not load what it loads.
    """
    if scheduler:
        from sitegen.cluster import cluster_pool  # an extra

        with cluster_pool(scheduler) as pool:
            yield pool.map
        return
    if workers == 1:
        yield serial
        return
    if first:
        first.start()
    lazy = _Lazy(workers or _cores(), first or Beside(), idle, before_pool)
    try:
        yield lazy.map
    except BaseException:
        lazy.abandon()
        raise
    finally:
        lazy.close()


class _Lazy:
    """A pool that is there once there is work for it."""

    def __init__(self, count: int, first: Beside, idle: Callable[[], None], before_pool: Callable[[], None]) -> None:
        self._count, self._first, self._idle, self._before_pool = count, first, idle, before_pool
        self._pool: Pool | None = None

    def map(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
        source = iter(items)
        if self._pool is None:
            # A single process is there sooner than a pool, and for little work it is enough; so is this one, which
            # has what others would have to load where none can be forked.
            few = self._few(source)
            yield from self._first.map(work, few, self._idle) if can_fork() else map(work, few)
        if head := list(itertools.islice(source, 1)):
            if self._pool is None:
                from sitegen.pool import process_pool

                self._pool = process_pool(self._count)
            yield from self._pool.map(work, itertools.chain(head, source))

    def _few(self, source: Iterator[Item]) -> Iterator[Item]:
        """The first items. With the last one, while others work, what a pool needs is loaded, which takes time."""
        yield from itertools.islice(source, _FEW - 1)
        for item in itertools.islice(source, 1):
            import sitegen.pool  # noqa: F401

            self._before_pool()
            yield item

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
