"""Years, months and days as pages that never change once they are past, and the days of the calendar in all years."""

import calendar
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import TypeVar

from sitegen.content.rows import Title
from sitegen.contexts import CalendarMonth, CountedLink, DayCell, Link, OnThisDayContext, PeriodContext, RowGroup
from sitegen.locales import week
from sitegen.model import Page
from sitegen.pages.cards import ARCHIVE, ON_THIS_DAY, Part, Planner, day_path, page
from sitegen.pages.listings import listing_pages

_TITLES = 150  # of a year or month that are shown on its page; where there are more, months and days show them
_LEAP_YEAR = 2000

Item = TypeVar("Item")


def period_parts(planner: Planner) -> Iterator[Part]:
    """A page for each year, each month and each day with articles."""
    months = planner.catalog.months()
    years = [(year, sum(count for _, count in group)) for year, group in groupby(months, lambda pair: pair[0][:4])]
    for before, (year, count), after in _with_neighbours(years):
        in_year = tuple(pair for pair in months if pair[0][:4] == year)
        yield Part(f"period {year}", _year_page, (year, count, in_year, before, after))
    days = groupby(planner.catalog.days(), lambda pair: pair[0][:7])
    for (before, (month, count), after), (_, of_month) in zip(_with_neighbours(months), days, strict=True):
        yield Part(f"period {month}", _month_page, (month, count, tuple(of_month), before, after))
    for earlier, (month, days_in), later in _with_neighbours(_days_by_month(planner)):
        ends = (earlier[1][-1] if earlier else None, later[1][0] if later else None)
        yield Part(f"period {month} days", _days_pages, (days_in, *ends))


def _days_by_month(planner: Planner) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    return ((month, tuple(group)) for month, group in groupby(planner.catalog.days(), lambda pair: pair[0][:7]))


def _days_pages(
    planner: Planner, days: tuple[tuple[str, int], ...], first: tuple[str, int] | None, last: tuple[str, int] | None
) -> Iterator[Page]:
    titles = groupby(planner.catalog.titles_of_period(days[0][0][:7]), lambda title: title.date[:10])
    for (before, (day, count), after), (_, of_day) in zip(_with_neighbours(days), titles, strict=True):
        yield from _day_pages(planner, day, count, of_day, before or first, after or last)


def on_this_day_parts(planner: Planner) -> Iterator[Part]:
    """The calendar, and a listing for each of its days, whatever the year."""
    if days := planner.catalog.days_of_year():
        yield Part("on-this-day", _on_this_day, tuple(days))
        yield from (Part(f"on-this-day {day}", _calendar_day_pages, (day, count)) for day, count in days)


def _on_this_day(planner: Planner, *days: tuple[str, int]) -> Page:
    counts = dict(days)
    return page(
        "on-this-day.html",
        OnThisDayContext(
            path=ON_THIS_DAY,
            title=planner.say("On this day"),
            crumbs=(Link(planner.say("Archive"), ARCHIVE),),
            months=tuple(_calendar_month(planner, month, counts) for month in range(1, 13)),
        ),
    )


def _calendar_day_pages(planner: Planner, day: str, count: int) -> Iterator[Page]:
    return listing_pages(
        planner, kind="day-of-year", title=planner.calendar_day(day), base=f"{ON_THIS_DAY}{day}/",
        titles=planner.catalog.titles_of_day(day), count=count,
        crumbs=(Link(planner.say("Archive"), ARCHIVE), Link(planner.say("On this day"), ON_THIS_DAY)),
    )  # fmt: skip


def _year_page(
    planner: Planner,
    year: str,
    count: int,
    months: tuple[tuple[str, int], ...],
    before: tuple[str, int] | None,
    after: tuple[str, int] | None,
) -> Page:
    links = tuple(CountedLink(_month_name(planner, month), _path(month), number) for month, number in months)
    return page(
        "period.html",
        PeriodContext(
            path=_path(year),
            title=str(int(year)),
            kind="year",
            crumbs=(Link(planner.say("Archive"), ARCHIVE),),
            count=count,
            months=links,
            groups=tuple(_groups(planner, year, 7)) if count <= _TITLES else (),
            newer_period=_year_link(after),
            older_period=_year_link(before),
        ),
    )


