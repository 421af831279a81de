"""Elements of an export as trees of values: by a parser that resolves nothing, or leniently where XML is broken."""

import html
import re
from bisect import bisect_left
from functools import cache, lru_cache

from lxml import etree

import sitegen.importers.encodings  # noqa: F401 - registers the error handler "sitegen-cp1252"

# What XML forbids, and noncharacters: importers write their marks with these.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL_BYTES = bytes({*range(32)} - {9, 10, 13})
_BAD_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=")
_PREFIXES = ("wp", "content", "excerpt", "dc", "wfw", "atom", "media", "georss", "geo", "sy", "slash")
_LEAF = re.compile(
    r"<(/?)(wp:postmeta|wp:commentmeta|wp:comment|item|title|link|language|pubDate|guid|description|category"
    r"|[A-Za-z][\w.-]*:[A-Za-z_][\w.-]*)((?:\s[^<>]*)?)>"
)
_CONTAINERS = frozenset({"item", "wp:postmeta", "wp:commentmeta", "wp:comment"})
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def text_of(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    """An element as text that XML allows, and what was done for it."""
    mends = []
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "sitegen-cp1252")
        mends.append(("encoding", f"byte {data[error.start]:#x} is not UTF-8"))
    if _has_control(data) and (found := CONTROL.search(text)):
        text = CONTROL.sub("", text)
        mends.append(("control", f"U+{ord(found[0]):04X}"))
    return text, mends


def _has_control(data: bytes) -> bool:
    """Whether there may be a character that XML forbids; counting bytes is faster than a search of the text."""
    return len(data.translate(None, _CONTROL_BYTES)) < len(data) or b"\xef\xbf" in data or b"\xef\xb7" in data


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def is_well_formed(data: bytes) -> bool:
    """Whether an element is XML as it stands."""
    return parsed(text_of(data)[0]) is not None


def parsed(text: str) -> etree._Element | None:
    """The tree of well-formed text; a prefix is its own namespace."""
    prefixes = _PREFIXES
    try:
        return etree.fromstring(_enclosed(text, prefixes), _parser())[0]
    except etree.XMLSyntaxError:
        pass
    prefixes = tuple(sorted({*_PREFIXES, *(a or b for a, b in _PREFIX.findall(text))} - {"xml", "xmlns"}))[:500]
    try:
        return etree.fromstring(_enclosed(_BAD_REFERENCE.sub("", text), prefixes), _parser())[0]
    except (etree.XMLSyntaxError, IndexError):
        return None


def _enclosed(text: str, prefixes: tuple[str, ...]) -> bytes:
    return f"<r {_declared(prefixes)}>{text}</r>".encode("utf-8", "replace")


@lru_cache(maxsize=8)
def _declared(prefixes: tuple[str, ...]) -> str:
    return " ".join(f'xmlns:{prefix}="{prefix}"' for prefix in prefixes)


def read_leniently(text: str) -> tuple[etree._Element, int]:
    """The tree of a broken element, and how many of its parts have no end: those are not in it.

    As WordPress reads it without an XML parser: a value ends at its own closing tag, and in CDATA at the
    `]]>` before that.
    """
    closings: dict[str, tuple[list[int], list[int]]] = {}
    for match in _LEAF.finditer(text):
        if match[1]:
            every, behind_cdata = closings.setdefault(match[2], ([], []))
            every.append(match.start())
            if text[max(0, match.start() - 200) : match.start()].rstrip().endswith("]]>"):
                behind_cdata.append(match.start())
    root = etree.Element("item")
    stack, position, lost = [("item", root)], 0, 0
    while opening := _LEAF.search(text, position):
        position = opening.end()
        name = opening[2]
        if name in _CONTAINERS:
            if opening[1] and len(stack) > 1 and stack[-1][0] == name:
                stack[-2][1].append(stack.pop()[1])
            elif not opening[1] and name != "item" and len(stack) < 4:
                stack.append((name, etree.Element(_qualified(name))))
            continue
        if opening[1] or opening[3].endswith("/"):
            continue
        in_cdata = text[position : position + 200].lstrip().startswith("<![CDATA[")
        every, behind_cdata = closings.get(name, ([], []))
        places = behind_cdata if in_cdata and behind_cdata and behind_cdata[-1] >= position else every
        index = bisect_left(places, position)
        if index == len(places):
            lost += 1
            continue
        leaf = etree.SubElement(stack[-1][1], _qualified(name), _attributes(opening[3]))
        leaf.text = _leaf_text(text[position : places[index]], in_cdata)
        position = places[index]
    return root, lost + len(stack) - 1


def _qualified(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{prefix}}}{local}" if colon else name


def _attributes(text: str) -> dict[str, str]:
    return {a: html.unescape(b or c) for a, b, c in _ATTRIBUTE.findall(text) if ":" not in a}


def _leaf_text(text: str, in_cdata: bool) -> str:
    if in_cdata:
        inner = text.strip().removeprefix("<![CDATA[").removesuffix("]]>")
        plain = inner.replace("]]]]><![CDATA[>", "]]>").replace("]]><![CDATA[", "")
    else:
        plain = html.unescape(text)
    return CONTROL.sub("", plain).replace("\r\n", "\n").encode("utf-8", "replace").decode()


def inner_of(leaf: etree._Element | None) -> str:
    """Text of a value; markup that nobody escaped belongs to it."""
    if leaf is None:
        return ""
    if len(leaf) == 0:
        return leaf.text or ""
    parts = [html.escape(leaf.text or "", quote=False)]
    for child in leaf:
        written = etree.tostring(child, encoding="unicode")
        parts.append(re.sub(r' xmlns:\w+="\w+"', "", written))
    return "".join(parts)
