"""Damage to text, mended: entities, invisible characters, glued sentences.

Whatever is not named here as damage comes out character for character; quotes above all.
"""

import html
import re
from collections.abc import Callable

from sitegen.importers.encodings import Decoded, NotTextError, decode_raw
from sitegen.importers.mending import Edit, Mending
from sitegen.importers.report import Mend

__all__ = [
    "Decoded", "NotTextError", "decode_entities", "decode_raw", "mend_text", "remove_invisible", "unglue_sentences",
]  # fmt: skip

_ENTITY = re.compile(r"&(?:amp;|#0*38;)*(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ALWAYS_INVISIBLE = "\u00ad\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
# Joiners belong to Persian, Hindi and emoji; beside plain Latin letters or spaces they came by copying.
_JOINERS = "[\u200c\u200d]"
_JOINER = (
    f"(?<![^\x00-\x7f]){_JOINERS}|{_JOINERS}(?![^\x00-\x7f])"
    f"|(?<=[{_ALWAYS_INVISIBLE}]){_JOINERS}|{_JOINERS}(?=[{_ALWAYS_INVISIBLE}])"
)
_INVISIBLE = re.compile(f"[{_ALWAYS_INVISIBLE}]|{_JOINER}")
_DIRECTION = re.compile(f"[{_ALWAYS_INVISIBLE}\u200e\u200f]|{_JOINER}")
_MAY_BE_INVISIBLE = re.compile(f"[{_ALWAYS_INVISIBLE}\u200c-\u200f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_CONTEXT = 18
# Of what does not print only spaces and invisible marks come out of an entity; no line end and no mark of our own.
_MAY_COME_OUT = "\t\u00a0\u00ad\u202f\u2060\ufeff" + "".join(map(chr, range(0x2000, 0x2010)))

# A full stop with a letter right behind it; what stands before it is looked at only then.
_MAY_BE_GLUED = re.compile(r"[.!?…؟۔।][»”“\")]?[«“„\"¿¡]?[^\W\d_]")
# “ opens in most languages and closes where „ opens.
_BEHIND = {
    low: re.compile(rf"[.!?…؟۔।]+[{ends}]?(?P<after>[«“„¿¡]?(?P<word>\w+))")
    for low, ends in ((False, '»”")'), (True, '»”“")'))
}
_NEAR = 48
_LONGEST_WORD = 80  # no more of what has no space is looked at
# What follows a full stop in a name rather than after a sentence: exemple.Fr, Node.JS, rapport.PDF
_SUFFIXES = frozenset(
    "com org net fr info io js ts py php html htm pdf doc docx xls xlsx odt txt md csv jpg jpeg png gif svg webp mp3 "
    "mp4 zip".split()
)
_ARABIC = "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff"
_ARABIC_MARKS = "\u064b-\u065f\u0670"
_ARABIC_BEFORE = re.compile(rf"(?:(?:[{_ARABIC}][{_ARABIC_MARKS}]*){{3}}[»”\")]?|[»”\"])\Z")
_OTHER_BEFORE = re.compile("(?:[\u05d0-\u05ea]{3}|[\u0900-\u097f]{3})\\Z")
_UNCASED = re.compile(f"[{_ARABIC}\u05d0-\u05ea\u0900-\u097f]")
_NUMBER_BEFORE = re.compile(r"(?<![\w.,])\d{2,4}\Z")
_SUFFIX = rf"\.(?i:{'|'.join(sorted(_SUFFIXES))})\b"
_MAY_BE_ADDRESS = re.compile(rf"[/@]|www\.|{_SUFFIX}")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s]+|[^\s@]+@[^\s@]+\.[A-Za-z]{2,}|\b[\w.-]+\.[a-z]{2,}/\S*"
    rf"|\b[\w.-]+{_SUFFIX}"
)


def mend_text(mending: Mending, without: tuple[str, ...] = ()) -> list[Mend]:
    """Undo all that is damage in a text; `without` names kinds that are left alone."""
    mends: list[Mend] = []
    for kind, edits_of in _STEPS:
        if kind not in without and (edits := edits_of(mending.text)):
            mends += mending.mend(kind, edits)
    return mends


def decode_entities(text: str) -> tuple[str, list[Mend]]:
    """Text with its HTML entities decoded, however often they were encoded."""
    return _mended(text, "entity", _entities)


