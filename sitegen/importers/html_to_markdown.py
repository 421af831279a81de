"""HTML becomes Markdown of our dialect; what Markdown cannot say stays as HTML, and what is dropped is told.

The tree is walked once. A run of inline pieces is a paragraph; a block that Markdown has no form for (a table with
joined cells, a list with a table in it) is written as HTML as a whole.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.plain_text import markdown_of_text
from sitegen.importers.report import SetAside
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls, write_call

_BLOCKS = frozenset(
    """address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr html li legend main menu nav ol p pre section summary table tbody td tfoot
    th thead tr caption ul optgroup""".split()
)
_DROPPED = {
    "script": "a script", "style": "a style sheet", "noembed": "a fallback", "template": "a template",
    "svg": "a drawing in the page", "canvas": "a drawing surface", "input": "a form field", "link": "a style sheet",
    "meta": "metadata", "base": "metadata", "select": "a form field", "textarea": "a form field", "applet": "an applet",
    "head": "metadata", "map": "an image map", "basefont": "a style", "bgsound": "a sound", "dialog": "a dialog",
    "progress": "a form field", "meter": "a form field", "datalist": "a form field", "title": "metadata",
}  # fmt: skip
_SILENT = frozenset({"meta", "link", "base", "head", "wbr", "param", "source", "track", "area", "col", "colgroup"})
_INLINE_HTML = frozenset(
    """abbr acronym bdi bdo cite data del dfn ins kbd mark q rp rt rtc ruby s samp small strike sub sup time tt u
    var""".split()
)
_EMPHASIS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
# All of it emphasised the other way too.
_OTHER_EMPHASIS = {
    "*": re.compile(r"<strong>([^<*\\]*)</strong>"),
    "**": re.compile(r"<em>([^<*\\]*)</em>"),
}
_EMBEDS = frozenset({"iframe", "embed", "object"})
_PLAYERS = frozenset({"audio", "video"})
_KEPT_TAGS = (
    _INLINE_HTML
    | _PLAYERS
    | frozenset(
        """a b blockquote br caption code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p
        pre source span strong summary table tbody td tfoot th thead tr track ul""".split()
    )
)
_KEPT_ATTRIBUTES = {
    "*": frozenset({"lang", "dir", "title"}), "a": frozenset({"href", "hreflang"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "td": frozenset({"colspan", "rowspan", "headers"}), "th": frozenset({"colspan", "rowspan", "scope", "headers"}),
    "ol": frozenset({"start", "type", "reversed"}), "li": frozenset({"value"}), "details": frozenset({"open"}),
    "audio": frozenset({"src", "controls", "loop"}), "source": frozenset({"src", "type"}),
    "video": frozenset({"src", "controls", "loop", "muted", "poster", "width", "height"}),
    "track": frozenset({"src", "kind", "srclang", "label", "default"}), "time": frozenset({"datetime"}),
    "data": frozenset({"value"}), "q": frozenset({"cite"}), "blockquote": frozenset({"cite"}),
    "del": frozenset({"cite", "datetime"}), "ins": frozenset({"cite", "datetime"}),
}  # fmt: skip
_OWN_LINE = frozenset("tr thead tbody tfoot table caption li ul ol p details summary figcaption dt dd".split())
_VOID = frozenset({"br", "hr", "img", "source", "track"})

_PLAIN_PARAGRAPH = re.compile(r"<p>([^<&]*)</p>")
_PLAIN_PARAGRAPHS = re.compile(r"\s*+(?:<p>[^<&]*+</p>\s*+)++")
_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,40});?")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPECIAL = re.compile(r"[\\`*_{\[<&!|]")
_SPECIAL_START = re.compile(r"[#+>:=~\d-]")
_TRAILING_BACKSLASH = re.compile(r"\\+(?=\s*\Z)")
_OLD_REFERENCE = re.compile(r"&(?!amp;|lt;|#(?:58|61|126);)(?:#|[A-Za-z]\w{1,31})")
_ANGLE = re.compile(r"<(?![ \n])")  # mail addresses too are links in angle brackets
_BRACE = re.compile(r"\\.|\{(?=[^\n]*\})", re.DOTALL)
_ANY_BRACE = re.compile(r"\\.|\{", re.DOTALL)
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
# What markdown_of_text leaves or escapes with a backslash that this dialect does not know.
_LINE_START = re.compile(r"^\\?([=~:#])")
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?[-:_]|highlight-source-|brush:\s*)([A-Za-z0-9#+.-]+)|^([a-z]+)\s*;\s*")
_TRACKERS = re.compile(
    r"//(?:pixel|stats|b|s)\.(?:wp|wordpress)\.com/|feeds\.(?:wordpress\.com|feedburner\.com)/|feedburner\.com/~"
    r"|doubleclick\.net|google-analytics|/b\.gif\?|assoc-amazon|amazon-adsystem|scorecardresearch|quantserve"
    r"|facebook\.com/tr\b",
    re.IGNORECASE,
)
_IMAGE_SOURCES = ("data-orig-file", "data-large-file", "data-lazy-src", "data-src", "data-original", "data-lazy")
_ALIGNMENTS = {"alignleft": "left", "alignright": "right", "aligncenter": "center", "alignnone": "none"}
_ATTACHMENT = re.compile(r"\bwp-image-(\d+)\b")
_YOUTUBE = re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,20})")
_VIMEO = re.compile(r"//player\.vimeo\.com/video/(\d+)")
_ADDRESS_ESCAPES = str.maketrans(
    {" ": "%20", "<": "%3C", ">": "%3E", '"': "%22", "[": "%5B", "]": "%5D", "\\": "%5C", "`": "%60", "*": "%2A",
     "\n": "", "\r": "", "\t": "", "{": "%7B", "}": "%7D", "|": "%7C"}
)  # fmt: skip
_RUNS_CODE = re.compile(r"(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_VALUE_ESCAPES = (
    ("\\", "&#92;"), ("`", "&#96;"), ("[", "&#91;"), ("]", "&#93;"), ("<", "&lt;"), ('"', "&quot;"),
    ("{", "&#123;"), ("}", "&#125;"),
)  # fmt: skip
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
_BARE_ADDRESS = re.compile(
    r"https?://[^\s<>()\[\]*`\\]+"
)  # alone in a paragraph: WordPress puts the thing itself there
_CLOSING_SIGNS = re.compile(r"(?<![\\#])#$|#+$")  # of a heading
_COLUMN_SIGN = re.compile(r"\\.|\|", re.DOTALL)
_DEFINED = re.compile(r"[^\n]+\n:   ")
_NAMES_A_LANGUAGE = re.compile(r"\s*(?:#!|:::)")  # the first line of code that is indented
_NUMBERED = re.compile(r"\d+\. ")
_PLAIN_ADDRESS = re.compile(r"https?://[^\s<>()\[\]*_`\\]+")
_HEADING = re.compile(r"h[1-6]")
_COLUMN_SIDES = {":---:": "center", "---:": "right"}
_MAX_DEPTH = 60
_MAX_TOLD = 160


class Converted(NamedTuple):
    """Markdown, and what is not in it."""

    markdown: str
    set_aside: tuple[SetAside, ...] = ()
    aside: tuple[str, ...] = ()  # all that is not in the Markdown, whole: for the account of characters


class Picture(NamedTuple):
    """What a library of pictures knows of one."""

    url: str = ""
    alt: str = ""
    caption: str = ""


def _no_picture(_id: str) -> Picture:
    return Picture()


def markdown_of_html(
    source: str,
    *,
    block_marks: frozenset[int] = frozenset(),
    footnotes: dict[str, str] | None = None,
    picture: Callable[[str], Picture] = _no_picture,
) -> Converted:
    """Markdown of an HTML fragment.

    Numbered marks (see `importers.blocks`) come out as they are; those of `block_marks` stand on lines of their
    own. `footnotes` are texts by id, for the block editor's `<sup data-fn>`. `picture` knows attachments by id.
    """
    if not source.strip():
        return Converted("")
    if _PLAIN_PARAGRAPHS.fullmatch(source) and MARK_OPEN not in source:
        return Converted("\n\n".join(filter(None, map(_plain_paragraph, _PLAIN_PARAGRAPH.findall(source)))))
    walk = _Walk(source, block_marks, footnotes or {}, picture)
    return walk.converted()


def text_of_fragment(source: str) -> str:
    """The text of a fragment on one line: what a title or a summary may be."""
    if "<" not in source and "&" not in source:
        return " ".join(source.split())
    tree = _tree(source)
    if tree is None:
        return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", source)).split())
    parts: list[str] = []
    for element in tree.iter():
        if _is_tag(element):
            if element.tag in _BLOCKS or element.tag == "br":
                parts.append(" ")
            if element.tag not in ("script", "style"):
                parts.append(element.text or "")
        parts.append(element.tail or "")
    return " ".join("".join(parts).split())


class _Piece(NamedTuple):
    """Part of a paragraph: text that is still to be escaped, or finished Markdown."""

    text: str
    is_done: bool = False


_Pieces = list[_Piece]


class _Walk:
    """One fragment on its way, with a tally of what was dropped."""

    def __init__(
        self, source: str, block_marks: frozenset[int], footnotes: dict[str, str], picture: Callable[[str], Picture]
    ) -> None:
        self._source = source
        self._block_marks = block_marks
        self._texts = footnotes
        self._picture = picture
        self._set_aside: list[SetAside] = []
        self._aside: list[str] = []
        self._around: list[etree._Element] = []  # inline elements that hold whole blocks
        self._holds_block: set[etree._Element] = set()
        self._notes: list[str] = []  # definitions of footnotes
        self._note_numbers: dict[str, int] = {}
        self._note_items: dict[str, etree._Element] = {}  # by the id that a reference names
        self._in_link = False
        self._emphasis: list[str] = []  # signs that are open
        self._depth = 0
        self._targets = frozenset(re.findall(r"""href=["']?#([^"'\s>]+)""", source)) if "#" in source else frozenset()

    def converted(self) -> Converted:
        tree = _tree(self._source)
        if tree is None:
            self._drop_text("nested too deep", "tags nested too deep; their text is kept")
            return Converted(self._plain_blocks(), tuple(self._set_aside), tuple(self._aside))
        holds_block = self._holds_block
        for element in tree.iter(*_BLOCKS):
            above = element.getparent()
            while above is not None and above not in holds_block:
                holds_block.add(above)
                above = above.getparent()
        if self._targets:
            self._find_notes(tree)
        body = tree.find("body")
        blocks = list(self._blocks(tree if body is None else body, nested=False))
        blocks += self._notes
        return Converted(_joined(blocks), tuple(self._set_aside), tuple(self._aside))

    # Blocks ---------------------------------------------------------------------------------------------------

    def _blocks(self, parent: etree._Element, nested: bool) -> Iterator[str]:
        """The blocks of an element; loose inline pieces between them are paragraphs."""
        pieces: _Pieces = [_Piece(parent.text)] if parent.text and not parent.text.isspace() else []
        for child in parent:
            tag = child.tag
            if not _is_tag(child):
                self._comment(child)
            elif tag == "p" and not child.attrib and not pieces and child not in self._holds_block:
                inner: _Pieces = []  # the common case, and a short way for it
                self._inside(child, inner)
                yield from self._paragraphs(inner)
            elif tag in _BLOCKS or child in self._holds_block:
                yield from self._paragraphs(pieces)
                pieces = []
                yield from self._block(child, tag, nested)
            elif tag in _PLAYERS and not nested:
                yield from self._paragraphs(pieces)
                pieces = []
                yield self._html(child)
            else:
                self._inline(child, tag, pieces)
            if child.tail and (pieces or not child.tail.isspace()):
                pieces.append(_Piece(child.tail))
        yield from self._paragraphs(pieces)

    def _block(self, element: etree._Element, tag: str, nested: bool) -> Iterator[str]:
        if tag in _DROPPED:
            self._drop(element, tag)
            return
        if self._depth >= _MAX_DEPTH:
            yield from self._paragraphs([_Piece(_text_in(element, " "))])
            return
        self._depth += 1
        anchor = element.get("id") or ""
        if anchor in self._targets and anchor not in self._note_items and not _HEADING.fullmatch(tag):
            yield f'<a id="{html.escape(anchor)}"></a>'
        if element in self._note_items.values():
            pass
        elif tag == "p":
            yield from self._paragraph(element, nested)
        elif _HEADING.fullmatch(tag):
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
            yield self._html(element)
        elif tag == "hr":
            yield "---"
        elif tag in _EMPHASIS or tag == "a":
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

    def _paragraphs(self, pieces: _Pieces) -> Iterator[str]:
        """A paragraph of inline pieces, cut where a shortcode stands that is a block."""
        if not any(piece.is_done or piece.text.strip() for piece in pieces):
            return
        if not self._block_marks:
            yield from self._finished(pieces)
            return
        current: _Pieces = []
        for piece in pieces:
            if MARK_OPEN not in piece.text or piece.is_done:
                current.append(piece)
                continue
            parts = _MARK.split(piece.text)
            current.append(_Piece(parts[0]))
            for number, after in zip(parts[1::2], parts[2::2], strict=True):
                mark = f"{MARK_OPEN}{number}{MARK_CLOSE}"
                if int(number) in self._block_marks:
                    yield from self._finished(current)
                    yield mark
                    current = [_Piece(after)]
                else:
                    current += [_Piece(mark, True), _Piece(after)]
        yield from self._finished(current)

    def _finished(self, pieces: _Pieces) -> Iterator[str]:
        for around in reversed(self._around):
            pieces = self._link(around, pieces) if around.tag == "a" else self._emphasised(around, pieces)
        if written := _written(pieces):
            yield _with_bare_address(written)

    def _heading(self, element: etree._Element, level: int, nested: bool) -> Iterator[str]:
        if element in self._holds_block:
            yield from self._blocks(element, nested)
            return
        pieces: _Pieces = []
        self._inside(element, pieces)
        for around in reversed(self._around):
            if around.tag == "a":
                pieces = self._link(around, pieces)
        marks = [mark for piece in pieces for mark in _MARK.finditer(piece.text) if int(mark[1]) in self._block_marks]
        text = _written(pieces, is_start=False).replace("  \n", "<br>").replace("\n", " ")
        if marks and not _MARK.sub("", text).strip():
            yield from (mark[0] for mark in marks)
        elif text:
            text = _CLOSING_SIGNS.sub(lambda match: "\\#" if match[0] == "#" else "&#35;" * len(match[0]), text)
            anchor = element.get("id")
            named = f" {{#{anchor}}}" if anchor in self._targets and re.fullmatch(r"[\w-]+", anchor or "") else ""
            yield f"{'#' * level} {text}{named}"

    def _quotation(self, element: etree._Element, nested: bool) -> Iterator[str]:
        if not nested and not self._is_simple_quotation(element):
            yield self._html(element)
            return
        around, self._around = self._around, []
        inner = _joined(self._blocks(element, nested=True))
        self._around = around
        if inner:
            yield _quoted(inner)

    def _is_simple_quotation(self, element: etree._Element) -> bool:
        if next(element.iter("table", "details", "dl", "figure", *_PLAYERS), None) is not None:
            return False
        if any(_NAMES_A_LANGUAGE.match(_code_text(code)) for code in element.iter("pre")):
            return False
        return all(self._is_simple_list(inner) for inner in element.iter("ul", "ol"))

    def _preformatted(self, element: etree._Element, nested: bool) -> Iterator[str]:
        children = [child for child in element.iter() if child is not element and _is_tag(child)]
        is_code = all(child.tag in ("code", "br", "span", "font") for child in children)
        if not is_code or "verse" in (element.get("class") or ""):
            yield self._html(element) if not nested else self._code_block(element, nested)
        elif element.text or children:
            yield self._code_block(element, nested)

    def _code_block(self, element: etree._Element, nested: bool) -> str:
        text = _code_text(element).expandtabs(4) if nested else _code_text(element)
        text = re.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip()
        if not text:
            return ""
        if nested:
            return "\n".join(f"    {line}" if line.strip() else "" for line in text.split("\n"))
        longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", text, re.MULTILINE)), default=2)
        fence = "`" * max(3, longest + 1)
        return f"{fence}{_language(element)}\n{text}\n{fence}"

    def _figure(self, element: etree._Element, nested: bool) -> Iterator[str]:
        """A picture with its words; other figures as what they hold, with their words below."""
        words = next((child for child in element.iter("figcaption")), None)
        pictures = list(element.iter("img"))
        others = next(element.iter("table", "blockquote", "pre", "ul", "ol", "figure", *_PLAYERS, *_EMBEDS), None)
        inner = [figure for figure in element.iter("figure") if figure is not element]
        if inner or len(pictures) != 1 or (others is not None and others is not element):
            yield from self._figure_of_others(element, words, inner, nested)
            return
        pieces: _Pieces = []
        link = next(pictures[0].iterancestors("a", "figure"))
        if link.tag == "a":
            self._inline(link, "a", pieces)
        else:
            self._image(pictures[0], pieces)
        image = _written(pieces)
        if not image:
            yield from self._blocks(element, nested)
            return
        told = self._words(words) if words is not None else ""
        yield _caption(image, told, self._shape(element, pictures[0])) if told else image
        yield from self._beside(element, (pictures[0], words), nested)

    def _beside(
        self, element: etree._Element, written: tuple[etree._Element | None, ...], nested: bool
    ) -> Iterator[str]:
        """What stands in a figure beside its picture and words."""
        pieces: _Pieces = [_Piece(element.text or "")]
        for child in element:
            if not _is_tag(child):
                self._comment(child)
            elif any(child in part.iterancestors() for part in written if part is not None):
                yield from self._paragraphs(pieces)
                pieces = []
                yield from self._beside(child, written, nested)
            elif child not in written and (child.tag in _BLOCKS or child in self._holds_block):
                yield from self._paragraphs(pieces)
                pieces = []
                yield from self._block(child, str(child.tag), nested)
            elif child not in written:
                self._inline(child, str(child.tag), pieces)
            pieces.append(_Piece(child.tail or ""))
        yield from self._paragraphs(pieces)

    def _figure_of_others(
        self, element: etree._Element, words: etree._Element | None, inner: list[etree._Element], nested: bool
    ) -> Iterator[str]:
        has_html = next(element.iter("table", *_PLAYERS), None) is not None
        if has_html and words is not None and not inner and not nested:
            yield self._html(element)
            return
        yield from self._blocks(element, nested)

    def _words(self, element: etree._Element) -> str:
        """Words below a picture, on one line."""
        if element in self._holds_block:
            blocks = [block.replace("\n", " ") for block in self._blocks(element, nested=True)]
            return " ".join(blocks).strip()
        pieces: _Pieces = []
        self._inside(element, pieces)
        return _written(pieces).replace("  \n", "<br>").replace("\n", " ")

    def _shape(self, figure: etree._Element, image: etree._Element) -> dict[str, str]:
        """Attributes of a caption: id of the attachment, alignment, width."""
        classes = f"{figure.get('class') or ''} {image.get('class') or ''}"
        shape = {}
        if number := _ATTACHMENT.search(classes):
            shape["id"] = f"attachment_{number[1]}"
        if align := next((side for name, side in _ALIGNMENTS.items() if name in classes.split()), ""):
            shape["align"] = f"align{align}"
        if (width := image.get("width") or "").isdigit():
            shape["width"] = width
        return shape

    def _definitions(self, element: etree._Element, nested: bool) -> Iterator[str]:
        parts = [child for child in element if _is_tag(child)]
        is_simple = not nested and all(
            part.tag in ("dt", "dd") and part not in self._holds_block and _text_in(part).strip() for part in parts
        )
        loose = (element.text or "").strip() or any((part.tail or "").strip() for part in parts)
        if not is_simple or loose or not parts or parts[0].tag != "dt" or parts[-1].tag != "dd":
            yield self._html(element) if not nested else _joined(self._blocks_of_all(parts))
            return
        lines: list[str] = []
        for part in parts:
            pieces: _Pieces = []
            self._inside(part, pieces)
            text = _written(pieces).replace("  \n", "<br>").replace("\n", " ")
            if part.tag == "dt" and lines and lines[-1].startswith(":   "):
                lines.append("")
            lines.append(f":   {text}" if part.tag == "dd" else text)
        yield "\n".join(lines)

    def _blocks_of_all(self, parts: Sequence[etree._Element]) -> Iterator[str]:
        for part in parts:
            yield from self._blocks(part, nested=True)

    # Lists ----------------------------------------------------------------------------------------------------

    def _list_block(self, element: etree._Element, nested: bool) -> Iterator[str]:
        if not nested and not self._is_simple_list(element):
            yield self._html(element)
        elif written := self._list(element):
            yield written

    def _is_simple_list(self, element: etree._Element) -> bool:
        # Python-Markdown reads a quotation in a list only up to its first blank line.
        if next(element.iter("table", "details", "dl", "figure", "hr", "blockquote", *_PLAYERS), None) is not None:
            return False
        for part in element.iter("ol", "li", "pre"):
            if part.tag == "ol" and (part.get("reversed") is not None or (part.get("type") or "1") != "1"):
                return False
            if part.tag == "li" and (part.get("value") or not _shows(part)) and _is_numbered(part):
                return False
            if part.tag == "pre" or (part.tag == "li" and _starts_with_block(part)):
                return False
        return True

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
        # A blank line anywhere in it makes the list loose, and with it those around it.
        is_loose = is_loose or any(not _is_tight(blocks) or "\n\n" in "".join(blocks) for blocks in items)
        written = []
        for blocks in items:
            sign = f"{number}. " if element.tag == "ol" else "- "
            text = _joined(blocks) if is_loose else "\n".join(blocks)
            written.append(sign + _indented(text))
            number += 1
        return ("\n\n" if is_loose else "\n").join(written)

    def _items(self, element: etree._Element) -> Iterator[tuple[etree._Element, list[str], bool]]:
        if (element.text or "").strip():
            yield element, list(self._paragraphs([_Piece(element.text or "")])), False
        for child in element:
            if not _is_tag(child):
                continue
            if child.tag == "li":
                if child in self._note_items.values():
                    continue
                blocks = list(self._blocks(child, nested=True))
                if (anchor := child.get("id")) and anchor in self._targets and blocks:
                    blocks[0] = f'<a id="{html.escape(anchor)}"></a>{blocks[0]}'
                yield child, blocks, child.find("p") is not None
            elif child.tag in ("ul", "ol"):
                yield child, [self._list(child)], False
            else:
                yield child, list(self._blocks_around(child)), False
            if (child.tail or "").strip():
                yield child, list(self._paragraphs([_Piece(child.tail or "")])), False

    def _blocks_around(self, child: etree._Element) -> Iterator[str]:
        if child.tag in _BLOCKS or child in self._holds_block:
            yield from self._block(child, str(child.tag), nested=True)
            return
        pieces: _Pieces = []
        self._inline(child, str(child.tag), pieces)
        yield from self._paragraphs(pieces)

    # Tables ---------------------------------------------------------------------------------------------------

    def _table(self, element: etree._Element, nested: bool) -> Iterator[str]:
        rows = list(element.iter("tr"))
        grid = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if not self._is_simple_table(element, rows, grid):
            if nested:
                yield from self._cells_as_paragraphs(element)
            elif rows:
                yield self._html(element)
            else:
                yield from self._blocks(element, nested)
            return
        lines = [self._row(cells) for cells in grid]
        signs = [_column_sign(cell) for cell in grid[0]]
        yield "\n".join([lines[0], "| " + " | ".join(signs) + " |", *lines[1:]])

    def _is_simple_table(
        self, element: etree._Element, rows: list[etree._Element], grid: list[list[etree._Element]]
    ) -> bool:
        if len(grid) < 2 or len(grid[0]) < 2 or any(len(cells) != len(grid[0]) for cells in grid):
            return False
        if any(cell.tag != "th" for cell in grid[0]) and next(element.iter("thead"), None) is None:
            return False
        if next(element.iter("tfoot", "caption", *_PLAYERS, *_EMBEDS), None) is not None:
            return False
        if any("|" in _text_in(code) for code in element.iter("code")):
            return False
        heads = element.find("thead")
        if heads is not None and len(heads) > 1:
            return False
        return (
            not any(
                cell in self._holds_block
                or cell.get("colspan", "1") != "1"
                or cell.get("rowspan", "1") != "1"
                or (place and cell.tag == "th")
                or any(int(mark) in self._block_marks for mark in _MARK.findall(_text_in(cell)))
                for place, cells in enumerate(grid)
                for cell in cells
            )
            and next(element.iter("table"), None) is element
            and len(list(element.iter("table"))) == 1
        )

    def _row(self, cells: list[etree._Element]) -> str:
        return "| " + " | ".join(self._cell(cell) for cell in cells) + " |"

    def _cell(self, cell: etree._Element) -> str:
        pieces: _Pieces = []
        self._inside(cell, pieces)
        text = _written(pieces).replace("  \n", "<br>").replace("\n", " ")
        return _COLUMN_SIGN.sub(_with_backslash, text)

    def _cells_as_paragraphs(self, element: etree._Element) -> Iterator[str]:
        for cell in element.iter("td", "th", "caption"):
            yield from self._blocks(cell, nested=True)

    # Inline ---------------------------------------------------------------------------------------------------

    def _inside(self, parent: etree._Element, pieces: _Pieces) -> None:
        """Pieces of all that an element holds."""
        if parent.text:
            pieces.append(_Piece(parent.text))
        self._depth += 1
        for child in parent:
            if not _is_tag(child):
                self._comment(child)
            elif self._depth >= _MAX_DEPTH * 2:
                pieces.append(_Piece(_text_in(child, " ")))
            else:
                self._inline(child, child.tag, pieces)
            if child.tail:
                pieces.append(_Piece(child.tail))
        self._depth -= 1

    def _inline(self, element: etree._Element, tag: str, pieces: _Pieces) -> None:
        if tag in _DROPPED:
            self._drop(element, tag)
        elif tag == "br":
            pieces.append(_Piece("  \n", True))
        elif tag == "img":
            self._image(element, pieces)
        elif tag == "a":
            self._anchor(element, pieces)
        elif tag in _EMPHASIS:
            inner: _Pieces = []
            self._emphasis.append(_EMPHASIS[tag])
            self._inside(element, inner)
            self._emphasis.pop()
            pieces += self._emphasised(element, inner, pieces)
        elif tag == "code":
            self._code(element, pieces)
        elif tag == "sup" and self._is_note(element, pieces):
            pass
        elif tag in _INLINE_HTML or (tag in ("span", "font") and (element.get("lang") or element.get("dir"))):
            self._inline_html(element, "span" if tag == "font" else tag, pieces)
        elif tag in _PLAYERS:
            pieces.append(_Piece(self._html(element), True))
        elif tag in _EMBEDS:
            self._embed(element, pieces)
        elif tag == "noscript" and _repeats_lazy_image(element):
            self._drop(element, tag, "repeats a picture for browsers without scripts")
        else:
            self._target(element, pieces)
            if tag in _BLOCKS:
                pieces.append(_Piece(" "))
            self._inside(element, pieces)
            if tag in _BLOCKS:
                pieces.append(_Piece(" "))

    def _target(self, element: etree._Element, pieces: _Pieces) -> None:
        """A place that links of this fragment lead to."""
        anchor = element.get("id") or (element.get("name") if element.tag == "a" else None)
        if anchor and anchor in self._targets:
            pieces.append(_Piece(f'<a id="{html.escape(anchor)}"></a>', True))

    def _anchor(self, element: etree._Element, pieces: _Pieces) -> None:
        if self._is_note_link(element, pieces):
            return
        self._target(element, pieces)
        inner: _Pieces = []
        self._in_link, before = True, self._in_link
        self._inside(element, inner)
        self._in_link = before
        pieces += inner if before else self._link(element, inner)

    def _link(self, element: etree._Element, inner: _Pieces) -> _Pieces:
        href = (element.get("href") or "").strip()
        if not href:
            return inner
        if _RUNS_CODE.match(href):
            self._set_aside.append(SetAside(href[:_MAX_TOLD], "an address that runs code", 0))
            return inner
        before, inner, after = _trimmed(inner)
        text = _written(inner, is_start=False, in_link=True).replace("\\]:", "\\]&#58;")  # else a definition
        if not text:
            return [*before, *after]
        title = f' "{_escaped_value(element.get("title") or "")}"' if (element.get("title") or "").strip() else ""
        if text == href and not title and _PLAIN_ADDRESS.fullmatch(href):
            return [*before, _Piece(f"<{href}>", True), *after]
        return [*before, _Piece(f"[{text}]({_address(href)}{title})", True), *after]

    def _emphasised(self, element: etree._Element, inner: _Pieces, before_it: Sequence[_Piece] = ()) -> _Pieces:
        tag = str(element.tag)
        before, inner, after = _trimmed(inner)
        text = _written(inner, is_start=False, in_link=self._in_link)
        if not text:
            return [*before, *after]
        sign = _EMPHASIS[tag]
        if sign in self._emphasis:
            return [*before, _Piece(text, True), *after]
        previous = before_it[-1].text if before_it and not before and before_it[-1].is_done else ""
        other = _OTHER_EMPHASIS[sign].fullmatch(text)
        # Signs that touch each other are read in ways that nobody can foresee.
        if self._emphasis or previous.endswith("*") or (not other and (text[:1] in "*\\" or text[-1:] == "*")):
            tag = "em" if sign == "*" else "strong"
            return [*before, _Piece(f"<{tag}>{text}</{tag}>", True), *after]
        if other:
            return [*before, _Piece(f"***{other[1]}***", True), *after]
        return [*before, _Piece(f"{sign}{text}{sign}", True), *after]

    def _inline_html(self, element: etree._Element, tag: str, pieces: _Pieces) -> None:
        inner: _Pieces = []
        self._target(element, pieces)
        self._inside(element, inner)
        if any(piece.is_done or piece.text for piece in inner):
            pieces += [_Piece(f"<{tag}{self._attributes(element, tag)}>", True), *inner, _Piece(f"</{tag}>", True)]

    def _code(self, element: etree._Element, pieces: _Pieces) -> None:
        text = _SPACES.sub(" ", _code_text(element))
        if any(_is_tag(child) and child.tag not in ("br", "span", "code") for child in element):
            inner: _Pieces = []
            self._inside(element, inner)
            pieces += [_Piece("<code>", True), *inner, _Piece("</code>", True)]
        elif not text.strip():
            pieces.append(_Piece(text))
        elif _touches(pieces, "`") or re.search(r"<[!?]|&#", text) or "\\" in (text.strip()[-1:], text.strip()[:1]):
            pieces += [_Piece("<code>", True), _Piece(text), _Piece("</code>", True)]
        else:
            longest = max((len(run) for run in re.findall("`+", text)), default=0)
            ticks, inner_text = "`" * (longest + 1), text.strip()
            space = " " if inner_text[0] == "`" or inner_text[-1] == "`" else ""
            written = _Piece(f"{ticks}{space}{inner_text}{space}{ticks}", True)
            pieces += [_Piece(" " * text[0].isspace()), written, _Piece(" " * text[-1].isspace())]

    def _image(self, element: etree._Element, pieces: _Pieces) -> None:
        known = self._known_picture(element)
        source = (element.get("src") or "").strip()
        if not source or source.startswith("data:"):
            lazy = (element.get(name) for name in _IMAGE_SOURCES)
            source = next((found for found in lazy if found and not found.startswith("data:")), "") or known.url
        if not source:
            self._drop(element, "img", "a picture without an address")
        elif _is_tracker(element, source):
            self._drop(element, "img", "a tracking pixel")
        elif _RUNS_CODE.match(source):
            self._drop(element, "img", "a picture whose address runs code")
        else:
            alt = element.get("alt")
            alt = _SPACES.sub(" ", known.alt if alt is None else alt).strip()
            title = _SPACES.sub(" ", element.get("title") or "").strip()
            told = f' "{_escaped_value(title)}"' if title and title != alt else ""
            pieces.append(_Piece(f"![{_escaped_value(alt)}]({_address(source)}{told})", True))

    def _known_picture(self, element: etree._Element) -> Picture:
        number = _ATTACHMENT.search(element.get("class") or "")
        found = number[1] if number else element.get("data-id") or element.get("data-attachment-id") or ""
        return self._picture(found) if found else Picture()

    def _embed(self, element: etree._Element, pieces: _Pieces) -> None:
        """A frame of another site as a link to it."""
        address = _embedded_address(element)
        inner: _Pieces = []
        if element.tag != "object" and (element.text or "").strip():
            self._drop_text(_text_in(element), "what a frame shows where there are no frames")
        if element.tag == "object":
            self._inside(element, inner)
        if any(piece.is_done for piece in inner):
            pieces += inner
        elif address and not _RUNS_CODE.match(address):
            if any(piece.text.strip() for piece in inner):
                self._drop_text("".join(piece.text for piece in inner), "what a frame shows where there are no frames")
            title = _SPACES.sub(" ", element.get("title") or "").strip()
            link = etree.Element("a", {"href": address})
            pieces.append(_Piece(" "))
            pieces += self._link(link, [_Piece(title or address)])
            pieces.append(_Piece(" "))
        else:
            self._drop(element, str(element.tag), "a frame without an address")

    def _comment(self, element: etree._Element) -> None:
        text = (element.text or "").strip()
        if text and isinstance(element, etree._Comment) and not re.match(r"/?wp:|more\b|nextpage\b|wpnl", text):
            self._drop_text(f"<!--{element.text}-->", "a comment in the HTML")

    # Footnotes ------------------------------------------------------------------------------------------------

    def _find_notes(self, tree: etree._Element) -> None:
        """Notes are items whose text links back to where they are named from."""
        by_id = {element.get("id"): element for element in tree.iter("li", "p", "div") if element.get("id")}
        places = {element.get("id") or element.get("name"): element for element in tree.iter("a", "sup")}
        for place, element in places.items():
            if place is None:
                continue
            link = element if element.tag == "a" else element.find(".//a")
            name = (link.get("href") or "").removeprefix("#") if link is not None else ""
            note = by_id.get(name)
            if note is None or note in element.iterancestors() or note.tag == "div":
                continue
            back = [a for a in note.iter("a") if a.get("href") == f"#{place}"]
            if back:
                self._note_items[name] = note
                for a in back:
                    self._aside.append(_text_in(a))
                    _remove(a)

    def _is_note(self, element: etree._Element, pieces: _Pieces) -> bool:
        """Whether a `<sup>` names a footnote; then its reference is written."""
        key = element.get("data-fn") or ""
        if key and key in self._texts:
            self._aside.append(_text_in(element))
            self._name_note(key, lambda: markdown_of_html(self._texts[key]).markdown, pieces)
            return True
        link = next((a for a in element.iter("a")), None)
        alone = link is not None and not (element.text or "").strip() and len(element) == 1
        return alone and link is not None and self._is_note_link(link, pieces)

    def _is_note_link(self, element: etree._Element, pieces: _Pieces) -> bool:
        key = (element.get("href") or "").removeprefix("#")
        if not key or key not in self._note_items:
            return False
        item = self._note_items[key]
        self._aside.append(_text_in(element))

        def text() -> str:
            around, self._around = self._around, []
            written = _joined(self._blocks(item, nested=True))
            self._around = around
            return written

        self._name_note(key, text, pieces)
        return True

    def _name_note(self, key: str, text: Callable[[], str], pieces: _Pieces) -> None:
        if key not in self._note_numbers:
            number = self._note_numbers[key] = len(self._note_numbers) + 1
            place = len(self._notes)
            self._notes.append("")
            self._notes[place] = f"[^{number}]: {_indented(text())}"
        pieces.append(_Piece(f"[^{self._note_numbers[key]}]", True))

    # HTML that stays ------------------------------------------------------------------------------------------

    def _html(self, element: etree._Element) -> str:
        """An element as clean HTML; text in it is no Markdown."""
        parts: list[str] = []
        self._write_html(element, parts, in_pre=False, depth=0)
        text = "".join(parts).strip()
        return text if "<pre" in text else re.sub(r"\n\s*\n", "\n", text)

    def _write_html(self, element: etree._Element, parts: list[str], in_pre: bool, depth: int) -> None:
        tag = str(element.tag)
        if tag in _DROPPED:
            self._drop(element, tag)
            return
        if tag in _EMBEDS:
            self._write_embed(element, parts)
            return
        if tag == "img" and _is_tracker(element, element.get("src") or ""):
            self._drop(element, tag, "a tracking pixel")
            return
        if depth > _MAX_DEPTH:
            parts.append(_html_text(_text_in(element, " ")))
            return
        in_pre = in_pre or tag == "pre"
        is_kept = tag in _KEPT_TAGS
        if is_kept:
            parts.append(f"<{tag}{self._attributes(element, tag)}>")
        elif tag in _BLOCKS:
            parts.append(" ")
        if element.text:
            parts.append(_html_text(element.text, in_pre))
        for child in element:
            if _is_tag(child):
                self._write_html(child, parts, in_pre, depth + 1)
            else:
                self._comment(child)
            if child.tail:
                parts.append(_html_text(child.tail, in_pre))
        if is_kept and tag not in _VOID:
            parts.append(f"</{tag}>\n" if tag in _OWN_LINE and not in_pre else f"</{tag}>")
        elif tag in _BLOCKS:
            parts.append(" ")

    def _write_embed(self, element: etree._Element, parts: list[str]) -> None:
        address = _embedded_address(element)
        if address and not _RUNS_CODE.match(address):
            told = html.escape(element.get("title") or address)
            parts.append(f' <a href="{html.escape(address)}">{told}</a> ')
        else:
            self._drop(element, str(element.tag), "a frame without an address")

    def _attributes(self, element: etree._Element, tag: str) -> str:
        allowed = _KEPT_ATTRIBUTES.get(tag, frozenset())
        written = []
        for name, value in element.attrib.items():
            name, text = str(name), str(value)
            is_anchor = name == "id" and text in self._targets
            if name in allowed or name in _KEPT_ATTRIBUTES["*"] or is_anchor:
                if name in ("href", "src", "poster", "cite") and _RUNS_CODE.match(text.strip()):
                    self._set_aside.append(SetAside(text[:_MAX_TOLD], "an address that runs code", 0))
                    continue
                written.append(f' {name}="{_escaped_value(_SPACES.sub(" ", text))}"')
        if tag in ("td", "th") and (side := _COLUMN_SIDES.get(_column_sign(element))):
            written.append(f' align="{side}"')
        if tag == "pre" and "verse" in (element.get("class") or ""):
            written.append(' class="verse"')
        return "".join(written)

    # What is dropped ------------------------------------------------------------------------------------------

    def _drop(self, element: etree._Element, tag: str, reason: str = "") -> None:
        if tag in _SILENT:
            return
        source = etree.tostring(element, encoding="unicode", with_tail=False)
        self._drop_text(source, reason or _DROPPED.get(tag, tag))

    def _drop_text(self, text: str, reason: str) -> None:
        self._aside.append(text)
        shown = _SPACES.sub(" ", text)
        self._set_aside.append(SetAside(shown if len(shown) <= _MAX_TOLD else shown[: _MAX_TOLD - 1] + "…", reason, 0))

    def _plain_blocks(self) -> str:
        text = html.unescape(re.sub(r"<[^<>]*>", "\n\n", self._source))
        return _joined(markdown_of_text(" ".join(part.split())) for part in re.split(r"\n\s*\n", text) if part.strip())


def _tree(source: str) -> etree._Element | None:
    """The tree of a fragment; None where it is nested too deep to be read whole."""
    parser = _parser()
    if "<!--" in source and source.rfind("<!--") > source.rfind("-->"):
        before, _, after = source.rpartition("<!--")
        source = f"{before}&lt;!--{after}"  # a comment without an end would take all that follows
    text = (_REFERENCE.sub(_resolved, source) if "&" in source else source).replace("\0", "")
    tree = etree.fromstring(f"<body>{text}</body>".encode("utf-8", "replace"), parser)
    if tree is None or any("xcessive depth" in (error.message or "") for error in parser.error_log):
        return None
    return tree


@cache
def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)


