"""Blocks of a fragment as Markdown, one after the other; what Markdown has no form for is written as HTML."""

import html
import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.html_to_markdown.clean_html import CleanHtml
from sitegen.importers.html_to_markdown.figures import caption_of, gallery_of, shape_of
from sitegen.importers.html_to_markdown.footnotes import Notes
from sitegen.importers.html_to_markdown.inline import EMPHASIS, Inline, Picture
from sitegen.importers.html_to_markdown.layout import joined, quoted
from sitegen.importers.html_to_markdown.lists import is_simple_list, write_list
from sitegen.importers.html_to_markdown.pieces import (
    Piece,
    Pieces,
    markdown_of_pieces,
    markdown_of_text_piece,
    on_one_line,
    says_anything,
    with_backslash,
    with_bare_address,
)
from sitegen.importers.html_to_markdown.tables import column_sign, is_simple_table
from sitegen.importers.html_to_markdown.tally import DROPPED, Tally
from sitegen.importers.html_to_markdown.tree import (
    BLOCKS,
    HEADINGS,
    MAX_DEPTH,
    PLAYERS,
    code_text,
    is_tag,
    language_of,
    text_in,
)

_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_CLOSING_SIGNS = re.compile(r"(?<![\\#])#$|#+$")  # of a heading
_NAMES_A_LANGUAGE = re.compile(r"\s*(?:#!|:::)")  # the first line of code that is indented
_COLUMN_SIGN = re.compile(r"\\.|\|", re.DOTALL)


