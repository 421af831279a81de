"""What a person reads while a command is at work."""

import pytest

from sitegen.commands.build import build
from sitegen.model import Location, Problem
from sitegen.terminal import Terminal, how_far, speed
from tests.conftest import SmallSite


def test_progress_tells_the_end_where_it_is_known() -> None:
    assert how_far("read", 1200, 0) == "1,200 content files read"
    assert how_far("pages", 1200, 30_000) == "1,200 of about 30,000 pages made"


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (1200, 0, 10, "120/s"),
        (1200, 2400, 10, "120/s, 10 s left"),
        (100, 10_000, 10, "10/s, 16:30 min left"),
        (1000, 1_000_000, 10, "100/s, 2 h 46 min left"),
        (1000, 1_000_000, 1, "1,000/s"),  # too soon to say
        (2400, 2400, 10, "240/s"),
    ],
)
def test_progress_tells_how_fast_and_how_long_still(done: int, total: int, seconds: float, told: str) -> None:
    assert speed(done, total, seconds) == told


def test_a_short_build_has_no_progress_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal().progress() as progress:
        progress("read", 100)
        progress("pages", 100, 1000)
    assert capsys.readouterr() == ("", "")


def test_about_how_many_pages_there_will_be_is_known_before_they_are_planned(site: SmallSite) -> None:
    for number in range(300):
        date, tags = f"20{number % 9 + 10}-{number % 12 + 1:02d}-{number % 28 + 1:02d}", f"t{number % 7}, t{number % 3}"
        site.add_article(f"s{number % 2}/a{number}", title=f"Title {number}", date=date, tags=tags)
    heard = []
    report = build(site.site, site.tree, lambda stage, done, total=0, /: heard.append((stage, done, total)))
    totals = {total for stage, _done, total in heard if stage == "pages"}
    assert min(totals) == pytest.approx(report.written_count, rel=0.05)
    assert heard[-1][1] == report.written_count


def test_a_problem_moves_no_cursor_and_is_not_endless(capsys: pytest.CaptureFixture[str]) -> None:
    place = Location("content/a\x1b[2J.md", 3)
    Terminal().problems([Problem(place, "x", "there is no \u202e\x07" + "y" * 9_000, "hint\r\nfor it")])
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("content/a\\x1b[2J.md:3: error: there is no \\u202e\\x07yyy")
    assert len(first) < 520 and first.endswith("y…")
    assert second == "    hint: hint\\r\\nfor it"
