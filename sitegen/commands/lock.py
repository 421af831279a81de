"""One build or import of a site at a time: the others wait, as long as they are told to."""

import datetime as dt
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from sitegen.model import Location, Problem, SiteError

# The workers of a build that was killed hold its lock for a moment longer; nobody wants to read of that.
_SILENT_SECONDS = 1.0
_LOOK_SECONDS = 0.05


class Patience(NamedTuple):
    """How long to wait for another build or import, and where that is told."""

    seconds: float = 60.0
    tell: Callable[[str], None] = lambda _text: None


PATIENT = Patience()


@contextmanager
def locked(path: Path, patience: Patience, work: str = "build") -> Iterator[None]:
    """Hold the lock in the file `path` for this work; it ends with its process, however that ends.

    Raises SiteError that names the holder when it is still held after so many seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        _wait_for(file, path, patience)
        file.truncate(0)
        file.write(f"the {work} with process id {os.getpid()} since {_now()}")
        file.flush()
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # for processes too that have it from this one, and are ending


def _wait_for(file: TextIO, path: Path, patience: Patience) -> None:
    started = time.monotonic()
    is_told = False
    while not _is_taken(file):
        waited = time.monotonic() - started
        if waited >= patience.seconds:
            message = f"at work here is {_holder(path)}"
            hint = "try again when it is done, or wait longer with --wait SECONDS"
            raise SiteError(Problem(Location(path.parent.name), "locked", message, hint))
        if waited >= _SILENT_SECONDS and not is_told:
            patience.tell(f"waiting up to {patience.seconds:g} s for {_holder(path)}")
            is_told = True
        time.sleep(_LOOK_SECONDS)


def _is_taken(file: TextIO) -> bool:
    """Take the lock, unless somebody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(path: Path) -> str:
    return path.read_text("utf-8").strip() or "another build or import"


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(" ", "seconds")
