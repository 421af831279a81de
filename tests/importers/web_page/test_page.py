import base64
import datetime as dt
import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markupsafe import Markup

from sitegen.importers.raw import Imported, Raw
from sitegen.importers.web_page.account import PageAccount
from sitegen.importers.web_page.main_text import parse_page
from sitegen.importers.web_page.page import HtmlPage
from sitegen.model import Problem, Severity
from sitegen.render.markdown import markdown_html
from tests.importers.web_page.test_main_text import PAGES, PROSE, f1, page, paragraphs, text_of

HEAD = '<title>The ferry stays where it is</title><link rel="canonical" href="https://a.example/2013/ferry/">'


def read(source: str | bytes, path: str = "raw/a.html") -> Imported | Problem:
    data = source.encode() if isinstance(source, str) else source
    (result,) = HtmlPage().read(Raw(path, data, languages=("en", "fr", "de", "ar", "ja", "ru", "la")))
    return result


def imported(source: str | bytes, path: str = "raw/a.html") -> Imported:
    result = read(source, path)
    assert isinstance(result, Imported), result
    return result


def body(inner: str, head: str = HEAD) -> str:
    return imported(page(f"<article>{inner}{paragraphs()}</article>", head)).article.body


@pytest.mark.parametrize("name", PAGES)
def test_a_real_page_becomes_markdown_that_shows_its_text(data_folder: Path, name: str) -> None:
    folder = data_folder / "readability" / name
    result = imported((folder / "source.html").read_bytes())
    shown = text_of(markdown_html(result.article.body))
    # Captions of pictures and the links that stand for players are text here.
    assert f1(shown, text_of((folder / "expected.html").read_text("utf-8"))) >= 0.9
    assert not [problem for problem in result.problems if problem.severity is Severity.ERROR]


def test_a_page_becomes_an_article() -> None:
    head = (
        '<html lang="en"><title>The ferry stays | Post</title><meta property="og:site_name" content="Post">'
        '<meta name="author" content="Ada Winter"><meta property="article:published_time" content="2013-06-07T08:00:00+02:00">'
        '<meta name="keywords" content="Ferry, Flood"><meta name="description" content="A village without its boat.">'
        '<meta property="article:section" content="Country"><link rel="canonical" href="https://a.example/2013/ferry/">'
    )
    result = imported(
        page(
            f"<nav>Menu</nav><article><h1>The ferry stays</h1>{paragraphs()}<h2>The list</h2><p>It is long, and it is kept in a drawer, he says.</p></article>",
            head,
        )
    )
    front_matter = result.article.front_matter
    assert front_matter.title == "The ferry stays"
    assert front_matter.authors == ("Ada Winter",)
    assert front_matter.date == dt.datetime.fromisoformat("2013-06-07T08:00:00+02:00")
    assert (front_matter.lang, front_matter.section, front_matter.tags) == ("en", "Country", ("Ferry", "Flood"))
    assert front_matter.summary == "A village without its boat."
    assert front_matter.source is not None
    assert (front_matter.source.kind, front_matter.source.file) == ("html", "raw/a.html")
    assert front_matter.source.url == "https://a.example/2013/ferry/"
    assert len(front_matter.source.sha256) == 64
    assert (
        result.article.body
        == "\n\n".join([*PROSE["en"], "## The list", "It is long, and it is kept in a drawer, he says."]) + "\n"
    )
    assert {guess.field for guess in result.report.guesses} >= {"title", "author", "date", "language", "tags", "body"}


@pytest.mark.parametrize("language", PROSE)
def test_a_page_in_any_language_is_read(language: str) -> None:
    result = imported(page(f"<main><article>{paragraphs(language)}</article></main>"))
    assert [
        part for part in PROSE[language] if part not in Markup(markdown_html(result.article.body)).striptags()
    ] == []
    assert result.article.front_matter.lang == language


def test_a_page_from_right_to_left_names_no_direction_in_each_paragraph() -> None:
    text = "".join(f"<p dir='rtl'>{part}</p>" for part in PROSE["ar"])
    result = imported(
        f'<html lang="ar" dir="rtl"><title>العبارة لا تعود</title><body><article>{text}</article></body></html>'
    )
    assert result.article.front_matter.lang == "ar"
    assert result.article.body.strip() == "\n\n".join(PROSE["ar"])


def test_the_template_of_another_language_does_not_decide() -> None:
    source = f'<html lang="en"><title>Le bac reste à quai</title><body><article>{paragraphs("fr") * 2}</article></body></html>'
    assert imported(source).article.front_matter.lang == "fr"


