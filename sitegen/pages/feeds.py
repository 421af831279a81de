"""Atom feeds: of the whole archive, and of each section."""

import datetime as dt
from collections.abc import Iterator

from sitegen.contexts import FeedContext
from sitegen.model import Entry, Page
from sitegen.pages.cards import FEED, Planner, page

_NEVER = dt.datetime(1970, 1, 2)


def feed_pages(planner: Planner) -> Iterator[Page]:
    """The feeds, if there can be some."""
    if not planner.feed(""):
        return
    size = planner.config.listings.feed_size
    yield _feed(planner, planner.config.site.title, "", planner.catalog.newest(size))
    for section in planner.sections():
        slug = section.path.split("/")[1]
        yield _feed(planner, section.title, section.path, planner.catalog.newest_in_section(slug, size))


def _feed(planner: Planner, title: str, of: str, entries: tuple[Entry, ...]) -> Page:
    times = (entry.updated or entry.date or _NEVER for entry in entries)
    context = FeedContext(
        path=of + FEED,
        title=title,
        description=planner.config.site.description,
        of=of,
        cards=planner.cards(entries),
        updated=max(times, default=_NEVER),
    )
    return page("feed.xml", context)
