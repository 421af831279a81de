"""Raw articles in many languages and layouts, and what a faithful import gives of each, field by field.

`cases/NAME.txt` is the raw article, byte for byte; `cases/NAME.json` says what must come of it. The form is that of the
cases in `test_raw_cases.py`, with more fields: date, updated, authors, quotations, lists, set_aside.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sitegen.importers.raw import Imported, Raw
from sitegen.importers.raw_text import RawText
from sitegen.languages import direction
from sitegen.render.markdown import markdown_html
from sitegen.shortcodes.poll import PollShortcode
from sitegen.shortcodes.poll_values import Poll
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls, literal_text

CASES = sorted(file.stem for file in (Path(__file__).parent / "cases").glob("*.json"))


def folded(text: str) -> str:
    """Spaces of any width alike."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def unescaped(markdown: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]()>#+\-.!|&<])", r"\1", markdown).replace("&lt;", "<").replace("&amp;", "&")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Imported]:
    file = Path(__file__).parent / "cases" / f"{request.param}.txt"
    (imported,) = RawText().read(Raw(file.name, file.read_bytes()))
    assert isinstance(imported, Imported)
    return json.loads(file.with_suffix(".json").read_text("utf-8")), imported


def test_the_file_is_read_as_it_was_saved(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    report = imported.report
    assert (report.encoding, report.newline, report.bom) == (expected["encoding"], expected["newline"], expected["bom"])


def test_metadata_is_found(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    matter = imported.article.front_matter
    assert folded(matter.title) == folded(expected["title"])
    assert (matter.lang, direction(matter.lang)) == (expected["language"], expected["dir"])
    assert str(matter.date or "") == (expected["date"] or "")
    assert str(matter.updated or "") == (expected["updated"] or "")
    assert list(matter.authors) == expected["authors"]
    assert list(matter.tags) == expected["tags"]


def test_structure_is_found(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    body = unescaped(folded(imported.article.body))
    headings = [line.removeprefix("## ") for line in body.split("\n") if re.match(r"#{2,6} ", line)]
    assert headings == [folded(heading) for heading in expected["headings"]]
    captions = [unescaped(call.content or "") for call in calls_of(imported) if call.name == "caption"]
    assert [folded(text) for text in captions] == [folded(caption["text"]) for caption in expected["captions"]]
    quotations = re.findall(r"(?:^>.*\n?)+", body, re.MULTILINE)
    plain = [re.sub(r"^> ?", "", quotation, flags=re.MULTILINE).strip("\n") for quotation in quotations]
    assert plain == [folded(quotation) for quotation in expected["quotations"]]
    lists = [block.split("\n") for block in body.split("\n\n") if re.match(r"(?:- (?!\[)|1\. .*\n2\. )", block)]
    assert [[re.sub(r"^(?:-|\d+\.) ", "", item) for item in items] for items in lists] == expected["lists"]


def calls_of(imported: Imported) -> list[Any]:
    return find_calls(imported.article.body, is_known)


def test_calls_are_read_and_others_kept(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    calls = calls_of(imported)
    polls = [PollShortcode().read(call) for call in calls if call.name == "poll" and not call.escaped]
    assert len(polls) == len(expected["polls"]) == imported.report.polls
    for poll, wanted in zip(polls, expected["polls"], strict=True):
        assert isinstance(poll, Poll)
        for key in ("id", "title", "multiple", "show_title", "show_count", "show_results_button", "style", "color"):
            assert getattr(poll, key) == wanted[key], key
        assert [{"id": answer.id, "text": answer.text} for answer in poll.answers] == wanted["answers"]
        assert poll.truncated == (wanted["status"] == "truncated")
    kept = [{"tag": call.name, "named": call.named} for call in calls if not is_known(call.name) and not call.escaped]
    assert kept == expected["shortcodes_kept"]
    assert [literal_text(call) for call in calls if call.escaped] == expected["escaped_shortcodes"]


def test_sentences_are_parted_where_they_ran_together_and_nowhere_else(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    text = unescaped(folded(imported.article.body))
    mends = [mend for mend in imported.report.mends if mend.kind == "glued-sentence"]
    assert len(mends) == len(expected["glued_sentences"])
    for glued in expected["glued_sentences"]:
        assert folded(glued["fixed"]) in text
    for whole in expected["must_not_split"]:
        assert folded(whole) in text


def test_what_must_survive_does_in_its_order(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    text, position = unescaped(folded(imported.article.body)), 0
    for wanted in expected["must_survive"]:
        position = text.index(folded(wanted), position)
    shown = markdown_html(imported.article.body) + imported.article.front_matter.title
    for unwanted in (*expected["must_not_appear"], "JTdCJTIy"):  # the start of any payload
        assert unwanted not in shown


def test_what_is_set_aside_and_what_is_told(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    assert [aside.text for aside in imported.report.set_aside] == expected["set_aside"]
    assert all(aside.reason and aside.line for aside in imported.report.set_aside)
    assert [problem.message for problem in imported.problems] == expected["warnings_expected"]


def test_nothing_is_lost_and_every_mend_stands_where_it_says(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    report = imported.report
    assert report.losses == () and "lost" not in report.characters
    assert sum(count for place, count in report.characters.items() if place != "input") == report.characters["input"]
    assert all(0 < guess.confidence <= 1 and guess.reason for guess in report.guesses)
    data = (Path(__file__).parent / "cases" / expected["file"]).read_bytes()
    codec = {"utf-8-sig": "utf-8-sig", "utf-16": "utf-16"}.get(report.encoding, report.encoding)
    lines = re.split("\r\n|[\n\r\u0085]", data.decode(codec))
    for mend in report.mends:
        if mend.kind == "entity":
            assert lines[mend.line - 1][mend.column - 1 :].startswith(mend.before)
        if mend.kind == "glued-sentence":
            assert lines[mend.line - 1][mend.column - 2] != " "
            assert mend.after.split(" ")[-1].startswith(lines[mend.line - 1][mend.column - 1])
