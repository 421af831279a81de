"""The text of a template that stands around its blocks, apart from all else that is in it.

Where that text alone was edited, as in a frame around all pages, the blocks of a page are what they were: no name that
they see can have changed. So they are taken from the page that is to be replaced, and only the frame is drawn again.
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
# What can hand something on from one place of a template to another, so that a block changes what the frame prints.
_HANDS_ON = re.compile(
    r"""(?:namespace|cycler|joiner|__\w+__)\b | \|\s*attr\b
    | (?:\.|\[\s*["'])(?:add|append|clear|discard|extend|insert|pop|popitem|remove|reverse|setdefault|sort|update)\b""",
    re.VERBOSE,
)


class Parted(NamedTuple):
    """A template in two parts that make up the whole of it."""

    code: str  # with the text in its blocks: where it is equal, equal blocks print the same
    frame: str  # the text around them


def parted(source: str) -> Parted:
    """A template's text outside of its blocks, and all else; all is code where Jinja may read it otherwise."""
    code: list[str] = []
    frame: list[str] = []
    open_tags: list[str] = []
    at = 0
    for token in _TOKENS.finditer(source):
        tag = token["tag"] or ""
        is_end = tag.startswith("end")
        if token["unknown"] or (is_end and tag[3:] != "".join(open_tags[-1:])):
            return Parted(source, "")
        (frame if _AROUND_BLOCKS.issuperset(open_tags) else code).append(source[at : token.start()])
        code.append(token[0])
        at = token.end()
        if is_end:
            open_tags.pop()
        elif tag in _NESTING or (tag == "set" and "=" not in token["rest"]):
            open_tags.append(tag)
    if open_tags:
        return Parted(source, "")
    frame.append(source[at:])
    return Parted("\0".join(code), "\0".join(frame))


def hands_on(source: str) -> bool:
    """Whether a block of a template may tell the frame anything."""
    return _HANDS_ON.search(source) is not None
