"""Damage to text, mended: encodings, mojibake, entities, invisible characters, glued sentences.

Whatever is not named here as damage comes out character for character; quotes above all.
"""

import codecs
import html
import re
from typing import NamedTuple

from sitegen.importers.report import Guess, Mend

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# UTF-8 read as Windows-1252: lead byte and continuation byte as two characters.
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
    "|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d\u00a6\u0098\u02dc]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTEXT = 18

_LOWER = r"[^\W\d_A-ZÀ-ÖØ-ÞА-ЯЁ]"
# “ opens in most languages and closes where „ opens.
_ENDS = {False: '»”")', True: '»”“")'}
_GLUE = {
    low: re.compile(
        rf"""(?P<before>(?:{_LOWER}{{2}}|{_LOWER}[{ends}]|[»”%€]|(?<![\w.,])\d{{2,4}}(?=\.\w{{2}}))[.!?…]+[{ends}]?)(?P<after>[«“„¿¡]?(?P<word>\w+))"""
    )
    for low, ends in _ENDS.items()
}
# What follows a full stop in a name rather than after a sentence: exemple.Fr, Node.JS, rapport.PDF
_SUFFIXES = frozenset(
    [
        "com",
        "org",
        "net",
        "fr",
        "info",
        "io",
        "js",
        "ts",
        "py",
        "php",
        "html",
        "htm",
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "svg",
        "mp3",
        "mp4",
        "zip",
    ]
)
_ARABIC = "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff"
_ARABIC_MARKS = "\u064b-\u065f\u0670"
_ARABIC_GLUE = re.compile(
    rf"""(?P<before>(?:[{_ARABIC}][{_ARABIC_MARKS}]*){{3}}[»”")]?[.!?؟…]|[»”"][.!?؟…])(?P<after>[«“"]?[{_ARABIC}])"""
)
_HEBREW_GLUE = re.compile(r"(?P<before>[\u05d0-\u05ea]{3}[.!?…])(?P<after>[\u05d0-\u05ea])")
_MAY_BE_GLUED = re.compile(r"[.!?…؟][»”“\")]?[«“„¿¡]?[^\W\d]")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s]+|[^\s@]+@[^\s@]+\.[A-Za-z]{2,}|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*"
)


class Decoded(NamedTuple):
    """A raw file as text with LF line ends, and what it was."""

    text: str
    encoding: str
    newline: str  # "LF", "CRLF", "CR", "NEL"
    bom: bool
    mends: tuple[Mend, ...]
    guesses: tuple[Guess, ...]


class NotTextError(Exception):
    """The bytes are no text in any encoding."""


def decode_raw(data: bytes) -> Decoded:
    """Text of a raw file in whatever encoding it was saved.

    A byte order mark is believed, then UTF-8, then what the bytes look like. Raises NotTextError for binary files.
    """
    text, encoding, guesses = _decoded(data)
    bom = (encoding in ("utf-8-sig", "utf-16") and text.startswith("\ufeff")) or data.startswith(b"\xef\xbb\xbf")
    text = text.removeprefix("\ufeff")
    newline = _newline(text)
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u0085", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n\n")
    )
    mended, mends = _without_mojibake(text)
    return Decoded(mended, encoding, newline, bom, tuple(mends), tuple(guesses))


def decode_entities(text: str) -> tuple[str, list[Mend]]:
    """Text with its HTML entities decoded, twice where they were encoded twice."""
    if "&" not in text:
        return text, []
    mends: list[Mend] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if "&" not in line:
            continue
        seen: dict[str, str] = {}

        def decoded(match: re.Match[str], seen: dict[str, str] = seen) -> str:
            value = html.unescape(match[0])
            seen[match[0]] = value
            return value

        for _ in range(2):
            line = _ENTITY.sub(decoded, line)
        lines[number] = line
        mends += (Mend("entity", before, after, number + 1) for before, after in seen.items() if before != after)
    return "\n".join(lines), mends


def remove_invisible(text: str) -> tuple[str, list[Mend]]:
    """Text without soft hyphens, zero-width spaces, direction overrides and control characters.

    Joiners stay, which Persian and emoji need, and so do the left-to-right and right-to-left marks.
    """
    mends = []
    for match in _INVISIBLE.finditer(text):
        before = text[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT].split("\n")[0]
        mends.append(Mend("invisible", before, _INVISIBLE.sub("", before), text.count("\n", 0, match.start()) + 1))
    return (_INVISIBLE.sub("", text) if mends else text), mends


