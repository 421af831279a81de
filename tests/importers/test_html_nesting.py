"""HTML of any nesting keeps its shape on the way through Markdown: lists, quotations, code, emphasis, words."""

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.importers.html_to_markdown import markdown_of_html
from sitegen.render.markdown import markdown_html

BLOCKS = frozenset("ul ol li blockquote h3 pre table tr td th dl dt dd hr details summary".split())
INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "a": "a", "code": "code", "u": "u"}


class _Shape(HTMLParser):
    """Blocks as they open and close, and between them words with the inline elements they stand in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.inline: list[str] = []
        self.letters: list[tuple[str, str]] = []
        self.in_pre = False

    def handle_starttag(self, tag, attrs):
        if tag in INLINE:
            self.inline.append(INLINE[tag])
        elif tag != "span":
            self.end_of_text()
            self.in_pre = self.in_pre or tag == "pre"
            self.parts += [f"<{tag}>"] if tag in BLOCKS or tag == "br" else []

    def handle_endtag(self, tag):
        if tag in INLINE:
            if INLINE[tag] in self.inline:
                self.inline.reverse()
                self.inline.remove(INLINE[tag])
                self.inline.reverse()
        elif tag != "span":
            self.end_of_text()
            self.in_pre = self.in_pre and tag != "pre"
            if tag in BLOCKS:
                while self.parts[-1:] == ["<br>"]:
                    self.parts.pop()
                self.parts.append(f"</{tag}>")

    def handle_data(self, data):
        inline = "" if self.in_pre else " ".join(sorted(set(self.inline)))
        self.letters += [(letter, inline) for letter in data]

    def end_of_text(self):
        word, inline = "", set()
        for letter, around in [*self.letters, (" ", "")]:
            if letter.isspace():
                self.parts += [f"{word} {sorted(inline)}"] if word else []
                word, inline = "", set()
            else:
                word, inline = word + letter, inline | {around}
        self.letters = []


def shape(html: str) -> list[str]:
    """A line break at either end of a block shows as nothing."""
    parser = _Shape()
    parser.feed(html)
    parser.close()
    parser.end_of_text()
    parts = parser.parts
    return [
        part
        for number, part in enumerate(parts)
        if part != "<br>" or (parts[number - 1 : number] and number + 1 < len(parts) and parts[number - 1][0] != "<")
    ]


WORD = st.text(st.sampled_from("ab 1.#*_`[](){}!|\\&;:=~-+^\"'$@"), min_size=1, max_size=6).map(
    lambda text: escape(text.strip() or "x", quote=False)
)


@st.composite
def inline(draw, depth: int) -> str:
    kind = draw(st.integers(0, 4)) if depth else 0
    if kind == 1:
        tag = draw(st.sampled_from(["em", "strong", "b", "i", "u", "span"]))
        return f"{draw(WORD)}<{tag}>{draw(inline(depth - 1))}</{tag}>{draw(WORD)}"
    if kind == 2:
        return f'{draw(WORD)} <a href="/x">{draw(WORD)}</a>'
    if kind == 3:
        return f"{draw(WORD)}<br>{draw(inline(depth - 1))}"
    return f"x <code>{draw(WORD)}</code>" if kind == 4 else draw(WORD)


@st.composite
def block(draw, depth: int) -> str:
    kind = draw(st.sampled_from(LEAVES if depth == 0 else [*LEAVES, "ul", "ol", "ul", "ol", "blockquote", "div"]))
    if kind in ("p", "h3"):
        return f"<{kind}>{draw(inline(2 if kind == 'p' else 0))}</{kind}>"
    if kind == "pre":
        return f"<pre><code>{draw(WORD)}\n\n  {draw(WORD)}</code></pre>"
    if kind == "dl":
        return f"<dl><dt>{draw(WORD)}</dt><dd>{draw(WORD)}</dd></dl>"
    if kind == "table":
        return f"<table><thead><tr><th>{draw(WORD)}</th><th>b</th></tr></thead><tr><td>{draw(WORD)}</td><td>c</td></tr></table>"
    if kind == "hr":
        return "<hr>"
    parts = st.lists(item(depth - 1) if kind in ("ul", "ol") else block(depth - 1), min_size=1, max_size=3)
    return f"<{kind}>{''.join(draw(parts))}</{kind}>"


@st.composite
def item(draw, depth: int) -> str:
    blocks = "".join(draw(st.lists(block(depth), max_size=2)))
    before, after = draw(st.sampled_from([(True, False), (True, False), (False, True), (False, False)]))
    before = before or not blocks
    return f"<li>{draw(inline(1)) if before else ''}{blocks}{draw(inline(1)) if after else ''}</li>"


LEAVES = ["p", "p", "h3", "pre", "hr", "dl", "table"]
DOCUMENT = st.lists(block(3), min_size=1, max_size=3).map("".join)


@settings(max_examples=150, deadline=None)
@given(DOCUMENT)
def test_nested_blocks_keep_their_shape(html):
    assert shape(markdown_html(markdown_of_html(html).markdown)) == shape(html)


@pytest.mark.parametrize(
    "html",
    [
        "<ol><li>a<ol><li>b</li><li>c<p>d</p></li></ol></li><li>e</li></ol>",
        "<ol><li>a<ul><li>b</li></ul><ul><li>c</li></ul></li></ol>",
        "<ol><li>a<ol><li>b</li></ol><ul><li>c</li></ul></li></ol>",
        "<ol><li><div><ol><li>a<ol><li>b</li></ol></li><li>c</li></ol></div>d</li></ol>",
        "<blockquote><ol><li>a</li></ol><pre><code>b\n\n  c</code></pre></blockquote>",
        "<blockquote><pre>a\n\nb</pre><pre>c</pre></blockquote>",
        "<blockquote><pre>#!/bin/sh\n\n  b</pre></blockquote>",
        "<blockquote><ul><li><pre>a\n\n b</pre>c</li></ul></blockquote>",
        "<ul><li><hr></li></ul><blockquote><ul><li><hr></li></ul></blockquote>",
        "<dl><dt>a</dt><dd>b</dd></dl><dl><dt>c</dt><dd>d</dd></dl>",
        '<ul><li><a href="/x">]:</a></li></ul>',
        '<p><a href="/x">a</a>{b <u>c}</u></p>',
        "<p><em>a &amp;<em>#1b</em></em></p>",
        "<p>a <code>&amp;#1 b</code></p><ul><li><hr></li></ul>",
        "<p>__a__</p>",
    ],
)
def test_what_once_grew_together_stays_apart(html):
    assert shape(markdown_html(markdown_of_html(html).markdown)) == shape(html)
