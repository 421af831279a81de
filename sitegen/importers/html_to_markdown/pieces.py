"""Pieces of a paragraph, and the Markdown of a run of them: text that shows as it is, whatever stands beside it."""

import html
import re
from collections.abc import Sequence

from msgspec import Struct

from sitegen.importers.plain_text import markdown_of_text
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls

SPACES = re.compile(r"[ \t\n\r\f]+")
_SPECIAL = re.compile(r"[\\`*_{\[<&!|]")
_SPECIAL_START = re.compile(r"[#+>:=~\d-]")
_TRAILING_BACKSLASH = re.compile(r"\\+(?=\s*\Z)")
_OLD_REFERENCE = re.compile(r"&(?!amp;|lt;|#(?:58|61|126);)(?:#|[A-Za-z]\w{1,31})")
_ANGLE = re.compile(r"<(?![ \n])")  # mail addresses too are links in angle brackets
_BRACE = re.compile(r"\\.|\{(?=[^\n]*\})", re.DOTALL)
_ANY_BRACE = re.compile(r"\\.|\{", re.DOTALL)
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
# What markdown_of_text leaves or escapes with a backslash that this dialect does not know.
_LINE_START = re.compile(r"^\\?([=~:#])")
_BARE_ADDRESS = re.compile(
    r"https?://[^\s<>()\[\]*`\\]+"
)  # alone in a paragraph: WordPress puts the thing itself there


class Piece(Struct, frozen=True, gc=False):
    """Part of a paragraph: text that is still to be escaped, or finished Markdown."""

    text: str
    is_done: bool = False


Pieces = list[Piece]


def markdown_of_pieces(pieces: Sequence[Piece], *, is_start: bool = True, in_link: bool = False) -> str:
    """The Markdown of a run of pieces, trimmed; neighbouring texts are escaped as one."""
    if len(pieces) == 1 and not pieces[0].is_done:
        return markdown_of_text_piece(pieces[0].text, is_start=is_start, in_link=in_link)
    out, pending = "", ""
    for piece in pieces:
        written = piece.text
        if not piece.is_done:
            pending += written
            continue
        if pending:
            out, pending = _with_text(out, pending, is_start, in_link), ""
        if written == "  \n":
            out = out.rstrip(" ")
            out += "<br>\n" if out.endswith("\n") else "  \n" if out else ""
        elif out:
            if out[-1] == "!" and written[:1] == "[":
                out = f"{out[:-1]}\\!"  # with a bare ! this would be a picture
            out = _joinable(out, written) + written
        else:
            out = written
    if pending:
        out = _with_text(out, pending, is_start, in_link)
    while out.endswith(("\n", " ")):
        out = out.removesuffix("<br>\n").rstrip(" \n")
    return out.lstrip(" ")


def markdown_of_text_piece(text: str, *, is_start: bool = True, in_link: bool = False) -> str:
    """The Markdown of a run that is one text alone, trimmed."""
    return _escaped(_collapsed(text).strip(" "), is_start=is_start, in_link=in_link)


def _with_text(before: str, text: str, is_start: bool, in_link: bool) -> str:
    """Markdown, and a text behind it."""
    text = _collapsed(text)
    if not before:
        return _escaped(text.removeprefix(" "), is_start=is_start, in_link=in_link, is_alone=False)
    if text[:1] == " " and before[-1] in " \n":
        text = text[1:]
    starts = before[-1] == "\n"
    return _joinable(before, text) + _escaped(text, is_start=starts, in_link=in_link, is_alone=False)


def says_anything(pieces: Sequence[Piece]) -> bool:
    """Whether there is more in them than spaces."""
    for piece in pieces:  # noqa: SIM110 - a hot path: no generator
        if piece.is_done or (piece.text and not piece.text.isspace()):
            return True
    return False


def on_one_line(pieces: Sequence[Piece], *, is_start: bool = True) -> str:
    """The Markdown of pieces where no line may end: in a cell, a heading, the words of a picture."""
    text = markdown_of_pieces(pieces, is_start=is_start)
    return text.replace("  \n", "<br>").replace("\n", " ") if "\n" in text else text


