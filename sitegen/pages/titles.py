"""Titles A to Z: of all articles, and of those without a date."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from sitegen.content.catalog import Title, title_key
from sitegen.contexts import Link, RowGroup, TitlesContext
from sitegen.model import Page
from sitegen.pages.alphabet import Part, divide, label_of, letter_of, linked_parts, pages_of, parts_by_letter, path_of
from sitegen.pages.cards import ARCHIVE, TITLES, UNDATED, Planner, page
from sitegen.pages.listings import listing_pages

TITLES_A_PAGE = 150


def title_pages(planner: Planner) -> Iterator[Page]:
    """All titles."""
    yield from _pages(planner, "titles", planner.say("Titles A to Z"), TITLES)


def undated_pages(planner: Planner) -> Iterator[Page]:
    """The titles without a date, if there are some."""
    if link := planner.undated():
        yield from _pages(planner, "undated", link.title, UNDATED)


def _pages(planner: Planner, kind: str, title: str, base: str) -> Iterator[Page]:
    undated = kind == "undated"
    archive = Link(planner.say("Archive"), ARCHIVE)
    whole = divide(partial(planner.catalog.title_prefixes, undated=undated), TITLES_A_PAGE)
    for part in pages_of(whole):
        is_whole = part is whole
        titles = planner.catalog.titles(part.prefix, is_exact=part.is_exact, undated=undated)
        name = title if is_whole else f"{title}: {label_of(part.prefix)}"
        crumbs = (archive,) if is_whole else (archive, Link(title, base))
        if part.number > TITLES_A_PAGE and not part.parts:
            yield from listing_pages(
                planner, kind="titles", title=name, base=path_of(base, part), titles=titles, count=part.number,
                crumbs=crumbs,
            )  # fmt: skip
        else:
            context = TitlesContext(
                path=path_of(base, part),
                title=name,
                kind=kind,
                crumbs=crumbs,
                count=part.number,
                groups=() if part.parts else tuple(_groups(planner, titles, part)),
                parts=parts_by_letter(base, linked_parts(part)),
            )
            yield page("titles.html", context)


def _groups(planner: Planner, titles: Iterator[Title], part: Part) -> Iterator[RowGroup]:
    """Titles under their first letters, or under no heading where all have the same."""
    if part.prefix:
        yield RowGroup("", "", tuple(map(planner.row, titles)))
        return
    for letter, group in groupby(titles, lambda title: letter_of(title_key(title.title))):
        yield RowGroup(letter, "", tuple(map(planner.row, group)))
