"""Every shortcode, from the Markdown to the page: read, drawn, safe, and where HTML lets it stand."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.shortcodes.registry import _LAST, BUILT_IN, is_known
from sitegen.shortcodes.syntax import Part, find_calls
from tests.render.test_body import body
from tests.shortcodes.test_syntax import work_of

PHRASING_ONLY = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "em", "strong", "b", "span", "pre", "code"}
BLOCKS = {"figure", "details", "div", "p", "ol", "ul", "section", "nav", "form", "table", "h2", "h3", "aside"}
VOID = {"br", "img", "hr", "input", "source", "wbr", "col", "track"}
ACTIVE = {"script", "style", "iframe", "object", "embed", "base", "link", "meta"}


class Page(HTMLParser):
    """Tags that nest, blocks that stand where they may, addresses that are safe, ids that are unique."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ACTIVE, tag
        if tag in BLOCKS:
            assert not PHRASING_ONLY & set(self.stack), (tag, self.stack)
        for name, value in attrs:
            assert not name.startswith("on") and name != "style", name
            if name in ("href", "src", "poster", "action"):
                scheme = re.match(r"[\s\x00-\x1f]*([a-z][a-z0-9+.-]*)\s*:", value or "", re.IGNORECASE)
                assert not scheme or scheme[1].lower() in ("http", "https", "mailto"), value
            if name == "id":
                assert value not in self.ids, value
                self.ids.add(value or "")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" not in self.stack and "summary" not in self.stack:
            self.text += data


def shown(text: str) -> str:
    """The text of a body, without the sources that are kept."""
    return " ".join(Page(body(text).html).text.split())


def codes(text: str) -> list[str]:
    return [problem.code for problem in body(text).problems]


# Damage, in Markdown that a person wrote


def test_every_damaged_call_in_markdown_is_read_as_its_undamaged_original(vectors):
    for vector in vectors("texturize_damage")["vectors"]:
        for text in (vector["html"], vector["text"], *(variant["text"] for variant in vector["variants"])):
            page = f"A « quoted » line, [a link](b.md) and `code`.\n\n{text}\n\n- [1] an item of a list\n"
            call, *closing = find_calls(page, is_known, by_tag=lambda name: not is_known(name))
            assert call.name == vector["tag"]
            assert folded(call.named) == folded(vector["named"])
            assert [fold(value) for value in call.positional] == [fold(value) for value in vector["positional"]]
            if vector.get("content") is not None and call.part is Part.OPENING:
                assert page[call.end : closing[0].start] == vector["content"]
            assert f"[{vector['tag']}" not in shown(page)


def folded(named: dict[str, str]) -> dict[str, str]:
    return {name: fold(value) for name, value in named.items()}


def fold(text: str) -> str:
    for marks, ascii_form in (("’‘", "'"), ("–", "--"), ("—", "--"), ("…", "..."), ("×", "x"), ("---", "--")):
        for mark in [marks] if len(ascii_form) == 2 and len(marks) == 3 else marks:
            text = text.replace(mark, ascii_form)
    return text.replace("---", "--")


# What was embedded


