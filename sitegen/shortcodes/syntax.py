"""WordPress's shortcode grammar and what an archive needs beyond it: find calls, parse them, write one."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from heapq import merge
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from sitegen.shortcodes.attributes import parse_attributes, write_attributes
from sitegen.shortcodes.code import Span, code_spans, span_at
from sitegen.shortcodes.signs import DOUBLE_MARKS, INVISIBLE, SINGLE_MARKS, WIDE_SPACES
from sitegen.shortcodes.texturize import Attributes, in_order, mended_attributes, visible
from sitegen.shortcodes.traces import LINKED, OPENING

__all__ = ["Call", "Part", "code_spans", "find_calls", "literal_text", "outermost", "parse_attributes", "write_call"]

_SPACE = rf"[\s{WIDE_SPACES}]"
_OPENING = re.compile(OPENING)
_NAME = re.compile(rf"[\w{INVISIBLE}-]+", re.ASCII)
_CORE_NAME = re.compile(r"[\w-]+", re.ASCII)
_UNKNOWN_NAME = re.compile(r"[a-z][a-z0-9_-]+")
_WRITTEN_NAME = re.compile(r"[^<>&/\[\]=\x00-\x20]+")
_CLOSING = re.compile(r"\[/([^<>&/\[\]=\x00-\x20]++)\]")
_ANY_TAG = re.compile(rf"\[(?:/([^<>&/\[\]=\x00-\x20]++)\]|[ \t{WIDE_SPACES}]{{0,4}}+([^<>&/\[\]=\x00-\x20]++))")

_MARK = f"[{DOUBLE_MARKS}{SINGLE_MARKS}&]"  # & begins a mark that is still an entity
_NAMED_IN_QUOTES = re.compile(rf"(?<![\w-])[\w-]++\s*+={_SPACE}*+{_MARK}", re.ASCII)
# Words in typographic quotes are no evidence: « [lire aussi « Le tramway »] » is prose.
_EVIDENCE = re.compile(
    rf"""(?<![\w-])[\w-]++ (?: =\S | \s*+={_SPACE}*+{_MARK} )
       | (?<!\S)"[^"]++"(?!\S) | (?<!\S)'[^']++'(?!\S)
       | (?<![^\s{WIDE_SPACES}{DOUBLE_MARKS}{SINGLE_MARKS};])https?://\S""",
    re.ASCII | re.VERBOSE,
)
_EVIDENCE_SIGN = re.compile("[=\"':]")
_AFTER_NAME = re.compile(rf"[\s{WIDE_SPACES}{INVISIBLE}]|&(?:nbsp|\#160);", re.VERBOSE)
_NEWLINE = re.compile(r"\n")
_BLANK_LINE = re.compile(rf"\n[ \t\r{WIDE_SPACES}]*+\n")
_MORE_PAYLOAD = re.compile(r"(?:\r?\n[A-Za-z0-9+/=%_-]{32,}+(?:…|\.\.\.)?[ \t\r]*+(?=\n|\Z))*+")
_TARGET = re.compile(r"\(|:[ \t]")  # behind the text of a link
_LINK = re.compile(r"\(|:[ \t]|\[(?!/)([^\[\]\n]*+)\]")
# These hold a line or two: a heading or a poll between their tags says that the closing tag is not theirs.
_SHORT = frozenset(
    {"caption", "wp_caption", "poll", "expert_review_poll", "gallery", "audio", "video", "playlist", "embed"}
)
_NEVER_ENCLOSED = (
    re.compile(r"\n {0,3}#{1,6}[ \t]+\S"),
    re.compile(rf"\[(?:expert_review_)?poll[=\]\s{WIDE_SPACES}]"),
)


class Part(StrEnum):
    """What of a call was found."""

    WHOLE = "whole"  # all of it, with what it encloses
    OPENING = "opening"  # its opening tag; the closing one comes later
    CLOSING = "closing"


