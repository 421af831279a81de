"""Files that change places: new bytes go into a spare file, which then takes the place of the one they replace.

A new file in the place of an old one costs a file system ten times what its bytes cost: it looks for room, hurries the
new bytes to the disk before the names change, and gives the old room back, of which many disks are told as well. That
is a quarter of the time in which all pages of an archive are drawn again. Here nothing is looked for or given back: the
file that was replaced is a spare one for the next page of its length. At every moment a page is there, and is whole.

Nobody sees another page's bytes in a spare file: one that somebody has open, that has another name or another owner is
left alone. Linux alone has what it takes (`renameat2`, leases). Elsewhere, and where a file system knows neither,
nothing is exchanged.
"""

import contextlib
import errno
import itertools
import os
import signal
import stat
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import cache

PLAIN = 16  # files are replaced the common way first: most builds change few, and what it takes has to be loaded
_RESTING = 8  # spare files that rest first: who was about to open a page when it was replaced has done so by then
_MOST = 128  # spare files that wait for a page of their own length, before others are taken
_WRITE = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE


class Spares:
    """The spare files of one process. Their paths begin with `prefix`, on the file system of what they replace."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._numbers = itertools.count()
        self._resting: deque[tuple[int, str]] = deque()  # length in pages, path
        self._waiting: dict[int, list[str]] = {}  # paths by length in pages
        self._is_possible = sys.platform == "linux"
        self._plain = PLAIN

    def replace(self, target: str, data: bytes) -> bool:
        """Put these bytes in the place of a file; False if nothing was done, since that is not to be had here."""
        if self._plain > 0:
            self._plain -= 1
            return False
        size = _size_if_ours_alone(target) if self._is_possible else None
        if size is None:
            return False
        spare = self._take(_pages(len(data)))
        try:
            while not _fill(spare, data):
                _remove(spare)
                spare = self._new()
            _exchange(spare, target)
        except OSError:
            _remove(spare)
            self._is_possible = False
            return False
        self._resting.append((_pages(size), spare))
        return True

    def remove(self) -> None:
        """Remove the spare files."""
        for spare in (*(spare for _length, spare in self._resting), *itertools.chain(*self._waiting.values())):
            _remove(spare)
        self._resting.clear()
        self._waiting.clear()

    def _take(self, pages: int) -> str:
        """A spare file of that length, so that no room is looked for or given back, or one that comes near it."""
        while len(self._resting) > _RESTING:
            length, spare = self._resting.popleft()
            self._waiting.setdefault(length, []).append(spare)
        if not self._waiting.get(pages):
            if sum(map(len, self._waiting.values())) < _MOST:
                return self._new()
            lengths = [length for length, spares in self._waiting.items() if spares]
            pages = max((length for length in lengths if length < pages), default=min(lengths))
        return self._waiting[pages].pop()

    def _new(self) -> str:
        return f"{self._prefix}{next(self._numbers)}"


class Settling:
    """Brings what was written on a file system to its disk, where it stays if power fails; beside other work."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._thread: threading.Thread | None = None
        self._error: OSError | None = None

    def begin(self) -> None:
        """Begin with what was written until now."""
        if sys.platform == "linux" and not (self._thread and self._thread.is_alive()):
            self._thread = threading.Thread(target=self._settle, daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Wait for all that was written, if it was begun. Raises OSError."""
        if self._thread:
            self._thread.join()
            self._settle()
        if self._error:
            raise self._error

    def _settle(self) -> None:
        try:
            _sync(self._folder)
        except OSError as error:
            self._error = error


def write_all(handle: int, data: bytes) -> None:
    """Write all of it, in as many pieces as the system takes. Raises OSError."""
    view = memoryview(data)[os.write(handle, data) :]
    while view:
        view = view[os.write(handle, view) :]


def _sync(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        _call("syncfs", handle)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        os.sync()
    finally:
        os.close(handle)


def _size_if_ours_alone(target: str) -> int | None:
    """Bytes of a file that has no other name and no other owner; None for all else."""
    try:
        found = os.lstat(target)
    except OSError:
        return None
    is_ours = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()
    return found.st_size if is_ours else None


def _fill(spare: str, data: bytes) -> bool:
    """Write a file, whether it is there or not; False if it is there and somebody could see it."""
    handle = os.open(spare, _WRITE, 0o644)
    try:
        was = os.fstat(handle)
        if was.st_nlink != 1 or _is_open_elsewhere(handle):
            return False
        if stat.S_IMODE(was.st_mode) != 0o644:
            os.fchmod(handle, 0o644)
        # Whole pages: for a part of one the system would have to read the rest of it from the disk.
        write_all(handle, data + bytes(-len(data) % _page_size()))
        os.ftruncate(handle, len(data))
    finally:
        os.close(handle)
    return True


def _is_open_elsewhere(handle: int) -> bool:
    """Whether anybody else has a file open: only one that nobody has can be leased to a writer."""
    import fcntl  # not on Windows

    # Whoever opens it in this moment has us told of it: with a signal that says nothing, in place of one that ends us.
    fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError as error:
        if error.errno != errno.EAGAIN:
            raise
        return True
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _pages(size: int) -> int:
    return -(-size // _page_size())


@cache
def _page_size() -> int:
    return os.sysconf("SC_PAGE_SIZE")


def _exchange(one: str, other: str) -> None:
    _call("renameat2", _HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)


def _call(name: str, *arguments: int | bytes) -> None:
    """Call a function of the system's that Python has no name for. Raises OSError."""
    function, last_error = _function(name)
    if function(*arguments) != 0:
        raise OSError(number := last_error(), os.strerror(number))


@cache
def _function(name: str) -> tuple[Callable[..., int], Callable[[], int]]:
    import ctypes  # takes milliseconds

    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name), ctypes.get_errno
    except AttributeError:
        raise OSError(errno.ENOSYS, f"{name}: {os.strerror(errno.ENOSYS)}") from None


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)  # noqa: PTH108 - a hot path: no Path
