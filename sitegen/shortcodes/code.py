"""Where a Markdown text is code, so that brackets in it are left alone."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_BACKTICKS = re.compile(r"(?<!\\)`+")
_BLANK_LINE = re.compile(r"^[ \t\r]*$", re.MULTILINE)
# What plugins call a listing; nothing in it is Markdown or a call.
CODE_NAMES = frozenset(
    "code sourcecode source cc crayon as3 bash c cpp csharp css delphi diff erlang fsharp go groovy html java javafx "
    "javascript js json jsx matlab objc perl php plain powershell python py r ruby rust scala shell sql swift text "
    "typescript ts vb xml yaml".split()
)
_CODE_CALL = re.compile(rf"(?<!\\)\[({'|'.join(sorted(CODE_NAMES))})(?:[ \t=][^\[\]\n]*)?(?<!/)\]")
_CODE_END = re.compile(rf"\[/(?:{'|'.join(sorted(CODE_NAMES))})\]")
_LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")

Span = tuple[int, int]


def code_spans(text: str) -> list[Span]:
    """Fenced blocks, indented blocks, inline code and listings of `[code]`, in order; they never overlap."""
    listings = list(_listings(text)) if _CODE_END.search(text) else []
    if not listings:
        return _markdown_spans(text)
    listings = list(_outside(listings, _markdown_spans(text)))
    pieces, end = [], 0
    for start, close in listings:
        # No backtick and no fence in a listing pairs with one outside.
        pieces += [text[end:start], "\n" * (close - start)]
        end = close
    return sorted([*_markdown_spans("".join([*pieces, text[end:]])), *listings])


def _markdown_spans(text: str) -> list[Span]:
    spans: list[Span] = []
    if "`" in text or "~~~" in text:
        spans = list(_fenced_blocks(text))
    if "\n    " in text or "\n\t" in text or text.startswith(("    ", "\t")):
        spans = _joined(spans, _indented_blocks(text))
    if "`" in text:
        spans = _joined(spans, _inline_code(text, spans))
    return spans


def _listings(text: str) -> Iterator[Span]:
    """What `[code]` and the like enclose, in one pass."""
    position, unclosed = 0, set()
    while opening := _CODE_CALL.search(text, position):
        position = opening.end()
        if opening[1] not in unclosed:
            close = text.find(f"[/{opening[1]}]", position)
            if close < 0:
                unclosed.add(opening[1])
            else:
                yield position, close
                position = close


def _outside(listings: list[Span], code: list[Span]) -> Iterator[Span]:
    """Listings whose tag is no code itself; a mark inside a listing begins none."""
    end = 0
    for listing in listings:
        span = span_at(code, listing[0] - 1)
        if span is None or span[0] < end:
            end = listing[1]
            yield listing


def span_at(spans: list[Span], position: int) -> Span | None:
    """The span that a position lies in."""
    index = bisect_right(spans, position, key=itemgetter(0)) - 1
    return spans[index] if index >= 0 and position < spans[index][1] else None


def _joined(spans: list[Span], more: Iterable[Span]) -> list[Span]:
    return sorted([*spans, *(span for span in more if span_at(spans, span[0]) is None)])


def _fenced_blocks(text: str) -> Iterator[Span]:
    """As Python-Markdown has it: a fence that its equal never closes is no fence."""
    fences = [fence for fence in _FENCE.finditer(text) if not (fence[1][0] == "`" and "`" in fence[2])]
    ends = _next_equal([(fence[1], not fence[2].strip()) for fence in fences])
    position = 0
    for fence, end in zip(fences, ends, strict=True):
        if end is not None and fence.start() >= position:
            position = fences[end].end()
            yield fence.start(), position


def _next_equal(marks: list[tuple[str, bool]]) -> list[int | None]:
    """For each mark the index of the next equal one that may close it; one pass from the end."""
    seen: dict[str, int] = {}
    ends: list[int | None] = []
    for index in range(len(marks) - 1, -1, -1):
        mark, closes = marks[index]
        ends.append(seen.get(mark))
        if closes:
            seen[mark] = index
    return ends[::-1]


def _indented_blocks(text: str) -> Iterator[Span]:
    """Lines of four spaces after a blank line; below a list item four spaces only go on with the item."""
    position, after_blank, in_list, in_code = 0, True, False, False
    for line in text.split("\n"):
        width = _indentation(line)
        if not line.strip():
            after_blank = True
        else:
            in_code = width >= (8 if in_list else 4) and (after_blank or in_code)
            if in_code:
                yield position, position + len(line)
            elif width < 4:
                in_list = bool(_LIST_ITEM.match(line)) or (in_list and not (after_blank and width == 0))
            after_blank = False
        position += len(line) + 1


def _indentation(line: str) -> int:
    """Columns of white space in front; a tab goes to the next column of four."""
    front = line[: len(line) - len(line.lstrip(" \t"))]
    return len(front.expandtabs(4))


def _inline_code(text: str, blocks: list[Span]) -> Iterator[Span]:
    """Backticks up to the next run of as many, in one paragraph."""
    runs = [run for run in _BACKTICKS.finditer(text) if span_at(blocks, run.start()) is None]
    ends = _next_equal([(run[0], True) for run in runs])
    blanks = [blank.start() for blank in _BLANK_LINE.finditer(text)]
    position = 0
    for run, end in zip(runs, ends, strict=True):
        if end is None or run.start() < position:
            continue
        close = runs[end].end()
        if bisect_right(blanks, run.start()) == bisect_right(blanks, close):
            position = close
            yield run.start(), close
