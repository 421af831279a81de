"""A poll in every state and for every back end: nobody is shut out, the HTML is right, votes are sent as they should."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.every_poll import BACKENDS, PollSite, Request, poll_site
from tests.browser.test_accessibility import violations
from tests.browser.test_polls import tab_to
from tests.html_checker import messages


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each back end in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def polls(backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PollSite]:
    """A site with that back end."""
    with poll_site(tmp_path_factory.mktemp(backend), backend, "remember = true" if backend == "url" else "") as site:
        yield site


@pytest.fixture
def votes(polls: PollSite) -> list[Request]:
    """The votes of this test."""
    polls.votes.clear()
    return polls.votes


def test_no_poll_shuts_anybody_out(page: Page, polls: PollSite) -> None:
    assert violations(page, polls.page("en")) == []


@pytest.mark.parametrize("backend", ["none", "url"], indirect=True, scope="module")
def test_no_poll_shuts_anybody_out_with_all_its_details_open(page: Page, polls: PollSite) -> None:
    open_all = "for (const one of document.querySelectorAll('details')) one.open = true"
    assert violations(page, polls.page("ar"), open_all) == []


def test_the_html_is_right(polls: PollSite) -> None:
    pages = [*(polls.folder / "output/articles").rglob("*.html"), *(polls.folder / "output").glob("thanks/*.html")]
    assert messages(sorted(pages)) == []


@pytest.mark.parametrize("backend", ["none", "url"], indirect=True, scope="module")
def test_ids_are_unique_and_every_control_has_a_name(page: Page, polls: PollSite) -> None:
    page.goto(polls.page())
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert sorted(ids) == sorted(set(ids))
    for control in page.locator(".poll :is(input, button):visible").all():
        expect(control).to_have_accessible_name(re.compile(r"\w"))


def test_nothing_is_chosen_beforehand_and_one_answer_is_required(page: Page, polls: PollSite) -> None:
    page.goto(polls.page())
    assert page.locator(".poll input:checked").count() == 0
    for radio in page.locator(".poll input[type=radio]").all():
        expect(radio).to_have_attribute("required", "")


def test_a_vote_by_keyboard_alone_sends_what_the_back_end_wants(
    page: Page, polls: PollSite, backend: str, votes: list[Request]
) -> None:
    page.goto(polls.page())
    if backend == "none":
        assert page.locator(":is(form, input, button):is(.poll, .poll *)").count() == 0
        return
    poll = page.locator("form.poll").first

    vote_by_keyboard(page, poll)

    expect(page).to_have_title("Counted")
    article = polls.page()
    asked = [("poll_id", "one"), ("question", "Which way home?"), ("article", article)]
    answer = [("answer", '2: Over the hill & "By the last tram"')]
    subject, thanks = "poll-one: Which way home?", f"{polls.url}/thanks/"
    assert votes == [
        {
            "url": Request("/vote", [*asked, *answer]),
            "netlify": Request("/thanks/", [("form-name", "poll-one"), *asked, ("bot-field", ""), *answer]),
            "formspree": Request(
                "/f/abc", [("_subject", subject), ("_next", thanks), *asked, ("_gotcha", ""), *answer]
            ),
            "web3forms": Request(
                "/submit", [("access_key", "k-1"), ("subject", subject), ("redirect", thanks), *asked, *answer]
            ),
            "basin": Request("/f/b1", [*asked, ("_gotcha", ""), *answer]),
            "cloudflare": Request("/articles/a/", [*asked, ("website", ""), *answer]),
        }[backend]
    ]


def test_several_answers_are_sent_under_one_name(
    page: Page, polls: PollSite, backend: str, votes: list[Request]
) -> None:
    page.goto(polls.page("ar"))
    if backend == "none":
        assert page.locator("form.poll").count() == 0
        return
    poll = page.locator("form.poll").nth(1)
    boxes = poll.get_by_role("checkbox")

    tab_to(page, boxes.first)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(poll.get_by_role("button").first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_title("Counted")
    assert [value for name, value in votes[0].fields if name == "answer"] == ["1: على ضفة النهر", "3: بآخر ترام"]


def test_a_robots_field_is_seen_by_no_reader(page: Page, polls: PollSite) -> None:
    page.goto(polls.page())
    for trap in page.locator(".poll [tabindex='-1']").all():
        expect(trap).to_be_hidden()


@pytest.mark.parametrize("backend", ["none", "url"], indirect=True, scope="module")
def test_results_read_from_left_to_right_or_from_right_to_left(page: Page, polls: PollSite) -> None:
    for language, side in (("en", "left"), ("ar", "right")):
        page.goto(polls.page(language))
        bar = page.locator("figure.poll .bar").first
        rect = bar.locator("rect")
        outer, inner = bar.bounding_box(), rect.bounding_box()
        assert outer
        assert inner
        gap = inner["x"] - outer["x"] if side == "left" else outer["x"] + outer["width"] - inner["x"] - inner["width"]
        assert abs(gap) < 2


def vote_by_keyboard(page: Page, poll: Locator) -> None:
    """The second answer, and Enter on the button."""
    answers = poll.get_by_role("radio")
    tab_to(page, answers.first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(answers.nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    expect(poll.get_by_role("button").first).to_be_focused()
    page.keyboard.press("Enter")


def test_a_choice_is_kept_in_the_browser_and_forgotten_on_demand(page: Page, tmp_path: Path) -> None:
    with poll_site(tmp_path, "url", "remember = true") as site:
        page.goto(site.page())
        poll = page.locator("form.poll").first
        kept = poll.locator("[data-choice]")
        expect(kept).to_be_hidden()
        vote_by_keyboard(page, poll)
        expect(page).to_have_title("Counted")

        page.goto(site.page())
        expect(kept).to_be_visible()
        expect(kept).to_contain_text('kept in this browser alone: Over the hill & "By the last tram"')
        assert page.locator(".poll input:checked").count() == 0
        assert len(site.votes) == 1

        kept.get_by_role("button", name="Forget it").click()
        expect(kept).to_be_hidden()
        page.reload()
        expect(kept).to_be_hidden()


def test_polls_work_under_a_strict_content_security_policy(page: Page, tmp_path: Path) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    with poll_site(tmp_path, "url", "remember = true", "default-src 'self'; form-action 'self'") as site:
        page.goto(site.page())
        vote_by_keyboard(page, page.locator("form.poll").first)
        expect(page).to_have_title("Counted")
        page.goto(site.page())
        expect(page.locator("form.poll [data-choice]").first).to_be_visible()
        assert page.locator("figure.poll .bar rect").first.bounding_box()["width"] > 10
    assert refused == []


def test_a_form_leads_nowhere_but_where_its_page_says(page: Page, tmp_path: Path) -> None:
    with poll_site(tmp_path, "url") as site:
        page.goto(site.page())
        page.evaluate("document.querySelector('form.poll').action = 'http://localhost:9/elsewhere'")
        vote_by_keyboard(page, page.locator("form.poll").first)
        page.wait_for_timeout(300)
        assert page.url == site.page()
        assert site.votes == []


def test_a_poll_prints_without_what_paper_cannot_do(page: Page, tmp_path: Path) -> None:
    with poll_site(tmp_path, "url") as site:
        page.goto(site.page())
        page.emulate_media(media="print")
        expect(page.locator("form.poll button").first).to_be_hidden()
        expect(page.locator("form.poll legend").first).to_be_visible()
        expect(page.locator("figure.poll .results").first).to_be_visible()
