"""The tag index, and a listing for each tag."""

from collections.abc import Iterator
from itertools import groupby

from sitegen.content.catalog import Term
from sitegen.contexts import CountedLink, LetterGroup, Link, TermsContext
from sitegen.languages import sort_key
from sitegen.model import Page
from sitegen.pages.cards import TAGS, Planner, page
from sitegen.pages.listings import listing_pages

_FREQUENT_TERMS = 24


def terms_page(planner: Planner) -> Page:
    """All tags, A to Z with counts."""
    terms = sorted(planner.catalog.terms(), key=lambda term: (_rank(term), sort_key(term.name), term.slug))
    groups = groupby(terms, key=lambda term: _letter(term.name))
    context = TermsContext(
        path=TAGS,
        title=planner.say("Tags"),
        groups=tuple(LetterGroup(letter, tuple(map(_link, group))) for letter, group in groups),
        frequent=tuple(map(_link, planner.catalog.frequent_terms(_FREQUENT_TERMS))),
    )
    return page("terms.html", context)


def term_pages(planner: Planner) -> Iterator[Page]:
    """A listing for each tag, by slug."""
    crumbs = (Link(planner.say("Tags"), TAGS),)
    for term in planner.catalog.terms():
        yield from listing_pages(
            planner, kind="term", title=term.name, base=f"{TAGS}{term.slug}/",
            entries=planner.catalog.with_term(term.slug), count=term.count, crumbs=crumbs,
        )  # fmt: skip


def _link(term: Term) -> CountedLink:
    return CountedLink(term.name, f"{TAGS}{term.slug}/", term.count)


def _letter(name: str) -> str:
    first = next((char for char in sort_key(name) if char.isalnum()), "#")
    return first.upper() if first.isalpha() else "#"


def _rank(term: Term) -> tuple[bool, str]:
    """Letters in the order of Unicode, so Latin, Cyrillic, Arabic; what starts with none comes last."""
    letter = _letter(term.name)
    return (letter == "#", letter)
