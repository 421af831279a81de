"""Payloads of Expert Review's shortcodes: JSON behind percent signs behind base64, whole or cut short."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from sitegen.shortcodes.signs import DOUBLE_MARKS, SINGLE_MARKS
from sitegen.shortcodes.texturize import visible

_TAG = re.compile(r"<[^<>]*>")  # <br> and <p> of an editor that wrapped the line
_AROUND = " \t\r\n\u00a0\u202f…." + DOUBLE_MARKS + SINGLE_MARKS
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{2,}={0,3}")
_TO_STANDARD = str.maketrans("-_", "+/")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_CUT_PERCENT = re.compile(rb"%[0-9A-Fa-f]?\Z")
_PART = re.compile(r'"(?:[^"\\]|\\.)*+"|["{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}


def decode_payload_json(params: str) -> tuple[dict[str, Any], bool]:
    """The JSON object of a payload, and whether it was cut: then it holds what is whole.

    Reads base64 (also base64url, wrapped, without padding) of percent-encoded or plain JSON, and both of
    these without base64. ValueError when nothing can be read.
    """
    text = visible(params)
    for written in _readings(text):
        start = written.find("{")
        if start < 0 or written[:start].strip("\ufeff \t\r\n"):
            continue
        if (found := _object(written[start:])) is not None:
            return found
    raise ValueError("no JSON in the payload")


def _readings(text: str) -> Iterator[str]:
    """What the payload may say, most likely first."""
    compact = "".join(_TAG.sub("", text).split()).strip(_AROUND)
    if _BASE64.fullmatch(compact):
        yield _text_of(_from_base64(compact))
    else:
        # Something foreign got in: what stands in front of it may still be read.
        if front := _BASE64.match(compact):
            yield _text_of(_from_base64(front[0]))
        yield _text_of(text.strip().encode("utf-8", "surrogatepass"))


def _from_base64(text: str) -> bytes:
    text = text.rstrip("=").translate(_TO_STANDARD)
    if len(text) % 4 == 1:  # six bits alone are no byte
        text = text[:-1]
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def _text_of(written: bytes) -> str:
    """Percent signs undone where JSON is not there yet; a character that was cut in two is left off."""
    if b'"' not in written and _PERCENT.search(written):
        # The plugin's PHP side reads "+" as a space, and encodeURIComponent never leaves one.
        written = unquote_to_bytes(_CUT_PERCENT.sub(b"", written).replace(b"+", b" "))
    return written.decode("utf-8", "ignore")


def _object(text: str) -> tuple[dict[str, Any], bool] | None:
    # Nesting that breaks the parser is the payload's fault, like any other nonsense in it.
    try:
        value, _end = json.JSONDecoder(strict=False).raw_decode(text)
        return (value, False) if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        pass
    try:
        value = json.loads(_whole_prefix(text), strict=False)
    except (ValueError, RecursionError):
        return None
    return (value, True) if isinstance(value, dict) and value else None


def _whole_prefix(text: str) -> str:
    """The longest beginning of a JSON text that ends after a whole value, closed."""
    closers: list[str] = []
    end, depth, before = 0, 0, ""
    for match in _PART.finditer(text):
        part = match[0]
        if part == '"' or (part in "}]" and (not closers or closers[-1] != part)):
            break  # a string without its end, or a bracket that closes nothing
        if part in _CLOSERS:
            closers.append(_CLOSERS[part])
        elif part in "}]":
            closers.pop()
        if part == ",":
            end, depth = match.start(), len(closers)
        elif part in "}]" or (part[0] == '"' and (before == ":" or closers[-1:] == ["]"])):
            end, depth = match.end(), len(closers)
        before = part
    # Past the last whole value brackets were only opened, so those below `depth` are still the same.
    return text[:end] + "".join(reversed(closers[:depth]))
