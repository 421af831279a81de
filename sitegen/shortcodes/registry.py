"""The shortcodes there are: the built-in ones and those of installed packages.

A package offers one under the entry point group `sitegen.shortcodes`: an object or a class that satisfies
`Shortcode`. It does not import this file.
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from msgspec import Struct

from sitegen.shortcodes.caption import CaptionShortcode
from sitegen.shortcodes.poll import PollShortcode
from sitegen.shortcodes.poll_services import PollServiceShortcode
from sitegen.shortcodes.syntax import Call

GROUP = "sitegen.shortcodes"


class Shortcode(Protocol):
    """Reads a call; its template draws what it read, under the name of the struct in lower case."""

    names: tuple[str, ...]
    template: str  # "shortcodes/poll.html"
    block: bool  # stands between paragraphs, not inside one

    def read(self, call: Call) -> Struct:
        """What the call says, checked; SiteError where a person must mend it."""


def _by_name(*shortcodes: Shortcode) -> dict[str, Shortcode]:
    return {name: shortcode for shortcode in shortcodes for name in shortcode.names}


BUILT_IN: dict[str, Shortcode] = _by_name(PollShortcode(), PollServiceShortcode(), CaptionShortcode())


def shortcode_for(name: str) -> Shortcode | None:
    """The shortcode of a name; a built-in one cannot be replaced, its template can."""
    return BUILT_IN.get(name) or _installed().get(name)


def is_known(name: str) -> bool:
    """Whether a shortcode of this name can be read."""
    return shortcode_for(name) is not None


@cache
def _installed() -> dict[str, Shortcode]:
    """Shortcodes of packages; of two with one name the first, by the name of its entry point."""
    found: dict[str, Shortcode] = {}
    for entry_point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        loaded = entry_point.load()
        shortcode: Shortcode = loaded() if isinstance(loaded, type) else loaded
        for name in shortcode.names:
            found.setdefault(name, shortcode)
    return found
