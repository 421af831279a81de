"""The importers there are: the built-in ones and those of installed packages.

A package offers one under the entry point group `sitegen.importers`. It does not import this file.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from posixpath import splitext
from typing import Protocol, runtime_checkable

from sitegen.importers.csv_table import CsvTable
from sitegen.importers.jsonl import JsonLines, JsonList
from sitegen.importers.markdown_file import MarkdownFile
from sitegen.importers.raw import Imported, Pieces, Raw
from sitegen.importers.raw_text import RawText
from sitegen.importers.web_page.page import HtmlPage
from sitegen.importers.wordpress.export import WordPress
from sitegen.model import Problem

GROUP = "sitegen.importers"


class Importer(Protocol):
    """Reads one raw file. It yields and does not write, and one bad item never costs the rest."""

    name: str  # what `--from` names
    suffixes: tuple[str, ...]  # of the files that it takes; "" for names without one
    is_stream: bool  # one file holds many articles: it reads `raw.file` itself, piece by piece

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """The articles of a file, or what is wrong with it."""


@runtime_checkable
class InParts(Protocol):
    """An importer whose raw files may be parts of one whole; the first part stands for all of them."""

    def parts(self, file: Path) -> tuple[Path, ...]:
        """The file and its other parts, in their order."""


@runtime_checkable
class InPieces(Protocol):
    """An importer of many articles a file that lets others make them: it reads the file, and names each article."""

    def open(self, raw: Raw) -> AbstractContextManager[Pieces]:
        """A file that is open for reading, piece by piece."""


BUILT_IN: tuple[Importer, ...] = (
    RawText(), HtmlPage(), WordPress(), MarkdownFile(), JsonLines(), JsonList(), CsvTable(),
)  # fmt: skip


def importer_named(name: str) -> Importer | None:
    """The importer of a name."""
    return next((importer for importer in importers() if importer.name == name), None)


def importer_for(path: str) -> Importer | None:
    """The first importer that takes files of this name."""
    return _importer_of(splitext(path)[1])


@lru_cache(maxsize=64)
def _importer_of(suffix: str) -> Importer | None:
    return next((importer for importer in importers() if suffix.lower() in importer.suffixes), None)


@cache
def importers() -> tuple[Importer, ...]:
    """All importers: the built-in ones, then those of packages by the name of their entry point."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return (
        *BUILT_IN,
        *(loaded() if isinstance(loaded := point.load(), type) else loaded for point in points),
    )
