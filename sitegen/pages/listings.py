"""Home, the archive by year and month, sections, and the undated articles."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

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
from sitegen.pages.cards import ARCHIVE, SECTIONS, TAGS, UNDATED, Planner, page
from sitegen.pages.pagination import paginate

_FREQUENT_TERMS = 40


def listing_pages(
    planner: Planner,
    *,
    kind: str,
    title: str,
    base: str,
    entries: Iterable[Entry],
    count: int,
    crumbs: tuple[Link, ...] = (),
    feed: str = "",
    months: tuple[CountedLink, ...] = (),
    newer: Link | None = None,
    older: Link | None = None,
) -> Iterator[Page]:
    """The numbered pages of one listing, the oldest first. `entries` come oldest first."""
    row = partial(planner.row, with_section=kind != "section")
    for listed in paginate(entries, count, planner.config.listings.page_size, base):
        is_front = listed.pager.is_front
        context = ListingContext(
            path=listed.path,
            title=title,
            kind=kind,
            crumbs=crumbs if is_front else (*crumbs, Link(title, base)),
            rows=tuple(map(row, listed.entries)),
            pager=listed.pager,
            count=count if is_front else 0,
            months=months if is_front else (),
            newer_period=newer if is_front else None,
            older_period=older if is_front else None,
            feed=feed,
        )
        yield page("listing.html", context)


def home_page(planner: Planner) -> Page:
    """What a visitor sees first: the newest articles; with none dated, the first undated ones."""
    catalog, listings = planner.catalog, planner.config.listings
    newest = catalog.newest(listings.home_size) or _first(catalog.undated(), listings.home_size)
    terms = sorted(catalog.frequent_terms(_FREQUENT_TERMS), key=lambda term: term.slug)
    context = HomeContext(
        path="",
        title=planner.config.site.title,
        description=planner.config.site.description,
        feed=planner.feed(""),
        newest=planner.cards(newest),
        sections=planner.sections(),
        years=planner.years(),
        terms=tuple(CountedLink(term.name, f"{TAGS}{term.slug}/", term.count) for term in terms),
        total=catalog.count(),
        undated=planner.undated(),
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
    )
    return page("archive.html", context)


def period_pages(planner: Planner) -> Iterator[Page]:
    """A listing for each year and for each month with articles."""
    months = planner.catalog.months()
    years = [(year, list(group)) for year, group in groupby(months, key=lambda pair: pair[0][:4])]
    archive = Link(planner.say("Archive"), ARCHIVE)
    for place, (year, parts) in enumerate(years):
        counts = dict(parts)
        link = Link(str(int(year)), f"{year}/")
        yield from listing_pages(
            planner, kind="year", title=link.title, base=link.path, entries=planner.catalog.in_period(year),
            count=sum(counts.values()), crumbs=(archive,),
            months=tuple(found for month in counts if (found := _month_link(planner, month, counts))),
            newer=_year_link(years, place + 1), older=_year_link(years, place - 1),
        )  # fmt: skip
    for place, (month, count) in enumerate(months):
        year, number = month.split("-")
        yield from listing_pages(
            planner, kind="month", title=planner.month_title(int(year), int(number)), base=f"{year}/{number}/",
            entries=planner.catalog.in_period(month), count=count,
            crumbs=(archive, Link(str(int(year)), f"{year}/")),
            newer=_period_link(planner, months, place + 1), older=_period_link(planner, months, place - 1),
        )  # fmt: skip


def section_pages(planner: Planner) -> Iterator[Page]:
    """The list of sections, and a listing for each."""
    title = planner.say("Sections")
    sections = planner.sections()
    yield page("sections.html", SectionsContext(path=SECTIONS, title=title, sections=sections))
    for section in sections:
        slug = section.path.removeprefix(SECTIONS).rstrip("/")
        yield from listing_pages(
            planner, kind="section", title=section.title, base=section.path, entries=planner.catalog.in_section(slug),
            count=section.count, crumbs=(Link(title, SECTIONS),), feed=planner.feed(section.path),
        )  # fmt: skip


def undated_pages(planner: Planner) -> Iterator[Page]:
    """The articles without a date, by title."""
    if link := planner.undated():
        # A listing shows its entries the other way round; by title, A comes first.
        entries = reversed(tuple(planner.catalog.undated()))
        yield from listing_pages(
            planner, kind="undated", title=link.title, base=UNDATED, entries=entries, count=link.count,
            crumbs=(Link(planner.say("Archive"), ARCHIVE),),
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
    title = planner.month_title(int(year), int(number), "MMMM")
    return CountedLink(title, f"{year}/{number}/", counts[month])


def _year_link(years: list[tuple[str, list[tuple[str, int]]]], place: int) -> Link | None:
    if not 0 <= place < len(years):
        return None
    year = years[place][0]
    return Link(str(int(year)), f"{year}/")


def _period_link(planner: Planner, months: list[tuple[str, int]], place: int) -> Link | None:
    if not 0 <= place < len(months):
        return None
    year, number = months[place][0].split("-")
    return Link(planner.month_title(int(year), int(number)), f"{year}/{number}/")
