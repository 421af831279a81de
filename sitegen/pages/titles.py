"""Titles A to Z: of all articles, and of those without a date."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from sitegen.content.order import title_key
from sitegen.content.rows import Title
from sitegen.contexts import Link, RowGroup, TitlesContext
from sitegen.model import Location, Page, Problem, Severity
from sitegen.pages.alphabet import Part as Letters
from sitegen.pages.alphabet import divide, label_of, letter_of, linked_parts, pages_of, parts_by_letter, path_of
from sitegen.pages.cards import ARCHIVE, TITLES, UNDATED, Part, Planner, page
from sitegen.pages.listings import listing_pages
from sitegen.readings import has_readings

TITLES_A_PAGE = 150
_UNREAD = Problem(
    Location("sitegen.toml"), "readings", "titles in kanji are in the order of their codes: no dictionary reads them",
    "pip install 'sitegen[japanese]'", Severity.WARNING,
)  # fmt: skip


def title_parts(planner: Planner) -> Iterator[Part]:
    """All titles, and the titles without a date if there are some."""
    for kind, is_there in (("titles", True), ("undated", planner.undated() is not None)):
        if is_there:
            divided = divide(partial(planner.catalog.title_prefixes, undated=kind == "undated"), TITLES_A_PAGE)
            for one in pages_of(divided):
                sign = "_" if one.is_exact else ""
                yield Part(f"title {kind} {one.prefix}{sign}", _pages, (kind, one))


def _pages(planner: Planner, kind: str, part: Letters) -> Iterator[Page | Problem]:
    undated = kind == "undated"
    if not part.prefix and not undated and not has_readings(planner.config.site.language):
        yield _UNREAD
    title, base = planner.say("Undated" if undated else "Titles A to Z"), UNDATED if undated else TITLES
    archive = Link(planner.say("Archive"), ARCHIVE)
    is_whole = not part.prefix
    titles = planner.catalog.titles(part.prefix, is_exact=part.is_exact, undated=undated)
    name = title if is_whole else f"{title}: {label_of(planner.alphabet, part.prefix)}"
    crumbs = (archive,) if is_whole else (archive, Link(title, base))
    if part.number > TITLES_A_PAGE and not part.parts:
        yield from listing_pages(
            planner, kind="titles", title=name, base=path_of(planner.alphabet, base, part), titles=titles,
            count=part.number, crumbs=crumbs,
        )  # fmt: skip
        return
    context = TitlesContext(
        path=path_of(planner.alphabet, base, part),
        title=name,
        kind=kind,
        crumbs=crumbs,
        count=part.number,
        groups=() if part.parts else tuple(_groups(planner, titles, part)),
        parts=parts_by_letter(planner.alphabet, base, linked_parts(part)),
    )
    yield page("titles.html", context)


def _groups(planner: Planner, titles: Iterator[Title], part: Letters) -> Iterator[RowGroup]:
    """Titles under their first letters, or under no heading where all have the same."""
    if part.prefix:
        yield RowGroup("", "", planner.rows(titles))
        return
    alphabet, language = planner.alphabet, planner.config.site.language
    for letter, group in groupby(titles, lambda title: letter_of(alphabet, title_key(title.title, language))):
        yield RowGroup(letter, "", planner.rows(group))
