"""What goes into an importer, and what comes out."""

from typing import NamedTuple

from msgspec import Struct

from sitegen.importers.report import ArticleReport
from sitegen.model import Article, Problem


class Raw(Struct, frozen=True):
    """One raw file, untrusted."""

    path: str  # as it is named in problems and in the article's source
    data: bytes
    languages: tuple[str, ...] = ()  # that its text may be in; () is any


class Imported(NamedTuple):
    """An article, what happened to it, and what a person should look at."""

    article: Article
    report: ArticleReport
    problems: tuple[Problem, ...] = ()
