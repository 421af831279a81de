"""A poll and its data file together, and how it went."""

import datetime as dt

import pytest

from sitegen.model import Answer, PollRecord
from sitegen.shortcodes.poll_backend import PollBackend
from sitegen.shortcodes.poll_calls import polls_in
from sitegen.shortcodes.poll_record import completed, is_open, is_over, percent_of, results_of
from sitegen.shortcodes.poll_values import Poll, PollPlace

POLL = Poll(id="2", title="Which?", answers=(Answer("1", "This"), Answer("2", "That")))
RECORD = PollRecord(key="2", question="Which one?", answers=(Answer("2", "THAT", 3), Answer("1", "THIS", 9)))
DAY = dt.date(2024, 11, 3)


def test_words_of_the_article_and_votes_of_the_file_meet_by_id():
    poll = completed(POLL, RECORD)
    assert poll == Poll(id="2", title="Which?", answers=(Answer("1", "This", 9), Answer("2", "That", 3)))


def test_a_place_becomes_a_poll_when_the_file_has_question_and_answers():
    place = PollPlace(plugin="YOP Poll", key="yop-poll-3", id="3")
    poll = completed(place, PollRecord(key="yop-poll-3", question="Why?", answers=RECORD.answers, multiple=True))
    assert isinstance(poll, Poll)
    assert (poll.key, poll.title, poll.answers, poll.multiple) == ("yop-poll-3", "Why?", RECORD.answers, True)


def test_a_call_that_holds_nothing_still_says_how_its_poll_looks():
    (found,) = polls_in('[poll id="x" style="solid-1" color="red-1" closed="2024-11-03" show_results_button="1"]')
    poll = completed(found.place, PollRecord(key="x", question="Why?", answers=RECORD.answers))
    assert (poll.style, poll.color, poll.closed, poll.show_results_button) == ("solid-1", "red-1", "2024-11-03", True)
    assert completed(found.place, None) is found.place


def test_a_poll_of_one_answer_is_never_open():
    cut = Poll(id="2", title="Which?", answers=(Answer("1", "Th"),), truncated=True)
    assert not is_open(cut, PollBackend("url", "https://v.example/"), None)


def test_a_file_with_a_question_alone_names_the_place():
    place = PollPlace(plugin="YOP Poll", key="yop-poll-3", id="3")
    assert completed(place, PollRecord(key="yop-poll-3", question="Why?")) == PollPlace(
        plugin="YOP Poll", key="yop-poll-3", id="3", title="Why?"
    )
    assert completed(place, None) is place


def test_a_poll_that_was_cut_off_gets_the_answers_of_its_file():
    cut = Poll(id="2", title="Which?", answers=(Answer("1", "Th"),), truncated=True)
    poll = completed(cut, RECORD)
    assert (poll.answers, poll.truncated) == (RECORD.answers, False)
    assert completed(cut, PollRecord(key="2", closed="1")).truncated


def test_results_keep_the_order_of_the_answers_also_in_a_tie():
    poll = Poll(id="1", title="", answers=tuple(Answer(str(n), f"A{n}", votes) for n, votes in enumerate((2, 5, 2, 5))))
    results = results_of(poll, None)
    assert [(row.text, row.votes, row.percent) for row in results.rows] == [
        ("A0", 2, 14.29), ("A1", 5, 35.71), ("A2", 2, 14.29), ("A3", 5, 35.71),
    ]  # fmt: skip
    assert (results.votes, results.total) == (14, 14)


def test_unknown_votes_are_no_results():
    assert results_of(POLL, None) is None
    half = completed(POLL, PollRecord(key="2", answers=(Answer("1", "", 9),)))
    assert results_of(half, None) is None


def test_no_votes_at_all_have_no_shares():
    poll = Poll(id="2", title="", answers=(Answer("1", "This", 0), Answer("2", "That", 0)))
    results = results_of(poll, None)
    assert [(row.votes, row.percent, row.bar) for row in results.rows] == [(0, None, "0"), (0, None, "0")]


def test_shares_are_of_the_total_that_the_source_tells_unless_it_cannot_be():
    poll = completed(POLL, RECORD)
    assert results_of(poll, PollRecord(key="2", total=20)).rows[0].percent == 45.0
    assert results_of(poll, PollRecord(key="2", total=8)).rows[0].percent == 75.0


@pytest.mark.parametrize(
    ("votes", "total", "percent"),
    [(1, 3, 33.33), (2, 3, 66.67), (1, 800, 0.13), (3, 800, 0.38), (1, 1600, 0.06), (47, 200, 23.5), (1, 1, 100.0),
     (7, 7000, 0.1), (10**12, 10**12 * 3, 33.33)],
)  # fmt: skip
def test_percents_round_a_half_up_as_the_plugin_did(votes, total, percent):
    assert percent_of(votes, total) == percent


def test_voting_is_over_on_the_closing_day():
    assert is_over("2024-11-03", None) is False
    assert is_over("2024-11-03", dt.date(2024, 11, 2)) is False
    assert is_over("2024-11-03", DAY) is True
    assert (is_over("1", None), is_over("0", DAY), is_over("", DAY)) == (True, False, None)


def test_what_a_poll_says_of_itself_counts_before_what_the_site_says():
    taking, closed = PollBackend("url", "https://v.example/"), PollBackend("url", "https://v.example/", is_closed=True)
    kept_open = Poll(id="", title="", answers=POLL.answers, closed="0")
    assert is_open(POLL, taking, None)
    assert not is_open(POLL, closed, None)
    assert is_open(kept_open, closed, None)
    assert not is_open(kept_open, PollBackend(), None)
