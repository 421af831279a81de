"""The site's table of contents: every page that it has, as a stream."""

from collections.abc import Iterator

from sitegen.content.catalog import Taxonomy
from sitegen.model import Page, Problem
from sitegen.pages.articles import article_pages, withdrawn_pages
from sitegen.pages.cards import Planner
from sitegen.pages.data import data_pages, llms_pages, with_lists
from sitegen.pages.feeds import feed_pages
from sitegen.pages.listings import archive_page, home_page, not_found_page, section_pages
from sitegen.pages.periods import on_this_day_pages, period_pages
from sitegen.pages.polls import poll_pages, thanks_pages
from sitegen.pages.redirects import redirect_pages
from sitegen.pages.sitemaps import robots_page, with_sitemaps
from sitegen.pages.taxonomies import taxonomy_pages
from sitegen.pages.titles import title_pages, undated_pages


def plan(planner: Planner) -> Iterator[Page | Problem]:
    """All pages. Where two want one path the first has it, so articles come before what is made of them."""
    yield from article_pages(planner)
    yield from withdrawn_pages(planner)
    yield from with_sitemaps(planner, with_lists(planner, listings(planner)))
    yield from feed_pages(planner)
    yield from data_pages(planner)
    yield from llms_pages(planner)
    yield robots_page(planner)
    yield not_found_page(planner)
    yield from poll_pages(planner)
    yield from thanks_pages(planner)
    yield from redirect_pages(planner)


def listings(planner: Planner) -> Iterator[Page]:
    """Every page that leads to articles."""
    yield home_page(planner)
    yield archive_page(planner)
    yield from period_pages(planner)
    yield from on_this_day_pages(planner)
    yield from section_pages(planner)
    for kind in Taxonomy:
        yield from taxonomy_pages(planner, kind)
    yield from title_pages(planner)
    yield from undated_pages(planner)