def _joinable(before: str, after: str) -> str:
    """What stands before a piece, so that the two are not read as one reference."""
    return f"{before[:-1]}&amp;" if before[-1:] == "&" and after[:1] not in ("", " ") else before


def plain_paragraph(text: str) -> str:
    """Markdown of a paragraph that is text alone."""
    return with_bare_address(markdown_of_pieces([Piece(text)]))


def with_bare_address(paragraph: str) -> str:
    """The paragraph; one that is an address alone is a link."""
    return f"<{paragraph}>" if paragraph[:4] == "http" and _BARE_ADDRESS.fullmatch(paragraph) else paragraph


def _collapsed(text: str) -> str:
    """Text with one space wherever there are several, or a line ends."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return SPACES.sub(" ", text)
    return text


def _escaped(text: str, is_start: bool, in_link: bool, is_alone: bool = True) -> str:
    """Text that shows as it is, whatever stands beside it; `is_alone` says that nothing does."""
    is_plain = not _SPECIAL.search(text) and "](" not in text
    if is_plain and not (is_start and _SPECIAL_START.match(text)) and not (in_link and "]" in text):
        return text
    starts = [call.start for call in find_calls(text, is_known, code=False)] if "[" in text else []
    written = _TRAILING_BACKSLASH.sub(lambda m: m[0] + "\\", markdown_of_text(text, is_start=is_start))
    if "&" in written:
        written = _OLD_REFERENCE.sub(_without_reference, written)
    if "<" in written:
        written = _ANGLE.sub("&lt;", written)
    if "{" in written and ("}" in written or not is_alone):
        written = (_BRACE if is_alone else _ANY_BRACE).sub(with_backslash, written)
    if is_start and text[0] != "\\":
        written = _LINE_START.sub(_as_reference, written)
    opens_definition = is_start and text[0] == "[" and "]" not in text
    if in_link or starts or opens_definition or "](" in text:
        written = _BRACKET.sub(with_backslash, written)
    return written


def _without_reference(match: re.Match[str]) -> str:
    """Browsers read some references without their semicolon."""
    return f"&amp;{match[0][1:]}" if match[0] == "&#" or html.unescape(match[0]) != match[0] else match[0]


def with_backslash(match: re.Match[str]) -> str:
    """A sign with a backslash, unless it has one; a pair of backslash and sign is matched as a whole."""
    return match[0] if match[0][0] == "\\" else f"\\{match[0]}"


def _as_reference(match: re.Match[str]) -> str:
    """A sign at the start of a line that no backslash can hide."""
    return f"&#{ord(match[1])};"


def trimmed(pieces: Pieces) -> tuple[Pieces, Pieces, Pieces]:
    """Spaces at both ends stand outside of emphasis and links."""
    if len(pieces) == 1 and not pieces[0].is_done and (text := pieces[0].text) and text == text.strip():
        return [], pieces, []
    merged: Pieces = []
    for piece in pieces:
        if merged and not piece.is_done and not merged[-1].is_done:
            merged[-1] = Piece(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    before: Pieces = []
    after: Pieces = []
    while merged and (merged[0].text == "  \n" or not merged[0].text.strip()):
        before.append(merged.pop(0))
    while merged and (merged[-1].text == "  \n" or not merged[-1].text.strip()):
        after.insert(0, merged.pop())
    if merged and not merged[0].is_done:
        text = merged[0].text
        kept = text.lstrip()
        before.append(Piece(text[: len(text) - len(kept)]))
        merged[0] = Piece(kept)
    if merged and not merged[-1].is_done:
        text = merged[-1].text
        kept = text.rstrip()
        after.insert(0, Piece(text[len(kept) :]))
        merged[-1] = Piece(kept)
    return [piece for piece in before if piece.text], merged, [piece for piece in after if piece.text]


def touches(pieces: Pieces, sign: str) -> bool:
    """Whether finished Markdown ends with a sign."""
    last = next((piece for piece in reversed(pieces) if piece.text), None)
    return last is not None and last.is_done and last.text.endswith(sign)
