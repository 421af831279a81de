"""Sitemaps for crawlers: one a month, one for what has no date, some for listings; and robots.txt."""

from collections.abc import Iterable, Iterator

from sitegen.contexts import (
    ListingContext,
    RobotsContext,
    SitemapContext,
    SitemapIndexContext,
    SitemapUrl,
)
from sitegen.model import Entry, Page
from sitegen.pages.cards import Planner, page
from sitegen.parallel import in_batches

MAX_URLS = 45_000  # the protocol allows 50,000


def with_sitemaps(planner: Planner, listings: Iterable[Page]) -> Iterator[Page]:
    """The pages as they come, then sitemaps that name them and all articles; none without the site's address."""
    if not planner.config.site.url:
        yield from listings
        return
    index: list[SitemapUrl] = []
    urls: list[SitemapUrl] = []
    part = 1
    for listing in listings:
        if len(urls) == MAX_URLS:
            yield _sitemap(planner, "pages", part, urls, index)
            urls, part = [], part + 1
        yield listing
        if listing.output.endswith(".html"):
            urls.append(_listing_url(planner, listing))
    yield _sitemap(planner, "pages", part, urls, index)
    for name, entries in _articles(planner):
        batches = in_batches((_article_url(planner, entry) for entry in entries), MAX_URLS)
        for part, batch in enumerate(batches, 1):
            yield _sitemap(planner, name, part, batch, index)
    yield page("sitemap-index.xml", SitemapIndexContext(path="sitemap.xml", title="sitemap.xml", sitemaps=tuple(index)))


def robots_page(planner: Planner) -> Page:
    """What crawlers ask for first."""
    return page("robots.txt", RobotsContext(path="robots.txt", title="robots.txt"))


def _sitemap(planner: Planner, name: str, part: int, urls: list[SitemapUrl], index: list[SitemapUrl]) -> Page:
    """A sitemap of at most so many addresses as the protocol allows; it is noted in the index."""
    # At the top of the site: a sitemap may only name what lies below its own folder.
    path = f"sitemap-{name}.xml" if part == 1 else f"sitemap-{name}-part{part}.xml"
    index.append(SitemapUrl(planner.absolute(path), max(url.lastmod for url in urls)))
    return page("sitemap.xml", SitemapContext(path=path, title=path, urls=tuple(urls)))


def _articles(planner: Planner) -> Iterator[tuple[str, Iterable[Entry]]]:
    for month, _ in planner.catalog.months():
        yield month, planner.catalog.in_period(month)
    if planner.undated():
        yield "undated", planner.catalog.undated()


def _listing_url(planner: Planner, listing: Page) -> SitemapUrl:
    context = listing.context
    rows = context.rows if isinstance(context, ListingContext) else ()
    return SitemapUrl(planner.absolute(context.path), max((row.iso for row in rows), default=""))


def _article_url(planner: Planner, entry: Entry) -> SitemapUrl:
    date = entry.updated or entry.date
    if not date:
        return SitemapUrl(planner.absolute(entry.permalink))
    has_time = date.hour or date.minute or date.second
    return SitemapUrl(planner.absolute(entry.permalink), planner.moment(date) if has_time else date.date().isoformat())