def _resolved(match: re.Match[str]) -> str:
    """A reference as its character, as browsers have it; those that HTML itself needs stay."""
    value = html.unescape(match[0])
    if value == match[0] or any(char in "<>&\"'" for char in value):
        return match[0]
    return value


def _written(pieces: Sequence[_Piece], *, is_start: bool = True, in_link: bool = False) -> str:
    """The Markdown of a run of pieces, trimmed; neighbouring texts are escaped as one."""
    if len(pieces) == 1 and not pieces[0].is_done:
        return _escaped(_collapsed(pieces[0].text).strip(" "), is_start=is_start, in_link=in_link)
    out, pending = "", ""
    for piece in [*pieces, _Piece("", True)]:
        if not piece.is_done:
            pending += piece.text
            continue
        if pending:
            text = _collapsed(pending)
            pending = ""
            if text[:1] == " " and (not out or out[-1] in " \n"):
                text = text[1:]
            starts = (is_start and not out) or out.endswith("\n")
            out = _joinable(out, text) + _escaped(text, is_start=starts, in_link=in_link, is_alone=False)
        if piece.text == "  \n":
            out = out.rstrip(" ")
            out += "<br>\n" if out.endswith("\n") else "  \n" if out else ""
        else:
            if piece.text[:1] == "[" and out.endswith("!"):
                out = f"{out[:-1]}\\!"  # with a bare ! this would be a picture
            out = _joinable(out, piece.text) + piece.text
    while out.endswith(("<br>\n", "\n", " ")):
        out = out.removesuffix("<br>\n").rstrip(" \n")
    return out.lstrip(" ")


