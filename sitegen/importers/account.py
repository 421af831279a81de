"""Where the characters of HTML went on its way to Markdown: each is shown, set aside with a reason, or lost.

The proof does not ask the converter. The source is cut at its tags into texts, and the letters of each must stand
in the Markdown, or in what was set aside, next to each other and as they are.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from html import unescape

from sitegen.importers.mending import letters
from sitegen.importers.report import Loss
from sitegen.model import Location, Problem, Severity

_MAX_LOSS = 120
# A tag, a comment, a declaration.
_TAG = (
    r"""<(?: !--.*?--> | /?[A-Za-z](?:[^<>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+> | /?[A-Za-z][^<>]*> | [!?][^<>]*>)"""
)
_TEXT_ATTRIBUTE = re.compile(
    r"""<(?:img|a|abbr)\b[^<>]*?\b(?:alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|])")


class Account:
    """The characters of one article by where they went, spaces not counted."""

    def __init__(self, markdown: str, aside: Iterable[str] = (), calls: Iterable[str] = ()) -> None:
        """`aside` is what the converter says it set aside; `calls` are names of shortcodes that it took out."""
        self.counts = dict.fromkeys(("title", "body", "metadata", "shortcodes", "markup", "set aside"), 0)
        self.losses: list[Loss] = []
        self._markdown = Letters(markdown)
        self._aside = Letters("\n".join(aside))
        self._cut, self._call = _cut_at(frozenset(calls))

    def book_html(self, source: str, line: int = 0) -> None:
        """Every text of a source of HTML must be somewhere; `line` is its first one in the raw file."""
        elsewhere = 0
        parts = self._cut.split(source)  # texts, and in every other place what is between them
        for text in parts[::2]:
            if not text or text.isspace() or self._markdown.hold(unescape(text) if "&" in text else text):
                continue
            size = letters(text)
            elsewhere += size
            self._book_elsewhere(unescape(text), size, line and line + source.count("\n", 0, source.find(text)))
        whole, between = letters(source), letters("".join(parts[1::2]))
        calls = sum(letters(match[0]) for match in self._call.finditer(source)) if self._call else 0
        self.add("body", whole - between - elsewhere)
        self.add("shortcodes", calls)
        self.add("markup", between - calls)
        if "alt=" in source or "title=" in source:
            for match in _TEXT_ATTRIBUTE.finditer(source):
                self.check(unescape(match[1] or match[2] or ""), line)

    def book_text(self, text: str, line: int = 0) -> None:
        """A text without markup must be somewhere, but for the shortcodes in it."""
        if self._call and "[" in text:
            self.add("shortcodes", sum(letters(match[0]) for match in self._call.finditer(text)))
            for part in self._call.split(text):
                self._book_elsewhere(part, letters(part), line)
        else:
            self._book_elsewhere(text, letters(text), line)

    def check(self, value: str, line: int = 0) -> None:
        """Text of an attribute is counted as markup, but must not be lost either."""
        if value and self._place_of(value) == "lost":
            self._lose(value, line)

    def add(self, place: str, number: int) -> None:
        """Characters that went somewhere else than into the body."""
        self.counts[place] = self.counts.get(place, 0) + number

    def characters(self) -> dict[str, int]:
        """The report's counts, their sum first."""
        return {"input": sum(self.counts.values()), **{place: n for place, n in self.counts.items() if n}}

    def _book_elsewhere(self, text: str, size: int, line: int) -> None:
        place = self._place_of(text)
        self.add(place, size)
        if place == "lost":
            self._lose(text, line)

    def _lose(self, text: str, line: int) -> None:
        self.losses.append(Loss(" ".join(text.split())[:_MAX_LOSS], line))

    def _place_of(self, text: str) -> str:
        if self._markdown.hold(text):
            return "body"
        if self._aside.hold(text):
            return "set aside"
        lines = [line for line in text.split("\n") if line.strip()]  # quoted code has a sign before each
        if len(lines) > 1 and all(self._markdown.hold(line) for line in lines):
            return "body"
        return "lost"


def loss_problem(path: str, loss: Loss) -> Problem:
    """What a person hears of text that nobody can find in the article."""
    message = f"text is not in the article: {loss.text}"
    return Problem(Location(path, loss.line), "loss", message, "add it by hand, and tell us", Severity.WARNING)


@lru_cache(maxsize=64)
def _cut_at(calls: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Where texts end: at tags and calls; and at calls alone."""
    if not calls:
        return re.compile(f"({_TAG})", re.DOTALL | re.VERBOSE), None
    names = "|".join(sorted(map(re.escape, calls), key=len, reverse=True))
    call = rf"\[?\[\s*/?(?:{names})(?![\w-])[^\[\]]*\]\]?"
    return re.compile(rf"({_TAG} | {call})", re.DOTALL | re.VERBOSE), re.compile(call)


class Letters:
    """The letters of a text, in which others are looked for in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._at_shown = 0  # behind what was found last

    def hold(self, text: str) -> bool:
        """Whether the letters of a text stand here together, as Markdown, HTML or code shows them."""
        text = text.strip()
        found = self._text.find(text, self._at)
        if found >= 0:  # just as it is, where it was to be expected
            self._at = found + len(text)
            return True
        if text in self._text:
            return True
        wanted = "".join(text.split())
        found = self._shown.find(wanted, self._at_shown)
        if found >= 0:
            self._at_shown = found + len(wanted)
            return True
        return any(wanted in letters for letters in self._readings())

    def _readings(self) -> Iterator[str]:
        yield self._shown
        yield self._unescaped
        yield self._as_written

    @cached_property
    def _shown(self) -> str:
        text = _ESCAPED.sub(r"\1", self._text) if "\\" in self._text else self._text
        return "".join((unescape(text) if "&" in text else text).split())

    @cached_property
    def _unescaped(self) -> str:
        return "".join(unescape(self._text).split())

    @cached_property
    def _as_written(self) -> str:
        return "".join(self._text.split())
