"""The output folder: a file in it is whole or not there at all."""

import contextlib
import errno
import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.model import OutputFile
from sitegen.outputs.exchange import Spares, write_all

TEMPORARY = ".sitegen-tmp-"
_FIRST = "index.html"  # where it is new, so is its folder in most cases: to look for that would take as long
_CHUNK = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
_HAS_NAMELESS = hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd")  # noqa: PTH112
_spares: dict[tuple[int, str], Spares] = {}  # by process, since those that are forked begin with this one's, and folder


def write_file(folder: Path | str, path: str, data: bytes, *, known_digest: str = "") -> tuple[OutputFile, bool]:
    """Write one file whole; say what it is, and whether anything had to be written.

    Bytes with the digest `known_digest` lie there already, and are left alone if the file has their size.
    Raises ValueError for a path that would leave the folder.
    """
    made = OutputFile(path, hashlib.sha256(data).hexdigest(), len(data))
    _refuse_outside(path)
    if made.digest == known_digest and is_in_place(str(folder), path, made.size):
        return made, False
    if known_digest and _spares_of(str(folder)).replace(f"{folder}/{path}", data):
        return made, True
    with _whole(str(folder), path, is_new=not known_digest) as handle:
        write_all(handle, data)
    return made, True


def copy_file(
    folder: Path, path: str, source: Path, *, known_digest: str = "", wanted_digest: str = ""
) -> tuple[OutputFile, bool]:
    """Copy one file whole, however large; else as `write_file`. Raises OSError if it has not the digest wanted."""
    with source.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
        if wanted_digest not in ("", digest):
            raise OSError(f"{source.name} is not what was built any more; build again")
        made = OutputFile(path, digest, data.tell())
        _refuse_outside(path)
        if digest == known_digest and is_in_place(str(folder), path, made.size):
            return made, False
        data.seek(0)
        with _whole(str(folder), path, is_new=not known_digest) as handle:
            while chunk := data.read(_CHUNK):
                write_all(handle, chunk)
    return made, True


def make_folder(folder: str) -> None:
    """Make a folder, and those that it is to lie in, if they are missing. A hot path: no Path."""
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        if not os.path.isdir(folder):  # noqa: PTH112
            raise
    except FileNotFoundError:
        if not (above := os.path.dirname(folder)):  # noqa: PTH120
            raise
        make_folder(above)
        make_folder(folder)
    else:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - whatever the umask says: a host must be able to look into it


def remove_files(folder: Path, paths: Iterable[str]) -> list[str]:
    """Remove files, and the folders that are empty then; the paths of those that were there."""
    removed = []
    for path in paths:
        target = _inside(folder, path)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
            removed.append(path)
        for parent in target.parents:
            if parent == folder or not _remove_if_empty(parent):
                break
    return removed


def is_in_place(folder: str, path: str, size: int) -> bool:
    """Whether a file of that size lies there; its bytes are not read."""
    try:
        return os.stat(f"{folder}/{path}").st_size == size  # noqa: PTH116 - a hot path: no Path per file
    except OSError:
        return False


def remove_torn(folder: str) -> None:
    """Remove what writers that were killed have left in a folder; what somebody is writing stays."""
    try:
        names = [name for name in os.listdir(folder) if name.startswith(TEMPORARY)]  # noqa: PTH208
    except OSError:
        return
    for name in names:
        pid = name.removeprefix(TEMPORARY).split("-")[0]
        if not pid.isdigit() or not _is_running(int(pid)):
            _remove_any(Path(folder, name))


def remove_spares(folder: str) -> None:
    """Remove the files that this process has kept to write to, once it has replaced all that it wanted to."""
    if spares := _spares.pop((os.getpid(), folder), None):
        spares.remove()


def _spares_of(folder: str) -> Spares:
    key = os.getpid(), folder
    if key not in _spares:
        _spares[key] = Spares(f"{folder}/{TEMPORARY}{key[0]}-spare-")
    return _spares[key]


def _remove_any(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil  # with all that it knows of archives, for what few builds meet

        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    try:
        # One that has ended and that nobody has waited for yet still has its number.
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[:1] != ["Z"]
    except OSError:
        return True


def _inside(folder: Path, path: str) -> Path:
    _refuse_outside(path)
    return folder / path


def _refuse_outside(path: str) -> None:
    parts = path.split("/")
    if not path or path.startswith("/") or ".." in parts or "." in parts or "" in parts or "\0" in path:
        raise ValueError(f"path leaves the folder: {path!r}")


@contextlib.contextmanager
def _whole(folder: str, path: str, *, is_new: bool) -> Iterator[int]:
    """A descriptor to write to; the file is there at the end, or all stays as it was. A hot path: no Path."""
    target = f"{folder}/{path}"
    handle = _nameless(target) if is_new else None
    if handle is None:
        with _named(folder, target) as handle:
            yield handle
        return
    try:
        os.fchmod(handle, 0o644)  # whatever the umask says: a host must be able to read it
        yield handle
        _name(handle, folder, target)
    finally:
        os.close(handle)


def _nameless(target: str) -> int | None:
    """A new file in the folder of another, which is made if it is missing; unnamed, it is gone when its writer is.

    None where the file system has no such files. Whatever else is wrong is told by whoever writes the other way.
    """
    if not _HAS_NAMELESS:
        return None
    folder, _, name = target.rpartition("/")
    try:
        try:
            if name == _FIRST:
                make_folder(folder)
            return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o644)
        except FileNotFoundError:
            make_folder(folder)
            return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o644)
    except OSError:
        return None


def _name(handle: int, folder: str, target: str) -> None:
    """Give a file its name. To change one would take longer, since nobody else may do so meanwhile."""
    try:
        os.link(f"/proc/self/fd/{handle}", target, src_dir_fd=handle)
    except OSError:  # a file has it that nobody knew of, or the system does not have it so
        os.lseek(handle, 0, os.SEEK_SET)
        with _named(folder, target) as other:
            while chunk := os.read(handle, _CHUNK):
                write_all(other, chunk)


def _temporary(folder: str) -> str:
    # One write at a time in each thread.
    return f"{folder}/{TEMPORARY}{os.getpid()}-{threading.get_ident():x}"


@contextlib.contextmanager
def _named(folder: str, target: str) -> Iterator[int]:
    """The same where the file must have a name: at the top of the folder, where `remove_torn` finds it."""
    temporary = _temporary(folder)
    try:
        handle = os.open(temporary, _NEW, 0o644)
    except FileNotFoundError:
        make_folder(folder)
        handle = os.open(temporary, _NEW, 0o644)
    try:
        try:
            os.fchmod(handle, 0o644)
            yield handle
        finally:
            os.close(handle)
        _put_in_place(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _put_in_place(temporary: str, target: str) -> None:
    try:
        _rename(temporary, target)
    except FileNotFoundError:
        make_folder(target.rpartition("/")[0])
        _rename(temporary, target)


def _rename(temporary: str, target: str) -> None:
    try:
        os.replace(temporary, target)  # noqa: PTH105
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        import shutil  # a folder in it lies on another disk, which hardly any has

        beside = _temporary(target.rpartition("/")[0])
        shutil.move(temporary, beside)
        os.replace(beside, target)  # noqa: PTH105


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