def _joinable(before: str, after: str) -> str:
    """What stands before a piece, so that the two are not read as one reference."""
    return f"{before[:-1]}&amp;" if before[-1:] == "&" and after[:1] not in ("", " ") else before


def _plain_paragraph(text: str) -> str:
    return _with_bare_address(_written([_Piece(text)]))


def _with_bare_address(paragraph: str) -> str:
    return f"<{paragraph}>" if paragraph[:4] == "http" and _BARE_ADDRESS.fullmatch(paragraph) else paragraph


def _collapsed(text: str) -> str:
    """Text with one space wherever there are several, or a line ends."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACES.sub(" ", text)
    return text


def _escaped(text: str, is_start: bool, in_link: bool, is_alone: bool = True) -> str:
    """Text that shows as it is, whatever stands beside it; `is_alone` says that nothing does."""
    is_plain = not _SPECIAL.search(text) and "](" not in text
    if is_plain and not (is_start and _SPECIAL_START.match(text)) and not (in_link and "]" in text):
        return text
    starts = [call.start for call in find_calls(text, is_known, code=False)] if "[" in text else []
    written = _TRAILING_BACKSLASH.sub(lambda m: m[0] + "\\", markdown_of_text(text, is_start=is_start))
    if "&" in written:
        written = _OLD_REFERENCE.sub(_without_reference, written)
    if "<" in written:
        written = _ANGLE.sub("&lt;", written)
    if "{" in written and ("}" in written or not is_alone):
        written = (_BRACE if is_alone else _ANY_BRACE).sub(_with_backslash, written)
    if is_start and text[0] != "\\":
        written = _LINE_START.sub(_as_reference, written)
    opens_definition = is_start and text[0] == "[" and "]" not in text
    if in_link or starts or opens_definition or "](" in text:
        written = _BRACKET.sub(_with_backslash, written)
    return written


def _without_reference(match: re.Match[str]) -> str:
    """Browsers read some references without their semicolon."""
    return f"&amp;{match[0][1:]}" if match[0] == "&#" or html.unescape(match[0]) != match[0] else match[0]


def _with_backslash(match: re.Match[str]) -> str:
    """A sign with a backslash, unless it has one; a pair of backslash and sign is matched as a whole."""
    return match[0] if match[0][0] == "\\" else f"\\{match[0]}"


def _as_reference(match: re.Match[str]) -> str:
    """A sign at the start of a line that no backslash can hide."""
    return f"&#{ord(match[1])};"


def _trimmed(pieces: _Pieces) -> tuple[_Pieces, _Pieces, _Pieces]:
    """Spaces at both ends stand outside of emphasis and links."""
    if len(pieces) == 1 and not pieces[0].is_done and (text := pieces[0].text) and text == text.strip():
        return [], pieces, []
    merged: _Pieces = []
    for piece in pieces:
        if merged and not piece.is_done and not merged[-1].is_done:
            merged[-1] = _Piece(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    before: _Pieces = []
    after: _Pieces = []
    while merged and (merged[0].text == "  \n" or not merged[0].text.strip()):
        before.append(merged.pop(0))
    while merged and (merged[-1].text == "  \n" or not merged[-1].text.strip()):
        after.insert(0, merged.pop())
    if merged and not merged[0].is_done:
        text = merged[0].text
        kept = text.lstrip()
        before.append(_Piece(text[: len(text) - len(kept)]))
        merged[0] = _Piece(kept)
    if merged and not merged[-1].is_done:
        text = merged[-1].text
        kept = text.rstrip()
        after.insert(0, _Piece(text[len(kept) :]))
        merged[-1] = _Piece(kept)
    return [piece for piece in before if piece.text], merged, [piece for piece in after if piece.text]


def _joined(blocks: Iterator[str] | list[str] | Sequence[str]) -> str:
    """Blocks with blank lines between them; two lists or quotations that would grow together are kept apart."""
    out: list[str] = []
    for block in blocks:
        if not block.strip():
            continue
        kind = _kind(block)
        if out and kind and (kind == _kind(out[-1]) or (kind == "code" and _kind(out[-1]) in ("ul", "ol"))):
            out.append("<!-- -->")
        out.append(block)
    return "\n\n".join(out)


def _kind(block: str) -> str:
    if "\n:   " in block and _DEFINED.match(block):
        return "definitions"
    first = block[0]
    if first == "-":
        return "ul" if block[:2] == "- " else ""
    if first == ">":
        return "quotation"
    if first == " ":
        return "code"
    return "ol" if first.isdigit() and _NUMBERED.match(block) else ""


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip(" ") if not line.endswith("  ") else f"> {line}" for line in text.split("\n"))


def _indented(text: str) -> str:
    first, newline, rest = text.partition("\n")
    return first + newline + "\n".join(f"    {line}" if line else "" for line in rest.split("\n"))


def _is_tight(blocks: list[str]) -> bool:
    """Whether an item is one paragraph, and at most one list below it."""
    return len(blocks) < 2 or (len(blocks) == 2 and _kind(blocks[1]) in ("ul", "ol"))


def _touches(pieces: _Pieces, sign: str) -> bool:
    last = next((piece for piece in reversed(pieces) if piece.text), None)
    return last is not None and last.is_done and last.text.endswith(sign)


def _is_tag(node: etree._Element) -> bool:
    """Whether a node is an element, and no comment."""
    return isinstance(node.tag, str)


def _text_in(element: etree._Element, between: str = "") -> str:
    return between.join(map(str, element.itertext()))


def _shows(element: etree._Element) -> bool:
    return bool(_text_in(element).strip()) or next(element.iter("img", *_EMBEDS), None) is not None


def _starts_with_block(item: etree._Element) -> bool:
    """Whether another list or a heading is the first thing in an item."""
    for event, part in etree.iterwalk(item, ("start", "end")):
        if not _is_tag(part):
            continue
        if event == "start" and (part.tag in ("ul", "ol") or _HEADING.fullmatch(part.tag)):
            return True
        text = part.text if event == "start" else part.tail
        if (text or "").strip() or part.tag == "img":
            return False
    return False


def _is_numbered(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "ol"


def _caption(image: str, words: str, shape: dict[str, str]) -> str:
    try:
        return write_call("caption", shape, (), f"{image} {words}")
    except ValueError:
        return f"{image}\n\n{words}"


def _code_text(element: etree._Element) -> str:
    parts: list[str] = [element.text or ""]
    for child in element:
        if child.tag == "br":
            following = child.tail or ""
            parts.append("" if following.startswith("\n") else "\n")
        elif _is_tag(child):
            parts.append(_code_text(child))
        parts.append(child.tail or "")
    return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")


def _language(element: etree._Element) -> str:
    for part in (element, *element.iter("code")):
        named = part.get("data-lang") or part.get("data-language") or part.get("lang") or ""
        match = _LANGUAGE.search(part.get("class") or "")
        found = named or (match[1] or match[2] if match else "")
        if found and re.fullmatch(r"[A-Za-z0-9#+.-]{1,30}", found) and found not in ("none", "plain", "text"):
            return found.lower()
    return ""


def _column_sign(cell: etree._Element) -> str:
    told = f"{cell.get('align') or ''} {cell.get('class') or ''} {cell.get('style') or ''}".lower()
    if "center" in told:
        return ":---:"
    return "---:" if "right" in told else "---"


def _address(url: str) -> str:
    """A URL between the brackets of a link."""
    url = url.strip().translate(_ADDRESS_ESCAPES)
    url = _AMPERSAND.sub("&amp;", url)
    return url.replace("(", "%28").replace(")", "%29")


def _escaped_value(text: str) -> str:
    """A value in quotes or brackets, with references for all that Markdown or HTML would read."""
    text = _AMPERSAND.sub("&amp;", text)
    for char, reference in _VALUE_ESCAPES:
        if char in text:
            text = text.replace(char, reference)
    return text.replace(">", "&gt;")


def _html_text(text: str, in_pre: bool = False) -> str:
    written = html.escape(text, quote=False)
    if "[" in written:
        written = written.replace("[", "&#91;")
    return written if in_pre else _SPACES.sub(" ", written)


def _is_tracker(element: etree._Element, source: str) -> bool:
    tiny = element.get("width") in ("0", "1", "1px") and element.get("height") in ("0", "1", "1px")
    return tiny or _TRACKERS.search(source) is not None


def _repeats_lazy_image(element: etree._Element) -> bool:
    previous = element.getprevious()
    if previous is None or next(element.iter("img"), None) is None:
        return False
    return any(image.get(name) for image in previous.iter("img") for name in _IMAGE_SOURCES)


def _embedded_address(element: etree._Element) -> str:
    address = element.get("src") or element.get("data-src") or element.get("data") or ""
    if not address and element.tag == "object":
        values = [p.get("value") for p in element.iter("param") if (p.get("name") or "").lower() in ("movie", "src")]
        address = next((value for value in values if value), "")
    address = address.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if video := _YOUTUBE.search(address):
        return f"https://www.youtube.com/watch?v={video[1]}"
    if video := _VIMEO.search(address):
        return f"https://vimeo.com/{video[1]}"
    return address if _has_parts(address) else ""


def _has_parts(address: str) -> bool:
    """Whether an address can be taken apart at all."""
    try:
        return bool(urlsplit(address).path or urlsplit(address).netloc)
    except ValueError:
        return False


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    tail, previous = element.tail or "", element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
