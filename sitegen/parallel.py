"""How work is mapped over a stream: in this process, or over processes; later over a cluster, same shape."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from sitegen.pool import Pool

Item = TypeVar("Item")
Result = TypeVar("Result")


class Died(NamedTuple, Generic[Item]):
    """Stands in for a result: the worker that had this item alone ended without one."""

    item: Item


class Mapper(Protocol):
    """Maps a module-level function over a stream, results in order; takes in only a few items ahead."""

    def __call__(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> "Iterator[Result | Died[Item]]":
        """Results in the order of the items; Died for an item that kills its worker, alone too."""


def serial(work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
    """Map in this process."""
    return map(work, items)


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


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut a stream into lists of `size`; the last one may be shorter."""
    source = iter(items)
    while batch := list(itertools.islice(source, size)):
        yield batch


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
