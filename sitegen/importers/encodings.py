"""Bytes of a raw file as text: whatever encoding it was saved in, and text that was once read in a wrong one."""

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from sitegen.importers.function_words import LETTERS
from sitegen.importers.language import small_words, words_of
from sitegen.importers.mending import letters
from sitegen.importers.report import Guess, Mend

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 40_000
_PAYLOAD = re.compile(r"[A-Za-z0-9+/=%]{40,}")
# A sign in the middle of a word, or a capital behind a small letter, where one of the two is no ASCII.
_ODD_INSIDE = re.compile(r"[^\W\d_][^\x00-\x7f\w\s’\u00ad\u200c][^\W\d_]|[à-ÿа-я][A-ZÀ-ÞА-Я]|[a-z][À-ÞА-Я]")
_WITHOUT_BOM = 4096
# Of two encodings that read a text equally well the first is taken.
_ONE_BYTE = "cp1252 cp1250 cp1251 cp1256 cp1255 cp1253 cp1254 koi8_r koi8_u cp866 mac_roman iso8859_2".split()
_SHOWN = {"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp1253": "windows-1253",
          "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "koi8_r": "koi8-r",
          "koi8_u": "koi8-u", "mac_roman": "macintosh", "iso8859_2": "iso-8859-2"}  # fmt: skip
_USUAL = frozenset("«»“”„‚‘’‹›–—…•·°§¿¡©®™№€£\u00ad،؛؟ـًٌٍَُِّْ\u200c\u200d\u200e\u200f")
# UTF-8 read as a one-byte encoding: a lead byte and a continuation byte as two characters.
_CONTINUATION = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022"
    "\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_MAY_BE_MOJIBAKE = re.compile(
    f"[\u00c2-\u00c5\u00ce-\u00d1\u00d7-\u00db\u00e2\u0420\u0421][{_CONTINUATION}\u0402-\u040f\u0452-\u045f\u0491\u2116]"
)
_MOJIBAKE = re.compile(
    f"[\u00c2\u00c3\u00c4\u00c5\u00ce\u00cf\u00d0\u00d1\u00d7-\u00db][{_CONTINUATION}]"
    "|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d\u00a6\u0098\u02dc]"
    "|[\u0420\u0421][\u00a0-\u00bf\u0402\u0403\u0409-\u040c\u040e\u040f\u0452\u0453\u0456\u0459-\u045f\u0491\u2018-\u203a\u20ac\u2116\u2122]"
)


class Decoded(NamedTuple):
    """A raw file as text with LF line ends, and what it was."""

    text: str
    encoding: str
    newline: str  # "LF", "CRLF", "CR", "NEL"
    bom: bool
    mends: tuple[Mend, ...]
    guesses: tuple[Guess, ...]
    taken: int = 0  # letters that the file had more before it was read back


class NotTextError(Exception):
    """The bytes are no text in any encoding; the message names the first that does not fit."""


