"""Work mapped over processes, or over a cluster: executors that are replaced when a worker dies."""

import gc
import itertools
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from functools import partial
from typing import TypeVar

from sitegen.forking import can_fork
from sitegen.limits import limit_worker
from sitegen.mapping import Died

Item = TypeVar("Item")
Result = TypeVar("Result")
_IN_FLIGHT_PER_WORKER = 3
_OBJECTS_A_COLLECTION = 20_000


class Pool:
    """An executor with a bounded window of work in flight.

    `open_executor` makes one, now and whenever its workers died; `deaths` are errors that say so, beside those of
    the standard library.
    """

    def __init__(
        self, count: int, open_executor: Callable[[], Executor], deaths: tuple[type[Exception], ...] = ()
    ) -> None:
        self._deaths: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, *deaths)
        self._window = count * _IN_FLIGHT_PER_WORKER
        self._open = open_executor
        self._executor: Executor | None = None

    def map(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
        """Results in the order of the items."""
        # Executor.map would take in the whole stream before the first result.
        source = iter(items)
        waiting: deque[tuple[Item, Future[Result]]] = deque()
        while True:
            for item in itertools.islice(source, self._window - len(waiting)):
                waiting.append((item, self._submit(work, item)))
            if not waiting:
                return
            try:
                result = waiting[0][1].result()
            except self._deaths:
                yield from self._again(work, [item for item, _ in waiting])
                waiting.clear()
            else:
                waiting.popleft()
                yield result

    def close(self) -> None:
        """End the workers."""
        if self._executor is not None:
            # Where they have died, Python before 3.11.5 waits for ever until this end is closed too: what waits to be
            # written is written for nobody (github.com/python/cpython/issues/94777). Later ones close it themselves.
            if sys.version_info < (3, 11, 5) and (queue := getattr(self._executor, "_call_queue", None)):
                queue._reader.close()
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _again(self, work: Callable[[Item], Result], items: list[Item]) -> Iterator[Result | Died[Item]]:
        """After a death nobody knows whose work it was: one item at a time, in fresh processes."""
        for item in items:
            self.close()
            try:
                yield self._submit(work, item).result()
            except self._deaths:
                self.close()
                yield Died(item)

    def _submit(self, work: Callable[[Item], Result], item: Item) -> "Future[Result]":
        if self._executor is None:
            self._executor = self._open()
        try:
            return self._executor.submit(work, item)
        except BrokenExecutor:
            self.close()
            return self._submit(work, item)


def process_pool(count: int) -> Pool:
    """Processes of this machine, which start with the first work."""
    begin = partial(_begin_worker, count)
    return Pool(count, lambda: ProcessPoolExecutor(count, mp_context=_context(), initializer=begin))


def end_workers() -> None:
    """End the processes of this machine at once, whatever they are at."""
    for worker in multiprocessing.active_children():
        worker.terminate()


def _begin_worker(count: int) -> None:
    """A worker ends with its parent, however that ends; Ctrl-C is the parent's to handle."""
    limit_worker(count)
    # What was there before the first work stays; work makes trees, and hardly ever circles.
    gc.freeze()
    gc.set_threshold(_OBJECTS_A_COLLECTION)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _context() -> multiprocessing.context.BaseContext:
    return multiprocessing.get_context("fork" if can_fork() else "spawn")
