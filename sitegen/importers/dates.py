"""Dates as raw articles give them: in file names, and in lines of their own under the title."""

import datetime as dt
import re
from functools import lru_cache

_LANGUAGES = (
    "fr",
    "en",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "ru",
    "uk",
    "ar",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "ro",
    "hu",
    "tr",
    "el",
    "ca",
)
_FILE_NAME = re.compile(r"(?:^|/)(\d{4})-(\d{2})-(\d{2})(?:[-_. ]|$)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_WORD = r"[^\W\d_]+(?:[’'][^\W\d_]+)?\.?"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th|\.|º|ª)?\s+(?:de\s+|d['’])?({_WORD})\.?,?\s+(?:de\s+|del\s+)?(\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(rf"({_WORD})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_TIME = re.compile(r"\b\d{1,2}\s*[:hH]\s*\d{2}(?:\s*[ap]\.?m\.?)?", re.IGNORECASE)
_SAID = re.compile(
    r"^(?:publi[ée]e?s?|mis[e]? en ligne|mis[e]? à jour|paru|post[ée]d?|published|updated|veröffentlicht|erschienen"
    r"|publicado|pubblicato|gepubliceerd|geplaatst|opublikowano|опубликовано|опубліковано|дата|نشر|نُشر|تاريخ|date|datum|fecha|data)\b",
    re.IGNORECASE,
)
_MAX_LENGTH = 70
_MAX_OTHER_WORDS = 4


def date_of_file_name(path: str) -> dt.date | None:
    """Date that a file name starts with: 2024-09-14-some-title.txt."""
    match = _FILE_NAME.search(path)
    return _date(match[1], match[2], match[3]) if match else None


def date_of_line(line: str) -> dt.date | None:
    """Date of a line that holds a date and little else: "Publié le 14 septembre 2024", "June 7, 2013"."""
    if len(line) > _MAX_LENGTH or not any(char.isdigit() for char in line):
        return None
    for pattern, order in ((_ISO, "ymd"), (_DOTTED, "dmy"), (_DAY_MONTH, "dMy"), (_MONTH_DAY, "Mdy")):
        for match in pattern.finditer(line):
            date = _from(dict(zip(order, match.groups(), strict=True)))
            rest = _TIME.sub("", line[: match.start()] + " " + line[match.end() :])
            if (
                date
                and (_SAID.match(line) or len(rest.split()) <= _MAX_OTHER_WORDS)
                and len(rest.split()) <= 2 * _MAX_OTHER_WORDS
            ):
                return date if _SAID.match(line) or not _has_prose(rest) else None
    return None


def _from(parts: dict[str, str]) -> dt.date | None:
    month = parts.get("m") or _months().get(parts.get("M", "").casefold().rstrip("."))
    return _date(parts["y"], str(month), parts["d"]) if month else None


def _has_prose(rest: str) -> bool:
    """Whether more is said than a weekday, a place or a preposition."""
    return sum(word[:1].islower() and len(word) > 3 for word in rest.split()) > 1


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names, whole and short, of many languages; a name that means two months in two languages is left out."""
    from babel import Locale

    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    found.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and not name.isdigit()}
