"""Counts become the bars of a chart: whole numbers, so that a template only has to write them down."""

from collections.abc import Iterable

from msgspec import Struct

from sitegen.contexts import CountedLink, FrequentTerm

HEIGHT = 40
_PITCH = 10  # of one bar and the gap beside it
_MOST = 400


class Bar(Struct, frozen=True):
    """A bar and where it stands, in a box that is HEIGHT high."""

    x: int
    y: int
    height: int


class Chart(Struct, frozen=True):
    """Bars by year, and the years at both ends."""

    width: int
    bars: tuple[Bar, ...]
    first: str
    last: str


def year_chart(links: Iterable[CountedLink]) -> Chart | None:
    """Articles by year, in whatever order they come; years without any are gaps. None where there is nothing to see."""
    counts = _counts(links)
    return _chart(counts, min(counts), max(counts)) if len(counts) > 1 else None


def year_charts(terms: Iterable[FrequentTerm]) -> list[tuple[FrequentTerm, Chart | None]]:
    """Each term with its articles by year; all charts have the same years."""
    counted = [(term, _counts(term.years)) for term in terms]
    years = [year for _, counts in counted for year in counts]
    return [(term, _chart(counts, min(years), max(years)) if counts else None) for term, counts in counted]


def _counts(links: Iterable[CountedLink]) -> dict[int, int]:
    return {int(link.title): link.count for link in links if link.title.isdecimal()}


def _chart(counts: dict[int, int], first: int, last: int) -> Chart | None:
    if last - first >= _MOST:
        return None
    most = max(counts.values())
    bars = (_bar(year - first, count, most) for year, count in sorted(counts.items()))
    return Chart((last - first + 1) * _PITCH, tuple(bars), str(first), str(last))


def _bar(place: int, count: int, most: int) -> Bar:
    height = max(1, count * HEIGHT // most)
    return Bar(place * _PITCH, HEIGHT - height, height)
