"""Dates of the solar Hijri calendar, as Iran and Afghanistan write them."""

import datetime as dt
import re

# In these years the 33-year rule gives the official calendar, which goes by the spring equinox.
YEARS = range(1206, 1499)
_MONTHS = (
    "فروردین|حمل|وری",
    "اردیبهشت|ثور|غویی",
    "خرداد|جوزا|غبرګولی",
    "تیر|سرطان|چنګاښ",
    "مرداد|امرداد|اسد|زمری",
    "شهریور|سنبله|وږی",
    "مهر|میزان|تله",
    "آبان|عقرب|لړم",
    "آذر|قوس|لیندۍ",
    "دی|جدی|مرغومی",
    "بهمن|دلو|سلواغه",
    "اسفند|حوت|کب",
)
_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_ALIKE = str.maketrans("يىك", "ییک")  # as Arabic keyboards write them
_IN_WORDS = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})\s+(?P<M>{'|'.join(sorted(_NAMES, key=len, reverse=True))})"
    r"(?:[\s\u200c]*ماه)?،?\s+(?:سال\s+)?(?P<y>1[234]\d{2}|۱[۲۳۴][۰-۹]{2}|١[٢٣٤][٠-٩]{2})(?!\d)"
    r"(?:\s*(?:هجری[\s\u200c]*)?(?:شمسی|خورشیدی)|\s*ه\.?\s*ش\b\.?)?"
)
_DAYS_BEFORE = 226_894  # of the Gregorian calendar before the day before the year 1


def persian_date(year: int, month: int, day: int) -> dt.date | None:
    """The day in the Gregorian calendar; None for one that there is not, or that nobody can tell for sure."""
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= _length(year, month):
        return None
    months = 31 * (month - 1) - max(0, month - 7)
    return dt.date.fromordinal(_DAYS_BEFORE + 365 * (year - 1) + (8 * year + 21) // 33 + months + day)


def persian_dates(line: str) -> list[tuple[int, int, dt.date]]:
    """Dates with the name of a month in a line, and where each stands: "۱۴ شهریور ۱۴۰۳"."""
    return [
        (*match.span(), date)
        for match in _IN_WORDS.finditer(line.translate(_ALIKE))
        if (date := persian_date(int(match["y"]), _NAMES[match["M"]], int(match["d"])))
    ]


def _length(year: int, month: int) -> int:
    if month == 12:
        return 30 if (25 * year + 11) % 33 < 8 else 29
    return 31 if month <= 6 else 30
