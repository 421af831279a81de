"""Vote exports of form services."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.ballots import Ballot, read_ballots
from sitegen.model import Problem, SiteError

NETLIFY = [
    {
        "number": 2, "id": "5f85b2d86b1f3e0008a1d0c2", "title": None, "form_name": "poll-2",
        "created_at": "2024-11-03T14:02:06.088Z",
        "data": {"poll_id": "2", "question": "Which?", "article": "https://x.example/a/", "answer": "2: That", "ip": "192.0.2.1",
                 "user_agent": "M", "referrer": "https://x.example/a/"},
    },
    {"id": "5f85b2d86b1f3e0008a1d0c3", "created_at": "2024-11-03T15:00:00.000Z",
     "data": {"poll_id": "2", "answer": ["1: This", "2: That"]}},
]  # fmt: skip
FORMSPREE = {
    "fields": ["_date", "poll_id", "answer"],
    "submissions": [{"_date": "2024-11-03T07:28:29.707632", "poll_id": "2", "answer": "1: This"}],
}


def read(text: str, columns: dict[str, str] | None = None, poll: str = "") -> list[Ballot | Problem]:
    return list(read_ballots(text, "export", columns or {}, poll))


def test_netlifys_list_of_submissions_is_read():
    one, several = read(json.dumps(NETLIFY))
    assert (one.id, one.poll, one.answers) == ("5f85b2d86b1f3e0008a1d0c2", "2", ("2: That",))
    assert one.date.isoformat() == "2024-11-03T14:02:06.088000+00:00"
    assert several.answers == ("1: This", "2: That")


def test_formsprees_submissions_are_known_by_all_that_they_hold_where_they_have_no_id():
    (one,) = read(json.dumps(FORMSPREE))
    assert (one.poll, one.answers, one.date.isoformat()) == ("2", ("1: This",), "2024-11-03T07:28:29.707632")
    assert one.id.startswith("row-")
    assert read(json.dumps(FORMSPREE)) == [one]
    other = json.loads(json.dumps(FORMSPREE).replace("29.707632", "30.1"))
    assert read(json.dumps(other))[0].id != one.id


def test_a_table_with_any_delimiter_and_spelling_of_its_columns_is_read():
    for text in (
        'ID,Poll_ID,Answer,Created_At\r\na1,2,"1: This, or that",2024-11-03 10:00:00 UTC\r\n',
        "\ufeffID;Poll_ID;Answer;Created_At\na1;2;1: This, or that;2024-11-03 10:00:00 UTC\n".lstrip("\ufeff"),
        "id\tpoll_id\tanswer\tdate\na1\t2\t1: This, or that\t2024-11-03\n",
    ):
        (ballot,) = read(text)
        assert (ballot.id, ballot.poll, ballot.answers, ballot.line) == ("a1", "2", ("1: This, or that",), 2)
        assert ballot.date.date().isoformat() == "2024-11-03"


def test_columns_and_the_poll_can_be_named():
    (ballot,) = read("nr,choice\n7,That\n", {"id": "nr", "answer": "choice"}, poll="best-cat")
    assert (ballot.id, ballot.poll, ballot.answers, ballot.date) == ("7", "best-cat", ("That",), None)


def test_a_cell_may_hold_a_list():
    (ballot,) = read('id,poll_id,answer\n7,2,"[""1: This"",""2: That""]"\n')
    assert ballot.answers == ("1: This", "2: That")


def test_lines_that_say_nothing_are_told_and_left_out():
    told = read("id,poll_id,answer\n1,,This\n2,2,\n3,2,This\n")
    assert [item.code if isinstance(item, Problem) else item.id for item in told] == [
        "ballot-without-poll", "ballot-without-answer", "3",
    ]  # fmt: skip
    assert [item.location.line for item in told[:2]] == [2, 3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no votes"),
        ("[]", "no votes"),
        ("[{", "not JSON"),
        ('{"a": 1}', "no list of submissions"),
        ("[" * 100_000, "not JSON"),
        ("id,poll_id\n1,2\n", "known to hold the answer"),
        ("id,answer\n1,2\n", "known to hold the poll"),
        ("poll_id,answer\n1,2\n", "submission's id"),
        ("id,poll_id,answer\n1,2," + "x" * 200_000, "not CSV"),
    ],
)
def test_a_file_that_is_no_export_is_refused(text, said):
    with pytest.raises(SiteError, match=said):
        read(text)


any_export = st.text() | st.lists(
    st.sampled_from(
        [
            "id",
            "poll_id",
            "answer",
            "date",
            ",",
            ";",
            "\t",
            "\n",
            '"',
            "1: This",
            "[",
            "]",
            "{",
            "}",
            ":",
            "\x00",
            "null",
        ]
    )
).map("".join)


@given(any_export)
def test_any_text_is_ballots_or_is_refused(text):
    try:
        told = read(text)
    except SiteError:
        return
    assert all(isinstance(item, Problem) or (item.id and item.poll and item.answers) for item in told)


def test_a_column_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(SiteError) as raised:
        read("nr,choice\n1,This\n", {"answer": "chioce"})
    assert raised.value.problem.hint == "its columns: nr, choice"
