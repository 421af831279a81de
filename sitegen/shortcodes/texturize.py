"""Undo what typography did to the attributes of a call; what a person wrote in ASCII quotes stays."""

import html
import re
from collections.abc import Iterable

from msgspec import Struct

from sitegen.shortcodes.attributes import SPACES, clean_value, parse_attributes
from sitegen.shortcodes.signs import DOUBLE_MARKS, INVISIBLE, SINGLE_MARKS, WIDE_SPACES

_KINDS = ("quotes", "entities", "invisible", "wrapped", "truncated", "spaces")
_MARKS = DOUBLE_MARKS + SINGLE_MARKS
_SPACE = rf"[\s{WIDE_SPACES}]"

_CLEAN = re.compile(
    rf"""(?: [{SPACES}]*+ (?: [\w-]++ [{SPACES}]*+ = [{SPACES}]*+ )?+
             (?: "[^"]*+" | '[^']*+' | (?: [^{_MARKS}{WIDE_SPACES}{INVISIBLE}\s&…] | &(?!\#?\w+;) )++ )
             (?=[{SPACES}]|\Z) )*+ [{SPACES}]*+""",
    re.ASCII | re.VERBOSE,
)
_ENTITY = re.compile(r"&(?:amp;)?(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,30});", re.ASCII)
_INVISIBLES = re.compile(f"[{INVISIBLE}]+")
_ONE_INVISIBLE = re.compile(f"[{INVISIBLE}]")  # searching for one is three times as fast as for a run
_INVISIBLE_IN_OPENING = re.compile(rf"=[{INVISIBLE}]*+({_SPACE}?[{_MARKS}])[{INVISIBLE}]++")
_INVISIBLE_FOR_SPACE = re.compile(rf"([{_MARKS}])[{INVISIBLE}]++(?=[\w-]+=)", re.ASCII)
# Joiners belong to Persian, Hindi and the like: between two letters beyond ASCII they stay.
_INVISIBLE_NOISE = re.compile(
    rf"(?<![{INVISIBLE}])(?:(?<![^\W\x00-\x7f])[{INVISIBLE}]++|[{INVISIBLE}]++(?![^\W\x00-\x7f]))"
)
_SPLIT_MARKS = ("′′", "''", "’’", "‘‘")
_SPLIT_MARK = re.compile(rf"(?<=[^\s=])(?:{'|'.join(_SPLIT_MARKS)})(?={_SPACE}|\Z)")

_ATTRIBUTE_START = re.compile(rf"([\w-]++)\s*+={_SPACE}*+", re.ASCII)
# A mark that nothing or a plain word follows closes: the last line of a wrapped payload may be `bGVz=”`.
_NEXT_ATTRIBUTE = re.compile(
    rf"""{_SPACE}[\w-]++\s*+={_SPACE}*+
         (?: « | [{_MARKS}](?!{_SPACE}*+(?:\Z|(?<={_SPACE})[^{_MARKS}])) )""",
    re.ASCII | re.VERBOSE,
)
_BEFORE_NAME = re.compile(rf"{_SPACE}*+(?:[\w-]++\s*+=|\Z)", re.ASCII)
# A quotation inside a value is passed over whole, so that its marks do not end the value.
_DOUBLE_END = re.compile(
    rf"""[{DOUBLE_MARKS}](?: (?<=[\s{WIDE_SPACES}{_MARKS}]«)[^«»]*+» | (?<={_SPACE}[“„])[^“”„]*+[“”]
                          | (?={_SPACE}|\Z)
                          | (?<=«)[^«»]*+» | (?<=“)[^“”]*+” )""",
    re.VERBOSE,
)
_SINGLE_END = re.compile(rf"[{SINGLE_MARKS}](?={_SPACE}|\Z)")
_BARE = re.compile(rf"[^\s{WIDE_SPACES}]++")
_GAP = re.compile(rf"{_SPACE}*+")
_WIDE_OR_SPACE = re.compile(_SPACE)

_LOST_MARK = re.compile(r"(?<=\d)\?\Z")
_SIZE = re.compile(r"\d+×\d+", re.ASCII)
_PAYLOAD = re.compile(r"[A-Za-z0-9+/_=-]+")
_SHORTEST_PAYLOAD = 40
_SHORTEST_LINE = 16


class Attributes(Struct, frozen=True):
    """What a call was given, and the kinds of damage that were undone to read it."""

    named: dict[str, str]
    positional: tuple[str, ...]
    damage: tuple[str, ...] = ()


def mended_attributes(text: str, *, cut: bool = False) -> Attributes:
    """Attributes as they were before typography, feeds and copying; `cut`: the tag had no end."""
    if not cut and _is_clean(text):
        named, positional = parse_attributes(text)
        damage: set[str] = set()
    else:
        named, positional, damage = _mended(text)
    if cut:
        damage.add("truncated")
    named = {name: _mended_value(name, value, damage) for name, value in named.items()}
    return Attributes(named, positional, in_order(damage))


def in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    """Kinds of damage, each once, always in the same order."""
    found = set(kinds)
    return tuple(kind for kind in _KINDS if kind in found)


def visible(text: str) -> str:
    """The text without soft hyphens, zero width characters and bidi marks."""
    return text if text.isascii() else _INVISIBLES.sub("", text)


def _is_clean(text: str) -> bool:
    if text.isascii() and "&" not in text and text.count('"') % 2 == 0:
        return True
    return _CLEAN.fullmatch(text) is not None


