"""Dates and numbers in the words of languages, which have to be those that Babel writes."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from babel import Locale, localedata
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from sitegen import locales
from sitegen.locales import (
    calendar_day,
    date_in_words,
    day_in_words,
    locale_name,
    month_in_words,
    month_name,
    number_in_words,
    short_month_name,
    week,
)

LANGUAGES = "ar de en es fa fr he hi it ja nl pl pt ru th uk zh pt-BR de-CH xx".split()
_DATES, _SOME = st.dates(dt.date(1700, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(LANGUAGES)


@given(_DATES, _SOME)
def test_days_are_written_as_babel_writes_them(date: dt.date, language: str) -> None:
    locale = locale_name(language)
    assert day_in_words(date, language) == format_date(date, "long", locale=locale)
    for pattern in ("long", "y", "MMMM", "EEEE d MMM", "yMMMM", "medium"):
        assert date_in_words(date, pattern, language=language) == format_date(date, pattern, locale=locale)


@given(_DATES, _SOME)
def test_months_are_written_as_babel_writes_them(date: dt.date, language: str) -> None:
    locale = locale_name(language)
    localedata._cache.clear()  # languages that were read before leave their names there
    first = date.replace(day=1)
    assert month_in_words(date.year, date.month, language) == format_skeleton("yMMMM", first, locale=locale)
    assert month_name(date.month, language) == format_date(date, "LLLL", locale=locale)
    assert short_month_name(date.month, language) == format_date(date, "LLL", locale=locale)
    leap = date.replace(year=2000)
    assert calendar_day(date.month, date.day, language) == format_skeleton("MMMMd", leap, locale=locale)


@given(st.integers(-5, 10**12) | st.floats(0, 10**6), _SOME)
def test_numbers_are_written_as_babel_writes_them(number: float, language: str) -> None:
    assert number_in_words(number, language) == format_decimal(number, locale=locale_name(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_week_begins_as_it_does_where_the_language_is_spoken(language: str) -> None:
    first, names = week(language)
    localedata._cache.clear()
    days = Locale.parse(locale_name(language)).days["stand-alone"]
    assert names[-first] in {days["abbreviated"][0], days["short"][0]}
    assert len(names) == 7


def test_first_days_and_names_of_weeks() -> None:
    assert week("fr") == (0, ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."))
    assert week("en")[0] == 6
    assert week("en-GB")[0] == 0


@pytest.mark.parametrize("other", ["he", "ja", "zh"])
def test_names_are_the_languages_own_whatever_was_read_before(other: str) -> None:
    localedata._cache.clear()
    format_date(dt.date(2000, 1, 1), "LLLL cccc", locale=other)  # Babel keeps these where it looks for French ones
    made = msgspec.msgpack.decode(locales._made("fr"), type=locales._Locale)
    assert made.patterns["LLLL"][0].words[1] == "janvier"
    assert made.weekdays[0] == "lun."


def test_what_is_kept_of_a_language_is_read_without_babel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    locales._locale.cache_clear()
    made = locales._locale("fr")
    monkeypatch.setattr(locales, "_made", lambda _language: pytest.fail("made again"))
    locales._locale.cache_clear()
    assert locales._locale("fr") == made
