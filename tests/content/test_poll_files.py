"""Data files of polls."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.folder import is_poll_file
from sitegen.content.poll_files import PollFile, parse_poll_file, write_poll_file
from sitegen.model import Answer, PollRecord, SiteError

TEXT = """\
question: Which route should reopen first?
answers:
- id: 1
  text: "No: the harbour loop"
  votes: 120
- id: b
  text: no
  votes: 80
- text: Neither
multiple: yes
total: 150
closed: 2024-11-03
counted: 2024-11-04
hidden: false
tallied: [a1, a2, a1]
"""


def test_a_data_file_says_all_of_a_poll():
    record, tallied = parse_poll_file(TEXT, "content/polls/route.yaml")
    assert record == PollRecord(
        key="route",
        question="Which route should reopen first?",
        answers=(Answer("1", "No: the harbour loop", 120), Answer("b", "no", 80), Answer("3", "Neither")),
        multiple=True,
        total=150,
        closed="2024-11-03",
        counted=dt.date(2024, 11, 4),
    )
    assert tallied == ("a1", "a2")


def test_answers_without_votes_may_be_a_plain_list():
    record, _ = parse_poll_file("question: Which?\nanswers: [This, That]\n", "polls/x.yaml")
    assert record.answers == (Answer("1", "This"), Answer("2", "That"))
    assert parse_poll_file("", "polls/x.yaml") == PollFile(PollRecord(key="x"))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("qestion: x\n", 1, 'unknown key "qestion"'),
        ("question: a\nanswers:\n- id: 1\n  vote: 3\n", 4, 'unknown key "vote" of an answer'),
        ("answers:\n- id: 1\n  votes: -3\n", 3, '"-3" is no number of votes'),
        ("answers:\n- id: 1\n  votes: many\n", 3, '"many" is no number of votes'),
        ("answers: 3\n", 1, "answers are no list"),
        ("answers:\n- id: 1\n- id: 1\n", 2, 'two answers have the id "1"'),
        ("closed: soon\n", 1, "neither true nor false nor a date"),
        ("counted: soon\n", 1, '"soon" is no date'),
        ("question: a\nquestion: b\n", 2, "stands twice"),
        ("question: [a\n", 2, "not YAML"),
        ("- a\n- b\n", 1, "no list of keys"),
        ("question: &a x\nanswers: [*a, *a]\n", 1, "alias"),
        ("question:\n  a: b\n", 2, "expected one line of text"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text, line, said):
    with pytest.raises(SiteError) as raised:
        parse_poll_file(text, "content/polls/x.yaml")
    problem = raised.value.problem
    assert said in problem.message
    assert (problem.location.path, problem.location.line) == ("content/polls/x.yaml", line)


def test_a_name_that_no_poll_can_have_is_told():
    with pytest.raises(SiteError, match="cannot be the name of a poll"):
        parse_poll_file("question: x\n", "content/polls/best cat.yaml")


def test_files_of_the_folder_of_polls_are_data():
    assert is_poll_file("polls/334.yaml")
    assert not is_poll_file("polls/334.json")
    assert not is_poll_file("polls/old/334.yaml")
    assert not is_poll_file("news/334.yaml")


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
counts = st.none() | st.integers(0, 10**9)
records = st.builds(
    PollRecord,
    key=st.just("x"),
    question=lines,
    answers=st.lists(st.builds(Answer, lines.filter(bool), lines, counts), unique_by=lambda a: a.id, max_size=5).map(
        tuple
    ),
    multiple=st.sampled_from([None, True, False]),
    closed=st.sampled_from(["", "0", "1", "2024-11-03"]),
    counted=st.none() | st.dates(dt.date(1000, 1, 1)),
    total=counts,
    is_hidden=st.booleans(),
)


@given(records, st.lists(lines.filter(bool), unique=True, max_size=3).map(tuple))
def test_what_is_written_reads_the_same(record, tallied):
    file = PollFile(record, tallied)
    assert parse_poll_file(write_poll_file(file), "polls/x.yaml") == file


yaml_parts = st.lists(
    st.sampled_from(["question", "answers", "votes", "id", "closed", "total", ": ", ":", "\n", "- ", "  ", "[", "]", "{", "}",
                     "1", "-1", "true", "2024-11-03", "2024-99-99", "&a", "*a", "!!python/name:x", "|", "\t", "#", "~", "\x00"])
).map("".join)  # fmt: skip


@given(st.text() | yaml_parts)
def test_any_text_is_a_poll_or_a_problem(text):
    try:
        parse_poll_file(text, "polls/x.yaml")
    except SiteError as error:
        assert error.problem.location.path == "polls/x.yaml"
