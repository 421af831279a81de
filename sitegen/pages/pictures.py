"""Renditions of pictures: in which sizes and formats an archive shows them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.config import ImagesTable
from sitegen.contexts import PictureSource, ShownPicture
from sitegen.model import Asset, Picture, Rendition
from sitegen.outputs.fingerprint import digest_of, library_version

_TYPES = {"avif": "image/avif", "webp": "image/webp"}
_MIN_WIDTH = 64
_SIZE = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled)?\.(?=\w+$)")  # as WordPress names sizes: x-300x200.jpg
# Where the drawing was made with few colours, what a lossy format does to it shows.
_FEW_COLOURS = frozenset({"GIF"})
_MAKES = frozenset({"JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"})


def shown_picture(path: str, picture: Picture, table: ImagesTable) -> ShownPicture:
    """A picture as pages show it; `path` is where its own file is in the site."""
    sources = tuple(
        PictureSource(_TYPES[kind], tuple((width, _path(path, width, kind)) for width in _widths(picture, table)))
        for kind in _formats(picture, table)
    )
    return ShownPicture(path=path, width=picture.width, height=picture.height, sources=sources)


def shows(paths: Iterable[str], picture: ShownPicture) -> bool:
    """Whether one of these files is the picture, in whatever size a site once made of it."""
    return _SIZE.sub(".", picture.path) in {_SIZE.sub(".", path) for path in paths}


def picture_assets(path: str, file: Path, digest: str, picture: Picture | None, table: ImagesTable) -> Iterator[Asset]:
    """The file of a picture itself, cleaned where it must be, and its renditions."""
    if picture is None or picture.is_clean:
        yield Asset(path, file, digest)
    else:
        yield Asset(path, file, digest_of((digest, "clean", library_version("pillow"))), digest, picture.kind)
    if picture is None:
        return
    for kind in _formats(picture, table):
        for width in _widths(picture, table):
            rendition = Rendition(width, kind, _quality(table, kind), picture.kind in _FEW_COLOURS)
            made_of = digest_of((digest, rendition, library_version("pillow")))
            yield Asset(_path(path, width, kind), file, made_of, digest, picture.kind, rendition)


def _path(path: str, width: int, kind: str) -> str:
    return f"{path}.{width}.{kind}"


def _formats(picture: Picture, table: ImagesTable) -> tuple[str, ...]:
    is_made = table.renditions and picture.is_still and picture.kind in _MAKES and picture.width >= _MIN_WIDTH
    return table.formats if is_made else ()


def _widths(picture: Picture, table: ImagesTable) -> list[int]:
    """Those of the table that are smaller, and its own where no larger one is asked for."""
    widths = sorted(width for width in table.widths if width < picture.width)
    return [*widths, picture.width] if picture.width <= max(table.widths) else widths


def _quality(table: ImagesTable, kind: str) -> int:
    return table.avif_quality if kind == "avif" else table.webp_quality
