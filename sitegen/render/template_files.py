"""Which templates there are, and a digest of each: all that planning knows of them, without what draws them."""

import hashlib
import os
import re
from pathlib import Path

THEME = "theme"  # `{% extends "theme/article.html" %}` in a site's own article.html
_REFERENCE = re.compile(r"""\{%[-+]?\s*(?:extends|include|import|from)\s+(?:"([^"]*)"|'([^']*)'|([^\s"']))""")


class TemplateFiles:
    """The templates in these folders, a site's own before those of the theme, which is the last."""

    def __init__(self, folders: tuple[str, ...]) -> None:
        self._folders = folders
        self._digests: dict[str, str] = {}
        self._sources: dict[str, str] = {}
        catalogs = [file for folder in folders for file in sorted(Path(folder, "locales").glob("*.po"))]
        self.words_digest = hashlib.blake2b(b"".join(file.read_bytes() for file in catalogs)).digest()
        theme = _names_in(folders[-1])
        own = {name for folder in folders[:-1] for name in _names_in(folder)}
        self.names = frozenset({*own, *theme, *(f"{THEME}/{name}" for name in theme)})

    def digest(self, name: str) -> str:
        """Hash of a template and of all that it includes, imports or extends; "" for one that does not exist."""
        if name not in self._digests:
            state = hashlib.blake2b(digest_size=16)
            for part in sorted(self._with_references(name)):
                state.update(f"{part}\0{self._source(part)}\0".encode())
            state.update(self.words_digest)
            self._digests[name] = state.hexdigest()
        return self._digests[name]

    def digest_of_all(self, prefix: str = "") -> str:
        """Hash of all templates whose names start with `prefix`."""
        key = f"{prefix}*"
        if key not in self._digests:
            state = hashlib.blake2b(digest_size=16)
            for name in sorted(self.names):
                if name.startswith(prefix) and not name.startswith(("static/", "locales/", f"{THEME}/")):
                    state.update(f"{name}\0{self.digest(name)}".encode())
            self._digests[key] = state.hexdigest()
        return self._digests[key]

    def _with_references(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            part = waiting.pop()
            if part in found or not (source := self._source(part)):
                continue
            found.add(part)
            quoted = _REFERENCE.findall(source)
            references = {name for names in quoted for name in names[:2] if name}
            if any(not (names[0] or names[1]) for names in quoted):
                references = set(self.names)  # a computed name: any template may be meant
            waiting += references
        return found

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
