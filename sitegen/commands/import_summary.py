"""What an import did, in numbers and problems."""

from collections.abc import Callable

from msgspec import Struct

from sitegen.importers.report import ArticleReport
from sitegen.model import Problem

Progress = Callable[[str, int], None]
"""Called with a stage of an import, and how much of it is done."""


class MediaSummary(Struct):
    """What became of the media that articles refer to."""

    kept: int = 0  # files of the archive now, whenever they came
    fetched: int = 0  # of these, in this run
    missing: int = 0
    edited: int = 0  # articles that a person has edited: they are left as they are
    report: str = ""  # file with one line for each medium: where it is used, and what became of it
    problems: list[Problem] = []


class UnknownName(Struct, frozen=True):
    """A shortcode that nobody knows: how often it was met, and where first."""

    name: str
    count: int
    first: str


class ImportSummary(Struct):
    """What an import did. Articles that were taken in before and have not changed are only counted."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0
    failed: int = 0
    polls: int = 0
    mends: dict[str, int] = {}
    guesses: int = 0
    doubtful: int = 0  # guesses with a confidence below 0.7
    unknown_shortcodes: dict[str, UnknownName] = {}
    problems: list[Problem] = []
    set_aside: int = 0  # texts that are in no article, each with a reason
    report: str = ""  # file of this import's article reports, one JSON object a line
    media: MediaSummary | None = None

    @property
    def taken(self) -> int:
        """Articles that were written."""
        return self.new + self.changed

    def add(self, other: "ImportSummary") -> None:
        """Count in what another part of the same import did."""
        for name in ("new", "changed", "unchanged", "conflicts", "failed", "polls", "guesses", "doubtful", "set_aside"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for kind, count in other.mends.items():
            self.mends[kind] = self.mends.get(kind, 0) + count
        for name, met in other.unknown_shortcodes.items():
            known = self.unknown_shortcodes.get(name)
            together = UnknownName(name, known.count + met.count, known.first) if known else met
            self.unknown_shortcodes[name] = together
        self.problems += other.problems


def count_article(summary: ImportSummary, report: ArticleReport) -> None:
    """Count an article in."""
    summary.new += report.status == "new"
    summary.changed += report.status == "changed"
    summary.unchanged += report.status == "unchanged"
    summary.conflicts += report.status == "conflict"
    summary.polls += report.polls
    summary.guesses += len(report.guesses)
    summary.doubtful += sum(guess.confidence < 0.7 for guess in report.guesses)
    summary.set_aside += len(report.set_aside)
    for mend in report.mends:
        summary.mends[mend.kind] = summary.mends.get(mend.kind, 0) + 1
    for kept in report.shortcodes:
        known = summary.unknown_shortcodes.get(kept.name)
        summary.unknown_shortcodes[kept.name] = UnknownName(
            kept.name, known.count + 1 if known else 1, known.first if known else f"{report.source}:{kept.line}"
        )
