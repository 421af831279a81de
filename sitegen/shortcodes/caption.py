"""Captions: WordPress's frame of a picture and the words below it."""

import re

from msgspec import Struct

from sitegen.shortcodes.syntax import Call

_ALIGNMENTS = ("left", "right", "center", "none")
_WIDTH = re.compile(r"\s*(\d{1,5})(?:px)?\s*", re.ASCII | re.IGNORECASE)
_HTML_PICTURE = re.compile(r"(?:<a\s[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a\s*>)?", re.IGNORECASE)
_TARGET = r"\((?:[^()\n]|\([^()\n]*+\))*+\)"
_MARKDOWN_PICTURE = re.compile(
    rf"\[\s*!\[[^\[\]]*+\]{_TARGET}\s*\]{_TARGET}|!\[[^\[\]]*+\]{_TARGET}(?:\{{[^{{}}\n]*\}})?"
)


class Caption(Struct, frozen=True):
    """A picture and its words, both still Markdown or HTML."""

    image: str  # "": the picture is lost
    text: str
    align: str = ""  # "left", "right", "center", "none"; "": not said
    width: int = 0  # 0: not said
    id: str = ""


class CaptionShortcode:
    """`[caption]` in both its forms: words behind the picture, or in the attribute `caption`."""

    names: tuple[str, ...] = ("caption", "wp_caption")
    template: str = "shortcodes/caption.html"
    block: bool = True

    def read(self, call: Call) -> Caption:
        """Picture and words of a call."""
        image, words = picture_and_words((call.content or "").strip())
        if old_form := call.named.get("caption", "").strip():
            words = f"{old_form} {words}".strip()
        width = _WIDTH.fullmatch(call.named.get("width", ""))
        return Caption(
            image=image,
            text=words,
            align=_alignment(call.named.get("align", "")),
            width=int(width[1]) if width else 0,
            id=call.named.get("id", ""),
        )


def picture_and_words(content: str) -> tuple[str, str]:
    """The first picture, with the link around it, and all that stands beside it."""
    found = [match for pattern in (_HTML_PICTURE, _MARKDOWN_PICTURE) if (match := pattern.search(content))]
    if not found:
        return "", content
    picture = min(found, key=lambda match: match.start())
    words = f"{content[: picture.start()].strip()} {content[picture.end() :].strip()}"
    return picture[0], words.strip()


def _alignment(written: str) -> str:
    alignment = written.strip().lower().removeprefix("align")
    return alignment if alignment in _ALIGNMENTS else ""
