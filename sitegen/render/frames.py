"""What a template prints around its blocks, apart from all else that is in it.

Where that alone was edited, as in a frame around all pages, the blocks of a page are what they were: no name that they
see can have changed. So they are taken from the page that is to be replaced, and only the frame is drawn again.
"""

import re
from typing import NamedTuple

_STRING = r"""(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^'\\]*+(?:\\.[^'\\]*+)*+')"""
_TOKENS = re.compile(
    rf"""
    \{{\#.*?\#\}}                                                # a comment
    | \{{%[-+]?\s*raw\s*-?%\}}.*?\{{%[-+]?\s*endraw\s*[-+]?%\}}
    | \{{%[-+]?\s*(?P<tag>\w+)(?P<rest>(?:[^"'%]++|%(?!\}})|{_STRING})*+)%\}}
    | \{{\{{(?:[^"'{{}}]++|{_STRING})*+\}}\}}                    # an expression without braces in it
    | (?P<unknown>\{{[{{%\#])
    """,
    re.DOTALL | re.VERBOSE,
)
_NESTING = {"autoescape", "block", "call", "filter", "for", "if", "macro", "with"}
_AROUND_BLOCKS = {"if", "for"}  # what stands in these alone is printed by the frame itself
_CONDITIONS = {*_AROUND_BLOCKS, "elif", "else"}
# What can hand something on from one place of a template to another, so that what is printed here depends on what was
# printed there: objects that change, and those that give what they have only once.
_HANDS_ON = re.compile(
    r"""(?:namespace|cycler|joiner|__\w+__)\b | \|\s*attr\b
    | (?:\.|\[\s*["'])(?:add|append|clear|discard|extend|insert|pop|popitem|remove|reverse|setdefault|sort|update)\b
    | \{%[-+]?\s*set\b(?:[^%]|%(?!\}))*
    \|\s*(?:batch|items|map|reject|rejectattr|reverse|select|selectattr|slice|unique)\b
    (?:\([^()]*\))?+\s*+(?!\|)""",
    re.VERBOSE,
)


class Parted(NamedTuple):
    """A template in two parts that make up the whole of it."""

    code: str  # its blocks, and what it sets, imports or extends: where it is equal, equal blocks print the same
    frame: str  # all that is printed around the blocks, and under which conditions


def parted(source: str) -> Parted:
    """What a template prints outside of its blocks, and all else; all is code where Jinja may read it otherwise."""
    pieces: list[tuple[int, str]] = []  # each with the number of the outermost condition that it tells of, or these:
    text, code = 0, -1
    conditions, code_conditions = 0, {code}
    open_tags: list[str] = []
    has_blocks = False
    at = 0
    for token in _TOKENS.finditer(source):
        tag = token["tag"] or ""
        is_end = tag.startswith("end")
        is_wrong_end = is_end and tag[3:] != "".join(open_tags[-1:])
        if token["unknown"] or is_wrong_end or (tag == "extends" and has_blocks):
            return Parted(source, "")
        is_printed = _AROUND_BLOCKS.issuperset(open_tags)
        is_nested = bool(open_tags)
        pieces.append((text if is_printed else code, source[at : token.start()]))
        at = token.end()
        has_blocks = has_blocks or tag == "block"
        if is_end:
            open_tags.pop()
        elif tag in _NESTING or (tag == "set" and "=" not in token["rest"]):
            open_tags.append(tag)
        if is_printed and tag.removeprefix("end") in _CONDITIONS:
            conditions += not is_nested
            pieces.append((conditions, token[0]))
        elif is_printed and not tag:
            pieces.append((text, token[0]))
        else:
            pieces.append((code, token[0]))
            if is_printed and is_nested and tag != "block":
                code_conditions.add(conditions)  # it decides what is set
    if open_tags:
        return Parted(source, "")
    pieces.append((text, source[at:]))
    return Parted(
        "\0".join(piece for kind, piece in pieces if kind in code_conditions),
        "\0".join(piece for kind, piece in pieces if kind not in code_conditions),
    )


def hands_on(source: str) -> bool:
    """Whether what a template prints in one place may depend on what it printed in another."""
    return _HANDS_ON.search(source) is not None
