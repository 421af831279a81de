"""Spaces at which French lines must not break: before : ; ! ? and inside « »."""

import re
from collections.abc import Callable

_BEFORE = {":": "\u00a0", "»": "\u00a0", ";": "\u202f", "!": "\u202f", "?": "\u202f"}
# A sign that ends its word after a space, not the first of a smiley or of a path; or « before one. Signs are few, so
# the search is for them and not for spaces.
_SIGN = re.compile(r"[:;!?»«](?:(?<=\S [:;!?»])(?=[\s<»)\]”’!?.,…\u00a0\u202f]|&nbsp;|$)|(?<=«) (?=\S))")
_AS_WRITTEN = re.compile(r"<(code|kbd|pre|samp|script|style|textarea)\b.*?</\1>", re.DOTALL)


def is_french(language: str) -> bool:
    """Whether these rules are the language's."""
    return language == "fr" or language.startswith("fr-")


def french_text(text: str) -> str:
    """Plain text with its spaces made unbreakable where they must be; none is added or taken away."""
    return _unbroken(text, lambda _place: False)


def french_html(html: str) -> str:
    """The same for HTML; tags, code and what is typed stay as written."""
    spans = [match.span() for match in _AS_WRITTEN.finditer(html)]

    def is_as_written(place: int) -> bool:
        if html.rfind("<", 0, place) > html.rfind(">", 0, place):
            return True
        return bool(spans) and any(start < place < end for start, end in spans)

    return _unbroken(html, is_as_written)


def _unbroken(text: str, is_as_written: Callable[[int], bool]) -> str:
    pieces: list[str] = []
    done = 0
    for match in _SIGN.finditer(text):
        sign = match.start()
        space = sign + 1 if text[sign] == "«" else sign - 1
        if space >= done and not is_as_written(space):  # that inside « ! belongs to both
            pieces += (text[done:space], _BEFORE.get(text[space + 1], "\u00a0"))
            done = space + 1
    return "".join([*pieces, text[done:]]) if pieces else text
