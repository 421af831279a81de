"""A reader with a real browser: clicks, a phone, the night, a disk, no scripts."""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response, expect

from tests.browser.conftest import WebSite

ARTICLE = "2024/10/three-candidates-one-ferry-what-the-brecourt-debate-settled/"
ARABIC = "2024/03/mrs-lzytwn-myn-sgyr-yst-yd-bwrth/"
LISTS = ["", "tags/", "tags/ferry/", "archive/", "sections/", "sections/culture/", "2024/", "2024/10/", "undated/"]


def articles(sample: WebSite) -> list[str]:
    """Paths of all articles."""
    folder = sample.folder
    found = [*folder.glob("[0-9]*/[0-9]*/*/index.html"), *folder.glob("articles/*/index.html")]
    return sorted(file.parent.relative_to(folder).as_posix() + "/" for file in found)


def follow_the_tags(page: Page) -> str:
    """From the front page to an article by way of its tag; the article's title."""
    page.get_by_role("banner").get_by_role("link", name="Mots-clés").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mots-clés")
    page.get_by_role("main").get_by_role("link", name="Ferry", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ferry")
    link = page.get_by_role("main").locator(".rows a").first
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("article").get_by_role("heading", level=1)).to_have_text(title)
    return title


def test_clicks_lead_from_home_over_the_tags_to_an_article(page: Page, sample: WebSite) -> None:
    page.goto(sample.page())

    title = follow_the_tags(page)

    assert title == "Three candidates, one ferry: what the Brécourt debate settled"
    assert "Ferry" in page.get_by_role("article").locator("a[rel=tag]").all_inner_texts()


def test_an_article_leads_back_home(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(ARTICLE))

    page.get_by_role("navigation", name="Fil d’Ariane").get_by_role("link", name="Accueil").click()

    expect(page).to_have_title("La Gazette du Val")


def test_the_keyboard_reaches_the_text_at_once(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(ARTICLE))

    page.keyboard.press("Tab")

    skip = page.locator(":focus")
    expect(skip).to_have_text("Aller au texte")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{page.get_by_role('main').get_attribute('id')}")


@pytest.mark.parametrize("path", ["", "tags/", "archive/", "2024/10/", ARTICLE, ARABIC])
def test_without_scripts_the_text_is_the_same(
    new_context: Callable[..., BrowserContext], sample: WebSite, path: str
) -> None:
    texts = []
    for has_scripts in (True, False):
        page = new_context(java_script_enabled=has_scripts).new_page()
        page.goto(sample.page(path))
        texts.append(page.locator("body").inner_text())

    assert len(texts[0]) > 100
    assert texts[0] == texts[1]


def test_nothing_is_asked_of_another_host_and_nothing_is_wrong(page: Page, sample: WebSite) -> None:
    asked: list[str] = []
    wrong: list[str] = []

    def look(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{response.url}: {response.status}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # an icon that was not waited for
            wrong.append(f"{request.url}: {request.failure}")

    page.on("request", lambda request: asked.append(request.url))
    page.on("response", look)
    page.on("requestfailed", failed)
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))

    paths = [*LISTS, *articles(sample)[::3]]
    for path in paths:
        page.goto(sample.page(path), wait_until="load")

    assert len(asked) > len(paths)
    assert not [url for url in asked if not url.startswith((sample.url + "/", "data:"))]
    assert not wrong


def test_nothing_is_wider_than_a_small_phone(new_context: Callable[..., BrowserContext], sample: WebSite) -> None:
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    wide = {}
    for path in [*LISTS, "no-such-page/", *articles(sample)]:
        page.goto(sample.page(path))
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = (width, page.evaluate(_WIDEST))

    assert not wide


_WIDEST = """() => [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > 321 || one.getBoundingClientRect().left < -1)
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120))"""


def test_an_arabic_article_runs_from_right_to_left(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(ARABIC))
    article = page.get_by_role("article")

    assert article.get_attribute("dir") == "rtl"
    assert article.get_attribute("lang") == "ar"
    assert page.locator("html").get_attribute("dir") in (None, "ltr")  # the house speaks French
    right, left, box_right, box_left = page.evaluate(_EDGES)
    assert max(right) - min(right) < 3
    assert abs(max(right) - box_right) < 3
    assert max(left) - box_left > 20


# Edges of the lines of the longest paragraph, as they are drawn, and of the paragraph itself.
_EDGES = """() => {
    const all = [...document.querySelectorAll("article p")];
    const paragraph = all.reduce((a, b) => (b.textContent.length > a.textContent.length ? b : a));
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    const lines = new Map();
    for (const one of range.getClientRects()) {
        const key = Math.round(one.top / 8);
        const line = lines.get(key) || { right: -Infinity, left: Infinity };
        lines.set(key, { right: Math.max(line.right, one.right), left: Math.min(line.left, one.left) });
    }
    const box = paragraph.getBoundingClientRect();
    const edges = [...lines.values()];
    return [edges.map((e) => e.right), edges.map((e) => e.left), box.right, box.left];
}"""


def test_the_page_is_dark_where_the_reader_wants_it_dark(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(ARTICLE))

    paper = {}
    ink = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        paper[scheme] = brightness(page, "document.body", "backgroundColor")
        ink[scheme] = brightness(page, "document.body", "color")

    assert paper["light"] > 200 > 100 > paper["dark"]
    assert ink["light"] < 100 < 200 < ink["dark"]


def brightness(page: Page, element: str, colour: str) -> float:
    """Of an element's colour, from 0 to 255."""
    said = page.evaluate(
        f"""() => {{
            const pen = document.createElement("canvas").getContext("2d", {{ willReadFrequently: true }});
            pen.fillStyle = getComputedStyle({element}).{colour};
            pen.fillRect(0, 0, 1, 1);
            return [...pen.getImageData(0, 0, 1, 1).data];
        }}"""
    )
    assert said[3] == 255
    return sum(said[:3]) / 3


def test_the_archive_opens_from_a_disk(page: Page, sample: WebSite) -> None:
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(sample.file())

    follow_the_tags(page)

    assert page.url == sample.file(ARTICLE)
    assert brightness(page, "document.body", "backgroundColor") < 255  # the style sheet was found
    page.get_by_role("banner").get_by_role("link", name="La Gazette du Val").click()
    assert page.url == sample.file()
    assert not wrong


def test_every_link_of_the_archive_opens_from_a_disk(page: Page, sample: WebSite) -> None:
    """No link may lead to a folder: a browser lists it instead of showing its page."""
    dead = []
    for path in [*LISTS, ARTICLE, ARABIC, "2022/03/lire-une-carte-de-crue/"]:
        page.goto(sample.file(path))
        for link in page.evaluate(_LINKS):
            parts = urlsplit(link)
            if parts.scheme == "file" and not (sample.folder / _below(sample, link)).is_file():
                dead.append(f"{path}: {link}")

    assert not dead


_LINKS = "[...document.querySelectorAll('a[href], link[rel=stylesheet], img')].map((one) => one.href || one.src)"


def _below(sample: WebSite, link: str) -> str:
    return unquote(link.partition("#")[0].removeprefix(sample.folder.as_uri() + "/"))


def test_a_printed_article_has_its_text_and_no_menu(page: Page, sample: WebSite) -> None:
    page.goto(sample.page(ARTICLE))

    page.emulate_media(media="print")

    expect(page.get_by_role("article")).to_be_visible()
    assert not [one for one in page.locator("nav").all() if one.is_visible()]
