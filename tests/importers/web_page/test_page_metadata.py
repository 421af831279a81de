import datetime as dt
import json
from pathlib import Path

import pytest

from sitegen.importers.web_page.main_text import parse_page
from sitegen.importers.web_page.metadata import PageMetadata, language_tag, names_of, page_metadata, parse_moment
from tests.importers.web_page.test_main_text import PAGES

# Where the expectation of Mozilla's test pages is plainly not what the page says: the author as a newsroom would put it,
# and where the page says so itself.
OTHER_BYLINES = {
    # Theirs, "Par Sébastien Farcis", stands in a box under the title of another article, "A Katmandou, exode sous
    # pression". This one is credited to the agency above and below its text.
    "liberation-1": ("AFP", 'itemprop="author creator" itemscope="" itemtype="http://schema.org/Person"'),
    # Theirs is none. The page prints this line under the headline, and says it in microdata, JSON-LD and a meta tag.
    "telegraph": ("Our Foreign Staff", 'class="byline__author-name" itemprop="name" content="Our Foreign Staff"'),
    # Theirs is none. The posting names its account as its author; nobody else signs it.
    "tumblr": ("mcupdate", '"author": "mcupdate"'),
    # Theirs is none. She signs under the title, in microdata and with rel="author".
    "wordpress": ("Sarah Gooding", 'title="Posts by Sarah Gooding" rel="author"'),
    # The same person; theirs has the "By" in front, which is no part of a name.
    "wapo-2": ("Steven Mufson", 'author:["Steven Mufson"]'),
}


def said(head: str = "", body: str = "", url: str = "", html: str = "") -> PageMetadata:
    return page_metadata(parse_page(f"<!DOCTYPE html><html{html}><head>{head}</head><body>{body}</body></html>"), url)


def ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **values})}</script>'


@pytest.mark.parametrize("name", OTHER_BYLINES)
def test_a_page_says_itself_who_wrote_it_where_that_is_not_expected(data_folder: Path, name: str) -> None:
    byline, said = OTHER_BYLINES[name]
    text = (data_folder / "readability" / name / "source.html").read_text("utf-8")
    assert said in text
    assert byline in text[text.index(said) :]


@pytest.mark.parametrize("name", PAGES)
def test_title_byline_and_language_of_a_real_page(data_folder: Path, name: str) -> None:
    folder = data_folder / "readability" / name
    expected = json.loads((folder / "expected-metadata.json").read_text("utf-8"))
    found = page_metadata(parse_page((folder / "source.html").read_text("utf-8")))
    assert found.title == expected["title"]
    assert found.byline == (OTHER_BYLINES[name][0] if name in OTHER_BYLINES else expected["byline"] or "")
    if expected.get("lang"):
        assert found.language.casefold() == expected["lang"].casefold()
    if expected.get("publishedTime"):
        assert found.date == dt.datetime.fromisoformat(expected["publishedTime"])
    if expected.get("dir"):
        assert found.direction in (expected["dir"], "")


def test_json_ld_is_believed_and_named_as_the_source() -> None:
    found = said(
        ld(
            **{"@type": "NewsArticle"}, headline="The ferry stays", author=[{"@type": "Person", "name": "Ada Winter"}, {"name": "Max Sommer"}],
            datePublished="2013-06-07T08:00:00+02:00", dateModified="2013-06-08", articleSection="Country", keywords=["Ferries", "Floods"],
            image={"url": "https://a.example/ferry.jpg"}, inLanguage="en-gb",
        )
    )  # fmt: skip
    assert found.title == "The ferry stays"
    assert found.authors == ("Ada Winter", "Max Sommer")
    assert found.date == dt.datetime.fromisoformat("2013-06-07T08:00:00+02:00")
    assert found.updated == dt.date(2013, 6, 8)
    assert (found.section, found.tags, found.language) == ("Country", ("Ferries", "Floods"), "en-GB")
    assert found.image == "https://a.example/ferry.jpg"
    guesses = {guess.field: guess for guess in found.guesses}
    assert guesses["date"].reason == "JSON-LD datePublished"
    assert all(0 < guess.confidence <= 1 for guess in found.guesses)


def test_the_article_is_found_in_a_graph() -> None:
    graph = [
        {"@type": "Organization", "name": "Org"},
        {"@type": "WebPage", "name": "x"},
        {"@type": ["Article"], "headline": "H", "author": {"name": "A B"}},
    ]
    assert said(ld(**{"@graph": graph})).byline == "A B"


@pytest.mark.parametrize(
    "broken",
    ["{", "[]", "null", '"x"', "1e999", '{"@type": "Article", "author": 3}', '{"@graph": {"@graph": []}}', "[" * 5000],
)
def test_broken_json_ld_costs_nothing(broken: str) -> None:
    assert (
        said(f"<title>The ferry stays</title><script type='application/ld+json'>{broken}</script>").title
        == "The ferry stays"
    )


def test_nothing_is_made_up() -> None:
    found = said("", "<p>In 2014, on 7 June 2013 and © 2012.</p><footer>© 2024</footer>")
    assert (found.title, found.byline, found.date, found.updated, found.tags) == ("", "", None, None, ())


