"""The theme: its folders, its static files, and what tells that it was edited."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sitegen.config import Site
from sitegen.model import Asset

ASSETS = "assets/"
_PACKAGE = Path(__file__).resolve().parent


class TemplateDigests(NamedTuple):
    """Hashes of what is in the folders of templates, but for static files."""

    all: str
    words: str  # of the catalogs of texts alone, which planning sees too


def default_theme() -> Path:
    """Folder of the default theme: in the wheel, or beside the package in a checkout."""
    packaged = _PACKAGE / "default_theme"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "templates"


def template_folders(site: Site) -> tuple[str, ...]:
    """Folders of templates, the site's own first."""
    own, theme = site.templates, default_theme()
    return (str(own), str(theme)) if own.is_dir() and own.resolve() != theme.resolve() else (str(theme),)


def theme_files(template_folders: tuple[str, ...]) -> tuple[Asset, ...]:
    """Static files of the theme below `assets/`, the site's own in place of the theme's."""
    static: dict[str, Path] = {}
    for folder in reversed(template_folders):
        root = Path(folder, "static")
        static |= {file.relative_to(root).as_posix(): file for file in root.rglob("*") if file.is_file()}
    return tuple(Asset(ASSETS + name, file, _digest(file)) for name, file in sorted(static.items()))


def digests_of_templates(folders: tuple[str, ...]) -> TemplateDigests:
    """Hashes of every template and catalog of texts, read as files."""
    state, words = hashlib.sha256(), hashlib.sha256()
    for folder in folders:
        for file in sorted(Path(folder).rglob("*")):
            name = file.relative_to(folder).as_posix()
            if not name.startswith("static/") and file.is_file():
                content = f"{name}\0".encode("utf-8", "surrogateescape") + file.read_bytes()
                state.update(content)
                if name.startswith("locales/"):
                    words.update(content)
    return TemplateDigests(state.hexdigest()[:32], words.hexdigest()[:32])


def _digest(file: Path) -> str:
    found = file.stat()
    return _digest_of(str(file), found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4096)
def _digest_of(file: str, _size: int, _mtime_ns: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
