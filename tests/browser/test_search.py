"""Readers find words: in a browser, from a server and from a disk, and without JavaScript."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from sitegen.search.words import folded, stem_of, words_of
from tests.browser.conftest import WebSite, build, served
from tests.browser.test_accessibility import arabic, violations  # noqa: F401 - arabic is a fixture
from tests.conftest import SmallSite

FOUND = "() => /^Articles (found|trouvés).: [0-9]+$/.test(document.getElementById('found').textContent) || more.hidden === false"
RESULTS = """() => new Promise((done) => {
    const wait = setInterval(() => document.querySelector("#results li") && done(clearInterval(wait)), 20);
})"""
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
NOUNS = (
    "élection élections cheval chevaux marché marchés rivière pont ponts œuvre œuvres fête fêtes été eau eaux travail "
    "travaux école écoles maire mairie tramway moulin moulins forêt fin fine fins journal journaux".split()
)
ELSEWHERE = {
    "en": "river rivers studies study bridge".split(),
    "ja": ["東京都", "京都", "水道"],
    "ar": ["الكتاب", "كتاب"],
}
SLYEST = '</script><script>window.broken = 1</script>\u2028<img src=x onerror="window.broken = 1">'


class Written(SmallSite):
    """A site with what was written into it: titles with the words of their articles, folded, and their stems."""

    forms: dict[str, set[str]]
    stems: dict[str, set[str]]

    def add(self, number: int, words: list[str], lang: str, date: str) -> None:
        title = f"N{number}"
        front = {"title": title, "slug": title.lower(), **({"date": date} if date else {})}
        front |= {"lang": lang} if lang != "fr" else {}
        self.add_article(f"{'news' if number % 3 else 'art'}/a{number}", " ".join(words) + ".", **front)
        found = [word for text in (title, " ".join(words) + ".") for word in words_of(text)]
        self.forms[title] = set(map(folded, found))
        self.stems[title] = {stem_of(word, lang) for word in found}
        for word in found:
            self.known.setdefault(folded(word), set()).add(stem_of(word, lang))

    def look_for(self, query: str) -> set[str]:
        """Titles of the articles that have all the words, found by looking at each."""
        found = set(self.stems)
        for form in {folded(word) for word in query_words(query)}:
            stems = self.known.get(form, set()) | {form}
            if len(form) == 1 and form >= "\u3000":
                stems = {stem for other, of_other in self.known.items() if other.startswith(form) for stem in of_other}
            found &= {title for title, of_title in self.stems.items() if of_title & stems}
        return found


def query_words(query: str) -> list[str]:
    """Words as a query has them: of a joined script only pairs, unless a sign stands alone."""
    return [word for part in query.split() for word in _pairs(words_of(part))]


def _pairs(words: list[str]) -> list[str]:
    whole = [word for word in words if len(word) > 1 or word.isdecimal()]
    return whole or words


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Written, WebSite]]:
    """A generated archive of several languages, on a server that allows nothing but its own files."""
    site = Written(tmp_path_factory.mktemp("written") / "site")
    site.forms, site.stems, site.known = {}, {}, {}  # type: ignore[attr-defined]
    site.write(
        """
        == sitegen.toml ==
        [site]
        title = "Test"
        language = "fr"
        portable = true
        """
    )
    chance = random.Random(7)
    for number in range(180):
        lang = chance.choice(("fr", "fr", "fr", "en", "ja", "ar"))
        words = chance.choices(ELSEWHERE.get(lang, NOUNS), k=chance.randrange(1, 9))
        date = f"{chance.randrange(1958, 2025)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)}"
        site.add(number, words, lang, "" if chance.random() < 0.1 else date)
    site.add_article("sly", "Ornithorynque.", title=f"'{SLYEST}'", summary=f"'{SLYEST}'", date="2020-01-01")
    build(site.folder)
    with served(site.folder / "output") as url:
        yield site, WebSite(site.folder / "output", url)


@pytest.fixture
def strict(page: Page) -> Page:
    """A page on which nothing but files of the site may run, and errors are told."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})

    page.route("http://**", answer)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def search(page: Page, address: str, **asked: str) -> list[str]:
    """Titles of all results, in their order."""
    page.goto(f"{address}?{urlencode(asked)}")
    page.wait_for_function(FOUND)
    while page.locator("#more").is_visible():
        page.click("#more")
        page.wait_for_function(FOUND)
    return page.locator("#results h2").all_inner_texts()


def test_the_browser_finds_what_a_look_into_every_article_finds(strict: Page, written: tuple[Written, WebSite]) -> None:
    site, web = written
    chance = random.Random(3)
    words = [
        *NOUNS,
        *(word for some in ELSEWHERE.values() for word in some),
        "水",
        "Œuvre",
        "foret",
        "L'eau",
        "TRAVAUX",
    ]
    queries = [" ".join(chance.sample(words, chance.choice((1, 1, 2, 3)))) for _ in range(60)]
    queries = [query for query in dict.fromkeys(queries) if site.look_for(query)][:50]
    assert len(queries) > 25

    for query in queries:
        found = search(strict, web.page("search/"), q=query)
        assert sorted(found) == sorted(site.look_for(query)), query
        assert re.search(rf"\b{len(found)}$", strict.inner_text("#found"))
        assert strict.locator("#hint").is_hidden()


