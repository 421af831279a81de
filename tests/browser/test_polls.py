"""Polls: closed ones say so, open ones are answered by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BallotBox, WebSite

ONE_ANSWER = "2014/06/ellenrath-baut-seine-mauer-und-lasst-eine-wiese-frei/"
SEVERAL_ANSWERS = "2024/09/how-the-valley-votes/"
TWICE = "2024/09/le-tram-ira-t-il-jusqu-a-l-eau-le-prolongement-divise-les-roselieres/"
CUT_OFF = "2024/10/la-loutre-prend-son-service-le-bac-traverse-sans-bruit/"


@pytest.fixture
def votes(ballot_box: BallotBox) -> Iterator[list[list[tuple[str, str]]]]:
    """The votes of this test."""
    ballot_box.votes.clear()
    yield ballot_box.votes
    ballot_box.votes.clear()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"200 times Tab, and the focus was never on {wanted}")


def test_a_poll_without_a_back_end_is_kept_and_says_so(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(TWICE))
    poll = page.locator("figure.poll").first

    assert poll.get_by_role("listitem").count() >= 2
    expect(poll.get_by_text("Le vote est clos")).to_be_visible()
    expect(poll.get_by_text("Les résultats ne figuraient pas dans la source.")).to_be_visible()
    assert page.locator(":is(form, input, button):is(.poll, .poll *)").count() == 0
    assert "%" not in poll.inner_text()


def test_a_kept_poll_has_its_question_for_a_name(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(TWICE))

    poll = page.locator("figure.poll").first

    expect(poll).to_have_accessible_name(poll.locator("figcaption").inner_text())


def test_a_poll_that_was_cut_off_says_so(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(CUT_OFF))

    poll = page.locator(".poll").first

    expect(poll.get_by_text("des réponses peuvent manquer")).to_be_visible()


def test_one_answer_is_chosen_and_sent_by_keyboard_alone(
    page: Page, voting_sample: WebSite, votes: list[list[tuple[str, str]]]
) -> None:
    page.goto(voting_sample.page(ONE_ANSWER))
    poll = page.locator("form.poll")
    answers = poll.get_by_role("radio")

    tab_to(page, answers.first)
    page.keyboard.press("Space")
    expect(answers.first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(answers.nth(1)).to_be_checked()
    expect(answers.first).not_to_be_checked()
    page.keyboard.press("Tab")
    expect(poll.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_title("Counted")
    assert votes == [
        [
            ("poll_id", "88"),
            ("question", "Ist die neue Mauer an der Gerbergasse der richtige Schutz?"),
            ("article", f"https://gazette.example/{ONE_ANSWER}"),
            ("answer", "2: Ja, aber sie ist zu hoch"),
        ]
    ]


def test_several_answers_are_chosen_and_sent_by_keyboard_alone(
    page: Page, voting_sample: WebSite, votes: list[list[tuple[str, str]]]
) -> None:
    page.goto(voting_sample.page(SEVERAL_ANSWERS))
    poll = page.locator("form.poll")
    answers = poll.get_by_role("checkbox")
    values = [one.get_attribute("value") for one in answers.all()]
    question = poll.locator("legend").inner_text()

    tab_to(page, answers.first)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, poll.get_by_role("button"))
    page.keyboard.press("Enter")

    expect(page).to_have_title("Counted")
    assert votes == [
        [
            ("poll_id", "901"),
            ("question", question),
            ("article", f"https://gazette.example/{SEVERAL_ANSWERS}"),
            ("answer", values[0]),
            ("answer", values[2]),
        ]
    ]


def test_a_vote_without_an_answer_is_not_sent(
    page: Page, voting_sample: WebSite, votes: list[list[tuple[str, str]]]
) -> None:
    page.goto(voting_sample.page(ONE_ANSWER))

    page.locator("form.poll").get_by_role("button").click()

    assert page.evaluate("document.querySelector('form.poll').checkValidity()") is False
    assert page.url == voting_sample.page(ONE_ANSWER)
    assert votes == []


def test_one_poll_twice_on_a_page_has_ids_of_its_own(page: Page, voting_sample: WebSite) -> None:
    page.goto(voting_sample.page(TWICE))

    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")

    assert page.locator("form.poll").count() == 2
    assert sorted(ids) == sorted(set(ids))


def test_each_label_ticks_its_own_answer(page: Page, voting_sample: WebSite) -> None:
    page.goto(voting_sample.page(TWICE))
    polls = page.locator("form.poll").all()
    inputs = page.locator("form.poll").get_by_role("radio")
    before = 0
    for number, poll in enumerate(polls):
        for place, label in enumerate(poll.locator("label").all()):
            label.click()

            own = poll.get_by_role("radio").nth(place)
            expect(own).to_be_checked()
            assert poll.locator("input:checked").count() == 1
            # A click in one poll leaves the other one as it was.
            assert inputs.locator(":scope:checked").count() == number + 1
        before = number

    assert before == 1


@pytest.mark.parametrize("path", [ONE_ANSWER, SEVERAL_ANSWERS, TWICE])
def test_every_answer_has_a_name_and_room_for_a_thumb(page: Page, voting_sample: WebSite, path: str) -> None:
    page.goto(voting_sample.page(path))

    for label in page.locator("form.poll label").all():
        box = label.bounding_box()
        assert label.inner_text().strip()
        assert box
        assert box["height"] >= 24
