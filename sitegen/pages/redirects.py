"""Old addresses lead to where their articles live now: as pages, and as maps for hosts that know redirects."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from sitegen.content.catalog import Alias
from sitegen.contexts import LinesContext, RedirectContext
from sitegen.model import Location, Page, Problem, Severity
from sitegen.pages.cards import Part, Planner, output_of, page
from sitegen.places import CONFIG_FILE

OLD_ADDRESSES = "redirect"  # the part of the plan
_MAPS = "redirects/"
_LINES_A_FILE = 20_000
_IN_APACHE = "/$-_.+!*'(),:@&=~"  # what its `int:escape` leaves alone


class _Move(NamedTuple):
    """An old address and a new one."""

    path: str  # "old/name/", without a slash in front; "?p=12" and "index.php?p=12" have a query
    title: str
    lang: str
    target: str  # path in this site, or an address elsewhere
    is_gone: bool
    source: str

    @property
    def is_elsewhere(self) -> bool:
        """Whether it leads out of the site."""
        return "://" in self.target


def redirect_parts(_planner: Planner) -> Iterator[Part]:
    """What leads on from old addresses."""
    yield Part(OLD_ADDRESSES, _redirect_pages)


def _redirect_pages(planner: Planner) -> Iterator[Page | Problem]:
    """A page for each old address that a page can stand at, then the maps. Loops and chains are told."""
    maps = _Maps(planner)
    for move in _moves(planner):
        if isinstance(move, Problem):
            yield move
            continue
        if planner.config.redirects.stubs and "?" not in move.path:
            yield _stub(move)
        yield from maps.add(move)
    for entry in planner.catalog.withdrawn():
        yield from maps.add_gone(entry.permalink)
    yield from maps.rest()


def _moves(planner: Planner) -> Iterator[_Move | Problem]:
    """Aliases of articles, then what the configuration says; each leads to the end of its way at once.

    Where a page stands that is no old address gives way to it.
    """
    moved: dict[str, str] = {}
    for old, new in sorted(planner.config.redirects.moved.items()):
        path, target = _old_path(old), new if "://" in new else _old_path(new)
        if path is None or target is None or (target.startswith("?") and "://" not in target):
            place = Location(CONFIG_FILE)
            yield Problem(place, "redirect", f'"{old}" = "{new}" are no paths of this site', "write /old/ = /new/")
        elif told := _in_the_way(planner, path, CONFIG_FILE):
            yield told
        else:
            moved[path] = target
    ends: dict[str, str] = {}
    for path in moved:
        end = _end_of(path, moved)
        if end is None:
            yield Problem(Location(CONFIG_FILE), "redirect", f'"/{path}" leads back to itself', "break the loop")
            continue
        ends[path] = end
    on_the_way = set(ends.values())
    for alias in planner.catalog.aliases():
        move = _move_of(planner, alias)
        if isinstance(move, _Move) and move.path in on_the_way:
            yield _chain(move.path, move.target)
            ends = {path: move.target if end == move.path else end for path, end in ends.items()}
        if move:
            yield move
    for path, target in ends.items():
        if moved[path] != target and moved[path] in moved:
            yield _chain(moved[path], target)
        yield _Move(path, planner.config.site.title, "", target, False, CONFIG_FILE)


def _end_of(path: str, moved: dict[str, str]) -> str | None:
    """Where the way from `path` ends; None if it never does."""
    seen = {path}
    while (path := moved[path]) in moved:
        if path in seen:
            return None
        seen.add(path)
    return path


def _chain(path: str, target: str) -> Problem:
    message = f'something leads to "/{path}", which leads on to "{_shown(target)}"'
    return Problem(Location(CONFIG_FILE), "redirect", message, "name the last address", Severity.WARNING)


def _move_of(planner: Planner, alias: Alias) -> _Move | Problem | None:
    source = f"{planner.config.paths.content}/{alias.source}"
    path = _old_path(alias.alias)
    if path is None:
        hint = "write the old path of the article, such as /2011/05/old-name/"
        return Problem(Location(source), "alias", f'alias "{alias.alias}" is no path of this site', hint)
    if path == alias.permalink:
        return None  # the old address is the new one
    if told := _in_the_way(planner, path, source):
        return told
    title = alias.title or planner.say("Withdrawn")
    return _Move(path, title, alias.lang, alias.permalink, alias.is_gone, source)


def _in_the_way(planner: Planner, path: str, source: str) -> Problem | None:
    """That a page stands at an old address, or in its way."""
    holder = "" if "?" in path else planner.holder_of(output_of(path))
    if not holder:
        return None
    message = f'the old address "/{path}" is taken by {holder}; it leads nowhere else'
    hint = "take the old address out, or give the page another one"
    return Problem(Location(source), "alias-taken", message, hint, Severity.WARNING)


def _old_path(address: str) -> str | None:
    """Path of an old address: with a slash at the end, or a file's name; with its query. None if it is no path."""
    parts = urlsplit(address)
    path = unquote(parts.path).strip("/")
    names = path.split("/") if path else []
    if "\\" in path or any(name in ("", ".", "..") or not name.isprintable() for name in names):
        return None
    if parts.query:
        slash = "/" if path and parts.path.endswith("/") else ""
        return f"{path}{slash}?{parts.query}"
    if not path:
        return None
    return path if "." in names[-1] else path + "/"


