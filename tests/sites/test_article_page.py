"""The page of an article: all that stands around its text."""

import hashlib
import json
import re

from sitegen.commands.build import build
from sitegen.commands.profile import Profile
from tests.conftest import SmallSite

HEADINGS = "\n\n".join(f"## Part {number}\n\nText." for number in range(1, 5))


def test_a_long_article_has_a_table_of_contents_and_a_short_one_has_none(site: SmallSite) -> None:
    site.add_article("long", f"{HEADINGS}\n\n### *Deep* & narrow\n\nText.", title="Long")
    site.add_article("short", "## Part 1\n\nText.", title="Short")

    site.build()

    contents = site.read("articles/long/index.html").split('<nav class="toc"')[1].split("</nav>")[0]
    assert re.findall(r'<li(.*?)><a href="#(.*?)">(.*?)</a>', contents)[3:] == [
        ("", "part-4", "Part 4"),
        (' class="deeper"', "deep-narrow", "Deep &amp; narrow"),
    ]
    assert 'class="toc"' not in site.read("articles/short/index.html")


def test_corrections_stand_above_the_text_with_their_dates(site: SmallSite) -> None:
    site.write(
        """
        == content/a.md ==
        ---
        title: A
        corrections:
        - date: 2024-10-03
          text: "Nine seats, not <ten>."
        - The name was wrong.
        ---
        Text.
        """
    )

    assert site.build().problems == []

    page = site.read("articles/a/index.html")
    assert '<h2 class="label">Corrections</h2>' in page
    assert '<time datetime="2024-10-03">October 3, 2024</time> <span>Nine seats, not &lt;ten&gt;.</span>' in page
    assert "<li><span>The name was wrong.</span></li>" in page
    assert page.index("The name was wrong.") < page.index("<p>Text.</p>")


def test_a_wrong_key_of_a_correction_is_told_at_its_line(site: SmallSite) -> None:
    site.write(
        """
        == content/a.md ==
        ---
        title: A
        corrections:
        - when: 2024-10-03
        ---
        Text.
        """
    )

    problems = site.build().problems

    assert [(problem.location.line, problem.message) for problem in problems] == [(4, 'a correction has no key "when"')]


def test_comments_are_shown_in_their_threads_and_harm_nobody(site: SmallSite) -> None:
    site.add_article("a", "Text.", title="A")
    comments = [
        {"id": "7", "author": "Ann <b>", "date": "2024-05-01T10:00:00", "type": "comment",
         "content": "# Loud\n\nSee [there](https://x.example/) <script>alert(1)</script>", "url": "javascript:alert(1)"},
        {"id": "9", "author": "", "date": "", "type": "comment", "content": "Yes", "parent": "7", "depth": 1},
    ]  # fmt: skip
    site.write_bytes("content/a.comments.json", json.dumps({"comments": comments}).encode())

    assert site.build().problems == []

    page = site.read("articles/a/index.html")
    assert "<h2>2 comments</h2>" in page
    assert "<bdi>Ann &lt;b&gt;</bdi>" in page
    assert '<p>Loud</p>\n<p>See <a rel="nofollow ugc" href="https://x.example/">there</a> </p>' in page
    assert '<a href="#c1_">In reply to Ann &lt;b&gt;</a>' in page
    assert "javascript:" not in page
    assert not any(path.endswith("comments.json") for path in site.outputs())


def test_a_change_of_the_comments_changes_the_page_alone(site: SmallSite) -> None:
    site.add_article("a", "Text.", title="A")
    site.add_article("b", "Text.", title="B")
    site.build()

    site.write_bytes(
        "content/a.comments.json",
        b'{"comments": [{"id": "1", "author": "Ann", "date": "", "type": "comment", "content": "Hi"}]}',
    )

    assert site.build().written == ["articles/a/index.html"]
    assert site.outputs() == site.clean_outputs()


def test_comments_that_cannot_be_read_are_told(site: SmallSite) -> None:
    site.add_article("a", "Text.", title="A")
    site.write_bytes("content/a.comments.json", b'{"comments": [{"id": 1}]}')

    problems = site.build().problems

    assert [(problem.location.path, problem.code) for problem in problems] == [("content/a.comments.json", "comments")]


def test_translations_name_each_other(site: SmallSite) -> None:
    site.write(
        """
        == content/fr.md ==
        ---
        title: Le bac
        lang: fr
        translations: [ar.md]
        ---
        Texte.

        == content/ar.md ==
        ---
        title: العبّارة
        lang: ar
        translations: [fr.md]
        ---
        نص.
        """
    )

    assert site.build().problems == []

    page = site.read("articles/le-bac/index.html")
    (arabic,) = re.findall(r'<link rel="alternate" hreflang="ar" href="(.*?)">', page)
    assert '<link rel="alternate" hreflang="fr" href="https://test.example/articles/le-bac/">' in page
    assert 'rel="alternate" hreflang="ar" lang="ar" dir="rtl">العربية</a>' in page
    assert arabic.startswith("https://test.example/articles/")


