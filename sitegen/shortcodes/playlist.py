"""Playlists: one player after the other.

[playlist]
- [The choir, 1998](choir.mp3)
- [The bells](bells.mp3)
[/playlist]
"""

import re

from msgspec import Struct

from sitegen.model import Location, Problem, Severity
from sitegen.shortcodes.addresses import is_absolute, safe_address
from sitegen.shortcodes.syntax import Call

_TRACK = re.compile(r"^\s*[-*+]\s+\[([^\[\]\n]*)\]\(\s*<?([^()\s<>]+)>?[^()\n]*\)", re.MULTILINE)


class Track(Struct, frozen=True):
    """One piece."""

    title: str
    address: str
    is_elsewhere: bool = False


class Playlist(Struct, frozen=True):
    """Pieces in their order."""

    kind: str  # "audio" or "video"
    tracks: tuple[Track, ...]
    problem: Problem | None = None


class PlaylistShortcode:
    """`[playlist]` around links, or with numbers that only the old site knew."""

    names: tuple[str, ...] = ("playlist", "wp_playlist")
    template: str = "shortcodes/playlist.html"
    block: bool = True

    def read(self, call: Call) -> Playlist:
        """The pieces of a call; a warning, if they are lost."""
        found = [(title, safe_address(address)) for title, address in _TRACK.findall(call.content or "")]
        tracks = tuple(Track(title or address, address, is_absolute(address)) for title, address in found if address)
        kind = "video" if call.named.get("type") == "video" else "audio"
        return Playlist(kind, tracks, None if tracks else _lost(call))


def _lost(call: Call) -> Problem:
    hint = "write each piece on a line between [playlist] and [/playlist]: - [title](file.mp3)"
    place = Location("", call.line, call.column)
    return Problem(place, "playlist-without-files", "the pieces of [playlist] are not here", hint, Severity.WARNING)
