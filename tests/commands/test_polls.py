"""`sitegen polls` as it is called."""

import json

import pytest

from sitegen.cli import FINE, PROBLEMS, USAGE, main
from tests.conftest import SmallSite

SITE = """
    == content/news/a.md ==
    ---
    title: A
    date: 2011-05-01
    ---
    [poll id="2"]
    Which?
    - [1] This
    - [2] That
    [/poll]

    [poll id="7" closed="1"]
    Closed?
    - [1] Yes
    - [2] No
    [/poll]

    [yop_poll id="3"]

    [page_polls x="1"]
    == content/polls/7.yaml ==
    answers:
    - id: 1
      votes: 3
    - id: 2
      votes: 1
    == content/polls/alone.yaml ==
    question: Nobody asks?
    answers: [Yes, No]
"""
EXPORT = [
    {"id": "s1", "created_at": "2024-11-03T10:00:00Z", "data": {"poll_id": "2", "answer": "1: This"}},
    {"id": "s2", "created_at": "2024-11-03T11:00:00Z", "data": {"poll_id": "2", "answer": "1: This"}},
    {"id": "s3", "created_at": "2024-11-04T11:00:00Z", "data": {"poll_id": "2", "answer": "2: That"}},
    {"id": "s4", "created_at": "2024-11-04T12:00:00Z", "data": {"poll_id": "2", "answer": "3: Maybe"}},
    {"id": "s5", "created_at": "2024-11-04T12:00:00Z", "data": {"poll_id": "../../x", "answer": "1: This"}},
]


def run(site: SmallSite, *words: str) -> int:
    return main(["-C", str(site.folder), "polls", *words])


@pytest.fixture
def voting(site: SmallSite) -> SmallSite:
    site.write(SITE)
    config = site.path("sitegen.toml")
    config.write_text(config.read_text("utf-8") + '\n[poll]\nendpoint = "https://v.example/in"\n', "utf-8")
    site.write_bytes("votes.json", json.dumps(EXPORT).encode())
    return site


def test_every_poll_is_listed_with_its_state(voting: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(voting, "list", "--json") == FINE
    told = json.loads(capsys.readouterr().out)
    assert [(poll["key"], poll["state"], poll["votes"], poll["question"]) for poll in told["polls"]] == [
        ("2", "open", None, "Which?"),
        ("7", "closed", 4, "Closed?"),
        ("yop-poll-3", "elsewhere", None, "YOP Poll"),
        ("alone", "not shown", None, "Nobody asks?"),
        ("", "elsewhere", None, "WP-Polls"),
    ]
    assert told["polls"][0]["places"] == ["content/news/a.md:5"]
    assert run(voting, "list") == FINE
    out = capsys.readouterr().out
    assert "votes unknown" in out
    assert "content/polls/7.yaml" in out


def test_a_tally_freezes_the_votes_and_a_second_one_changes_nothing(
    voting: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    export = str(voting.path("votes.json"))
    assert run(voting, "tally", export) == PROBLEMS
    said = capsys.readouterr()
    assert "2: 3 votes counted, 0 known before, 1 refused; content/polls/2.yaml" in said.out
    assert 'no answer of the poll is "3: Maybe"' in said.err
    assert 'there is no poll "../../x"' in said.err
    written = voting.path("content/polls/2.yaml").read_bytes()

    assert run(voting, "tally", export) == PROBLEMS
    assert "2: 0 votes counted, 3 known before, 1 refused" in capsys.readouterr().out
    assert voting.path("content/polls/2.yaml").read_bytes() == written

    with voting.path("content/polls/2.yaml").open("a") as file:
        file.write("closed: 2024-11-05\n")
    voting.build()
    page = voting.read("2011/05/a/index.html")
    assert ">66.67%<" in page
    assert "3 votes." in page
    assert "Counted on November 4, 2024." in page
    assert voting.outputs() == voting.clean_outputs()


def test_a_vote_that_was_refused_counts_once_its_answer_is_there(voting: SmallSite) -> None:
    export = str(voting.path("votes.json"))
    run(voting, "tally", export)
    article = voting.path("content/news/a.md")
    article.write_text(article.read_text().replace("- [2] That", "- [2] That\n- [3] Maybe"))
    run(voting, "tally", export)
    assert "text: Maybe\n  votes: 1" in voting.path("content/polls/2.yaml").read_text()


def test_a_table_is_counted_with_its_columns_named(voting: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    voting.write_bytes("votes.csv", b"nr;choice\n1;This\n2;That\n2;That\n")
    words = ("tally", str(voting.path("votes.csv")), "--poll", "2", "--map", "id=nr", "--map", "answer=choice")
    assert run(voting, *words) == FINE
    assert "2: 2 votes counted, 1 known before, 0 refused" in capsys.readouterr().out


def test_what_cannot_be_read_is_refused(voting: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(voting, "tally", str(voting.path("nowhere.csv"))) == USAGE
    assert run(voting, "tally", str(voting.path("votes.json")), "--map", "colour=x") == USAGE
    assert "write FIELD=COLUMN" in capsys.readouterr().err
    assert not voting.path("content/polls/2.yaml").exists()


def test_a_broken_data_file_is_told_and_never_overwritten(
    voting: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    voting.write_bytes("content/polls/2.yaml", b"answers:\n- id: 1\n  vote: 3\n")
    assert run(voting, "list") == PROBLEMS
    assert run(voting, "tally", str(voting.path("votes.json"))) == USAGE
    assert 'unknown key "vote" of an answer' in capsys.readouterr().err
    assert voting.path("content/polls/2.yaml").read_bytes() == b"answers:\n- id: 1\n  vote: 3\n"
