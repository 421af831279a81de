"""Home, the archive by year and month, sections; and what every listing is made of."""

from collections.abc import Iterable, Iterator
from functools import partial

from sitegen.content.rows import Title
from sitegen.contexts import (
    ArchiveContext,
    CountedLink,
    HomeContext,
    Link,
    ListingContext,
    NotFoundContext,
    SectionsContext,
    YearRow,
)
from sitegen.model import Entry, Page
from sitegen.pages.cards import ARCHIVE, SECTIONS, TAGS, Part, Planner, output_of, page
from sitegen.pages.pagination import paginate

_FREQUENT_TERMS = 40


def listing_pages(
    planner: Planner,
    *,
    kind: str,
    title: str,
    base: str,
    titles: Iterable[Title],
    count: int,
    crumbs: tuple[Link, ...] = (),
    feeds: tuple[str, ...] = (),
    newer: Link | None = None,
    older: Link | None = None,
    beside: tuple[CountedLink, ...] = (),
    years: tuple[CountedLink, ...] = (),
) -> Iterator[Page]:
    """The numbered pages of one listing, the oldest first. `titles` come oldest first."""
    rows_of = partial(planner.rows, with_section=kind != "section", with_day=kind != "day")
    for listed in paginate(titles, count, planner.config.listings.page_size, base, _year):
        is_front = listed.pager.is_front
        rows = rows_of(listed.entries)
        context = ListingContext(
            path=listed.path,
            title=title,
            kind=kind,
            crumbs=crumbs if is_front else (*crumbs, Link(title, base)),
            rows=rows[::-1] if kind == "series" else rows,
            pager=listed.pager,
            count=count if is_front else 0,
            newer_period=newer if is_front else None,
            older_period=older if is_front else None,
            beside=beside if is_front else (),
            years=years if is_front else (),
            feeds=feeds,
        )
        yield page("listing.html", context)
        if planner.config.data.listings:
            yield Page(output=json_of(output_of(context.path)), template="listing.json", context=context)


def json_of(output: str) -> str:
    """The same list as data, beside its page."""
    return output.removesuffix("html") + "json"


def home_page(planner: Planner) -> Page:
    """What a visitor sees first: the newest articles; with none dated, the first undated ones."""
    catalog, listings = planner.catalog, planner.config.listings
    newest = catalog.newest(listings.home_size) or _first(catalog.undated(), listings.home_size)
    terms = sorted(
        catalog.terms.frequent(_FREQUENT_TERMS), key=lambda term: (planner.alphabet.key(term.name), term.slug)
    )
    context = HomeContext(
        path="",
        title=planner.config.site.title,
        description=planner.config.site.description,
        feeds=planner.feeds("", planner.config.feeds.site),
        newest=planner.cards(newest),
        sections=planner.sections(),
        years=planner.years(),
        terms=tuple(CountedLink(term.name, f"{TAGS}{term.slug}/", term.count) for term in terms),
        total=catalog.count(),
        undated=planner.undated(),
        ways=planner.ways(),
    )
    return page("home.html", context)


def archive_page(planner: Planner) -> Page:
    """Every year and month with counts."""
    counts = dict(planner.catalog.months())
    rows = []
    for link in planner.years():
        months = (_month_link(planner, f"{link.path[:-1]}-{month:02d}", counts) for month in range(1, 13))
        rows.append(YearRow(link, tuple(months)))
    context = ArchiveContext(
        path=ARCHIVE,
        title=planner.say("Archive"),
        years=tuple(rows),
        undated=planner.undated(),
        total=planner.catalog.count(),
        ways=planner.ways(),
    )
    return page("archive.html", context)


def section_parts(planner: Planner) -> Iterator[Part]:
    """The list of sections, and a listing for each."""
    yield Part("section", _sections_page)
    yield from (Part(f"section {link.path}", _section_pages, (link,)) for link in planner.sections())


def _sections_page(planner: Planner) -> Page:
    context = SectionsContext(path=SECTIONS, title=planner.say("Sections"), sections=planner.sections())
    return page("sections.html", context)


def _section_pages(planner: Planner, section: CountedLink) -> Iterator[Page]:
    slug = section.path.removeprefix(SECTIONS).rstrip("/")
    return listing_pages(
        planner, kind="section", title=section.title, base=section.path, count=section.count,
        titles=planner.catalog.titles_of_section(slug), crumbs=(Link(planner.say("Sections"), SECTIONS),),
        feeds=planner.feeds(section.path, planner.config.feeds.sections),
    )  # fmt: skip


def not_found_page(planner: Planner) -> Page:
    """What the host shows for an address that does not exist."""
    return page("404.html", NotFoundContext(path="404.html", title=planner.say("Page not found")))


def _first(entries: Iterable[Entry], count: int) -> tuple[Entry, ...]:
    return tuple(entry for entry, _ in zip(entries, range(count), strict=False))


def _month_link(planner: Planner, month: str, counts: dict[str, int]) -> CountedLink | None:
    if month not in counts:
        return None
    year, number = month.split("-")
    title = planner.month_name(int(number))
    return CountedLink(title, f"{year}/{number}/", counts[month])


def _year(title: Title) -> str:
    return title.date[:4].lstrip("0")