def test_a_date_beside_the_article_is_not_its_own() -> None:
    beside = "<aside><time datetime='2020-01-01'>1.1.2020</time></aside><div class='comments'><time datetime='2021-01-01' class='published'>x</time></div>"
    assert said("", f"<p>Text.</p>{beside}").date is None


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("<p class='byline'>By Ada Winter</p><span class='date'>June 7, 2013</span>", dt.date(2013, 6, 7)),
        ("<p class='dateline'>Publié le 14 septembre 2024</p>", dt.date(2024, 9, 14)),
        ("<div class='datum'>7. Juni 2013</div>", dt.date(2013, 6, 7)),
        ("<time class='published' datetime='2013-06-07T10:00'>gestern</time>", dt.datetime(2013, 6, 7, 10)),
    ],
)
def test_a_date_by_the_title_is_read(body: str, date: dt.date) -> None:
    assert said("", body).date == date


def test_a_day_in_the_address_is_a_date_and_a_month_is_none() -> None:
    assert said(url="https://a.example/2013/06/07/ferry/").date == dt.date(2013, 6, 7)
    assert said(url="https://a.example/2013/06/ferry/").date is None
    assert said(url="https://a.example/2013/13/07/ferry/").date is None


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2013", "2013-06", "99999999", "0000-00-00", "2013-02-30", "20130230", "next June", "12:30"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2013-06-07", dt.date(2013, 6, 7)),
        ("20130607", dt.date(2013, 6, 7)),
        ("20130607081500", dt.date(2013, 6, 7)),
        ("2013-06-07 08:15:00", dt.datetime(2013, 6, 7, 8, 15)),
        ("Fri, 07 Jun 2013 08:15:00 GMT", dt.datetime(2013, 6, 7, 8, 15, tzinfo=dt.UTC)),
    ],
)
def test_dates_of_machines_are_read(text: str, moment: dt.date) -> None:
    assert parse_moment(text) == moment


def test_the_name_of_the_site_is_no_part_of_a_title() -> None:
    assert (
        said(
            '<meta property="og:site_name" content="The Valley Post"><meta property="og:title" content="The ferry stays | The Valley Post">'
        ).title
        == "The ferry stays"
    )
    assert (
        said("<title>The ferry stays - The Valley Post</title>", "<h1>The ferry stays</h1>").title == "The ferry stays"
    )
    assert (
        said("<title>The ferry stays where it is - The Valley Post</title>", "<h1>Menu</h1>").title
        == "The ferry stays where it is"
    )


def test_a_heading_that_names_the_site_is_no_title() -> None:
    headings = "<h1 class='menu-title'>The Valley Post</h1><h1>The ferry stays</h1>"
    assert said("<title>The ferry stays - The Valley Post</title>", headings).title == "The ferry stays"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Winter", ["Ada Winter"]),
        ("Par Anne Lévy et Marc Petit", ["Anne Lévy", "Marc Petit"]),
        ("Von Eva Lenz und Max Sommer", ["Eva Lenz", "Max Sommer"]),
        ("Por Ana Díaz y Luis Gil", ["Ana Díaz", "Luis Gil"]),
        ("بقلم سارة أحمد", ["سارة أحمد"]),
        ("Ada Winter, Max Sommer and Eva Lenz", ["Ada Winter", "Max Sommer", "Eva Lenz"]),
        ("Ada Winter (avec Eva Lenz et Max Sommer)", ["Ada Winter", "Eva Lenz", "Max Sommer"]),
        ("ADA WINTER", ["Ada Winter"]),
        ("Mac & i", ["Mac & i"]),
        ("Winter, Ada", ["Winter, Ada"]),
        ("AFP", ["AFP"]),
        ("", []),
    ],
)  # fmt: skip
def test_names_of_a_byline(byline: str, names: list[str]) -> None:
    assert names_of(byline) == names


def test_the_form_for_comments_names_no_author() -> None:
    form = "<div id='respond'><form><label class='author'>Name (required)</label></form></div><div class='comment-author'>Troll</div>"
    assert said("", f"<p>Text.</p>{form}").byline == ""


def test_addresses_are_no_authors() -> None:
    assert (
        said(
            '<meta property="article:author" content="https://www.example.com/ada"><meta name="author" content="@ada">'
        ).byline
        == ""
    )


def test_the_canonical_address_is_whole() -> None:
    assert said('<base href="https://a.example/b/"><link rel="canonical" href="/c">').canonical == "https://a.example/c"
    assert said('<link rel="canonical" href="/c">').canonical == ""
    assert said('<meta property="og:url" content="https://a.example/d">').canonical == "https://a.example/d"
    assert said('<link rel="canonical" href="javascript:alert(1)">').canonical == ""
    assert said('<link rel="canonical" href="http://[">').canonical == ""


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en_us", "en-US"),
        ("FR", "fr"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("de_DE.UTF-8", "de-DE"),
        ("english", ""),
        ("", ""),
        ("<b>", ""),
    ],
)
def test_languages_are_written_as_tags(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_language_and_direction_of_a_page() -> None:
    found = said(html=' lang="ar" dir="RTL"')
    assert (found.language, found.direction) == ("ar", "rtl")
    assert said('<meta property="og:locale" content="pt_BR">').language == "pt-BR"


def test_tags_are_told_apart_whatever_their_case_and_the_title_is_none() -> None:
    tags = "".join(
        f'<meta property="article:tag" content="{tag}">'
        for tag in ("Ferry", "ferry", "Flood, River", "The ferry stays")
    )
    assert said(tags + '<meta property="og:title" content="The ferry stays">').tags == ("Ferry", "Flood", "River")
    assert said("", "<a rel='tag' href='/t/a'>#Ferry</a><a rel='category tag' href='/t/b'>Flood</a>").tags == (
        "Ferry",
        "Flood",
    )
