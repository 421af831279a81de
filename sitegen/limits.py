"""What a worker may take. One that takes more ends or fails, and that costs the piece of work that it had, no other."""

import math
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

_MAX_ADDRESSES = 6 << 30  # bytes, of which a library may set aside more than it ever uses
_LEAST_DATA, _MOST_DATA = 1 << 30, 4 << 30  # bytes that are really written to
_TICK = 0.05  # seconds of computing
_worker_has_begun = False
_is_interruptible = False
_ticks_left = 0  # of what is to be done in time; 0: nothing is


class Overdue(BaseException):
    """Something took longer than it may; nothing on its way up takes it for a fault of its own."""


@contextmanager
def interruptible() -> Iterator[None]:
    """While it lasts, what is not done `in_time` ends; only a process's main thread can be interrupted.

    For many pieces of work at once: a timer of its own for each takes as long as a thirtieth of a page.
    """
    global _is_interruptible
    if (
        _is_interruptible
        or not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _count)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TICK, _TICK)
    _is_interruptible = True
    try:
        yield
    finally:
        _is_interruptible = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def in_time(seconds: float) -> AbstractContextManager[bool]:
    """Raise Overdue after so many seconds of computing, where that is `interruptible`; whether it is.

    What is part of something that has its time gets none of its own. However busy the machine is, the same work is
    in time.
    """
    return _Timed(seconds) if _is_interruptible and not _ticks_left else nullcontext(enter_result=False)


class _Timed(AbstractContextManager[bool]):
    def __init__(self, seconds: float) -> None:
        self._ticks = math.ceil(seconds / _TICK) + 1  # the first is a part of one

    def __enter__(self) -> bool:
        global _ticks_left
        _ticks_left = self._ticks
        return True

    def __exit__(self, *_raised: object) -> None:
        global _ticks_left
        _ticks_left = 0


def _count(_signal: int, _frame: FrameType | None) -> None:
    global _ticks_left
    if _ticks_left:
        _ticks_left -= 1
        if not _ticks_left:
            raise Overdue


def limit_worker(workers: int) -> None:
    """From now on this process is one of so many workers: together they take about half of the memory there is."""
    global _worker_has_begun
    _worker_has_begun = True
    if resource is not None:
        share = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (2 * workers)
        _lower(resource.RLIMIT_DATA, max(_LEAST_DATA, min(share, _MOST_DATA)))
        _lower(resource.RLIMIT_AS, _MAX_ADDRESSES)


def allow_processor_time(seconds: float) -> None:
    """A worker that computes for longer is ended by the system, even in code that no signal handler interrupts.

    0 lifts the limit. The process that a person started is never ended so.
    """
    if _worker_has_begun and hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _lower(kind: int, most: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(kind, (most, hard))
