"""Votes counted into a data file."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.poll_files import PollFile
from sitegen.content.poll_tally import Vote, tally_votes
from sitegen.model import Answer, PollRecord
from sitegen.shortcodes.poll_values import Poll

POLL = Poll(id="2", title="Which?", answers=(Answer("1", "This, or that"), Answer("2", "That"), Answer("b", "1")))
SEVERAL = Poll(id="2", title="Which?", answers=POLL.answers, multiple=True)
EMPTY = PollFile(PollRecord(key="2"))


def vote(number: int, *answers: str, day: str = "2024-11-03") -> Vote:
    return Vote(f"s{number}", answers, dt.date.fromisoformat(day), number)


def votes_of(file: PollFile) -> dict[str, int | None]:
    return {answer.id: answer.votes for answer in file.record.answers}


def test_votes_are_counted_by_whatever_names_the_answer():
    told = tally_votes(
        POLL, EMPTY, [vote(1, "1: This, or that"), vote(2, "That"), vote(3, "2"), vote(4, "b: 1"), vote(5, "1")]
    )
    assert votes_of(told.file) == {"1": 1, "2": 2, "b": 2}
    assert (told.counted, told.known, told.refused) == (5, 0, ())
    assert told.file.tallied == ("s1", "s2", "s3", "s4", "s5")
    assert told.file.record.question == "Which?"
    assert told.file.record.counted == dt.date(2024, 11, 3)


def test_a_second_count_changes_nothing():
    votes = [vote(1, "2"), vote(2, "2")]
    once = tally_votes(POLL, EMPTY, votes)
    poll = Poll(id="2", title="Which?", answers=once.file.record.answers)
    again = tally_votes(poll, once.file, [*votes, vote(1, "1: This, or that")])
    assert again.file == once.file
    assert (again.counted, again.known) == (0, 3)


def test_new_votes_are_added_to_what_is_known():
    answers = (Answer("1", "This, or that", 120), Answer("2", "That", 80), Answer("b", "1", 0))
    known = PollFile(PollRecord(key="2", answers=answers, total=210, closed="0"))
    told = tally_votes(Poll(id="2", title="Which?", answers=answers), known, [vote(1, "That")])
    assert votes_of(told.file) == {"1": 120, "2": 81, "b": 0}
    assert (told.file.record.total, told.file.record.closed) == (211, "0")


def test_a_ballot_with_several_answers_counts_one_voter():
    told = tally_votes(
        SEVERAL,
        EMPTY,
        [vote(1, "1: This, or that", "2: That"), vote(2, "1: This, or that, 2: That"), vote(3, "2: That; 2: That")],
    )
    assert votes_of(told.file) == {"1": 2, "2": 3, "b": 0}
    assert told.file.record.total == 3
    assert told.file.record.multiple is True


def test_the_number_of_voters_stays_unknown_once_it_was():
    answers = (Answer("1", "This, or that", 12), Answer("2", "That", 8), Answer("b", "1", 0))
    told = tally_votes(
        Poll(id="2", title="", answers=answers, multiple=True),
        PollFile(PollRecord(key="2", answers=answers)),
        [vote(1, "2")],
    )
    assert told.file.record.total is None


def test_what_cannot_be_counted_is_refused_with_a_reason_and_can_be_counted_later():
    poll = Poll(id="2", title="", answers=POLL.answers, closed="2024-11-03")
    told = tally_votes(
        poll,
        EMPTY,
        [
            vote(1, "Maybe", day="2024-11-02"),
            vote(2, "That", day="2024-11-03"),
            vote(3, "1: This, or that", "That", day="2024-11-01"),
        ],
    )
    assert [(refused.id, reason) for refused, reason in told.refused] == [
        ("s1", 'no answer of the poll is "Maybe"'),
        ("s2", "it came on 2024-11-03, when voting was closed"),
        ("s3", "it has more than one answer"),
    ]
    assert told.file == EMPTY


def test_votes_for_answers_that_the_article_has_no_more_are_kept():
    record = PollRecord(key="2", answers=(Answer("1", "This, or that", 3), Answer("9", "Gone", 7)))
    told = tally_votes(POLL, PollFile(record), [vote(1, "2")])
    assert votes_of(told.file)["9"] == 7


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)


@given(st.lists(texts, min_size=2, max_size=6, unique=True), st.data())
def test_every_vote_as_the_form_sends_it_is_found_again(answers, data):
    poll = Poll(
        id="x", title="", answers=tuple(Answer(str(n), text) for n, text in enumerate(answers, 1)), multiple=True
    )
    chosen = data.draw(st.lists(st.sampled_from(poll.answers), min_size=1, unique=True))
    sent = tuple(f"{answer.id}: {answer.text}" for answer in chosen)
    told = tally_votes(poll, EMPTY, [Vote("s", sent, None, 1)])
    assert {answer.id for answer in told.file.record.answers if answer.votes} == {answer.id for answer in chosen}
