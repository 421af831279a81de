"""Drawn calls in place of their marks."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.markdown import clean_html
from sitegen.render.marks import Drawn, Place, has_tags_of_words, mark_of, put_back, without_marks

DRAWN = [Drawn("<figure>B</figure>"), Drawn("i", Place.INLINE), Drawn("<details>A</details>", Place.AFTER)]
BLOCK, INLINE, AFTER = map(mark_of, range(3))
WORDS = {"p", "h2", "em", "strong", "a", "summary", "span", "code"}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>{BLOCK}</p>", "<figure>B</figure>"),
        (f"<p>{BLOCK}\n{AFTER}</p>", "<figure>B</figure>\n<details>A</details>"),
        (f"<p>a {BLOCK} b</p>", "<p>a</p>\n<figure>B</figure>\n<p>b</p>\n"),
        (f"<p>a<br>\n{BLOCK}</p>", "<p>a</p>\n<figure>B</figure>\n"),
        (f'<p class="x">a {BLOCK}</p>', '<p class="x">a</p>\n<figure>B</figure>\n'),
        (f"<p>a {AFTER} b</p>", "<p>a  b</p>\n<details>A</details>\n"),
        (f"<p>a {INLINE} b</p>", "<p>a i b</p>"),
        (f"<p>{INLINE}</p>", "<p>i</p>"),
        (f"<p>a <em>b {BLOCK} c</em> d</p>", "<p>a <em>b  c</em> d</p>\n<figure>B</figure>\n"),
        (f"<h2>a {BLOCK}</h2>", "<h2>a </h2>\n<figure>B</figure>\n"),
        (f"<ul><li>{BLOCK}</li></ul>", "<ul><li><figure>B</figure></li></ul>"),
        (f"<p>a {BLOCK}</p><p>b {BLOCK}</p>", "<p>a</p>\n<figure>B</figure>\n<p>b</p>\n<figure>B</figure>\n"),
        (f"<p>{BLOCK} a {AFTER} <img> {BLOCK}</p>", "<figure>B</figure>\n<p>a  <img></p>\n<figure>B</figure>\n\n<details>A</details>\n"),
    ],
)  # fmt: skip
def test_a_block_leaves_what_holds_words(html: str, expected: str) -> None:
    assert put_back(html, DRAWN, is_plain=True) == expected
    assert "".join(put_back(html, DRAWN).split()) == "".join(expected.split())


def test_tags_of_words_are_told_from_tags_of_blocks() -> None:
    assert [
        has_tags_of_words(text) for text in ("a < b <br> <https://a.example> <img src=x>", "<em>a", "x<A href=y>")
    ] == [False, True, True]


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    inner = st.text("ab ", max_size=3) | st.sampled_from([BLOCK, INLINE, AFTER, "<br>"])
    if depth:
        inner |= elements(depth - 1)
    tag = draw(st.sampled_from(["p", "em", "a", "h2", "div", "li", "blockquote", "strong", "td"]))
    return f"<{tag}>{''.join(draw(st.lists(inner, max_size=4)))}</{tag}>"


@given(st.lists(elements(), min_size=1, max_size=3))
def test_every_call_is_put_back_once_and_no_block_stands_among_words(parts: list[str]) -> None:
    cleaned = clean_html("".join(parts))
    html = put_back(cleaned, DRAWN)
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.stack == []
    for mark, tag in ((BLOCK, "figure"), (AFTER, "details")):
        assert html.count(f"<{tag}>") == cleaned.count(mark)


class Reader(HTMLParser):
    """Fails on tags that do not nest and on blocks among words."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in ("figure", "details"):
            assert not WORDS & set(self.stack), (tag, self.stack)
        if tag != "br":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def test_a_text_cannot_bring_marks_of_its_own() -> None:
    assert without_marks(f"a{BLOCK}b") == "a0b"
