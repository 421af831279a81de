"""Which templates there are, and a digest of each: all that planning knows of them, without what draws them."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, msgpack

from sitegen.cache import kept

THEME = "theme"  # `{% extends "theme/article.html" %}` in a site's own article.html
# What a template is made of beside itself. Reading it off the source is a thousandth of the work of parsing it;
# a match in a comment only makes a digest depend on more than it must.
_REFERENCE = re.compile(r"""\{%[-+]?\s*(extends|include|import|from)\s+(?:"([^"]*)"|'([^']*)'|([^\s"']))""")


class Digests(NamedTuple):
    """Hashes of a template. Together they cover all that it includes, imports or extends."""

    code: str  # of all but the frame: with the same, its blocks print the same
    frame: str  # of what it and those that it extends print around their blocks


class PageTemplates(Struct):
    """What the templates of a theme are made of."""

    digests: dict[str, Digests]  # by name, of those that draw pages
    shortcodes: str  # hash of all templates of shortcodes

    def of(self, template: str) -> Digests:
        """Hashes of a template; of nothing for one that does not exist."""
        return self.digests.get(template, _NOTHING)


_NOTHING = Digests("", "")


def page_templates(folders: tuple[str, ...], digest: str) -> PageTemplates:
    """What the templates in these folders are made of, of which `digest` tells all; it is kept under that."""

    def made() -> bytes:
        files = TemplateFiles(folders)
        names = [name for name in files.names if "/" not in name]
        return msgpack.encode(PageTemplates({name: files.digests(name) for name in names}, files.shortcodes()))

    return msgpack.decode(kept(f"page-templates-{digest}", made), type=PageTemplates)


class TemplateFiles:
    """The templates in these folders, a site's own before those of the theme, which is the last."""

    def __init__(self, folders: tuple[str, ...]) -> None:
        self._folders = folders
        self._handing_on: dict[str, bool] = {}
        self._sources: dict[str, str] = {}
        catalogs = [file for folder in folders for file in sorted(Path(folder, "locales").glob("*.po"))]
        self.words_digest = hashlib.blake2b(b"".join(file.read_bytes() for file in catalogs)).digest()
        theme = _names_in(folders[-1])
        own = {name for folder in folders[:-1] for name in _names_in(folder)}
        self.names = frozenset({*own, *theme, *(f"{THEME}/{name}" for name in theme)})

    def digests(self, name: str) -> Digests:
        """Hashes of a template in two parts."""
        from sitegen.render.frames import Parted, parted  # most builds find what is kept

        code, frame = hashlib.blake2b(self.words_digest, digest_size=16), hashlib.blake2b(digest_size=16)
        sources = {part: self._source(part) for part in sorted(self._with_references(name))}
        framed = self._chain(name) if not any(map(self._hands_on, sources)) else set()
        for part, source in sources.items():
            parts = parted(source) if part in framed else Parted(source, "")
            code.update(f"{part}\0{parts.code}\0".encode())
            frame.update(f"{part}\0{parts.frame}\0".encode())
        return Digests(code.hexdigest(), frame.hexdigest())

    def shortcodes(self) -> str:
        """Hash of all templates of shortcodes."""
        state = hashlib.blake2b(digest_size=16)
        for name in sorted(name for name in self.names if name.startswith("shortcodes/")):
            state.update("\0".join((name, *self.digests(name), "")).encode())
        return state.hexdigest()

    def _hands_on(self, name: str) -> bool:
        from sitegen.render.frames import hands_on

        if name not in self._handing_on:
            self._handing_on[name] = hands_on(self._source(name))
        return self._handing_on[name]

    def _with_references(self, name: str) -> set[str]:
        return self._reached(name, lambda part: set().union(*self._references(part)))

    def _chain(self, name: str) -> set[str]:
        """A template and those that it extends, as far as none of them is included or imported beside."""
        extended = self._reached(name, lambda part: self._references(part)[0])
        return extended.difference(*(self._references(part)[1] for part in self._with_references(name)))

    def _reached(self, name: str, following: Callable[[str], set[str]]) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            part = waiting.pop()
            if part not in found and self._source(part):
                found.add(part)
                waiting += following(part)
        return found

    def _references(self, name: str) -> tuple[set[str], set[str]]:
        """What a template extends, and what it includes or imports; a computed name may mean any template."""
        extended: set[str] = set()
        others: set[str] = set()
        for tag, double, single, computed in _REFERENCE.findall(self._source(name)):
            if computed:
                others |= self.names
            else:
                (extended if tag == "extends" else others).add(double or single)
        return extended, others

    def _source(self, name: str) -> str:
        if name not in self._sources:
            self._sources[name] = self._read(name)
        return self._sources[name]

    def _read(self, name: str) -> str:
        """The text of a template, from where Jinja would take it; "" where there is none, or no text."""
        if ".." in name.split("/"):
            return ""
        places = [f"{folder}/{name}" for folder in self._folders]
        if name.startswith(f"{THEME}/"):
            places.append(f"{self._folders[-1]}/{name.removeprefix(f'{THEME}/')}")
        for place in places:
            try:
                return Path(place).read_text("utf-8")
            except UnicodeDecodeError:
                return ""
            except OSError:
                continue
        return ""


def _names_in(folder: str) -> list[str]:
    files = (f"{place}/{name}" for place, _, names in os.walk(folder) for name in names)
    return [file[len(folder) + 1 :].replace(os.sep, "/") for file in files]
