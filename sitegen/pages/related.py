"""Related articles: older ones that share tags, the rarer the tag the nearer.

Only what was met before counts, so that an article's list stays as it is when newer ones come; and of each tag only
the last few are remembered, so that an article costs the same in an archive of any size.
"""

from collections import OrderedDict, deque
from collections.abc import Sequence

from sitegen.contexts import Link

SHOWN = 4
_LAST = 12  # articles of a tag that are looked at
_TAGS = 10  # of an article that count
_REMEMBERED = 20_000  # tags; the one unused for longest is forgotten
_WHOLE = 1_000_000
_PLACE = 40  # bits


class Kinship:
    """What is known of the articles met so far, oldest first."""

    def __init__(self) -> None:
        self._met = 0
        self._by_term: OrderedDict[str, _Members] = OrderedDict()

    def meet(self, terms: Sequence[str], link: Link) -> tuple[Link, ...]:
        """The nearest of the articles met before; then this one is among them."""
        found = self.nearest(terms)
        self._met += 1
        for term in terms[:_TAGS]:
            members = self._by_term.setdefault(term, _Members())
            members.count += 1
            members.last.append((self._met, link))
            self._by_term.move_to_end(term)
        while len(self._by_term) > _REMEMBERED:
            self._by_term.popitem(last=False)
        return found

    def nearest(self, terms: Sequence[str]) -> tuple[Link, ...]:
        """The articles that share the rarest terms, or the most of them; the newer first among equals."""
        scores: dict[int, int] = {}
        links: dict[int, Link] = {}
        for term in terms[:_TAGS]:
            if members := self._by_term.get(term):
                weight = _WHOLE // members.count
                for met, link in members.last:
                    scores[met] = scores.get(met, 0) + weight
                    links[met] = link
        # One number for score and place, since numbers sort fastest.
        ranked = sorted([score << _PLACE | met for met, score in scores.items()], reverse=True)
        return tuple(links[rank & (1 << _PLACE) - 1] for rank in ranked[:SHOWN])


class _Members:
    """The last articles of a term, and how many there were."""

    __slots__ = ("count", "last")

    def __init__(self) -> None:
        self.count = 0
        self.last: deque[tuple[int, Link]] = deque(maxlen=_LAST)
