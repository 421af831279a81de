"""What languages look like: their direction, and the theme's texts in them."""

import datetime as dt
import gettext
import hashlib
import io
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from sitegen.cache import kept

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


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


class _Field(NamedTuple):
    """A piece of a date's pattern: "d", "M", "y" and what they are written as by number, or "" and fixed text."""

    kind: str
    words: tuple[str, ...]


def day_in_words(date: dt.date, language: str) -> str:
    """A day as the language writes it in full: "12 septembre 2024"."""
    return _in_words(date.year, date.month, date.day, language)


@lru_cache(maxsize=1024)
def month_name(language: str, month: int) -> str:
    """A month's short name as it stands alone, in the head of a table: "sept."."""
    from babel.dates import format_date

    return format_date(dt.date(2000, month, 1), "LLL", locale=locale_name(language))


@lru_cache(maxsize=64)
def own_name(language: str) -> str:
    """A language's name in itself: "français"; the tag where nobody knows it."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language


@lru_cache(maxsize=65_536)
def _in_words(year: int, month: int, day: int, language: str) -> str:
    numbers = {"": 0, "d": day, "M": month}
    pattern = _long_pattern(language)
    return "".join([str(year) if kind == "y" else words[numbers[kind]] for kind, words in pattern])


@lru_cache(maxsize=64)
def _long_pattern(language: str) -> tuple[_Field, ...]:
    # Babel takes 20 µs and more to format a date, and an archive has one in every line.
    from babel.dates import format_date, get_date_format, tokenize_pattern

    locale = locale_name(language)

    def written(kind: str, width: int, dates: Iterable[dt.date]) -> tuple[str, ...]:
        return ("", *(format_date(date, kind * width, locale=locale) for date in dates))

    fields = []
    for _, value in tokenize_pattern(get_date_format("long", locale=locale).pattern):
        if isinstance(value, str):
            fields.append(_Field("", (value,)))
            continue
        kind, width = str(value[0]), int(value[1])
        if kind == "d":
            fields.append(_Field("d", written(kind, width, (dt.date(2000, 1, day) for day in range(1, 32)))))
        elif kind in ("M", "L"):
            fields.append(_Field("M", written(kind, width, (dt.date(2000, month, 1) for month in range(1, 13)))))
        elif kind == "y":
            fields.append(_Field("y", ()))
        else:  # the era, of which we know one
            fields.append(_Field("", (format_date(dt.date(2000, 1, 1), kind * width, locale=locale),)))
    return tuple(fields)


@lru_cache(maxsize=64)
def translations(folders: tuple[str, ...], language: str) -> gettext.NullTranslations:
    """The theme's texts in a language, from the first of its folders that has them; else as they are written."""
    for folder in folders:
        for tag in (language.replace("-", "_"), language.split("-")[0]):
            file = Path(folder, "locales", f"{tag}.po")
            if file.is_file():
                source = file.read_bytes()
                name = f"{tag}-{hashlib.sha256(source).hexdigest()[:32]}.mo"
                return gettext.GNUTranslations(io.BytesIO(kept(name, partial(_compiled, source, tag))))
    return gettext.NullTranslations()


def _compiled(source: bytes, tag: str) -> bytes:
    # Babel's parser takes longer to load than a build with nothing to do takes at all.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=tag))
    return compiled.getvalue()