@pytest.mark.parametrize(
    ("encoding", "named", "language"),
    [
        ("utf-8", "", "fr"), ("utf-8", "iso-8859-1", "fr"), ("cp1252", "iso-8859-1", "fr"), ("cp1252", "", "fr"),
        ("utf-8-sig", "", "de"), ("utf-16", "utf-16", "de"), ("shift_jis", "Shift_JIS", "ja"), ("euc_jp", "euc-jp", "ja"),
        ("cp1256", "windows-1256", "ar"), ("cp1252", "no-such-name", "fr"), ("cp1252", "hex", "de"),
    ],
)  # fmt: skip
def test_encodings_are_read_as_browsers_read_them(encoding: str, named: str, language: str) -> None:
    head = (f'<meta charset="{named}">' if named else "") + "<title>T</title>"
    source = page(f"<article>{paragraphs(language)}</article>", head)
    result = imported(source.encode(encoding, "replace"))
    assert PROSE[language][0].encode(encoding, "replace").decode(encoding) in result.article.body


def test_relative_links_and_pictures_become_whole() -> None:
    found = body(
        "<p>See <a href='../map.html#bank'>the map</a> and <img src='img/boat.jpg' alt='Boat'> here, please.</p>"
    )
    assert "[the map](https://a.example/2013/map.html#bank)" in found
    assert "![Boat](https://a.example/2013/ferry/img/boat.jpg)" in found


def test_a_base_element_is_heard() -> None:
    head = f'<base href="/archive/">{HEAD}'
    assert "(https://a.example/archive/map.html)" in body("<p>See <a href='map.html'>the map</a> there.</p>", head)


def test_without_a_known_address_links_stay_as_they_are() -> None:
    assert "[the map](map.html)" in body("<p>See <a href='map.html'>the map</a> there.</p>", "<title>T</title>")


def test_the_address_that_a_browser_wrote_into_the_page_is_used() -> None:
    source = "<!-- saved from url=(0032)https://a.example/2013/06/07/x/ -->" + page(
        f"<article><p><a href='y'>why</a> not, said he.</p>{paragraphs()}</article>"
    )
    result = imported(source)
    assert result.article.front_matter.source is not None
    assert result.article.front_matter.source.url == "https://a.example/2013/06/07/x/"
    assert "(https://a.example/2013/06/07/x/y)" in result.article.body


def test_addresses_that_run_code_lose_their_link() -> None:
    found = body(
        "<p>Click <a href='javascript:alert(1)'>here</a>, <a href=' JaVa\nScript:x'>there</a>, <a href='data:text/html,x'>and</a> then wait.</p><img src='javascript:x'>"
    )
    assert "script:" not in found.lower()
    assert "data:" not in found
    assert "Click here, there, and then wait." in found


def test_scripts_styles_and_tracking_pixels_are_set_aside_and_told() -> None:
    pixels = "<img src='https://t.example/p.gif' width='1' height='1'><img src='https://t.example/pixel?id=3' alt=''><img src='/s.png' style='width:1px;height:1px'>"
    result = imported(
        page(
            f"<script>x()</script><script src='y'></script><style>p{{}}</style><article>{pixels}{paragraphs()}<div class='share-buttons'><a href='#'>Tweet</a></div></article>",
            HEAD,
        )
    )
    told = {aside.text: aside.reason for aside in result.report.set_aside}
    assert told["2 scripts"] == "no part of an article"
    assert "1 style sheet" in told
    assert (
        told["https://t.example/p.gif"] == told["https://t.example/pixel?id=3"] == told["/s.png"] == "a tracking pixel"
    )
    assert "Tweet" in told
    assert "![" not in result.article.body


def test_a_picture_with_words_becomes_a_caption() -> None:
    found = body(
        "<figure><img src='/boat.jpg' alt='A boat'><figcaption>The boat in 1954. Photo: Ada Winter</figcaption></figure>"
    )
    assert "[caption]![A boat](https://a.example/boat.jpg) The boat in 1954. Photo: Ada Winter[/caption]" in found


def test_the_captions_of_old_templates_are_found() -> None:
    found = body(
        "<div class='wp-caption alignleft'><img src='/boat.jpg' alt=''><p class='wp-caption-text'>The boat in 1954</p></div>"
    )
    assert "![](https://a.example/boat.jpg) The boat in 1954[/caption]" in found