def _month_page(
    planner: Planner,
    month: str,
    count: int,
    days: tuple[tuple[str, int], ...],
    before: tuple[str, int] | None,
    after: tuple[str, int] | None,
) -> Page:
    names, weeks = _weeks(planner.config.site.language, month)
    cells = {int(day[8:]): DayCell(int(day[8:]), day_path(day), number) for day, number in days}
    return page(
        "period.html",
        PeriodContext(
            path=_path(month),
            title=_month_title(planner, month),
            kind="month",
            crumbs=(Link(planner.say("Archive"), ARCHIVE), Link(str(int(month[:4])), _path(month[:4]))),
            count=count,
            weekdays=names,
            weeks=tuple(tuple(cells.get(day, DayCell(day)) if day else None for day in week) for week in weeks),
            groups=tuple(_groups(planner, month, 10)) if count <= _TITLES else (),
            newer_period=_month_link(planner, after),
            older_period=_month_link(planner, before),
        ),
    )


def _day_pages(
    planner: Planner,
    day: str,
    count: int,
    titles: Iterable[Title],
    before: tuple[str, int] | None,
    after: tuple[str, int] | None,
) -> Iterator[Page]:
    month = day[:7]
    crumbs = (
        Link(planner.say("Archive"), ARCHIVE),
        Link(str(int(day[:4])), _path(day[:4])),
        Link(_month_title(planner, month), _path(month)),
    )
    return listing_pages(
        planner, kind="day", title=planner.day_title(day), base=day_path(day), count=count, crumbs=crumbs,
        titles=titles, newer=_day_link(planner, after), older=_day_link(planner, before),
    )  # fmt: skip


def _groups(planner: Planner, period: str, length: int) -> Iterator[RowGroup]:
    """Titles of a year by month, or of a month by day."""
    rows_of = partial(planner.rows, with_day=length == 7)
    titles: Iterable[Title] = planner.catalog.titles_of_period(period)
    for part, group in groupby(titles, lambda title: title.date[:length]):
        name = _month_name(planner, part) if length == 7 else planner.day_title(part)
        yield RowGroup(name, _path(part) if length == 7 else day_path(part), rows_of(group))


def _calendar_month(planner: Planner, month: int, counts: dict[str, int]) -> CalendarMonth:
    days = []
    for number in range(1, calendar.monthrange(_LEAP_YEAR, month)[1] + 1):
        day = f"{month:02d}-{number:02d}"
        days.append(DayCell(number, f"{ON_THIS_DAY}{day}/", counts[day]) if day in counts else DayCell(number))
    return CalendarMonth(planner.month_name(month), tuple(days))


def _weeks(language: str, month: str) -> tuple[tuple[str, ...], list[list[int]]]:
    """Short names of the days of a week, and the weeks of a month, as the language begins them."""
    first, names = week(language)
    return names, calendar.Calendar(first).monthdayscalendar(int(month[:4]), int(month[5:7]))


def _path(period: str) -> str:
    return period.replace("-", "/") + "/"


def _month_title(planner: Planner, month: str) -> str:
    return planner.month_title(int(month[:4]), int(month[5:7]))


def _month_name(planner: Planner, month: str) -> str:
    return planner.month_name(int(month[5:7]))


def _year_link(pair: tuple[str, int] | None) -> Link | None:
    return Link(str(int(pair[0])), _path(pair[0])) if pair else None


def _month_link(planner: Planner, pair: tuple[str, int] | None) -> Link | None:
    return Link(_month_title(planner, pair[0]), _path(pair[0])) if pair else None


def _day_link(planner: Planner, pair: tuple[str, int] | None) -> Link | None:
    return Link(planner.day_title(pair[0]), day_path(pair[0])) if pair else None


def _with_neighbours(items: Iterable[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    before: Item | None = None
    current: Item | None = None
    for after in items:
        if current is not None:
            yield before, current, after
        before, current = current, after
    if current is not None:
        yield before, current, None
