"""Data for other programs: what is known of every article, by year; lists as JSON; a guide for language models."""

from collections.abc import Iterator
from itertools import chain, groupby

import msgspec
from msgspec import Struct

from sitegen.content.order import is_undated
from sitegen.contexts import DataFile, DataIndexContext, LinesContext, Link, LlmsContext
from sitegen.mapping import in_batches
from sitegen.model import ArticleEntry, Page, Source
from sitegen.pages.cards import ARCHIVE, DATA, SECTIONS, TAGS, Part, Planner, page

LINES_A_FILE = 5000
_ENCODE = msgspec.json.Encoder().encode


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one article, as a line of JSON."""

    url: str  # relative to the top of the site as long as its address is unknown
    title: str
    date: str = ""
    updated: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    series: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    words: int = 0
    canonical: str = ""
    source: Source | None = None


def data_parts(planner: Planner) -> Iterator[Part]:
    """A file of records for each year, one for what has no date; more where a year has very many articles."""
    if planner.config.data.years:
        files: list[DataFile] = []
        for name, buckets, count in _years(planner):
            yield Part(f"data {name}", _record_pages, (name, *buckets))
            full, rest = divmod(count, LINES_A_FILE)
            files += (DataFile(_path(name, number), LINES_A_FILE) for number in range(1, full + 1))
            files += [DataFile(_path(name, full + 1), rest)] if rest else []
        yield Part("data", _index_page, tuple(files))
    if planner.config.data.llms:
        yield Part("data llms", _llms_page)


def _record_pages(planner: Planner, name: str, *buckets: str) -> Iterator[Page]:
    entries = chain.from_iterable(map(planner.catalog.records_in, buckets))
    lines = (_ENCODE(_record(planner, entry)).decode() for entry in entries)
    for number, batch in enumerate(in_batches(lines, LINES_A_FILE), 1):
        path = _path(name, number)
        yield page("articles.jsonl", LinesContext(path=path, title=path, lines=tuple(batch)))


def _index_page(_planner: Planner, *files: DataFile) -> Page:
    return page("data.json", DataIndexContext(path=f"{DATA}index.json", title="data", files=files))


def _llms_page(planner: Planner) -> Page:
    """What the archive holds, for language models."""
    first = (("Archive", ARCHIVE), ("Sections", SECTIONS), ("Tags", TAGS))
    ways = (*(Link(planner.say(title), path) for title, path in first), *planner.ways())
    return page("llms.txt", LlmsContext(path="llms.txt", title="llms.txt", ways=ways, sections=planner.sections()))


def _years(planner: Planner) -> Iterator[tuple[str, list[str], int]]:
    """Name, buckets and number of articles of each year, and of what has no date."""
    buckets = list(planner.catalog.buckets())
    for year, months in groupby(planner.catalog.months(), key=lambda pair: pair[0][:4]):
        yield year, [bucket for bucket in buckets if bucket.startswith(year)], sum(count for _, count in months)
    if undated := planner.undated():
        yield "undated", [bucket for bucket in buckets if is_undated(bucket)], undated.count


def _path(name: str, number: int) -> str:
    return f"{DATA}{name}.jsonl" if number == 1 else f"{DATA}{name}-{number}.jsonl"


def _record(planner: Planner, entry: ArticleEntry) -> Record:
    return Record(
        url=planner.absolute(entry.permalink) or entry.permalink,
        title=entry.title,
        date=entry.date.isoformat() if entry.date else "",
        updated=entry.updated.isoformat() if entry.updated else "",
        language=entry.lang or planner.config.site.language,
        authors=entry.authors,
        section=entry.section,
        series=entry.series,
        tags=entry.tags,
        summary=entry.summary,
        words=entry.words,
        canonical=entry.canonical,
        source=entry.origin,
    )
