import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.html_to_markdown import Picture, markdown_of_html, text_of_fragment
from sitegen.render.markdown import markdown_html

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup"
    " time tt u var wbr".split()
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style", "svg")
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "svg")
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def words(html: str) -> list[str]:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts).split()


def markdown(html: str, **given) -> str:
    return markdown_of_html(html, **given).markdown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two\nlines.</p>", "One.\n\nTwo lines."),
        ("loose<div>in a frame</div>tail", "loose\n\nin a frame\n\ntail"),
        ("<h2>Head <em>line</em></h2><h3>C#</h3>", "## Head *line*\n\n### C\\#"),
        ("<p>a <em> b </em>c <strong>d</strong></p>", "a *b* c **d**"),
        ("<p><strong><em>both</em></strong></p>", "***both***"),
        ("<p><em>a</em><em>b</em></p>", "*a*<em>b</em>"),
        ("<p><b>a <b>b</b></b></p>", "**a b**"),
        ("<p>one<br>two<br/></p>", "one  \ntwo"),
        ("<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <abbr title='x y'>z</abbr></p>",
         'H<sub>2</sub>O <kbd>Ctrl</kbd> <abbr title="x y">z</abbr>'),
        ('<p><a href="https://a.example/b c_d(e)" title="T &quot;q&quot;">x</a></p>',
         '[x](https://a.example/b%20c_d%28e%29 "T &quot;q&quot;")'),
        ('<p><a href="https://a.example/">https://a.example/</a></p>', "<https://a.example/>"),
        ("<p>https://video.example/watch?v=1</p>", "<https://video.example/watch?v=1>"),
        ('<p><a href="/x"><img src="a b.jpg" alt="A [b]"></a></p>', "[![A &#91;b&#93;](a%20b.jpg)](/x)"),
        ("<p>Use <code>a * b</code> and <code>`</code></p>", "Use `a * b` and `` ` ``"),
        ('<pre class="lang-php"><code>if (a &lt; b)\n\n  x</code></pre>', "```php\nif (a < b)\n\n  x\n```"),
        ("<pre>```\nx\n```</pre>", "````\n```\nx\n```\n````"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n<!-- -->\n\n> b"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n    - b\n- c"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n    - b"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n    b"),
        ("<ul><li>a<ul></ul></li><li>b</li></ul>", "- a\n- b"),
        ('<figure><img src="a.jpg"><em>one</em><i>two</i></figure>', "![](a.jpg)\n\n*one*<em>two</em>"),
        ("<ol><li>a</li></ol><ol><li>b</li></ol>", "1. a\n\n<!-- -->\n\n1. b"),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
        ("<dl><dt>t</dt><dd>d</dd><dd>e</dd><dt>u</dt><dd>f</dd></dl>", "t\n:   d\n:   e\n\nu\n:   f"),
        ("<table><thead><tr><th>a<th>b</thead><tr><td>1|2<td align=right>x</table>",
         "| a | b |\n| --- | --- |\n| 1\\|2 | x |"),
        ('<p dir="rtl" lang="ar">نص</p>', 'نص\n{: lang="ar" dir="rtl"}'),
        ('<h2 id="a">A</h2><p><a href="#a">up</a></p>', "## A {#a}\n\n[up](#a)"),
        ("<p>a &hellip; &#x85; &NotEqualTilde; &#xD800;</p>", "a … … ≂̸ \ufffd"),
        ("<p>&lt;b&gt; &amp;amp; &amp;copy;</p>", "&lt;b> &amp;amp; &amp;copy;"),
    ],
)  # fmt: skip
def test_each_element_has_its_form(html, expected):
    assert markdown(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>a</td><td>b</td></tr></table>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td colspan=2>c</td></tr></table>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td><p>c</p></td><td>d</td></tr></table>",
        "<details open><summary>More</summary><p>a</p></details>",
        "<ol reversed><li>a</li><li>b</li></ol>",
        "<ul><li>a<table><tr><td>b</td></tr></table></li></ul>",
        '<video controls src="https://a.example/x.mp4"></video>',
        "<pre>a <strong>b</strong></pre>",
    ],
)
def test_what_markdown_cannot_say_stays_html_and_shows_the_same(html):
    written = markdown(html)

    assert written.startswith("<")
    assert words(markdown_html(written)) == words(html)
    tag = re.match(r"<(\w+)", html)
    assert tag and f"<{tag[1]}" in markdown_html(written)


