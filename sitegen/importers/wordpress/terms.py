"""Categories, tags and other terms of an item: names, slugs and parents."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from sitegen.content.permalinks import slug_of
from sitegen.importers.html_to_markdown import text_of_fragment
from sitegen.importers.wordpress.wxr import Term, WxrItem

Terms = dict[tuple[str, str], Term]  # of the whole export, by taxonomy and slug

_NO_SECTION = "uncategorized"
_NOT_TOLD = frozenset({"author", "language"})  # front matter has fields for these


def name_of(term: Term) -> str:
    """The name of a term as text."""
    return text_of_fragment(term.name) or unquote(term.slug)


def section_of(item: WxrItem, known: Terms) -> str:
    """Name of the topmost category above the first one; nothing for what was never sorted."""
    for term in item.terms:
        if term.taxonomy == "category" and term.slug != _NO_SECTION:
            return name_of(_topmost(known.get(("category", term.slug), term), known))
    return ""


def tags_of(item: WxrItem) -> tuple[str, ...]:
    """Names of the tags, each once."""
    return tuple(dict.fromkeys(name_of(term) for term in item.terms if term.taxonomy == "post_tag"))


def other_terms(item: WxrItem, known: Terms) -> Iterator[tuple[str, Any]]:
    """What `section` and `tags` do not say, by the key of front matter that it stands under."""
    terms: dict[str, list[Term]] = {}
    for term in item.terms:
        terms.setdefault(term.taxonomy, []).append(known.get((term.taxonomy, term.slug), term))
    if categories := terms.pop("category", []):
        first = categories[0]
        if len(categories) > 1 or first.parent or _says_more(first) or first.slug == _NO_SECTION:
            yield "categories", [_told(term) for term in categories]
    tags = [term for term in terms.pop("post_tag", []) if _says_more(term)]
    if tags:
        yield "tag_slugs", {name_of(term): unquote(term.slug) for term in tags}
    if formats := terms.pop("post_format", []):
        yield "format", formats[0].slug.removeprefix("post-format-")
    others = {name: [_told(term) for term in found] for name, found in terms.items() if name not in _NOT_TOLD}
    if others:
        yield "terms", others


def _topmost(term: Term, known: Terms) -> Term:
    seen: set[str] = set()
    while term.parent and term.parent not in seen and (above := known.get((term.taxonomy, term.parent))):
        seen.add(term.parent)
        term = above
    return term


def _told(term: Term) -> dict[str, str]:
    said = {"name": name_of(term), "slug": unquote(term.slug), "parent": unquote(term.parent)}
    return {key: value for key, value in said.items() if value}


def _says_more(term: Term) -> bool:
    """Whether the slug is not the one that its name would get anyway."""
    return unquote(term.slug) != slug_of(name_of(term))
