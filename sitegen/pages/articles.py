"""A page for each article."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.content.catalog import Catalog
from sitegen.content.folder import ARTICLE_SUFFIX, COMMENTS_SUFFIX, referred_file
from sitegen.content.order import is_undated
from sitegen.content.rows import Taxonomy, Title
from sitegen.contexts import ArticleContext, Link, Neighbours, ShownPicture, Translation, WithdrawnContext
from sitegen.languages import direction
from sitegen.model import ArticleEntry, Asset, Entry, Location, Page, Picture, Problem, Reference, Severity, Withdrawal
from sitegen.pages.cards import MEDIA, Part, Planner, output_of
from sitegen.pages.pictures import shown_picture, shows
from sitegen.pages.related import Met

_WORDS_A_MINUTE = 220
RAW_COPY = "source.txt"
_ONE_FILE_EACH = frozenset({"raw-text", "html-page"})  # importers whose raw file holds nothing but its article

Neighbour = Entry | Title | None


def article_parts(planner: Planner) -> Iterator[Part]:
    """The articles in buckets: of ten days, oldest first, or undated ones by title."""
    yield from (Part(f"article {bucket}", _article_pages, (bucket,)) for bucket in planner.catalog.buckets())
    yield Part("article withdrawn", withdrawn_pages)


def raw_copy_parts(planner: Planner) -> Iterator[Part]:
    """Copies of the raw files that pages link to."""
    if planner.config.import_.keep_raw:
        yield from (Part(f"raw {bucket}", _raw_copies, (bucket,)) for bucket in planner.catalog.buckets())


def _article_pages(planner: Planner, bucket: str) -> Iterator[Page | Problem]:
    with_comments = planner.catalog.has_comments()
    kinship = planner.kinship
    first, count = _numbers(planner, bucket)
    with_neighbours = _with_neighbours(planner.catalog, planner.catalog.articles_in(bucket))
    for number, (older, entry, newer) in enumerate(with_neighbours, first):
        if number == first:
            kinship.start_after(older.permalink if older else "")
        comments = entry.source.removesuffix(ARTICLE_SUFFIX) + COMMENTS_SUFFIX if with_comments else ""
        place = _Place(older, newer, number, count, kinship.meet(planner.catalog, entry))
        yield from _article_page(planner, entry, place, comments)


def _numbers(planner: Planner, bucket: str) -> tuple[int, int]:
    """The number of a bucket's first article, and how many are numbered with it."""
    if is_undated(bucket):
        return 1, 0
    catalog, is_in_month = planner.catalog, planner.config.listings.number_in == "month"
    older, count = catalog.number_in_month(bucket) if is_in_month else catalog.number_in_archive(bucket)
    return older + 1, count


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

    older: Neighbour
    newer: Neighbour
    number: int  # in its month, or in the archive
    total: int  # of these
    met: Met


def _article_page(planner: Planner, entry: ArticleEntry, place: _Place, comments: str) -> Iterator[Page | Problem]:
    links: list[tuple[str, str]] = []
    pictures: list[ShownPicture] = []
    comments_digest = planner.catalog.digest_of(comments) if comments else ""
    translations, problems = _translations(planner, entry)
    yield from problems
    for reference in entry.links:
        path, picture = _resolve(planner, entry.source, reference.target)
        if path:
            links.append((reference.target, path))
            if picture:
                pictures.append(shown_picture(path, picture, planner.config.images))
        else:
            yield _broken(planner.shown(entry), reference)
    image, problem = _own_picture(planner, entry)
    if problem:
        yield problem
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
        number=place.number if entry.date else 0,
        count=place.total if entry.date else 0,
        is_number_in_archive=planner.config.listings.number_in == "archive",
        newer=_link(place.newer),
        older=_link(place.older),
        in_tag=_in_tag(planner, entry, place.met.before_in_tag) if entry.tags else None,
        in_series=_in_series(planner, entry) if entry.series else None,
        related=place.met.nearest,
        words=entry.words,
        minutes=max(1, math.ceil(entry.words / _WORDS_A_MINUTE)),
        canonical=entry.canonical if entry.canonical.startswith(("https://", "http://")) else "",
        origin=entry.origin,
        raw=raw_copy_path(planner, entry),
        corrections=entry.corrections,
        translations=translations,
        comments_of=comments if comments_digest else "",
        comments_digest=comments_digest,
        links=tuple(links),
        pictures=tuple(pictures),
        image=image,
        is_image_in_body=image is not None and shows((path for _, path in links), image),
        polls=planner.poll_data(entry),
    )
    yield Page(
        output=output_of(entry.permalink),
        template="article.html",
        context=context,
        body_of=entry.source,
        body_digest=entry.digest,
        body_at=entry.body_at,
        body_line=entry.body_line,
        shortcodes=entry.shortcodes,
        sources=(planner.shown(entry),),
    )


