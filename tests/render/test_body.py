import re

import pytest

from sitegen.contexts import Link
from sitegen.model import SiteError
from sitegen.render.body import Body, render_body
from sitegen.render.body_source import BodySource
from sitegen.render.settings import RenderSettings, SiteView
from sitegen.render.templates import Templates, templates_for
from sitegen.shortcodes.poll_backend import PollBackend
from sitegen.theme import default_theme


def templates(endpoint: str = "", language: str = "en") -> Templates:
    site = SiteView("T", "", "https://test.example/", language, "ltr", "", (Link("Tags", "tags/"),))
    poll = PollBackend("url", endpoint) if endpoint else PollBackend()
    return templates_for(RenderSettings(site, (str(default_theme()),), "/nowhere", "content", poll=poll))


def body(text: str, *, endpoint: str = "", lang: str = "", links: tuple[tuple[str, str], ...] = ()) -> Body:
    source = BodySource("content/a.md", 10, text, lang, "2024/05/a/index.html", "2024/05/a/", links)
    return render_body(source, templates(endpoint))


POLL = '[poll id="7" color="pink-1"]\nWhich one?\n- [1] This\n- [2] That\n[/poll]'


def test_a_block_call_stands_between_paragraphs() -> None:
    html = body(f"Before.\n\n{POLL}\n\nAfter.").html
    assert html.startswith("<p>Before.</p>\n<figure")
    assert html.rstrip().endswith("<p>After.</p>")
    assert "<p><figure" not in html


def test_a_block_call_in_a_paragraph_cuts_it() -> None:
    html = body("Before [caption]x[/caption] after.").html
    assert "<p>Before</p>" in html
    assert "<p>after.</p>" in html


@pytest.mark.parametrize("call", ['[weather place="x"]', POLL, "[caption]x[/caption]"])
@pytest.mark.parametrize("text", ["[words]({})", "![words]({})", '<a href="{}" title="{}">words</a>'])
def test_no_call_is_drawn_inside_a_tag(call: str, text: str) -> None:
    html = body(f"Before {text.replace('{}', call)} after.").html
    for tag in re.findall(r"<[a-z][^>]*>", html):
        assert tag.count('"') % 2 == 0
        assert "<" not in tag[1:]


def test_one_poll_twice_has_ids_of_its_own() -> None:
    html = body(f"{POLL}\n\nText.\n\n{POLL}", endpoint="https://votes.example/in").html
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert html.count("<form") == html.count("<fieldset") == html.count("<legend") == 2


def test_without_an_endpoint_a_poll_says_so() -> None:
    html = body(POLL).html
    assert "Voting is closed" in html
    assert "The results were not part of the source." in html
    assert "<form" not in html
    assert "<input" not in html
    assert "<button" not in html
    assert "%" not in html


def test_with_an_endpoint_a_poll_posts_there() -> None:
    html = body(POLL, endpoint="https://votes.example/in").html
    assert 'action="https://votes.example/in"' in html
    assert 'method="post"' in html
    assert "<button" in html
    assert "disabled" not in html
    assert "https://test.example/2024/05/a/" in html


def test_a_poll_speaks_the_language_of_its_article() -> None:
    assert "Le vote est clos" in body(POLL, lang="fr").html


def test_shortcodes_in_code_and_in_double_brackets_print_as_they_are() -> None:
    html = body('`[poll id="1"]` and [[poll id="2"]]\n\n```\n[poll id="3"]\n```\n').html
    assert "<form" not in html
    assert '[poll id="2"]' in html.replace("&#34;", '"').replace("&quot;", '"')
    assert "[[poll" not in html


def test_an_unknown_shortcode_is_kept_quietly_and_told_at_its_line() -> None:
    made = body('Text.\n\n[weather town="Brécourt"]\n')
    assert [(str(p.location), p.code) for p in made.problems] == [("content/a.md:12:1", "unknown-shortcode")]
    assert "<details" in made.html
    assert "weather" in made.html


def test_an_unknown_shortcode_around_text_keeps_the_text() -> None:
    html = body('[box style="x"]\nSome **bold** text.\n[/box]').html
    assert "<strong>bold</strong>" in html


def test_an_unknown_shortcode_among_words_leaves_their_paragraph_whole() -> None:
    html = body('Before [weather town="x"]and[/weather] after, [other n=1] too.').html
    assert "<p>Before and after,  too.</p>" in html
    assert html.count("<details") == 2


