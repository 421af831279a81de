"""What of an article is indexed, and how much it says of it."""

import time

import pytest

from sitegen.model import Answer, Entry
from sitegen.search.article import OFTEN, ONCE, TITLE, TWICE, article_words
from sitegen.shortcodes.poll_values import FoundPoll, Poll


def weights(body: str, **known: object) -> dict[str, int]:
    entry = Entry(source="a.md", permalink="a/", **{"title": "", **known})  # type: ignore[arg-type]
    found = article_words(entry, body)
    assert found.total == sum(len(words) for _, words in found.by_weight())
    return {word: weight for weight, words in found.by_weight() for word in words}


def test_a_word_weighs_by_where_and_how_often_it_stands() -> None:
    found = weights("Flood flood flood. River river. Bridge.", title="The bridge", tags=("Water",), authors=("Ada",))

    assert found == {
        "flood": OFTEN, "river": TWICE, "bridge": TITLE, "the": TITLE, "water": OFTEN, "ada": OFTEN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('See [the map](maps/old-mill.html "Plan") here', {"see", "the", "map", "here"}),
        ("![A mill](mill.jpg){: .wide }", {"mill"}),
        ("[ref]: https://elsewhere.example/page\n\nText", {"text"}),
        ("[^1]: A note", {"note"}),
        ('<b class="loud">bold</b> <!-- hidden -->', {"bold"}),
        ("fish &amp; chips &eacute;t&eacute;", {"fish", "chips", "été"}),
        ("in**cred**ible `some_code()`", {"incredible", "some", "code"}),
        ('[caption id="a1" caption="Low tide"]', {"low", "tide"}),
        ('[gallery ids="12,13"]after', {"after"}),
        ("http://www.example.org/a/b read", {"read"}),
        ("Kept [words](see) [in brackets]", {"kept", "words", "in", "brackets"}),
    ],
)
def test_markup_is_not_indexed(body: str, words: set[str]) -> None:
    assert set(weights(body)) == words


def test_questions_and_answers_of_polls_are_indexed() -> None:
    poll = Poll(id="1", title="Which route?", answers=(Answer("a", "The harbour loop"), Answer("b", "None")))
    entry = Entry(source="a.md", permalink="a/", title="")

    found = article_words(entry, '[poll id="1" payload="c2VjcmV0"]', (FoundPoll(1, poll),))

    assert {word for _, words in found.by_weight() for word in words} == {
        "which", "route", "the", "harbour", "loop", "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    "piece", ["<!--", "](", "[^", "{.", "<a ", "[a", "[a]: ", "http://", "&#", "[/a", "{", "<", "[poll "]
)
def test_a_text_of_nothing_but_beginnings_takes_no_time(piece: str) -> None:
    started = time.process_time()
    weights(piece * 50_000)
    weights("-->" + piece * 50_000)
    assert time.process_time() - started < 5


def test_more_words_may_come_later() -> None:
    words = article_words(Entry(source="a.md", permalink="a/", title="Tide"), "Low low low water")

    more = words.with_more("Low river")

    assert dict(more.by_weight()) == {ONCE: ["water", "river"], OFTEN: ["low"], TITLE: ["tide"]}
    assert more.total == words.total
    assert article_words(Entry(source="a.md", permalink="a/", title=""), "").with_more("one").text == "one\n\n\n"


def test_an_article_without_a_word_has_none() -> None:
    assert weights("– … –") == {}
    assert weights("a") == {}
    assert ONCE in weights("alone").values()
