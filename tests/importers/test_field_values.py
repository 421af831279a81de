import datetime as dt
from typing import Any

import pytest

from sitegen.importers.field_names import fields_of
from sitegen.importers.field_values import date_of, flag_of, names_of, plain_text_of, text_of


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-09-14", dt.date(2024, 9, 14)),
        ("20240914", dt.date(2024, 9, 14)),
        ("2024/09/14", dt.date(2024, 9, 14)),
        ("2024-09-14 18:30:05", dt.datetime(2024, 9, 14, 18, 30, 5)),
        ("2024-09-14T18:30:05Z", dt.datetime(2024, 9, 14, 18, 30, 5, tzinfo=dt.UTC)),
        ("Sat, 14 Sep 2024 18:30:05 +0000", dt.datetime(2024, 9, 14, 18, 30, 5, tzinfo=dt.UTC)),
        ("14 septembre 2024", dt.date(2024, 9, 14)),
        ("14.9.2024", dt.date(2024, 9, 14)),
        ("14/09/2024", dt.date(2024, 9, 14)),
        ("09/14/2024 18:30", dt.datetime(2024, 9, 14, 18, 30)),
        ("07/07/2024", dt.date(2024, 7, 7)),
        ("1726338605", dt.datetime(2024, 9, 14, 18, 30, 5, tzinfo=dt.UTC)),
        ("1726338605000", dt.datetime(2024, 9, 14, 18, 30, 5, tzinfo=dt.UTC)),
        ({"$date": "2024-09-14"}, dt.date(2024, 9, 14)),
    ],
)
def test_a_date_is_read_in_any_form(value: Any, date: dt.date) -> None:
    found = date_of(value)
    assert found is not None
    assert found.date == date


@pytest.mark.parametrize(
    "value", ["", None, "soon", "03/04/2024", "2024-02-31", "0000-00-00 00:00:00", "99/99/2024", [], "999999999999999"]
)
def test_no_date_is_made_up(value: Any) -> None:
    assert date_of(value) is None


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["Ferry", " ferry ", "", "Ferry"], ("Ferry", "ferry")),
        ("Ferry, Lower Weir", ("Ferry", "Lower Weir")),
        ("Doe, Jane; Roe, Rick", ("Doe, Jane", "Roe, Rick")),
        ("#bac", ("bac",)),
        ([{"name": "R&amp;D"}, {"title": {"rendered": "Loire"}}], ("R&D", "Loire")),
        ({"first_name": "Ada", "last_name": "Winter"}, ("Ada Winter",)),
        (7, ("7",)),
        (None, ()),
    ],
)
def test_names_come_out_of_lists_and_texts(value: Any, names: tuple[str, ...]) -> None:
    assert names_of(value) == names


def test_a_text_has_no_markup_and_any_shape() -> None:
    assert plain_text_of("The&#8217;s <em>ferry</em>\n runs") == "The’s ferry runs"
    assert plain_text_of("2 < 3 & 4") == "2 < 3 & 4"
    assert text_of({"rendered": "x"}) == "x"
    assert text_of([1, {"name": "b"}, None]) == "1, b"


def test_yes_no_and_neither_are_told_apart() -> None:
    assert [flag_of(value) for value in (True, "Yes", 0, "", "perhaps")] == [True, True, False, False, None]


def test_names_of_fields_are_found_however_they_are_written() -> None:
    fields = fields_of(
        {"datePublished": "2024-01-01", "Headline": "H", "article-body": "B", "mood": "calm", "nil": None}
    )
    assert fields.ours == {"title": "H", "body": "B", "date": "2024-01-01"}
    assert fields.rest == {"mood": "calm"}


def test_given_names_go_before_usual_ones_and_lead_into_nested_values() -> None:
    record = {"title": "wrong", "head": {"line": "right", "size": "3"}}
    fields = fields_of(record, (("title", "head.line"), ("date", "nowhere")))
    assert fields.ours == {"title": "right"}
    assert fields.rest == {"title": "wrong", "head": {"size": "3"}}
    assert record["head"] == {"line": "right", "size": "3"}
