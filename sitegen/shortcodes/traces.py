"""Whether a text may hold calls at all. The grammar takes longer to load than most articles take in all, and most
texts have none.
"""

import re

from sitegen.shortcodes.signs import WIDE_SPACES

OPENING = rf"\[([ \t{WIDE_SPACES}]{{0,4}}+)([^<>&/\[\]=\x00-\x20]++)"
LINKED = r"[^\[\]\n]*+\]\("  # what goes on so is Markdown's `[text](address)`
_MAY_OPEN = re.compile(rf"{OPENING}(?!{LINKED})")


def may_have_calls(text: str) -> bool:
    """Whether `find_calls`, by whatever names are known, or `bare_calls` may find something in a text."""
    return ("[" in text and ("[/" in text or _MAY_OPEN.search(text) is not None)) or may_have_bare_calls(text)


def may_have_bare_calls(text: str) -> bool:
    """Whether `bare_calls` may find something in a text."""
    return may_have_notes(text) or may_have_lines(text)


def may_have_notes(text: str) -> bool:
    """Whether there are double parentheses."""
    return "((" in text and "))" in text


def may_have_lines(text: str) -> bool:
    """Whether an address stands near the beginning of a line: most are links in it, and to look at each takes long."""
    place = text.find("http")
    while place >= 0:
        before = text[max(place - 5, 0) : place].rstrip(" <")
        if not before or before[-1] == "\n":
            return True
        place = text.find("http", place + 1)
    return False
