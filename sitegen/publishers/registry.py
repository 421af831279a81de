"""The publishers there are: the built-in ones and those of installed packages.

A package offers one under the entry point group `sitegen.publishers`: a function from the target's table and the
site's folder to a `Publisher`. It does not import this file.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from sitegen.config import PublishTable
from sitegen.model import OutputFile
from sitegen.publishers.directory import open_directory

GROUP = "sitegen.publishers"


class Publisher(Protocol):
    """One target. What changed, in which order and what is refused is not its business."""

    def published(self) -> Iterator[OutputFile]:
        """The files that lie there by the last publication, by path; none before the first."""

    def holds_foreign(self, path: str) -> bool:
        """Whether something lies there that no publication has put."""

    def put(self, file: OutputFile, data: Path) -> None:
        """Put one file whole, in place of what was there. Raises OSError."""

    def delete(self, path: str) -> None:
        """Remove one file; one that is gone already is fine. Raises OSError."""

    def finish(self, manifest: Path) -> None:
        """Remember what lies there now: the publication is complete. Raises OSError."""


Opener = Callable[[PublishTable, Path], Publisher]
BUILT_IN: dict[str, Opener] = {"directory": open_directory}


def opener_of(type_: str) -> Opener | None:
    """What opens a target of that type."""
    return BUILT_IN.get(type_) or _installed().get(type_)


def types() -> list[str]:
    """Names of all types, sorted."""
    return sorted({*BUILT_IN, *_installed()})


@cache
def _installed() -> dict[str, Opener]:
    return {point.name: point.load() for point in entry_points(group=GROUP)}
