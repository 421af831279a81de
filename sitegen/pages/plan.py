"""The site's table of contents: every page that it has, as a stream of parts."""

from collections.abc import Callable, Container, Iterable, Iterator, Set

from sitegen.content.rows import Taxonomy
from sitegen.model import Page
from sitegen.pages.articles import article_parts, raw_copy_parts
from sitegen.pages.assets import asset_parts, style_parts
from sitegen.pages.cards import Part, Planner
from sitegen.pages.data import data_parts
from sitegen.pages.feeds import feed_parts
from sitegen.pages.listings import archive_page, home_page, not_found_page, section_parts
from sitegen.pages.pagination import page_count
from sitegen.pages.periods import on_this_day_parts, period_parts
from sitegen.pages.polls import poll_parts
from sitegen.pages.redirects import OLD_ADDRESSES, redirect_parts
from sitegen.pages.search import search_parts, words_parts
from sitegen.pages.sitemaps import (
    LISTED_PAGES,
    LISTED_PERIODS,
    SITEMAP_INDEX,
    index_parts,
    lastmod_of_listing,
    lastmod_of_sitemap,
    listed_parts,
    robots_page,
    sitemap_parts,
)
from sitegen.pages.taxonomies import taxonomy_parts
from sitegen.pages.titles import TITLES_A_PAGE, title_parts

# The kinds of parts, each under the first word of their keys. Where two pages want one path the first has it, so
# articles come before what is made of them.
KINDS: dict[str, Callable[[Planner], Iterable[Part]]] = {
    "article": article_parts,
    "home": lambda _planner: (Part("home", home_page),),
    "archive": lambda _planner: (Part("archive", archive_page),),
    "period": period_parts,
    "on-this-day": on_this_day_parts,
    "section": section_parts,
    "term": taxonomy_parts,
    "title": title_parts,
    "search": search_parts,
    "words": words_parts,
    "feed": feed_parts,
    "data": data_parts,
    "robots": lambda _planner: (Part("robots", robots_page),),
    "404": lambda _planner: (Part("404", not_found_page),),
    "poll": poll_parts,
    "raw": raw_copy_parts,
    "style": style_parts,
    "asset": asset_parts,
    "sitemap": sitemap_parts,
    "listed": listed_parts,  # behind the others, since they ask what those planned
    "sitemap-index": index_parts,
    OLD_ADDRESSES: redirect_parts,  # last, since an old address gives way to every page
}
OF_TERMS = frozenset({"term", "feed"})  # there are more or fewer of these parts with other terms
OF_THEME = frozenset({"style"})  # with another theme
PERIODS = frozenset({"period", "on-this-day"})
LISTINGS = PERIODS | {"home", "archive", "section", "term", "title", "search"}
WOVEN = PERIODS | {"section", "term", "title", "feed", "data"}  # that can be planned between articles


def plan(planner: Planner, kinds: Container[str] = KINDS) -> Iterator[Part]:
    """All parts of these kinds."""
    for kind, parts in KINDS.items():
        if kind in kinds:
            yield from parts(planner)


def expected_pages(planner: Planner) -> int:
    """About how many files the whole plan has, from what is counted quickly."""
    catalog, size = planner.catalog, planner.config.listings.page_size
    counts = [count for _, _, count in catalog.sections()]
    feeds = 0
    for kind in Taxonomy:
        for term in catalog.terms.every(kind):
            counts.append(term.count)
            feeds += len(planner.term_feeds(kind, "", term.count))
    months, articles = len(catalog.months()), catalog.count()
    periods = months * (2 if planner.config.site.url else 1) + sum(1 for _ in catalog.days())
    calendar, titles = len(catalog.days_of_year()), 2 * articles // TITLES_A_PAGE
    years, rest = 2 * len(planner.years()), 20  # a page and a file of records each; what every site has once
    return articles + years + periods + calendar + titles + feeds + rest + sum(page_count(n, size) for n in counts)


def dated_as(kind: str, made: Page) -> tuple[str, str] | None:
    """What tells of a page of such a part, a sitemap or "sitemap" for their index, and when it changed; or None."""
    if kind in LISTINGS:
        day = lastmod_of_listing(made)
        return None if day is None else (LISTED_PERIODS if kind in PERIODS else LISTED_PAGES, day)
    moment = lastmod_of_sitemap(made) if kind in ("sitemap", "listed") else None
    return None if moment is None else ("sitemap", moment)


def parts_that_tell_of(kinds: Set[str]) -> Iterator[str]:
    """Keys of the parts that must be planned again with parts of these kinds, since they name their pages."""
    if kinds & PERIODS:
        yield LISTED_PERIODS
    if kinds & (LISTINGS - PERIODS):
        yield LISTED_PAGES
    if kinds & (LISTINGS | {"sitemap"}):
        yield SITEMAP_INDEX