def unglue_sentences(text: str, line: int = 1) -> tuple[str, list[Mend]]:
    """Text with a space where two sentences had run into each other; `line` is where the text starts.

    Addresses, numbers, initials and file names are no sentences.
    """
    places = sorted(_glued_places(text))
    if not places:
        return text, []
    pieces, mends, end = [], [], 0
    for place in places:
        pieces.append(text[end:place])
        start, stop = _word_start(text, place), _word_end(text, place)
        number = line + text.count("\n", 0, place)
        mends.append(Mend("glued-sentence", text[start:stop], f"{text[start:place]} {text[place:stop]}", number))
        end = place
    return " ".join([*pieces, text[end:]]), mends


def _glued_places(text: str) -> set[int]:
    if not _MAY_BE_GLUED.search(text):
        return set()
    places = set()
    for pattern in (_GLUE["„" in text], _ARABIC_GLUE, _HEBREW_GLUE):
        for match in pattern.finditer(text):
            word = match.groupdict().get("word", "")
            if not word or (word[0].isupper() and word.lower() not in _SUFFIXES):
                places.add(match.start("after"))
    if not places:
        return places
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    return {place for place in places if not any(start < place < stop for start, stop in addresses)}


def _decoded(data: bytes) -> tuple[str, str, list[Guess]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding, []
            except UnicodeDecodeError:
                break
    if b"\0" in data[:4096]:
        return _without_bom_16(data)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        return _legacy(data, error)


def _without_bom_16(data: bytes) -> tuple[str, str, list[Guess]]:
    """UTF-16 shows every other byte as zero in Latin text."""
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    half = len(data[:4096]) / 2
    for encoding, zeros in (("utf-16-le", odd), ("utf-16-be", even)):
        if zeros > half * 0.4:
            try:
                guess = Guess("encoding", encoding, "every other byte is zero", 0.9)
                return data.decode(encoding), encoding, [guess]
            except UnicodeDecodeError:
                continue
    raise NotTextError("zero bytes")


def _legacy(data: bytes, error: UnicodeDecodeError) -> tuple[str, str, list[Guess]]:
    mostly = data.decode("utf-8", "ignore")
    high = sum(byte >= 0x80 for byte in data)
    good = sum(len(char.encode()) for char in mostly if char > "\x7f")
    if high and good / high > 0.7:
        # UTF-8 with a few bytes of something else in it: only those are read as Windows-1252.
        reason = f"UTF-8 but for {high - good} bytes, the first at {error.start}; those are read as Windows-1252"
        return data.decode("utf-8", "sitegen-cp1252"), "utf-8", [Guess("encoding", "utf-8", reason, 0.7)]
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_exclusion=["utf_7", "utf_16", "utf_32", "cp037", "cp500", "cp273", "cp1026"]).best()
    western = _western(data)
    if western and (best is None or _is_latin(str(best)[:4000])):
        return western, "windows-1252", [Guess("encoding", "windows-1252", "not UTF-8; Western letters", 0.8)]
    if best is None:
        raise NotTextError("no encoding fits")
    return (
        str(best),
        best.encoding,
        [Guess("encoding", best.encoding, "not UTF-8; the letters look right", 0.6)],
    )


def _western(data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    controls = sum(char < " " and char not in "\t\n\r\f" for char in text)
    return "" if controls > len(text) / 100 else text


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char < "\u0250" for char in letters) > 0.9 * len(letters)


def _newline(text: str) -> str:
    found = {"CRLF": text.count("\r\n"), "NEL": text.count("\u0085")}
    found["CR"] = text.count("\r") - found["CRLF"]
    found["LF"] = text.count("\n") - found["CRLF"]
    return max(("LF", "CRLF", "CR", "NEL"), key=lambda name: found[name])


def _without_mojibake(text: str) -> tuple[str, list[Mend]]:
    if len(_MOJIBAKE.findall(text)) < 2:
        return text, []
    from ftfy import fix_encoding

    mends, lines = [], text.split("\n")
    for number, line in enumerate(lines):
        if _MOJIBAKE.search(line) and (fixed := fix_encoding(line)) != line:
            mends.append(Mend("mojibake", line[:80], fixed[:80], number + 1))
            lines[number] = fixed
    return "\n".join(lines), mends


def _word_start(text: str, place: int) -> int:
    while place > 0 and not text[place - 1].isspace():
        place -= 1
    return place


def _word_end(text: str, place: int) -> int:
    while place < len(text) and not text[place].isspace():
        place += 1
    return place


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("sitegen-cp1252", _as_cp1252)
