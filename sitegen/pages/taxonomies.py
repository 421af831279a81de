"""The indexes of tags, authors and series, and a listing for each of them."""

from collections.abc import Iterator
from itertools import groupby

from sitegen.content.rows import Taxonomy, Term
from sitegen.contexts import CountedLink, FrequentTerm, LetterGroup, Link, TermsContext
from sitegen.model import Page
from sitegen.pages.alphabet import divide, label_of, letter_of, linked_parts, pages_of, parts_by_letter, path_of
from sitegen.pages.cards import BASES, Part, Planner, page
from sitegen.pages.listings import listing_pages

TERMS_A_PAGE = 400
_FREQUENT_TERMS = 24
_TITLES = {Taxonomy.TAG: "Tags", Taxonomy.AUTHOR: "Authors", Taxonomy.SERIES: "Series"}
_KINDS = {Taxonomy.TAG: "term", Taxonomy.AUTHOR: "author", Taxonomy.SERIES: "series"}  # of the listings


def taxonomy_parts(planner: Planner) -> Iterator[Part]:
    """The index of each taxonomy, and its listings by slug. Only tags have an index where there are none."""
    for kind in Taxonomy:
        if kind is Taxonomy.TAG or planner.catalog.terms.has_any(kind):
            yield Part(f"term {kind}", _index_pages, (kind,))
        yield from (
            Part(f"term {kind} {term.slug}", _term_pages, (kind, term)) for term in planner.catalog.terms.every(kind)
        )


def _index_pages(planner: Planner, kind: Taxonomy) -> Iterator[Page]:
    """All terms, A to Z with counts; on several pages where one could not hold them."""
    catalog, base, title = planner.catalog, BASES[kind], planner.say(_TITLES[kind])
    catalog.terms.put_in_order(kind, planner.config.site.language)
    alphabet = planner.alphabet
    whole = divide(catalog.terms.prefixes, TERMS_A_PAGE)
    frequent = catalog.terms.frequent(_FREQUENT_TERMS) if kind is Taxonomy.TAG else ()
    for part in pages_of(whole):
        is_whole = part is whole
        terms = catalog.terms.in_order(part.prefix, is_exact=part.is_exact)
        groups = groupby(terms, key=lambda pair: letter_of(alphabet, pair[0]))
        context = TermsContext(
            path=base if is_whole else path_of(alphabet, f"{base}index/", part),
            title=title if is_whole else f"{title}: {label_of(alphabet, part.prefix)}",
            kind=_TITLES[kind].lower(),
            crumbs=() if is_whole else (Link(title, base),),
            groups=()
            if part.parts
            else tuple(LetterGroup(letter, tuple(_link(base, term) for _, term in group)) for letter, group in groups),
            parts=parts_by_letter(alphabet, f"{base}index/", linked_parts(part)),
            frequent=tuple(_frequent(planner, base, term) for term in frequent) if is_whole else (),
        )
        yield page("terms.html", context)


def _term_pages(planner: Planner, kind: Taxonomy, term: Term) -> Iterator[Page]:
    catalog, base = planner.catalog, BASES[kind]
    beside = catalog.terms.beside(term.slug) if kind is Taxonomy.TAG else []
    years = catalog.terms.years(term.slug, kind)
    return listing_pages(
        planner, kind=_KINDS[kind], title=term.name, base=f"{base}{term.slug}/",
        titles=catalog.terms.titles(term.slug, kind), count=term.count,
        crumbs=(Link(planner.say(_TITLES[kind]), base),),
        beside=tuple(CountedLink(catalog.terms.spelling(slug), f"{base}{slug}/", count) for slug, count in beside),
        years=tuple(CountedLink(str(int(year)), f"{year}/", count) for year, count in years),
        feeds=planner.term_feeds(kind, f"{base}{term.slug}/", term.count),
    )  # fmt: skip


def _frequent(planner: Planner, base: str, term: Term) -> FrequentTerm:
    years = planner.catalog.terms.years(term.slug)
    links = tuple(CountedLink(str(int(year)), f"{year}/", count) for year, count in years)
    return FrequentTerm(term.name, f"{base}{term.slug}/", term.count, links)


def _link(base: str, term: Term) -> CountedLink:
    return CountedLink(term.name, f"{base}{term.slug}/", term.count)