def decode_raw(data: bytes, *, mojibake: bool = True) -> Decoded:
    """Text of a raw file in whatever encoding it was saved.

    A byte order mark is believed, then UTF-8, then what the bytes look like; what was read in a wrong encoding
    before it was saved is read back, unless `mojibake` is False. Raises NotTextError for binary files.
    """
    text, encoding, guesses = _decoded(data)
    bom = any(data.startswith(mark) for mark, _ in _BOMS)
    text = text.removeprefix("\ufeff")
    newline = "LF"
    if "\r" in text or "\u0085" in text:
        newline = _newline(text)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = text.replace("\u0085", "\n") if newline == "NEL" else text
    mends: list[Mend] = []
    taken = 0
    if mojibake and not text.isascii():
        garbled, (text, mends) = text, read_back(text)
        taken = letters(garbled) - letters(text) if mends else 0
    text = text.replace("\u0085", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return Decoded(text, encoding, newline, bom, tuple(mends), tuple(guesses), taken)


def read_back(text: str) -> tuple[str, list[Mend]]:
    """Text with the lines read back that were UTF-8 and had been read as something else."""
    if not _MAY_BE_MOJIBAKE.search(text):
        return text, []
    first = _MOJIBAKE.search(text)
    if not first or not _MOJIBAKE.search(text, first.end()):
        return text, []
    import ftfy.bad_codecs  # noqa: F401 - registers the codecs named "sloppy"
    from ftfy import fix_encoding

    mends, lines = [], text.split("\n")
    for number, line in enumerate(lines):
        if (seen := _MOJIBAKE.search(line)) and (fixed := _whole_line(line) or fix_encoding(line)) != line:
            mends.append(Mend("mojibake", line[:80], fixed[:80], number + 1, seen.start() + 1))
            lines[number] = fixed
    return "\n".join(lines), mends


def read_back_all(texts: Sequence[str], line: int) -> tuple[list[str], list[Mend]]:
    """Texts of one article on `line`, read back together, since one sign of damage alone proves nothing."""
    if not any(_MAY_BE_MOJIBAKE.search(text) for text in texts):
        return list(texts), []
    whole, mends = read_back("\n".join(texts))
    lines = iter(whole.split("\n"))
    mended = ["\n".join(islice(lines, text.count("\n") + 1)) for text in texts]
    return mended, [Mend(mend.kind, mend.before, mend.after, line) for mend in mends]


def _whole_line(line: str) -> str:
    """The line as it was, if all of it is UTF-8 that was read as one encoding: no other text is by chance."""
    for encoding in ("sloppy-windows-1252", "latin-1", "sloppy-windows-1251"):
        try:
            return line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def _decoded(data: bytes) -> tuple[str, str, list[Guess]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding).removeprefix("\ufeff"), encoding, []
            except UnicodeDecodeError:
                break
    if b"\0" in data[:_WITHOUT_BOM] and not _is_utf_8_with_a_few_zeros(data):
        return _without_bom_16(data)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        return _legacy(data, error)


def _is_utf_8_with_a_few_zeros(data: bytes) -> bool:
    if data.count(0) > max(1, len(data) // 50) or _is_binary(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_bom_16(data: bytes) -> tuple[str, str, list[Guess]]:
    """UTF-16 read in the wrong order is a heap of unrelated signs; in the right one it has spaces and a script."""
    even = data[: len(data) // 2 * 2]
    best, encoding = max((_looks_written(even[:_WITHOUT_BOM], name), name) for name in ("utf-16-be", "utf-16-le"))
    if best < 0.8:
        raise NotTextError(f"byte {data.index(0)} is zero")
    guess = Guess("encoding", encoding, "two bytes a sign: so read it is words and spaces", 0.9)
    try:
        return even.decode(encoding), encoding, [guess]
    except UnicodeDecodeError as error:
        raise NotTextError(f"byte {error.start} is not {encoding}") from None


def _looks_written(data: bytes, encoding: str) -> float:
    """Share of the signs that are spaces, punctuation, or letters of the commonest two scripts."""
    text = data.decode(encoding, "ignore")
    if not text or not any(char in " \n\u3001\u3002" for char in text):
        return 0.0
    rows = Counter(ord(char) >> 8 if ord(char) < 0x3000 else 0x4E for char in text if char.isalpha())
    usual = {row for row, _ in rows.most_common(2)}
    fits = sum(
        char in "\n\r\t"
        or (char.isprintable() and (not char.isalpha() or ord(char) >> 8 in usual or ord(char) >= 0x3000))
        for char in text
    )
    return fits / len(text) if sum(rows.values()) > len(text) * 0.4 else 0.0


def _legacy(data: bytes, error: UnicodeDecodeError) -> tuple[str, str, list[Guess]]:
    mostly = data.decode("utf-8", "ignore")
    high = sum(byte >= 0x80 for byte in data)
    good = sum(len(char.encode()) for char in mostly if char > "\x7f")
    if high and good / high > 0.7:
        # UTF-8 with a few bytes of something else in it: only those are read as Windows-1252.
        reason = f"UTF-8 but for {high - good} bytes, the first at {error.start}; those are read as Windows-1252"
        return data.decode("utf-8", "sitegen-cp1252"), "utf-8", [Guess("encoding", "utf-8", reason, 0.7)]
    if _is_binary(data):
        raise NotTextError(f"byte {error.start} is not UTF-8")
    if found := _one_byte(data):
        encoding, language, confidence = found
        reason = f"byte {error.start} is not UTF-8; so read it has the words and letters of the language {language}"
        shown = _SHOWN.get(encoding, encoding)
        return data.decode(encoding), shown, [Guess("encoding", shown, reason, confidence)]
    return _any(data, error)


def _is_binary(data: bytes) -> bool:
    controls = sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in data[:_SAMPLE])
    return controls > max(1, len(data[:_SAMPLE]) // 100)


def _one_byte(data: bytes) -> tuple[str, str, float] | None:
    """Encoding, language and confidence, where a language's small words and its letters alone say it."""
    best: tuple[float, str, str] = (0.0, "", "")
    for encoding in _ONE_BYTE:
        try:
            text = data[:_SAMPLE].decode(encoding)
        except UnicodeDecodeError:
            continue
        language, share = _reads_as(text)
        if share > best[0] + 1e-9:
            best = (share, encoding, language)
    share, encoding, language = best
    return (encoding, language, round(min(0.95, 0.6 + share), 2)) if share > 0.06 else None


def _reads_as(text: str) -> tuple[str, float]:
    """The language that a text would be in, and how well it fits: small words, less what its alphabet has not."""
    text = _PAYLOAD.sub(" ", text)
    words = words_of(text)
    hits = small_words(words)
    if not hits.most:
        return "", 0.0
    alphabet = LETTERS.get(hits.language, frozenset())
    # In a text of an alphabet of its own, Latin words are borrowed; a letter that the language lacks is damage.
    odd = sum(char.isalpha() and char.lower() not in alphabet for char in text if char > "\x7f")
    strange = sum(not char.isalnum() and not char.isspace() and char not in _USUAL for char in text if char > "\x7f")
    high = sum(char > "\x7f" for char in text)
    inside = len(_ODD_INSIDE.findall(text))
    return hits.language, hits.most / len(words) - (odd + strange + inside) / max(1, high)


def _any(data: bytes, error: UnicodeDecodeError) -> tuple[str, str, list[Guess]]:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_exclusion=["utf_7", "utf_16", "utf_32", "cp037", "cp500", "cp273", "cp1026"]).best()
    western = _western(data)
    if western and (best is None or _is_latin(str(best)[:4000])):
        return western, "windows-1252", [Guess("encoding", "windows-1252", "not UTF-8; Western letters", 0.8)]
    if best is None:
        raise NotTextError(f"byte {error.start} is not UTF-8")
    reason = f"byte {error.start} is not UTF-8; so read the letters look right"
    return str(best), best.encoding, [Guess("encoding", best.encoding, reason, 0.6)]


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


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("sitegen-cp1252", _as_cp1252)
