"""Listings cut into numbered pages that count from the oldest article, so that a full page never changes."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from sitegen.contexts import Jump, Pager

Item = TypeVar("Item")
_MANY = 1000
JUMP = 20  # the front page leads to every 400th page, those to every 20th, those to each


class ListedPage(NamedTuple, Generic[Item]):
    """One page of a listing: its path, where it stands, its items newest first."""

    path: str
    pager: Pager
    entries: tuple[Item, ...]


def paginate(
    items: Iterable[Item], count: int, size: int, base: str, label: Callable[[Item], str] = lambda _item: ""
) -> Iterator[ListedPage[Item]]:
    """Cut `count` items, oldest first, into pages below the path `base`, oldest page first.

    Pages 1, 2 … hold `size` items each and stay as they are. The front page, at `base` itself, holds the
    newest: from `size` to twice that less one, so that it is never nearly empty. An empty listing is one
    empty front page. `label` is what a page is called where others lead to it, by its oldest item.
    """
    pages = page_count(count, size)
    if pages == 1:
        yield ListedPage(base, Pager(number=1, is_front=True, front=base), tuple(items)[::-1])
        return
    source = iter(items)
    labels: list[str] = []
    for number in range(1, pages + 1):
        is_front = number == pages
        batch = tuple(source if is_front else islice(source, size))
        labels.append(label(batch[0]) if batch else "")
        pager = Pager(
            number=number,
            is_front=is_front,
            newer=None if is_front else page_path(base, number + 1, pages),
            older=page_path(base, number - 1, pages) if number > 1 else None,
            front=base,
            jumps=tuple(
                Jump(other, page_path(base, other, pages), labels[other - 1]) for other in jumps_from(number, pages)
            ),
        )
        yield ListedPage(page_path(base, number, pages), pager, batch[::-1])


def page_count(count: int, size: int) -> int:
    """How many pages `count` items make."""
    return max(1, count // size)


def page_path(base: str, number: int, pages: int) -> str:
    """Path of a numbered page; the last number is the front page. No folder has many more than 1,000 of them."""
    if number == pages:
        return base
    return f"{base}page/{number}/" if number < _MANY else f"{base}page/{number // _MANY * _MANY}s/{number}/"


def jumps_from(number: int, pages: int) -> list[int]:
    """Older pages that a page leads to, the newest first, beside the one just before it.

    A full page leads to older ones alone, since it must not change when newer ones come.
    """
    is_front = number == pages
    found = set(range((number - 1) // JUMP**2 * JUMP**2, 0, -(JUMP**2))) if is_front else set()
    for step, span in ((1, JUMP), (JUMP, JUMP**2)):
        if is_front or number % span == 0:
            found.update(range((number - 1) // step * step, (number - 1) // span * span, -step))
    return sorted(found - {number - 1}, reverse=True)
