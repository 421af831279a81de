"""References to pictures, sounds, films and documents in Markdown: where they stand, and another in their place."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote

from sitegen.shortcodes.code import code_spans, span_at

_TARGET = r"(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]++(?:\([^\s()<>]*+\)[^\s()<>]*+)*+))"
_DESTINATION = re.compile(rf"\]\(\s*+{_TARGET}")
_PICTURE = re.compile(r"!\[(?:[^\[\]\\]|\\.)*+\]\(\s*+<?")
_DEFINITION = re.compile(rf"^ {{0,3}}\[[^\[\]\n]++\]:[ \t]*+{_TARGET}", re.MULTILINE)
_MAX_ATTRIBUTE = 6  # letters of a name
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(?P<name>src|href|poster|srcset|mp3|ogg|oga|m4a|wav|wma|flac|mp4|m4v|webm|ogv|mov|wmv|flv|image|file)"
    r"\s*+=\s*+(?:\"(?P<double>[^\"\n]*+)\"|'(?P<single>[^'\n]*+)')",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(
    r"\[(?:audio|video|embed)\b[^\[\]\n]*+\]\s*+<?(?P<enclosed>https?://[^\s<>\[\]]++)>?\s*+\[/", re.IGNORECASE
)
_AUTOLINK = re.compile(r"<(?P<auto>https?://[^<>\s]++)>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SRCSET = re.compile(r"(\s*)([^\s,]+(?:,[^\s,]+)*?)((?:\s+[\d.]+[wx])?\s*(?:,|$))")


class MediaReference(NamedTuple):
    """A reference as it is written in Markdown, decoded; and whether the page shows it, or leads to it."""

    address: str
    is_shown: bool


class _Found(NamedTuple):
    start: int
    end: int
    form: str  # "bare", "angled", "attribute", "srcset", "auto"
    reference: MediaReference


Settle = Callable[[MediaReference], str]
"""What to write in a reference's place, as a path; "" leaves it as it is."""


def references_in(markdown: str) -> Iterator[MediaReference]:
    """Every reference of a text that may lead to a medium, in its order; code is left alone."""
    for found in _all(markdown):
        if found.form == "srcset":
            parts = _SRCSET.findall(found.reference.address)
            yield from (MediaReference(address, True) for _, address, _ in parts)
        else:
            yield found.reference


def with_references(markdown: str, settle: Settle) -> str:
    """The text with other references where `settle` gives one; nothing else changes."""
    pieces, end = [], 0
    for found in _all(markdown):
        written = _written(found, settle, markdown[found.start : found.end])
        pieces += [markdown[end : found.start], written]
        end = found.end
    return "".join([*pieces, markdown[end:]]) if pieces else markdown


def _written(found: _Found, settle: Settle, before: str) -> str:
    if found.form == "srcset":

        def settled(match: re.Match[str]) -> str:
            path = settle(MediaReference(unescape(match[2]), True))
            return f"{match[1]}{escape(_encoded(path)) if path else match[2]}{match[3]}"

        return _SRCSET.sub(settled, before)
    path = settle(found.reference)
    if not path:
        return before
    if found.form == "auto":
        name = re.sub(r"([\[\]\\*_`])", r"\\\1", path.rpartition("/")[2])
        return f"[{name}]({_encoded(path)})"
    return escape(_encoded(path)) if found.form == "attribute" else _encoded(path)


def _encoded(path: str) -> str:
    return quote(path, safe="/-._~!$&'+,;=:@")


def _all(markdown: str) -> list[_Found]:
    """All places, none within another, in their order."""
    if "[" not in markdown and "<" not in markdown:
        return []
    found = [place for step in (_destinations, _attributes, _addresses) for place in step(markdown)]
    if not found:
        return []
    spans = code_spans(markdown)
    return sorted(_apart(place for place in found if not span_at(spans, place.start)))


def _destinations(markdown: str) -> Iterator[_Found]:
    """Of links, pictures and definitions."""
    shown = {match.end() for match in _PICTURE.finditer(markdown)} if "![" in markdown else set()
    for pattern, sign in ((_DESTINATION, "]("), (_DEFINITION, "]:")):
        if sign not in markdown:
            continue
        for match in pattern.finditer(markdown):
            form = "angled" if match["angled"] is not None else "bare"
            start, end = match.span(form)
            written = match[form]
            address = unescape(written) if "&" in written else written
            if "\\" in address:
                address = _ESCAPED.sub(r"\1", address)
            yield _Found(start, end, form, MediaReference(address, start in shown))


def _attributes(markdown: str) -> Iterator[_Found]:
    """Of HTML and of shortcodes, and what shortcodes of players enclose."""
    for match in _attribute_matches(markdown):
        quoted = "double" if match["double"] is not None else "single"
        form = "srcset" if match["name"].lower() == "srcset" else "attribute"
        value = match[quoted] if form == "srcset" else unescape(match[quoted])
        yield _Found(*match.span(quoted), form, MediaReference(value, match["name"].lower() != "href"))
    if "[/" in markdown:
        for match in _ENCLOSED.finditer(markdown):
            yield _Found(*match.span("enclosed"), "bare", MediaReference(match["enclosed"], True))


def _attribute_matches(markdown: str) -> Iterator[re.Match[str]]:
    """As `_ATTRIBUTE.finditer`, which would try every letter of a text; few of them stand before an equals sign."""
    end, sign = 0, markdown.find("=")
    while sign >= 0:
        start = sign
        while start > end and markdown[start - 1].isspace():
            start -= 1
        first = max(end, start - _MAX_ATTRIBUTE)
        while start > first and markdown[start - 1].isalnum():
            start -= 1
        if match := _ATTRIBUTE.match(markdown, start):
            yield match
            end = match.end()
        sign = markdown.find("=", max(sign + 1, end))


def _addresses(markdown: str) -> Iterator[_Found]:
    """Addresses in angle brackets that are text and link in one."""
    if "<http" not in markdown:
        return
    inside = {match.start("angled") for match in _DESTINATION.finditer(markdown)}
    inside |= {match.start("angled") for match in _DEFINITION.finditer(markdown)}
    inside |= {match.start("enclosed") for match in _ENCLOSED.finditer(markdown)}
    for match in _AUTOLINK.finditer(markdown):
        if match.start("auto") not in inside:
            yield _Found(*match.span(), "auto", MediaReference(unescape(match["auto"]), False))


def _apart(found: Iterator[_Found]) -> Iterator[_Found]:
    end = 0
    for place in sorted(found):
        if place.start >= end:
            yield place
            end = place.end
