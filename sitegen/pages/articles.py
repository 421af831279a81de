"""A page for each article."""

import posixpath
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from sitegen.content.source_files import ARTICLE_SUFFIX, reading_minutes
from sitegen.contexts import ArticleContext, Link
from sitegen.languages import direction
from sitegen.model import Entry, Location, Page, Problem, Reference, Severity
from sitegen.pages.cards import MEDIA, Planner, output_of


def article_pages(planner: Planner) -> Iterator[Page | Problem]:
    """The dated articles, oldest first, then the undated ones by title; neighbours are of the same kind."""
    for entries in (planner.catalog.entries(), planner.catalog.undated()):
        for older, entry, newer in _with_neighbours(entries):
            yield from _article_page(planner, entry, older, newer)


def _article_page(planner: Planner, entry: Entry, older: Entry | None, newer: Entry | None) -> Iterator[Page | Problem]:
    links = []
    for reference in entry.links:
        if path := _resolve(planner, entry.source, reference.target):
            links.append((reference.target, path))
        else:
            yield _broken(planner.shown(entry), reference)
    context = ArticleContext(
        path=entry.permalink,
        title=entry.title,
        description=entry.summary,
        lang=entry.lang,
        dir=direction(entry.lang or planner.config.site.language),
        date=entry.date,
        updated=entry.updated,
        authors=entry.authors,
        section=planner.section_link(entry.section) if entry.section else None,
        tags=tuple(planner.tag_link(tag) for tag in entry.tags),
        day=planner.period_links(entry.date),
        newer=_link(newer),
        older=_link(older),
        words=entry.words,
        minutes=reading_minutes(entry.words),
        canonical=entry.canonical if entry.canonical.startswith(("https://", "http://")) else "",
        origin=entry.origin,
        links=tuple(links),
    )
    yield Page(
        output=output_of(entry.permalink),
        template="article.html",
        context=context,
        body_of=entry.source,
        body_digest=entry.digest,
        shortcodes=entry.shortcodes,
        sources=(planner.shown(entry),),
    )


def _with_neighbours(entries: Iterable[Entry]) -> Iterator[tuple[Entry | None, Entry, Entry | None]]:
    before: Entry | None = None
    current: Entry | None = None
    for after in entries:
        if current:
            yield before, current, after
        before, current = current, after
    if current:
        yield before, current, None


def _link(entry: Entry | None) -> Link | None:
    return Link(entry.title, entry.permalink) if entry else None


def _resolve(planner: Planner, source: str, target: str) -> str | None:
    """Path in the site of a reference that stands in a content file."""
    name = unquote(target.split("#")[0].split("?")[0])
    file = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
    if file.startswith("../"):
        return None
    if file.endswith(ARTICLE_SUFFIX):
        return planner.catalog.permalink_of(file)
    return MEDIA + file if planner.catalog.has_asset(file) else None


def _broken(shown: str, reference: Reference) -> Problem:
    place = Location(shown, reference.line)
    hint = "name a file of the content folder, relative to this one"
    message = f'there is no "{reference.target}" to link to'
    return Problem(place, "broken-link", message, hint, Severity.WARNING)
