"""PHP's serialize format, in which WordPress keeps settings, polls and custom fields."""

import re
from typing import Any

_SERIALIZED = re.compile(rb"\s*(?:N;|b:[01];|i:[+-]?\d|d:|s:\d+:\"|a:\d+:\{|[OCE]:\d+:\")")
_NUMBER = re.compile(rb"[+-]?\d+")
_MAX_DEPTH = 40
_CLASS = "__class__"


class PhpError(ValueError):
    """A value that is not whole."""


def is_serialized(text: str) -> bool:
    """Whether a text looks like a serialized value."""
    return _SERIALIZED.match(text[:40].encode("utf-8", "replace")) is not None and text.rstrip()[-1:] in (";", "}")


def unserialize(text: str) -> Any:
    """The value of a serialized text: None, bool, int, float, str, list or dict.

    An array with the keys 0, 1, 2 … is a list; an object is a dict with its class under `__class__`, and no
    class is ever made. Strings whose length is wrong, which a change of encoding leaves behind, are read up to
    their closing quote. Raises PhpError.
    """
    reader = _Reader(text.strip().encode("utf-8", "surrogatepass"))
    value = reader.value(0)
    if reader.rest():
        raise PhpError(f"more than one value: {reader.rest()[:20]!r}")
    return value


class _Reader:
    """A cursor over the bytes; every step checks what it stands on."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._seen: list[Any] = []  # what `r:2;` counts

    def rest(self) -> bytes:
        return self._data[self._at :]

    def value(self, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise PhpError("nested too deep")
        kind = self._data[self._at : self._at + 1]
        self._at += 1
        if kind in b"rR" and kind:
            return self._reference()
        slot = len(self._seen)
        self._seen.append(None)
        value = self._plain(kind, depth)
        self._seen[slot] = value
        return value

    def _plain(self, kind: bytes, depth: int) -> Any:
        match kind:
            case b"N":
                self._expect(b";")
                return None
            case b"b":
                return self._scalar() == b"1"
            case b"i":
                return _whole_number(self._scalar())
            case b"d":
                return _real_number(self._scalar())
            case b"s":
                return self._string(b";")
            case b"E":
                return self._string(b";").rpartition(":")[2]
            case b"a":
                return _list_or_dict(self._pairs(depth))
            case b"O":
                name = self._string(b"")
                return {_CLASS: name, **dict(self._pairs(depth))}
            case b"C":
                return {_CLASS: self._string(b""), "value": self._opaque()}
        raise PhpError(f"no value begins with {kind!r}")

    def _reference(self) -> Any:
        """A copy of a scalar seen before; whole arrays are not repeated, since that could grow without end."""
        number = _whole_number(self._scalar())
        value = self._seen[number - 1] if 0 < number <= len(self._seen) else None
        return None if isinstance(value, list | dict) else value

    def _pairs(self, depth: int) -> list[tuple[Any, Any]]:
        count = self._count()
        self._expect(b"{")
        pairs: list[tuple[Any, Any]] = []
        while len(pairs) < count and self._data[self._at : self._at + 1] != b"}":
            key = self._key()
            pairs.append((key, self.value(depth + 1)))
        self._expect(b"}")
        return pairs

    def _key(self) -> int | str:
        kind = self._data[self._at : self._at + 1]
        self._at += 1
        if kind == b"i":
            return _whole_number(self._scalar())
        if kind == b"s":
            # Private and protected properties carry their class between zero bytes.
            return self._string(b";").rpartition("\0")[2]
        raise PhpError(f"no key begins with {kind!r}")

    def _opaque(self) -> str:
        size = self._count()
        self._expect(b"{")
        text = self._data[self._at : self._at + size]
        self._at += size
        self._expect(b"}")
        return text.decode("utf-8", "replace")

    def _string(self, end: bytes) -> str:
        size = self._count()
        self._expect(b'"')
        close = self._at + size
        if self._data[close : close + 1 + len(end)] != b'"' + end:
            close = self._closing_quote(end)
        text = self._data[self._at : close]
        self._at = close + 1 + len(end)
        return text.decode("utf-8", "replace")

    def _closing_quote(self, end: bytes) -> int:
        """Where a string of wrong length ends: at a quote behind which another value or the end comes."""
        pattern = re.compile(rb'";(?=[}Nbidsa-zOCErR]|\Z)' if end else rb'":(?=\d)')
        if match := pattern.search(self._data, self._at):
            return match.start()
        raise PhpError("a string without an end")

    def _count(self) -> int:
        self._expect(b":")
        match = _NUMBER.match(self._data, self._at)
        if match is None or len(match[0]) > 12:
            raise PhpError("a length is missing")
        self._at = match.end()
        self._expect(b":")
        return int(match[0])

    def _scalar(self) -> bytes:
        self._expect(b":")
        end = self._data.find(b";", self._at, self._at + 400)
        if end < 0:
            raise PhpError("a value without an end")
        text = self._data[self._at : end]
        self._at = end + 1
        return text

    def _expect(self, mark: bytes) -> None:
        if not self._data.startswith(mark, self._at):
            raise PhpError(f"{mark!r} is missing at {self._at}")
        self._at += len(mark)


def _whole_number(text: bytes) -> int:
    if len(text) > 20 or not _NUMBER.fullmatch(text):
        raise PhpError(f"no number: {text[:20]!r}")
    return int(text)


def _real_number(text: bytes) -> float:
    try:
        return float({b"INF": "inf", b"-INF": "-inf", b"NAN": "nan"}.get(text, text))
    except ValueError:
        raise PhpError(f"no number: {text[:20]!r}") from None


def _list_or_dict(pairs: list[tuple[Any, Any]]) -> Any:
    if [key for key, _value in pairs] == list(range(len(pairs))):
        return [value for _key, value in pairs]
    return dict(pairs)
