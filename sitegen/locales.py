"""How languages write days, months and numbers: as the CLDR has it, which Babel knows.

Babel takes long to load, takes 4 MB in every process and 20 µs and more for a date, and an archive has one in every
line. So what is written again and again is taken from it once, and kept in the user's cache.
"""

import datetime as dt
import hashlib
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from sitegen.cache import kept

if TYPE_CHECKING:
    from babel import Locale

_PATTERNS = ("y", "MMMM", "LLLL", "LLL")
_SKELETONS = ("yMMMM", "MMMMd")
_CONTEXTS = {"M": "format", "L": "stand-alone"}
_WIDTHS = {3: "abbreviated", 4: "wide", 5: "narrow"}
_WEEKDAY = 5  # signs of a name above a column of a calendar, for which Persian and Arabic have others


class _Field(Struct, frozen=True, array_like=True):
    """A piece of a date's pattern: "d", "M", "y" and what they are written as by number, or "" and fixed text."""

    kind: str
    words: tuple[str, ...]


class _Locale(Struct, frozen=True, array_like=True):
    patterns: dict[str, tuple[_Field, ...]]
    first_weekday: int
    weekdays: tuple[str, ...]
    separator: str  # of thousands
    digits: tuple[int, int]  # of the last group, and of those before it


def day_in_words(date: dt.date, language: str) -> str:
    """A day as the language writes it in full: "12 septembre 2024"."""
    return _in_words(date.year, date.month, date.day, "long", language)


def date_in_words(date: dt.date, pattern: str = "long", *, language: str) -> str:
    """A date by a pattern of the CLDR, or by the name of one: "long", "y", "EEEE"."""
    if pattern in _locale(language).patterns and pattern not in _SKELETONS:
        return _in_words(date.year, date.month, date.day, pattern, language)
    return _by_babel(date, pattern, language)


def month_in_words(year: int, month: int, language: str) -> str:
    """A month of a year: "septembre 2024"."""
    return _in_words(year, month, 1, "yMMMM", language)


def month_name(month: int, language: str) -> str:
    """A month's name as it stands alone, in a headline."""
    return _in_words(2000, month, 1, "LLLL", language)


def short_month_name(month: int, language: str) -> str:
    """The same in short, for the head of a table: "sept."."""
    return _in_words(2000, month, 1, "LLL", language)


def calendar_day(month: int, day: int, language: str) -> str:
    """A day of every year: "14 septembre"."""
    return _in_words(2000, month, day, "MMMMd", language)


def week(language: str) -> tuple[int, tuple[str, ...]]:
    """The day that a week begins with (Monday is 0), and the short names of its days from there."""
    found = _locale(language)
    return found.first_weekday, found.weekdays


def number_in_words(number: float, language: str) -> str:
    """A number with its thousands apart: "4 213"."""
    if isinstance(number, int) and number >= 0:
        return _grouped(number, language)
    from babel.numbers import format_decimal

    return format_decimal(number, locale=locale_name(language))


@lru_cache(maxsize=256)
def locale_name(language: str) -> str:
    """The CLDR locale for dates and numbers; English for a language that Babel does not know."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"


@lru_cache(maxsize=65_536)
def _in_words(year: int, month: int, day: int, pattern: str, language: str) -> str:
    numbers = {"": 0, "d": day, "M": month}
    fields = _locale(language).patterns[pattern]
    return "".join([str(year) if field.kind == "y" else field.words[numbers[field.kind]] for field in fields])


@lru_cache(maxsize=4096)
def _by_babel(date: dt.date, pattern: str, language: str) -> str:
    from babel.dates import format_date

    return format_date(date, pattern, locale=locale_name(language))


@lru_cache(maxsize=4096)
def _grouped(number: int, language: str) -> str:
    digits, groups = str(number), list[str]()
    locale = _locale(language)
    size, more = locale.digits
    while len(digits) > size:
        groups.append(digits[-size:])
        digits, size = digits[:-size], more
    return locale.separator.join([digits, *reversed(groups)])


@lru_cache(maxsize=64)
def _locale(language: str) -> _Locale:
    name = f"locale-{_version()}-{hashlib.sha256(language.encode()).hexdigest()[:16]}"
    return msgspec.msgpack.decode(kept(name, partial(_made, language)), type=_Locale)


@lru_cache(maxsize=1)
def _version() -> str:
    """A hash of what says which Babel is installed, and of this very file."""
    babel = find_spec("babel")
    files = [Path(file) for file in (babel and babel.origin, __file__) if file]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:32]


def _made(language: str) -> bytes:
    from babel import Locale, localedata
    from babel.core import get_global
    from babel.dates import get_date_format, match_skeleton
    from babel.numbers import get_group_symbol

    # Babel keeps names that a locale has from another one in tables that all share: after Japanese was read, French
    # months that stand alone were Japanese (seen in Babel 2.18).
    localedata._cache.clear()
    name = locale_name(language)
    locale = Locale.parse(name)
    known = locale.datetime_skeletons
    patterns = {pattern: pattern for pattern in _PATTERNS}
    patterns["long"] = get_date_format("long", locale=locale).pattern
    for skeleton in _SKELETONS:
        patterns[skeleton] = known[skeleton if skeleton in known else match_skeleton(skeleton, known)].pattern
    # A language alone has no first day: that of the land where most speak it counts.
    first = Locale.parse(name if locale.territory else get_global("likely_subtags").get(name, name)).first_week_day
    days = locale.days["stand-alone"]
    is_long = max(map(len, days["abbreviated"].values())) > _WEEKDAY
    weekdays = days["short" if is_long else "abbreviated"]
    return msgspec.msgpack.encode(
        _Locale(
            {key: _fields(pattern, locale) for key, pattern in patterns.items()},
            first,
            tuple(weekdays[(first + place) % 7] for place in range(7)),
            get_group_symbol(locale),
            locale.decimal_formats[None].grouping,
        )
    )


def _fields(pattern: str, locale: "Locale") -> tuple[_Field, ...]:
    from babel.dates import format_date, tokenize_pattern

    fields = []
    for _, value in tokenize_pattern(pattern):
        kind, width = ("", 0) if isinstance(value, str) else (str(value[0]), int(value[1]))
        if not kind:
            fields.append(_Field("", (str(value),)))
        elif kind == "d":
            fields.append(_Field("d", ("", *(f"{day:0{width}}" for day in range(1, 32)))))
        elif kind in _CONTEXTS:
            names = locale.months[_CONTEXTS[kind]][_WIDTHS[width]] if width in _WIDTHS else None
            fields.append(_Field("M", ("", *(names[n] if names else f"{n:0{width}}" for n in range(1, 13)))))
        elif kind == "y":
            fields.append(_Field("y", ()))
        else:  # the era, of which we know one
            fields.append(_Field("", (format_date(dt.date(2000, 1, 1), kind * width, locale=locale),)))
    return tuple(fields)
