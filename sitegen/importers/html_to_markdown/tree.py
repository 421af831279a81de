"""The tree of an HTML fragment, and questions to its elements."""

import html
import re
from functools import cache

from lxml import etree

BLOCKS = frozenset(
    """address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr html li legend main menu nav ol p pre section summary table tbody td tfoot
    th thead tr caption ul optgroup""".split()
)
EMBEDS = frozenset({"iframe", "embed", "object"})
PLAYERS = frozenset({"audio", "video"})
MAX_DEPTH = 60
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,40});?")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?[-:_]|highlight-source-|brush:\s*)([A-Za-z0-9#+.-]+)|^([a-z]+)\s*;\s*")


def tree_of(source: str) -> etree._Element | None:
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


def text_of_fragment(source: str) -> str:
    """The text of a fragment on one line: what a title or a summary may be."""
    if "<" not in source and "&" not in source:
        return " ".join(source.split())
    tree = tree_of(source)
    if tree is None:
        return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", source)).split())
    parts: list[str] = []
    for element in tree.iter():
        if is_tag(element):
            if element.tag in BLOCKS or element.tag == "br":
                parts.append(" ")
            if element.tag not in ("script", "style"):
                parts.append(element.text or "")
        parts.append(element.tail or "")
    return " ".join("".join(parts).split())


def is_tag(node: etree._Element) -> bool:
    """Whether a node is an element, and no comment."""
    return isinstance(node.tag, str)


def text_in(element: etree._Element, between: str = "") -> str:
    """All text of an element."""
    return between.join(map(str, element.itertext()))


def take_out(element: etree._Element) -> None:
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


def code_text(element: etree._Element) -> str:
    """Text of code; a break in it is the end of a line."""
    parts: list[str] = [element.text or ""]
    for child in element:
        if child.tag == "br":
            following = child.tail or ""
            parts.append("" if following.startswith("\n") else "\n")
        elif is_tag(child):
            parts.append(code_text(child))
        parts.append(child.tail or "")
    return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")


def language_of(element: etree._Element) -> str:
    """The language of code, by what highlighters call it; "" where nobody says."""
    for part in (element, *element.iter("code")):
        named = part.get("data-lang") or part.get("data-language") or part.get("lang") or ""
        match = _LANGUAGE.search(part.get("class") or "")
        found = named or (match[1] or match[2] if match else "")
        if found and re.fullmatch(r"[A-Za-z0-9#+.-]{1,30}", found) and found not in ("none", "plain", "text"):
            return found.lower()
    return ""
