"""Related articles: older ones that share tags, the rarer the tag the nearer.

Only older ones count, so that an article's list stays as it is when newer ones come; of each tag only the last few
before it, so that an article costs the same in an archive of any size; and how rare a tag is only roughly, so that one
more article does not change the lists of a thousand others. An undated article looks at the newest dated ones.
"""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from sitegen.content.catalog import Catalog, Kin
from sitegen.content.order import sort_date
from sitegen.content.topics import REACH
from sitegen.contexts import Link
from sitegen.model import ArticleEntry

SHOWN = 4
_TAGS = 10  # of an article that count
_REMEMBERED = 20_000  # tags
_WHOLE = 1 << 32


class Met(NamedTuple):
    """What an article meets among the older ones."""

    nearest: tuple[Link, ...]
    before_in_tag: Link | None = None  # of the first tag; None too for an undated article


class Kinship:
    """The last articles of the tags met so far, oldest article first; what is not remembered is looked up."""

    def __init__(self) -> None:
        self._last = ""
        self._by_term: dict[str, deque[Kin]] = {}

    def start_after(self, permalink: str) -> None:
        """Go on with the article that follows the one at `permalink`."""
        if permalink != self._last or not permalink:
            self._by_term.clear()

    def meet(self, catalog: Catalog, entry: ArticleEntry) -> Met:
        """The nearest of the older articles, and the one just before within the first tag."""
        terms = list(dict.fromkeys(map(catalog.slug, entry.tags)))[:_TAGS]
        if not entry.date:
            return Met(_nearest((catalog.rank(term), catalog.newest_kin(term)) for term in terms))
        kin = Kin(sort_date(entry), entry.source, entry.title, entry.permalink)
        members = [self._members(catalog, term, kin) for term in terms]
        found = _nearest(zip(map(catalog.rank, terms), members, strict=True))
        before = members[0][-1] if members and members[0] else None
        for known in members:
            known.append(kin)
        self._last = entry.permalink
        return Met(found, Link(before.title, before.permalink) if before else None)

    def _members(self, catalog: Catalog, term: str, before: Kin) -> "deque[Kin]":
        if term not in self._by_term:
            if len(self._by_term) >= _REMEMBERED:
                self._by_term.clear()
            older = catalog.older_with_term(term, before.date, before.source)
            self._by_term[term] = deque(reversed(older), maxlen=REACH)
        return self._by_term[term]


def _nearest(ranked: Iterable[tuple[int, Iterable[Kin]]]) -> tuple[Link, ...]:
    """The articles that share the rarest terms, or the most of them; the newer first among equals."""
    scores: dict[Kin, int] = {}
    for rank, members in ranked:
        weight = _WHOLE >> rank
        for kin in members:
            scores[kin] = scores.get(kin, 0) + weight
    if not scores:
        return ()
    nearest = sorted(zip(scores.values(), scores, strict=True), reverse=True)[:SHOWN]
    return tuple(Link(kin.title, kin.permalink) for _score, kin in nearest)
