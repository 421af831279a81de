"""Old addresses lead to where their articles live now."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from sitegen.contexts import RedirectContext
from sitegen.model import Entry, Location, Page, Problem
from sitegen.pages.cards import Planner, output_of


def redirect_pages(planner: Planner) -> Iterator[Page | Problem]:
    """A page for each alias, by the order of the articles."""
    for entries in (planner.catalog.entries(), planner.catalog.undated()):
        for entry in entries:
            yield from (made for alias in entry.aliases if (made := _redirect(planner, entry, alias)))


def _redirect(planner: Planner, entry: Entry, alias: str) -> Page | Problem | None:
    parts = urlsplit(alias)
    if parts.query and not parts.netloc:
        return None  # "/?p=12": only a server's own map can tell it from the page at that path
    path = unquote(parts.path).strip("/")
    names = path.split("/")
    if not path or "\\" in path or any(name in ("", ".", "..") or not name.isprintable() for name in names):
        hint = "write the old path of the article, such as /2011/05/old-name/"
        return Problem(Location(planner.shown(entry)), "alias", f'alias "{alias}" is no path of this site', hint)
    if "." not in names[-1]:
        path += "/"
    if path == entry.permalink:
        return None  # the old address is the new one
    context = RedirectContext(path=path, title=entry.title, lang=entry.lang, target=entry.permalink)
    return Page(output=output_of(path), template="redirect.html", context=context, sources=(planner.shown(entry),))
