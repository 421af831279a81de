"""The text of a content file, and of its body, whose place in the file is known."""

import hashlib
import os

from sitegen.model import ROOT, Location, Problem, SiteError

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_AT_ONCE = 1 << 16


def decode(data: bytes, path: str) -> str:
    """The text of a content file: UTF-8, with or without BOM, any line ends; raises SiteError."""
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8, or put it in the inbox, where any encoding is read"
        message = f"byte {error.start} is not UTF-8"
        raise SiteError(Problem(Location(path, line), "encoding", message, hint)) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x85", "\n").replace(ROOT, "")


def read_body(file: str, shown: str, digest: str, body_at: int, body_line: int) -> tuple[str, int]:
    """Body of a content file, which problems name as `shown`, and the line of the file on which it starts.

    `body_at` and `body_line` are where its entry says that it starts. Raises SiteError, also when the file is no
    longer the one that has this digest.
    """
    try:
        data = bytes_of(file)
    except OSError as error:
        raise SiteError(
            Problem(Location(shown), "unreadable", f"can't be read: {error.strerror}", partly=True)
        ) from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise SiteError(
            Problem(Location(shown), "changed", "changed while the site was built", "build again", partly=True)
        )
    if body_at >= 0:
        return data[body_at:].decode(), body_line
    from sitegen.content.front_matter import parse_front_matter  # most bodies stand in their files as they are

    content = parse_front_matter(decode(data, shown), shown)
    return content.body, content.body_line


def bytes_of(file: str) -> bytes:
    """What is in a file; raises OSError."""
    handle = os.open(file, _READ)  # a hot path: no Path, and no object that asks what kind of file it is
    try:
        pieces = [os.read(handle, _AT_ONCE)]
        while piece := os.read(handle, _AT_ONCE):
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
    finally:
        os.close(handle)
