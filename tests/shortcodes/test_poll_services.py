"""Polls of other plugins and services."""

import pytest

from sitegen.shortcodes.poll_calls import missing_poll, polls_in
from sitegen.shortcodes.poll_values import POLL_NAMES, PollPlace
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls


def place(text: str) -> PollPlace:
    (found,) = polls_in(text)
    assert found.place
    return found.place


@pytest.mark.parametrize(
    ("call", "plugin", "key", "url"),
    [
        ('[yop_poll id="3" results="0"]', "YOP Poll", "yop-poll-3", ""),
        ('[yop-poll tid="7"]', "YOP Poll", "yop-poll-7", ""),
        ('[totalpoll id="12" screen="results"]', "TotalPoll", "totalpoll-12", ""),
        ('[democracy id="5"]', "Democracy Poll", "democracy-5", ""),
        ('[democracy id="last"]', "Democracy Poll", "democracy-last", ""),
        ('[crowdsignal poll="10230"]', "Crowdsignal", "crowdsignal-10230", "https://poll.fm/10230"),
        ("[crowdsignal poll=10230]", "Crowdsignal", "crowdsignal-10230", "https://poll.fm/10230"),
        ('[crowdsignal survey="AB-12" type="slider"]', "Crowdsignal", "crowdsignal-AB-12", "https://survey.fm/AB-12"),
        ('[crowdsignal rating="99"]', "Crowdsignal", "crowdsignal-99", ""),
        ('[polldaddy poll="10230"]', "Polldaddy", "polldaddy-10230", "https://polldaddy.com/p/10230"),
        ('[socialpoll id="2489"]', "Opinion Stage", "opinion-stage-2489", "https://www.opinionstage.com/polls/2489"),
        ('[os-widget path="/acme/best-cat"]', "Opinion Stage", "opinion-stage-acme-best-cat",
         "https://www.opinionstage.com/acme/best-cat"),
        ('[forminator_poll id="44"]', "Forminator", "forminator-44", ""),
        ("[qsm quiz=1]", "Quiz And Survey Master", "qsm-1", ""),
        ("[mlw_quizmaster quiz=1]", "Quiz And Survey Master", "qsm-1", ""),
        ("[yop_poll id=\u00a0»3″]", "YOP Poll", "yop-poll-3", ""),
    ],
)  # fmt: skip
def test_a_call_names_its_plugin_its_data_file_and_where_the_poll_can_be_seen(call, plugin, key, url):
    found = place(call)
    assert (found.plugin, found.key, found.url) == (plugin, key, url)


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "1&#34; onmouseover=x", "../../evil", "https://evil.example/", "1/2", "é"]
)
def test_an_id_never_becomes_more_than_an_id(value):
    for call in (f"[crowdsignal poll='{value}']", f"[os-widget path='//{value}']", f"[socialpoll id='{value}']"):
        found = place(call)
        assert not found.url or found.url.startswith("https://www.opinionstage.com/")
        assert ":" not in found.url.removeprefix("https:")
        assert found.key == "" or set(found.key) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
        )


def test_a_list_of_polls_is_a_place_without_a_data_file():
    for call in ("[page_polls]", '[yop_poll_archive max="3"]', "[democracy_archives]"):
        found = polls_in(f"Text.\n\n{call}\n")
        if found:  # a bare name without attributes is prose to those who do not know it
            assert (found[0].place.is_list, found[0].key) == (True, "")


def test_every_name_is_known():
    assert all(is_known(name) for name in POLL_NAMES)


def test_polls_of_a_body_are_found_with_their_lines_also_inside_other_calls():
    text = (
        'Text.\n\n[poll id="1"]\nWhich?\n- a\n- b\n[/poll]\n\n[box style="x"]\nWords.\n\n[yop_poll id="3"]\n[/box]\n\n'
        '`[poll id="9"]` and [[poll id="8"]]\n'
    )
    assert [(found.key, found.line) for found in polls_in(text, 10)] == [("1", 12), ("yop-poll-3", 21)]
    assert len(find_calls(text, POLL_NAMES.__contains__)) == 3


def test_an_unreadable_payload_leaves_a_place_that_a_data_file_completes():
    (found,) = polls_in('[expert_review_poll id="7" params="!!!"]')
    assert (found.place.plugin, found.key) == ("Expert Review", "7")


def test_who_writes_the_article_is_told_which_file_is_missing():
    told = missing_poll(place('[yop_poll id="3"]'))
    assert told.code == "poll-without-content"
    assert "content/polls/yop-poll-3.yaml" in told.hint
    assert missing_poll(place('[crowdsignal poll="1"]')) is None
