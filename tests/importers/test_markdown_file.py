import datetime as dt
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.foreign_calls import translate_calls
from sitegen.importers.foreign_matter import read_matter
from sitegen.importers.markdown_file import MarkdownFile, content_path
from sitegen.importers.raw import Imported, Raw
from sitegen.model import Problem, SiteError


def read(text: str, below: str = "posts/a.md") -> Imported:
    (made,) = MarkdownFile().read(Raw(f"in/{below}", textwrap.dedent(text).lstrip("\n").encode(), below=below))
    assert isinstance(made, Imported), made
    return made


HUGO = """
    ---
    title: "The ferry: again"
    date: 2024-05-01T08:00:00+02:00
    lastmod: 2024-05-02
    draft: true
    aliases: [/old/ferry/]
    url: /ferry.html
    tags: [Ferry, Weir]
    categories: [News, River]
    weight: 012
    cover:
      image: cover.jpg
    ---

    Text.
"""
TOML = """
    +++
    title = "The ferry: again"
    date = 2024-05-01T08:00:00+02:00
    updated = 2024-05-02
    draft = true
    aliases = ["/old/ferry/"]
    [taxonomies]
    tags = ["Ferry", "Weir"]
    categories = ["News", "River"]
    [extra]
    weight = 12
    +++

    Text.
"""
JSON = """
    {
      "title": "The ferry: again", "date": "2024-05-01T08:00:00+02:00", "lastmod": "2024-05-02", "draft": true,
      "tags": ["Ferry", "Weir"], "categories": ["News", "River"]
    }

    Text.
"""
PELICAN = """
    Title: The ferry: again
    Date: 2024-05-01 08:00
    Modified: 2024-05-02
    Category: News
    Tags: Ferry, Weir
    Status: draft
    Authors: Ada Winter; Ben Low
    Summary: A ferry
        that runs.

    Text.
"""


@pytest.mark.parametrize("text", [HUGO, TOML, JSON, PELICAN])
def test_front_matter_of_every_generator_says_the_same(text: str) -> None:
    made = read(text)
    matter = made.article.front_matter
    assert made.article.body == "Text.\n"
    assert (matter.title, matter.slug, matter.section) == ("The ferry: again", "a", "News")
    assert isinstance(matter.date, dt.datetime)
    assert matter.date.replace(tzinfo=None) == dt.datetime(2024, 5, 1, 8)
    assert (matter.updated, matter.tags, matter.draft) == (dt.date(2024, 5, 2), ("Ferry", "Weir"), True)


def test_what_has_no_key_of_ours_is_kept() -> None:
    matter = read(HUGO).article.front_matter
    assert matter.aliases == ("/old/ferry/", "/ferry.html")
    assert matter.image == "cover.jpg"
    assert matter.extra["fields"]["weight"] == "012"
    assert matter.extra["fields"]["sections"] == ["News", "River"]
    assert read(TOML).article.front_matter.extra["fields"]["extra"] == {"weight": "12"}
    pelican = read(PELICAN).article.front_matter
    assert (pelican.authors, pelican.summary) == (("Ada Winter", "Ben Low"), "A ferry that runs.")


def test_jekyll_says_things_by_file_names() -> None:
    made = read(
        "---\nlayout: post\npublished: false\npermalink: /a/:title/\n---\n# The ferry #\n\nText.\n",
        "news/_posts/2024-05-01-the-old-ferry.markdown",
    )
    matter = made.article.front_matter
    assert made.target == "news/2024-05-01-the-old-ferry.md"
    assert (matter.title, matter.slug, matter.date, matter.draft) == (
        "The ferry",
        "the-old-ferry",
        dt.date(2024, 5, 1),
        True,
    )
    assert matter.extra["fields"] == {"layout": "post", "permalink_pattern": "/a/:title/"}
    assert made.article.body == "Text.\n"
    assert {guess.field for guess in made.report.guesses} >= {"title", "date"}


@pytest.mark.parametrize(
    ("below", "slug"), [("posts/trip/index.md", "trip"), ("_index.md", "x"), ("a/2020-01-02-b.md", "b")]
)
def test_a_bundle_has_the_name_of_its_folder(below: str, slug: str) -> None:
    made = read("---\ntitle: X\n---\nText.\n", below)
    assert made.article.front_matter.slug == slug


def test_a_file_without_front_matter_is_all_body() -> None:
    made = read("Note: this is prose.\n\nMore of it.\n")
    assert made.article.body == "Note: this is prose.\n\nMore of it.\n"
    assert next(guess.field for guess in made.report.guesses) == "title"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: x\n", 1),
        ("---\ntitle: a: b\n---\n", 2),
        ("---\n- a\n---\n", 2),
        ("+++\ntitle = \n+++\n", 2),
        ("---\na: &x [1]\n" + "b: [" + "*x, " * 30_000 + "]\n---\n", 2),
        ("---\n" + "a: " + "[" * 50 + "]" * 50 + "\n---\n", 2),
    ],
)
def test_front_matter_that_cannot_be_read_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(SiteError) as told:
        read_matter(text, "a.md")
    assert (told.value.problem.code, told.value.problem.location.line) == ("front-matter", line)


