"""Processes that are forked: whether that is safe here, and one for a single piece of work."""

import marshal
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def can_fork() -> bool:
    """Whether a process is there in milliseconds, with all that is loaded: a process with threads can't be forked."""
    return os.name == "posix" and sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def meanwhile(work: Callable[[Item], Result], item: Item) -> Iterator[Callable[[], Result]]:
    """Work on one item in a process of its own while this one goes on; what is yielded waits for the result.

    The work is done here, when its result is asked for, where no process can be forked safely or where that one ends
    without a result, which is made of numbers, texts, lists and tuples. A bare fork, since to load what pools are made
    of takes longer than what is gained.
    """
    if not can_fork():
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
            found: Result = marshal.loads(data) if data else work(item)  # noqa: S302 - our own process sent it
            return found

        try:
            yield result
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _send_result(write_end: int, work: Callable[[Item], Result], item: Item) -> NoReturn:
    """In the forked process, which ends without the clean-up that is its parent's."""
    try:
        data = marshal.dumps(work(item))  # type: ignore[arg-type]  # plain values
        with open(write_end, "wb") as answer:
            answer.write(data)
    finally:
        os._exit(0)
