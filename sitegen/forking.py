"""Processes that are forked: whether that is safe here, and one that works beside this one."""

import marshal
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import Generic, NoReturn, TypeVar

from sitegen.mapping import Died

Item = TypeVar("Item")
Result = TypeVar("Result")
_SIZE = 8  # bytes of the number of bytes that follow


def can_fork() -> bool:
    """Whether a process is there in milliseconds, with all that is loaded: a process with threads can't be forked."""
    return os.name == "posix" and sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def meanwhile(work: Callable[[Item], Result], item: Item) -> Iterator[Callable[[], Result]]:
    """Work on one item in a process of its own while this one goes on; what is yielded waits for the result.

    The work is done here, when its result is asked for, where no process can be forked safely or where that one ends
    without a result, which is made of numbers, texts, lists and tuples.
    """
    if not can_fork():
        yield lambda: work(item)
        return
    with _forked(partial(_plain, work, item)) as answer:

        def result() -> Result:
            data = answer()
            found: Result = marshal.loads(data) if data else work(item)  # noqa: S302 - our own process sent it
            return found

        yield result


def work_beside(
    work: Callable[[Item], Result], items: Iterable[Item], begin: Callable[[], None], idle: Callable[[], None]
) -> Iterator[Result | Died[Item]]:
    """Results in the order of the items, from one process that calls `begin` first.

    This one takes in the next item while that one works, and calls `idle` before it waits for the first time. Like
    workers of a pool the process has a second try, and what the work raises is raised here.
    """
    worker: _Worker[Item, Result] | None = None
    source = iter(items)
    waiting = list(islice(source, 1))
    try:
        while waiting:
            item = waiting.pop()
            worker = worker or _Worker(work, begin)
            if not worker.is_busy:
                worker.give(item)
            waiting += islice(source, 1)
            idle()
            idle = _nothing
            result = worker.result()
            if isinstance(result, _Ended):
                worker.end()
                worker = _Worker(work, begin)
                worker.give(item)
                result = worker.result()
            if isinstance(result, _Ended):
                worker.end()
                worker = None
                yield Died(item)
                continue
            if waiting:
                worker.give(waiting[0])
            yield result
    finally:
        if worker:
            worker.end()


def _nothing() -> None:
    pass


class _Ended:
    """In place of a result of a process that ended without one."""


class _Worker(Generic[Item, Result]):
    """A forked process that does one piece of work after the other."""

    def __init__(self, work: Callable[[Item], Result], begin: Callable[[], None]) -> None:
        items, self._items = os.pipe()
        self._results, results = os.pipe()
        self.is_busy = False
        self._child = os.fork()
        if not self._child:
            os.close(self._items)
            os.close(self._results)
            _serve(items, results, work, begin)
        os.close(items)
        os.close(results)
        self._answers = open(self._results, "rb")  # noqa: PTH123, SIM115 - a descriptor, closed in the end

    def give(self, item: Item) -> None:
        """Let it work on an item; it must not be at another one."""
        import pickle  # nothing that a build with nothing to do waits for

        self.is_busy = True
        with suppress(BrokenPipeError):  # it has ended, as its result says
            data = memoryview(_measured(pickle.dumps(item)))
            while data:
                data = data[os.write(self._items, data) :]

    def result(self) -> Result | _Ended:
        """What became of the item."""
        import pickle

        self.is_busy = False
        size = self._answers.read(_SIZE)
        data = self._answers.read(int.from_bytes(size)) if len(size) == _SIZE else b""
        if not data or len(data) < int.from_bytes(size):
            return _Ended()
        result, error = pickle.loads(data)  # noqa: S301 - our own process sent it
        if error:
            raise error
        found: Result = result
        return found

    def end(self) -> None:
        """End the process, whatever it is at."""
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._items)
        self._answers.close()


def _serve(items: int, results: int, work: Callable[[Item], Result], begin: Callable[[], None]) -> NoReturn:
    """In the forked process: work on items until there are no more, or nobody is there to hear of it."""
    try:
        import pickle

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
        begin()
        with open(items, "rb") as source, open(results, "wb") as answers:
            while size := source.read(_SIZE):
                item = pickle.loads(source.read(int.from_bytes(size)))  # noqa: S301 - our own process sent it
                answers.write(_measured(_outcome(work, item)))
                answers.flush()
    finally:
        os._exit(0)


def _measured(data: bytes) -> bytes:
    return len(data).to_bytes(_SIZE) + data


@contextmanager
def _forked(make: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Make bytes in a forked process; what is yielded waits for them, and gives none where it ended before.

    A bare fork, since to load what pools are made of takes longer than most of what is done so.
    """
    read_end, write_end = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.close(read_end)
        _send(write_end, make)
    os.close(write_end)
    is_there = True
    with open(read_end, "rb") as answer:  # noqa: PTH123 - a descriptor

        def result() -> bytes:
            nonlocal is_there
            data = answer.read()
            is_there = False
            return b"" if os.waitpid(child, 0)[1] else data

        try:
            yield result
        finally:
            if is_there:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def _send(write_end: int, make: Callable[[], bytes]) -> NoReturn:
    """In the forked process, which ends without the clean-up that is its parent's."""
    code = 1
    try:
        data = make()
        with open(write_end, "wb") as answer:
            answer.write(data)
        code = 0
    finally:
        os._exit(code)


def _plain(work: Callable[[Item], Result], item: Item) -> bytes:
    return marshal.dumps(work(item))  # type: ignore[arg-type]


def _outcome(work: Callable[[Item], Result], item: Item) -> bytes:
    import pickle

    try:
        return pickle.dumps((work(item), None))
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        import traceback  # nobody plans to be here

        error.add_note(traceback.format_exc())
        return pickle.dumps((None, error))
