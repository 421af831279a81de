"""Polls as they are drawn: whatever a payload holds is text, and nothing of it is markup, a class or an address."""

import base64
import datetime as dt
import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.colours import contrast
from sitegen.contexts import PollData
from sitegen.model import Answer, PollRecord
from sitegen.render.body import Body, render_body
from sitegen.render.body_source import BodySource
from sitegen.render.settings import RenderSettings, SiteView
from sitegen.render.templates import templates_for
from sitegen.shortcodes.poll import _COLORS, _STYLES
from sitegen.shortcodes.poll_backend import PollBackend
from sitegen.theme import default_theme

OPEN = PollBackend("formspree", "https://formspree.io/f/x", thanks="https://x.example/thanks/", honeypot="_gotcha")
ATTRIBUTES = frozenset(
    "action aria-describedby aria-hidden aria-labelledby autocomplete class data-choice data-poll dir for height hidden href"
    " id lang method name preserveaspectratio rel required scope tabindex type value viewbox width".split()
)
ELEMENTS = frozenset(
    "form fieldset legend p input label button figure figcaption ul li table thead tbody tr th td span svg rect details"
    " summary pre code output a em bdi".split()
)
CLASSES = frozenset(
    [
        "poll",
        "answer",
        "answers",
        "hint",
        "note",
        "results",
        "votes",
        "bar",
        "unseen",
        "question",
        "kept",
        "poll--place",
    ]
    + [f"poll--{name}" for name in (*_STYLES, *_COLORS)]
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</legend></fieldset></form><form action=https://evil.example>",
    "x;background:url(https://evil.example/)",
    "expression(alert(1))",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "{{ site.title }}{% include 'base.html' %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e<b>\x00\x01\x1f",
    "[poll id=2]- [1] x[/poll]",
)