def test_html_that_stays_is_clean():
    converted = markdown_of_html(
        '<table onclick="x()" style="color:red"><tr><td><script>alert(1)</script><a href="javascript:x">a</a></td>'
        "</tr></table>"
    )

    assert "onclick" not in converted.markdown
    assert "javascript" not in converted.markdown
    assert [aside.reason for aside in converted.set_aside] == ["a script", "an address that runs code"]


def test_a_figure_becomes_a_caption():
    html = (
        '<figure class="wp-block-image alignright"><a href="/full"><img src="a.jpg" alt="A" width="300"'
        ' class="wp-image-7"></a><figcaption>Words <em>and</em> more</figcaption></figure>'
    )

    assert markdown(html) == (
        '[caption id="attachment_7" align="alignright" width="300"][![A](a.jpg)](/full) Words *and* more[/caption]'
    )


def test_a_picture_without_alt_asks_what_is_known_of_it():
    def picture(number: str) -> Picture:
        return Picture("https://a.example/7.jpg", f"alt of {number}")

    html = '<p><img class="wp-image-7" src="data:image/gif;base64,AA"><img class="wp-image-7" src="b.jpg" alt=""></p>'

    assert markdown(html, picture=picture) == "![alt of 7](https://a.example/7.jpg)![](b.jpg)"


def test_lazy_pictures_have_their_real_address():
    html = '<p><img src="data:image/gif;base64,AA" data-src="a.jpg"></p><noscript><img src="a.jpg"></noscript>'

    assert markdown(html).startswith("![](a.jpg)")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<script>x</script>", "a script"),
        ("<style>p{}</style>", "a style sheet"),
        ('<img src="https://pixel.wp.com/g.gif?x=1">', "a tracking pixel"),
        ('<img src="https://a.example/p.gif" width="1" height="1">', "a tracking pixel"),
        ("<p>a<!-- note to myself --></p>", "a comment in the HTML"),
        ('<form><input name="q">Search</form>', "a form field"),
        ("<svg><path d='M0'/></svg>", "a drawing in the page"),
    ],
)
def test_what_is_dropped_is_told(html, reason):
    converted = markdown_of_html(f"<p>x</p>{html}")

    assert [aside.reason for aside in converted.set_aside] == [reason]


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0"></iframe>',
         "https://www.youtube.com/watch?v=abcdefghijk"),
        ('<iframe src="//player.vimeo.com/video/123"></iframe>', "https://vimeo.com/123"),
        ('<object><param name="movie" value="https://a.example/x.swf"></object>', "https://a.example/x.swf"),
    ],
)  # fmt: skip
def test_frames_of_other_sites_become_links(html, address):
    assert markdown(html) == f"<{address}>"


def test_marks_come_out_as_they_are_and_blocks_stand_alone():
    html = f"<p>a {MARK_OPEN}0{MARK_CLOSE} b {MARK_OPEN}1{MARK_CLOSE} c</p>"

    assert markdown(html, block_marks=frozenset({1})) == (
        f"a {MARK_OPEN}0{MARK_CLOSE} b\n\n{MARK_OPEN}1{MARK_CLOSE}\n\nc"
    )


def test_the_block_editors_footnotes_are_footnotes():
    html = '<p>a<sup data-fn="k" class="fn"><a href="#k">1</a></sup></p>'

    assert markdown(html, footnotes={"k": "The <em>note</em>."}) == "a[^1]\n\n[^1]: The *note*."


