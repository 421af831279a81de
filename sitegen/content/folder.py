"""The content folder: its files as the file system knows them, and what a file is by its path."""

import os
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from sitegen.model import Location, Problem, Severity

ARTICLE_SUFFIX = ".md"
COMMENTS_SUFFIX = ".comments.json"  # of what readers wrote below the article of that name
POLL_SUFFIX = ".yaml"
POLLS_FOLDER = "polls/"
_MOST = 2_000  # files of a folder that are looked at together
_CAN_HOLD = os.scandir in os.supports_fd


class FileStat(NamedTuple):
    """What the file system says of a file, without reading it."""

    path: str  # below the folder that was walked, with forward slashes
    size: int
    mtime_ns: int


class FolderPart(NamedTuple):
    """The files of a folder by name, or some thousand of a larger one; not those in folders in it."""

    folder: str  # below the one that was walked; "" for that itself
    part: int
    files: list[FileStat]


def walk_files(folder: Path, shown: str, skip: frozenset[str] = frozenset()) -> Iterator[FileStat | Problem]:
    """Every regular file below `folder`, as `walk_folders` finds them."""
    for item in walk_folders(folder, shown, skip):
        if isinstance(item, Problem):
            yield item
        else:
            yield from item.files


def walk_folders(folder: Path, shown: str, skip: frozenset[str] = frozenset()) -> Iterator[FolderPart | Problem]:
    """The regular files of each folder below `folder` and of that itself, folders in the order of their names.

    Problems name the folder as `shown`. Hidden names and the paths in `skip` are left out. A symbolic link, and
    whatever is neither a file nor a folder, is a warning: content comes from one folder, and nothing else can be
    waited for.
    """
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        folders = []
        part = FolderPart(prefix[:-1], 0, [])
        try:
            with _entries(folder / prefix) as entries:
                for item in entries:
                    path = prefix + item.name
                    if item.name.startswith(".") or path in skip:
                        continue
                    found = _plain_file(item, path) or _look_at(item, path, f"{shown}/{path}")
                    if found is None:
                        folders.append(path + "/")
                    elif isinstance(found, Problem):
                        yield found
                    else:
                        part.files.append(found)
                        if len(part.files) == _MOST:
                            yield part
                            part = FolderPart(part.folder, part.part + 1, [])
        except OSError as error:
            place = Location(_shown(f"{shown}/{prefix}".rstrip("/")))
            yield Problem(place, "unreadable", f"folder can't be read: {error.strerror}", partly=True)
        if part.files:
            yield part
        waiting += reversed(folders)


def is_data(path: str) -> bool:
    """Whether a file of the content folder is data of articles: neither one itself nor shown as it is."""
    return path.startswith(POLLS_FOLDER)


def is_poll_file(path: str) -> bool:
    """Whether a file of the content folder is the data of a poll."""
    name = path.removeprefix(POLLS_FOLDER)
    return path != name and name.endswith(POLL_SUFFIX) and "/" not in name


def poll_file_path(key: str) -> str:
    """The data file of a poll, below the content folder."""
    return f"{POLLS_FOLDER}{key}{POLL_SUFFIX}"


def is_media(path: str) -> bool:
    """Whether a file of the content folder is shown as it is."""
    return not path.endswith((ARTICLE_SUFFIX, COMMENTS_SUFFIX)) and not is_poll_file(path)


def referred_file(source: str, name: str) -> str | None:
    """The content file that another one means by a relative name; None outside the content folder."""
    file = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
    return None if file.startswith("../") else file


@contextmanager
def _entries(folder: Path) -> Iterator[list["os.DirEntry[str]"]]:
    """What is in a folder, by name. It is held open, so that the system need not go all the way to it for each file."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY) if _CAN_HOLD else None
    try:
        with os.scandir(folder if handle is None else handle) as items:
            entries = sorted(items, key=attrgetter("name"))
        yield entries
    finally:
        if handle is not None:
            os.close(handle)


def _plain_file(item: "os.DirEntry[str]", path: str) -> FileStat | None:
    """What nearly all items are, told without asking twice; None for anything else."""
    if not path.isascii() or not item.is_file(follow_symlinks=False):
        return None
    try:
        found = item.stat(follow_symlinks=False)
    except OSError:
        return None
    return FileStat(path, found.st_size, found.st_mtime_ns)


def _look_at(item: "os.DirEntry[str]", path: str, shown: str) -> FileStat | Problem | None:
    """None says that it is a folder to walk."""
    try:
        path.encode()
        if item.is_symlink():
            return _warning(shown, "symlink", "symbolic link is not followed", "copy the file itself")
        if item.is_dir():
            return None
        found = item.stat()
    except UnicodeEncodeError:
        return _warning(_shown(shown), "file-name", "file name is not UTF-8", "rename it")
    except OSError as error:
        return Problem(Location(shown), "unreadable", f"can't be read: {error.strerror}", partly=True)
    if not stat.S_ISREG(found.st_mode):
        return _warning(shown, "no-file", "neither a file nor a folder; it is left out")
    return FileStat(path, found.st_size, found.st_mtime_ns)


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def _warning(path: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)