def _stub(move: _Move) -> Page:
    address, target = (move.target, "") if move.is_elsewhere else ("", move.target)
    context = RedirectContext(path=move.path, title=move.title, lang=move.lang, target=target, address=address)
    return Page(output=output_of(move.path), template="redirect.html", context=context, sources=(move.source,))


def _shown(target: str) -> str:
    return target if "://" in target else f"/{target}"


class _Maps:
    """Lines of the maps, let go as files whenever they are enough."""

    def __init__(self, planner: Planner) -> None:
        self._wanted = planner.config.redirects.maps
        self._base = urlsplit(planner.config.site.url).path.rstrip("/") + "/"
        self._lines: dict[str, list[str]] = {}
        self._parts: dict[str, int] = {}

    def add(self, move: _Move) -> Iterator[Page]:
        """Note a move; files that are full."""
        path, _, query = move.path.partition("?")
        new = move.target if move.is_elsewhere else self._base + quote(move.target, safe="/")
        if "netlify" in self._wanted and not query:
            yield from self._put("_redirects", f"{quote(self._base + path, safe='/')} {new} 301")
        if move.is_gone:
            yield from self.add_gone(move.path)
            return
        if "nginx" in self._wanted:
            old = self._base + (f"{path}?{query}" if query else path)
            name = "nginx-queries.map" if query else "nginx-moved.map"
            yield from self._put(name, f"{_quoted(old)} {_quoted(new)};")
        if "apache" in self._wanted:
            old = _escaped(self._base + path) + (f"?{query}" if query else "")
            yield from self._put("apache-moved.map", f"{old} {new}")

    def add_gone(self, path: str) -> Iterator[Page]:
        """Note the address of an article that was taken back; files that are full."""
        if "?" in path:
            return
        if "nginx" in self._wanted:
            yield from self._put("nginx-gone.map", f"{_quoted(self._base + path)} 1;")
        if "apache" in self._wanted:
            yield from self._put("apache-gone.map", f"{_escaped(self._base + path)} 1")

    def rest(self) -> Iterator[Page]:
        """Files that are not full, if anything is in them."""
        for name in sorted(self._lines):
            yield from self._let_go(name)

    def _put(self, name: str, line: str) -> Iterator[Page]:
        lines = self._lines.setdefault(name, [])
        lines.append(line)
        if len(lines) == _LINES_A_FILE and name != "_redirects":  # a host reads but one of that name
            yield from self._let_go(name)

    def _let_go(self, name: str) -> Iterator[Page]:
        if lines := self._lines.pop(name, []):
            part = self._parts[name] = self._parts.get(name, 0) + 1
            path = name if name == "_redirects" else _MAPS + name
            path = path if part == 1 else path.replace(".map", f"-{part}.map")
            yield page("redirects.map", LinesContext(path=path, title=path, lines=tuple(lines)))


def _escaped(path: str) -> str:
    """A path as Apache's `int:escape` writes it, which is with small hexadecimal digits."""
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quote(path, safe=_IN_APACHE))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
