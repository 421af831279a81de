"""Shortcode calls of an item's content taken out before it is read as HTML, and put back into the Markdown."""

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.plain_text import markdown_of_text
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import Call, find_calls, literal_text

_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_LITERAL = re.compile(r"<(pre|code|script|style)\b|<!--", re.IGNORECASE)
_BRACKET = "\ufdd2"  # for one in code or in a comment, where no call is


class Written(NamedTuple):
    """A call as it stands in the Markdown."""

    text: str
    is_block: bool = True
    is_call: bool = True  # our shortcode; other Markdown follows the indentation around it


def without_calls(text: str, is_taken_out: Callable[[str], bool]) -> tuple[str, list[Call]]:
    """The text with numbered marks in place of its calls; what is code or a comment is left alone."""
    if "[" not in text:
        return text, []
    masked = _masked(text)
    calls = [
        msgspec.structs.replace(call, source=text[call.start : call.end], content=_unmasked(call, text))
        for call in find_calls(masked, is_taken_out, code=False)
        if _BRACKET not in f"{call.named}{call.positional}"
    ]
    pieces, end = [], 0
    for number, call in enumerate(calls):
        pieces += [text[end : call.start], f"{MARK_OPEN}{number}{MARK_CLOSE}"]
        end = call.end
    return "".join([*pieces, text[end:]]), calls


def _unmasked(call: Call, text: str) -> str | None:
    if call.content is None or _BRACKET not in call.content:
        return call.content
    return call.content and text[call.start : call.end].partition("]")[2].rpartition("[/")[0]


def _masked(text: str) -> str:
    """The text, as long as before, without the brackets of code and comments."""
    if not _LITERAL.search(text):
        return text
    folded, pieces, end = text.lower(), [], 0
    missing: set[str] = set()
    while match := _LITERAL.search(text, end):
        closing = f"</{match[1].lower()}" if match[1] else "-->"
        close = folded.find(closing, match.end()) if closing not in missing else -1
        if close < 0:
            missing.add(closing)
            close = match.end()
        pieces += [text[end : match.start()], text[match.start() : close].replace("[", _BRACKET).replace("]", _BRACKET)]
        end = close
    return "".join([*pieces, text[end:]])


def put_back(markdown: str, written: list[Written]) -> str:
    """Calls in place of their marks; Markdown of several lines keeps to the quotation or list it stands in."""
    if not written:
        return markdown

    def replaced(match: re.Match[str]) -> str:
        number = int(match[1])
        if number >= len(written):
            return ""
        done = written[number]
        if done.is_call or "\n" not in done.text:
            return done.text
        line = markdown[markdown.rfind("\n", 0, match.start()) + 1 : match.start()]
        prefix = re.sub(r"[^>\s]", " ", line)
        if not prefix:
            return done.text
        return done.text.replace("\n", f"\n{prefix}")

    return _MARK.sub(replaced, markdown)


def escaped_call(call: Call) -> Written:
    """A call that prints literally: in double brackets where ours would be one too."""
    doubled = f"[{literal_text(call)}]"
    if find_calls(doubled, is_known):
        return Written(doubled, False)
    return Written(markdown_of_text(literal_text(call), is_start=False), False, False)
