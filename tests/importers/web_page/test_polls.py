"""Polls that a saved page shows."""

from sitegen.content.poll_files import parse_poll_file
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.web_page.page import HtmlPage

PROSE = "<p>The mill has stood by the weir for three hundred years, and nobody has ever asked it what it wants.</p>" * 6


def widget(shares: tuple[str, ...], count: str) -> str:
    answers = ("Leave it <b>alone</b>", "Let it grind", "Ask the miller & his wife")
    items = "".join(
        f'<div class="expert-review-poll-item js-expert-review-poll-item" data-id="{n}">'
        f'<div class="expert-review-poll-item__answer">{answer}</div><div class="expert-review-poll-item__num">{share}</div>'
        '<div class="expert-review-poll-item__progress" style="width: 10%"></div></div>'
        for n, (answer, share) in enumerate(zip(answers, shares, strict=True), 1)
    )
    return (
        '<div class="expert-review-poll js-expert-review-poll expert-review-poll--style-light-1 expert-review-poll--color-pink-1"'
        f' data-id="334" data-can_vote="1"><div class="expert-review-poll__header">What shall become of it?</div>{items}'
        f'<div class="expert-review-poll__count">Voted: {count}</div></div>'
    )


def imported(poll: str) -> Imported:
    page = f"<html lang=en><head><title>The mill</title></head><body><article><h1>The mill</h1>{PROSE}{poll}{PROSE}</article>"
    (found,) = HtmlPage().read(Raw("mill.html", page.encode()))
    assert isinstance(found, Imported)
    return found


def test_a_poll_of_a_page_becomes_legible_with_its_votes() -> None:
    found = imported(widget(("59.5%", "23.5%", "17%"), "200"))
    block = (
        '[poll id="334" style="light-1" color="pink-1"]\nWhat shall become of it?\n'
        "- [1] Leave it alone\n- [2] Let it grind\n- [3] Ask the miller & his wife\n[/poll]"
    )
    assert block in found.article.body
    assert "Voted" not in found.article.body
    assert "59.5" not in found.article.body
    assert found.report.polls == 1
    assert not found.report.losses
    (side,) = found.beside
    record = parse_poll_file(side.data.decode(), side.path).record
    assert (side.path, record.question) == ("polls/334.yaml", "What shall become of it?")
    assert [(answer.id, answer.votes) for answer in record.answers] == [("1", 119), ("2", 47), ("3", 34)]


def test_votes_that_do_not_add_up_are_not_made_up() -> None:
    for shares, count in (
        (("60%", "23.5%", "16.6%"), "200"),
        (("60%", "", "16.5%"), "200"),
        (("", "", ""), ""),
        (("0%", "0%", "0%"), "0"),
        (("33.33%", "33.33%", "33.33%"), "4"),
        (("50%", "25%", "25%"), "40000"),
    ):
        found = imported(widget(shares, count))
        assert "- [2] Let it grind" in found.article.body
        assert found.beside == ()


def test_what_only_looks_like_a_poll_is_left_alone() -> None:
    found = imported(
        '<div class="expert-review-poll" data-id="x"><p>Words of an editor about polls, and no poll at all.</p></div>'
    )
    assert "Words of an editor" in found.article.body
    assert "[poll" not in found.article.body
