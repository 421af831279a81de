"""From two manifests to ordered changes: what a page needs goes up before it, and removals come last."""

from collections.abc import Callable, Iterator
from enum import IntEnum

from msgspec import Struct

from sitegen.model import OutputFile


class Stage(IntEnum):
    """When a file is put: whoever reads while a publication runs finds no page without what it needs."""

    ASSETS = 0  # style sheets, media
    NEW_PAGES = 1
    CHANGED_PAGES = 2
    LISTS = 3  # feeds, sitemaps, what names pages but is none
    HOME = 4


class Change(Struct, frozen=True):
    """One file to put or to remove, and why."""

    action: str  # "put" or "delete"
    path: str
    reason: str  # "new", "content", "gone"
    file: OutputFile | None = None


Files = Callable[[], Iterator[OutputFile]]


def changes(built: Files, published: Files) -> Iterator[Change]:
    """Differences of two manifests, by path. Both are read as streams in the order of their paths."""
    ours, theirs = built(), published()
    mine, other = next(ours, None), next(theirs, None)
    while mine or other:
        if other is None or (mine and _order(mine) < _order(other)):
            assert mine
            yield Change("put", mine.path, "new", mine)
            mine = next(ours, None)
        elif mine is None or _order(other) < _order(mine):
            yield Change("delete", other.path, "gone")
            other = next(theirs, None)
        else:
            if mine.digest != other.digest or mine.size != other.size:
                yield Change("put", mine.path, "content", mine)
            mine, other = next(ours, None), next(theirs, None)


def in_safe_order(built: Files, published: Files) -> Iterator[Change]:
    """The same changes, stage by stage, and the removals at the end.

    The manifests are read once a stage, so that no list of changes need be kept.
    """
    for stage in Stage:
        yield from (
            change for change in changes(built, published) if change.action == "put" and stage_of(change) is stage
        )
    yield from (change for change in changes(built, published) if change.action == "delete")


def stage_of(change: Change) -> Stage:
    """When a file is put."""
    if change.path == "index.html":
        return Stage.HOME
    if change.path.startswith(("assets/", "media/")):
        return Stage.ASSETS
    if change.path.endswith(".html") and change.path != "404.html":
        return Stage.NEW_PAGES if change.reason == "new" else Stage.CHANGED_PAGES
    return Stage.LISTS


def _order(file: OutputFile) -> bytes:
    return file.path.encode()
