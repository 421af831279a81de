"""What it is to map work over a stream, whoever does the work."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Died(NamedTuple, Generic[Item]):
    """Stands in for a result: the worker that had this item alone ended without one."""

    item: Item


class Mapper(Protocol):
    """Maps a module-level function over a stream, results in order; takes in only a few items ahead."""

    def __call__(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> "Iterator[Result | Died[Item]]":
        """Results in the order of the items; Died for an item that kills its worker, alone too."""


def serial(work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result | Died[Item]]:
    """Map in this process."""
    return map(work, items)


def map_batches(
    map_: Mapper, work: Callable[[list[Item]], list[Result]], batches: Iterable[list[Item]]
) -> "Iterator[list[Result] | Died[Item]]":
    """Results batch by batch. After a worker's death its batch is done item by item, so only what kills is lost."""
    for batch in map_(work, batches):
        if not isinstance(batch, Died):
            yield batch
            continue
        for result in map_(work, ([item] for item in batch.item)):
            yield Died(result.item[0]) if isinstance(result, Died) else result


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut a stream into lists of `size`; the last one may be shorter."""
    source = iter(items)
    while batch := list(itertools.islice(source, size)):
        yield batch


def in_bounded_batches(
    items: Iterable[Item], size: int, weight: Callable[[Item], int], heaviest: int
) -> Iterator[list[Item]]:
    """Cut a stream into lists of at most `size`, none of more than one item heavier than `heaviest`."""
    batch: list[Item] = []
    total = 0
    for item in items:
        heavy = weight(item)
        if batch and (len(batch) == size or total + heavy > heaviest):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += heavy
    if batch:
        yield batch


def one_by_one(
    map_: Mapper, work: Callable[[list[Item]], Result], batches: Iterable[list[Item]]
) -> Iterator[Result | Died[list[Item]]]:
    """Results batch by batch. After a worker's death its batch is done item by item, so only what kills is lost."""
    for batch in map_(work, batches):
        if isinstance(batch, Died):
            yield from map_(work, ([item] for item in batch.item))
        else:
            yield batch
