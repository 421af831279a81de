"""How work is mapped over a stream: in this process, or over processes; later over a cluster, same shape."""

import itertools
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Generic, NamedTuple, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_IN_FLIGHT_PER_WORKER = 3


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
def open_mapper(workers: int) -> Iterator[Mapper]:
    """A mapper over `workers` processes; 0 is one for each core, 1 is this process alone.

    The processes start with the first work, and end with the context.
    """
    count = workers or _cores()
    if count == 1:
        yield serial
        return
    pool = _Pool(count)
    try:
        yield pool.map
    finally:
        pool.close()


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut a stream into lists of `size`; the last one may be shorter."""
    source = iter(items)
    while batch := list(itertools.islice(source, size)):
        yield batch


class _Pool:
    """Processes that are replaced when one of them dies."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor: Executor | None = None

    def map(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
        source = iter(items)
        if len(head := list(itertools.islice(source, 2))) < 2:
            # One batch alone is done sooner here than a process starts.
            yield from map(work, head)
            return
        source = itertools.chain(head, source)
        waiting: deque[tuple[Item, Future[Result]]] = deque()
        while True:
            for item in itertools.islice(source, self._count * _IN_FLIGHT_PER_WORKER - len(waiting)):
                waiting.append((item, self._submit(work, item)))
            if not waiting:
                return
            try:
                result = waiting[0][1].result()
            except BrokenProcessPool:
                yield from self._again(work, [item for item, _ in waiting])
                waiting.clear()
            else:
                waiting.popleft()
                yield result

    def _again(self, work: Callable[[Item], Result], items: list[Item]) -> Iterator[Result | Died[Item]]:
        """After a death nobody knows whose work it was: one item at a time, in fresh processes."""
        for item in items:
            self.close()
            try:
                yield self._submit(work, item).result()
            except BrokenProcessPool:
                self.close()
                yield Died(item)

    def _submit(self, work: Callable[[Item], Result], item: Item) -> "Future[Result]":
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._count, mp_context=_context(), initializer=_begin_worker)
        try:
            return self._executor.submit(work, item)
        except BrokenProcessPool:
            self.close()
            return self._submit(work, item)

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


def _begin_worker() -> None:
    """A worker ends with its parent, however that ends; Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> multiprocessing.context.BaseContext:
    # fork starts in milliseconds and shares what is imported, but a process with threads can't be forked safely.
    is_forkable = os.name == "posix" and sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if is_forkable else "spawn")
