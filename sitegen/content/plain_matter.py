"""Front matter of the plainest kind, read without a YAML parser: `key: text`, lists of texts, tables of texts.

What comes out is what the YAML reader makes of the same block, node by node; all that might be read otherwise is
left to that reader. A tenth of its time.
"""

import re
from typing import Any, NamedTuple

# What ends a line for YAML, or may not stand in it, or hides one of its signs.
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_TEXT, _LIST, _TABLE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"


class _Place(NamedTuple):
    line: int
    column: int


class PlainNode(NamedTuple):
    """A value as the YAML parser's nodes have it; all that is asked of their marks is line and column."""

    id: str  # "scalar", "sequence" or "mapping"
    tag: str
    value: Any  # a text, a list of nodes, or one of pairs of nodes
    start_mark: _Place
    style: str | None = None  # the quote around a text


def plain_pairs(block: str) -> list[tuple[str, PlainNode]] | None:
    """Keys and value nodes of a block, in order; None for one that is not as plain as that."""
    if _ODD.search(block):
        return None
    pairs: dict[str, PlainNode] = {}
    above = ""  # the key whose value stands in the lines below it
    for number, line in enumerate(block.split("\n")[:-1]):
        if line.startswith(("- ", "  ")):
            if not above or (node := _with_line(pairs[above], line, number)) is None:
                return None
            pairs[above] = node
            continue
        pair = _pair(line, number, 0)
        if pair is None or pair[0].value in pairs:
            return None
        above = "" if pair[1].value or pair[1].style else pair[0].value
        pairs[pair[0].value] = pair[1]
    return list(pairs.items())


def _with_line(node: PlainNode, line: str, number: int) -> PlainNode | None:
    """A value with one more line: an item of a list, or a key of a table."""
    if line[0] == "-":
        part: Any = _scalar(line[2:], number, 2)
        kind, tag, column = "sequence", _LIST, 0
    else:
        part = _pair(line[2:], number, 2)
        kind, tag, column = "mapping", _TABLE, 2
        if part and not part[1].value and not part[1].style:
            return None  # what may stand below it is the parser's to read
    if part is None:
        return None
    if node.id == "scalar":
        return PlainNode(kind, tag, [part], _Place(number, column))
    if node.id != kind:
        return None
    node.value.append(part)
    return node


def _pair(text: str, line: int, column: int) -> tuple[PlainNode, PlainNode] | None:
    """A key and its value, "" where none stands behind it."""
    key, colon, value = text.partition(":")
    if not colon or not (key.isascii() and key.isidentifier() and key.islower()):
        return None
    name = PlainNode("scalar", _TEXT, key, _Place(line, column))
    if not value:
        return name, PlainNode("scalar", _TEXT, "", _Place(line, 0))
    node = _scalar(value[1:], line, column + len(key) + 2) if value[0] == " " else None
    return node and (name, node)


def _scalar(text: str, line: int, column: int) -> PlainNode | None:
    if not text:
        return None
    first, last = text[0], text[-1]
    if first in "\"'":
        inner = text[1:-1]
        if len(text) < 2 or last != first or first in inner or (first == '"' and "\\" in inner):
            return None
        return PlainNode("scalar", _TEXT, inner, _Place(line, column), first)
    if not (first.isalnum() or first == "/") or last in " :" or ": " in text or " #" in text:
        return None
    return PlainNode("scalar", _TEXT, text, _Place(line, column))
