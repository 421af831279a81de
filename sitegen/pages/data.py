"""Data for other programs: what is known of every article, by year; lists as JSON; a guide for language models."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
from msgspec import Struct, structs

from sitegen.contexts import DataFile, DataIndexContext, LinesContext, Link, ListingContext, LlmsContext
from sitegen.model import Entry, Page, Source
from sitegen.pages.cards import ARCHIVE, DATA, SECTIONS, TAGS, Planner, output_of, page
from sitegen.parallel import in_batches

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


def data_pages(planner: Planner) -> Iterator[Page]:
    """A file of records for each year, one for what has no date; more where a year has very many articles."""
    if not planner.config.data.years:
        return
    files: list[DataFile] = []
    for name, entries in _years(planner):
        for number, batch in enumerate(in_batches(entries, LINES_A_FILE), 1):
            path = f"{DATA}{name}.jsonl" if number == 1 else f"{DATA}{name}-{number}.jsonl"
            files.append(DataFile(path, len(batch)))
            lines = tuple(_ENCODE(_record(planner, entry)).decode() for entry in batch)
            yield page("articles.jsonl", LinesContext(path=path, title=path, lines=lines))
    yield page("data.json", DataIndexContext(path=f"{DATA}index.json", title="data", files=tuple(files)))


def with_lists(planner: Planner, listings: Iterable[Page]) -> Iterator[Page]:
    """The pages as they come, each page of a listing with the same list as JSON, if that is wanted."""
    for listing in listings:
        yield listing
        if planner.config.data.listings and isinstance(listing.context, ListingContext):
            output = output_of(listing.context.path).removesuffix("html") + "json"
            yield structs.replace(listing, output=output, template="listing.json")


def llms_pages(planner: Planner) -> Iterator[Page]:
    """What the archive holds, for language models, if that is wanted."""
    if planner.config.data.llms:
        first = (("Archive", ARCHIVE), ("Sections", SECTIONS), ("Tags", TAGS))
        ways = (*(Link(planner.say(title), path) for title, path in first), *planner.ways())
        context = LlmsContext(path="llms.txt", title="llms.txt", ways=ways, sections=planner.sections())
        yield page("llms.txt", context)


def _years(planner: Planner) -> Iterator[tuple[str, Iterable[Entry]]]:
    yield from groupby(planner.catalog.entries(), key=lambda entry: f"{entry.date:%Y}".zfill(4) if entry.date else "")
    if planner.undated():
        yield "undated", planner.catalog.undated()


def _record(planner: Planner, entry: Entry) -> Record:
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
