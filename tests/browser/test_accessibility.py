"""axe-core, with its best practices, finds nothing on any kind of page."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import WebSite

PAGES = {
    "home": "",
    "every kind of poll": "2024/09/every-poll-we-ever-ran/",
    "an article with a poll": "2014/06/ellenrath-baut-seine-mauer-und-lasst-eine-wiese-frei/",
    "one poll twice": "2024/09/le-tram-ira-t-il-jusqu-a-l-eau-le-prolongement-divise-les-roselieres/",
    "a right-to-left article": "2024/03/mrs-lzytwn-myn-sgyr-yst-yd-bwrth/",
    "tags": "tags/",
    "a tag": "tags/ferry/",
    "archive": "archive/",
    "a year": "2024/",
    "a month": "2024/10/",
    "sections": "sections/",
    "a section": "sections/culture/",
    "undated": "undated/",
    "404": "no-such-page/",
}
_RUN = """() => axe.run(document, { resultTypes: ["violations"] })
    .then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target}: ${failureSummary}`)))"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_shuts_nobody_out(page: Page, sample: WebSite, path: str) -> None:
    assert violations(page, sample.page(path)) == []


@pytest.mark.parametrize(
    "path", ["2014/06/ellenrath-baut-seine-mauer-und-lasst-eine-wiese-frei/", "2024/09/how-the-valley-votes/"]
)
def test_an_open_poll_shuts_nobody_out(page: Page, voting_sample: WebSite, path: str) -> None:
    assert violations(page, voting_sample.page(path)) == []


def violations(page: Page, url: str, prepare: str = "") -> list[str]:
    """What axe-core finds by day and by night, one line an element; `prepare` is a script to run before."""
    page.goto(url)
    if prepare:
        page.evaluate(prepare)
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in page.evaluate(_RUN)]
    return found
