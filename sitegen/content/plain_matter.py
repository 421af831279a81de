"""Front matter of the plainest kind, read without a YAML parser: `key: text`, and lists of texts.

What comes out is what the YAML reader makes of the same block, node by node; all that might be read otherwise is
left to that reader. A tenth of its time.
"""

import re
from typing import Any, NamedTuple

# What ends a line for YAML, or may not stand in it, or hides one of its signs.
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_TEXT, _LIST = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq"


class _Place(NamedTuple):
    line: int
    column: int


class PlainNode(NamedTuple):
    """A value as the YAML parser's nodes have it; all that is asked of their marks is line and column."""

    id: str  # "scalar" or "sequence"
    tag: str
    value: Any  # a text, or a list of nodes
    start_mark: _Place
    style: str | None = None  # the quote around a text


def plain_pairs(block: str) -> list[tuple[str, PlainNode]] | None:
    """Keys and value nodes of a block, in order; None for one that is not as plain as that."""
    if _ODD.search(block):
        return None
    pairs: dict[str, PlainNode] = {}
    items: list[PlainNode] | None = None
    node: PlainNode | None
    for number, line in enumerate(block.split("\n")[:-1]):
        if line.startswith("- "):
            node = _scalar(line[2:], number, 2)
            if items is None or node is None:
                return None
            items.append(node)
            continue
        key, colon, value = line.partition(":")
        if not colon or key in pairs or not (key.isascii() and key.isalpha() and key.islower()):
            return None
        items = None if value else []
        if items is not None:
            node = PlainNode("sequence", _LIST, items, _Place(number + 1, 0))
        elif value[0] == " ":
            node = _scalar(value[1:], number, len(key) + 2)
        else:
            return None
        if node is None:
            return None
        pairs[key] = node
    return [(key, _empty_text(node) if node.value == [] else node) for key, node in pairs.items()]


def _scalar(text: str, line: int, column: int) -> PlainNode | None:
    if not text:
        return None
    first, last = text[0], text[-1]
    if first in "\"'":
        inner = text[1:-1]
        if len(text) < 2 or last != first or first in inner or (first == '"' and "\\" in inner):
            return None
        return PlainNode("scalar", _TEXT, inner, _Place(line, column), first)
    if not first.isalnum() or last in " :" or ": " in text or " #" in text:
        return None
    return PlainNode("scalar", _TEXT, text, _Place(line, column))


def _empty_text(node: PlainNode) -> PlainNode:
    """A key with nothing behind it and no list below it."""
    return PlainNode("scalar", _TEXT, "", _Place(node.start_mark.line - 1, 0))