def test_words_are_cut_and_folded_in_the_browser_as_in_the_build(page: Page, written: tuple[Written, WebSite]) -> None:
    page.goto(written[1].page("search/"))
    texts = [
        "L’eau qu'on boit", "ŒUVRE straße ÆRØ İstanbul ΟΔΟΣ ﬁn", "snake_case co\u00adop", "ガラス ｶﾞﾗｽ", "العربيّة ٱلكتاب",
        "שָׁלוֹם", "ёлка Йод", "हिन्दी भाषा", "한국어", "แม่น้ำ", "3,50 ½ ²", "x", "𠀀𠀁", "a\u0301e\u0301",
    ]  # fmt: skip
    for text in texts:
        assert page.evaluate("(text) => words(text).map(folded)", text) == [folded(w) for w in query_words(text)], text
    assert page.evaluate("words('第3回 東京都')") == ["第", "3", "回", "東京", "京都"]


def test_a_query_is_typed_and_its_words_are_marked(strict: Page, written: tuple[Written, WebSite]) -> None:
    _, web = written
    strict.goto(web.page())
    strict.get_by_role("searchbox").fill("chevaux")
    strict.keyboard.press("Enter")
    strict.wait_for_function(FOUND)

    assert strict.url.endswith("/search/index.html?q=chevaux")
    assert strict.get_by_role("searchbox").input_value() == "chevaux"
    assert strict.locator("#found").inner_text().startswith("Articles trouvés")
    marks = {text.lower() for text in strict.locator("#results mark").all_inner_texts()}
    assert marks == {"cheval", "chevaux"}
    first = strict.locator("#results a").first
    title = first.inner_text()
    first.focus()
    strict.keyboard.press("Enter")
    assert strict.locator("h1").inner_text() == title


def test_a_year_and_a_section_may_be_chosen(strict: Page, written: tuple[Written, WebSite]) -> None:
    _, web = written
    everywhere = search(strict, web.page("search/"), q="cheval")
    in_art = search(strict, web.page("search/"), q="cheval", section="art")
    assert in_art == [title for title in everywhere if int(title[1:]) % 3 == 0] != []
    assert strict.locator("#section").input_value() == "art"

    iso = strict.locator("#results time").first.get_attribute("datetime")
    in_year = search(strict, web.page("search/"), q="cheval", year=(iso or "")[:4], section="no such section")
    assert in_year != []
    assert {str(time.get_attribute("datetime"))[:4] for time in strict.locator("#results time").all()} == {
        (iso or "")[:4]
    }


def test_a_slip_is_mended_and_nothing_found_is_told(strict: Page, written: tuple[Written, WebSite]) -> None:
    _, web = written
    strict.goto(web.page("search/?q=tramwai"))
    strict.wait_for_selector("#results li")
    assert strict.inner_text("#hint").endswith("tramway")

    strict.goto(web.page("search/?q=journa"))
    strict.wait_for_selector("#results li")
    assert re.search("journal|journaux", strict.inner_text("#hint"))

    strict.goto(web.page("search/?q=xylophonique"))
    strict.wait_for_function("() => /^Rien/.test(document.getElementById('found').textContent)")
    assert strict.locator("#results li").count() == 0
    assert strict.locator("nav.ways-in a").count() > 3


def test_nothing_in_a_title_or_a_query_breaks_out(strict: Page, written: tuple[Written, WebSite]) -> None:
    _, web = written
    (title,) = search(strict, web.page("search/"), q="ornithorynque")
    assert title.startswith("</script>")
    assert strict.evaluate("window.broken") is None

    scripts: list[str] = []
    strict.on("request", lambda request: scripts.append(request.url) if request.resource_type == "script" else None)
    for query in (
        "(.*+[\\",
        "__proto__ constructor toString",
        "a " * 5000,
        "../../../etc/passwd",
        SLYEST,
        "/art @2011",
    ):
        strict.goto(f"{web.page('search/')}?{urlencode({'q': query})}")
        strict.wait_for_function("() => document.getElementById('found').textContent !== found.dataset.busy")
        assert strict.evaluate("window.broken") is None
    assert scripts
    assert [url for url in scripts if not re.fullmatch(r".*/(search/[0-9a-z/-]+|assets/search)\.js", url)] == []


def test_it_searches_from_a_disk(page: Page, written: tuple[Written, WebSite]) -> None:
    site, web = written
    assert sorted(search(page, web.file("search"), q="marchés")) == sorted(site.look_for("marchés"))
    page.locator("#results a").first.click()
    assert page.locator("h1").inner_text().startswith("N")


def test_without_javascript_the_page_leads_to_every_article(
    new_context: Callable[..., BrowserContext], written: tuple[Written, WebSite]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(written[1].page("search/?q=cheval"))

    assert "JavaScript" in page.inner_text("main")
    for path in ("titles/", "tags/", "archive/"):
        assert page.locator(f'nav.ways-in a[href$="{path}index.html"]').is_visible()


def test_the_script_is_small_and_on_no_other_page(written: tuple[Written, WebSite]) -> None:
    folder = written[1].folder
    assert (folder / "assets" / "search.js").stat().st_size <= 10_240
    pages = [file for file in folder.rglob("*.html") if "search.js" in file.read_text("utf-8")]
    assert pages == [folder / "search" / "index.html"]


@pytest.mark.parametrize("name", ["sample", "arabic"])
def test_results_shut_nobody_out(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    web: WebSite = request.getfixturevalue(name)
    assert violations(page, web.page("search/"), "() => 0") == []
    assert violations(page, web.page("search/?q=tram"), RESULTS) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_files_of_the_index_are_few_and_small(sample: WebSite) -> None:
    folders: dict[Path, int] = {}
    for file in (sample.folder / "search").rglob("*.js"):
        folders[file.parent] = folders.get(file.parent, 0) + 1
        assert file.stat().st_size < 100_000
    assert max(folders.values()) <= 256