def test_a_translation_that_does_not_answer_is_told(site: SmallSite) -> None:
    site.write(
        """
        == content/a.md ==
        ---
        title: A
        lang: en
        translations: [b.md, none.md]
        ---
        Text.

        == content/b.md ==
        ---
        title: B
        lang: fr
        ---
        Texte.
        """
    )

    told = sorted(problem.message for problem in site.build().problems)

    assert told == ['"b.md" does not name this article in turn', 'there is no article "none.md"']


def test_an_article_says_how_it_is_cited(site: SmallSite) -> None:
    site.add_article("a", title='"Who & what?"', date="2024-09-12", author="Anke de Vries", lang="en")

    site.build()

    page = site.read("2024/09/who-what/index.html")
    address = "https://test.example/2024/09/who-what/"
    assert f"<td>de Vries, A. (2024, September 12). Who &amp; what? Test. {address}</td>" in page
    assert "title = {{Who \\&amp; what?}}" in page
    assert '<meta name="citation_author" content="Anke de Vries">' in page
    assert '<meta name="citation_publication_date" content="2024-09-12">' in page
    assert f'<meta name="DC.identifier" content="{address}">' in page


def test_a_copy_of_the_raw_file_lies_beside_the_page(site: SmallSite) -> None:
    with site.path("sitegen.toml").open("a") as config:
        config.write("[import]\nkeep_raw = true\n")
    raw = "A title of the raw article\n\nSome prose that is long enough to be a paragraph, and a second sentence.\n"
    site.write_bytes("content/raw/news/2024-05-01-a.txt", raw.encode())

    site.build()

    (copy,) = [path for path in site.outputs() if path.endswith("/source.txt")]
    page = site.read(copy.replace("source.txt", "index.html"))
    assert site.read(copy) == raw
    assert hashlib.sha256(raw.encode()).hexdigest() in page
    assert '<a href="../../../2024/05/' in page
    assert 'source.txt" type="text/plain">' in page


def test_raw_files_that_go_and_come_are_noticed_and_else_nothing_is_planned(site: SmallSite) -> None:
    with site.path("sitegen.toml").open("a") as config:
        config.write("[import]\nkeep_raw = true\n")
    raw = b"A title of the raw article\n\nSome prose that is long enough to be a paragraph, and a second sentence.\n"
    site.write_bytes("content/raw/news/2024-05-01-a.txt", raw)
    site.build()
    profile = Profile()
    build(site.site, site.tree, profile=profile)
    assert "plan, draw and write pages" not in profile.stages
    before = site.outputs()
    (copy,) = [path for path in before if path.endswith("/source.txt")]

    site.remove("content/raw/news/2024-05-01-a.txt")
    report = site.build()
    assert report.removed_paths == [copy]
    assert report.written == [copy.replace("source.txt", "index.html")]
    assert site.outputs() == site.clean_outputs()

    site.write_bytes("content/raw/news/2024-05-01-a.txt", raw)
    site.build()
    assert site.outputs() == before


def test_without_the_wish_no_raw_file_is_published(site: SmallSite) -> None:
    site.write_bytes("content/raw/a.txt", b"A title of the raw article\n\nSome prose that is long enough.\n")

    site.build()

    assert not [
        path for path in site.outputs() if path.endswith(".txt") and path != "robots.txt" and "llms" not in path
    ]


def test_an_error_of_a_template_names_its_line_and_the_article(site: SmallSite) -> None:
    site.add_article("a", title="A")
    site.write_bytes(
        "templates/article.html",
        b'{% extends "theme/article.html" %}\n{% block cite %}\n{{ page.titel }}{% endblock %}',
    )

    (problem,) = site.build().problems

    assert str(problem.location) == "templates/article.html:3"
    assert "titel" in problem.message
    assert "a.md" in problem.message


def test_a_site_changes_one_block_of_a_template(site: SmallSite) -> None:
    site.add_article("a", title="A", tags="x")
    site.write_bytes(
        "templates/article.html",
        b'{% extends "theme/article.html" %}{% block cite %}{% endblock %}\n'
        b"{% block article_footer %}<p>CC BY</p>{{ super() }}{% endblock %}",
    )

    assert site.build().problems == []

    page = site.read("articles/a/index.html")
    assert "<p>CC BY</p>" in page
    assert "BibTeX" not in page
    assert 'rel="tag">x</a>' in page
