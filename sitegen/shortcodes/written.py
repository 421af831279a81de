"""A shortcode that is Markdown in other words: what it says is read as part of the text around it."""

import re

from msgspec import Struct

from sitegen.shortcodes.syntax import Call

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~&]|^(?=[-+=:])|^(\d+)(?=[.)])", re.MULTILINE)
_REFERENCES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "~": "&#126;", "|": "&#124;"}


class Written(Struct, frozen=True):
    """Markdown in place of a call. It may hold calls of its own."""

    text: str
    note: str | None = None  # of a footnote: `text` is then its reference, to which the note is added
    is_block: bool = False


def literally(call: Call) -> Written:
    """What looks like a call and is none: it prints as it stands."""
    return Written(escaped(call.source))


def escaped(text: str) -> str:
    """Markdown that prints a text of one line, whatever it holds."""
    return _SIGNS.sub(_escaped, " ".join(text.split()))


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}\\"
    return _REFERENCES.get(match[0], f"\\{match[0]}")