def test_notes_that_link_back_are_footnotes():
    html = (
        '<p>a<sup id="fnref-1"><a href="#fn-1">1</a></sup> b<sup id="fnref-2"><a href="#fn-2">2</a></sup></p><hr>'
        '<ol><li id="fn-1">One. <a href="#fnref-1">↩</a></li><li id="fn-2"><p>Two. <a href="#fnref-2">↩</a></p></li></ol>'
    )

    assert markdown(html) == "a[^1] b[^2]\n\n---\n\n[^1]: One.\n\n[^2]: Two."
    assert markdown_html(markdown(html)).count("<li") == 2


def test_text_that_looks_like_a_shortcode_is_no_call():
    assert markdown("<p>&#91;poll id=&quot;1&quot;&#93;</p>") == '\\[poll id="1"\\]'


def test_code_that_looks_like_a_shortcode_stays():
    assert markdown('<p><code>[poll id="1"]</code></p>') == '`[poll id="1"]`'


@pytest.mark.parametrize("depth", [70, 500, 5000])
def test_deep_nesting_loses_no_text(depth):
    html = "<div>" * depth + "deep" + "</div>" * depth + "<p>end</p>"

    assert words(markdown_html(markdown(html))) == ["deep", "end"]


def test_blocks_in_a_link_are_linked_each():
    assert markdown('<a href="/x"><h3>Head</h3><p>Text</p></a>') == "### [Head](/x)\n\n[Text](/x)"


def test_text_of_a_fragment_is_one_line():
    assert text_of_fragment("<p>a &amp; <em>b</em></p>\n<p>c</p>") == "a & b c"
    assert text_of_fragment("plain") == "plain"


TEXT = st.text(
    st.sampled_from("ab 1.#*_`[](){}!|\\<>&;:=~-+^\"'\u00a0\u00e9$/@"), min_size=1, max_size=25
)  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_any_text_in_a_paragraph_shows_as_it_is(texts):
    html = "".join(f"<p>{escaped(text)}</p>" for text in texts)

    assert words(markdown_html(markdown(html))) == words(html)


@given(TEXT, TEXT, TEXT, st.sampled_from(["em", "strong", "code", "u", "span", "kbd"]))
def test_any_text_around_and_in_inline_elements_shows_as_it_is(before, inside, after, tag):
    html = f"<p>{escaped(before)}<{tag}>{escaped(inside)}</{tag}>{escaped(after)}</p>"

    assert words(markdown_html(markdown(html))) == words(html)


@given(st.lists(TEXT.filter(lambda text: bool(text.strip())), min_size=1, max_size=4), st.sampled_from(["ul", "ol"]))
def test_any_text_in_a_list_shows_as_it_is(texts, tag):
    html = f"<{tag}>" + "".join(f"<li>{escaped(text)}</li>" for text in texts) + f"</{tag}>"

    assert words(markdown_html(markdown(html))) == words(html)


@given(st.lists(TEXT, min_size=4, max_size=4))
def test_any_text_in_a_table_shows_as_it_is(texts):
    cells = [escaped(text) for text in texts]
    html = (
        f"<table><thead><tr><th>{cells[0]}</th><th>{cells[1]}</th></tr></thead>"
        f"<tbody><tr><td>{cells[2]}</td><td>{cells[3]}</td></tr></tbody></table>"
    )

    assert words(markdown_html(markdown(html))) == words(html)


@given(TEXT.filter(lambda text: bool(text.strip())))
def test_any_code_shows_as_it_is(text):
    html = f"<pre><code>{escaped(text)}</code></pre><h2>{escaped(text)}</h2>"

    assert words(markdown_html(markdown(html))) == words(html)


def test_a_gallery_of_the_block_editor_stays_one():
    figure = '<figure class="wp-block-image"><img src="/{0}.jpg" alt="A{0}">{1}</figure>'
    words = "<figcaption>The <em>bridge</em></figcaption>"
    html = (
        f'<figure class="wp-block-gallery has-nested-images columns-2">{figure.format(1, words)}'
        f'<a href="/big">{figure.format(2, "")}</a><figcaption>Of the town</figcaption></figure>'
    )
    assert markdown(html) == (
        '[gallery columns="2"]\n![A1](/1.jpg) The *bridge*\n![A2](/2.jpg)\n[/gallery]\n\nOf the town'
    )