def test_pictures_that_load_late_are_found() -> None:
    late = "<p><img src='data:image/gif;base64,R0' data-src='/one.jpg' alt='One'></p>"
    large = "<p><img data-srcset='/small.jpg 300w, /large.jpg 1200w' alt='Two'></p>"
    hidden = "<p><img class='lazy' src='data:image/gif;base64,R0'><noscript><img src='/three.jpg' alt='Three'></noscript></p>"
    found = body(late + large + hidden)
    assert "![One](https://a.example/one.jpg)" in found
    assert "![Two](https://a.example/large.jpg)" in found
    assert "![Three](https://a.example/three.jpg)" in found


def test_players_and_frames_become_links() -> None:
    found = body(
        "<iframe src='https://www.youtube.com/embed/LtOGa5M8AuU'></iframe><video><source src='/flood.mp4'></video><iframe src='about:blank'></iframe><p>That was it, and no more was ever filmed.</p>"
    )
    assert "https://www.youtube.com/watch?v=LtOGa5M8AuU" in found
    assert "(https://a.example/flood.mp4)" in found
    assert "about:" not in found
    assert "<iframe" not in found


def test_lists_tables_quotes_and_code_are_kept() -> None:
    found = body(
        "<ul><li>one bank, the left one</li><li>two banks, both of them</li></ul><blockquote><p>It rained on my cheese, and on my bread.</p></blockquote>"
        "<pre><code class='language-python'>for bank in banks:\n    cross(bank)</code></pre>"
        "<table><thead><tr><th>Year</th><th>Floods</th></tr></thead><tbody><tr><td>1954</td><td>3</td></tr></tbody></table>"
    )
    html = markdown_html(found)
    assert "- one bank, the left one" in found
    assert "> It rained on my cheese, and on my bread." in found
    assert "for bank in banks:\n    cross(bank)" in found
    assert "<table>" in html
    assert "1954" in html


def test_links_of_footnotes_still_lead_somewhere() -> None:
    found = body(
        "<p>The list is long<a href='#n1' id='r1'>1</a>, <a href='#gone'>very</a> long.</p><p id='n1'>1. It has ninety entries, of which three are doubtful. <a href='#r1'>back</a></p>"
    )
    assert "#gone" not in found
    assert "very long" in found


def test_a_shortcode_that_the_page_shows_is_repaired() -> None:
    poll = {
        "title": "Which bank?",
        "answers": [{"id": "1", "text": "Left"}, {"id": "2", "text": "Right"}],
        "multiple": False,
    }
    payload = base64.b64encode(quote(json.dumps(poll)).encode()).decode()
    result = imported(
        page(
            f"<article>{paragraphs()}<p>[expert_review_poll id=\u00a0»334″ params=\u00a0»{payload}\u00a0»]</p><p>[some_thing a=&#8221;b&#8221;]</p></article>",
            HEAD,
        )
    )
    assert result.report.polls == 1
    assert "Which bank?" in result.article.body
    assert "] Left\n" in result.article.body
    assert '[some_thing a="b"]' in result.article.body
    assert [problem.code for problem in result.problems] == ["unknown-shortcode"]
    assert [kept.name for kept in result.report.shortcodes] == ["some_thing"]
    assert {mend.kind for mend in result.report.mends} == {"shortcode"}


def test_a_shortcode_in_code_stays_as_it_is() -> None:
    assert "[gallery ids=”1″]" in body("<pre>[gallery ids=”1″]</pre>")


def test_glued_sentences_and_invisible_signs_are_mended_outside_of_code() -> None:
    result = imported(
        page(
            f"<article><p>He left for the river.She stayed at ho\u00adme, alone.</p><pre>a.B=home.She</pre>{paragraphs()}</article>"
        )
    )
    assert "river. She stayed at home, alone." in result.article.body
    assert "a.B=home.She" in result.article.body
    assert {mend.kind for mend in result.report.mends} >= {"glued-sentence", "invisible"}
    assert all(mend.line for mend in result.report.mends)


def test_a_paywall_is_told() -> None:
    box = "<div class='paywall'><p>Subscribe now, for only 4 € a month, and read all of it.</p></div>"
    assert [problem.code for problem in imported(page(f"<article>{paragraphs()}{box}</article>")).problems] == [
        "paywall"
    ]


def test_a_page_without_title_is_named_after_its_file() -> None:
    result = imported(page(paragraphs(), ""), "raw/the-old-ferry.html")
    assert result.article.front_matter.title == "the old ferry"
    assert [problem.code for problem in result.problems] == ["no-title"]


