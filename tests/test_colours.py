"""Contrast of colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.colours import DARK_ACCENT, DARK_PAPER, ENOUGH, LIGHT_PAPER, contrast, is_colour, readable_on
from sitegen.config import ThemeTable

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOURS, st.sampled_from([LIGHT_PAPER, DARK_PAPER]))
def test_any_colour_has_a_readable_neighbour(colour: str, paper: str) -> None:
    assert contrast(readable_on(paper, colour), paper) >= ENOUGH


def test_a_readable_colour_stays_as_it_is() -> None:
    assert readable_on(LIGHT_PAPER, "#8a1c14") == "#8a1c14"


def test_the_theme_s_own_colours_can_be_read() -> None:
    assert contrast(ThemeTable().accent, LIGHT_PAPER) >= ENOUGH
    assert contrast(DARK_ACCENT, DARK_PAPER) >= ENOUGH


@pytest.mark.parametrize(("text", "expected"), [("#8a1c14", True), ("#8A1C14", True), ("red", False), ("#fff", False)])
def test_a_colour_has_six_digits(text: str, expected: bool) -> None:
    assert is_colour(text) is expected