class Call(Struct, frozen=True, kw_only=True):
    """One call of a shortcode, as it stands in a text."""

    name: str
    named: dict[str, str]  # lower-case names, the last one wins
    positional: tuple[str, ...]
    content: str | None  # None: no closing tag
    source: str  # exactly as found
    start: int  # offsets in the text that was searched
    end: int
    line: int  # from 1, like column
    column: int
    content_line: int = 0  # where the content begins; where the tag ends, if there is none
    content_column: int = 0
    part: Part = Part.WHOLE
    self_closing: bool = False
    escaped: bool = False  # [[name]]: prints literally, one bracket pair less
    truncated: bool = False  # cut copy: the tag had no end
    # Kinds of damage undone: "quotes", "entities", "invisible", "wrapped", "truncated", "spaces".
    damage: tuple[str, ...] = ()


def _none(_name: str) -> bool:
    return False


def find_calls(
    text: str,
    is_known: Callable[[str], bool] = _none,
    *,
    unknown: bool = True,
    code: bool = True,
    by_tag: Callable[[str], bool] | None = None,
    line: int = 1,
    column: int = 1,
) -> list[Call]:
    """Every outermost call of a text, in its order; `text[call.start:call.end] == call.source`.

    `unknown=False` is WordPress to the letter: only known names, no repairs. With `unknown=True` calls of
    other names are found where they cannot be prose, damage is undone, Markdown's own brackets stay, and
    tags of one name pair up like brackets, so that an opening tag that was never closed swallows nothing.
    `code=True` leaves code blocks and code spans alone; `code=False` is for raw text.
    `by_tag` says which names are frames: their opening and closing tags are calls of their own, and what
    stands between them is searched too, however deep. Closing tags of known names that close nothing are
    then calls as well. `line` and `column` say where the text begins.
    """
    if "[" not in text:
        return []
    spans = code_spans(text) if code else []
    if not unknown:
        return list(_CoreSearch(text, is_known, spans, (line, column)).calls())
    search = _ArchiveSearch(text, is_known, spans, (line, column), by_tag)
    return list(search.calls() if by_tag is None else search.calls_and_closing_tags())


def outermost(calls: Iterable[Call]) -> list[Call]:
    """Calls, sorted by where they start, without those that begin in another one."""
    found: list[Call] = []
    for call in calls:
        if not found or call.start >= found[-1].end:
            found.append(call)
    return found


def write_call(name: str, named: dict[str, str], positional: tuple[str, ...] = (), content: str | None = None) -> str:
    r"""A call in ASCII quotes that reads back the same.

    Brackets, backslashes, line ends and the second kind of quote in a value become C escapes (`\x5b`), which
    WordPress undoes. ValueError: a bad name, an empty positional, an unclosed HTML tag, its own closing tag
    in the content.
    """
    if not _WRITTEN_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a shortcode")
    opening = f"[{name}{write_attributes(named, positional)}]"
    if content is None:
        return opening
    closing = f"[/{name}]"
    if closing in content:
        raise ValueError(f"the content holds {closing} itself: the call would end there")
    return opening + content + closing


def literal_text(call: Call) -> str:
    """What an escaped call prints: one bracket pair less, in ASCII quotes where typography had been at it."""
    if not call.damage:
        return call.source[1:-1]
    written = write_call(call.name, call.named, call.positional, call.content)
    return f"{written[:-1]} /]" if call.self_closing else written


class _Tag(Struct, frozen=True):
    """An opening tag: where its attributes and itself end."""

    attributes_end: int
    end: int
    self_closing: bool = False
    cut: bool = False


