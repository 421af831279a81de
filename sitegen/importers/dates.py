"""Dates as raw articles give them: in file names, and in lines of their own near the title."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from sitegen.importers.persian_calendar import persian_date, persian_dates
from sitegen.importers.phrases import folded

# Where a date is not in the article's own language it is mostly in one of these.
_COMMON = tuple("en fr de es it pt nl pl ru uk ar sv da nb fi cs ro hu tr el ca he fa bg sr hr vi id".split())
_VARIANTS = {"ar": ("ar_LB", "ar_DZ", "ar_MA"), "de": ("de_AT",), "no": ("nb", "nn"), "pt": ("pt_PT",)}
_YEARS = range(1800, 2101)
_PERSIAN = ("fa", "ps")  # where numbers are of the solar Hijri calendar

_FILE_NAME = re.compile(
    r"(?:^|[/_ ])(?P<y>\d{4})(?P<s>[-_.]?)(?P<m>\d{2})(?P=s)(?P<d>\d{2})(?=[-_. T]|$)"
    r"|(?:^|/)(?P<y2>\d{4})/(?P<m2>\d{2})/(?P<d2>\d{2})(?=[-_. /])"
    r"|(?<=-)(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})(?=\.\w+$|$)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>\d{4})([-/.])\s?(?P<m>\d{1,2})\2\s?(?P<d>\d{1,2})(?!\d)")
_SIGNS = re.compile(r"(?<!\d)(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일号號]?")
_NUMBERS = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<s>[./-])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<y>\d{4})(?!\d)")
_WORD = r"[^\W\d_]+(?:[’'][^\W\d_]+)?\.?"
_ORDINAL = r"(?:er|re|st|nd|rd|th|[.ºª°]|-?[оегй]{1,2})?"
_NOUNS = (
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}\s+(?:de\s+|d['’]|of\s+|ב(?=\w))?(?P<M>{_WORD})"
        r"\.?,?\s+(?:de[l]?\s+)?(?P<y>\d{4})(?!\d)"
    ),
    re.compile(rf"(?<!\w)(?P<M>{_WORD})\s+(?P<d>\d{{1,2}}){_ORDINAL},?\s+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})[.,]?\s+(?:m\.\s+|gada\s+)?(?P<M>{_WORD})\s+(?P<d>\d{{1,2}})(?!\d)\.?"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:,|\s+năm)?\s+(?P<y>\d{4})(?!\d)"),
)
_TIME = re.compile(
    r"(?<!\d)\d{1,2}\s*(?::\s*\d{2}(?::\d{2})?|[hH]\s*\d{2}|\.\d{2}(?=\s*Uhr)|\s*[hH]\b|(?=\s*[ap]\.?m\b))(?:\s*[ap]\.?m\b\.?)?"
    r"(?:\s*(?:Uhr|h|hrs|UTC|GMT|C?E[SD]?T|[A-Z]{3,4}T)\b)?",
    re.IGNORECASE,
)
_PUBLISHED = (
    "publie,publiee,publie le,mis en ligne,mise en ligne,paru,parue,posted,posted on,post date,published,"
    "published on,first published,written on,veroffentlicht,erschienen,publiziert,online seit,stand,publicado,"
    "publicada,pubblicato,pubblicata,gepubliceerd,geplaatst,opublikowano,data publikacji,dodano,опубликовано,"
    "дата публикации,опубликована,опубліковано,дата публікації,дата,نشر,نشر في,تاريخ النشر,تاريخ,منذ,date,datum,"
    "fecha,data,dato,tarih,tarihi,yayinlanma tarihi,yayinlanma,publicerad,publicerat,publisert,udgivet,"
    "offentliggjort,julkaistu,publikovano,vydano,zverejneno,publicat,publicat in,megjelent,kozzeteve,δημοσιευτηκε,"
    "δημοσιευση,פורסם,תאריך,انتشار,تاریخ انتشار,تاریخ,发布时间,發佈時間,发表于,日期,公開日,掲載日,投稿日,更新,"
    "입력,등록,ngay dang,diterbitkan,objavljeno"
)
_UPDATED = (
    "mis a jour,mise a jour,modifie,actualise,updated,last updated,update,modified,last modified,aktualisiert,"
    "zuletzt aktualisiert,geandert,actualizado,actualizada,modificado,aggiornato,aggiornata,ultimo aggiornamento,"
    "atualizado,atualizada,bijgewerkt,laatst bijgewerkt,gewijzigd,zaktualizowano,aktualizacja,ostatnia aktualizacja,"
    "обновлено,обновлена,изменено,оновлено,تحديث,اخر تحديث,guncelleme,son guncelleme,guncellendi,uppdaterad,"
    "uppdaterat,oppdatert,opdateret,paivitetty,aktualizovano,actualizat,frissitve,ενημερωθηκε,עודכן,بروزرساني,"
    "به روز رساني,بهروزرساني,更新时间,更新日,수정,cap nhat,diperbarui"
)
_LABEL_WORDS = frozenset(folded(word) for part in (_PUBLISHED, _UPDATED) for word in re.split("[, ]", part))
_UPDATED_PHRASES = tuple(map(folded, _UPDATED.split(",")))
# The same day by the moon, whose months begin on other days in other lands: no date is made of it. And what stands
# between two calendars.
_BESIDE = re.compile(
    r"\d{1,2}\s+(?:محرم|صفر|ربيع\s+(?:ال[أا]ول|ال[آا]خر|الثاني)|جماد[ىيی]\s+(?:ال[أا]ول[ىي]?|ال[آا]خرة?|الثانية)|رجب|شعبان"
    r"|رمضان|شوال|ذ[وي]\s+(?:القعدة|الحجة))\s*،?\s*1[34]\d{2}(?:\s*هـ?\b\.?)?|\bالموافق(?:\s+لـ?)?\b|\b(?:برابر|مصادف|مطابق)\s+با\b"
    r"|\bم\b\.?|\bمیلادی\b"
)
_YEAR = re.compile(r"\d{4}")
_MAX_LENGTH = 110
_MAX_OTHER_WORDS = 4
_SIGN_SEPARATED = re.compile(r"[\s,;|•·–—/()\[\]:：،-]+")
_PLACE = re.compile(r"\W*(?:[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,3})[,،]\s*$|\W*$")


class SaidDates(NamedTuple):
    """Dates of a line, and the words of it that are something else: a place, an author."""

    published: dt.date | None
    updated: dt.date | None
    others: tuple[str, ...]
    rest: str  # the line without its dates and times
    is_labelled: bool  # "Published", "Mis à jour"


class _Found(NamedTuple):
    start: int
    end: int
    date: dt.date


def date_of_file_name(path: str) -> dt.date | None:
    """Date that a path gives: 2024-09-14-some-title.txt, 20240914_title.txt, 2024/09/14/title.txt."""
    for match in _FILE_NAME.finditer(path):
        for end in ("", "2", "3"):
            if match["y" + end] and (found := _date(match["y" + end], match["m" + end], match["d" + end])):
                return found
    return None


def date_of_line(line: str, language: str = "") -> dt.date | None:
    """Date of a line that holds a date and little else: "Publié le 14 septembre 2024", "June 7, 2013"."""
    said = dates_of_line(line, language)
    if not said or not is_dateline(said, line, language):
        return None
    return said.published or said.updated


def dates_of_line(line: str, language: str = "") -> SaidDates | None:
    """What a short line with a date in it says; None for one without."""
    if len(line) > _MAX_LENGTH or not _YEAR.search(line):
        return None
    found = list(_dates(line, language))[:2]
    if not found:
        return None
    published = updated = None
    end, labelled, rest = 0, False, []
    for one in found:
        before = line[end : one.start]
        rest.append(before)
        key = _key(before)
        labelled = labelled or any(word in _LABEL_WORDS for word in key.split())
        if any(phrase in key for phrase in _UPDATED_PHRASES):
            updated = updated or one.date
        else:
            published = published or one.date
        end = one.end
    rest.append(line[end:])
    said = _TIME.sub(" ", " | ".join(rest))
    said = said if said.isascii() else _BESIDE.sub(" ", said)
    words = (word for word in _SIGN_SEPARATED.split(said) if word.strip(".'’"))
    weekdays = _weekdays(language)
    others = tuple(word for word in words if (k := _key(word)) not in _LABEL_WORDS and k not in weekdays)
    return SaidDates(published, updated, others, said, labelled)


def is_dateline(said: SaidDates, line: str, language: str = "") -> bool:
    """Whether the line says the date and nothing else of weight: a place, a weekday, a preposition."""
    if len(said.others) > _MAX_OTHER_WORDS:
        return False
    if said.is_labelled:
        return sum(word[:1].islower() and len(word) > 3 for word in said.others) <= 1
    long = [word for word in said.others if len(word) > 3 or not word[:1].islower()]
    if not long:
        return True
    start = line.find(long[0])
    head = re.split(r"(?<=[,،])", line[start:], maxsplit=1)[0] if start == len(line) - len(line.lstrip()) else ""
    place = set(re.findall(r"[\w.'’]+", head)) if _PLACE.fullmatch(head) and head.endswith((",", "،")) else set()
    return all(any(part in word for part in place) and word[:1] == word[:1].upper() for word in long)


def has_unclear_date(line: str, language: str = "") -> bool:
    """Whether a line gives a date in numbers of which nobody knows which is the month."""
    if len(line) > _MAX_LENGTH or not _YEAR.search(line):
        return False
    return any(_day_and_month(match, language) is None for match in _NUMBERS.finditer(line))


def _dates(line: str, language: str) -> Iterator[_Found]:
    """Dates of a line in their order."""
    found = [
        _Found(*match.span(), date)
        for match in (*_YEAR_FIRST.finditer(line), *_SIGNS.finditer(line))
        if (date := _date(match["y"], match["m"], match["d"], language))
    ]
    for match in _NUMBERS.finditer(line):
        pair = _day_and_month(match, language)
        if pair and (date := _date(match["y"], pair[1], pair[0], language)):
            found.append(_Found(*match.span(), date))
    if not found:
        found += _in_words(line, language)
    if not line.isascii():
        found += (_Found(*one) for one in persian_dates(line))
    yield from sorted(found)


def _in_words(line: str, language: str) -> list[_Found]:
    matches = [match for pattern in _NOUNS for match in pattern.finditer(line)]
    if not matches:
        return []
    for languages in _tiers(language):
        months = _month_names(languages)
        found = []
        for match in matches:
            parts = match.groupdict()
            month = parts.get("m") or months.get(_key(parts["M"]))
            if month and (date := _date(parts["y"], str(month), parts["d"])):
                found.append(_Found(*match.span(), date))
        if found:
            return [
                one for one in found if not any(o.start <= one.start and one.end <= o.end for o in found if o != one)
            ]
    return []


def _covers(other: _Found, one: _Found) -> bool:
    return other != one and other.start <= one.start and one.end <= other.end


def _day_and_month(match: re.Match[str], language: str) -> tuple[str, str] | None:
    """Day and month of a date in numbers; None where both may be either."""
    a, b = int(match["a"]), int(match["b"])
    if a == b or (b <= 12 < a):
        return match["a"], match["b"]
    if a <= 12 < b:
        return match["b"], match["a"]
    if match["s"] == ".":
        return match["a"], match["b"]
    # English has both orders; wherever else the day may stand first it always does.
    return (match["a"], match["b"]) if language and _is_day_first(language) else None


@lru_cache(maxsize=64)
def _is_day_first(language: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        pattern = Locale.parse(language, sep="-").date_formats["short"].pattern.lstrip("\u200f")
    except (UnknownLocaleError, ValueError):
        return False
    return language.split("-")[0] != "en" and str(pattern)[:1] == "d"


def _date(year: str, month: str, day: str, language: str = "") -> dt.date | None:
    if language[:2] in _PERSIAN and int(year) < _YEARS.start:
        return persian_date(int(year), int(month), int(day))
    try:
        return dt.date(int(year), int(month), int(day)) if int(year) in _YEARS else None
    except ValueError:
        return None


def _key(text: str) -> str:
    return folded(text).rstrip(".:： ").strip()


def _tiers(language: str) -> Iterator[tuple[str, ...]]:
    """Languages to look for a month in: the article's own, those that are common, all."""
    if language:
        yield (language.split("-")[0], "en")
    yield _COMMON
    from babel.localedata import locale_identifiers

    yield tuple(sorted(name for name in locale_identifiers() if "_" not in name and name != "root"))


@lru_cache(maxsize=32)
def _month_names(languages: tuple[str, ...]) -> dict[str, int]:
    """Month names, whole and short; a name that means two months in two languages is left out."""
    found: dict[str, set[int]] = {}
    for months, _ in map(_names, languages):
        for name, number in months:
            found.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


@lru_cache(maxsize=64)
def _weekdays(language: str) -> frozenset[str]:
    languages = (language.split("-")[0], "en") if language else ("en", "fr", "de", "es", "it", "pt", "ru")
    return frozenset(name for one in languages for name in _names(one)[1])


@cache
def _names(language: str) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    """Names of months with their numbers, and names of weekdays, as they are compared."""
    from babel import Locale, UnknownLocaleError

    months, days = {}, []
    for name in (language, *_VARIANTS.get(language, ())):
        try:
            locale = Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, month in locale.months[context][width].items():
                    key = _key(month)
                    if not key.replace(" ", "").isdigit() and not key[:1].isdigit():
                        months[key] = number
                days += [_key(day) for day in locale.days[context][width].values()]
    return tuple(months.items()), tuple(days)
