import base64
import datetime as dt
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers import jsonl
from sitegen.importers.jsonl import JsonLines, JsonList
from sitegen.importers.raw import Imported, Raw
from sitegen.model import Problem


def read(text: str | bytes, **rules: tuple[tuple[str, str], ...]) -> list[Imported | Problem]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(JsonLines().read(Raw("in/posts.jsonl", data, below="posts.jsonl", **rules)))


def one(record: object, **rules: tuple[tuple[str, str], ...]) -> Imported:
    (made,) = read(json.dumps(record), **rules)
    assert isinstance(made, Imported)
    return made


def test_a_record_becomes_an_article() -> None:
    made = one(
        {
            "headline": "Ferry &amp; weir", "content": {"rendered": "<p>It <em>runs</em>.</p>"},
            "datePublished": "2024-05-01T08:00:00", "modified": "2024-05-02", "author": {"name": "Ada Winter"},
            "tags": "Ferry, Weir", "categories": ["News", "River"], "inLanguage": "en_GB", "url": "https://old.example/a/b/",
            "excerpt": "Short.", "image": {"url": "https://old.example/x.jpg"}, "mood": "calm",
        }
    )  # fmt: skip
    matter = made.article.front_matter
    assert made.article.body == "It *runs*.\n"
    assert (matter.title, matter.slug, matter.lang, matter.authors) == (
        "Ferry & weir",
        "ferry-weir",
        "en-GB",
        ("Ada Winter",),
    )
    assert (matter.date, matter.updated) == (dt.datetime(2024, 5, 1, 8), dt.date(2024, 5, 2))
    assert (matter.tags, matter.section, matter.summary) == (("Ferry", "Weir"), "News", "Short.")
    assert (matter.image, matter.aliases) == ("https://old.example/x.jpg", ("/a/b/",))
    assert matter.extra == {"fields": {"sections": ["News", "River"], "mood": "calm"}}
    assert matter.source is not None
    assert (matter.source.kind, matter.source.url) == ("jsonl", "https://old.example/a/b/")
    assert made.target == "posts/2024/05/01/ferry-weir.md"
    assert made.report.guesses == ()


def test_big_numbers_and_nested_values_are_kept_as_written() -> None:
    line = '{"title": "T", "body_text": "B", "n": 123456789012345678901234567890, "x": {"y": [1.50, true, null]}}'
    (made,) = read(line)
    assert isinstance(made, Imported)
    assert made.article.front_matter.extra["fields"] == {
        "n": "123456789012345678901234567890",
        "x": {"y": ["1.50", "true", ""]},
    }


def test_bad_lines_are_told_and_the_rest_goes_on() -> None:
    found = read('{"title": "A", "text": "a"}\n{bad\n[1]\n\n"x"\n{"mood": 1}\n\ufeff{"title": "B", "text": "b"}\n')
    assert [(p.code, p.location.line) for p in found if isinstance(p, Problem)] == [
        ("json", 2), ("json", 3), ("json", 5), ("no-article", 6)
    ]  # fmt: skip
    assert [made.article.front_matter.title for made in found if isinstance(made, Imported)] == ["A", "B"]


def test_a_line_that_is_too_long_costs_itself_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(jsonl, "_MAX_LINE", 200)
    file = tmp_path / "a.jsonl"
    file.write_text('{"title": "A"}\n{"title": "' + "x" * 300_000 + '"}\n{"title": "B"}\n')
    found = list(JsonLines().read(Raw("a.jsonl", file=str(file), below="a.jsonl")))
    assert [(p.code, p.location.line) for p in found if isinstance(p, Problem)] == [("too-large", 2)]
    assert [made.article.front_matter.title for made in found if isinstance(made, Imported)] == ["A", "B"]


def test_a_line_nested_too_deep_and_half_characters_are_no_harm() -> None:
    found = read(
        '{"title": "A", "x": ' + "[" * 100_000 + "]" * 100_000 + '}\n{"title": "B\\ud800", "text": "\\u0000c"}\n'
    )
    assert isinstance(found[0], Problem)
    assert isinstance(found[1], Imported)
    assert (found[1].article.front_matter.title, found[1].article.body) == ("B\ufffd", "c\n")


