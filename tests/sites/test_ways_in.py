"""Every way into an archive, on whole small sites."""

import datetime as dt
import posixpath
import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from tests.conftest import SmallSite

MAX_HTML = 64 * 1024
VALLEY = """
    == content/news/a.md ==
    ---
    title: Flood
    date: 2011-05-01
    author: Ada Blum
    tags: [Rivers, Weather]
    series: The flood
    ---
    First.
    == content/news/b.md ==
    ---
    title: After the flood
    date: 2012-05-01
    authors: [Ada Blum, Bo Li]
    tags: [Rivers]
    series: The flood
    ---
    Second.
    == content/culture/c.md ==
    ---
    title: Concert
    date: 2012-05-01
    tags: [Music, Rivers]
    ---
    Third.
    == content/culture/d.md ==
    ---
    title: Étude
    ---
    Undated.
"""


def links_of(html: str) -> tuple[list[str], set[str]]:
    """Addresses that a page leads to, and its ids."""
    links: list[str] = []
    ids: set[str] = set()

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name in ("href", "src") and value:
                    links.append(value)
                elif name == "id" and value:
                    assert value not in ids, value
                    ids.add(value)

    Parser().feed(html)
    return links, ids


def internal(page: str, link: str) -> tuple[str, str] | None:
    """Output file and fragment of a relative link; None for one that leaves the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
    if parts.path.endswith(("/", ".", "..")) or target == ".":
        target = posixpath.normpath(f"{target}/index.html")
    return target, unquote(parts.fragment)


def clicks_of(site: SmallSite) -> dict[str, int]:
    """How many clicks lead from home to each page, along links between pages alone."""
    clicks, waiting = {"index.html": 0}, deque(["index.html"])
    while waiting:
        page = waiting.popleft()
        for link in links_of(site.read(page))[0]:
            found = internal(page, link)
            if found and found[0].endswith(".html") and found[0] not in clicks:
                clicks[found[0]] = clicks[page] + 1
                waiting.append(found[0])
    return clicks


def test_every_way_in_is_there(site: SmallSite) -> None:
    site.write(VALLEY)
    assert site.build().problems == []
    assert set(site.outputs()) >= {
        "2011/index.html", "2012/05/index.html", "2012/05/01/index.html", "on-this-day/index.html",
        "on-this-day/05-01/index.html", "authors/index.html", "authors/ada-blum/index.html",
        "authors/bo-li/index.html", "series/index.html", "series/the-flood/index.html", "titles/index.html",
        "undated/index.html", "tags/rivers/index.html",
    }  # fmt: skip
    assert site.read("on-this-day/05-01/index.html").index("Concert") < site.read("on-this-day/05-01/index.html").index(
        "Flood"
    )
    series = site.read("series/the-flood/index.html")
    assert series.index("2011") < series.index("2012")
    article = site.read("2012/05/after-the-flood/index.html")
    assert 'href="../../../authors/bo-li/"' in article
    assert 'href="../../../2012/05/01/"' in article
    assert 'Article 2 of 2 in <a href="../../../2012/05/">May 2012</a>' in article
    assert 'The only article in <a href="../../../2011/05/">May 2011</a>' in site.read("2011/05/flood/index.html")
    assert "Music" in site.read("tags/rivers/index.html")  # goes with it


def test_articles_are_numbered_in_the_whole_archive_if_that_is_wanted(site: SmallSite) -> None:
    site.write(VALLEY)
    site.write(
        """
        == sitegen.toml ==
        [site]
        title = "Test"
        [listings]
        number_in = "archive"
        """
    )
    site.build()
    assert 'href="../../../archive/">Article 3 of 3</a>' in site.read("2012/05/after-the-flood/index.html")
    assert "Article " not in site.read("articles/etude/index.html")  # nobody knows its date
    site.add_article("news/first", title="First", date="1999-01-01")
    site.build()
    assert 'href="../../../archive/">Article 4 of 4</a>' in site.read("2012/05/after-the-flood/index.html")
    assert site.outputs() == site.clean_outputs()


def test_a_past_day_month_and_year_are_never_written_again(site: SmallSite) -> None:
    site.write(VALLEY)
    site.build()
    site.add_article("news/later", title="Later", date="2012-07-01", tags="Rivers")
    site.build()
    site.add_article("news/last", title="Last", date="2013-01-01", tags="Rivers")
    written = site.build().written
    past = {"2011/index.html", "2011/05/index.html", "2011/05/01/index.html", "2012/05/index.html"}
    assert past & set(written) == set()
    assert "2011/05/flood/index.html" not in written
    assert "2012/05/concert/index.html" not in written  # its month has as many articles as before
    assert "2012/07/later/index.html" in written  # its new neighbour
    assert site.outputs() == site.clean_outputs()


@pytest.mark.parametrize("is_portable", [False, True])
def test_every_link_and_anchor_of_a_site_leads_somewhere(site: SmallSite, is_portable: bool) -> None:
    site.write(VALLEY)
    site.write(
        f"""
        == sitegen.toml ==
        [site]
        title = "Test"
        url = "https://test.example/"
        portable = {str(is_portable).lower()}
        [listings]
        page_size = 1
        == content/culture/e.md ==
        ---
        title: Links
        date: 2013-01-01
        aliases: [/old/links/]
        ---
        ## A part

        See [the part](#a-part), [a note](../news/a.md), and a footnote[^1].

        [^1]: Down here.
        == content/news/gone.md ==
        ---
        title: Gone
        date: 2013-01-02
        withdrawn: 2014-01-01 Asked for by the family.
        ---
        Secret.
        """
    )
    assert [problem.code for problem in site.build().problems] == []
    files = set(site.outputs())
    pages = {path: links_of(site.read(path)) for path in files if path.endswith(".html")}
    for page, (links, ids) in pages.items():
        for link in links:
            if page == "404.html" or not (found := internal(page, link)):
                continue
            target, fragment = found
            assert target in files, (page, link)
            if fragment:
                assert fragment in (ids if target == page else pages[target][1]), (page, link)
            if is_portable:
                assert not urlsplit(link).path.endswith("/"), (page, link)


@pytest.fixture
def large(site: SmallSite) -> SmallSite:
    """300 articles in lists of 3, so that every index is cut."""
    site.write(
        '== sitegen.toml ==\n[site]\ntitle = "T"\nurl = "https://t.example/"\n[build]\nworkers = 1\n[listings]\npage_size = 3\n'
    )
    day = dt.date(2001, 1, 1)
    for number in range(300):
        date = {} if number % 10 == 0 else {"date": (day + dt.timedelta(days=number * 7)).isoformat()}
        site.add_article(
            f"part{number % 3}/a{number}", title=f"{'abcdefghij'[number % 10]} title {number}",
            tags=f"T{number % 7}, Tag {number}", author=f"Author {number % 50}", **date,
        )  # fmt: skip
    return site


def test_any_article_is_at_most_five_clicks_from_home_and_no_page_is_heavy(large: SmallSite) -> None:
    assert large.build().problems == []
    clicks = clicks_of(large)
    pages = [path for path in large.outputs() if path.endswith(".html") and path != "404.html"]
    assert set(pages) - set(clicks) == set()
    articles = [path for path in pages if "-title-" in path]
    assert len(articles) == 300
    assert max(clicks[path] for path in articles) <= 5
    assert max(len(large.read(path).encode()) for path in pages) <= MAX_HTML


def test_titles_tags_and_authors_stand_in_the_order_of_the_language(site: SmallSite) -> None:
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\nlanguage = "sv"\n[build]\nworkers = 1\n')
    for number, name in enumerate(("Ö", "Zebra", "Ål", "Ärla")):
        site.add_article(f"a{number}", title=name, author=f"{name} Ek", tags=name, section=name)
    site.build()

    pages = ("titles/index.html", "undated/index.html", "tags/index.html", "authors/index.html", "sections/index.html")
    for page in pages:
        names = re.findall(r">(Ö|Zebra|Ål|Ärla)(?: Ek)?</a>", site.read(page))
        assert names[-4:] == ["Zebra", "Ål", "Ärla", "Ö"], page
    letters = re.findall(r'<h2 id="g\d">(.)</h2>', site.read("titles/index.html"))
    assert letters == ["Z", "Å", "Ä", "Ö"]
    site.add_article("a5", title="Åsna")
    site.build()
    assert site.outputs() == site.clean_outputs()


@pytest.mark.parametrize(
    ("language", "names"),
    [("fr", "lun. mar. mer. jeu. ven. sam. dim."), ("fa", "ش ۱ش ۲ش ۳ش ۴ش ۵ش ج"), ("en", "Sun Mon Tue Wed Thu Fri Sat")],
)
def test_a_calendar_begins_its_weeks_as_the_language_does_under_short_names(
    site: SmallSite, language: str, names: str
) -> None:
    site.write(f'== sitegen.toml ==\n[site]\ntitle = "T"\nlanguage = "{language}"\n[build]\nworkers = 1\n')
    site.add_article("a", title="A", date="2011-05-01")
    site.build()
    assert re.findall(r'<th scope="col">(.*?)</th>', site.read("2011/05/index.html")) == names.split()