def remove_invisible(text: str) -> tuple[str, list[Mend]]:
    """Text without soft hyphens, zero-width spaces, direction overrides and control characters.

    Joiners stay where Persian, Hindi or emoji need them, and so do left-to-right and right-to-left marks in a text
    that has letters of both directions.
    """
    return _mended(text, "invisible", _invisibles)


def unglue_sentences(text: str, line: int = 1) -> tuple[str, list[Mend]]:
    """Text with a space where two sentences had run into each other; `line` is where the text starts.

    Addresses, numbers, initials and file names are no sentences.
    """
    mended, mends = _mended(text, "glued-sentence", _glued)
    if line != 1:
        mends = [Mend(one.kind, one.before, one.after, one.line + line - 1, one.column) for one in mends]
    return mended, mends


def _mended(text: str, kind: str, edits_of: Callable[[str], list[Edit]]) -> tuple[str, list[Mend]]:
    if not (edits := edits_of(text)):
        return text, []
    mending = Mending(text)
    mends = mending.mend(kind, edits)
    return mending.text, mends


def _entities(text: str) -> list[Edit]:
    if "&" not in text:
        return []
    edits = []
    for match in _ENTITY.finditer(text):
        before = after = match[0]
        for _ in range(4):
            after = html.unescape(after)
        if after != before and (after.isprintable() or not after.strip(_MAY_COME_OUT)):
            edits.append(Edit(match.start(), match.end(), after, before, after))
    return edits


def _invisibles(text: str) -> list[Edit]:
    if not _MAY_BE_INVISIBLE.search(text):
        return []
    pattern = _INVISIBLE if _RIGHT_TO_LEFT.search(text) else _DIRECTION
    edits = []
    for match in pattern.finditer(text):
        start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _CONTEXT)
        before = text[start : match.end() + _CONTEXT].split("\n")[0]
        edits.append(Edit(match.start(), match.end(), "", before, pattern.sub("", before)))
    return edits


def _glued(text: str) -> list[Edit]:
    edits = []
    for match in _MAY_BE_GLUED.finditer(text):
        place = _glued_place(text, match.start())
        if place:
            start, stop = _word_start(text, place), _word_end(text, place)
            before, after = text[start:place], text[place:stop]
            edits.append(Edit(place, place, " ", before + after, f"{before} {after}"))
    return edits


def _glued_place(text: str, stop: int) -> int:
    """Where a space belongs at the full stop `stop`; 0 for nowhere."""
    behind = _BEHIND["„" in text].match(text, stop)
    if not behind:
        return 0
    place, word = behind.start("after"), behind["word"]
    if text[place - 1] == '"' and text.count('"', text.rfind("\n", 0, stop) + 1, place - 1) % 2 == 0:
        place -= 1  # this straight quote opens
    first = stop
    while first and text[first - 1] in ".!?…":
        first -= 1
    before = text[max(0, first - _NEAR) : first]
    if _UNCASED.match(word):
        fits = bool(_ARABIC_BEFORE.search(before) or _OTHER_BEFORE.search(before))
    else:
        fits = word[0].isupper() and word.lower() not in _SUFFIXES and _ends_a_sentence(text, before, word)
    return place if fits and not _is_in_address(text, place) else 0


def _ends_a_sentence(text: str, before: str, word: str) -> bool:
    """Whether a full stop after this may end a sentence: no initial, no abbreviation of one letter, no number."""
    last, pair = before[-1:], before[-2:]
    if pair.isalpha() and len(pair) == 2:
        return pair.islower()
    if last in ("»", "”", '"', ")", "%", "€") or (last == "“" and "„" in text):
        return last not in '")' or pair[:1].islower() or pair[:1].isdigit() or pair[:1] in ".!?…"
    return len(word) > 1 and bool(_NUMBER_BEFORE.search(before))


def _is_in_address(text: str, place: int) -> bool:
    start, stop = _word_start(text, place), _word_end(text, place)
    token, inside = text[start:stop], place - start
    return _MAY_BE_ADDRESS.search(token) is not None and any(
        match.start() < inside < match.end() for match in _ADDRESS.finditer(token)
    )


def _word_start(text: str, place: int) -> int:
    first = max(0, place - _LONGEST_WORD)
    while place > first and not text[place - 1].isspace():
        place -= 1
    return place


def _word_end(text: str, place: int) -> int:
    last = min(len(text), place + _LONGEST_WORD)
    while place < last and not text[place].isspace():
        place += 1
    return place


_STEPS: tuple[tuple[str, Callable[[str], list[Edit]]], ...] = (
    ("entity", _entities),
    ("invisible", _invisibles),
    ("glued-sentence", _glued),
)
