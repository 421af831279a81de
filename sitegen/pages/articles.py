"""A page for each article."""

import posixpath
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from sitegen.content.source_files import ARTICLE_SUFFIX, COMMENTS_SUFFIX, reading_minutes
from sitegen.contexts import ArticleContext, Link, Translation
from sitegen.languages import direction
from sitegen.model import Asset, Entry, Location, Page, Problem, Reference, Severity
from sitegen.pages.cards import MEDIA, Planner, output_of

RAW_COPY = "source.txt"
_ONE_FILE_EACH = frozenset({"raw-text", "html-page"})  # importers whose raw file holds nothing but its article


def article_pages(planner: Planner) -> Iterator[Page | Problem]:
    """The dated articles, oldest first, then the undated ones by title; neighbours are of the same kind."""
    with_comments = planner.catalog.has_comments()
    for entries in (planner.catalog.entries(), planner.catalog.undated()):
        for older, entry, newer in _with_neighbours(entries):
            comments = entry.source.removesuffix(ARTICLE_SUFFIX) + COMMENTS_SUFFIX if with_comments else ""
            yield from _article_page(planner, entry, older, newer, comments)


def _article_page(
    planner: Planner, entry: Entry, older: Entry | None, newer: Entry | None, comments: str
) -> Iterator[Page | Problem]:
    links = []
    comments_digest = planner.catalog.digest_of(comments) if comments else ""
    translations, problems = _translations(planner, entry)
    yield from problems
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
        raw=raw_copy_path(planner, entry),
        corrections=entry.corrections,
        translations=translations,
        comments_of=comments if comments_digest else "",
        comments_digest=comments_digest,
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


def raw_copies(planner: Planner) -> Iterator[Asset]:
    """A copy of each raw file that a page links to."""
    if not planner.config.import_.keep_raw:
        return
    for entries in (planner.catalog.entries(), planner.catalog.undated()):
        for entry in entries:
            if (path := raw_copy_path(planner, entry)) and entry.origin:
                yield Asset(path, planner.folder / entry.origin.file, entry.origin.sha256)


def raw_copy_path(planner: Planner, entry: Entry) -> str:
    """Where a copy of the raw file lies: beside the page, as plain text whatever it is; "" where none is kept."""
    origin = entry.origin
    if not planner.config.import_.keep_raw or not origin or origin.kind not in _ONE_FILE_EACH:
        return ""
    is_there = not origin.file.startswith("/") and ".." not in origin.file and (planner.folder / origin.file).is_file()
    return entry.permalink + RAW_COPY if is_there else ""


def _translations(planner: Planner, entry: Entry) -> tuple[tuple[Translation, ...], list[Problem]]:
    """The same article in other languages, and what is wrong with how the files name each other."""
    found, problems = [], []
    for target in entry.translations:
        source = _file_of(entry.source, target)
        other = planner.catalog.entry_of(source) if source else None
        lang = (other.lang if other else "") or planner.config.site.language
        if other is None:
            problems.append(_mistranslated(planner, entry, f'there is no article "{target}"'))
        elif lang == (entry.lang or planner.config.site.language):
            problems.append(_mistranslated(planner, entry, f'"{target}" is in the same language'))
        elif entry.source not in {_file_of(other.source, back) for back in other.translations}:
            problems.append(_mistranslated(planner, entry, f'"{target}" does not name this article in turn'))
        else:
            found.append(Translation(lang, direction(lang), other.title, other.permalink))
    return tuple(found), problems


def _mistranslated(planner: Planner, entry: Entry, message: str) -> Problem:
    hint = "each file of a translation names the others in `translations:`, relative to itself"
    return Problem(Location(planner.shown(entry)), "translation", message, hint, Severity.WARNING)


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
    file = _file_of(source, unquote(target.split("#")[0].split("?")[0]))
    if file is None:
        return None
    if file.endswith(ARTICLE_SUFFIX):
        return planner.catalog.permalink_of(file)
    return MEDIA + file if planner.catalog.has_asset(file) else None


def _file_of(source: str, name: str) -> str | None:
    """The content file that another one means by a relative name; None outside the content folder."""
    file = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
    return None if file.startswith("../") else file


def _broken(shown: str, reference: Reference) -> Problem:
    place = Location(shown, reference.line)
    hint = "name a file of the content folder, relative to this one"
    message = f'there is no "{reference.target}" to link to'
    return Problem(place, "broken-link", message, hint, Severity.WARNING)