def _raw_copies(planner: Planner, bucket: str) -> Iterator[Asset]:
    for entry in planner.catalog.records_in(bucket):
        if (path := raw_copy_path(planner, entry)) and entry.origin:
            yield Asset(path, planner.folder / entry.origin.file, entry.origin.sha256)


def raw_copy_path(planner: Planner, entry: ArticleEntry) -> str:
    """Where a copy of the raw file lies: beside the page, as plain text whatever it is; "" where none is kept."""
    origin = entry.origin
    if not planner.config.import_.keep_raw or not origin or origin.kind not in _ONE_FILE_EACH:
        return ""
    if origin.file.startswith("/") or ".." in origin.file:
        return ""
    planner.catalog.reads_raw_folder(origin.file.rpartition("/")[0])
    return entry.permalink + RAW_COPY if planner.raw_files.holds(origin.file) else ""


def _translations(planner: Planner, entry: ArticleEntry) -> tuple[tuple[Translation, ...], list[Problem]]:
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


def _in_tag(planner: Planner, entry: Entry, older: Link | None) -> Neighbours | None:
    """The articles before and after one within its first tag."""
    tag = entry.tags[0]
    newer = planner.catalog.terms.after(entry, planner.catalog.slug(tag)) if entry.date else None
    return _neighbours(planner.tag_link(tag), older, _link(newer))


def _in_series(planner: Planner, entry: Entry) -> Neighbours | None:
    if not entry.date:
        return None
    catalog, slug = planner.catalog, planner.catalog.slug(entry.series)
    older, newer = (find(entry, slug, Taxonomy.SERIES) for find in (catalog.terms.before, catalog.terms.after))
    return _neighbours(planner.term_link(Taxonomy.SERIES, entry.series), _link(older), _link(newer))


def _neighbours(link: Link, older: Link | None, newer: Link | None) -> Neighbours | None:
    """None for an article that is alone within a term."""
    return Neighbours(link=link, older=older, newer=newer) if older or newer else None


def _with_neighbours(
    catalog: Catalog, entries: Iterable[ArticleEntry]
) -> Iterator[tuple[Neighbour, ArticleEntry, Neighbour]]:
    before: Neighbour = None
    current: ArticleEntry | None = None
    for after in entries:
        if current:
            yield before, current, after
            before = current
        else:
            before = catalog.neighbours(after)[0]
        current = after
    if current:
        yield before, current, catalog.neighbours(current)[1]


def _link(neighbour: Neighbour) -> Link | None:
    return Link(neighbour.title, neighbour.permalink) if neighbour else None


def _resolve(planner: Planner, source: str, target: str) -> tuple[str | None, Picture | None]:
    """Path in the site of a reference that stands in a content file, and the picture that is there."""
    file = referred_file(source, unquote(target.split("#")[0].split("?")[0]))
    if file is None:
        return None, None
    if file.endswith(ARTICLE_SUFFIX):
        return planner.catalog.permalink_of(file), None
    asset = planner.catalog.asset(file)
    return (MEDIA + file, asset.picture) if asset else (None, None)


def _own_picture(planner: Planner, entry: ArticleEntry) -> tuple[ShownPicture | None, Problem | None]:
    """The picture that the front matter names, if it is a file of the archive."""
    if not entry.image or entry.image.startswith(("https://", "http://", "/", "data:")):
        return None, None
    path, picture = _resolve(planner, entry.source, entry.image)
    if path is None:
        return None, _broken(planner.shown(entry), Reference(entry.image, 0))
    return (shown_picture(path, picture, planner.config.images) if picture else None), None


def _broken(shown: str, reference: Reference) -> Problem:
    place = Location(shown, reference.line)
    hint = "name a file of the content folder, relative to this one"
    message = f'there is no "{reference.target}" to link to'
    return Problem(place, "broken-link", message, hint, Severity.WARNING)
