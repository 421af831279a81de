"""Blocks of Markdown one below the other, quoted, indented, kept apart."""

import re
from collections.abc import Iterable

_DEFINED = re.compile(r"[^\n]+\n:   ")
_NUMBERED = re.compile(r"\d+\. ")


def joined(blocks: Iterable[str]) -> str:
    """Blocks with blank lines between them; two lists or quotations that would grow together are kept apart."""
    out: list[str] = []
    for block in blocks:
        if not block.strip():
            continue
        kind = kind_of(block)
        if out and kind and (kind == kind_of(out[-1]) or (kind == "code" and kind_of(out[-1]) in ("ul", "ol"))):
            out.append("<!-- -->")
        out.append(block)
    return "\n\n".join(out)


def kind_of(block: str) -> str:
    """What a block would grow together with; "" for nothing."""
    if "\n:   " in block and _DEFINED.match(block):
        return "definitions"
    first = block[:1]
    if first == "-":
        return "ul" if block[:2] == "- " else ""
    if first == ">":
        return "quotation"
    if first == " ":
        return "code"
    return "ol" if first.isdigit() and _NUMBERED.match(block) else ""


def quoted(text: str) -> str:
    """Lines of a quotation."""
    return "\n".join(f"> {line}".rstrip(" ") if not line.endswith("  ") else f"> {line}" for line in text.split("\n"))


def indented(text: str) -> str:
    """Lines of an item; the first one stands behind its sign."""
    first, newline, rest = text.partition("\n")
    return first + newline + "\n".join(f"    {line}" if line else "" for line in rest.split("\n"))