@pytest.mark.parametrize(
    ("call", "address", "words"),
    [
        ("[embed]https://youtu.be/dQw4w9WgXcQ[/embed]", "https://youtu.be/dQw4w9WgXcQ", "Video on YouTube"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Video on YouTube"),
        ("   https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ", "Video on YouTube"),
        ("<https://vimeo.com/76979871>", "https://vimeo.com/76979871", "Video on Vimeo"),
        ("[youtube id=dQw4w9WgXcQ]", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Video on YouTube"),
        ("[youtube=http://www.youtube.com/watch?v=dQw4w9WgXcQ&w=320]", "http://www.youtube.com/watch?v=dQw4w9WgXcQ&w=320", "Video on YouTube"),
        ("[youtube https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0]", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Video on YouTube"),
        ("[vimeo 76979871]", "https://vimeo.com/76979871", "Video on Vimeo"),
        ('[vimeo clip_id="76979871"]', "https://vimeo.com/76979871", "Video on Vimeo"),
        ("[tweet 20]", "https://x.com/i/status/20", "Post on X"),
        ("[tweet https://twitter.com/jack/status/20]", "https://twitter.com/jack/status/20", "Post on X"),
        ("[instagram url=https://www.instagram.com/p/Bx/]", "https://www.instagram.com/p/Bx", "Post on Instagram"),
        ('[soundcloud url="https://api.soundcloud.com/tracks/1" params="a=b"]', "https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F1", "Recording on SoundCloud"),
        ('[spotify id="spotify:track:4uLU6h"]', "https://open.spotify.com/track/4uLU6h", "Recording on Spotify"),
        ('[googlemaps https://maps.google.com/maps?q=Br&amp;z=9]', "https://maps.google.com/maps?q=Br&z=9", "Map on Google Maps"),
        ("[gist]https://gist.github.com/a/1234[/gist]", "https://gist.github.com/a/1234", "Code on GitHub Gist"),
        ("[gist id=a/1234]", "https://gist.github.com/a/1234", "Code on GitHub Gist"),
        ("[dailymotion id=x8abc]", "https://www.dailymotion.com/video/x8abc", "Video on Dailymotion"),
        ("https://www.tiktok.com/@a/video/1", "https://www.tiktok.com/@a/video/1", "Video on TikTok"),
        ('[facebook url="https://www.facebook.com/a/posts/1"]', "https://www.facebook.com/a/posts/1", "Post on Facebook"),
        ("[embed]//unknown.example/a[/embed]", "https://unknown.example/a", "Page on unknown.example"),
        ('[video src="https://e.example/a.mp4" title="The ferry"]', "https://e.example/a.mp4", "The ferry"),
    ],
)  # fmt: skip
def test_what_was_embedded_is_a_link_that_calls_nobody(call: str, address: str, words: str) -> None:
    html = body(call).html
    (link,) = re.findall(r'<p class="sc-embed"><a href="([^"]*)" rel="noreferrer">([^<]*)</a>', html)
    assert (link[0].replace("&amp;", "&"), link[1]) == (address, words)
    assert " src=" not in html
    Page(html)


def test_an_address_in_a_sentence_or_in_code_or_of_nobody_known_is_left_alone() -> None:
    text = "See https://youtu.be/a here.\n\n    https://youtu.be/b\n\n```\nhttps://youtu.be/c\n```\n\nhttps://nobody.example/d\n"
    assert "sc-embed" not in body(text).html


def test_an_embed_without_an_address_is_kept_and_told() -> None:
    assert codes("[embed]nothing[/embed] [instagram url=javascript:alert(1)]") == ["embed-without-address"] * 2


# Pictures, sound, moving pictures


def test_a_gallery_shows_its_pictures_with_their_words() -> None:
    html = body('[gallery columns="2"]\n![A](a.png) The *ferry*\n\n![B](b.png)\n[/gallery]').html
    assert '<div class="sc-gallery sc-of-2">' in html
    assert re.findall(r'<img alt="(.)" src="(.\.png)"', html) == [("A", "a.png"), ("B", "b.png")]
    assert "<figcaption>The <em>ferry</em></figcaption>" in html


@pytest.mark.parametrize(
    ("call", "words"),
    [('[gallery ids="7,8,9"]', "3 pictures were not preserved"), ("[gallery]", "The pictures of a gallery were not preserved")],
)  # fmt: skip
def test_a_gallery_whose_pictures_are_lost_says_so(call: str, words: str) -> None:
    assert shown(call) == words
    assert codes(call) == ["gallery-without-pictures"]


def test_a_file_of_the_site_is_played_by_the_browser_itself() -> None:
    html = body(
        '[audio mp3="bells.mp3" ogg="bells.ogg" loop="on"]\n\n[video src="f.webm" poster="f.jpg" width="640"]'
    ).html
    assert '<audio controls preload="none" loop aria-label="bells.mp3">' in html
    assert '<source src="bells.mp3" type="audio/mpeg">\n<source src="bells.ogg" type="audio/ogg">' in html
    assert '<a href="bells.mp3" download>bells.mp3</a>' in html
    assert '<video controls preload="none" poster="f.jpg" width="640" aria-label="f.webm">' in html
    assert "poster" not in body('[video src="f.webm" poster="https://elsewhere.example/f.jpg"]').html


def test_words_in_brackets_that_are_also_names_stay_words() -> None:
    for word in ("video", "audio", "code", "text", "ref"):
        assert shown(f"A [{word}] that was cut.") == f"A [{word}] that was cut."


def test_a_playlist_has_a_player_for_each_file_of_the_site() -> None:
    html = body("[playlist]\n- [One](a.mp3)\n- [Two](https://e.example/b.mp3)\n- [Bad](javascript:x)\n[/playlist]").html
    assert html.count("<audio") == 1
    assert re.findall(r"<a href=\"([^\"]*)\"", html) == ["a.mp3", "https://e.example/b.mp3"]
    assert codes('[playlist ids="1,2"]') == ["playlist-without-files"]


def test_files_of_calls_are_links_of_the_article(site) -> None:
    site.write_bytes("content/bells.mp3", b"x")
    site.add_article("a", '[audio mp3="bells.mp3"]', title="A")
    assert site.build().problems == []
    assert 'src="../../bells.mp3"' in site.read("articles/a/index.html") or "bells.mp3" in site.read(
        "articles/a/index.html"
    )


# Listings


def test_not_a_sign_of_a_listing_is_touched() -> None:
    html = body('[code lang="php"]\n<?php echo "[gallery]";\n\n  // *a* ``` ((b c))\n[/code]').html
    text = (
        re.sub(r"<[^>]*>", "", html)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#39;", "'")
    )
    assert text.strip() == '<?php echo "[gallery]";\n\n  // *a* ``` ((b c))'
    assert 'class="codehilite"' in html


def test_a_listing_within_a_line_is_a_code_span() -> None:
    assert body("Type [code]a*b*`c[/code] now.").html.strip() == "<p>Type <code>a*b*`c</code> now.</p>"


# Notes and contents


@pytest.mark.parametrize(
    "call", ["[footnote]{}[/footnote]", "[ref]{}[/ref]", "[efn_note]{}[/efn_note]", "[fn]{}[/fn]", " (({}))"]
)
def test_notes_of_plugins_are_notes(call: str) -> None:
    html = body(f"A word{call.format('The *whole* note.')} and more[^1].\n\n[^1]: By hand.").html
    Page(html)
    notes = re.findall(r"<li id=\"fn:([\w-]+)\">\n<p>(.*?)&nbsp;", html)
    assert notes == [("call-1", "The <em>whole</em> note."), ("1", "By hand.")]


@pytest.mark.parametrize("text", ["f((x))", "\\((not a note))", "`((code in ticks))`", "((one", "a ((b)) c"])
def test_other_double_parentheses_are_no_notes(text: str) -> None:
    assert "footnote" not in body(text).html


def test_contents_lists_the_headings_of_the_article() -> None:
    html = body("[toc title=Inside]\n\n## One *b*\n\n### Two\n\n## Three").html
    Page(html)
    assert re.findall(r'<li><a href="#([\w-]+)">(.*?)</a>', html) == [("one-b", "One <em>b</em>"), ("two", "Two"), ("three", "Three")]  # fmt: skip
    assert "<nav" not in body("[toc]\n\nNo headings.").html
    assert body("[toc]\n\n## A\n\n[ez-toc]").html.count("<nav") == 1


# Verdicts


def test_questions_and_answers_unfold() -> None:
    html = body('[faq title="The ferry"]\n## When?\nAt *six*.\n\n- or later\n## Where?\nHere.\n[/faq]').html
    Page(html)
    assert re.findall("<summary>(.*?)</summary>", html) == ["When?", "Where?"]
    assert "<em>six</em>" in html
    assert "<li>or later</li>" in html
    assert codes("[faq]nothing[/faq]") == ["faq-without-questions"]


def test_a_verdict_in_its_older_form_has_scores_and_both_sides() -> None:
    html = body(
        '[expert_review name="C. Aubin" score_data="Speed::4.5;;Price::9" pluses="fast;;&lt;b&gt;cheap" minuses="loud" qa_data="Q?::A."]'
    ).html
    Page(html)
    assert re.findall(r'<th scope="row" id="[\w-]+">(\w+)</th>.*?<td>([^<]*)</td></tr>', html) == [("Speed", "4.5 of 5"), ("Price", "9 of 5")]  # fmt: skip
    assert "fast" in html
    assert "loud" in html
    assert "<summary>Q?</summary>" in html


# Builders


def test_builders_are_unwrapped_to_what_they_hold() -> None:
    text = (
        '[vc_row full_width="stretch"][vc_column width="1/2"][vc_custom_heading text="The *ferry*" font_container="tag:h3|x"]'
        "[vc_column_text]\nIt **runs**.\n\n[caption]![x](x.png) At dawn[/caption]\n[/vc_column_text]"
        '[vc_btn title="Timetable" link="url:https%3A%2F%2Fe.example%2Ft|title:T"][vc_empty_space][/vc_column]'
        "[vc_column][vc_raw_html]JTNDcCUzRVJhdyUzQyUyRnAlM0UlM0NzY3JpcHQlM0UxJTNDJTJGc2NyaXB0JTNF[/vc_raw_html][/vc_column][/vc_row]"
    )
    made = body(text)
    Page(made.html)
    assert made.problems == ()
    assert '<h3 id="the-ferry">The *ferry*</h3>\n<p>It <strong>runs</strong>.</p>\n<figure>' in made.html
    assert '<p><a href="https://e.example/t">Timetable</a></p>' in made.html
    assert "<p>Raw</p>" in made.html
    assert "vc_" not in made.html


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("[et_pb_section][et_pb_row][et_pb_text]Text[/et_pb_text][/et_pb_row][/et_pb_section]", "Text"),
        ('[et_pb_button button_url="/a/" button_text="Go"]', "Go"),
        ('[et_pb_toggle title="More"]Text[/et_pb_toggle]', "More Text"),
        ('[et_pb_blurb title="Head" url="x"]Text[/et_pb_blurb]', "Head Text"),
        ("[fusion_text]a[/fusion_text][fusion_text]b[/fusion_text]", "a b"),
        ('[fusion_title size="2"]Head[/fusion_title]', "Head"),
        ("[fusion_dropcap]O[/fusion_dropcap]nce", "Once"),
        ('[av_heading heading="Head" tag="h2"]', "Head"),
        ('[av_button label="Go" link="manually,https://e.example/"]', "Go"),
        ("[vc_single_image image=55]", "Picture not preserved"),
        ('[vc_progress_bar values="90|Speed,80|Price"]', "Speed: 90 Price: 80"),
        ('[et_pb_number_counter title="Boats" number="12"]', "Boats: 12"),
        ("[vc_gallery images=1,2]", "2 pictures were not preserved"),
        ("[vc_video link=https://vimeo.com/1]", "Video on Vimeo vimeo.com/1"),
        ("[vc_gmaps link=#E-8_PGlmcmFtZSBzcmM9Imh0dHBzOi8vbWFwcy5nb29nbGUuY29tL2EiPjwvaWZyYW1lPg==]", "Map on Google Maps maps.google.com/a"),
        ("[et_pb_image src=/a.png alt=Boat]", ""),
        ("[vc_separator]", ""),
    ],
)  # fmt: skip
def test_what_a_builder_says_in_attributes_is_said(call: str, words: str) -> None:
    assert shown(call) == words
    assert not any(code == "unknown-shortcode" for code in codes(call))


def test_a_builder_that_says_nothing_we_know_is_kept_as_unknown() -> None:
    assert codes('[vc_hoverbox image="1"]') == ["unknown-shortcode"]


# What no archive can keep


@pytest.mark.parametrize(
    ("name", "code"),
    [("contact-form-7", "form"), ("gravityform", "form"), ("wpforms", "form"), ("ninja_form", "form"), ("mc4wp_form", "form"),
     ("recent-posts", "list"), ("related_posts", "list"), ("wpp", "list"), ("catlist", "list"), ("display-posts", "list"),
     ("expert_review_likes", "rating")],
)  # fmt: skip
def test_what_cannot_be_kept_is_marked_and_told(name: str, code: str) -> None:
    made = body(f'Before.\n\n[{name} id="1" title="A <b>title</b>"]\n\nAfter.')
    Page(made.html)
    assert [problem.code for problem in made.problems] == [f"{code}-not-kept"]
    assert f"[{name} id=" in made.html


# Safety, for every name there is

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "JaVa\tScRiPt:alert(1)",
    "&#106;avascript:alert(1)", "data:text/html,<script>", "' onmouseover='x", "expression(alert(1))", "url(//evil)",
    "](javascript:x)", "https://e.example/\"onload=x", "//evil.example", "\\x5b", "1", "{{ 7*7 }}", "<!--", "]]>", "%3Cscript%3E",
)  # fmt: skip
NAMES = sorted({*BUILT_IN, *_LAST, "vc_btn", "vc_raw_html", "vc_single_image", "vc_toggle", "et_pb_image", "fusion_code",
                "vc_gmaps", "av_button", "et_pb_blurb", "vc_custom_heading", "vc_progress_bar", "nobody_knows"})  # fmt: skip
