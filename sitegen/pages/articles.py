"""A page for each article."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.content.catalog import Taxonomy, sort_date
from sitegen.content.source_files import ARTICLE_SUFFIX, COMMENTS_SUFFIX, reading_minutes, referred_file
from sitegen.contexts import ArticleContext, Link, Neighbours, Translation, WithdrawnContext
from sitegen.languages import direction
from sitegen.model import Asset, Entry, Location, Page, Problem, Reference, Severity, Withdrawal
from sitegen.pages.cards import MEDIA, Planner, output_of
from sitegen.pages.related import Kinship

RAW_COPY = "source.txt"
_ONE_FILE_EACH = frozenset({"raw-text", "html-page"})  # importers whose raw file holds nothing but its article


def article_pages(planner: Planner) -> Iterator[Page | Problem]:
    """The dated articles, oldest first, then the undated ones by title; neighbours are of the same kind."""
    with_comments = planner.catalog.has_comments()
    kinship = Kinship()
    for entries in (planner.catalog.entries(), planner.catalog.undated()):
        month, number = "", 0
        for older, entry, newer in _with_neighbours(entries):
            number, month = (number + 1 if month == sort_date(entry)[:7] else 1), sort_date(entry)[:7]
            comments = entry.source.removesuffix(ARTICLE_SUFFIX) + COMMENTS_SUFFIX if with_comments else ""
            place = _Place(older, newer, number if month else 0, _related(planner, kinship, entry))
            yield from _article_page(planner, entry, place, comments)


def withdrawn_pages(planner: Planner) -> Iterator[Page]:
    """What stands in place of the articles that were taken back."""
    for entry in planner.catalog.withdrawn():
        gone = entry.withdrawn or Withdrawal()
        context = WithdrawnContext(
            path=entry.permalink, title=planner.say("Withdrawn"), date=gone.date, reason=gone.reason
        )
        yield Page(
            output=output_of(entry.permalink),
            template="withdrawn.html",
            context=context,
            sources=(planner.shown(entry),),
        )


class _Place(NamedTuple):
    """Where an article stands among the others."""

    older: Entry | None
    newer: Entry | None
    number: int
    related: tuple[Link, ...]


def _article_page(planner: Planner, entry: Entry, place: _Place, comments: str) -> Iterator[Page | Problem]:
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
        author_links=tuple(planner.term_link(Taxonomy.AUTHOR, name) for name in entry.authors),
        section=planner.section_link(entry.section) if entry.section else None,
        tags=tuple(planner.tag_link(tag) for tag in entry.tags),
        day=planner.period_links(entry.date),
        number=place.number,
        newer=_link(place.newer),
        older=_link(place.older),
        in_tag=_neighbours(planner, entry, Taxonomy.TAG, entry.tags[0]) if entry.tags else None,
        in_series=_neighbours(planner, entry, Taxonomy.SERIES, entry.series) if entry.series else None,
        related=place.related,
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
        polls=planner.poll_data(entry),
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
        source = referred_file(entry.source, target)
        other = planner.catalog.entry_of(source) if source else None
        lang = (other.lang if other else "") or planner.config.site.language
        if other is None:
            problems.append(_mistranslated(planner, entry, f'there is no article "{target}"'))
        elif lang == (entry.lang or planner.config.site.language):
            problems.append(_mistranslated(planner, entry, f'"{target}" is in the same language'))
        elif entry.source not in {referred_file(other.source, back) for back in other.translations}:
            problems.append(_mistranslated(planner, entry, f'"{target}" does not name this article in turn'))
        else:
            found.append(Translation(lang, direction(lang), other.title, other.permalink))
    return tuple(found), problems


def _mistranslated(planner: Planner, entry: Entry, message: str) -> Problem:
    hint = "each file of a translation names the others in `translations:`, relative to itself"
    return Problem(Location(planner.shown(entry)), "translation", message, hint, Severity.WARNING)


def _related(planner: Planner, kinship: Kinship, entry: Entry) -> tuple[Link, ...]:
    terms = list(dict.fromkeys(planner.catalog.slug(tag) for tag in entry.tags))
    return kinship.meet(terms, Link(entry.title, entry.permalink)) if entry.date else kinship.nearest(terms)


def _neighbours(planner: Planner, entry: Entry, kind: Taxonomy, name: str) -> Neighbours | None:
    """The articles before and after one within a term; None for one that is alone there, or undated."""
    if not entry.date:
        return None
    older, newer = planner.catalog.beside(entry, planner.catalog.slug(name), kind)
    if not older and not newer:
        return None
    ends = (Link(title.title, title.permalink) if title else None for title in (older, newer))
    return Neighbours(link=planner.term_link(kind, name), older=next(ends), newer=next(ends))


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
    file = referred_file(source, unquote(target.split("#")[0].split("?")[0]))
    if file is None:
        return None
    if file.endswith(ARTICLE_SUFFIX):
        return planner.catalog.permalink_of(file)
    return MEDIA + file if planner.catalog.has_asset(file) else None


def _broken(shown: str, reference: Reference) -> Problem:
    place = Location(shown, reference.line)
    hint = "name a file of the content folder, relative to this one"
    message = f'there is no "{reference.target}" to link to'
    return Problem(place, "broken-link", message, hint, Severity.WARNING)
