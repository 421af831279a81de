"""What goes into an importer, and what comes out."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, Protocol

import msgspec
from msgspec import Struct

from sitegen.content.folder import poll_file_path
from sitegen.content.poll_files import PollFile, write_poll_file
from sitegen.importers.report import ArticleReport
from sitegen.model import Article, PollRecord, Problem


class Raw(Struct, frozen=True):
    """One raw file, untrusted."""

    path: str  # as it is named in problems and in the article's source
    data: bytes = b""  # its bytes; none for an importer that streams
    file: str = ""  # where it lies on disk
    languages: tuple[str, ...] = ()  # that its text may be in; () is any
    below: str = ""  # its path below the folder that is imported
    fields: tuple[tuple[str, str], ...] = ()  # our names for fields of records, and theirs
    without: tuple[str, ...] = ()  # kinds of mends that are not wanted
    scratch: str = ""  # folder for what is needed while it is read, which every worker sees; "" for any


class SideFile(NamedTuple):
    """Data that belongs to an article and has no place in Markdown: comments, votes."""

    path: str  # below the content folder
    data: bytes


def side_file(path: str, value: Struct) -> SideFile:
    """A value as JSON that a person can read."""
    return SideFile(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def poll_side_file(record: PollRecord) -> SideFile:
    """What is known of a poll, as its data file."""
    return SideFile(poll_file_path(record.key), write_poll_file(PollFile(record)).encode())


class Imported(NamedTuple):
    """An article, what happened to it, and what a person should look at."""

    article: Article
    report: ArticleReport
    problems: tuple[Problem, ...] = ()
    target: str = ""  # content file that it should become; "" goes by the path of the raw file
    beside: tuple[SideFile, ...] = ()
    shown: tuple[str, ...] = ()  # what of the raw file's own it shows, for `Pieces.told`


class Piece(NamedTuple):
    """Part of a raw file that becomes one article."""

    content: Any  # for `Pieces.article`; it can travel to another process
    target: str = ""  # content file that the article should become; "" goes by the path of the raw file
    size: int = 0  # about so many bytes


class Pieces(Protocol):
    """A raw file of many articles that is open: it is read in one process, and others make its articles."""

    @property
    def article(self) -> Callable[[Any], Imported]:
        """Makes the article of a piece's content, in any process."""

    def __iter__(self) -> Iterator[Piece | Problem]:
        """The pieces in their order, or what is wrong with the file."""

    def told(self, shown: Collection[str]) -> Iterator[Problem]:
        """What became no article, when all is read; `shown` is what the articles say that they show."""


class MadePieces:
    """Articles that are made already, as the pieces of their file."""

    def __init__(self, articles: Iterator[Imported | Problem]) -> None:
        self._articles = articles

    def __iter__(self) -> Iterator[Piece | Problem]:
        for item in self._articles:
            yield item if isinstance(item, Problem) else Piece(item, item.target, len(item.article.body))

    @staticmethod
    def article(content: Imported) -> Imported:
        """The article as it is."""
        return content

    def told(self, shown: Collection[str]) -> Iterator[Problem]:
        """Nothing: it was told on the way."""
        return iter(())


def articles_of(pieces: Pieces) -> Iterator[Imported | Problem]:
    """The articles of all pieces, made in this process."""
    shown: set[str] = set()
    for piece in pieces:
        if isinstance(piece, Problem):
            yield piece
            continue
        imported = pieces.article(piece.content)
        shown.update(imported.shown)
        yield imported
    yield from pieces.told(shown)