@pytest.mark.parametrize(
    ("record", "body", "kind"),
    [
        ({"body": "<p>a <b>b</b></p>"}, "a **b**", "html"),
        ({"body": "## A\n\n**b**"}, "## A\n\n**b**", "markdown"),
        ({"body": "One.\nTwo *."}, "One.\n\nTwo \\*.", "text"),
        ({"content_text": "<b>x</b>"}, "&lt;b>x&lt;/b>", ""),
        ({"content_markdown": "<b>x</b>"}, "<b>x</b>", ""),
        ({"body": "# x", "format": "text"}, "\\# x", ""),
        ({"content_html": "<p>a</p>", "content_text": "a"}, "a", ""),
    ],
)
def test_a_body_is_read_as_it_says_or_as_it_looks(record: dict[str, str], body: str, kind: str) -> None:
    made = one({"title": "T", **record})
    assert made.article.body.strip() == body
    assert [guess.value for guess in made.report.guesses if guess.field == "body_format"] == ([kind] if kind else [])
    assert made.article.front_matter.extra == {}


def test_the_format_of_all_bodies_can_be_given() -> None:
    assert one({"title": "T", "body": "<b>x</b>"}, fields=(("body_format", "text"),)).article.body == "&lt;b>x&lt;/b>\n"


def test_shortcodes_are_cleaned_and_unknown_ones_are_told() -> None:
    poll = {"title": "More?", "answers": [{"id": "1", "text": "Yes"}, {"id": "2", "text": "No"}]}
    params = base64.b64encode(quote(json.dumps(poll)).encode()).decode()
    for body in (
        f"<p>Hi.</p><p>[expert_review_poll id=”7″ params=”{params}”]</p>",
        f"Hi.\n\n[expert_review_poll id=”7″ params=”{params}”]",
    ):
        made = one({"title": "T", "body": body + ' [weather place="x"]'})
        assert '[poll id="7"]\nMore?\n- [1] Yes\n- [2] No\n[/poll]' in made.article.body
        assert (made.report.polls, [kept.name for kept in made.report.shortcodes]) == (1, ["weather"])
        assert [problem.code for problem in made.problems] == ["unknown-shortcode"]


def test_hidden_articles_are_drafts_and_doubtful_dates_are_told() -> None:
    made = one({"title": "T", "text": "x", "post_status": "private", "date": "03/04/2024"})
    assert made.article.front_matter.draft
    assert made.article.front_matter.date is None
    assert made.article.front_matter.extra == {"fields": {"status": "private", "date": "03/04/2024"}}
    assert [problem.code for problem in made.problems] == ["date"]


def test_a_slug_cannot_leave_the_folder() -> None:
    made = one({"title": "T", "slug": "../../etc/passwd", "text": "x"})
    assert made.target == "posts/et/etc-passwd.md"


def test_scripts_are_not_taken() -> None:
    made = one(
        {
            "title": "<script>alert(1)</script>T",
            "body": "<p>a</p><script>alert(1)</script><a href='javascript:x()'>b</a>",
        }
    )
    assert made.article.front_matter.title == "T"
    assert "script" not in made.article.body
    assert any("script" in aside.reason for aside in made.report.set_aside)


def read_list(text: str) -> list[Imported | Problem]:
    return list(JsonList().read(Raw("in/posts.json", text.encode(), below="posts.json")))


@pytest.mark.parametrize(
    "text", ['[{"title": "A"},\n {"title": "B"}]', '{"version": "1", "items": [{"title": "A"}, {"title": "B"}]}']
)
def test_a_list_of_objects_is_read(text: str) -> None:
    assert [made.target for made in read_list(text) if isinstance(made, Imported)] == ["posts/a/a.md", "posts/b/b.md"]


@pytest.mark.parametrize("text", ['[{"title": "A"},\n {"tit', '[{"title": "A"},\n', '[{"title": "A"},\n {"title": x}]'])
def test_what_stands_before_a_break_is_taken(text: str) -> None:
    made, problem = read_list(text)
    assert isinstance(made, Imported)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.location.line) == ("json", 2)


@pytest.mark.parametrize("text", ["{}", "7", "", '{"a": {"b": 1}}'])
def test_other_json_is_no_list_of_articles(text: str) -> None:
    assert [problem.code for problem in read_list(text) if isinstance(problem, Problem)] == ["no-article"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_no_value_of_any_kind_is_too_strange(value: object) -> None:
    found = read(json.dumps({"title": value, "body": value, "date": value, "tags": value, "author": value, "x": value}))
    assert len(found) == 1
