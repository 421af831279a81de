"""The user's cache folder: what takes long to make is kept there for the next build of any site."""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from sitegen.sealed import opened, seal


def users_cache() -> str:
    """The folder; "" for a user without one."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        return str((base if base.is_absolute() else Path.home() / ".cache") / "sitegen" / "templates")
    except RuntimeError:
        return ""


def is_the_users_alone(folder: Path) -> bool:
    """Whether nobody but the user can put anything into a folder, which is made where it is missing.

    Raises OSError where it can't be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    # Without users by number, as on Windows, a home folder is closed to others anyway.
    return os.name != "posix" or (found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """What was made last time under a name that tells all that it is made of; else it is made now, and kept."""
    folder = users_cache()
    file = Path(folder, name)
    is_safe = False
    with contextlib.suppress(OSError):
        is_safe = bool(folder) and is_the_users_alone(file.parent)
        if is_safe and (whole := opened(file.read_bytes())) is not None:
            return whole
    made = make()
    with contextlib.suppress(OSError):
        if is_safe:
            temporary = file.with_name(f"{name}.{os.getpid()}")
            temporary.write_bytes(seal(made))
            temporary.replace(file)
    return made