class _CoreSearch:
    """WordPress's own reading. Every cursor only moves forward, so time is linear on any input."""

    def __init__(self, text: str, is_known: Callable[[str], bool], code: list[Span], place: tuple[int, int]) -> None:
        self._text = text
        self._is_known = is_known
        self._code = code
        self._first_line, self._first_column = place
        self._cursors: dict[str, int] = {}
        self._closings: dict[str, list[Span]] | None = None
        self._newlines: list[int] | None = None
        self._opening = _OPENING

    def calls(self) -> Iterator[Call]:
        position = 0
        while opening := self._opening.search(self._text, position):
            if code := span_at(self._code, opening.start()):
                position = code[1]
            elif call := self._call(opening, position):
                yield call
                position = call.end
            else:
                position = opening.end()

    def _call(self, opening: re.Match[str], floor: int) -> Call | None:
        name = self._name(opening)
        if name is None or opening[1]:
            return None
        start, name_end = opening.start(), opening.start() + 1 + len(name)
        tag = self._tag(name_end)
        if tag is None:
            return None
        attributes = Attributes(*parse_attributes(self._text[name_end : tag.attributes_end]))
        return self._made(name, attributes, tag, start, self._body(name, tag, start), floor)

    def _name(self, opening: re.Match[str]) -> str | None:
        run = opening[2]
        if self._is_known(run):
            return run
        core = _CORE_NAME.match(run)
        return core[0] if core and core[0] != run and self._is_known(core[0]) else None

    def _tag(self, name_end: int) -> _Tag | None:
        close = self._next("]", name_end)
        return self._whole_tag(name_end, close) if close < len(self._text) else None

    def _whole_tag(self, name_end: int, close: int) -> _Tag:
        slash = close > name_end and self._text[close - 1] == "/"
        return _Tag(close - slash, close + 1, self_closing=slash)

    def _body(self, name: str, tag: _Tag, _start: int) -> Span:
        """Where the content and the call end; twice the tag's end when nothing is enclosed."""
        if self._closings is None:
            self._closings = self._found_closings()
        spans = () if tag.self_closing else self._closings.get(name, ())
        index = bisect_left(spans, (tag.end, 0))
        return spans[index] if index < len(spans) else (tag.end, tag.end)

    def _found_closings(self) -> dict[str, list[Span]]:
        closings: dict[str, list[Span]] = {}
        for match in _CLOSING.finditer(self._text):
            closings.setdefault(match[1], []).append(match.span())
        return closings

    def _made(self, name: str, attributes: Attributes, tag: _Tag, start: int, body: Span, floor: int) -> Call:
        text, (content_end, end) = self._text, body
        content = text[tag.end : content_end] if end > tag.end else None
        escaped = self._is_escaped(start, end, floor)
        if escaped:
            start, end = start - 1, end + 1
        line, column = self._place(start)
        content_line, content_column = self._place(tag.end)
        return Call(
            name=name, named=attributes.named, positional=attributes.positional, content=content,
            source=text[start:end], start=start, end=end, line=line, column=column,
            content_line=content_line, content_column=content_column, self_closing=tag.self_closing,
            escaped=escaped, truncated=tag.cut, damage=attributes.damage,
        )  # fmt: skip

    def _is_escaped(self, start: int, end: int, floor: int) -> bool:
        return start > floor and self._text[start - 1] == "[" and self._text[end : end + 1] == "]"

    def _place(self, position: int) -> tuple[int, int]:
        if self._newlines is None:
            self._newlines = [match.start() for match in _NEWLINE.finditer(self._text)]
        above = bisect_left(self._newlines, position)
        if not above:
            return self._first_line, self._first_column + position
        return self._first_line + above, position - self._newlines[above - 1]

    def _next(self, sought: str, position: int) -> int:
        """Where a character (the first of `sought`) comes next, the text's length if it does not.

        The positions that are asked for only grow; who asks in another order has another `sought`.
        """
        known = self._cursors.get(sought, -1)
        if known < position:
            found = self._text.find(sought[0], position)
            known = self._cursors[sought] = found if found >= 0 else len(self._text)
        return known


