"""axe-core, with its best practices, finds nothing on any kind of page."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import WebSite, build, copy_sample, served
from tests.html_checker import messages

PAGES = {
    "home": "",
    "every kind of poll": "2024/09/every-poll-we-ever-ran/",
    "an article with a poll": "2014/06/ellenrath-baut-seine-mauer-und-lasst-eine-wiese-frei/",
    "one poll twice": "2024/09/le-tram-ira-t-il-jusqu-a-l-eau-le-prolongement-divise-les-roselieres/",
    "a right-to-left article": "2024/03/mrs-lzytwn-myn-sgyr-yst-yd-bwrth/",
    "an article with a correction": "2024/09/how-the-valley-votes/",
    "an article with comments": "2022/03/lire-une-carte-de-crue/",
    "an article with a table of contents": "2022/02/prevoir-la-crue-onze-ans-pour-gagner-quatre-heures/",
    "tags": "tags/",
    "a tag": "tags/ferry/",
    "archive": "archive/",
    "a year": "2024/",
    "a month": "2024/10/",
    "a day": "2024/10/18/",
    "on this day": "on-this-day/",
    "a day of all years": "on-this-day/10-18/",
    "titles": "titles/",
    "authors": "authors/",
    "an author": "authors/claire-aubin/",
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


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    """The same archive, whose own words run from right to left."""
    folder = tmp_path_factory.mktemp("arabic")
    copy_sample(folder)
    config = folder / "sitegen.toml"
    config.write_text(config.read_text("utf-8").replace('language = "fr"', 'language = "ar"'), "utf-8")
    build(folder)
    with served(folder / "output") as url:
        yield WebSite(folder / "output", url)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_from_right_to_left_shuts_nobody_out_and_fits(page: Page, arabic: WebSite, path: str) -> None:
    assert violations(page, arabic.page(path)) == []

    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_page_is_valid_html(sample: WebSite, arabic: WebSite) -> None:
    files = [*sample.folder.rglob("*.html"), *arabic.folder.rglob("*.html")]

    assert messages(files) == []


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
