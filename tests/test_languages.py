"""Dates and names of languages."""

import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from sitegen.languages import day_in_words, locale_name, own_name

LANGUAGES = [
    "ar",
    "de",
    "en",
    "es",
    "fa",
    "fr",
    "he",
    "it",
    "ja",
    "nl",
    "pl",
    "pt",
    "ru",
    "th",
    "uk",
    "zh",
    "pt-BR",
    "xx",
]


@given(st.dates(dt.date(1700, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(LANGUAGES))
def test_a_day_is_written_as_babel_writes_it(date: dt.date, language: str) -> None:
    assert day_in_words(date, language) == format_date(date, "long", locale=locale_name(language))


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "français"), ("ar", "العربية"), ("xx", "xx"), ("ja", "日本語")]
)
def test_a_language_names_itself(language: str, expected: str) -> None:
    assert own_name(language) == expected
