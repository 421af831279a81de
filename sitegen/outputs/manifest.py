"""The manifest: the sorted list of a finished build's files, and the commit point of the build."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.model import OutputFile

_HEADER = "sitegen-manifest 1"


class ManifestError(Exception):
    """The file is no manifest, or it was cut off."""


def write_manifest(path: Path, files: Iterable[OutputFile]) -> int:
    """Write the manifest whole: one line a file, in the order of `files`; the number of files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    count = 0
    with temporary.open("w", encoding="utf-8", newline="\n") as out:
        out.write(_HEADER + "\n")
        for file in files:
            out.write(f"{file.digest} {file.size} {file.path}\n")
            count += 1
        out.write(f"end {count}\n")
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)
    return count


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
