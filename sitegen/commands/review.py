"""A page on which a person looks an import over: raw and result side by side, doubtful guesses first."""

import heapq
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from sitegen.commands.import_memory import memory_as_it_is
from sitegen.config import Site
from sitegen.importers.encodings import NotTextError, decode_raw
from sitegen.importers.registry import importer_for
from sitegen.importers.report import ArticleReport, Mend
from sitegen.languages import direction
from sitegen.model import Problem

DOUBTFUL = 0.7  # guesses that are less sure than this
_MAX_ARTICLES, _MAX_PROBLEMS = 200, 200
_MAX_SHOWN = 20_000
_MAX_BYTES = 4 << 20


class Segment(NamedTuple):
    """A stretch of a raw line; `mend` is what was mended there."""

    text: str
    mend: Mend | None = None


class Note(NamedTuple):
    """What was made of a raw line."""

    label: str
    reason: str
    confidence: float = 1.0

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self.confidence < DOUBTFUL


class RawLine(Struct, frozen=True):
    """A line of the raw file as the page shows it."""

    number: int
    segments: list[Segment]
    notes: list[Note]
    is_aside: bool


class Reviewed(Struct, frozen=True):
    """An article of the page."""

    report: ArticleReport
    doubt: float  # confidence of its least sure guess; -1 where text was lost
    raw: list[RawLine]
    why_no_raw: str
    matter: str  # front matter of the result
    body: str
    dir: str
    notes: list[Note]  # about the article as a whole

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self.doubt < DOUBTFUL


class Sums(Struct):
    """What all reports together say."""

    articles: int = 0
    doubtful: int = 0
    lost: int = 0
    conflicts: int = 0
    set_aside: int = 0
    mends: dict[str, int] = {}
    guesses: dict[str, int] = {}  # that are doubtful, by field
    unknown: dict[str, list[str]] = {}

    def add(self, report: ArticleReport) -> None:
        """Count one more report in."""
        self.articles += 1
        self.doubtful += _doubt(report) < DOUBTFUL
        self.lost += bool(report.losses)
        self.conflicts += report.status == "conflict"
        self.set_aside += len(report.set_aside)
        _count_in(self.mends, (mend.kind for mend in report.mends))
        _count_in(self.guesses, (guess.field for guess in report.guesses if guess.confidence < DOUBTFUL))
        for kept in report.shortcodes:
            self.unknown.setdefault(kept.name, []).append(f"{report.source}:{kept.line}")


def write_review(site: Site, raw_files: dict[str, Path]) -> Path:
    """Write the page from the reports of all that was ever imported; where it is.

    `raw_files` says where raw files lie whose reports name them by less than a path below the site.
    """
    sums = Sums()

    def counted(reports: Iterator[ArticleReport]) -> Iterator[ArticleReport]:
        for report in reports:
            sums.add(report)
            yield report

    with memory_as_it_is(site) as memory:
        by_doubt = heapq.nsmallest(
            _MAX_ARTICLES, counted(memory.articles()), key=lambda report: (_doubt(report), report.source)
        )
        problems: list[Problem] = []
        for problem in memory.problems():
            if problem.code != "unknown-shortcode" and len(problems) < _MAX_PROBLEMS:
                problems.append(problem)
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        Path(__file__).with_name("review.html").read_text("utf-8")
    )
    articles = (_reviewed(site, report, raw_files) for report in by_doubt)
    target = site.state / "review.html"
    target.write_text(
        page.render(articles=articles, shown=len(by_doubt), sums=sums, problems=problems, doubtful=DOUBTFUL), "utf-8"
    )
    return target


def _reviewed(site: Site, report: ArticleReport, raw_files: dict[str, Path]) -> Reviewed:
    text, why_not = _raw(site, report, raw_files)
    matter, fence, body = _text(site.content / report.target).partition("\n---\n")
    if not fence:
        matter, body = "", matter
    return Reviewed(
        report=report,
        doubt=_doubt(report),
        raw=list(_raw_lines(text, report)) if text else [],
        why_no_raw=why_not,
        matter=matter + fence,
        body=body,
        dir=direction(report.language) if report.language else "auto",
        notes=[
            Note(f"{guess.field}: {guess.value}", guess.reason, guess.confidence)
            for guess in report.guesses
            if not guess.line
        ],
    )


def _raw_lines(text: str, report: ArticleReport) -> Iterator[RawLine]:
    aside = {
        line: one.reason for one in report.set_aside for line in range(one.line, one.line + one.text.count("\n") + 1)
    }
    for number, line in enumerate(text[:_MAX_SHOWN].split("\n"), 1):
        notes = [Note(guess.field, guess.reason, guess.confidence) for guess in report.guesses if guess.line == number]
        notes += [Note("set aside", aside[number])] if number in aside else []
        notes += [Note("lost", "this is not in the article", 0.0) for loss in report.losses if loss.line == number]
        mends = [mend for mend in report.mends if mend.line == number]
        yield RawLine(number, list(_segments(line, mends)), notes, number in aside)


def _segments(line: str, mends: list[Mend]) -> Iterator[Segment]:
    """The line cut where something was mended."""
    end = 0
    for mend in sorted(mends, key=lambda mend: mend.column):
        start = line.rfind(mend.before, 0, mend.column - 1 + len(mend.before)) if mend.column and mend.before else -1
        if start < end:
            continue
        yield Segment(line[end:start])
        end = start + len(mend.before)
        yield Segment(line[start:end], mend)
    yield Segment(line[end:])


def _doubt(report: ArticleReport) -> float:
    if report.losses:
        return -1.0
    return min((guess.confidence for guess in report.guesses), default=1.0)


def _raw(site: Site, report: ArticleReport, raw_files: dict[str, Path]) -> tuple[str, str]:
    """Text of the raw file, or why it can't be shown."""
    importer = importer_for(report.source)
    if importer and importer.is_stream:
        return "", f"one of many articles in {report.source}"
    head, _, tail = report.source.partition("/")
    file = raw_files[head] / tail if head in raw_files and tail else raw_files.get(head, site.folder / report.source)
    try:
        if file.stat().st_size > _MAX_BYTES:
            return "", "the raw file is too large to show"
        return decode_raw(file.read_bytes(), mojibake=False).text, ""
    except (OSError, NotTextError):
        return "", "the raw file is not there any more"


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")[:_MAX_SHOWN]
    except (OSError, UnicodeDecodeError):
        return "(the article is not there any more)"


def _count_in(counts: dict[str, int], names: Iterator[str]) -> None:
    for name, count in Counter(names).items():
        counts[name] = counts.get(name, 0) + count