def test_frames_that_nobody_knows_are_text_however_deep() -> None:
    made = body("[row a=1]\n[column]\n## Heading\n\n- a\n- b\n\n[/column]\n[column]Two[/column][/row]\n\nAfter.")
    assert '<h2 id="heading">Heading</h2>\n<ul>\n<li>a</li>' in made.html
    assert "<p>Two</p>" in made.html
    assert made.html.count("<details") == 3
    assert "[column]" not in made.html.replace("<code>[column]</code>", "")
    assert [(p.message, p.location.line) for p in made.problems] == [
        ("unknown shortcode row", 10), ("unknown shortcode column", 11), ("unknown shortcode column", 18),
    ]  # fmt: skip


def test_a_call_in_a_call_is_told_at_its_own_place() -> None:
    made = body('Text.\n\n[caption\n align="left"]![x](x.png) The [weather n=1] bridge[/caption]')
    assert [str(problem.location) for problem in made.problems] == ["content/a.md:13:31"]


def test_a_closing_tag_that_closes_nothing_is_taken_out_and_told() -> None:
    made = body("Text [/caption] and [/b].")
    assert "<p>Text  and [/b].</p>" in made.html
    assert [(problem.code, str(problem.location)) for problem in made.problems] == [
        ("closing-tag", "content/a.md:10:6")
    ]


def test_captions_in_captions_end_at_some_depth_and_lose_nothing() -> None:
    made = body("[caption]" * 40 + "words" + "[/caption]" * 40)
    assert "words" in made.html
    assert [problem.code for problem in made.problems] == ["nesting"]


def test_a_note_of_a_caption_stands_below_the_body() -> None:
    html = body("[caption]![x](x.png) The bridge[^n][/caption]\n\nText[^m].\n\n[^m]: One.\n[^n]: Two.").html
    number = re.search(r'<sup id="fnref:n"><a class="footnote-ref" href="#fn:n">(\d)</a></sup></figcaption>', html)
    notes = re.findall(r'<li id="fn:(\w)', html)
    assert notes[int(number[1]) - 1] == "n"


def test_headings_of_parts_have_ids_of_their_own() -> None:
    html = body("## One\n\n[faq]\n## Q\n### One\n\ntext\n[/faq]\n\n[faq]\n## Q\n#### One\n[/faq]").html
    assert re.findall(r'<h\d id="([\w-]+)">One', html) == ["one"]
    html = body("## One\n\n[faq]\n## Q\nA\n\nOne\n---\n[/faq]\n\n[faq]\n## Q\nA\n\nOne\n---\n[/faq]").html
    assert re.findall(r'<h\d id="([\w-]+)">One', html) == ["one", "one-2", "one-3"]


def test_a_caption_without_its_picture_shows_its_words() -> None:
    html = body("[caption]The *old* bridge \\[1931\\][/caption]").html
    assert "<figure" in html
    assert "<em>old</em> bridge [1931]" in html


def test_a_caption_with_its_picture_is_a_figure() -> None:
    html = body(
        "[caption]![A bridge](bridge.png) The old bridge[/caption]", links=(("bridge.png", "media/bridge.png"),)
    ).html
    assert 'src="\x01media/bridge.png"' in html
    assert 'alt="A bridge"' in html
    assert "The old bridge" in html


def test_references_become_links_between_pages() -> None:
    html = body("[a](../b.md#part) [b](x.md?y=1)", links=(("../b.md#part", "2020/01/b/"), ("x.md?y=1", "x/"))).html
    assert 'href="\x012020/01/b/#part"' in html
    assert 'href="\x01x/"' in html


def test_a_first_level_heading_leaves_the_title_to_the_page() -> None:
    assert "<h1" not in body("# One\n\n## Two").html


def test_the_dialect_has_what_newspapers_need() -> None:
    html = body(
        "| a | b |\n| - | -: |\n| 1 | 2 |\n\nNote[^1] HTML\n\n[^1]: Text\n\n*[HTML]: Language\n\nterm\n:   meaning\n\n```python\nx = 1\n```\n"
    ).html
    for part in ('<td class="align-right">2</td>', 'id="fn:1"', "<abbr", "<dl>", 'class="codehilite"'):
        assert part in html


def test_lists_nested_hundreds_deep_are_a_problem_and_no_crash() -> None:
    with pytest.raises(SiteError, match="nested too deep"):
        body("".join(f"{'    ' * level}- x\n" for level in range(400)))


def test_an_article_that_fails_leaves_no_trace_in_the_next() -> None:
    before = body("- a\n- b\n\nText.").html
    with pytest.raises(SiteError):
        body("".join(f"{'    ' * level}- x\n" for level in range(400)))
    assert body("- a\n- b\n\nText.").html == before


@pytest.mark.parametrize(
    "text", ["<![", "<![CDATA[", "<!-- open", "<div>" * 5000, ">" * 5000, "[" * 800 + "x", "\ufdd07\ufdd1"]
)
def test_strange_markdown_ends_well(text: str) -> None:
    html = body(text).html
    assert html.count("<div") == html.count("</div")
