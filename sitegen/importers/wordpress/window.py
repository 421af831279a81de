"""The part of an export that is looked at: unpacked, in UTF-8, of bounded size."""

import codecs
import gzip
import io
import re
from typing import IO, Protocol

MAX_ELEMENT = 16 << 20
MAX_UNPACKED = 16 << 30
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 16 << 20
_CHUNK = 1 << 20
TAIL = 512  # of a chunk in which a tag may begin that the next chunk ends
MAX_PREAMBLE = 64 << 10
KINDS = rb"item|wp:author|wp:category|wp:tag|wp:term"
_OUTSIDE = re.compile(rb"<!\[CDATA\[|<!--|<!(?:DOCTYPE|ENTITY)|<(" + KINDS + rb")(?:\s[^<>]*)?>", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9._:-]+)")


class TooLargeError(Exception):
    """A file that unpacks to more than anyone exports."""


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Unpacked:
    """A gzip stream that stops a bomb."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._stream = gzip.GzipFile(fileobj=file)
        self._size = 0

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self._size += len(chunk)
        ratio = self._size // max(self._file.tell(), 1)
        if self._size > MAX_UNPACKED or (self._size > _RATIO_COUNTS_FROM and ratio > _MAX_RATIO):
            raise TooLargeError(f"unpacks to {ratio} times its size; no export does")
        return chunk


class _Recoded:
    """A stream in another encoding, as UTF-8."""

    def __init__(self, source: _Source, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int, /) -> bytes:
        while chunk := self._source.read(size):
            if text := self._decoder.decode(chunk):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", True).encode("utf-8", "replace")


class Window:
    """The part of a file that is looked at; what lies before `at` may be forgotten."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.data = b""
        self.at = 0
        self.is_ended = False
        self.preamble = b""
        self._line, self._counted = 1, 0
        self._offset = 0  # of `data` in the file
        self._no_end_before = 0  # of CDATA, in the file: looked for in vain from where it was asked to there
        self._no_end_from = 0
        self._source: _Source = io.BytesIO()

    def open(self, file: IO[bytes]) -> None:
        """Look at the start of a file; what is packed or in another encoding is undone as it is read."""
        head = file.read(2)
        file.seek(-len(head), io.SEEK_CUR)
        self._source = _Unpacked(file) if head == b"\x1f\x8b" else file
        self.data = self._source.read(_CHUNK)
        encoding = _encoding_of(self.data)
        if encoding:
            self._source = _Recoded(_Joined(self.data, self._source), encoding)
            self.data = self._source.read(_CHUNK)
        self.data = self.data.removeprefix(codecs.BOM_UTF8)

    @property
    def line(self) -> int:
        """Of the file, on which `at` stands."""
        self._line += self.data.count(b"\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def more(self) -> bool:
        """Take in another chunk and forget what lies before `at`."""
        if self.is_ended:
            return False
        chunk = self._source.read(_CHUNK)
        self.is_ended = not chunk
        _ = self.line
        self.data = self.data[self.at :] + chunk
        self._offset += self.at
        self.at = self._counted = 0
        return not self.is_ended

    def next_outside(self) -> re.Match[bytes] | None:
        """The next mark between elements; `at` moves to it."""
        while True:
            match = _OUTSIDE.search(self.data, self.at)
            end = match.start() if match else max(self.at, len(self.data) - TAIL)
            if len(self.preamble) < MAX_PREAMBLE:
                self.preamble += self.data[self.at : end][:MAX_PREAMBLE]
            self.at = end
            if match or not self.more():
                return match

    def cdata_end(self, start: int) -> int:
        """Where the CDATA section at `start` (counted from `at`) ends, counted the same; -1 if nowhere near."""
        if self._no_end_from <= self._offset + self.at + start < self._no_end_before:
            return -1
        looked = start
        while True:
            found = self.data.find(b"]]>", self.at + looked)
            if found >= 0:
                return found + 3 - self.at
            looked = max(start, len(self.data) - self.at - 2)
            if len(self.data) - self.at > MAX_ELEMENT or not self.more():
                self._no_end_from = self._offset + self.at + start
                self._no_end_before = self._offset + len(self.data)
                return -1

    def skip_section(self, opening: bytes) -> None:
        """Go past a comment or a CDATA section between elements; one without an end is only its opening."""
        closing = b"-->" if opening == b"<!--" else b"]]>"
        if len(self.data) - self.at < MAX_PREAMBLE:
            self.more()
        end = self.data.find(closing, self.at, self.at + MAX_PREAMBLE)
        self.at = end + 3 if end >= 0 else self.at + len(opening)


class _Joined:
    """What was read already, and then the rest."""

    def __init__(self, head: bytes, rest: _Source) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int, /) -> bytes:
        head, self._head = self._head, b""
        return head or self._rest.read(size)


def _encoding_of(head: bytes) -> str:
    """The encoding to undo; "" for UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16-le" if head[0] else "utf-16-be"
    match = _XML_ENCODING.match(head.removeprefix(codecs.BOM_UTF8).lstrip())
    try:
        name = codecs.lookup(match[1].decode()).name if match else "utf-8"
    except LookupError:
        return ""
    # Browsers and exporters mean Windows-1252 when they say Latin-1.
    return {"utf-8": "", "ascii": "", "utf-16": "", "iso8859-1": "cp1252"}.get(name, name)
