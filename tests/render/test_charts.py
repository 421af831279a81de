"""Bars of charts."""

from hypothesis import given
from hypothesis import strategies as st

from sitegen.contexts import CountedLink, FrequentTerm
from sitegen.render.charts import HEIGHT, Bar, year_chart, year_charts


def years(**counts: int) -> tuple[CountedLink, ...]:
    return tuple(CountedLink(year[1:], f"{year[1:]}/", count) for year, count in counts.items())


def test_years_without_articles_are_gaps() -> None:
    chart = year_chart(years(y2024=4, y2021=1))

    assert chart
    assert chart.bars == (Bar(0, 30, 10), Bar(30, 0, 40))
    assert (chart.width, chart.first, chart.last) == (40, "2021", "2024")


def test_one_year_is_no_chart() -> None:
    assert year_chart(years(y2024=4)) is None
    assert year_chart(()) is None


def test_charts_of_terms_have_the_same_years() -> None:
    terms = (FrequentTerm("a", "a/", 3, years(y2020=1, y2022=2)), FrequentTerm("b", "b/", 1, years(y2024=1)),
             FrequentTerm("c", "c/", 1))  # fmt: skip

    charts = [chart for _, chart in year_charts(terms)]

    assert [chart and (chart.width, chart.first, chart.last) for chart in charts] == [
        (50, "2020", "2024"),
        (50, "2020", "2024"),
        None,
    ]


@given(st.dictionaries(st.integers(1700, 2099), st.integers(1, 10**6), min_size=2, max_size=50))
def test_every_bar_is_seen_and_none_leaves_its_box(counts: dict[int, int]) -> None:
    chart = year_chart(CountedLink(str(year), f"{year}/", count) for year, count in counts.items())

    if max(counts) - min(counts) < 400:
        assert chart
        assert all(bar.height >= 1 and bar.y + bar.height == HEIGHT and bar.x + 8 <= chart.width for bar in chart.bars)
