"""Who does the work that is mapped over a stream: this process, several, or a cluster."""

import itertools
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, TypeVar

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


@contextmanager
def meanwhile(work: Callable[[Item], Result], item: Item) -> Iterator[Callable[[], Result]]:
    """Work on one item in a process of its own while this one goes on; what is yielded waits for the result.

    The work is done here, when its result is asked for, where no process can be forked safely or where that one ends
    without a result. A bare fork, since to load what pools are made of takes longer than what is gained.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        yield lambda: work(item)
        return
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        _send_result(write_end, work, item)
    os.close(write_end)
    with open(read_end, "rb") as answer:  # noqa: PTH123 - a descriptor

        def result() -> Result:
            data = answer.read()
            found: Result = pickle.loads(data) if data else work(item)  # noqa: S301 - our own process sent it
            return found

        try:
            yield result
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _send_result(write_end: int, work: Callable[[Item], Result], item: Item) -> NoReturn:
    """In the forked process, which ends without the clean-up that is its parent's."""
    try:
        data = pickle.dumps(work(item))
        with open(write_end, "wb") as answer:
            answer.write(data)
    finally:
        os._exit(0)


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
        # Even to load it takes time.
        from sitegen.pool import can_fork

        if len(head) == 1 and not self._pool and not can_fork():
            # One batch alone is done sooner here than a process starts.
            return map(work, head)
        return self._pool_for(len(head)).map(work, itertools.chain(head, source))

    def _pool_for(self, items: int) -> "Pool":
        """The pool: of one process as long as there was no work for more."""
        from sitegen.pool import process_pool

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
