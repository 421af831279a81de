"""Names and titles A to Z, divided by their first letters where one page could not hold them.

Where a part begins and ends depends on its letters alone, so an article that is added or taken away touches the part
that it stands in, and the counts on the way there.
"""

import heapq
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sitegen.alphabets import Alphabet
from sitegen.contexts import CountedLink, LetterGroup

_MAX_LINKS = 400  # to parts, on one page
_LETTERS = 2  # of a level of folders
_CODE = 5  # hexadecimal digits of an ideograph in a key
_IDEOGRAPH = re.compile("~([0-9a-f]{5})")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})

Prefixes = Callable[[str], list[tuple[str, int]]]
"""The prefixes one sign longer than a given one, with the number of keys that start so, in order."""


class Part(NamedTuple):
    """All keys that start alike. It has parts of its own where they are too many for one page."""

    prefix: str
    number: int  # of keys
    is_exact: bool = False  # only the keys that are the prefix and nothing more: nothing parts them
    parts: "tuple[Part, ...]" = ()


def divide(prefixes: Prefixes, size: int) -> Part:
    """Divide all keys until every part has at most `size`, or all of its keys are the same."""
    found = prefixes("")
    count = sum(number for _, number in found)
    if count <= size:
        return Part("", count)
    return Part("", count, parts=tuple(_divided(prefixes, size, *pair) for pair in found))


def _divided(prefixes: Prefixes, size: int, prefix: str, count: int) -> Part:
    if count <= size:
        return Part(prefix, count)
    found = prefixes(prefix)
    if len(found) == 1:  # one letter more parts nothing
        longer = found[0][0]
        return Part(prefix, count, is_exact=True) if longer == prefix else _divided(prefixes, size, longer, count)
    parts = (Part(prefix, n, is_exact=True) if key == prefix else _divided(prefixes, size, key, n) for key, n in found)
    return Part(prefix, count, parts=tuple(parts))


def linked_parts(part: Part) -> list[Part]:
    """The parts that the page of `part` leads to: the largest are replaced by their own, as long as there is room."""
    shown = list(part.parts)
    waiting = [(-one.number, one.prefix, one) for one in shown if one.parts]
    heapq.heapify(waiting)
    while waiting:
        _, _, largest = heapq.heappop(waiting)
        if len(shown) - 1 + len(largest.parts) > _MAX_LINKS:
            break
        shown.remove(largest)
        shown += largest.parts
        for one in largest.parts:
            if one.parts:
                heapq.heappush(waiting, (-one.number, one.prefix, one))
    return sorted(shown, key=lambda one: (one.prefix, not one.is_exact))


def pages_of(part: Part) -> Iterator[Part]:
    """The part itself, and all parts that some page leads to."""
    yield part
    for one in linked_parts(part):
        yield from pages_of(one)


def parts_by_letter(alphabet: Alphabet, base: str, parts: list[Part]) -> tuple[LetterGroup, ...]:
    """Links to parts, under their first letters."""
    groups: dict[str, list[CountedLink]] = {}
    for one in parts:
        link = CountedLink(label_of(alphabet, one.prefix), path_of(alphabet, base, one), one.number)
        groups.setdefault(letter_of(alphabet, one.prefix), []).append(link)
    return tuple(LetterGroup(letter, tuple(links)) for letter, links in groups.items())


def path_of(alphabet: Alphabet, base: str, part: Part) -> str:
    """Where the page of a part lives: below that of its first two letters, of four, and so on, so no folder is full.

    Keys have neither hyphens, save one that is all of it, nor underscores.
    """
    prefix = part.prefix
    if not prefix:
        return base
    folders = (_segment(alphabet, prefix[:length]) for length in range(_LETTERS, len(prefix), _LETTERS))
    return f"{base}{''.join(f'{one}/' for one in folders)}{_segment(alphabet, prefix)}{'_' if part.is_exact else ''}/"


def _segment(alphabet: Alphabet, prefix: str) -> str:
    name = alphabet.text_of(prefix).replace(" ", "-")
    return name + "--" if name in _DEVICES else name


def letter_of(alphabet: Alphabet, key: str) -> str:
    """The letter that a key stands under: "#" for what starts with none, a script's name for what has no letters."""
    if key.startswith("~"):
        return unicodedata.name(label_of(alphabet, key)[:1], "…").split()[0].title().replace("Cjk", "CJK")
    first = label_of(alphabet, key[:1])
    return first if first.isalpha() else "#"


def label_of(alphabet: Alphabet, prefix: str) -> str:
    """What a part is called: its first letters, or the first and last sign of a range of ideographs."""
    written = alphabet.text_of(prefix)
    text, cut, rest = _IDEOGRAPH.sub(lambda match: chr(int(match[1], 16)), written).partition("~")
    if cut:
        first, last = (int(rest.ljust(_CODE, fill), 16) for fill in ("0", "f"))
        text += f"{chr(max(first, 0x2E80))}–{chr(min(last, 0x3FFFF))}"
    return alphabet.capitalized(text) if text != "-" else "#"
