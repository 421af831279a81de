"""Listings cut into numbered pages that count from the oldest article, so that a full page never changes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from sitegen.contexts import Pager
from sitegen.model import Entry


class ListedPage(NamedTuple):
    """One page of a listing: its path, where it stands, its entries newest first."""

    path: str
    pager: Pager
    entries: tuple[Entry, ...]


def paginate(entries: Iterable[Entry], count: int, size: int, base: str) -> Iterator[ListedPage]:
    """Cut `count` entries, oldest first, into pages below the path `base`, oldest page first.

    Pages 1, 2 … hold `size` entries each and stay as they are. The front page, at `base` itself, holds the
    newest: from `size` to twice that less one, so that it is never nearly empty. An empty listing is one
    empty front page.
    """
    source = iter(entries)
    pages = max(1, count // size)
    for number in range(1, pages + 1):
        is_front = number == pages
        batch = tuple(source if is_front else islice(source, size))
        pager = Pager(
            number=number,
            is_front=is_front,
            newer=None if is_front else page_path(base, number + 1, pages),
            older=page_path(base, number - 1, pages) if number > 1 else None,
            front=base,
        )
        yield ListedPage(page_path(base, number, pages), pager, batch[::-1])


def page_path(base: str, number: int, pages: int) -> str:
    """Path of a numbered page; the last number is the front page."""
    return base if number == pages else f"{base}page/{number}/"
