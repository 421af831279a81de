"""Calls without brackets: an address on a line of its own, and a note in double parentheses."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from sitegen.shortcodes.code import Span, code_spans, span_at
from sitegen.shortcodes.providers import provider_of
from sitegen.shortcodes.syntax import Call
from sitegen.shortcodes.traces import may_have_lines, may_have_notes

_LINE = re.compile(r"^ {0,3}<?(https?://[^\s<>\"'\[\]`]+)>?[ \t]*$", re.MULTILINE)
# Two words at least: `f((x))` is no note.
_NOTE = re.compile(
    r"(?<![\\(])\(\(((?=[^()\n]*\w{2}[^()\n]*\s[^()\n]*\w{2})[^()\n]+(?:\([^()\n]*\)[^()\n]*)*)\)\)(?!\))"
)


def bare_calls(text: str, line: int = 1, column: int = 1) -> list[Call]:
    """Both, in their order; nothing in code is one. `line` and `column` say where the text begins."""
    has_lines = may_have_lines(text) and _LINE.search(text) is not None
    has_notes = may_have_notes(text)
    if not has_lines and not has_notes:
        return []
    code = code_spans(text)
    calls = [*(_lines(text, code) if has_lines else ()), *(_notes(text, code) if has_notes else ())]
    return [_shifted(call, line, column) for call in sorted(calls, key=lambda call: call.start)]


def _lines(text: str, code: list[Span]) -> Iterator[Call]:
    for line in _LINE.finditer(text):
        if span_at(code, line.start(1)) is None and provider_of(line[1]):
            yield _call("embed", line, text)


def _notes(text: str, code: list[Span]) -> Iterator[Call]:
    for note in _NOTE.finditer(text):
        if span_at(code, note.start()) is None:
            yield _call("footnote", note, text)


def _shifted(call: Call, line: int, column: int) -> Call:
    if line == column == 1:
        return call
    right = column - 1 if call.line == 1 else 0
    return replace(
        call, line=call.line + line - 1, column=call.column + right,
        content_line=call.content_line + line - 1, content_column=call.content_column + right,
    )  # fmt: skip


def _call(name: str, match: re.Match[str], text: str) -> Call:
    start = match.start()
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return Call(
        name=name, named={}, positional=(), content=match[1], source=match[0], start=start, end=match.end(),
        line=line, column=column, content_line=line, content_column=column + match.start(1) - start,
    )  # fmt: skip