class Seen(HTMLParser):
    """What of a page is more than text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: dict[str, set[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")


def drawn(text: str, backend: PollBackend = OPEN, polls: PollData | None = None, language: str = "en") -> Body:
    site = SiteView("T", "", "https://x.example/", "en", "ltr", "", ())
    settings = RenderSettings(site, (str(default_theme()),), "/nowhere", "content", poll=backend)
    source = BodySource("content/a.md", 1, text, language, "a/index.html", "a/", polls=polls)
    return render_body(source, templates_for(settings))


def payload(content: object) -> str:
    return base64.b64encode(quote(json.dumps(content)).encode()).decode()


def assert_harmless(html: str) -> None:
    seen = Seen()
    seen.feed(html)
    assert seen.elements <= ELEMENTS
    assert set(seen.attributes) <= ATTRIBUTES
    assert {name for value in seen.attributes.get("class", ()) for name in value.split()} <= CLASSES
    assert seen.attributes.get("action", set()) <= {"https://formspree.io/f/x"}
    assert all(re.match(r"https://|\x01", href) for href in seen.attributes.get("href", ()))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufdd0-\ufdef]", html)


@pytest.mark.parametrize("backend", [OPEN, PollBackend()], ids=["open", "kept"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_payload_is_text(hostile: str, backend: PollBackend) -> None:
    content = {
        "title": f"Why {hostile}?",
        "style": hostile,
        "color": hostile,
        "multiple": hostile,
        "show_title": hostile,
        "answers": [{"id": hostile, "text": f"One {hostile}"}, {"id": hostile, "text": f"Two {hostile}"}],
    }
    html = drawn(f'[expert_review_poll id="334" params="{payload(content)}"]', backend).html
    assert "Why" in html
    assert "One" in html
    assert_harmless(html)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_data_file_or_attribute_is_text(hostile: str) -> None:
    record = PollRecord(
        key="yop-poll-3",
        question=hostile.replace("\x00", "").replace("\x01", "").replace("\x1f", ""),
        answers=(Answer("1", "<b>x</b>", 3), Answer('2" autofocus onfocus="alert(1)', "<i>y</i>", 1)),
    )
    data = PollData((record,))
    for text in (
        '[yop_poll id="3"]',
        f"[polldaddy poll='{hostile}' title='{hostile}']",
        f"[os-widget path='{hostile}']",
        f"[poll id='{hostile}' style='{hostile}' color='{hostile}']\nWhy {hostile}?\n- [1] {hostile}\n- [2] b\n[/poll]",
    ):
        for backend in (OPEN, PollBackend()):
            assert_harmless(drawn(text, backend, data).html)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([OPEN, PollBackend()]))
def test_any_payload_is_text(title: str, answer: str, backend: PollBackend) -> None:
    content = {"title": title, "style": answer, "color": title, "answers": [{"id": title, "text": answer}, answer, "b"]}
    body = drawn(f'[expert_review_poll id="334" params="{payload(content)}"]', backend)
    assert_harmless(body.html)


def test_a_thousand_answers_and_ids_that_come_twice_are_drawn_once_each() -> None:
    content = {"title": "Many?", "answers": [{"id": "1", "text": f"Answer {n}"} for n in range(1000)]}
    html = drawn(f'[expert_review_poll id="1" params="{payload(content)}"]').html
    ids = re.findall(r' id="([^"]+)"', html)
    values = re.findall(r'name="answer" id="[^"]*" value="([^"]*)"', html)
    assert len(values) == len(set(values)) == 1000
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "params", ["{", "%7B%22title", payload([]), payload("x"), payload({"answers": "x"}), "A" * 5000]
)
def test_a_broken_payload_is_a_note_with_its_source_and_a_warning(params: str) -> None:
    body = drawn(f'Before.\n\n[expert_review_poll id="9" params="{params}"]\n\nAfter.')
    assert "Poll 9 of Expert Review ." in text_of(body.html)
    assert "<p>Before.</p>" in body.html
    assert "<p>After.</p>" in body.html
    assert [problem.code for problem in body.problems] == ["poll-payload"]
    assert_harmless(body.html)


def test_a_poll_without_a_title_still_has_a_name() -> None:
    content = {"title": "", "answers": [{"text": "a"}, {"text": "b"}]}
    html = drawn(f'[expert_review_poll id="9" params="{payload(content)}"]').html
    assert re.search(r"<legend[^>]*>Poll</legend>", html)


# States

POLL = '[poll id="2"{}]\nWhich?\n- [1] This\n- [2] That\n[/poll]'
COUNTED = PollRecord(key="2", answers=(Answer("1", "", 1), Answer("2", "", 2)), counted=dt.date(2024, 11, 4))


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_shares_are_told_in_the_numbers_of_the_language() -> None:
    html = drawn(POLL.format(""), PollBackend(), PollData((COUNTED,)), "fr").html
    assert "33,33\u00a0%" in html
    assert "3 votes. Décompte du 4 novembre 2024. Le vote est clos." in text_of(html)
    assert 'lang="fr" dir="ltr"' in html


def test_a_count_that_was_not_shown_is_not_shown() -> None:
    html = drawn(POLL.format(' show_count="0"'), PollBackend(), PollData((COUNTED,))).html
    assert "33.33%" in html
    assert "Votes" not in html
    assert "3 votes" not in html


def test_a_title_that_was_not_shown_is_heard() -> None:
    assert re.search(
        r'<figcaption[^>]* class="unseen">Which\?', drawn(POLL.format(' show_title="0"'), PollBackend()).html
    )
    assert re.search(r'<legend[^>]* class="unseen">Which\?', drawn(POLL.format(' show_title="0"')).html)


def test_an_open_poll_shows_how_it_stands_only_where_the_source_did() -> None:
    data = PollData((COUNTED,))
    assert "%" not in drawn(POLL.format(""), OPEN, data).html
    html = drawn(POLL.format(' show_results_button="1"'), OPEN, data).html
    assert "Results so far" in html
    assert "66.67%" in html


def test_a_poll_that_was_closed_here_is_not_said_to_be_kept() -> None:
    text = text_of(drawn(POLL.format(' closed="1"')).html)
    assert "Voting is closed. The results are not known." in text
    assert "kept as it was published" not in text


def test_a_day_to_come_says_nothing_where_nobody_can_vote() -> None:
    assert "2099" not in drawn(POLL.format(' closed="2099-12-31"'), PollBackend()).html
    assert "Voting closes on December 31, 2099." in drawn(POLL.format(' closed="2099-12-31"')).html


# Colours

PAPER = {"light": ("#fdfcf8", "#f3f0e8"), "dark": ("#171614", "#22201d")}


def test_every_colour_of_the_source_is_legible_by_day_and_by_night() -> None:
    sheet = (default_theme() / "static/poll.css").read_text("utf-8")
    base = (default_theme() / "site.css").read_text("utf-8")
    for name in _COLORS:
        if name in ("black-1", "custom"):  # the theme's own ink and accent
            continue
        light, dark = re.search(rf"\.poll--{name} {{ --c: light-dark\((#\w{{6}}), (#\w{{6}})\)", sheet).groups()
        for colour, papers in ((light, PAPER["light"]), (dark, PAPER["dark"])):
            assert all(contrast(colour, paper) >= 4.5 for paper in papers), name
    assert all(paper in base for papers in PAPER.values() for paper in papers)
