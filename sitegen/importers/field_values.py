"""What the fields of other people's data say: a text, a list of names, a date, yes or no."""

import datetime as dt
import re
from typing import Any, NamedTuple

from sitegen.importers.dates import date_of_line
from sitegen.importers.html_to_markdown import text_of_fragment
from sitegen.importers.web_page.metadata import parse_moment

# Where a value is an object, this is what it is called by.
_NAMES = ("rendered", "name", "title", "label", "value", "text", "url", "src", "href", "$t", "#text", "@value", "$date")
_NAME_PARTS = ("first_name", "firstname", "given", "last_name", "lastname", "family")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SEPARATORS = ("\n", ";", "|", ",")
_SECONDS = re.compile(r"-?\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-]?(\d{2})[/.-]?(\d{2})(?:[ T]+(\d{2}):?(\d{2}):?(\d{2})?)?")
_NEVER = ("0000-00-00", "null", "none", "nan")
_TRUE = frozenset("true yes y 1 on".split())
_FALSE = frozenset("false no n 0 off".split()) | {""}
_MAX_DEPTH = 10
_MAX_NAMES = 500


class Dated(NamedTuple):
    """A date, and why it is taken so where the field could mean another."""

    date: dt.datetime | dt.date
    reason: str = ""


def text_of(value: Any) -> str:
    """One text, whatever shape it has; "" where there is none."""
    match value:
        case None | False:
            return ""
        case True:
            return "true"
        case dict():
            parts = [text_of(value[name]) for name in _NAME_PARTS if value.get(name)]
            found = (text_of(value[name]) for name in _NAMES if value.get(name) not in (None, ""))
            return next(found, "") or " ".join(parts)
        case list():
            return ", ".join(filter(None, map(text_of, value)))
        case _:
            return str(value)


def plain_text_of(value: Any) -> str:
    """One text on one line, without markup and entities."""
    text = text_of(value)
    return text_of_fragment(text) if _MARKUP.search(text) else " ".join(text.split())


def names_of(value: Any) -> tuple[str, ...]:
    """Names of a list, or of a text with commas, semicolons, bars or lines between them; each once."""
    if isinstance(value, str):
        separator = next((sign for sign in _SEPARATORS if sign in value.strip()), "")
        parts = value.split(separator) if separator else [value]
    else:
        parts = list(value) if isinstance(value, list) else [value]
    names = (plain_text_of(part).strip("#").strip() for part in parts[:_MAX_NAMES])
    return tuple(dict.fromkeys(name for name in names if name))


def flag_of(value: Any) -> bool | None:
    """Yes or no; None where it says neither."""
    word = text_of(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def date_of(value: Any) -> Dated | None:
    """A date in any of the forms that programs write, or None: no date is made up."""
    if isinstance(value, dt.date):
        return Dated(value)
    text = text_of(value).strip()
    if not text or text.lower().startswith(_NEVER):
        return None
    if _SECONDS.fullmatch(text):
        return _of_seconds(float(text), "seconds since 1970")
    if _MILLISECONDS.fullmatch(text):
        return _of_seconds(int(text) / 1000, "milliseconds since 1970")
    if match := _SLASHED.fullmatch(text):
        return _of_slashed(match)
    if match := _YEAR_FIRST.fullmatch(text):
        return _dated(*match.group(1, 2, 3, 4, 5, 6))
    if moment := parse_moment(text):
        return Dated(moment)
    day = date_of_line(text)
    return Dated(day) if day else None


def as_text(value: Any, depth: int = 0) -> Any:
    """Lists and tables of text, which is all that front matter knows."""
    if depth > _MAX_DEPTH:
        return text_of(value)
    if isinstance(value, dict):
        return {str(key): as_text(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_text(part, depth + 1) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _of_seconds(seconds: float, unit: str) -> Dated | None:
    try:
        return Dated(dt.datetime.fromtimestamp(int(seconds), dt.UTC), f"the number is taken as {unit}")
    except (ValueError, OverflowError, OSError):
        return None


def _of_slashed(match: re.Match[str]) -> Dated | None:
    """Day and month apart where one of them can be no month; 03/04/2024 may be two days and is none."""
    first, second, year = match[1], match[2], match[3]
    if "." in match[0].split(" ")[0]:
        return _dated(year, second, first, match[4], match[5], match[6])
    if int(first) == int(second) or int(first) > 12:
        return _dated(year, second, first, match[4], match[5], match[6], reason="the day is written first")
    if int(second) > 12:
        return _dated(year, first, second, match[4], match[5], match[6], reason="the month is written first")
    return None


def _dated(year: str, month: str, day: str, *time: str | None, reason: str = "") -> Dated | None:
    try:
        if not time or not time[0]:
            return Dated(dt.date(int(year), int(month), int(day)), reason)
        hour, minute, second = (int(part or 0) for part in time)
        return Dated(dt.datetime(int(year), int(month), int(day), hour, minute, second), reason)
    except ValueError:
        return None