class Blocks:
    """Reads the blocks of one fragment; a run of inline pieces between them is a paragraph."""

    def __init__(
        self, tree: etree._Element, tally: Tally, block_marks: frozenset[int], targets: frozenset[str],
        footnotes: dict[str, str], picture: Callable[[str], Picture], written_note: Callable[[str], str],
    ) -> None:  # fmt: skip
        self._tree = tree
        self._tally = tally
        self._block_marks = block_marks
        self._targets = targets  # ids that links of the fragment lead to
        self._html = CleanHtml(tally, targets)
        self._notes = Notes(footnotes, tally, written_note, self._written_item)
        self._inline = Inline(tally, self._html, self._notes, targets, picture)
        self._around: list[etree._Element] = []  # inline elements that hold whole blocks
        self._holds_block = _holders_of_blocks(tree)
        self._depth = 0

    def written(self) -> list[str]:
        """Every block, and the notes below them."""
        if self._targets:
            self._notes.find(self._tree)
        body = self._tree.find("body")
        blocks = list(self._blocks(self._tree if body is None else body, nested=False))
        return blocks + self._notes.definitions

    def _written_item(self, item: etree._Element) -> str:
        """Markdown of a note, whatever stands around its place."""
        around, self._around = self._around, []
        text = joined(self._blocks(item, nested=True))
        self._around = around
        return text

    def _blocks(self, parent: etree._Element, nested: bool) -> Iterator[str]:
        """The blocks of an element; loose inline pieces between them are paragraphs."""
        text = parent.text
        pieces: Pieces = [Piece(text)] if text and not text.isspace() else []
        for child in parent:
            tag = child.tag
            if not is_tag(child):
                self._tally.comment(child)
            elif tag == "p" and not child.attrib and not pieces and child not in self._holds_block:
                inner: Pieces = []  # the common case, and a short way for it
                self._inline.inside(child, inner)
                yield from self._paragraphs(inner)
            elif tag in BLOCKS or child in self._holds_block:
                if pieces:
                    yield from self._paragraphs(pieces)
                    pieces = []
                yield from self._block(child, tag, nested)
            elif tag in PLAYERS and not nested:
                yield from self._paragraphs(pieces)
                pieces = []
                yield self._html.write(child)
            else:
                self._inline.inline(child, tag, pieces)
            tail = child.tail
            if tail and (pieces or not tail.isspace()):
                pieces.append(Piece(tail))
        if pieces:
            yield from self._paragraphs(pieces)

    def _block(self, element: etree._Element, tag: str, nested: bool) -> Iterator[str]:
        if tag in DROPPED:
            self._tally.drop(element, tag)
            return
        if self._depth >= MAX_DEPTH:
            yield from self._paragraphs([Piece(text_in(element, " "))])
            return
        self._depth += 1
        if self._targets:
            anchor = element.get("id") or ""
            if anchor in self._targets and anchor not in self._notes.items and tag not in HEADINGS:
                yield f'<a id="{html.escape(anchor)}"></a>'
        if element in self._notes.items.values():
            pass
        elif tag == "p":
            yield from self._paragraph(element, nested)
        elif tag in HEADINGS:
            yield from self._heading(element, int(tag[1]), nested)
        elif tag in ("ul", "ol", "menu", "dir"):
            yield from self._list_block(element, nested)
        elif tag == "blockquote":
            yield from self._quotation(element, nested)
        elif tag == "pre":
            yield from self._preformatted(element, nested)
        elif tag == "table":
            yield from self._table(element, nested)
        elif tag == "figure":
            yield from self._figure(element, nested)
        elif tag == "dl":
            yield from self._definitions(element, nested)
        elif tag == "details" and not nested:
            yield self._html.write(element)
        elif tag == "hr":
            yield "---"
        elif tag in EMPHASIS or tag == "a":
            self._around.append(element)
            yield from self._blocks(element, nested)
            self._around.pop()
        else:
            yield from self._blocks(element, nested)
        self._depth -= 1

    def _paragraph(self, element: etree._Element, nested: bool) -> Iterator[str]:
        blocks = list(self._blocks(element, nested))
        language, direction = element.get("lang"), element.get("dir")
        if (language or direction) and len(blocks) == 1 and not nested:
            named = [f'{name}="{value}"' for name, value in (("lang", language), ("dir", direction)) if value]
            if all(re.fullmatch(r'\w+="[\w-]+"', name) for name in named):
                blocks = [f"{blocks[0]}\n{{: {' '.join(named)}}}"]
        yield from blocks

    def _paragraphs(self, pieces: Pieces) -> Iterator[str]:
        """A paragraph of inline pieces, cut where a shortcode stands that is a block."""
        if not says_anything(pieces):
            return
        if not self._block_marks:
            yield from self._finished(pieces)
            return
        current: Pieces = []
        for piece in pieces:
            if MARK_OPEN not in piece.text or piece.is_done:
                current.append(piece)
                continue
            parts = _MARK.split(piece.text)
            current.append(Piece(parts[0]))
            for number, after in zip(parts[1::2], parts[2::2], strict=True):
                mark = f"{MARK_OPEN}{number}{MARK_CLOSE}"
                if int(number) in self._block_marks:
                    yield from self._finished(current)
                    yield mark
                    current = [Piece(after)]
                else:
                    current += [Piece(mark, True), Piece(after)]
        yield from self._finished(current)

    def _finished(self, pieces: Pieces) -> Iterator[str]:
        if self._around:
            for around in reversed(self._around):
                is_link = around.tag == "a"
                pieces = self._inline.link(around, pieces) if is_link else self._inline.emphasised(around, pieces)
        if text := markdown_of_pieces(pieces):
            yield with_bare_address(text)

    def _heading(self, element: etree._Element, level: int, nested: bool) -> Iterator[str]:
        if element in self._holds_block:
            yield from self._blocks(element, nested)
            return
        pieces: Pieces = []
        self._inline.inside(element, pieces)
        for around in reversed(self._around):
            if around.tag == "a":
                pieces = self._inline.link(around, pieces)
        marks = [mark for piece in pieces for mark in _MARK.finditer(piece.text) if int(mark[1]) in self._block_marks]
        text = on_one_line(pieces, is_start=False)
        if marks and not _MARK.sub("", text).strip():
            yield from (mark[0] for mark in marks)
        elif text:
            text = _CLOSING_SIGNS.sub(lambda match: "\\#" if match[0] == "#" else "&#35;" * len(match[0]), text)
            anchor = element.get("id")
            named = f" {{#{anchor}}}" if anchor in self._targets and re.fullmatch(r"[\w-]+", anchor or "") else ""
            yield f"{'#' * level} {text}{named}"

    def _quotation(self, element: etree._Element, nested: bool) -> Iterator[str]:
        if not nested and not self._is_simple_quotation(element):
            yield self._html.write(element)
            return
        around, self._around = self._around, []
        inner = joined(self._blocks(element, nested=True))
        self._around = around
        if inner:
            yield quoted(inner)

    def _is_simple_quotation(self, element: etree._Element) -> bool:
        if next(element.iter("table", "details", "dl", "figure", *PLAYERS), None) is not None:
            return False
        if any(_NAMES_A_LANGUAGE.match(code_text(code)) for code in element.iter("pre")):
            return False
        return all(is_simple_list(inner) for inner in element.iter("ul", "ol"))

    def _preformatted(self, element: etree._Element, nested: bool) -> Iterator[str]:
        children = [child for child in element.iter() if child is not element and is_tag(child)]
        is_code = all(child.tag in ("code", "br", "span", "font") for child in children)
        if not is_code or "verse" in (element.get("class") or ""):
            yield self._html.write(element) if not nested else self._code_block(element, nested)
        elif element.text or children:
            yield self._code_block(element, nested)

    def _code_block(self, element: etree._Element, nested: bool) -> str:
        text = code_text(element).expandtabs(4) if nested else code_text(element)
        text = re.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip()
        if not text:
            return ""
        if nested:
            return "\n".join(f"    {line}" if line.strip() else "" for line in text.split("\n"))
        longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", text, re.MULTILINE)), default=2)
        fence = "`" * max(3, longest + 1)
        return f"{fence}{language_of(element)}\n{text}\n{fence}"

    def _figure(self, element: etree._Element, nested: bool) -> Iterator[str]:
        """A picture with its words; other figures as what they hold, with their words below."""
        parts = [(part, part.tag) for part in element.iter("figcaption", "img", "figure")]
        words = next((part for part, tag in parts if tag == "figcaption"), None)
        pictures = [part for part, tag in parts if tag == "img"]
        inner = [part for part, tag in parts if tag == "figure" and part is not element]
        if inner or len(pictures) != 1:
            yield from self._figure_of_others(element, words, inner, nested)
            return
        image = self._linked_picture(pictures[0])
        if not image:
            yield from self._blocks(element, nested)
            return
        told = self._words(words) if words is not None else ""
        yield caption_of(image, told, shape_of(element, pictures[0])) if told else image
        yield from self._beside(element, (pictures[0], words), nested)

    def _beside(
        self, element: etree._Element, written: tuple[etree._Element | None, ...], nested: bool
    ) -> Iterator[str]:
        """What stands in a figure beside its picture and words."""
        pieces: Pieces = [Piece(element.text or "")]
        for child in element:
            if not is_tag(child):
                self._tally.comment(child)
            elif any(child in part.iterancestors() for part in written if part is not None):
                yield from self._paragraphs(pieces)
                pieces = []
                yield from self._beside(child, written, nested)
            elif child not in written and (child.tag in BLOCKS or child in self._holds_block):
                yield from self._paragraphs(pieces)
                pieces = []
                yield from self._block(child, str(child.tag), nested)
            elif child not in written:
                self._inline.inline(child, str(child.tag), pieces)
            if child.tail:
                pieces.append(Piece(child.tail))
        yield from self._paragraphs(pieces)

    def _figure_of_others(
        self, element: etree._Element, words: etree._Element | None, inner: list[etree._Element], nested: bool
    ) -> Iterator[str]:
        has_html = next(element.iter("table", *PLAYERS), None) is not None
        if has_html and words is not None and not inner and not nested:
            yield self._html.write(element)
            return
        if "wp-block-gallery" in (element.get("class") or "") and not nested and len(inner) > 1:
            yield from self._gallery(element, inner)
            return
        yield from self._blocks(element, nested)

    def _gallery(self, element: etree._Element, inner: list[etree._Element]) -> Iterator[str]:
        """A gallery of the block editor; what else it holds comes below."""
        pictures, written = [], []
        for figure in inner:
            image = next(figure.iter("img"), None)
            words = next(figure.iter("figcaption"), None)
            if image is None:
                continue
            pictures.append((self._linked_picture(image), self._words(words) if words is not None else ""))
            written += [image, *([] if words is None else [words])]
        yield gallery_of(element, [picture for picture in pictures if picture[0]])
        yield from self._beside(element, tuple(written), nested=False)

    def _linked_picture(self, image: etree._Element) -> str:
        pieces: Pieces = []
        link = next(image.iterancestors("a", "figure"))
        if link.tag == "a":
            self._inline.inline(link, "a", pieces)
        else:
            self._inline.image(image, pieces)
        return markdown_of_pieces(pieces)

    def _words(self, element: etree._Element) -> str:
        """Words below a picture, on one line."""
        if element in self._holds_block:
            blocks = [block.replace("\n", " ") for block in self._blocks(element, nested=True)]
            return " ".join(blocks).strip()
        pieces: Pieces = []
        self._inline.inside(element, pieces)
        return on_one_line(pieces)

    def _definitions(self, element: etree._Element, nested: bool) -> Iterator[str]:
        parts = [child for child in element if is_tag(child)]
        is_simple = not nested and all(
            part.tag in ("dt", "dd") and part not in self._holds_block and text_in(part).strip() for part in parts
        )
        loose = (element.text or "").strip() or any((part.tail or "").strip() for part in parts)
        if not is_simple or loose or not parts or parts[0].tag != "dt" or parts[-1].tag != "dd":
            yield self._html.write(element) if not nested else joined(self._blocks_of_all(parts))
            return
        lines: list[str] = []
        for part in parts:
            pieces: Pieces = []
            self._inline.inside(part, pieces)
            text = on_one_line(pieces)
            if part.tag == "dt" and lines and lines[-1].startswith(":   "):
                lines.append("")
            lines.append(f":   {text}" if part.tag == "dd" else text)
        yield "\n".join(lines)

    def _blocks_of_all(self, parts: Sequence[etree._Element]) -> Iterator[str]:
        for part in parts:
            yield from self._blocks(part, nested=True)

    def _list_block(self, element: etree._Element, nested: bool) -> Iterator[str]:
        if not nested and not is_simple_list(element):
            yield self._html.write(element)
        elif written := self._list(element):
            yield written

    def _list(self, element: etree._Element) -> str:
        number = int(start) if (start := element.get("start") or "1").isdigit() and len(start) < 9 else 1
        around, self._around = self._around, []
        items: list[list[str]] = []
        is_loose = False
        for child, blocks, has_paragraph in self._items(element):
            if child.tag in ("ul", "ol") and items:
                items[-1] += blocks
            elif blocks:
                items.append(blocks)
            is_loose = is_loose or has_paragraph
        self._around = around
        return write_list(items, number if element.tag == "ol" else None, is_loose)

    def _items(self, element: etree._Element) -> Iterator[tuple[etree._Element, list[str], bool]]:
        if (element.text or "").strip():
            yield element, list(self._paragraphs([Piece(element.text or "")])), False
        for child in element:
            tag = child.tag
            if not is_tag(child):
                continue
            if tag == "li":
                if child in self._notes.items.values():
                    continue
                if child in self._holds_block:
                    blocks = list(self._blocks(child, nested=True))
                else:
                    pieces: Pieces = []
                    self._inline.inside(child, pieces)
                    blocks = list(self._paragraphs(pieces))
                if self._targets and (anchor := child.get("id")) in self._targets and anchor and blocks:
                    blocks[0] = f'<a id="{html.escape(anchor)}"></a>{blocks[0]}'
                yield child, blocks, child in self._holds_block and child.find("p") is not None
            elif tag in ("ul", "ol"):
                yield child, [self._list(child)], False
            else:
                yield child, list(self._blocks_around(child)), False
            if (child.tail or "").strip():
                yield child, list(self._paragraphs([Piece(child.tail or "")])), False

    def _blocks_around(self, child: etree._Element) -> Iterator[str]:
        if child.tag in BLOCKS or child in self._holds_block:
            yield from self._block(child, str(child.tag), nested=True)
            return
        pieces: Pieces = []
        self._inline.inline(child, str(child.tag), pieces)
        yield from self._paragraphs(pieces)

    def _table(self, element: etree._Element, nested: bool) -> Iterator[str]:
        rows = list(element.iter("tr"))
        grid = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if not is_simple_table(element, grid, self._is_more_than_a_line):
            if nested:
                yield from self._cells_as_paragraphs(element)
            elif rows:
                yield self._html.write(element)
            else:
                yield from self._blocks(element, nested)
            return
        lines = [self._row(cells) for cells in grid]
        signs = [column_sign(cell) for cell in grid[0]]
        yield "\n".join([lines[0], "| " + " | ".join(signs) + " |", *lines[1:]])

    def _is_more_than_a_line(self, cell: etree._Element) -> bool:
        if cell in self._holds_block:
            return True
        return bool(self._block_marks) and any(int(mark) in self._block_marks for mark in _MARK.findall(text_in(cell)))

    def _row(self, cells: list[etree._Element]) -> str:
        return "| " + " | ".join(self._cell(cell) for cell in cells) + " |"

    def _cell(self, cell: etree._Element) -> str:
        if len(cell) == 0:  # most often, and a short way for it
            text = markdown_of_text_piece(cell.text or "")
            return _COLUMN_SIGN.sub(with_backslash, text) if "|" in text else text
        pieces: Pieces = []
        self._inline.inside(cell, pieces)
        text = on_one_line(pieces)
        return _COLUMN_SIGN.sub(with_backslash, text) if "|" in text else text

    def _cells_as_paragraphs(self, element: etree._Element) -> Iterator[str]:
        for cell in element.iter("td", "th", "caption"):
            yield from self._blocks(cell, nested=True)


def _holders_of_blocks(tree: etree._Element) -> set[etree._Element]:
    """Elements with a block somewhere in them."""
    holders: set[etree._Element] = set()
    for element in tree.iter():
        if element.tag not in BLOCKS:
            continue
        above = element.getparent()
        while above is not None and above not in holders:
            holders.add(above)
            above = above.getparent()
    return holders
