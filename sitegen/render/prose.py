"""The quick way from Markdown to HTML, for what most articles are: prose.

Python-Markdown defines the dialect and takes some two milliseconds an article. Most bodies hold paragraphs, headings,
simple emphasis, links, pictures, code spans, fenced code, quotations and plain lists alone. For these the very same
HTML, as it is after cleaning, is made here directly; anything that is not surely understood is left to Python-Markdown,
the whole body. Tests hold the two byte for byte.
"""

import html as html_module
import re
from collections.abc import Callable

from markupsafe import escape
from msgspec import Struct, field

from sitegen.content.permalinks import slug_of

Fence = Callable[[str, str], str]
"""Code and its language -> cleaned HTML of a code block."""

# Looking for one character is a hundred times quicker than for two, or for one of several: so that is asked first.
# Signs that mean more than prose wherever they stand; and control characters, which Markdown or the cleaner change.
_FOREIGN = ("{", "\t", "\r", "\x00", "\x02", "\x03")
_FOREIGN_BRACKETS = ("[TOC]", "[^", "]:", "][")
# At the start of a line these begin a block of another kind.
_BLOCK_START = re.compile(r"\n(?:[ #>=:~|-]|\+[ \n]|\*[ \[\n]|\d+\.(?:[ \n]|\Z)|[*_ ]{3,}(?:\n|\Z))")
_FENCE = re.compile(r"(?:\A|(?<=\n\n))```([\w#+.-]*)\n((?:(?!```).*\n)*?)``` *(?=\n\n|\n?\Z)")
_FENCE_MARK = "\ufdd2"
_HEADING = re.compile(r"(#{1,6})([^\\#\n]*?)#*(?:\n|\Z)")
_RULE = re.compile(r" {0,3}(?:(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,}) *")
_ITEM = re.compile(r"(?:([*+-])|(\d+)\.) +(?=[^ ])(.+)")
_MAX_DEPTH = 6

