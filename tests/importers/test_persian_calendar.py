import datetime as dt

import pytest

from sitegen.importers.dates import date_of_line, dates_of_line, is_dateline
from sitegen.importers.persian_calendar import YEARS, persian_date, persian_dates
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.raw_text import RawText


@pytest.mark.parametrize(
    ("persian", "day"),
    [
        ((1206, 1, 1), "1827-03-22"),
        ((1285, 5, 14), "1906-08-06"),  # the constitution
        ((1304, 1, 11), "1925-03-31"),  # the law on the calendar
        ((1342, 12, 29), "1964-03-19"),
        ((1357, 11, 22), "1979-02-11"),  # the revolution
        ((1375, 12, 30), "1997-03-20"),
        ((1376, 1, 1), "1997-03-21"),
        ((1399, 12, 30), "2021-03-20"),
        ((1400, 1, 1), "2021-03-21"),
        ((1403, 1, 1), "2024-03-20"),
        ((1403, 6, 14), "2024-09-04"),
        ((1403, 7, 1), "2024-09-22"),
        ((1403, 10, 11), "2024-12-31"),
        ((1403, 12, 30), "2025-03-20"),
        ((1404, 1, 1), "2025-03-21"),
        ((1408, 12, 30), "2030-03-20"),
    ],
)
def test_days_that_are_known(persian: tuple[int, int, int], day: str) -> None:
    assert persian_date(*persian) == dt.date.fromisoformat(day)


def test_leap_years_are_those_of_the_official_calendar() -> None:
    leap = [year for year in range(1309, 1412) if persian_date(year, 12, 30)]
    assert leap == [
        1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362, 1366, 1370, 1375, 1379,
        1383, 1387, 1391, 1395, 1399, 1403, 1408,
    ]  # fmt: skip


def test_each_day_follows_the_last_one() -> None:
    days = [
        date
        for year in YEARS
        for month in range(1, 13)
        for day in range(1, 32)
        if (date := persian_date(year, month, day))
    ]
    assert days[0] == dt.date(1827, 3, 22)
    assert [day.toordinal() for day in days] == list(range(days[0].toordinal(), days[-1].toordinal() + 1))


@pytest.mark.parametrize(
    "persian", [(1205, 1, 1), (1499, 1, 1), (1403, 0, 1), (1403, 13, 1), (1403, 7, 31), (1404, 12, 30), (1403, 1, 0)]
)
def test_a_day_that_is_none_or_not_sure_is_no_date(persian: tuple[int, int, int]) -> None:
    assert persian_date(*persian) is None


@pytest.mark.parametrize(
    "line",
    [
        "۱۴ شهریور ۱۴۰۳",
        "چهارشنبه ۱۴ شهریور ۱۴۰۳",
        "چهار‌شنبه، ۱۴ شهریور ۱۴۰۳",
        "تاریخ انتشار: ۱۴ شهریور ۱۴۰۳ - ۱۲:۳۰",
        "14 شهریور 1403",
        "۱۴ شهريور ۱۴۰۳",
        "۱۴ شهریورماه ۱۴۰۳",
        "۱۴ شهریور‌ماه سال ۱۴۰۳ خورشیدی",
        "۱۴ سنبله ۱۴۰۳",
        "تهران، ۱۴ شهریور ۱۴۰۳",
        "۱۴۰۳/۰۶/۱۴",
        "۱۴۰۳-۶-۱۴",
        "۱۴ شهریور ۱۴۰۳ برابر با ۴ سپتامبر ۲۰۲۴",
    ],
)
def test_a_dateline_in_persian_gives_its_day(line: str) -> None:
    assert date_of_line(line, "fa") == dt.date(2024, 9, 4)


def test_numbers_are_of_that_calendar_in_persian_only() -> None:
    assert date_of_line("1403/06/14", "fa") == dt.date(2024, 9, 4)
    assert date_of_line("1403/06/14", "ar") is None
    assert date_of_line("1403/06/14") is None
    assert date_of_line("2024/09/04", "fa") == dt.date(2024, 9, 4)


def test_an_update_is_told_from_the_day_of_publication() -> None:
    for update in ("بروزرسانی", "به‌روزرسانی"):
        said = dates_of_line(f"انتشار: ۱۴ شهریور ۱۴۰۳ | {update}: ۱۵ شهریور ۱۴۰۳", "fa")
        assert said and (said.published, said.updated) == (dt.date(2024, 9, 4), dt.date(2024, 9, 5))


def test_labels_in_arabic_are_known_however_they_are_written() -> None:
    said = dates_of_line("آخر تحديث: 4 سبتمبر 2024", "ar")
    assert said and said.updated == dt.date(2024, 9, 4)


def test_a_sentence_with_a_date_in_it_is_no_dateline() -> None:
    line = "شهردار گفت که پل تازه در روز ۱۴ شهریور ۱۴۰۳ باز می‌شود"
    said = dates_of_line(line, "fa")
    assert said and not is_dateline(said, line, "fa")


def test_months_of_the_moon_are_not_made_into_days_but_do_not_hide_one() -> None:
    assert date_of_line("14 رمضان 1445", "ar") is None
    assert date_of_line("الأحد 14 رمضان 1445 هـ الموافق 24 مارس 2024 م", "ar") == dt.date(2024, 3, 24)


def test_a_word_that_is_also_a_name_needs_a_day_and_a_year() -> None:
    assert persian_dates("مهر ۱۴۰۳") == []
    assert persian_dates("خبرگزاری مهر، ۱۴ نفر") == []


def test_the_date_of_a_raw_article_is_told_as_a_guess() -> None:
    text = """کتاب‌خانهٔ روستای سرچشمه نو می‌شود

پنج‌شنبه ۱۵ شهریور ۱۴۰۳

اهالی می‌گویند که کتاب‌ها در زیرزمین نم کشیده‌اند و باید آن‌ها را در هوای آزاد خشک کرد. این کار برای بچه‌هاست.
"""
    (made,) = RawText().read(Raw("in/a.txt", text.encode()))
    assert isinstance(made, Imported)
    assert made.article.front_matter.date == dt.date(2024, 9, 5)
    (guess,) = [guess for guess in made.report.guesses if guess.field == "date"]
    assert (guess.value, guess.confidence) == ("2024-09-05", 0.9)