def test_no_date_is_made_up_but_the_name_of_the_file_is_heard() -> None:
    assert imported(page(paragraphs())).article.front_matter.date is None
    assert imported(page(paragraphs()), "raw/2013-06-07-ferry.html").article.front_matter.date == dt.date(2013, 6, 7)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-raw"), (b" \r\n\0", "empty-raw"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "not-text"),
        (bytes(range(1, 256)) * 40, "not-text"), (b"<html><body></body></html>", "no-article"),
        (b"<script>alert(1)</script>", "no-article"), (b"x" * 20_000_001, "too-big"),
    ],
    ids=["empty", "blank", "png", "bytes", "no-text", "script", "big"],
)  # fmt: skip
def test_what_is_no_article_is_a_problem(data: bytes, code: str) -> None:
    result = read(data)
    assert isinstance(result, Problem)
    assert result.code == code
    assert result.location.path == "raw/a.html"
    assert result.hint


def test_ten_thousand_nested_tags_are_read_in_time() -> None:
    start = time.monotonic()
    for tag in ("div", "b", "blockquote", "ul><li", "table><tr><td", "figure", "a href=x"):
        result = read(page(f"<{tag}>" * 10_000 + paragraphs()))
        assert isinstance(result, Imported), tag
        assert PROSE["en"][1] in " ".join(text_of(markdown_html(result.article.body)).split()), tag
    assert time.monotonic() - start < 20


def test_a_big_page_is_read_in_time() -> None:
    blocks = "".join(
        f"<div class='x{number}'><div><p>{PROSE['en'][number % 4]}</p></div></div>" for number in range(10_000)
    )
    start = time.monotonic()
    assert len(imported(page(f"{'<div>' * 100}<article>{blocks}</article>")).article.body) > 900_000
    assert time.monotonic() - start < 30


def test_a_page_cannot_write_marks_of_its_own() -> None:
    assert "\ufdd0" not in body(
        "<p>One \ufdd00\ufdd1 and \ufdd07\ufdd1 &#64976;0&#64977; &amp;#64976;0&amp;#64977; of <img src='/a.jpg' alt='&#64976;0&#64977;'> them, all told.</p>"
    )


def test_reading_twice_gives_the_same() -> None:
    source = page(f"<article>{paragraphs('fr')}</article>", HEAD)
    assert imported(source) == imported(source)


@given(st.text(alphabet=st.sampled_from(list("<>/=\"'& abp[]#!-;:divscriptfigureimgh1\n\u00a0é")), max_size=300))
def test_any_text_is_an_article_or_a_problem(text: str) -> None:
    assert isinstance(read("<p>A sentence, of some length, to begin with." + text), Imported | Problem)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_a_problem(data: bytes) -> None:
    assert isinstance(read(b"<html>" + data), Imported | Problem)


def test_control_characters_in_addresses_and_text_are_taken_away() -> None:
    found = body("<p>See <a href='/m\x01ap&#2;&#x3;&#12;'>the\x02 map</a> of the valley&#1;, please.</p>")
    assert "[the map](https://a.example/map) of the valley, please." in found


@pytest.mark.parametrize("name", PAGES)
def test_every_character_of_a_real_page_is_accounted_for(data_folder: Path, name: str) -> None:
    data = (data_folder / "readability" / name / "source.html").read_bytes()
    report = imported(data).report
    whole = html.document_fromstring(data.decode(), parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    counts = report.characters
    assert report.losses == ()
    assert counts["input"] == len("".join("".join(whole.itertext()).split()))
    assert counts["input"] == sum(count for place, count in counts.items() if place != "input")
    if counts.get("set aside", 0) > 500:
        assert any(aside.reason == "outside the article" for aside in report.set_aside)


def test_what_lies_outside_the_article_is_told_with_its_size() -> None:
    page_html = page(f"<div>Elsewhere today</div><article>{paragraphs()}</article><script>go();</script>", HEAD)
    report = imported(page_html).report
    told = next(aside for aside in report.set_aside if aside.reason == "outside the article")
    assert "Elsewhere today" in told.text
    assert report.characters["set aside"] >= len("Elsewheretoday") + len("go();")
    assert report.characters["title"] == len("The ferry stays where it is".replace(" ", ""))


def test_a_text_that_a_step_would_drop_is_told_as_lost() -> None:
    tree = parse_page(
        "<html><body><nav>Menu</nav><article><p>First words.</p><p>Last words.</p></article></body></html>"
    )
    account = PageAccount(tree)
    article = tree.find(".//article")
    account.take_article(article)
    account.take_mended(article)
    settled = account.settled("First words.\n", (), (), ("Title",))
    assert [loss.text for loss in settled.losses] == ["Last words."]
    assert settled.characters() == {"input": 25, "body": 11, "set aside": 4, "lost": 10}
