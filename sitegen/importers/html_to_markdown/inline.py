"""Inline elements as pieces of a paragraph: emphasis, links, code, pictures, frames."""

import html
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lxml import etree

from sitegen.importers.html_to_markdown.addresses import (
    RUNS_CODE,
    address_of,
    embedded_address,
    escaped_value,
    is_tracker,
)
from sitegen.importers.html_to_markdown.clean_html import INLINE_HTML, CleanHtml
from sitegen.importers.html_to_markdown.figures import ATTACHMENT
from sitegen.importers.html_to_markdown.footnotes import Notes
from sitegen.importers.html_to_markdown.pieces import SPACES, Piece, Pieces, markdown_of_pieces, touches, trimmed
from sitegen.importers.html_to_markdown.tally import DROPPED, MAX_TOLD, Tally
from sitegen.importers.html_to_markdown.tree import BLOCKS, EMBEDS, MAX_DEPTH, PLAYERS, code_text, is_tag, text_in
from sitegen.importers.report import SetAside

EMPHASIS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
# All of it emphasised the other way too.
_OTHER_EMPHASIS = {
    "*": re.compile(r"<strong>([^<*\\]*)</strong>"),
    "**": re.compile(r"<em>([^<*\\]*)</em>"),
}
_IMAGE_SOURCES = ("data-orig-file", "data-large-file", "data-lazy-src", "data-src", "data-original", "data-lazy")
_NO_FRAMES = "what a frame shows where there are no frames"
_PLAIN_ADDRESS = re.compile(r"https?://[^\s<>()\[\]*_`\\]+")


class Picture(NamedTuple):
    """What a library of pictures knows of one."""

    url: str = ""
    alt: str = ""
    caption: str = ""


