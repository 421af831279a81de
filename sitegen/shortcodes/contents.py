"""Tables of contents: the headings of the article, where a plugin listed them."""

from msgspec import Struct

from sitegen.shortcodes.syntax import Call
from sitegen.shortcodes.written import literally


class Heading(Struct, frozen=True):
    """A heading and those below it."""

    id: str
    title: str  # HTML, clean
    below: tuple["Heading", ...] = ()


class Contents(Struct, frozen=True):
    """Where the headings are listed."""

    title: str = ""


class ContentsShortcode:
    """`[toc]` and its kin."""

    names: tuple[str, ...] = (
        "toc", "ez-toc", "ez_toc", "lwptoc", "lwp_toc", "tableofcontents", "table_of_contents", "table-of-contents",
        "simple-toc", "rank_math_toc", "wpsm_toc", "fixedtoc", "sibwp_toc", "cm_simple_toc",
    )  # fmt: skip
    template: str = "shortcodes/contents.html"
    block: bool = True

    def read(self, call: Call) -> Struct:
        """The place of the list; a call around text is none of a plugin's."""
        if (call.content or "").strip():
            return literally(call)
        return Contents(" ".join(call.named.get("title", call.named.get("label", "")).split()))


def nested(headings: list[tuple[int, str, str]]) -> tuple[Heading, ...]:
    """Headings (level, id, title) in the order of the text, each with those below it."""
    found, index = _level(headings, 0, 0)
    assert index == len(headings)
    return found


def _level(headings: list[tuple[int, str, str]], index: int, above: int) -> tuple[tuple[Heading, ...], int]:
    """Headings from one on that lie below level `above`, and where they end. Levels are six at most."""
    found = []
    while index < len(headings) and headings[index][0] > above:
        level, name, title = headings[index]
        below, index = _level(headings, index + 1, level)
        found.append(Heading(name, title, below))
    return tuple(found), index
