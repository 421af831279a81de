"""An export cut into its elements by searching bytes: a broken one never costs the next."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.importers.wordpress.values import is_well_formed
from sitegen.importers.wordpress.window import KINDS, MAX_ELEMENT, TAIL, Window
from sitegen.model import Location, Problem

_INSIDE = {
    name: re.compile(rb"<!\[CDATA\[|</" + name + rb"\s*>|<" + name + rb"(?:\s[^<>]*)?>") for name in KINDS.split(b"|")
}
# Where an item ends and the next one starts, for a section that was never closed and took it in. HTML that shows an
# example of this format has its signs escaped; one bare item is allowed for where all is well-formed.
_NEXT_ITEM = re.compile(rb"</item>\s*<item>|<item>\s*<title>")


class Element(NamedTuple):
    """A stretch of the file from an opening tag to its end, or to where it breaks off."""

    name: str
    data: bytes
    line: int
    is_whole: bool
    is_end: bool = False  # cut by the end of the file


def elements_of(window: Window) -> Iterator[Element | Problem]:
    """Every element in its order, and what is refused."""
    while match := window.next_outside():
        opening = match[0]
        if opening in (b"<![CDATA[", b"<!--"):
            window.skip_section(opening)
        elif match[1] is None:
            yield _refused(window)
            return
        elif match[1] not in _INSIDE:
            window.at = match.end()
        else:
            yield _cut_out(window, match[1], len(opening))


def _refused(window: Window) -> Problem:
    message = "the file declares a document type or entities; no export of WordPress does"
    hint = "remove the lines of <!DOCTYPE … > if you trust the file"
    return Problem(Location(window.path, window.line), "doctype", message, hint)


def _cut_out(window: Window, name: bytes, opening: int) -> Element | Problem:
    """The element at the window's place, and the window moves behind it."""
    line = window.line
    end, is_whole, is_end = _end_of(window, name, opening)
    chunk = window.data[window.at : window.at + end]
    if name == b"item" and (inner := _taken_in(chunk, opening, is_whole)):
        end, is_whole, is_end = inner, False, False
        chunk = chunk[:end]
    window.at += end
    if len(chunk) > MAX_ELEMENT:
        message = f"an item of more than {MAX_ELEMENT >> 20} MB was left out"
        return Problem(Location(window.path, line), "too-large", message, "look for what is not closed", partly=True)
    return Element(name.decode(), chunk, line, is_whole, is_end)


def _taken_in(chunk: bytes, opening: int, is_whole: bool) -> int:
    """Where the next item starts that an item holds; 0 for none."""
    match = _NEXT_ITEM.search(chunk, opening) if chunk.find(b"<item>", opening) >= 0 else None
    if match is None:
        return 0
    if match[0].startswith(b"</"):
        return match.start() + len(b"</item>")
    return 0 if is_whole and is_well_formed(chunk) else match.start()


def _plain_end(data: bytes, start: int) -> int:
    """Where an item ends of which nothing is broken; 0 where that takes a closer look."""
    end = data.find(b"</item>", start)
    if end < 0 or data.find(b"<item", start, end) >= 0 or data.find(b"</item", start, end) >= 0:
        return 0
    last = data.rfind(b"<![CDATA[", start, end)
    if last >= 0 and data.find(b"]]>", last, end) < 0:
        return 0  # it only looks like an end, within a value
    return end + len(b"</item>")


def _end_of(window: Window, name: bytes, opening: int) -> tuple[int, bool, bool]:
    """Length of the element, whether its closing tag is there, and whether the file ends before it."""
    if name == b"item" and (end := _plain_end(window.data, window.at + opening)):
        return end - window.at, True, False
    scan, pattern = opening, _INSIDE[name]
    while True:
        match = pattern.search(window.data, window.at + scan)
        if match is None:
            scan = max(scan, len(window.data) - window.at - TAIL)
            if len(window.data) - window.at > MAX_ELEMENT:
                return len(window.data) - window.at, False, False
            if not window.more():
                return len(window.data) - window.at, False, True
        elif match[0] == b"<![CDATA[":
            scan = window.cdata_end(match.end() - window.at)
            if scan < 0:
                return len(window.data) - window.at, False, window.is_ended
        elif match[0][1:2] == b"/":
            return match.end() - window.at, True, False
        else:
            return match.start() - window.at, False, False
