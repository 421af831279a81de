"""Feeds of the whole archive, of sections, authors and tags: the newest articles as Atom, RSS and JSON Feed."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from sitegen.content.rows import Taxonomy, Term
from sitegen.contexts import FeedContext, FeedEntry
from sitegen.model import Entry, Page
from sitegen.pages.cards import BASES, Part, Planner, page

_NEVER = dt.datetime(1970, 1, 2)


def feed_parts(planner: Planner) -> Iterator[Part]:
    """The feeds, if there can be some."""
    if not planner.config.site.url:
        return
    yield Part("feed", _site_feeds)
    yield from (Part(f"feed {link.path}", _section_feeds, (link.title, link.path)) for link in planner.sections())
    for kind in (Taxonomy.AUTHOR, Taxonomy.TAG):
        for term in planner.catalog.terms.every(kind):
            if planner.term_feeds(kind, "", term.count):
                yield Part(f"feed {kind} {term.slug}", _term_feeds, (kind, term))


def _site_feeds(planner: Planner) -> Iterator[Page]:
    newest = planner.catalog.newest(planner.config.listings.feed_size)
    return _feeds(planner, planner.config.site.title, "", planner.feeds("", planner.config.feeds.site), newest)


def _section_feeds(planner: Planner, title: str, path: str) -> Iterator[Page]:
    newest = planner.catalog.newest_in_section(path.split("/")[1], planner.config.listings.feed_size)
    return _feeds(planner, title, path, planner.feeds(path, planner.config.feeds.sections), newest)


def _term_feeds(planner: Planner, kind: Taxonomy, term: Term) -> Iterator[Page]:
    of = f"{BASES[kind]}{term.slug}/"
    newest = planner.catalog.terms.newest(term.slug, planner.config.listings.feed_size, kind)
    return _feeds(planner, term.name, of, planner.term_feeds(kind, of, term.count), newest)


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
    return _not_in_xml().sub("", text)


@cache
def _not_in_xml() -> "re.Pattern[str]":
    """What XML can't hold, whatever the escape. Few builds ask for it, and to make it takes long."""
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
