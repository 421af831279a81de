"""The page that searches, and the files that it reads: an index of words, and what a result shows."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from sitegen.contexts import LinesContext, Link, OpenSearchContext, SearchContext
from sitegen.mapping import in_batches
from sitegen.model import ArticleEntry, Page
from sitegen.pages.cards import ARCHIVE, SEARCH, SECTIONS, TAGS, Part, Planner, iso_day, page
from sitegen.search.index import ARTICLES_A_CHUNK, MAX_ARTICLES, Indexed, call, index_files, shards_for
from sitegen.shortcodes.poll_values import POLL_NAMES

OPENSEARCH = "opensearch.xml"
UNDATED = "undated"
_SHORT_NAME, _LONG_NAME, _DESCRIPTION = 16, 48, 1024  # signs that OpenSearch allows


class Bucket(NamedTuple):
    """Articles that are indexed together: of ten years, a year, a month, undated ones, or a part of those."""

    name: str  # of its folder: "202x", "2024", "2024-09", "undated-2"
    months: tuple[str, ...]  # "" for what has no date
    part: int
    parts: int

    def holds(self, source: str) -> bool:
        """Whether an article of these months is in it."""
        return self.parts == 1 or zlib.crc32(source.encode()) % self.parts == self.part


def search_parts(planner: Planner) -> Iterator[Part]:
    """The page that searches, and how programs find it."""
    if planner.config.search.engine == "own":
        yield Part("search", _search_page)
        if planner.config.site.url:
            yield Part("search description", _description)


def words_parts(planner: Planner) -> Iterator[Part]:
    """The index of words in buckets, the newest last, and the list of buckets."""
    if planner.config.search.engine == "own":
        buckets = tuple(_buckets(planner))
        yield from (Part(f"words {bucket.name}", _bucket_pages, (bucket,)) for bucket in buckets)
        yield Part("words", _bucket_list, buckets)


def _buckets(planner: Planner) -> Iterator[Bucket]:
    if undated := planner.undated():
        yield from _divided(UNDATED, "", undated.count)
    for decade, months in groupby(planner.catalog.months(), key=lambda pair: pair[0][:3]):
        yield from _of_period(f"{decade}x", list(months))


def _of_period(name: str, months: list[tuple[str, int]]) -> Iterator[Bucket]:
    """One bucket for ten years, if their articles are few; one for each year, or each month, where they are many."""
    if sum(count for _, count in months) <= MAX_ARTICLES:
        yield Bucket(name, tuple(month for month, _ in months), 0, 1)
    elif name.endswith("x"):
        for year, of_year in groupby(months, key=lambda pair: pair[0][:4]):
            yield from _of_period(year, list(of_year))
    else:
        for month, count in months:
            yield from _divided(month, month, count)


def _divided(name: str, month: str, count: int) -> Iterator[Bucket]:
    """As many buckets as it takes; by powers of two, so that hardly any article changes how many there are."""
    parts = 1
    while parts * MAX_ARTICLES < count:
        parts *= 2
    yield from (Bucket(name if parts == 1 else f"{name}-{part + 1}", (month,), part, parts) for part in range(parts))


def _bucket_pages(planner: Planner, bucket: Bucket) -> Iterator[Page]:
    shown: list[list[str]] = []
    for path, text in index_files(bucket.name, _indexed(planner, bucket, shown)):
        yield _file(f"{bucket.name}/{path}", text)
    for number, chunk in enumerate(in_batches(shown, ARTICLES_A_CHUNK)):
        path = f"{bucket.name}/articles/{number}.js"
        yield _file(path, call(path, chunk))


def _indexed(planner: Planner, bucket: Bucket, shown: list[list[str]]) -> Iterator[Indexed]:
    """The articles of a bucket in the order of their numbers; what a result shows of each goes to `shown`."""
    site_language = planner.config.site.language
    for month in bucket.months:
        for entry, words in planner.catalog.words_of(month):
            if bucket.holds(entry.source):
                section = planner.catalog.slug(entry.section) if entry.section else ""
                shown.append(_result(planner, entry, section))
                if not POLL_NAMES.isdisjoint(entry.shortcodes):
                    words = words.with_more(planner.catalog.polls.texts_for(entry.source))
                yield Indexed(words, entry.lang or site_language, section, month[:4])


def _result(planner: Planner, entry: ArticleEntry, section: str) -> list[str]:
    lang = entry.lang or planner.config.site.language
    iso, day, title = iso_day(entry.date), planner.day(entry.date), planner.section_title(section)
    return [entry.title, entry.permalink, iso, day, title, lang, entry.summary]


def _bucket_list(planner: Planner, *buckets: Bucket) -> Page:
    """Name, number of files of words and number of articles of each bucket, the newest first, undated ones last."""
    counted = _counted(planner, reversed(buckets), planner.catalog.word_totals())
    listed = [(bucket.name, shards_for(words), articles) for bucket, articles, words in counted]
    return _file("index.js", call("index.js", listed))


def _counted(
    planner: Planner, buckets: Iterable[Bucket], totals: dict[str, tuple[int, int]]
) -> Iterator[tuple[Bucket, int, int]]:
    """The buckets that have articles, each with their number, and that of their words."""
    for bucket in buckets:
        if bucket.parts == 1:
            counts = [totals.get(month, (0, 0)) for month in bucket.months]
            yield bucket, sum(articles for articles, _ in counts), sum(words for _, words in counts)
        else:
            held = [n for source, n in planner.catalog.word_counts(bucket.months[0]) if bucket.holds(source)]
            yield bucket, len(held), sum(held)


def _file(path: str, text: str) -> Page:
    path = f"{SEARCH}{path}"
    return Page(output=path, template="search.js", context=LinesContext(path=path, title=path, lines=(text,)))


def _search_page(planner: Planner) -> Page:
    first = (("Archive", ARCHIVE), ("Sections", SECTIONS), ("Tags", TAGS))
    context = SearchContext(
        path=SEARCH,
        title=planner.say("Search"),
        years=tuple(link.path[:-1] for link in planner.years()),
        sections=tuple((link.path.removeprefix(SECTIONS)[:-1], link.title) for link in planner.sections()),
        ways=(*(Link(planner.say(title), path) for title, path in first), *planner.ways()),
    )
    return page("search.html", context)


def _description(planner: Planner) -> Page:
    name, said = planner.config.site.title, planner.config.site.description
    context = OpenSearchContext(
        path=OPENSEARCH,
        title=_cut(name, _SHORT_NAME),
        long_name=_cut(name, _LONG_NAME),
        description=_cut(said or name, _DESCRIPTION),
        url=planner.absolute(SEARCH),
        icon=planner.absolute("assets/icon.svg"),
    )
    return page("opensearch.xml", context)


def _cut(text: str, length: int) -> str:
    """A text of at most so many signs, cut at a word where that is possible."""
    if len(text) <= length:
        return text
    return text[: length + 1].rsplit(" ", 1)[0][:length]
