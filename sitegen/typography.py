"""Spaces at which French lines must not break: before : ; ! ? and inside « »."""

import re

_BEFORE = {":": "\u00a0", "»": "\u00a0", ";": "\u202f", "!": "\u202f", "?": "\u202f"}
# A sign that ends its word; not the first of a smiley or of a path.
# It starts with the space itself, so that the rest is looked at where one stands.
_SPACE = re.compile(r" (?:(?<=\S )(?=[:;!?»](?:[\s<»)\]”’!?.,…\u00a0\u202f]|&nbsp;|$))|(?<=« )(?=\S))")
_AS_WRITTEN = re.compile(r"<(code|kbd|pre|samp|script|style|textarea)\b.*?</\1>", re.DOTALL)


def is_french(language: str) -> bool:
    """Whether these rules are the language's."""
    return language == "fr" or language.startswith("fr-")


def french_text(text: str) -> str:
    """Plain text with its spaces made unbreakable where they must be; none is added or taken away."""
    return _SPACE.sub(lambda match: _unbreakable(text, match.end()), text)


def french_html(html: str) -> str:
    """The same for HTML; tags, code and what is typed stay as written."""
    pieces: list[str] = []
    done = 0
    spans = [match.span() for match in _AS_WRITTEN.finditer(html)] if "</" in html and _has_code(html) else []
    for match in _SPACE.finditer(html):
        place = match.start()
        if html.rfind("<", 0, place) > html.rfind(">", 0, place) or any(start < place < end for start, end in spans):
            continue
        pieces += [html[done:place], _unbreakable(html, match.end())]
        done = match.end()
    return "".join([*pieces, html[done:]]) if pieces else html


def _unbreakable(text: str, end: int) -> str:
    """The space that belongs where a plain one ends."""
    return _BEFORE.get(text[end], "\u00a0")


def _has_code(html: str) -> bool:
    return any(f"</{tag}>" in html for tag in ("code", "kbd", "pre", "samp", "script", "style", "textarea"))
