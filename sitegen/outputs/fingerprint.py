"""One hash for all that a page is made of."""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.cache import kept
from sitegen.model import Page, PageContext

_ENCODE = msgspec.msgpack.Encoder(order="deterministic").encode
# What puts bytes into pages beside our own code.
_LIBRARIES = (
    "babel",
    "jinja2",
    "markdown",
    "msgspec",
    "nh3",
    "pygments",
    "pypinyin",
    "pystemmer",
    "python-slugify",
    "rcssmin",
)
_OPTIONAL = ("sudachipy", "sudachidict-small")


class Fingerprint(NamedTuple):
    """Hashes of all that a page is made of; equal ones mean equal bytes."""

    template: str  # with all that it includes, and with the shortcode templates if its body has calls
    frame: str  # what the template prints around its blocks
    settings: str  # of the site, and sitegen itself
    context: str  # what the plan says of the page
    body: str  # the content file that its body comes from; "-" for none

    def text(self) -> str:
        """As the record keeps it."""
        return " ".join(self)


class DrawnWith(NamedTuple):
    """What many pages are drawn with alike: the start of their fingerprints."""

    template: str
    frame: str
    settings: str

    def again(self, planned: str) -> str:
        """The fingerprint of a page that is drawn with this, and is else as it was planned."""
        return f"{self.template} {self.frame} {self.settings} {planned.split(' ', len(self))[-1]}"


def fingerprint(drawn_with: DrawnWith, page: Page, context: bytes) -> Fingerprint:
    """The fingerprint of a page whose context is encoded as `context`.

    `drawn_with` covers the page's template and the shortcode templates of its body, with all that they include, and the
    site's settings and the engine.
    """
    made_of = hashlib.sha256(context + f"\0{page.output}\0{page.body_of}".encode()).hexdigest()[:16]
    return Fingerprint(*drawn_with, made_of, page.body_digest[:16] or "-")


FIELDS = Fingerprint._fields


def differing(old: str, new: str) -> tuple[str, ...]:
    """Names of the inputs that differ between two fingerprints as the record keeps them."""
    before, after = old.split(" "), new.split(" ")
    if len(before) != len(FIELDS) or len(after) != len(FIELDS):
        return () if old == new else FIELDS[-1:]
    return tuple(name for name, was, is_ in zip(FIELDS, before, after, strict=True) if was != is_)


def digest_of(value: object) -> str:
    """Hash of a struct or a container of plain values."""
    # SHA-256, since processors have an instruction for it.
    return hashlib.sha256(_ENCODE(value)).hexdigest()[:32]


def encoded(context: PageContext) -> bytes:
    """A context on its way to a worker; equal ones give equal bytes."""
    return _ENCODE(context)


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """Hash of sitegen's own code and of the versions of the libraries that make bytes."""
    package = str(Path(__file__).parent.parent)
    state = hashlib.sha256(_code_digest(package))
    for name, version in zip((*_LIBRARIES, *_OPTIONAL), _versions(), strict=True):
        state.update(f"{name} {version}".encode())
    return state.hexdigest()[:32]


def _code_digest(package: str) -> bytes:
    """Hash of the code in a folder.

    Every build waits for this, so it is remembered under what the file system says of the code. That tells enough:
    nobody but the system sets when a file was touched last (its `ctime`).
    """
    files = sorted(_code_in(package))
    known = hashlib.sha256(repr(files).encode())

    def made() -> bytes:
        state = hashlib.sha256()
        for file, *_ in files:
            state.update(f"{file[len(package) :]}\0".encode())
            state.update(Path(file).read_bytes())
        return state.digest()

    return kept(f"engine-{known.hexdigest()[:32]}", made)


def _code_in(folder: str) -> Iterator[tuple[str, int, int, int]]:
    """Path, size, number and time of each file of code."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                found = entry.stat()
                yield entry.path, found.st_size, found.st_ino, found.st_ctime_ns
            elif entry.name != "__pycache__" and entry.is_dir():
                yield from _code_in(entry.path)


def _versions() -> list[str]:
    """Versions of the libraries, by the names of the folders that say what is installed.

    To load what reads those folders takes longer than to look for changes in ten thousand articles; it is asked for
    a library that has no such folder.
    """
    found: dict[str, str] = {}
    for place in sys.path:
        with contextlib.suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208
                if name.endswith(".dist-info"):
                    library, _, version = name.removesuffix(".dist-info").rpartition("-")
                    found.setdefault(library.lower().replace("_", "-"), version)
    versions = [found.get(name) or library_version(name) for name in _LIBRARIES]
    return [*versions, *(found.get(name, "") for name in _OPTIONAL)]


@lru_cache(maxsize=32)
def library_version(name: str) -> str:
    """Version of an installed library; "" for one that is not there."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
