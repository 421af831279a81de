"""A text on its way from raw to clean, which remembers where each of its places stood in the raw file."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from sitegen.importers.report import Mend

_RARE_SPACE = re.compile("[\t\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class Edit(NamedTuple):
    """A stretch of a text and what comes in its place; `before` and `after` are what the report shows of it."""

    start: int
    end: int
    text: str
    before: str
    after: str


class Mending:
    """A text, edited in steps."""

    def __init__(self, raw: str) -> None:
        self.text = raw
        self.taken = 0  # letters that mends have taken away, less those that they have put in
        self._raw = raw
        self._steps: list[tuple[list[int], list[int]]] = []  # of each step: where its edits end, and the growth so far
        self._line_starts: list[int] = []

    def edit(self, edits: Sequence[Edit]) -> None:
        """Make edits, in their order, none over another."""
        if not edits:
            return
        pieces, ends, growths, end, growth = [], [], [], 0, 0
        for edit in edits:
            pieces += [self.text[end : edit.start], edit.text]
            end = edit.end
            growth += len(edit.text) - (edit.end - edit.start)
            ends.append(edit.end + growth)
            growths.append(growth)
        self.text = "".join([*pieces, self.text[end:]])
        self._steps.append((ends, growths))

    def mend(self, kind: str, edits: Sequence[Edit]) -> list[Mend]:
        """Make edits, and say each with its place in the raw file."""
        mends = [Mend(kind, edit.before, edit.after, *self.place(edit.start)) for edit in edits]
        before = "".join([self.text[edit.start : edit.end] for edit in edits])
        self.taken += letters(before) - letters("".join([edit.text for edit in edits]))
        self.edit(edits)
        return mends

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of the raw text, from 1, at which the place `offset` of this text stood."""
        for ends, growths in reversed(self._steps):
            if number := bisect_right(ends, offset):
                offset -= growths[number - 1]
        if not self._line_starts:
            self._line_starts = [0]
            for text in self._raw.split("\n"):
                self._line_starts.append(self._line_starts[-1] + len(text) + 1)
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def letters(text: str) -> int:
    """How many characters of a text are no spaces."""
    # Two signs are counted sooner than a text is taken apart.
    return len(text) - text.count(" ") - text.count("\n") - len(_RARE_SPACE.findall(text))