class Inline:
    """Reads inline elements of one fragment."""

    def __init__(
        self, tally: Tally, clean_html: CleanHtml, notes: Notes, targets: frozenset[str],
        picture: Callable[[str], Picture],
    ) -> None:  # fmt: skip
        self._tally = tally
        self._html = clean_html
        self._notes = notes
        self._targets = targets  # ids that links of the fragment lead to
        self._picture = picture
        self._in_link = False
        self._emphasis: list[str] = []  # signs that are open
        self._depth = 0

    def inside(self, parent: etree._Element, pieces: Pieces) -> None:
        """Pieces of all that an element holds."""
        if text := parent.text:
            pieces.append(Piece(text))
        if len(parent) == 0:
            return
        self._depth += 1
        for child in parent:
            if not is_tag(child):
                self._tally.comment(child)
            elif self._depth >= MAX_DEPTH * 2:
                pieces.append(Piece(text_in(child, " ")))
            else:
                self.inline(child, child.tag, pieces)
            if tail := child.tail:
                pieces.append(Piece(tail))
        self._depth -= 1

    def inline(self, element: etree._Element, tag: str, pieces: Pieces) -> None:
        """Pieces of one element."""
        if tag in DROPPED:
            self._tally.drop(element, tag)
        elif tag == "br":
            pieces.append(Piece("  \n", True))
        elif tag == "img":
            self.image(element, pieces)
        elif tag == "a":
            self._anchor(element, pieces)
        elif tag in EMPHASIS:
            inner: Pieces = []
            self._emphasis.append(EMPHASIS[tag])
            self.inside(element, inner)
            self._emphasis.pop()
            pieces += self.emphasised(element, inner, pieces)
        elif tag == "code":
            self._code(element, pieces)
        elif tag == "sup" and self._notes.is_note(element, pieces):
            pass
        elif tag in INLINE_HTML or (tag in ("span", "font") and (element.get("lang") or element.get("dir"))):
            self._inline_html(element, "span" if tag == "font" else tag, pieces)
        elif tag in PLAYERS:
            pieces.append(Piece(self._html.write(element), True))
        elif tag in EMBEDS:
            self._embed(element, pieces)
        elif tag == "noscript" and _repeats_lazy_image(element):
            self._tally.drop(element, tag, "repeats a picture for browsers without scripts")
        else:
            self._target(element, pieces)
            if tag in BLOCKS:
                pieces.append(Piece(" "))
            self.inside(element, pieces)
            if tag in BLOCKS:
                pieces.append(Piece(" "))

    def _target(self, element: etree._Element, pieces: Pieces) -> None:
        """A place that links of this fragment lead to."""
        if not self._targets:
            return
        anchor = element.get("id") or (element.get("name") if element.tag == "a" else None)
        if anchor and anchor in self._targets:
            pieces.append(Piece(f'<a id="{html.escape(anchor)}"></a>', True))

    def _anchor(self, element: etree._Element, pieces: Pieces) -> None:
        if self._notes.is_note_link(element, pieces):
            return
        self._target(element, pieces)
        inner: Pieces = []
        self._in_link, before = True, self._in_link
        self.inside(element, inner)
        self._in_link = before
        pieces += inner if before else self.link(element, inner)

    def link(self, element: etree._Element, inner: Pieces) -> Pieces:
        """Pieces as the text of a link."""
        href = (element.get("href") or "").strip()
        if not href:
            return inner
        if RUNS_CODE.match(href):
            self._tally.told.append(SetAside(href[:MAX_TOLD], "an address that runs code", 0))
            return inner
        before, inner, after = trimmed(inner)
        text = markdown_of_pieces(inner, is_start=False, in_link=True).replace("\\]:", "\\]&#58;")  # else a definition
        if not text:
            return [*before, *after]
        title = f' "{escaped_value(element.get("title") or "")}"' if (element.get("title") or "").strip() else ""
        if text == href and not title and _PLAIN_ADDRESS.fullmatch(href):
            return [*before, Piece(f"<{href}>", True), *after]
        return [*before, Piece(f"[{text}]({address_of(href)}{title})", True), *after]

    def emphasised(self, element: etree._Element, inner: Pieces, before_it: Sequence[Piece] = ()) -> Pieces:
        """Pieces in emphasis, however it touches what stands before it."""
        tag = str(element.tag)
        before, inner, after = trimmed(inner)
        text = markdown_of_pieces(inner, is_start=False, in_link=self._in_link)
        if not text:
            return [*before, *after]
        sign = EMPHASIS[tag]
        if sign in self._emphasis:
            return [*before, Piece(text, True), *after]
        previous = before_it[-1].text if before_it and not before and before_it[-1].is_done else ""
        other = _OTHER_EMPHASIS[sign].fullmatch(text) if text[0] == "<" else None
        # Signs that touch each other are read in ways that nobody can foresee.
        if self._emphasis or previous.endswith("*") or (not other and (text[:1] in "*\\" or text[-1:] == "*")):
            tag = "em" if sign == "*" else "strong"
            return [*before, Piece(f"<{tag}>{text}</{tag}>", True), *after]
        if other:
            return [*before, Piece(f"***{other[1]}***", True), *after]
        return [*before, Piece(f"{sign}{text}{sign}", True), *after]

    def _inline_html(self, element: etree._Element, tag: str, pieces: Pieces) -> None:
        inner: Pieces = []
        self._target(element, pieces)
        self.inside(element, inner)
        if any(piece.is_done or piece.text for piece in inner):
            pieces += [Piece(f"<{tag}{self._html.attributes(element, tag)}>", True), *inner, Piece(f"</{tag}>", True)]

    def _code(self, element: etree._Element, pieces: Pieces) -> None:
        text = SPACES.sub(" ", code_text(element))
        if any(is_tag(child) and child.tag not in ("br", "span", "code") for child in element):
            inner: Pieces = []
            self.inside(element, inner)
            pieces += [Piece("<code>", True), *inner, Piece("</code>", True)]
        elif not text.strip():
            pieces.append(Piece(text))
        elif touches(pieces, "`") or re.search(r"<[!?]|&#", text) or "\\" in (text.strip()[-1:], text.strip()[:1]):
            pieces += [Piece("<code>", True), Piece(text), Piece("</code>", True)]
        else:
            longest = max((len(run) for run in re.findall("`+", text)), default=0)
            ticks, inner_text = "`" * (longest + 1), text.strip()
            space = " " if inner_text[0] == "`" or inner_text[-1] == "`" else ""
            written = Piece(f"{ticks}{space}{inner_text}{space}{ticks}", True)
            pieces += [Piece(" " * text[0].isspace()), written, Piece(" " * text[-1].isspace())]

    def image(self, element: etree._Element, pieces: Pieces) -> None:
        """The piece of a picture; none for one that is there to be counted, or nowhere."""
        known = self._known_picture(element)
        source = (element.get("src") or "").strip()
        if not source or source.startswith("data:"):
            lazy = (element.get(name) for name in _IMAGE_SOURCES)
            source = next((found for found in lazy if found and not found.startswith("data:")), "") or known.url
        if not source:
            self._tally.drop(element, "img", "a picture without an address")
        elif is_tracker(element, source):
            self._tally.drop(element, "img", "a tracking pixel")
        elif RUNS_CODE.match(source):
            self._tally.drop(element, "img", "a picture whose address runs code")
        else:
            alt = element.get("alt")
            alt = SPACES.sub(" ", known.alt if alt is None else alt).strip()
            title = SPACES.sub(" ", element.get("title") or "").strip()
            told = f' "{escaped_value(title)}"' if title and title != alt else ""
            pieces.append(Piece(f"![{escaped_value(alt)}]({address_of(source)}{told})", True))

    def _known_picture(self, element: etree._Element) -> Picture:
        number = ATTACHMENT.search(element.get("class") or "")
        found = number[1] if number else element.get("data-id") or element.get("data-attachment-id") or ""
        return self._picture(found) if found else Picture()

    def _embed(self, element: etree._Element, pieces: Pieces) -> None:
        """A frame of another site as a link to it."""
        address = embedded_address(element)
        inner: Pieces = []
        if element.tag != "object" and (element.text or "").strip():
            self._tally.drop_text(text_in(element), _NO_FRAMES)
        if element.tag == "object":
            self.inside(element, inner)
        if any(piece.is_done for piece in inner):
            pieces += inner
        elif address and not RUNS_CODE.match(address):
            if any(piece.text.strip() for piece in inner):
                self._tally.drop_text("".join(piece.text for piece in inner), _NO_FRAMES)
            title = SPACES.sub(" ", element.get("title") or "").strip()
            link = etree.Element("a", {"href": address})
            pieces.append(Piece(" "))
            pieces += self.link(link, [Piece(title or address)])
            pieces.append(Piece(" "))
        else:
            self._tally.drop(element, str(element.tag), "a frame without an address")


def _repeats_lazy_image(element: etree._Element) -> bool:
    previous = element.getprevious()
    if previous is None or next(element.iter("img"), None) is None:
        return False
    return any(image.get(name) for image in previous.iter("img") for name in _IMAGE_SOURCES)
