"""The manifest: the sorted list of a finished build's files, and the commit point of the build."""

import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sitegen.model import OutputFile

_HEADER = "sitegen-manifest 1"


class ManifestError(Exception):
    """The file is no manifest, or it was cut off."""


def write_manifest(path: Path, files: Iterable[OutputFile]) -> int:
    """Write the manifest whole: one line a file, in the order of `files`; the number of files."""
    count = 0
    with _whole(path) as out:
        out.write(f"{_HEADER}\n".encode())
        for file in files:
            out.write(_line(file))
            count += 1
        out.write(f"end {count}\n".encode())
    return count


def amend_manifest(path: Path, before: Path, changes: Mapping[str, OutputFile | None], count: int) -> None:
    """Write the manifest that `before` becomes by these changes, None for a file that is gone.

    To copy what lies between takes far less time than to write every line anew. Raises FileNotFoundError, or
    ManifestError when `before` is not whole, or when there are not `count` files in the end; then nothing is written.
    """
    with before.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as old:
        last = old.rfind(b"\n", 0, len(old) - 1) + 1
        head = len(_HEADER) + 1
        if old[:head] != f"{_HEADER}\n".encode() or old[-1:] != b"\n" or old[last : last + 4] != b"end ":
            raise ManifestError(f"{before} is not whole")
        total, done = int(old[last + 4 :]), 0
        with memoryview(old) as view, _whole(path) as out:
            for name in sorted(changes, key=str.encode):
                start, end = _find(old, name.encode(), max(head, done), last)
                out.write(view[done:start])
                new = changes[name]
                out.write(_line(new) if new else b"")
                total += (new is not None) - (end > start)
                done = end
            out.write(view[done:last])
            out.write(f"end {total}\n".encode())
            if total != count:
                raise ManifestError(f"{before} and the changes make {total} files of {count}")


def _find(lines: mmap.mmap, name: bytes, start: int, end: int) -> tuple[int, int]:
    """The line of a file between two offsets at which lines start, or the empty place where it belongs."""
    while start < end:
        middle = lines.rfind(b"\n", start, (start + end) // 2) + 1 or start
        after = lines.find(b"\n", middle) + 1
        here = lines[middle : after - 1].split(b" ", 2)[2]
        if here == name:
            return middle, after
        start, end = (after, end) if here < name else (start, middle)
    return start, start


def _line(file: OutputFile) -> bytes:
    return f"{file.digest} {file.size} {file.path}\n".encode()


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place, and is on the disk, when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        with temporary.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_manifest(path: Path) -> Iterator[OutputFile]:
    """Its files, by path. Raises FileNotFoundError, or ManifestError when it is not whole."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        if lines.readline().rstrip("\n") != _HEADER:
            raise ManifestError(f"{path} is no manifest of this version")
        for count, line in enumerate(lines):
            first, _, rest = line.rstrip("\n").partition(" ")
            if first == "end":
                if rest != str(count):
                    raise ManifestError(f"{path} names {count} files where {rest} were written")
                return
            size, _, name = rest.partition(" ")
            yield OutputFile(name, first, int(size))
    raise ManifestError(f"{path} was cut off")