def _mended(text: str) -> tuple[dict[str, str], tuple[str, ...], set[str]]:
    damage = set()
    if _ENTITY.search(text):
        text = _ENTITY.sub(_decoded, text)
        damage.add("entities")
    if _ONE_INVISIBLE.search(text):
        text = _without_noise(text)
        damage.add("invisible")
    if any(mark in text for mark in _SPLIT_MARKS):
        text = _SPLIT_MARK.sub("″", text)
    reading = _Reading(text)
    reading.run()
    return reading.named, tuple(reading.positional), damage | reading.damage


def _decoded(match: re.Match[str]) -> str:
    return html.unescape(html.unescape(match[0]))


def _without_noise(text: str) -> str:
    text = _INVISIBLE_IN_OPENING.sub(r"=\1", text)
    text = _INVISIBLE_FOR_SPACE.sub(r"\1 ", text)
    return _INVISIBLE_NOISE.sub("", text)


class _Reading:
    """Attributes in any mix of quotation marks, read from the left; every step moves on, so it ends."""

    def __init__(self, text: str) -> None:
        self.named: dict[str, str] = {}
        self.positional: list[str] = []
        self.damage: set[str] = set()
        self._text = text
        self._position = 0
        self._limit = -1  # start of the next named attribute in quotes
        self._unclosed: dict[str, int] = {}  # marks that nothing closes before this limit

    def run(self) -> None:
        """Fill `named`, `positional` and `damage`."""
        while (start := self._skip(_GAP)) < len(self._text):
            if name := _ATTRIBUTE_START.match(self._text, start):
                self._position = name.end()
                spaced = name[0][-1] != "="
                self.named[name[1].lower()] = self._typed(clean_value(self._named_value(spaced)))
            else:
                self._add_positional()

    def _skip(self, pattern: re.Pattern[str]) -> int:
        if match := pattern.match(self._text, self._position):
            self._position = match.end()
        return self._position

    def _mark(self) -> str:
        mark = self._text[self._position : self._position + 1]
        return mark if mark and mark in _MARKS else ""

    def _typed(self, value: str) -> str:
        return value.replace("×", "x") if _SIZE.fullmatch(value) else value

    def _named_value(self, spaced: bool) -> str:
        if mark := self._mark():
            close = self._closing_mark(mark)
            return self._quoted(mark, close, spaced and mark in "«»")
        value = self._text[self._position : self._skip(_BARE)]
        bare = value.rstrip(_MARKS)  # a mark at the end has lost its partner
        self._tell("quotes", bare != value)
        return bare

    def _add_positional(self) -> None:
        mark = self._mark()
        close = self._closing_mark(mark) if mark else None
        start = self._position
        value = self._text[start : self._skip(_BARE)] if close is None else self._quoted(mark, close, False)
        if value:
            self.positional.append(clean_value(value))

    def _closing_mark(self, mark: str) -> int | None:
        """Where a value ends: at a mark of its class that a space or the end follows."""
        ends = _DOUBLE_END if mark in DOUBLE_MARKS else _SINGLE_END
        limit = self._next_attribute()
        if self._unclosed.get(mark) == limit:
            return None
        for match in ends.finditer(self._text, self._position + 1, limit):
            if len(match[0]) == 1 and self._closes(mark, match.start()):
                return match.start()
        self._unclosed[mark] = limit
        return None

    def _closes(self, mark: str, position: int) -> bool:
        # Who opened in ASCII may write 5″ inside; typography's own mark stands before a name or the end.
        if mark not in "\"'" or self._text[position] == mark:
            return True
        return _BEFORE_NAME.match(self._text, position + 1) is not None

    def _next_attribute(self) -> int:
        if self._limit <= self._position and self._limit < len(self._text):
            following = _NEXT_ATTRIBUTE.search(self._text, self._position + 1)
            self._limit = following.start() if following else len(self._text)
        return self._limit

    def _quoted(self, mark: str, close: int | None, spaced: bool) -> str:
        """The value behind an opening mark, up to its closing mark, the next attribute or the end."""
        start, end = self._position + 1, self._next_attribute() if close is None else close
        value = self._text[start:end]
        self._tell("quotes", close is None or mark not in "\"'" or self._text[close] != mark)
        if close is None:
            self._position = end
            return self._uncut(value)
        self._position = end + 1
        return self._without_french_spaces(value, mark, self._text[close], spaced)

    def _uncut(self, value: str) -> str:
        written = value.rstrip()
        whole = written.removesuffix("…").removesuffix("...").rstrip()
        self._tell("truncated", whole != written)
        return _LOST_MARK.sub("", whole)

    def _without_french_spaces(self, value: str, mark: str, close: str, spaced: bool) -> str:
        """The one space on the inner side of a guillemet is part of the mark."""
        bare = value
        if mark == "«" and _WIDE_OR_SPACE.match(bare):
            bare, spaced = bare[1:], True
        if close in "«»" and bare and _WIDE_OR_SPACE.match(bare[-1]) and (spaced or bare[-1] != " "):
            bare = bare[:-1]
        self._tell("spaces", spaced or bare != value)
        return bare

    def _tell(self, kind: str, happened: bool) -> None:
        if happened:
            self.damage.add(kind)


def _mended_value(name: str, value: str, damage: set[str]) -> str:
    """A value without invisible characters where all else is ASCII, and a payload on one line."""
    if not value.isascii() and (seen := visible(value)).isascii() and seen != value:
        damage.add("invisible")
        value = seen
    if (compact := "".join(value.split())) != value and _is_wrapped_payload(name, value, compact):
        damage.add("wrapped")
        return compact
    return value


def _is_wrapped_payload(name: str, value: str, compact: str) -> bool:
    if len(compact) < _SHORTEST_PAYLOAD or not _PAYLOAD.fullmatch(compact):
        return False
    return name == "params" or all(len(line) >= _SHORTEST_LINE for line in value.split()[:-1])
