"""Files that are copied as they are: the theme's, and those of the content folder."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from sitegen.content.catalog import Catalog
from sitegen.content.source_files import referred_file
from sitegen.model import Asset, Entry
from sitegen.pages.cards import MEDIA

ASSETS = "assets/"


def asset_files(catalog: Catalog, content_folder: Path, template_folders: tuple[str, ...]) -> Iterator[Asset]:
    """Static files of the theme below `assets/`, the site's own in place of the theme's; then media of the content."""
    static: dict[str, Path] = {}
    for folder in reversed(template_folders):
        root = Path(folder, "static")
        static |= {file.relative_to(root).as_posix(): file for file in root.rglob("*") if file.is_file()}
    for name, file in sorted(static.items()):
        found = file.stat()
        yield Asset(ASSETS + name, file, _digest(str(file), found.st_size, found.st_mtime_ns))
    hidden = _hidden_media(catalog)
    for asset in catalog.assets():
        if asset.path not in hidden:
            yield Asset(MEDIA + asset.path, content_folder / asset.path, asset.digest)


def _hidden_media(catalog: Catalog) -> set[str]:
    """Files of articles that are not shown, as far as no other article shows them."""
    hidden = {file for entry in catalog.hidden() for file in _media_of(entry)}
    for entries in (catalog.entries(), catalog.undated()) if hidden else ():
        for entry in entries:
            hidden.difference_update(_media_of(entry))
    return hidden


def _media_of(entry: Entry) -> Iterator[str]:
    for name in (entry.image, *(reference.target for reference in entry.links)):
        if name and (file := referred_file(entry.source, unquote(name.split("#")[0].split("?")[0]))):
            yield file


@lru_cache(maxsize=4096)
def _digest(file: str, _size: int, _mtime_ns: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
