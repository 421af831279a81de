"""The page of the sample archive that shows every shortcode: nobody is shut out, the HTML is right, nobody is called."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WebSite, build, served
from tests.browser.test_accessibility import violations
from tests.conftest import REPOSITORY
from tests.html_checker import messages

_OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    """The page in English and, from right to left, in Arabic; and one without shortcodes."""
    folder = tmp_path_factory.mktemp("shortcodes")
    shutil.copytree(REPOSITORY / "content/guide", folder / "content/guide")
    text = (folder / "content/guide/shortcodes.md").read_text("utf-8")
    (folder / "content/guide/arabic.md").write_text(text.replace("lang: en", "lang: ar\nslug: arabic"), "utf-8")
    (folder / "content/guide/plain.md").write_text("---\ntitle: Plain\n---\n\nWords alone.\n", "utf-8")
    (folder / "sitegen.toml").write_text('[site]\ntitle = "Demo"\nurl = "https://demo.example/"\n', "utf-8")
    build(folder)
    with served(folder / "output") as url:
        yield WebSite(folder / "output", url)


def path_of(demo: WebSite, slug: str) -> str:
    (file,) = demo.folder.rglob(f"{slug}/index.html")
    return file.parent.relative_to(demo.folder).as_posix() + "/"


@pytest.mark.parametrize("slug", ["what-a-rescued-page-can-show", "arabic"])
def test_no_shortcode_shuts_anybody_out(page: Page, demo: WebSite, slug: str) -> None:
    assert violations(page, demo.page(path_of(demo, slug)), _OPEN_ALL) == []


@pytest.mark.parametrize("slug", ["what-a-rescued-page-can-show", "arabic"])
def test_the_html_of_every_shortcode_is_right(demo: WebSite, slug: str) -> None:
    assert messages([Path(demo.folder, path_of(demo, slug), "index.html")]) == []


def test_a_page_asks_for_the_styles_of_shortcodes_only_where_it_has_some(page: Page, demo: WebSite) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(demo.page(path_of(demo, "plain")))
    assert [url.rpartition("/")[2] for url in asked if url.endswith(".css")] == ["site-article.css"]
    asked.clear()
    page.goto(demo.page(path_of(demo, "what-a-rescued-page-can-show")))
    assert sorted(url.rpartition("/")[2] for url in asked if url.endswith(".css")) == ["site-article-more.css"]
    assert [url for url in asked if not url.startswith(demo.url)] == []
    assert [url for url in asked if url.endswith((".wav", ".webm"))] == []


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_no_shortcode_is_wider_than_the_page(page: Page, demo: WebSite, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for slug in ("what-a-rescued-page-can-show", "arabic"):
        page.goto(demo.page(path_of(demo, slug)))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_kept_sound_plays(page: Page, demo: WebSite) -> None:
    page.goto(demo.page(path_of(demo, "what-a-rescued-page-can-show")))
    length = page.evaluate(
        """() => new Promise((done) => { const one = document.querySelector("audio");
           one.onloadedmetadata = () => done(one.duration); one.onerror = () => done(-1); one.preload = "metadata"; one.load(); })"""
    )
    assert 1 < length < 1.5
