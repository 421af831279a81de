"""What a site may change of how it looks."""

import gzip
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sitegen.commands.build import build
from sitegen.commands.profile import Profile
from sitegen.config import parse_config
from sitegen.model import SiteError
from sitegen.theme import default_theme
from tests.conftest import REPOSITORY, SmallSite

POLL = '[poll id="2"]\nTea?\n- [1] Yes\n- [2] No\n[/poll]'


def theme(text: str) -> str:
    return f'[site]\ntitle = "Test"\nurl = "https://test.example/"\n[build]\nworkers = 1\n[theme]\n{text}\n'


def test_colours_fonts_and_a_logo_come_from_the_configuration(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-05-01")
    site.write_bytes("templates/static/fonts/own.woff2", b"font")
    site.write_bytes("templates/static/logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    config = 'accent = "#005a9c"\ntext_font = "Own"\nlogo = "logo.svg"\n[theme.fonts]\nOwn = "fonts/own.woff2"'
    site.write_bytes("sitegen.toml", theme(config).encode())

    assert site.build().problems == []

    style = site.read("assets/site.css")
    assert "--accent:light-dark(#005a9c,#" in style
    assert '@font-face{font-family:"Own";src:url("fonts/own.woff2")' in style
    assert '--serif:"Own",Charter' in style
    assert '<img src="../../../assets/logo.svg" alt=""> Test</a>' in site.read("2024/05/a/index.html")


def test_what_is_changed_of_it_is_seen_in_the_next_build(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-05-01")
    site.build()
    changes: list[tuple[str, bytes]] = [
        ("sitegen.toml", theme('accent = "#005a9c"').encode()),
        ("sitegen.toml", theme('logo = "logo.svg"').encode()),
        ("templates/static/logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("templates/static/site.css", b"h1 { color: red }"),
        ("templates/site.css", b"h2 { color: red }"),
        ("templates/listing.html", b'{% extends "theme/listing.html" %}{% block main %}Empty{% endblock %}'),
    ]
    for name, data in changes:
        site.write_bytes(name, data)
        told = site.build().problems
        before, clean = site.outputs(), site.clean_copy()
        assert told == clean.build().problems
        assert before == clean.outputs(), name
    site.remove("templates/static/site.css")
    site.build()
    assert site.outputs() == site.clean_outputs()


def test_pages_that_look_otherwise_are_drawn_again_as_they_were_planned(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-05-01", tags="One, Two")
    site.add_article("b", POLL, title="B", date="2024-05-02", tags="One")
    site.build()
    parts = parts_of(site)
    site.write_bytes("templates/listing.html", b'{% extends "theme/listing.html" %}{% block main %}Empty{% endblock %}')
    written = site.build().written
    assert "tags/one/index.html" in written
    assert "2024/05/a/index.html" not in written
    site.write_bytes("templates/shortcodes/poll.html", b"<p>A poll</p>")
    assert site.build().written == ["2024/05/b/index.html"]
    assert parts_of(site) == parts
    assert site.outputs() == site.clean_outputs()


def test_a_body_is_taken_from_the_page_that_is_replaced_if_that_is_as_it_was_written(site: SmallSite) -> None:
    site.add_article("a", "A text.\n\nA [link](b.md).", title="A", date="2024-05-01")
    site.add_article("b", "A text.\n\n## More\n\nAnother.", title="B", date="2024-05-02")
    site.add_article("c", POLL, title="C", date="2024-05-03")
    site.add_article("d", "Meddled text.", title="D", date="2024-05-04")
    site.build()
    page = site.path("output/2024/05/d/index.html")
    page.write_bytes(page.read_bytes().replace(b"Meddled", b"meddled"))
    site.write_bytes("templates/article.html", b'{% extends "theme/article.html" %}{% block cite %}-{% endblock %}')
    profile = Profile()

    written = build(site.site, site.tree, profile=profile).written_count

    assert written == 4
    assert profile.bodies == 2  # of c, where a call is drawn by a template of its own, and of d
    assert "Meddled text." in page.read_text("utf-8")
    assert site.outputs() == site.clean_outputs()


def test_where_the_text_of_the_frame_alone_is_edited_blocks_are_taken_from_the_pages_that_are_replaced(
    site: SmallSite,
) -> None:
    site.add_article(
        "a", "A [link](b.md).\n\n[caption]![](p.svg) Words[/caption]", title="A", date="2024-05-01", tags="T"
    )
    site.add_article("b", POLL, title="B", date="2024-05-02", tags="T")
    site.add_article("c", '[weather place="here"]', title="C", date="2024-05-03")
    site.write_bytes("content/p.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    site.build()
    base = (default_theme() / "base.html").read_bytes()
    site.write_bytes("templates/base.html", base.replace(b"</body>", b"<p>More</p></body>"))
    profile = Profile()

    report = build(site.site, site.tree, profile=profile)

    assert profile.bodies == 2  # of b, whose page sees a poll, and of c, whose problem is told again
    assert [problem.code for problem in report.problems] == ["unknown-shortcode"]
    pages = [path for path in report.written if path.endswith(".html")]
    assert {"2024/05/a/index.html", "2024/05/b/index.html", "tags/t/index.html", "index.html"} <= set(pages)
    assert all("<p>More</p></body>" in site.path(f"output/{path}").read_text("utf-8") for path in pages)
    assert site.outputs() == site.clean_outputs()


def test_blocks_that_tell_the_frame_something_are_drawn_with_it(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-05-01")
    base = (default_theme() / "base.html").read_text("utf-8")
    base = base.replace("<body", "{% set told = namespace(text='nothing') %}<body")
    base = base.replace("{% block motto %}", "{% block motto %}{% set told.text = 'something' %}")
    for words in ("One", "Two"):
        text = base.replace("</body>", f"<p>{words}: {{{{ told.text }}}}</p></body>")
        site.write_bytes("templates/base.html", text.encode())
        assert "2024/05/a/index.html" in site.build().written
        assert f"<p>{words}: something</p>" in site.path("output/2024/05/a/index.html").read_text("utf-8")
    assert site.outputs() == site.clean_outputs()


def parts_of(site: SmallSite) -> list[tuple[int, str]]:
    """The parts of the plan; one that is planned again has another number."""
    with closing(sqlite3.connect(site.tree.record)) as record:
        return record.execute("SELECT id, key FROM part ORDER BY id").fetchall()


def test_a_theme_may_be_taken_back_when_half_of_its_pages_are_drawn(site: SmallSite) -> None:
    for number in range(100):
        site.add_article(f"a{number}", title=f"A{number}", date="2024-05-01")
    site.build()
    before = site.outputs()
    site.write_bytes("templates/article.html", b'{% extends "theme/article.html" %}{% block main %}Empty{% endblock %}')

    def stop(stage: str, done: int, _of: int = 0) -> None:
        if stage == "pages" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(site.site, site.tree, stop)
    changed = [path for path, digest in site.outputs().items() if digest != before[path]]
    assert 0 < len(changed) < 100
    site.remove("templates/article.html")
    assert set(changed) >= set(site.build().written) != set()
    assert site.outputs() == before


def test_a_file_that_is_not_there_is_told(site: SmallSite) -> None:
    site.add_article("a", title="A")
    site.write_bytes("sitegen.toml", theme('logo = "logo.svg"').encode())

    problems = site.build().problems

    assert [(problem.code, problem.message) for problem in problems] == [
        ("theme", '[theme] names "logo.svg", which is not there')
    ]


def test_a_style_sheet_of_the_site_stands_in_place_of_the_theme_s(site: SmallSite) -> None:
    site.add_article("a", title="A")
    site.write_bytes("templates/static/site.css", b"h1 { color: red }")

    assert site.build().problems == []

    assert site.read("assets/site.css") == "h1 { color: red }"


def style_of(page: str) -> str:
    (sheet,) = re.findall(r'<link rel="stylesheet" href="(?:\.+/)*([^"]+)">', page)
    return sheet


def test_an_article_asks_for_no_rules_that_it_does_not_need(site: SmallSite) -> None:
    call = "[embed]https://www.youtube.com/watch?v=a1[/embed]\n"
    comments = b'{"comments": [{"id": "1", "author": "Ann", "date": "", "type": "comment", "content": "Yes"}]}'
    site.write("== content/a.md ==\n---\ntitle: A\n---\nWords.\n")
    site.write(f"== content/b.md ==\n---\ntitle: B\n---\n{call}\n{POLL}\n")
    site.write(f"== content/c.md ==\n---\ntitle: C\n---\n{POLL}\n")
    site.write("== content/d.md ==\n---\ntitle: D\n---\n```python\nimport this\n```\n")
    site.write("== content/e.md ==\n---\ntitle: E\n---\nWords.\n")
    site.write_bytes("content/e.comments.json", comments)

    assert site.build().problems == []

    sheets = {name: style_of(site.read(f"articles/{name}/index.html")) for name in "abcde"}
    assert sheets == {
        "a": "assets/site-article.css", "b": "assets/site-article-more-polls.css",
        "c": "assets/site-article-polls.css", "d": "assets/site-article-more.css", "e": "assets/site-article-more.css",
    }  # fmt: skip
    assert style_of(site.read("index.html")) == "assets/site-lists.css"
    rules = (".rows li", ".byline", ".comment{", ".codehilite", ".sc-embed", ".poll{--c", "button{")
    assert [
        [rule for rule in rules if rule in site.read(sheet)]
        for sheet in ("assets/site.css", "assets/site-lists.css", *sheets.values())
    ] == [
        [".rows li", ".byline", ".comment{", ".codehilite", "button{"],
        [".rows li", "button{"],
        [".byline"],
        [".byline", ".comment{", ".codehilite", ".sc-embed", ".poll{--c", "button{"],
        [".byline", ".poll{--c", "button{"],
        [".byline", ".comment{", ".codehilite", ".sc-embed"],
        [".byline", ".comment{", ".codehilite", ".sc-embed"],
    ]


def test_an_article_without_pictures_is_light(site: SmallSite) -> None:
    words = [f"{chr(97 + n % 23)}{chr(97 + n % 19)}{n * 7919 % 997}" for n in range(900)]
    body = "\n\n".join(" ".join(words[start : start + 60]) for start in range(0, 900, 60))
    for n in range(6):
        site.add_article(f"a{n}", title=f"An article of the year {n}", date=f"2024-05-0{n + 1}", tags="rivers, boats")
    site.write(
        f"== content/long.md ==\n---\ntitle: Long\ndate: 2024-05-03\ntags: [rivers]\nauthor: Ann B\n---\n{body}\n"
    )

    assert site.build().problems == []

    page = site.read("2024/05/long/index.html")
    assert re.findall(r"<script[^>]* src=|<img", page) == []
    assert weight(site, "2024/05/long/index.html") <= 8.5 * 1024


def test_no_page_of_the_sample_is_heavy(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    for part in ("content", "templates"):
        shutil.copytree(REPOSITORY / part, tmp_path / part, ignore=shutil.ignore_patterns("imported"))
    shutil.copyfile(REPOSITORY / "sitegen.toml", tmp_path / "sitegen.toml")
    site.build()
    pages = {path for path in site.outputs() if path.endswith(".html") and "stylesheet" in site.read(path)}
    heavy = {path: size for path in pages if (size := weight(site, path)) > 8.5 * 1024}

    assert len(pages) > 100
    assert heavy == {}


def weight(site: SmallSite, path: str) -> int:
    """Bytes of a page and its style sheets as they travel, without pictures."""
    page = site.read(path)
    sheets = re.findall(r'rel="stylesheet" href="[^"]*(assets/[^"]+)"', page)
    return sum(len(gzip.compress(text.encode(), 6)) for text in (page, *map(site.read, sheets)))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('accent = "red"', 7, '"accent" is no colour like #8a1c14'),
        ('accent = "#ffcc00"', 7, '"accent" can\'t be read: its contrast with the page is 1.5, and 4.5 is needed'),
        ('accent_dark = "#331111"', 7, '"accent_dark" can\'t be read'),
        ('text_font = "Comic"', 7, '"text_font" must be "serif", "sans" or a family of [theme.fonts]'),
        ('logo = "../logo.svg"', 7, '"logo" must be a file inside the static folder'),
        ('[theme.fonts]\nOwn = "../x.woff2"', 8, '"Own" must be a file inside the static folder'),
    ],
)
def test_what_cannot_be_is_told_at_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(SiteError) as told:
        parse_config(theme(text))

    assert told.value.problem.message.startswith(message)
    assert told.value.problem.location.line == line


def test_no_compiled_template_is_read_from_the_site(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-05-01")
    site.build()

    assert not [path for path in site.path(".sitegen").rglob("*") if path.suffix == ".cache"]
    assert list(Path(os.environ["XDG_CACHE_HOME"], "sitegen", "templates").glob("en-*.cache"))
