"""Sitemaps for crawlers: one a month, one for what has no date, one for each kind of listings; and robots.txt."""

from collections.abc import Iterable, Iterator

from sitegen.contexts import ListingContext, RobotsContext, SitemapContext, SitemapIndexContext, SitemapUrl
from sitegen.mapping import in_batches
from sitegen.model import Dated, Page
from sitegen.pages.cards import Part, Planner, page

MAX_URLS = 45_000  # the protocol allows 50,000
SITEMAP_INDEX = "sitemap-index"
# Parts that are sitemaps of listings; most are periods, which other tags leave as they are.
LISTED_PERIODS, LISTED_PAGES = LISTED = ("listed periods", "listed pages")


def sitemap_parts(planner: Planner) -> Iterator[Part]:
    """Sitemaps of articles; none as long as the site does not know its address."""
    if planner.config.site.url:
        yield from (Part(f"sitemap {month}", _article_sitemaps, (month,)) for month, _ in planner.catalog.months())
        if planner.undated():
            yield Part("sitemap undated", _article_sitemaps, ("undated",))


def listed_parts(planner: Planner) -> Iterator[Part]:
    """Sitemaps of listings: what they name is asked of the plan itself."""
    if planner.config.site.url:
        yield from (Part(listed, _listing_sitemaps, (listed,)) for listed in LISTED)


def index_parts(planner: Planner) -> Iterator[Part]:
    """The index of all sitemaps, which is asked of the plan too."""
    if planner.config.site.url:
        yield Part(SITEMAP_INDEX, _index_page)


def robots_page(planner: Planner) -> Page:
    """What crawlers ask for first."""
    return page("robots.txt", RobotsContext(path="robots.txt", title="robots.txt"))


def lastmod_of_listing(listing: Page) -> str | None:
    """The day of a listing's newest article, as the sitemap tells; "" where nobody knows, None for what is no page."""
    context = listing.context
    rows = context.rows if isinstance(context, ListingContext) else ()
    return max((row.iso for row in rows), default="") if listing.output.endswith(".html") else None


def lastmod_of_sitemap(sitemap: Page) -> str | None:
    """The newest of the moments in a sitemap; None for another page."""
    context = sitemap.context
    return max(url.lastmod for url in context.urls) if isinstance(context, SitemapContext) else None


def _article_sitemaps(planner: Planner, name: str) -> Iterator[Page]:
    entries = planner.catalog.in_period("" if name == "undated" else name)
    return _sitemaps(name, (_article_url(planner, entry) for entry in entries))


def _listing_sitemaps(planner: Planner, listed: str) -> Iterator[Page]:
    return _sitemaps(listed.partition(" ")[2], (_url(planner, *pair) for pair in planner.dated_outputs(listed)))


def _index_page(planner: Planner) -> Page:
    index = tuple([_url(planner, output, lastmod) for output, lastmod in planner.dated_outputs("sitemap")])
    return page("sitemap-index.xml", SitemapIndexContext(path="sitemap.xml", title="sitemap.xml", sitemaps=index))


def _sitemaps(name: str, urls: Iterable[SitemapUrl]) -> Iterator[Page]:
    """Sitemaps of at most so many addresses as the protocol allows."""
    for part, batch in enumerate(in_batches(urls, MAX_URLS), 1):
        # At the top of the site: a sitemap may only name what lies below its own folder.
        path = f"sitemap-{name}.xml" if part == 1 else f"sitemap-{name}-part{part}.xml"
        yield page("sitemap.xml", SitemapContext(path=path, title=path, urls=tuple(batch)))


def _url(planner: Planner, output: str, lastmod: str) -> SitemapUrl:
    return SitemapUrl(planner.absolute(output.removesuffix("index.html")), lastmod)


def _article_url(planner: Planner, entry: Dated) -> SitemapUrl:
    date = entry.updated or entry.date
    if not date:
        return SitemapUrl(planner.absolute(entry.permalink))
    has_time = date.hour or date.minute or date.second
    return SitemapUrl(planner.absolute(entry.permalink), planner.moment(date) if has_time else date.date().isoformat())