def translated(text: str) -> str:
    return translate_calls(text, 1, lambda name: f"../{name}" if name == "posts/b.md" else "").text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{{< figure src="a b.jpg" alt="A [ferry]" caption="The *ferry*" >}}', "[caption]![A \\[ferry\\]](<a b.jpg>) The *ferry*[/caption]"),
        ('{{< figure src="a.jpg" link="/x/" >}}', "[![](a.jpg)](/x/)"),
        ("{{< highlight go \"linenos=table\" >}}\nx := `a`\n{{< /highlight >}}", "```go\nx := `a`\n```"),
        ("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}", "```ruby\nputs 1\n```"),
        ("{{< youtube w7Ft2ymGmfc >}}", "<https://www.youtube.com/watch?v=w7Ft2ymGmfc>"),
        ('{{< tweet user="ada" id="12" >}}', "<https://twitter.com/ada/status/12>"),
        ('[b]({{< ref "posts/b.md" >}})', "[b](../posts/b.md)"),
        ("[b]({% link posts/b.md %})", "[b](../posts/b.md)"),
        ("![]({{ site.baseurl }}/a.png) ![]({{ site.url }}{{ site.baseurl }}/b.png)", "![](/a.png) ![](/b.png)"),
        ("![]({{ '/a.png' | relative_url }})", "![](/a.png)"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{{</* youtube x */>}}", "{{&lt; youtube x >}}"),
        ('{{< notice warning "a b" >}}Inner {{< x-y k="v" >}}.{{< /notice >}}', '[hugo-notice warning "a b"]Inner [hugo-x-y k="v"].[/hugo-notice]'),
        ("{{% toc %}}", "[hugo-toc][/hugo-toc]"),
        ('{% include note.html text="a" %}', '[liquid-include text="a" "note.html"]'),
        ("`{{< x >}}`\n\n```\n{% include y %}\n```", "`{{< x >}}`\n\n```\n{% include y %}\n```"),
        ("{{< /stray >}} {{ page.title }} {% if x %}y{% endif %}", "{{< /stray >}} {{ page.title }} {% if x %}y{% endif %}"),
    ],
)  # fmt: skip
def test_calls_of_other_generators_become_ours(before: str, after: str) -> None:
    assert translated(before) == after


def test_what_nobody_understands_is_told_with_its_line() -> None:
    made = read("---\ntitle: T\n---\n\n{{ page.title }}\n\n{{< chart 7 >}}\n")
    assert [(problem.code, problem.location.line) for problem in made.problems] == [
        ("unknown-shortcode", 7),
        ("foreign-call", 5),
    ]
    assert [kept.name for kept in made.report.shortcodes] == ["hugo-chart"]
    assert '[hugo-chart 1="7"]' in made.article.body


def test_links_to_other_files_lead_to_their_content_files(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts/2024-05-01-b.md").write_text("x")
    (tmp_path / "news").mkdir()
    file = tmp_path / "news/a.md"
    file.write_text('[b]({% post_url 2024-05-01-b %}) [c]({{< ref "../../../etc/passwd" >}})')
    (made,) = MarkdownFile().read(Raw("in/news/a.md", file.read_bytes(), str(file), below="news/a.md"))
    assert isinstance(made, Imported)
    assert "[b](../2024-05-01-b.md)" in made.article.body
    assert "[c](../../../../etc/passwd.md)" in made.article.body  # a link to nothing, which a build tells


def test_an_empty_file_and_a_list_page_are_no_articles() -> None:
    for text, below in (
        (b" \n", "a.md"),
        (b"---\ntitle: Posts\n---\n", "posts/_index.md"),
        (b"\x00\x01\x02" * 400, "b.md"),
    ):
        (problem,) = MarkdownFile().read(Raw(below, text, below=below))
        assert isinstance(problem, Problem)


def test_content_files_keep_their_folders() -> None:
    assert content_path("a/_posts/b.markdown") == "a/b.md"
    assert content_path("post/trip/index.md") == "post/trip/index.md"


@given(st.text("{}<>%/* abc\"'`=-\n", max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    translate_calls(text, 1, lambda _name: "")
    list(MarkdownFile().read(Raw("a.md", text.encode(), below="a.md")))


@pytest.mark.parametrize(
    "piece",
    [
        "{{< a >}}",
        "{{< a ",
        "{% raw %}",
        "{% highlight x %}",
        "{% comment %}",
        '{{< a "',
        "{{ site.url }}",
        "{{ '",
        "{{<",
        "{%",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    translated(piece * 4000)
