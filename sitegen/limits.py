"""What a worker may take. One that takes more ends or fails, and that costs the piece of work that it had, no other."""

import os
import signal

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

_MAX_ADDRESSES = 6 << 30  # bytes, of which a library may set aside more than it ever uses
_LEAST_DATA, _MOST_DATA = 1 << 30, 4 << 30  # bytes that are really written to
_worker_has_begun = False


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
