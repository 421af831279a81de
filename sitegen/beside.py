"""A process that works beside this one: for little work it is there sooner than a pool."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NoReturn, TypeVar

from sitegen.forking import can_fork, fork
from sitegen.limits import limit_worker
from sitegen.mapping import Died

Item = TypeVar("Item")
Result = TypeVar("Result")
_Work = tuple[Callable[[Any], Any], Any]
_SIZE = 8  # bytes of the number of bytes that follow
_ROOM = 1 << 20  # bytes of work that wait: as many as the system lets anybody have
_ended: list[int] = []  # processes that nobody has waited for: to give back their memory takes them a while


def _nothing() -> None:
    pass


class Beside:
    """One forked process, which calls `begin` first. It is there with the first work, or before if it is asked to."""

    def __init__(self, begin: Callable[[], None] = _nothing) -> None:
        self._begin = begin
        self._ready: _Worker | None = None

    def start(self) -> None:
        """Have it there before there is work, where a process can be forked safely."""
        if self._ready is None and can_fork():
            self._ready = _Worker(self._begin)
            self._ready.start()

    def map(
        self, work: Callable[[Item], Result], items: Iterable[Item], idle: Callable[[], None] = _nothing
    ) -> Iterator[Result | Died[Item]]:
        """Results in the order of the items; the process ends after the last one.

        This one takes in the next item while that one works, and calls `idle` when that one is at the first. Like
        workers of a pool the process has a second try, and what the work raises is raised here.
        """
        worker = self._ready or _Worker(self._begin)
        self._ready = None
        source = iter(items)
        waiting = list(islice(source, 1))
        try:
            while waiting:
                item = waiting.pop()
                worker.give(work, item)
                idle()
                idle = _nothing
                waiting += islice(source, 1)
                result = worker.result(work, item)
                if waiting:
                    worker.give(work, waiting[0])
                yield result
        finally:
            worker.close()

    def close(self) -> None:
        """End a process that has had no work, and wait for those that are ending."""
        if self._ready:
            self._ready.close()
            self._ready = None
        while _ended:
            os.waitpid(_ended.pop(), 0)


class _Worker:
    """A forked process that does one piece of work after the other, and another in its place when it has ended."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self._begin = begin
        self._process: _Process | None = None

    def start(self) -> None:
        """Have the process there."""
        self._process = self._process or _Process(self._begin)

    def give(self, work: Callable[[Item], Any], item: Item) -> "_Process":
        """Let it work on an item, unless it is at it."""
        if self._process is None:
            self._process = _Process(self._begin, (work, item))
        elif not self._process.is_busy:
            self._process.give(work, item)
        return self._process

    def result(self, work: Callable[[Item], Result], item: Item) -> Result | Died[Item]:
        """What became of the item; raises what the work raised."""
        for _ in range(2):
            try:
                result: Result = self.give(work, item).result()
            except _EndedError:
                self.close()
            else:
                return result
        return Died(item)

    def close(self) -> None:
        """End it, whatever it is at."""
        if self._process:
            self._process.end()
            self._process = None


class _EndedError(Exception):
    """A process ended without a result."""


class _Process:
    """A forked process that does one piece of work after the other.

    It is born with the first one if that is there: nothing need be loaded then that tells it.
    """

    def __init__(self, begin: Callable[[], None], first: _Work | None = None) -> None:
        items, self._items = os.pipe()
        self._results, results = os.pipe()
        with suppress(OSError, AttributeError):  # so that whoever gives work need not wait until it is read
            fcntl.fcntl(self._items, fcntl.F_SETPIPE_SZ, _ROOM)
        self.is_busy = first is not None
        self._child = fork()
        if not self._child:
            os.close(self._items)
            os.close(self._results)
            _serve(items, results, begin, first)
        os.close(items)
        os.close(results)
        self._answers = open(self._results, "rb")  # noqa: PTH123, SIM115 - a descriptor, closed in the end

    def give(self, work: Callable[[Item], Any], item: Item) -> None:
        """Let it work on an item; it must not be at another one."""
        import pickle  # nothing that a build with nothing to do waits for

        self.is_busy = True
        with suppress(BrokenPipeError):  # it has ended, as its result says
            data = memoryview(_measured(pickle.dumps((work, item))))
            while data:
                data = data[os.write(self._items, data) :]

    def result(self) -> Any:
        """What became of the item; raises what its work raised, or _EndedError."""
        import pickle

        self.is_busy = False
        size = self._answers.read(_SIZE)
        data = self._answers.read(int.from_bytes(size)) if len(size) == _SIZE else b""
        if not data or len(data) < int.from_bytes(size):
            raise _EndedError
        result, error = pickle.loads(data)  # noqa: S301 - our own process sent it
        if error:
            raise error
        return result

    def end(self) -> None:
        """End the process, whatever it is at."""
        os.kill(self._child, signal.SIGKILL)
        _ended.append(self._child)
        os.close(self._items)
        self._answers.close()


def _serve(items: int, results: int, begin: Callable[[], None], first: _Work | None) -> NoReturn:
    """In the forked process: work on items until there are no more, or nobody is there to hear of it."""
    try:
        limit_worker(1)
        begin()
        import pickle

        with open(items, "rb") as source, open(results, "wb") as answers:
            if first:
                answers.write(_measured(_outcome(*first)))
                answers.flush()
            while size := source.read(_SIZE):
                work, item = pickle.loads(source.read(int.from_bytes(size)))  # noqa: S301 - our parent sent it
                answers.write(_measured(_outcome(work, item)))
                answers.flush()
    finally:
        os._exit(0)


def _measured(data: bytes) -> bytes:
    return len(data).to_bytes(_SIZE) + data


def _outcome(work: Callable[[Item], Any], item: Item) -> bytes:
    import pickle

    try:
        return pickle.dumps((work(item), None))
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        import traceback  # nobody plans to be here

        error.add_note(traceback.format_exc())
        return pickle.dumps((None, error))
