"""Whether a process may be forked here, and one for a single piece of work."""

import marshal
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NoReturn, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def can_fork() -> bool:
    """Whether a process is there in milliseconds, with all that is loaded: a process with threads can't be forked."""
    return os.name == "posix" and sys.platform == "linux" and threading.active_count() == 1


def fork() -> int:
    """`os.fork`; Ctrl-C is the parent's to handle, and comes when it is done: what it raises within would be lost."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


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


@contextmanager
def _forked(make: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Make bytes in a forked process; what is yielded waits for them, and gives none where it ended before.

    A bare fork, since to load what pools are made of takes longer than most of what is done so.
    """
    read_end, write_end = os.pipe()
    sys.stdout.flush()
    child = fork()
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
