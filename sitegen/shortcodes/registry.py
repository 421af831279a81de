"""The shortcodes there are: the built-in ones and those of installed packages.

A package offers one under the entry point group `sitegen.shortcodes`: an object or a class that satisfies
`Shortcode`. It does not import this file.
"""

from functools import cache
from typing import Protocol

from msgspec import Struct

from sitegen.shortcodes.builders import builder_of
from sitegen.shortcodes.caption import CaptionShortcode
from sitegen.shortcodes.contents import ContentsShortcode
from sitegen.shortcodes.embed import EmbedShortcode
from sitegen.shortcodes.faq import FaqShortcode
from sitegen.shortcodes.footnote import FootnoteListShortcode, FootnoteShortcode
from sitegen.shortcodes.gallery import GalleryShortcode
from sitegen.shortcodes.placeholder import PLACEHOLDERS
from sitegen.shortcodes.player import PlayerShortcode
from sitegen.shortcodes.playlist import PlaylistShortcode
from sitegen.shortcodes.poll import PollShortcode
from sitegen.shortcodes.poll_services import PollServiceShortcode
from sitegen.shortcodes.review import ReviewShortcode
from sitegen.shortcodes.source_code import SourceCodeShortcode
from sitegen.shortcodes.syntax import Call

GROUP = "sitegen.shortcodes"


class Shortcode(Protocol):
    """Reads a call; its template draws what it read, under the name of the struct in lower case.

    A call that is Markdown in other words is read as `Written`, and needs no template. A struct with a field
    `problem` tells it, and is drawn all the same.
    """

    names: tuple[str, ...]
    template: str  # "shortcodes/poll.html"
    block: bool  # stands between paragraphs, not inside one

    def read(self, call: Call) -> Struct:
        """What the call says, checked; SiteError where a person must mend it."""


def _by_name(*shortcodes: Shortcode) -> dict[str, Shortcode]:
    return {name: shortcode for shortcode in shortcodes for name in shortcode.names}


BUILT_IN: dict[str, Shortcode] = _by_name(
    PollShortcode(),
    PollServiceShortcode(),
    CaptionShortcode(),
    GalleryShortcode(),
    PlayerShortcode("audio", ("audio", "wp_audio", "sc_embed_player", "audio_player")),
    PlayerShortcode("video", ("video", "wp_video", "video_player", "flv", "videojs")),
    PlaylistShortcode(),
    EmbedShortcode(),
    SourceCodeShortcode(),
    FootnoteShortcode(),
    FootnoteListShortcode(),
    ContentsShortcode(),
    FaqShortcode(),
    ReviewShortcode(),
)
_LAST = _by_name(*PLACEHOLDERS)


def shortcode_for(name: str) -> Shortcode | None:
    """The shortcode of a name; a built-in one cannot be replaced by a package, save one that only keeps a place."""
    return BUILT_IN.get(name) or _installed().get(name) or _LAST.get(name) or builder_of(name)


def is_known(name: str) -> bool:
    """Whether a shortcode of this name can be read."""
    return shortcode_for(name) is not None


@cache
def _installed() -> dict[str, Shortcode]:
    """Shortcodes of packages; of two with one name the first, by the name of its entry point."""
    from importlib.metadata import entry_points  # loads slowly, and the names of most calls are built in

    found: dict[str, Shortcode] = {}
    for entry_point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        loaded = entry_point.load()
        shortcode: Shortcode = loaded() if isinstance(loaded, type) else loaded
        for name in shortcode.names:
            found.setdefault(name, shortcode)
    return found
