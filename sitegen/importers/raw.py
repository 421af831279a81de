"""What goes into an importer, and what comes out."""

from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen.content.poll_files import PollFile, poll_file_path, write_poll_file
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
