"""The parts of one export: files that differ in a number, and the files within a zip archive."""

import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from sitegen.importers.wordpress.window import MAX_UNPACKED
from sitegen.importers.wordpress.wxr import read_site
from sitegen.model import Location, Problem

_NUMBER = re.compile(r"(|.*\D)(\d{1,6})(\D*)", re.DOTALL)
_DATED = re.compile(r"\d{4}-(?:\d\d-)?$")  # two exports of two days are no parts of one
_MAX_FILES = 10_000
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 16 << 20
_SUFFIXES = (".xml", ".wxr", ".gz")


class ExportPart(NamedTuple):
    """A file of an export: how problems name it, and how it is opened."""

    shown: str
    open: Callable[[], IO[bytes]]


def parts_of(file: Path) -> tuple[Path, ...]:
    """The file and those beside it that are parts of the same export, in the order of their numbers."""
    match = _number_of(file.name)
    if not match:
        return (file,)
    site = _site_of(file)
    found = []
    for other in file.parent.iterdir():
        number = _number_of(other.name)
        is_alike = number is not None and (number[1], number[3]) == (match[1], match[3])
        if number and is_alike and other.is_file() and (other == file or (site and _site_of(other) == site)):
            found.append((int(number[2]), other.name, other))
    return tuple(path for _number, _name, path in sorted(found)) or (file,)


def opened_parts(file: Path, shown: str) -> Iterator[ExportPart | Problem]:
    """What there is to read in a file: itself, or what lies in it if it is a zip archive."""
    if file.suffix.lower() != ".zip":
        yield ExportPart(shown, lambda: file.open("rb"))
        return
    try:
        with zipfile.ZipFile(file) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: _in_order(entry.filename))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        hint = "download the export again"
        yield Problem(Location(shown), "zip", f"the archive cannot be read: {error}", hint, partly=True)
        return
    exports = [entry for entry in entries if PurePosixPath(entry.filename).suffix.lower() in _SUFFIXES]
    if not exports:
        yield Problem(Location(shown), "not-wxr", "there is no export in the archive", "unpack it and look")
    for entry in exports[:_MAX_FILES]:
        name = f"{shown}/{_safe_name(entry.filename)}"
        if reason := _refusal(entry):
            yield Problem(Location(name), "zip", f"{reason}; it was left out", "unpack it and look", partly=True)
        else:
            yield ExportPart(name, lambda entry=entry: _opened_entry(file, entry))  # type: ignore[misc]


def _number_of(name: str) -> re.Match[str] | None:
    """The last number of a name with what stands before and behind it; None for one of a date."""
    match = _NUMBER.fullmatch(name)
    return match if match and not _DATED.search(match[1]) else None


def _site_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return read_site(opened)
    except OSError:
        return ""


def _in_order(name: str) -> tuple[object, ...]:
    """Names by their numbers: part 10 comes after part 9."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d{1,9})", name))


def _safe_name(name: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in PurePosixPath(name.replace("\\", "/")).name)


def _refusal(entry: zipfile.ZipInfo) -> str:
    """Why an entry is not read; "" for one that is."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename[:3]:
        return "its name leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & 1:
        return "it is encrypted"
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > MAX_UNPACKED or (entry.file_size > _RATIO_COUNTS_FROM and ratio > _MAX_RATIO):
        return f"it unpacks to {ratio:.0f} times its size; no export does"
    return ""


def _opened_entry(file: Path, entry: zipfile.ZipInfo) -> IO[bytes]:
    """An entry as a stream. Nothing of an archive is ever written to disk."""
    archive = zipfile.ZipFile(file)
    opened = archive.open(entry)
    closed = opened.close

    def close() -> None:
        closed()
        archive.close()

    opened.close = close  # type: ignore[method-assign]
    return opened
