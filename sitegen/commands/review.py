"""A page on which a person looks an import over: raw and result side by side, doubtful guesses first."""

import heapq
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from sitegen.commands.import_memory import article_reports
from sitegen.config import Site
from sitegen.importers.repair import NotTextError, decode_raw
from sitegen.importers.report import ArticleReport

_MAX_ARTICLES = 200
_MAX_SHOWN = 20_000


class Reviewed(Struct, frozen=True):
    """An article of the page."""

    report: ArticleReport
    doubt: float  # confidence of its least sure guess; -1 where text was lost
    raw: str
    result: str


def write_review(site: Site, raw_files: dict[str, Path]) -> Path:
    """Write the page from the reports of all that was ever imported; where it is.

    `raw_files` says where raw files lie whose reports name them by less than a path below the site.
    """
    unknown: dict[str, list[str]] = {}
    total = 0

    def counted() -> Iterator[ArticleReport]:
        nonlocal total
        for report in article_reports(site):
            total += 1
            for kept in report.shortcodes:
                unknown.setdefault(kept.name, []).append(f"{report.source}:{kept.line}")
            yield report

    doubtful = heapq.nsmallest(_MAX_ARTICLES, counted(), key=lambda report: (_doubt(report), report.source))
    articles = [
        Reviewed(report, _doubt(report), _raw(site, report, raw_files), _text(site.content / report.target))
        for report in doubtful
    ]
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        Path(__file__).with_name("review.html").read_text("utf-8")
    )
    target = site.state / "review.html"
    target.write_text(page.render(articles=articles, total=total, unknown=unknown), "utf-8")
    return target


def _doubt(report: ArticleReport) -> float:
    if report.losses:
        return -1.0
    return min((guess.confidence for guess in report.guesses), default=1.0)


def _raw(site: Site, report: ArticleReport, raw_files: dict[str, Path]) -> str:
    head, _, tail = report.source.partition("/")
    file = raw_files[head] / tail if head in raw_files else site.folder / report.source
    try:
        return decode_raw(file.read_bytes()).text[:_MAX_SHOWN]
    except (OSError, NotTextError):
        return "(the raw file is not there any more)"


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")[:_MAX_SHOWN]
    except (OSError, UnicodeDecodeError):
        return "(the article is not there any more)"
