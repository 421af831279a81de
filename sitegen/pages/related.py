"""Related articles: older ones that share tags, the rarer the tag the nearer.

Only older ones count, so that an article's list stays as it is when newer ones come; of each tag only the last few
before it, so that an article costs the same in an archive of any size; and how rare a tag is only roughly, so that one
more article does not change the lists of a thousand others. An undated article looks at the newest dated ones.
"""

from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from sitegen.content.catalog import Catalog
from sitegen.content.order import sort_date
from sitegen.content.rows import Place
from sitegen.content.topics import REACH
from sitegen.contexts import Link
from sitegen.model import ArticleEntry

SHOWN = 4
_TAGS = 10  # of an article that count
_REMEMBERED = 20_000  # tags, and articles
_WHOLE = 1 << 32


class Met(NamedTuple):
    """What an article meets among the older ones."""

    nearest: tuple[Link, ...]
    before_in_tag: Link | None = None  # of the first tag; None too for an undated article


class Kinship:
    """The last articles of the tags met so far, oldest article first; what is not remembered is looked up."""

    def __init__(self) -> None:
        self._last = ""
        self._by_term: dict[str, deque[Place]] = {}
        self._links: dict[str, Link] = {}  # by source

    def start_after(self, permalink: str) -> None:
        """Go on with the article that follows the one at `permalink`."""
        if permalink != self._last or not permalink:
            self._by_term.clear()

    def meet(self, catalog: Catalog, entry: ArticleEntry) -> Met:
        """The nearest of the older articles, and the one just before within the first tag."""
        terms = list(dict.fromkeys(map(catalog.slug, entry.tags)))[:_TAGS]
        ranks = map(catalog.terms.rank, terms)
        link_to = partial(self._link_to, catalog)
        if not entry.date:
            nearest = _nearest(zip(ranks, map(catalog.terms.newest_places, terms), strict=True))
            return Met(tuple(map(link_to, nearest)))
        place = Place(sort_date(entry), entry.source)
        members = [self._members(catalog, term, place) for term in terms]
        nearest = _nearest(zip(ranks, members, strict=True))
        before = link_to(members[0][-1]) if members and members[0] else None
        for known in members:
            known.append(place)
        self._remember(entry.source, Link(entry.title, entry.permalink))
        self._last = entry.permalink
        return Met(tuple(map(link_to, nearest)), before)

    def _members(self, catalog: Catalog, term: str, place: Place) -> deque[Place]:
        if term not in self._by_term:
            if len(self._by_term) >= _REMEMBERED:
                self._by_term.clear()
            self._by_term[term] = deque(reversed(catalog.terms.older(term, place)), maxlen=REACH)
        return self._by_term[term]

    def _link_to(self, catalog: Catalog, place: Place) -> Link:
        # Far fewer are shown than looked at.
        return self._links.get(place.source) or self._remember(place.source, catalog.link_to(place.source))

    def _remember(self, source: str, link: Link) -> Link:
        if len(self._links) >= _REMEMBERED:
            self._links.clear()
        self._links[source] = link
        return link


def _nearest(ranked: Iterable[tuple[int, Iterable[Place]]]) -> list[Place]:
    """The articles that share the rarest terms, or the most of them; the newer first among equals."""
    scores: dict[Place, int] = {}
    for rank, members in ranked:
        weight = _WHOLE >> rank
        for place in members:
            scores[place] = scores[place] + weight if place in scores else weight
    least = sorted(scores.values())[-SHOWN:]
    found = [(score, place) for place, score in scores.items() if score >= least[0]]
    return [place for _score, place in sorted(found, reverse=True)[:SHOWN]]