_INLINE = ("\\", "`", "*", "_", "[", "]", "&", "<", ">")
# Pairs of tags that mark words and hold no others.
_MARKED = re.compile(r"(<(b|cite|del|em|i|ins|kbd|q|s|small|strong|sub|sup|u)>)([^<>\n]*)(</\2>)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd]")
_CODE_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
# A pattern that starts with a sign is looked for much quicker than one that starts with what is not before it.
_LINK = re.compile(
    r"(!\[|\[)([^\[\]]*)\]"
    r"\(((?:https?://|mailto:)?[\w/#?.%][\w./~%?=#&+,;@!$-]*)(?: +\"([^\"\n&>*_`\\]*)\")?\)"
)
_COLON = re.compile(r"(?!https?:|mailto:)[^/?#]*:")
_BRACKETS = re.compile(r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*")
_EMPHASIS = re.compile(
    r"(\*(?<![\w*_]\*)\*?|_(?<![\w*_]_)_?)"
    r"(?=[^\s*_])((?:[^*_]|(?<=[^\W_])_(?=[^\W_]))*)(?<=[^\s*_])\1(?![\w*_])"
)
_LOOSE_SIGN = re.compile(r"\*|_(?<![^\W_]_)|_(?![^\W_])")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|nbsp);)(?:#?\w+);")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|nbsp);)")
_INDENTED_BREAK = re.compile(r"  \n(?:\s|\Z)")
_BLANK_LINE = re.compile(r"(?<=\n) +\n")
_TAG = re.compile(r"<[^>]*>")
_STASHED = re.compile("[\ue000-\uf8ff]")
_ESCAPED = re.compile("[\U000f0000-\U000f007f]")
_ESCAPED_AT = 0xF0000
_STASH_AT = 0xE000
_STASH_SIZE = 0x1000


def prose_html(text: str, fence: Fence) -> str | None:
    """Clean HTML of a body that holds prose alone; None for a body that Python-Markdown has to read."""
    for sign in _FOREIGN:
        if sign in text:
            return None
    if "[" in text:
        for sign in _FOREIGN_BRACKETS:
            if sign in text:
                return None
    # A number after it, even without a semicolon, is read as a character before Markdown begins.
    if "&" in text and "&#" in text:
        return None
    if " \n" in text:
        text = _BLANK_LINE.sub("\n", text)
    if "~" in text and "~~~" in text:
        return None
    blocks_of_code: list[str] = []
    if "`" in text and "```" in text:
        if _FENCE_MARK in text:
            return None
        text = _without_code(text, fence, blocks_of_code)
    if "<" in text and "<" in _MARKED.sub("", text):
        return None
    try:
        return _Prose(blocks_of_code).html(text)
    except _NotProseError:
        return None


class _NotProseError(Exception):
    """Something that is not surely understood."""


def _without_code(text: str, fence: Fence, blocks: list[str]) -> str:
    """Text with a mark in place of each fenced block; a fence that is left over is none that is understood."""

    def taken_out(match: "re.Match[str]") -> str:
        blocks.append(fence(match[2], match[1]))
        return _FENCE_MARK

    return _FENCE.sub(taken_out, text)


class _List(Struct):
    """A list that the next block may go on with."""

    tag: str  # "ul" or "ol"
    start: str
    items: list[str]
    loose: list[bool]  # items that are paragraphs

    def html(self) -> str:
        start = f' start="{self.start}"' if self.start not in ("", "1") else ""
        items = (
            f"<li>\n<p>{item}</p>\n</li>" if loose else f"<li>{item}</li>"
            for item, loose in zip(self.items, self.loose, strict=True)
        )
        return f"<{self.tag}{start}>\n" + "\n".join(items) + f"\n</{self.tag}>"


class _Quotation(Struct):
    """A quotation that the next block may go on with."""

    parts: "list[_Part]"

    def html(self) -> str:
        return "<blockquote>\n" + _joined(self.parts) + "\n</blockquote>"


_Part = str | _List | _Quotation


def _joined(parts: list[_Part]) -> str:
    return "\n".join([part if isinstance(part, str) else part.html() for part in parts])


class _Prose(Struct):
    """One body on its way; ids of headings are its own."""

    blocks_of_code: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    codes: int = 0

    def html(self, text: str) -> str:
        parts: list[_Part] = []
        self.add_blocks(text, parts, 0)
        return _joined(parts).replace("\xa0", "&nbsp;").strip()

    def add_blocks(self, text: str, parts: list[_Part], depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _NotProseError
        has_inline = _has_inline(text) or " \n" in text
        is_plain = not _BLOCK_START.search("\n" + text)
        for block in text.split("\n\n"):
            block = block.strip("\n")
            if not block:
                continue
            if not is_plain and _BLOCK_START.search("\n" + block):
                self.add_block(block, parts, depth)
            elif block == _FENCE_MARK:
                # Python-Markdown keeps the line break that ends a code block.
                parts.append(self.blocks_of_code[self.codes] + "\n")
                self.codes += 1
            elif block := block.lstrip():
                if "\n" in block[len(block.rstrip()) :]:
                    raise _NotProseError
                parts.append(f"<p>{_inline(block) if has_inline else block}</p>")

    def add_block(self, block: str, parts: list[_Part], depth: int) -> None:
        """A block that starts, or has a line that starts, like one of another kind."""
        first = block[0]
        if first == "#":
            self.add_heading(block, parts, depth)
        elif first == ">":
            lines = block.split("\n")
            if not all(line[:1] == ">" for line in lines):
                raise _NotProseError
            inner = "\n".join(line[2:] if line[1:2] == " " else line[1:] for line in map(_unblanked, lines))
            if not inner.strip() or inner[-1] == "\n":
                raise _NotProseError
            if parts and isinstance(parts[-1], _Quotation):
                self.add_blocks(inner, parts[-1].parts, depth + 1)
            else:
                quotation = _Quotation([])
                self.add_blocks(inner, quotation.parts, depth + 1)
                parts.append(quotation)
        elif _RULE.fullmatch(block):
            parts.append("<hr>")
        else:
            _add_items(block, parts)

    def add_heading(self, block: str, parts: list[_Part], depth: int) -> None:
        match = _HEADING.match(block)
        if not match or not match[2].strip():
            raise _NotProseError
        level = max(len(match[1]), 2)
        words = match[2].strip()
        inner = _inline(words)
        name = " ".join((_TAG.sub("", inner) if "<" in inner else inner).split())
        own = _unique(slug_of(html_module.unescape(name), fallback="section"), self.ids)
        parts.append(f'<h{level} id="{own}">{inner}</h{level}>')
        if rest := block[match.end() :]:
            self.add_blocks(rest, parts, depth)


def _unblanked(line: str) -> str:
    """A line of a quotation; nothing but spaces behind its sign is an empty line."""
    return ">" if line.strip() == ">" else line


def _add_items(block: str, parts: list[_Part]) -> None:
    """A list with each item on a line of its own; a list before it of the same kind goes on, with paragraphs."""
    found = [_ITEM.fullmatch(line) for line in block.split("\n")]
    first = found[0]
    if not first:
        raise _NotProseError
    tag = "ul" if first[1] else "ol"
    items = []
    for match in found:
        if (
            not match
            or not match[3].strip()
            or bool(match[1]) != bool(first[1])
            or _BLOCK_START.search("\n" + match[3])
        ):
            raise _NotProseError
        items.append(_inline(match[3].lstrip()))
    before = parts[-1] if parts else None
    if isinstance(before, _List) and before.tag == tag:
        before.loose[-1] = True
        before.items += items
        before.loose += [True] + [False] * (len(items) - 1)
    else:
        parts.append(_List(tag, first[2] or "", items, [False] * len(items)))


def _unique(own: str, ids: set[str]) -> str:
    """As Python-Markdown numbers headings of one name: name, name_1, name_2."""
    found, number = own, 0
    while found in ids:
        number += 1
        found = f"{own}_{number}"
    ids.add(found)
    return found


def _has_inline(text: str) -> bool:
    for sign in _INLINE:  # noqa: SIM110 - a generator would take longer than the search
        if sign in text:
            return True
    return False


def _inline(text: str) -> str:
    """HTML of a paragraph's text."""
    if not _has_inline(text):
        return _with_breaks(text)
    if "`" not in text and "\\" not in text and "[" not in text and "]" not in text and "<" not in text:
        return _emphasised(_references(text))
    return _Stash().html(text)


class _Stash(Struct):
    """What was taken out of a paragraph, under a private character each."""

    kept: list[str] = field(default_factory=list)

    def html(self, text: str) -> str:
        if _PRIVATE.search(text):
            raise _NotProseError
        if "`" in text:
            if "\\" in text or "<" in text:
                raise _NotProseError
            text = _CODE_SPAN.sub(self.code, text)
            if "`" in text:
                raise _NotProseError
        if has_escapes := "\\" in text:
            text = _ESCAPE.sub(lambda match: chr(_ESCAPED_AT + ord(match[1])), text)
        if "<" in text:
            text = _MARKED.sub(self.marked, text)
            if "<" in text:
                raise _NotProseError
        text = _references(text)
        if "[" in text or "]" in text:
            text = _LINK.sub(self.link, text)
            if "](" in text or not _BRACKETS.fullmatch(text):
                raise _NotProseError
        text = _emphasised(text)
        while found := _STASHED.search(text):
            text = _STASHED.sub(lambda match: self.kept[ord(match[0]) - _STASH_AT], text)
            if len(self.kept) > _STASH_SIZE or found[0] in text:
                raise _NotProseError
        return _ESCAPED.sub(_unescaped, text) if has_escapes else text

    def code(self, match: "re.Match[str]") -> str:
        code = match[1].strip()
        if not code:
            raise _NotProseError
        return self.keep(f"<code>{code.replace('&', '&amp;').replace('>', '&gt;')}</code>")

    def marked(self, match: "re.Match[str]") -> str:
        return f"{self.keep(match[1])}{match[3]}{self.keep(match[4])}"

    def link(self, match: "re.Match[str]") -> str:
        opening, words, address, title = match.groups()
        if _COLON.match(address) or _REFERENCE.search(address):
            raise _NotProseError
        about = f' title="{title}"' if title is not None else ""
        if opening == "![":
            if _PRIVATE.search(words) or '"' in words or "&" in words or "\n" in words or ">" in words:
                raise _NotProseError
            return self.keep(f'<img alt="{words}" src="{address}"{about}>')
        if not words.strip():
            raise _NotProseError
        return self.keep(f'<a href="{address}"{about}>{_emphasised(words)}</a>')

    def keep(self, html: str) -> str:
        self.kept.append(html)
        if len(self.kept) > _STASH_SIZE:
            raise _NotProseError
        return chr(_STASH_AT + len(self.kept) - 1)


def _references(text: str) -> str:
    """Text with its ampersands and angles escaped; character references but the four common ones are not for here."""
    if "&" in text:
        if _REFERENCE.search(text):
            raise _NotProseError
        text = _AMPERSAND.sub("&amp;", text)
    return text.replace(">", "&gt;")


def _emphasised(text: str) -> str:
    """Text with simple emphasis and hard line breaks."""
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(_emphasis, text)
        if _LOOSE_SIGN.search(text):
            raise _NotProseError
    return _with_breaks(text)


def _with_breaks(text: str) -> str:
    """Text with its hard line breaks."""
    if "\n" not in text or "  \n" not in text:
        return text
    if _INDENTED_BREAK.search(text):
        raise _NotProseError
    return text.replace("  \n", "<br>\n")


def _emphasis(match: "re.Match[str]") -> str:
    tag = "strong" if len(match[1]) == 2 else "em"
    return f"<{tag}>{match[2]}</{tag}>"


def _unescaped(match: "re.Match[str]") -> str:
    return str(escape(chr(ord(match[0]) - _ESCAPED_AT)))
