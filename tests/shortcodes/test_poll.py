"""Polls from payloads and from their legible form."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Location, Severity, SiteError
from sitegen.shortcodes.poll import Answer, PollShortcode, decode_payload, poll_block, printable
from sitegen.shortcodes.poll_values import Poll, PollPlace, poll_key
from sitegen.shortcodes.syntax import Call, find_calls

KNOWN = {"poll", "expert_review_poll"}.__contains__
CONTENT = {
    "title": "Êtes-vous d’accord ?",
    "show_title": "1",
    "show_count": "0",
    "style": "light-1",
    "color": "pink-1",
    "multiple": True,
    "show_results_button": "1",
    "answers": [{"id": "1", "text": "Oui, 100 % + 1"}, {"id": "2", "text": "Non / peut-être"}],
}


def first_call(text: str) -> Call:
    return find_calls(text, KNOWN)[0]


def read(text: str) -> Poll:
    return PollShortcode().read(first_call(text))


def payload(content: object) -> str:
    """As the plugin writes it."""
    return base64.b64encode(quote(json.dumps(content, ensure_ascii=False)).encode()).decode()


def problem_of(text: str):
    with pytest.raises(SiteError) as raised:
        read(text)
    return raised.value.problem


# Payloads

EXPECTED = Poll(
    id="334",
    title="Êtes-vous d’accord ?",
    answers=(Answer("1", "Oui, 100 % + 1"), Answer("2", "Non / peut-être")),
    multiple=True,
    show_count=False,
    show_results_button=True,
    style="light-1",
    color="pink-1",
)


def test_a_payload_becomes_a_poll():
    assert read(f'[expert_review_poll id="334" params="{payload(CONTENT)}"]') == EXPECTED
    assert read(f"[expert_review_poll id=\u00a0»334″ params=\u00a0»{payload(CONTENT)}\u00a0»]") == EXPECTED


def test_the_writers_of_other_payloads_are_understood():
    text = json.dumps(CONTENT, ensure_ascii=False)
    writings = [
        payload(CONTENT),
        payload(CONTENT).rstrip("="),
        base64.urlsafe_b64encode(quote(text).encode()).decode(),
        base64.b64encode(quote_plus(text).encode()).decode(),
        base64.b64encode(text.encode()).decode(),
        base64.b64encode(json.dumps(CONTENT).encode()).decode(),
        base64.b64encode(b"\xef\xbb\xbf" + text.encode()).decode(),
        quote(text),
        quote_plus(text),
        text,
        "\n".join(payload(CONTENT)[at : at + 76] for at in range(0, 2000, 76)),
        "<br />\n".join(payload(CONTENT)[at : at + 76] for at in range(0, 2000, 76)),
        "\u200b".join(payload(CONTENT)),
        f"\u00a0»{payload(CONTENT)}\u00a0»",
    ]
    for written in writings:
        poll, truncated = decode_payload(written)
        assert (poll.title, poll.answers, truncated) == (EXPECTED.title, EXPECTED.answers, False), written


def test_a_payload_of_ascii_quotes_inside_single_ones_is_read_too():
    assert read(f"[poll id=334 params='{quote(json.dumps(CONTENT))}']") == EXPECTED


def test_the_real_polls_are_read(vectors, data_folder):
    expected_files = sorted((data_folder / "raw").glob("o*.json"))
    assert expected_files
    for file in expected_files:
        text = file.with_suffix(".txt").read_text("utf-8-sig")
        calls = [call for call in find_calls(text, KNOWN, code=False) if KNOWN(call.name) and not call.escaped]
        for call, expected in zip(calls, json.loads(file.read_text("utf-8"))["polls"], strict=True):
            poll = PollShortcode().read(call)
            assert [{"id": a.id, "text": a.text} for a in poll.answers] == expected["answers"]
            for field in (
                "id",
                "title",
                "multiple",
                "show_title",
                "show_count",
                "show_results_button",
                "style",
                "color",
            ):
                assert getattr(poll, field) == expected[field]


def test_what_is_whole_in_a_cut_payload_is_kept():
    whole = {**CONTENT, "answers": [{"id": str(n), "text": f"Answer {n}"} for n in range(5)]}
    text = payload(whole)
    poll = read(f'[expert_review_poll id="334" params="{text[: len(text) - 80]}…')
    assert poll.truncated
    assert poll.title == whole["title"]
    assert poll.answers == tuple(Answer(str(n), f"Answer {n}") for n in range(len(poll.answers)))
    assert 1 < len(poll.answers) < 5


titles = st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs", "Cc", "Zl", "Zp"])).map(
    lambda text: " ".join(text.split())
)


@given(
    title=titles.filter(bool),
    answers=st.lists(titles.filter(bool), min_size=2, max_size=5),
    share=st.floats(0, 1),
    ascii_only=st.booleans(),
    percent=st.booleans(),
)
def test_a_payload_cut_anywhere_gives_a_beginning_of_its_poll_or_a_value_error(
    title, answers, share, ascii_only, percent
):
    content = {"title": title, "answers": [{"id": str(n), "text": text} for n, text in enumerate(answers)]}
    written = json.dumps(content, ensure_ascii=ascii_only)
    written = base64.b64encode((quote(written) if percent else written).encode()).decode()
    try:
        poll, truncated = decode_payload(written[: round(len(written) * share)])
    except ValueError:
        assert share < 1
        return
    assert poll.title == title
    assert [answer.text for answer in poll.answers] == answers[: len(poll.answers)]
    assert truncated or len(poll.answers) == len(answers)


@given(st.text() | st.binary().map(lambda data: base64.b64encode(data).decode()))
def test_nonsense_in_place_of_a_payload_is_a_value_error(params):
    try:
        decode_payload(params)
    except ValueError:
        return


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"title":"a","b":[' + "[1," * 100_000, '{"a":"' + "\\" * 99_999]
)
def test_hostile_json_is_a_value_error_or_a_poll(text):
    try:
        poll, truncated = decode_payload(base64.b64encode(text.encode()).decode())
    except ValueError:
        return
    assert truncated
    assert poll.title == "a"


def test_html_in_a_payload_becomes_text():
    content = {
        "title": "<b>Bold</b> &amp; <script>bad()</script>\n  2 < 3 &lt;i&gt;",
        "answers": [{"id": 1, "text": "a<br>b"}, {"id": 2, "text": "c&nbsp;!"}],
    }
    poll, _ = decode_payload(payload(content))
    assert poll.title == "Bold & bad() 2 < 3 <i>"
    assert [answer.text for answer in poll.answers] == ["a b", "c\u00a0!"]


def test_values_that_are_not_allowed_become_the_default():
    content = {**CONTENT, "style": "x onclick", "color": ["a"], "multiple": "0", "show_title": "maybe"}
    poll, _ = decode_payload(payload(content))
    assert (poll.style, poll.color, poll.multiple, poll.show_title) == ("light-2", "blue-1", False, True)


def test_answers_come_as_a_list_an_object_or_bare_strings():
    for answers in (CONTENT["answers"], {"0": CONTENT["answers"][0], "2": CONTENT["answers"][1]}):
        assert decode_payload(payload({**CONTENT, "answers": answers}))[0].answers == EXPECTED.answers
    assert decode_payload(payload({"answers": ["a", "b"]}))[0].answers == (Answer("1", "a"), Answer("2", "b"))


def test_ids_that_come_twice_get_a_stable_suffix():
    answers = [{"id": own_id, "text": own_id} for own_id in ("1", "1", "1-2", "1", "2")]
    ids = [answer.id for answer in decode_payload(payload({"answers": answers}))[0].answers]
    assert ids == ["1", "1-2", "1-2-2", "1-3", "2"]


# The legible form


def test_the_legible_form_is_written_as_documented():
    poll = Poll(
        id="334",
        title="Question?",
        answers=(Answer("1", "First"), Answer("2", "Second")),
        style="light-1",
        color="pink-1",
        show_count=False,
    )
    block = (
        '[poll id="334" style="light-1" color="pink-1" show_count="0"]\nQuestion?\n- [1] First\n- [2] Second\n[/poll]'
    )
    assert poll_block(poll) == block
    assert read(block) == poll


def test_a_poll_by_hand_needs_no_ids_and_may_be_loosely_written():
    poll = read("[poll]\n\n  Which route\n  first?\n\n* The loop\n+ [b] The station\n-   Neither, *really*\n\n[/poll]")
    assert poll.title == "Which route first?"
    assert poll.answers == (Answer("1", "The loop"), Answer("b", "The station"), Answer("3", "Neither, *really*"))


def test_text_that_would_break_the_form_is_written_with_references():
    poll = Poll(id="1", title="# [poll id=2] &amp; <b>", answers=(Answer("a]", "- [/poll]"), Answer("b", "AT&T ")))
    assert poll_block(poll).split("\n")[1:4] == [
        "&#35; &#91;poll id=2&#93; &amp;amp; &#60;b>",
        "- [a&#93;] - &#91;/poll&#93;",
        "- [b] AT&T&#32;",
    ]
    assert read(poll_block(poll)) == poll


any_text = st.text().map(printable) | st.lists(
    st.sampled_from(["[", "]", "[poll ", "[/poll]", "# ", "- ", "&", "amp;", "#91;", "<b>", "`", "```", "~~~", "\n",
                     "\r", " ", "\t", "a", "»", '"', "'", "\\", "\u00a0", "\u200b", "…", "="])
).map("".join)  # fmt: skip
polls = st.builds(
    Poll,
    id=any_text,
    title=any_text,
    answers=st.lists(st.builds(Answer, any_text, any_text), min_size=2, unique_by=lambda a: a.id).map(tuple),
    multiple=st.booleans(),
    show_title=st.booleans(),
    show_count=st.booleans(),
    show_results_button=st.booleans(),
    style=st.sampled_from(["light-1", "light-2", "solid-1"]),
    color=st.sampled_from(["blue-1", "custom", "gray-2"]),
    closed=st.sampled_from(["", "0", "1", "2024-11-03"]),
    truncated=st.booleans(),
)


@given(polls, st.sampled_from(["", "Prose ` with a tick\n", "[caption]\n\n", "```\n"]))
def test_reading_the_legible_form_gives_the_same_poll(poll, before):
    text = f"{before}\n{poll_block(poll)}\n\nAfter ` it.\n"
    call = next(call for call in find_calls(text, KNOWN) if call.name == "poll")
    assert call.source == poll_block(poll)
    assert call.damage == ()
    assert PollShortcode().read(call) == poll


def test_a_poll_of_a_thousand_answers_works():
    poll = Poll(id="1", title="Which?", answers=tuple(Answer(str(n), f"Answer {n}") for n in range(1000)))
    assert read(poll_block(poll)) == poll
    content = {"title": "Which?", "answers": [{"id": str(n), "text": f"Answer {n}"} for n in range(1000)]}
    assert read(f'[expert_review_poll id="1" params="{payload(content)}"]') == poll
    same_id = {"answers": [{"id": "1", "text": "a"}] * 1000}
    assert len({answer.id for answer in decode_payload(payload(same_id))[0].answers}) == 1000


# Problems


def test_a_poll_without_payload_is_a_problem_with_its_place():
    problem = problem_of('Prose\n\n  [expert_review_poll id="7" params=""]')
    assert problem.location == Location("", 3, 3)
    assert (problem.code, problem.message) == ("poll-without-payload", 'poll "7" has no payload')
    assert problem.hint


def test_a_payload_that_cannot_be_read_is_a_problem():
    for params in ("!!!", "QUJD", payload([1]), payload({"style": "light-1"})):
        assert problem_of(f'[expert_review_poll id="7" params="{params}"]').code == "poll-payload"


def test_a_poll_with_fewer_than_two_answers_is_a_problem():
    problem = problem_of('[poll id="best-cat"]\nWhich?\n- Tom\n[/poll]')
    assert (problem.code, problem.message) == ("poll-answers", 'poll "best-cat" has 1 option')
    assert problem_of('[poll id="2"]\nWhich?\n[/poll]').message == 'poll "2" has 0 options'


def test_a_poll_whose_content_is_elsewhere_is_a_place_with_a_key():
    assert read('[poll id="2"]') == PollPlace(plugin="", key="2", id="2")
    assert read("[poll=2]") == PollPlace(plugin="WP-Polls", key="2", id="2")
    assert read('[poll id="-2" type="result"][/poll]') == PollPlace(plugin="", key="", id="-2")
    assert read('[expert_review_poll id="7"]') == PollPlace(plugin="Expert Review", key="7", id="7")


def test_voting_ends_when_the_block_says_so():
    for written, closed in (("1", "1"), ("true", "1"), ("no", "0"), ("2024-11-03", "2024-11-03"), ("", "")):
        assert read(f'[poll id="2" closed="{written}"]\nWhich?\n- a\n- b\n[/poll]').closed == closed
    problem = problem_of('[poll id="2" closed="soon"]\nWhich?\n- a\n- b\n[/poll]')
    assert (problem.code, problem.severity) == ("poll-closed", Severity.ERROR)


def test_the_key_of_a_poll_is_a_file_name():
    assert Poll(id="334", title="", answers=()).key == "334"
    assert Poll(id="", title="Êtes-vous d’accord ?", answers=()).key == "etes-vous-daccord"
    assert Poll(id="", title="", answers=()).key == "poll"
    assert poll_key("../../etc/passwd") == "etc-passwd"
    assert poll_key("best_Cat-2") == "best_Cat-2"
    assert poll_key("<script>") == "script"
    assert len(poll_key("x" * 5000)) <= 100


def test_control_characters_and_markup_never_get_into_a_poll():
    content = {
        "title": "A\x01<script>alert(1)</script>",
        "answers": [{"text": "B\x00\ufdd0"}, {"text": "<img src=x onerror=y>C"}],
    }
    poll, _ = decode_payload(payload(content))
    assert poll.title == "A alert(1)"
    assert [answer.text for answer in poll.answers] == ["B", "C"]
