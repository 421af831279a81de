"""Feeds of the whole archive, of sections, authors and tags: the newest articles as Atom, RSS and JSON Feed."""

import datetime as dt
import re
from collections.abc import Iterator

from sitegen.content.catalog import Taxonomy
from sitegen.contexts import FeedContext, FeedEntry
from sitegen.model import Entry, Page
from sitegen.pages.cards import BASES, Planner, page

_NEVER = dt.datetime(1970, 1, 2)
# What XML can't hold, whatever the escape.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def feed_pages(planner: Planner) -> Iterator[Page]:
    """The feeds, if there can be some."""
    catalog, config = planner.catalog, planner.config
    size = config.listings.feed_size
    if paths := planner.feeds("", config.feeds.site):
        yield from _feeds(planner, config.site.title, "", paths, catalog.newest(size))
    for section in planner.sections():
        if paths := planner.feeds(section.path, config.feeds.sections):
            slug = section.path.split("/")[1]
            yield from _feeds(planner, section.title, section.path, paths, catalog.newest_in_section(slug, size))
    for kind in (Taxonomy.AUTHOR, Taxonomy.TAG):
        for term in catalog.terms(kind):
            of = f"{BASES[kind]}{term.slug}/"
            if paths := planner.term_feeds(kind, of, term.count):
                yield from _feeds(planner, term.name, of, paths, catalog.newest_with_term(term.slug, size, kind))


def _feeds(planner: Planner, title: str, of: str, paths: tuple[str, ...], newest: tuple[Entry, ...]) -> Iterator[Page]:
    """The same articles in each format."""
    entries = tuple(_entry(planner, entry) for entry in newest)
    updated = max((entry.updated or entry.date or _NEVER for entry in newest), default=_NEVER)
    for path in paths:
        context = FeedContext(
            path=path,
            title=_text(title),
            description=_text(planner.config.site.description),
            url=planner.absolute(path),
            home_url=planner.absolute(of),
            entries=entries,
            updated=planner.moment(updated),
            updated_rss=planner.rss_moment(updated),
        )
        yield page(path.rpartition("/")[2], context)


def _entry(planner: Planner, entry: Entry) -> FeedEntry:
    date = entry.date or _NEVER
    return FeedEntry(
        title=_text(entry.title),
        url=planner.absolute(entry.permalink),
        published=planner.moment(date),
        updated=planner.moment(max(entry.updated or date, date)),
        published_rss=planner.rss_moment(date),
        lang=entry.lang if entry.lang != planner.config.site.language else "",
        authors=tuple(map(_text, entry.authors)),
        tags=tuple(map(_text, entry.tags)),
        summary=_text(entry.summary),
    )


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