ATTRIBUTES = ("id", "src", "url", "link", "title", "text", "caption", "alt", "image", "poster", "lang", "columns", "params",
              "qa_data", "score_data", "pluses", "button_url", "button_text", "align", "width", "values", "address")  # fmt: skip


@given(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(ATTRIBUTES), st.sampled_from(HOSTILE), max_size=3),
    st.sampled_from(["", *HOSTILE, "## <i>Q\n<script>x</script>", "- [a](javascript:x)", "![a](javascript:x) <b"]),
    st.sampled_from(["{}", "- {}", "> {}", "## {}", "*a {} b*", "| a |\n| - |\n| {} |", "a {} b", "[{}](b.html)"]),
)
def test_nothing_in_a_call_reaches_the_page_as_markup(name, attributes, content, around) -> None:
    given = "".join(
        f" {key}='{value}'" if "'" not in value else f' {key}="{value}"' for key, value in attributes.items()
    )
    call = f"[{name}{given}]{content}[/{name}]" if content else f"[{name}{given}]"
    Page(body(around.format(call)).html)


@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [("[caption]", "a", "[/caption]"), ("[vc_row]", "a", "[/vc_row]"), ("[box a=1]", "a", "[/box]"), ("[ref]", "a note", "[/ref]"),
     ("[gallery] ", "", ""), ("a ((bb cc)) ", "", ""), ("https://youtu.be/a\n", "", ""), ("[faq]\n## q\n", "a", "[/faq]"),
     ("*a [gallery] b*\n", "", ""), ("[toc]\n\n## h\n\n", "", ""), ("[/vc_row]", "", "")],
)  # fmt: skip
def test_work_grows_with_the_text_however_calls_nest(opening: str, inner: str, closing: str) -> None:
    def steps(times: int) -> int:
        return work_of(lambda: body(opening * times + inner + closing * times))

    steps(2)  # templates and patterns are compiled once
    assert steps(80) < 2.7 * steps(40) + 4000
