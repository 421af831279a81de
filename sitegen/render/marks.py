"""Marks stand for drawn calls while Markdown is made into HTML; then the calls take their places.

Nothing that is drawn may end up where HTML forbids it: a block leaves the paragraph it stood in, and goes
behind a heading or a run of emphasis.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import partial

from msgspec import Struct

from sitegen.model import ROOT

# Noncharacters, which Unicode sets aside for a program's own use: Markdown and the cleaner let them pass.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
_IN_TAG = re.compile(f"<[a-z][^<>]*{OPEN}\\d+{CLOSE}[^<>]*>")
_ALONE = re.compile(f"<p>\\s*({OPEN}\\d+{CLOSE}(?:\\s*{OPEN}\\d+{CLOSE})*)\\s*</p>")
_STEP = re.compile(f'{OPEN}(\\d+){CLOSE}|<(/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*>')
_PARAGRAPH = re.compile(r"(<p(?: [^<>]*)?>)\s*")
# Blocks may stand right in these; all others hold words.
_HOLDS_BLOCKS = frozenset(
    "aside audio blockquote caption center dd del details div dl dt figcaption figure form ins li main ol picture "
    "section table tbody td tfoot th thead tr ul video".split()
)
_TAG_OF_WORDS = re.compile(r"<(?!(?:p|div|img|br|hr|https?|mailto)\b)[a-z]", re.IGNORECASE)
_VOID = frozenset("area br col hr img input source track wbr".split())


class Place(StrEnum):
    """Where a drawn call may stand."""

    INLINE = "inline"  # among words
    BLOCK = "block"  # between paragraphs
    AFTER = "after"  # behind the paragraph that it was written in


class Drawn(Struct, frozen=True):
    """The HTML of a call, and where it may stand."""

    html: str
    place: Place = Place.BLOCK


def mark_of(number: int) -> str:
    """What stands in the Markdown for a drawn call."""
    return f"{OPEN}{number}{CLOSE}"


def without_marks(text: str) -> str:
    """Text that cannot be taken for one of our marks."""
    return text.replace(OPEN, "").replace(CLOSE, "") if OPEN in text or CLOSE in text else text


def rootless(html: str) -> str:
    """HTML without what only sitegen may write; content can still name it in a character reference."""
    return html.replace(ROOT, "")


def has_tags_of_words(markdown: str) -> bool:
    """Whether a text holds HTML in which a paragraph could come to lie among words."""
    return "<" in markdown and _TAG_OF_WORDS.search(markdown) is not None


def put_back(html: str, drawn: list[Drawn], *, is_plain: bool = False) -> str:
    """HTML with drawn calls in place of their marks; `is_plain`: no paragraph in it lies among words."""
    if OPEN not in html:
        return html
    html = _IN_TAG.sub(_out_of_tag, html)
    if is_plain:
        html = _ALONE.sub(partial(_alone, drawn), html)
    if OPEN in html and any(drawn[int(number)].place is not Place.INLINE for number in _MARK.findall(html)):
        html = "".join(_blocks_outside_words(html, drawn))
    return _MARK.sub(lambda match: drawn[int(match[1])].html, html)


def _out_of_tag(tag: "re.Match[str]") -> str:
    """A tag, and behind it the calls that stood in its attributes, such as the address of a link."""
    marks = "".join(mark_of(int(number)) for number in _MARK.findall(tag[0]))
    return _MARK.sub("", tag[0]) + marks


def _alone(drawn: list[Drawn], paragraph: "re.Match[str]") -> str:
    """A paragraph that holds nothing but blocks is these."""
    if any(drawn[int(number)].place is Place.INLINE for number in _MARK.findall(paragraph[1])):
        return paragraph[0]
    return _MARK.sub(lambda match: drawn[int(match[1])].html, paragraph[1])


def _blocks_outside_words(html: str, drawn: list[Drawn]) -> Iterator[str]:
    """The same HTML, the marks of blocks moved out of what holds words."""
    open_tags: list[str] = []
    words, is_cut, end = 0, False, 0  # words: how many of the open tags hold words
    pieces: list[str] = []  # of the outermost element that holds words
    waiting: list[str] = []
    for step in _STEP.finditer(html):
        number, closes, tag = step.groups()
        pieces.append(html[end : step.start()])
        end = step.end()
        if number and words and drawn[int(number)].place is not Place.INLINE:
            if words == 1 and open_tags[-1] == "p" and drawn[int(number)].place is Place.BLOCK:
                yield f"{_part(pieces)}{step[0]}\n"
                pieces, is_cut = ["<p>"], True
            else:
                waiting.append(f"{step[0]}\n")
            continue
        pieces.append(step[0])
        if tag and not closes and tag not in _VOID:
            words += bool(words) or tag not in _HOLDS_BLOCKS
            open_tags.append(tag)
        elif closes and open_tags and open_tags[-1] == tag:
            open_tags.pop()
            words -= bool(words)
        if not words:
            yield _part(pieces[:-1]) if is_cut else "".join(pieces)
            yield "".join(["\n", *waiting]) if waiting else ""
            pieces, waiting, is_cut = [], [], False
    yield "".join([*pieces, *waiting, html[end:]])


def _part(pieces: list[str]) -> str:
    """A part of a paragraph that was cut; nothing, if there is nothing in it."""
    text = "".join(pieces).rstrip().removesuffix("<br>").rstrip()
    opening = _PARAGRAPH.search(text)
    if opening is None or opening.end() == len(text):
        return text[: opening.start()] if opening else text
    return f"{text[: opening.start()]}{opening[1]}{text[opening.end() :]}</p>\n"
