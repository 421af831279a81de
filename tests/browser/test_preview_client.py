"""The preview in a real browser: an open page follows what is saved."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import SmallSite
from tests.preview.running import RunningPreview, until

SECONDS = 10  # it takes a third of one where nothing else is at work
PATIENCE_MS = SECONDS * 1000


@pytest.fixture
def preview(site: SmallSite) -> Iterator[RunningPreview]:
    """A site of two articles, under preview."""
    site.add_article("open", "The first text.", title="Open")
    site.add_article("other", "Another text.", title="Other")
    site.write_bytes("templates/static/site.css", b"h1 { color: rgb(1, 2, 3); }")
    with RunningPreview(site.folder) as running:
        yield running.wait_until_it_answers()


def open_article(page: Page, preview: RunningPreview) -> None:
    """Open the page and wait until it listens; mark its document, so that a reload is seen."""
    page.goto(f"{preview.url}/articles/open/")
    listens(page)
    page.evaluate("window.isSameDocument = true")


def listens(page: Page) -> None:
    page.wait_for_selector("html[data-sitegen=live]", timeout=PATIENCE_MS)


def was_reloaded(page: Page) -> bool:
    return not page.evaluate("window.isSameDocument === true")


def test_an_open_page_shows_what_is_saved(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    open_article(page, preview)

    site.add_article("open", "The second text.", title="Open")

    expect(page.get_by_text("The second text.")).to_be_visible(timeout=PATIENCE_MS)
    listens(page)
    site.add_article("open", "The third text.", title="Open")
    expect(page.get_by_text("The third text.")).to_be_visible(timeout=PATIENCE_MS)


def test_a_save_between_the_page_and_its_socket_is_not_missed(
    page: Page, site: SmallSite, preview: RunningPreview
) -> None:
    def save_first(route: Route) -> None:
        site.add_article("open", "The second text.", title="Open")
        until(lambda: "The second text." in preview.ask("/articles/open/").body, SECONDS, "the save is built")
        route.continue_()

    page.route("**/client.js", save_first, times=1)
    page.goto(f"{preview.url}/articles/open/")

    expect(page.get_by_text("The second text.")).to_be_visible(timeout=PATIENCE_MS)


def test_an_open_page_stays_where_it_was_read(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    long = "\n\n".join(f"Paragraph {number}." for number in range(200))
    site.add_article("open", long, title="Open")
    until(lambda: "Paragraph 199." in preview.ask("/articles/open/").body, SECONDS, "the long text is shown")
    open_article(page, preview)
    page.evaluate("scrollTo(0, 2000)")

    site.add_article("open", long + "\n\nThe end.", title="Open")

    expect(page.get_by_text("The end.")).to_be_attached(timeout=PATIENCE_MS)
    page.wait_for_function("scrollY === 2000", timeout=PATIENCE_MS)


def test_an_edit_of_another_page_leaves_this_one_alone(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    open_article(page, preview)

    with page.expect_event("websocket", timeout=PATIENCE_MS) as opened:
        page.reload()
    page.evaluate("window.isSameDocument = true")
    with opened.value.expect_event("framereceived", timeout=PATIENCE_MS):
        site.add_article("other", "Another text, mended.", title="Other")

    page.wait_for_timeout(200)
    assert not was_reloaded(page)


def test_a_style_sheet_is_swapped_without_a_reload(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    open_article(page, preview)
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_css("color", "rgb(1, 2, 3)")

    site.write_bytes("templates/static/site.css", b"h1 { color: rgb(4, 5, 6); }")

    expect(title).to_have_css("color", "rgb(4, 5, 6)", timeout=PATIENCE_MS)
    assert not was_reloaded(page)
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1, timeout=PATIENCE_MS)


def test_an_error_is_shown_over_the_page_until_it_is_mended(
    page: Page, site: SmallSite, preview: RunningPreview
) -> None:
    open_article(page, preview)

    site.add_article("open", "Text.", title="Open", date="'<img src=x onerror=document.title=1>'")

    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=PATIENCE_MS)
    expect(alert).to_contain_text("content/open.md:3")
    expect(alert).to_contain_text("<img src=x onerror=document.title=1>")
    assert alert.locator("img").count() == 0
    assert page.title() != "1"

    site.add_article("open", "Mended.", title="Open", date="2024-05-01")

    expect(alert).to_have_count(0, timeout=PATIENCE_MS)


def test_a_page_that_is_opened_later_shows_the_error_too(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    open_article(page, preview)
    site.add_article("other", "Text.", title="Other", date="yesterday")
    expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)

    page.goto(f"{preview.url}/")

    expect(page.get_by_role("alert")).to_contain_text("content/other.md:3", timeout=PATIENCE_MS)


def test_an_error_of_a_template_is_shown_over_the_page(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    open_article(page, preview)

    site.write_bytes("templates/article.html", b"<h1>{{ page.titel }}</h1><script>{{</script>")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("templates/article.html:1", timeout=PATIENCE_MS)

    site.write_bytes("templates/article.html", b"<main><h1>Short: {{ page.title }}</h1></main>")

    expect(page.get_by_role("heading", level=1)).to_have_text("Short: Open", timeout=PATIENCE_MS)
    expect(alert).to_have_count(0)


def test_a_page_finds_the_preview_again_after_a_restart(page: Page, site: SmallSite, preview: RunningPreview) -> None:
    open_article(page, preview)
    port = preview.port
    preview.interrupt()
    preview.wait_for_end(5)
    site.add_article("open", "Written meanwhile.", title="Open")

    with RunningPreview(site.folder, "--port", str(port)) as again:
        again.wait_until_it_answers()

        expect(page.get_by_text("Written meanwhile.")).to_be_visible(timeout=PATIENCE_MS)
