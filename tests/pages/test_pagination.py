from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Entry
from sitegen.pages.pagination import jumps_from, page_count, page_path, paginate


def entries(count: int) -> list[Entry]:
    return [Entry(source=f"{n}.md", permalink=f"{n}/", title=str(n)) for n in range(count)]


def numbers(count: int, size: int) -> dict[str, list[int]]:
    return {page.path: [int(e.title) for e in page.entries] for page in paginate(entries(count), count, size, "t/")}


def test_the_front_page_has_the_newest_and_is_never_nearly_empty() -> None:
    assert numbers(0, 3) == {"t/": []}
    assert numbers(5, 3) == {"t/": [4, 3, 2, 1, 0]}
    assert numbers(7, 3) == {"t/page/1/": [2, 1, 0], "t/": [6, 5, 4, 3]}


@given(st.integers(0, 200), st.integers(1, 20))
def test_each_entry_stands_on_one_page_newest_first(count: int, size: int) -> None:
    pages = list(paginate(entries(count), count, size, "t/"))
    assert [int(e.title) for page in reversed(pages) for e in page.entries] == list(range(count))[::-1]
    assert [page.pager.is_front for page in pages] == [False] * (len(pages) - 1) + [True]
    assert all(len(page.entries) == size for page in pages[:-1])
    assert len(pages[-1].entries) < 2 * size


@given(st.integers(1, 120), st.integers(1, 10))
def test_a_new_entry_never_changes_a_full_page(count: int, size: int) -> None:
    before, after = numbers(count, size), numbers(count + 1, size)
    assert all(after[path] == page for path, page in before.items() if path != "t/")


def test_pages_are_chained() -> None:
    pages = {page.path: page.pager for page in paginate(entries(9), 9, 3, "t/")}
    assert pages["t/page/1/"].newer == "t/page/2/"
    assert pages["t/page/2/"].newer == "t/"
    assert pages["t/"].older == "t/page/2/"
    assert pages["t/page/1/"].older is None


@given(st.integers(1, 40_000), st.data())
def test_any_page_is_at_most_three_jumps_from_the_front_page(pages: int, data: st.DataObject) -> None:
    wanted = data.draw(st.integers(1, pages))
    way = [pages]
    while way[-1] != wanted:
        ahead = [number for number in (*jumps_from(way[-1], pages), way[-1] - 1) if number >= wanted]
        way.append(min(ahead))
    assert len(way) <= 4
    assert len(jumps_from(pages, pages)) <= 2 * 20 + pages // 400


def test_a_full_page_leads_to_older_pages_alone_and_so_stays_as_it_is() -> None:
    for number in range(1, 1000):
        assert jumps_from(number, 1000) == jumps_from(number, 5000)
        assert all(other < number - 1 for other in jumps_from(number, 1000))


def test_jumps_are_called_by_their_oldest_entry() -> None:
    *_, front = paginate(entries(9), 9, 2, "t/", lambda entry: f"from {entry.title}")
    assert [(jump.number, jump.path, jump.title) for jump in front.pager.jumps] == [
        (2, "t/page/2/", "from 2"),
        (1, "t/page/1/", "from 0"),
    ]


def clicks_to(number: int, pages: int) -> int:
    """Jumps from the front page to a numbered one."""
    place, clicks = pages, 0
    while place != number:
        ahead = [other for other in (*jumps_from(place, pages), place - 1) if other >= number]
        place, clicks = min(ahead), clicks + 1
    return clicks


def test_any_dated_article_of_a_million_is_at_most_five_clicks_from_home() -> None:
    # Home, year, month, day, article: four clicks, and one is left for a jump within the day.
    for years, busiest in ((170, 3.0), (50, 3.0), (10, 2.0)):
        a_day = int(1_000_000 / (years * 365) * busiest)  # on the busiest day
        pages = page_count(a_day, 40)
        assert 4 + max(clicks_to(number, pages) for number in range(1, pages + 1)) <= 5


def test_pages_from_the_thousandth_on_lie_in_folders_of_a_thousand() -> None:
    assert page_path("t/", 999, 2400) == "t/page/999/"
    assert page_path("t/", 1000, 2400) == "t/page/1000s/1000/"
    assert page_path("t/", 2399, 2400) == "t/page/2000s/2399/"
    assert page_path("t/", 2400, 2400) == "t/"