class _ArchiveSearch(_CoreSearch):
    """The reading of an archive: unknown names, repairs, cut tags, and Markdown's brackets left alone."""

    def __init__(
        self,
        text: str,
        is_known: Callable[[str], bool],
        code: list[Span],
        place: tuple[int, int],
        by_tag: Callable[[str], bool] | None,
    ) -> None:
        super().__init__(text, is_known, code, place)
        self._by_tag = by_tag or _none
        self._closed = frozenset(map(visible, _CLOSING.findall(text))) if "[/" in text else frozenset()
        self._opening = _opening_but_of_links(self._closed)
        self._barriers: list[int] | None = None
        self._partners: dict[int, Span] | None = None
        self._lonely: list[tuple[str, Span]] = []  # closing tags that close nothing
        self._left_open: list[tuple[str, Span]] = []  # closing tags of frames

    def calls_and_closing_tags(self) -> list[Call]:
        """Calls, tags of frames, and closing tags of known names that close nothing."""
        calls = list(self.calls())
        starts = {call.start + call.escaped for call in calls if call.content is not None or call.part is Part.OPENING}
        self._partner(0)
        pairs = self._partners or {}
        lonely = [*self._lonely, *((_closed(self._text, span), span) for at, span in pairs.items() if at not in starts)]
        known = [(name, span) for name, span in lonely if self._is_known(name)]
        closing = [self._closing_tag(name, span) for name, span in sorted([*self._left_open, *known], key=_start)]
        return outermost(merge(calls, closing, key=attrgetter("start")))

    def _call(self, opening: re.Match[str], floor: int) -> Call | None:
        start = opening.start()
        found = None if self._is_prose(opening) else self._found_name(opening)
        if found is None or (start > floor and self._text[start - 1] == "\\"):
            return None
        name, name_end, known = found
        tag = self._archive_tag(start, name_end, nested=known and not opening[1])
        if tag is None:
            return None
        given = self._text[name_end : tag.attributes_end]
        if not self._is_call(name, known, given, tag, opening):
            return None
        body = self._body(name, tag, start)
        if body[1] == tag.end and not given.strip() and self._is_link(start, tag.end, floor):
            return None
        attributes = self._repaired(opening, name, given, tag)
        if body[1] > tag.end and self._by_tag(name) and not self._is_escaped(start, body[1], floor):
            self._left_open.append((name, body))
            frame = self._made(name, attributes, tag, start, (tag.end, tag.end), floor)
            return replace(frame, part=Part.OPENING)
        return self._made(name, attributes, tag, start, body, floor)

    def _closing_tag(self, name: str, span: Span) -> Call:
        line, column = self._place(span[0])
        return Call(
            name=name, named={}, positional=(), content=None, source=self._text[span[0] : span[1]],
            start=span[0], end=span[1], line=line, column=column, part=Part.CLOSING,
        )  # fmt: skip

    def _is_prose(self, opening: re.Match[str]) -> bool:
        """Whether a plain word begins what nothing makes a call of: most brackets are links, and cost little so."""
        word = opening[2]
        if not word.isidentifier() or not word.isascii() or word in self._closed or self._is_known(word):
            return False
        return _EVIDENCE_SIGN.search(self._text, opening.end(), self._next("]", opening.end())) is None

    def _found_name(self, opening: re.Match[str]) -> tuple[str, int, bool] | None:
        """The name of a call, where it ends, and whether it is known; the first known one wins."""
        run, offset = opening[2], opening.start(2)
        names = [run]
        names += [match[0] for pattern in (_NAME, _CORE_NAME) if (match := pattern.match(run))]
        ends = [(visible(name), offset + len(name)) for name in names]
        for name, end in ends:
            if self._is_known(name) and self._is_ended(end, "]/=" + DOUBLE_MARKS + SINGLE_MARKS):
                return name, end, True
        for name, end in ends:
            if not opening[1] and _UNKNOWN_NAME.fullmatch(name) and self._is_ended(end, "]/"):
                return name, end, False
        return None

    def _is_ended(self, end: int, characters: str) -> bool:
        following = self._text[end : end + 1]
        return bool(following) and (following in characters or _AFTER_NAME.match(self._text, end) is not None)

    def _archive_tag(self, start: int, name_end: int, nested: bool) -> _Tag | None:
        """An opening tag up to its bracket, or cut at the end of its line where the bracket is lost."""
        close, bracket = self._next("]", name_end), self._next("[", start + 1)
        newline = self._next("\n", start)
        if close < newline:
            return self._whole_tag(name_end, close) if nested or close < bracket else None
        if close < bracket and not self._is_cut(start, newline, close):
            return self._whole_tag(name_end, close)
        return self._cut_tag(name_end, min(newline, bracket))

    def _is_cut(self, start: int, newline: int, close: int) -> bool:
        first_line = self._text[start:newline].rstrip()
        return first_line.endswith(("…", "...")) or _BLANK_LINE.search(self._text, newline, close) is not None

    def _cut_tag(self, name_end: int, limit: int) -> _Tag:
        line = self._text[name_end:limit]
        kept = line.partition("<")[0].rstrip()
        end = name_end + len(kept)
        if not line[len(kept) :].strip() and (more := _MORE_PAYLOAD.match(self._text, limit)) and more[0]:
            end = more.end()
        return _Tag(end, end, cut=True)

    def _is_call(self, name: str, known: bool, given: str, tag: _Tag, opening: re.Match[str]) -> bool:
        if (tag.cut or opening[1]) and not _NAMED_IN_QUOTES.search(given):
            return False
        if known:
            return True
        if not given.strip():
            return self._partner(opening.start()) is not None
        return _AFTER_NAME.match(given) is not None and _EVIDENCE.search(given) is not None

    def _is_link(self, start: int, end: int, floor: int) -> bool:
        """Markdown's `[text](url)`, `[text][ref]` and `[ref]: url`, where text or ref is a known name."""
        if start > floor and self._text[start - 1] == "]":
            return True
        link = _LINK.match(self._text, end)
        return link is not None and not (link[1] and self._is_known(link[1].partition(" ")[0]))

    def _repaired(self, opening: re.Match[str], name: str, given: str, tag: _Tag) -> Attributes:
        attributes = mended_attributes(given, cut=tag.cut)
        more = {"spaces"} if opening[1] else set()
        if not opening[2].startswith(name):
            more.add("invisible")
        if more:
            damage = in_order([*attributes.damage, *more])
            return Attributes(attributes.named, attributes.positional, damage)
        return attributes

    def _body(self, name: str, tag: _Tag, start: int) -> Span:
        nothing = (tag.end, tag.end)
        if tag.cut or tag.self_closing or self._text[tag.end : tag.end + 1] == "]":
            return nothing
        closing = self._partner(start)
        if closing is None or closing[0] < tag.end:
            return nothing
        return nothing if name in _SHORT and self._is_barred(tag.end, closing[0]) else closing

    def _is_barred(self, start: int, end: int) -> bool:
        if self._barriers is None:
            found = (match for pattern in _NEVER_ENCLOSED for match in pattern.finditer(self._text))
            self._barriers = sorted(m.start() for m in found if span_at(self._code, m.end()) is None)
        index = bisect_left(self._barriers, start)
        return index < len(self._barriers) and self._barriers[index] < end

    def _partner(self, start: int) -> Span | None:
        """The closing tag of the opening one at `start`: tags of one name pair up like brackets."""
        if self._partners is None:
            self._partners = self._found_partners()
        return self._partners.get(start)

    def _found_partners(self) -> dict[int, Span]:
        if not self._closed:
            return {}
        waiting: dict[str, list[int]] = {name: [] for name in self._closed}
        partners: dict[int, Span] = {}
        for tag in _ANY_TAG.finditer(self._text):
            name = visible(tag[1]) if tag[1] else _name_among(waiting, tag[2])
            if not name or span_at(self._code, tag.start()) is not None:
                continue
            if not tag[1]:
                if self._may_enclose(tag):
                    waiting[name].append(tag.start())
            elif starts := waiting[name]:
                partners[starts.pop()] = tag.span()
            else:
                self._lonely.append((name, tag.span()))
        return partners

    def _may_enclose(self, tag: re.Match[str]) -> bool:
        """Neither `[name /]` nor `[[name]]`, neither `\\[name]` nor `[name](address)`."""
        before = self._text[tag.start() - 1] if tag.start() else ""
        close = self._next("] of an opening tag", tag.end())
        if before == "\\" or self._text[close - 1 : close] == "/":
            return False
        if before == "[" and self._text[close + 1 : close + 2] == "]":
            return False
        return close > tag.end() or _TARGET.match(self._text, close + 1) is None


@lru_cache(maxsize=256)
def _opening_but_of_links(closed: frozenset[str]) -> re.Pattern[str]:
    """What may open a call: no `[text](address)`, unless a closing tag of that name is there."""
    enclosing = "".join(f"|(?<={re.escape(name)})" for name in sorted(closed))
    return re.compile(rf"{OPENING}(?:(?!{LINKED}){enclosing})")


def _name_among(names: dict[str, list[int]], run: str) -> str:
    """The name at the start of a run of characters, if it is one of these."""
    if run in names:
        return run
    if run.isascii() and run.isidentifier():
        return ""
    match = _NAME.match(run)
    name = visible(match[0]) if match else ""
    return name if name in names else ""


def _closed(text: str, span: Span) -> str:
    """The name of a closing tag."""
    return visible(text[span[0] + 2 : span[1] - 1])


def _start(found: tuple[str, Span]) -> Span:
    return found[1]
