"""Sitemaps for crawlers: one a year, one for what has no date, one for listings; and robots.txt."""

from collections.abc import Iterable, Iterator

from sitegen.contexts import RobotsContext, SitemapContext, SitemapIndexContext, SitemapUrl
from sitegen.model import Entry, Page
from sitegen.pages.cards import ARCHIVE, SECTIONS, TAGS, UNDATED, Planner, page
from sitegen.parallel import in_batches

MAX_URLS = 45_000  # the protocol allows 50,000


def sitemap_pages(planner: Planner) -> Iterator[Page]:
    """The sitemaps and their index; none as long as the site does not know its address."""
    if not planner.config.site.url:
        return
    names: list[str] = []
    for name, urls in _sources(planner):
        for number, batch in enumerate(in_batches(urls, MAX_URLS), 1):
            # At the top of the site: a sitemap may only name what lies below its own folder.
            path = f"sitemap-{name}.xml" if number == 1 else f"sitemap-{name}-{number}.xml"
            names.append(path)
            yield page("sitemap.xml", SitemapContext(path=path, title=path, urls=tuple(batch)))
    yield page(
        "sitemap-index.xml",
        SitemapIndexContext(path="sitemap.xml", title="sitemap.xml", sitemaps=tuple(names)),
    )


def robots_page(planner: Planner) -> Page:
    """What crawlers ask for first."""
    return page("robots.txt", RobotsContext(path="robots.txt", title="robots.txt"))


def _sources(planner: Planner) -> Iterator[tuple[str, Iterable[SitemapUrl]]]:
    yield "pages", _listings(planner)
    for year in planner.years():
        yield year.path.rstrip("/"), map(_url, planner.catalog.in_period(year.path.rstrip("/")))
    if planner.undated():
        yield "undated", map(_url, planner.catalog.undated())


def _listings(planner: Planner) -> Iterator[SitemapUrl]:
    paths = ["", ARCHIVE, SECTIONS, TAGS]
    paths += [section.path for section in planner.sections()]
    for month, _ in planner.catalog.months():
        year, number = month.split("-")
        paths += [f"{year}/", f"{year}/{number}/"]
    paths += [UNDATED] if planner.undated() else []
    yield from (SitemapUrl(path) for path in dict.fromkeys(paths))
    yield from (SitemapUrl(f"{TAGS}{term.slug}/") for term in planner.catalog.terms())


def _url(entry: Entry) -> SitemapUrl:
    date = entry.updated or entry.date
    return SitemapUrl(entry.permalink, date.date() if date else None)
