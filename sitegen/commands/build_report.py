"""What is told of a build, while it goes on and in the end."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from sitegen.model import Problem, Severity

if TYPE_CHECKING:
    from sitegen.commands.import_summary import ImportSummary


class Progress(Protocol):
    """Hears how far a stage ("read", "pages") is."""

    def __call__(self, stage: str, done: int, total: int = 0, /) -> None:
        """So many items are done, of about so many; 0 where nobody knows."""


def unseen(_stage: str, _done: int, _total: int = 0, /) -> None:
    """Progress that nobody looks at."""


def untimed(_stage: str) -> AbstractContextManager[None]:
    """A stage whose time nobody takes."""
    return nullcontext()


class BuildReport(Struct):
    """What a build did."""

    articles: int = 0
    written: list[str] = []  # the first of them
    written_count: int = 0
    unchanged: int = 0
    removed_paths: list[str] = []
    seconds: float = 0.0
    why: list[str] = []  # reasons for the file that was asked for
    taken_in: "ImportSummary | None" = None  # None: there is no inbox
    problems: list[Problem] = []

    @property
    def removed(self) -> int:
        """Files that no page wants any more."""
        return len(self.removed_paths)

    @property
    def is_clean(self) -> bool:
        """Whether the tree is whole and may be published."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)
