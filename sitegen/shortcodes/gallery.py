"""Galleries: pictures side by side.

[gallery columns="2"]
![The ferry](ferry.jpg) The ferry in 1931
![The bridge](bridge.jpg)
[/gallery]
"""

import re

from msgspec import Struct

from sitegen.model import Location, Problem, Severity
from sitegen.shortcodes.caption import picture_and_words
from sitegen.shortcodes.syntax import Call

_NUMBERS = re.compile(r"\d+")
_IDS = ("ids", "include", "images", "gallery_ids", "image_ids")
_MAX_COLUMNS = 9


class GalleryPicture(Struct, frozen=True):
    """A picture and the words below it, both Markdown or HTML."""

    image: str
    text: str = ""


class Gallery(Struct, frozen=True):
    """Pictures in their order."""

    pictures: tuple[GalleryPicture, ...]
    ids: tuple[str, ...] = ()  # of attachments, where only their numbers are known
    columns: int = 0  # 0: not said
    problem: Problem | None = None


class GalleryShortcode:
    """`[gallery]` around pictures, or with the numbers of attachments that only the old site knew."""

    names: tuple[str, ...] = ("gallery",)
    template: str = "shortcodes/gallery.html"
    block: bool = True

    def read(self, call: Call) -> Gallery:
        """The pictures of a call; a warning, if they are lost."""
        found = [picture_and_words(line) for line in (call.content or "").splitlines() if line.strip()]
        pictures = tuple(GalleryPicture(image, words) for image, words in found if image or words)
        ids = tuple(_NUMBERS.findall(next(filter(None, map(call.named.get, _IDS)), "")))
        columns = call.named.get("columns", "")
        return Gallery(
            pictures=pictures,
            ids=ids,
            columns=int(columns) if columns.isdecimal() and 0 < int(columns[:4]) <= _MAX_COLUMNS else 0,
            problem=None if pictures else _lost(call, ids),
        )


def _lost(call: Call, ids: tuple[str, ...]) -> Problem:
    told = f" ({', '.join(ids[:10])}{' …' if len(ids) > 10 else ''})" if ids else ""
    hint = "write each picture on a line between [gallery] and [/gallery]: ![words](file.jpg) caption"
    place = Location("", call.line, call.column)
    return Problem(
        place, "gallery-without-pictures", f"the pictures of [gallery]{told} are not here", hint, Severity.WARNING
    )
