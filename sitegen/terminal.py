"""What a person reads: problems, summaries, progress. Results go to stdout, all else to stderr."""

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.model import Problem, Severity

if TYPE_CHECKING:
    from sitegen.commands.build_report import BuildReport, Progress
    from sitegen.commands.check import CheckReport, Places
    from sitegen.commands.import_summary import ImportSummary
    from sitegen.commands.polls import PollList, TallyReport
    from sitegen.commands.publish import Outcome

_LIKE_THIS = 5
_MAX_FILES = 3
_PLAIN_LINE_SECONDS = 30.0
_SURE_SECONDS = 2.0
_BAR_SECONDS = 0.1
_LONGEST_LINE = 500
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STAGES = {
    "import": "raw articles imported",
    "media": "articles looked through for media",
    "fetched": "media asked for",
    "read": "content files read",
    "pages": "pages made",
}
_MENDS = {
    "glued-sentence": ("glued sentence", "glued sentences"),
    "entity": ("HTML entity", "HTML entities"),
    "invisible": ("invisible character", "invisible characters"),
    "shortcode": ("damaged shortcode", "damaged shortcodes"),
    "mojibake": ("garbled line", "garbled lines"),
    "encoding": ("encoding", "encodings"),
}


class Terminal:
    """Where a command's words go. With `is_json` the result is one document on stdout, and problems are in it."""

    def __init__(self, *, is_quiet: bool = False, is_json: bool = False) -> None:
        self._is_quiet = is_quiet
        self._is_json = is_json

    def say(self, text: str) -> None:
        """A line of the result."""
        if not self._is_quiet and not self._is_json:
            print(text, flush=True)  # noqa: T201 - a preview's address may be read through a pipe

    def note(self, text: str) -> None:
        """A line beside the result."""
        print(text, file=sys.stderr)  # noqa: T201

    def aside(self, text: str) -> None:
        """A line beside the result that one can do without."""
        if not self._is_quiet and not self._is_json:
            self.note(text)

    def problems(self, problems: Sequence[Problem], limit: int = _LIKE_THIS) -> None:
        """Problems, errors last so that they are seen; of many alike only the first few."""
        if self._is_json:
            return
        shown: dict[tuple[Severity, str, str], int] = {}
        for problem in sorted(
            problems, key=lambda problem: (problem.severity is Severity.ERROR, problem.code, problem.location)
        ):
            kind = (problem.severity, problem.code, _kind_of(problem))
            shown[kind] = shown.get(kind, 0) + 1
            if shown[kind] <= limit:
                self._problem(problem)
        for (_, code, message), count in shown.items():
            if count > limit:
                self.note(f"… and {count - limit:,} more like this ({message or code})")

    def refused(self, problem: Problem) -> None:
        """Why a command could not be carried out at all."""
        if not self._document({"problems": [problem]}):
            self._problem(problem)

    def built(self, report: "BuildReport", output: str) -> None:
        """The result of a build."""
        if self._document(report):
            return
        if report.taken_in:
            self._taken_in(report.taken_in)
        self.say(
            f"{_count(report.articles, 'article')}; {_count(report.written_count, 'file')} written, "
            f"{report.unchanged:,} unchanged, {report.removed:,} removed in {report.seconds:.1f} s; "
            f"{_problem_count(report.problems)}"
        )
        if report.is_clean:
            self.say(f"The site is in {output}/; `sitegen serve` shows it, {output}/index.html is its front page.")
        else:
            self.note("The site has problems and can't be published until they are mended.")

    def lines(self, lines: Iterable[str]) -> None:
        """Lines beside the result, on standard error."""
        for line in lines:
            self.note(line)

    def imported(self, summary: "ImportSummary") -> None:
        """The result of an import."""
        if self._document(summary):
            return
        self._taken_in(summary)
        if summary.media:
            media = summary.media
            counts = f"{media.kept:,} media in the archive, {media.fetched:,} fetched now, {media.missing:,} missing"
            self.say(f"{counts}; each is told in {media.report}")
        if not summary.taken:
            self.say(f"Nothing new: {_count(summary.unchanged, 'article')} taken in before.")

    def reviewed(self, page: Path) -> None:
        """Where the review page of an import is; it is opened where there is somebody to look at it."""
        self.say(f"Look the import over in {page}")
        if sys.stdout.isatty() and not self._is_quiet:
            import webbrowser

            webbrowser.open(page.resolve().as_uri())

    def initialised(self, folder: Path, made: Sequence[str]) -> None:
        """The result of `init`."""
        if self._document({"folder": str(folder), "made": list(made)}):
            return
        self.say(f"A new site is in {folder}: {', '.join(made)}")
        where = "" if folder == Path() else f" -C {folder}"
        self.say(f"Put raw articles into {folder / 'content/raw'}/, then run `sitegen{where} serve`.")

    def published(self, outcome: "Outcome") -> None:
        """The result of publishing."""
        if self._document(outcome):
            return
        for change in outcome.plan:
            if outcome.dry_run:
                self.say(f"{change.action:7} {change.path}  ({change.reason})")
        verb = "would be" if outcome.dry_run else "were"
        self.say(
            f"{outcome.target}: {_count(outcome.put, 'file')} {verb} put, {outcome.deleted:,} removed, "
            f"{outcome.unchanged:,} are as they should be"
        )

    def checked(self, report: "CheckReport") -> None:
        """The result of a check."""
        if self._document(report):
            return
        self.say(f"{_count(report.pages, 'page')} and {_count(report.links, 'link')} checked")
        for name, places in report.unknown_shortcodes.items():
            self.say(f"unknown shortcode [{name}]: {_places(places)}")
        for name, places in report.shortcodes_not_kept.items():
            self.say(f"shortcode that no archive can keep [{name}]: {_places(places)}")
        for slug, names in report.merged_tags.items():
            self.say(f"tags that are one page, tags/{slug}/: {', '.join(names)}")
        if not report.problems:
            self.say("No problems.")

    def polls_listed(self, listed: "PollList") -> None:
        """Every poll, one line each, and where it stands below it."""
        if self._document(listed):
            return
        for poll in listed.polls:
            votes = "votes unknown" if poll.votes is None else _count(poll.votes, "vote")
            until = f" {'until' if poll.state == 'open' else 'since'} {poll.closes}" if poll.closes else ""
            self.say(f"{poll.key or '(no id)':24} {poll.state + until:24} {votes:16} {poll.question}")
            for place in (*poll.places, *([poll.file] if poll.file else [])):
                self.say(f"    {place}")
        if not listed.polls:
            self.say("There are no polls.")

    def tallied(self, report: "TallyReport") -> None:
        """The result of a tally."""
        if self._document(report):
            return
        for poll in report.polls:
            told = f"{_count(poll.counted, 'vote')} counted, {poll.known:,} known before, {poll.refused:,} refused"
            self.say(f"{poll.key}: {told}; {poll.file}")

    @contextmanager
    def progress(self) -> Iterator["Progress"]:
        """A callback: a moving bar on a terminal, a plain line now and then elsewhere, nothing when quiet."""
        if self._is_quiet or self._is_json:
            yield lambda _stage, _done, _total=0, /: None
        elif sys.stderr.isatty():
            with _bar() as update:
                yield update
        else:
            yield _plain_lines(self.note)

    def _taken_in(self, summary: "ImportSummary") -> None:
        if not (summary.taken or summary.failed or summary.conflicts):
            return
        parts = [f"{_count(summary.taken, 'raw article')} taken in"]
        mends = [
            f"{count:,} {_MENDS.get(kind, (kind, kind))[count != 1]}" for kind, count in sorted(summary.mends.items())
        ]
        if mends:
            parts.append("mended: " + ", ".join(mends))
        if summary.polls:
            parts.append(f"{_count(summary.polls, 'poll')} decoded")
        if summary.guesses:
            parts.append(f"{_count(summary.guesses, 'guess', 'guesses')} ({summary.doubtful:,} doubtful)")
        if summary.set_aside:
            parts.append(f"{_count(summary.set_aside, 'text')} set aside")
        self.say("; ".join(parts))
        for known in sorted(summary.unknown_shortcodes.values(), key=lambda known: known.name):
            self.say(f"  kept, but unknown: [{known.name}] {_count(known.count, 'time')}, first at {known.first}")
        self.say(f"  every mend and guess is told in {summary.report}; `sitegen import --review` shows them")

    def _document(self, result: object) -> bool:
        if self._is_json:
            text = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
            print(text)  # noqa: T201
        return self._is_json

    def _problem(self, problem: Problem) -> None:
        self.note(_harmless(f"{problem.location}: {problem.severity.value}: {problem.message}"))
        if problem.hint:
            self.note(_harmless(f"    hint: {problem.hint}"))


def _harmless(line: str) -> str:
    """A line that quotes what nobody has looked at: no sign in it moves the cursor, and it is not endless."""
    clipped = line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
    return _CONTROL.sub(lambda sign: sign[0].encode("unicode_escape").decode(), clipped)


def _problem_count(problems: Sequence[Problem]) -> str:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    counts = (_count(errors, "error"), errors), (_count(len(problems) - errors, "warning"), len(problems) - errors)
    return " and ".join(text for text, number in counts if number) or "no problems"


def _kind_of(problem: Problem) -> str:
    """Unknown shortcodes are alike when they have one name; all else when it has one code."""
    return problem.message if problem.code == "unknown-shortcode" else ""


def _places(places: "Places") -> str:
    files = [f"{path} ({count})" if count > 1 else path for path, count in sorted(places.files.items())]
    more = f" and {_count(len(files) - _MAX_FILES, 'more file')}" if len(files) > _MAX_FILES else ""
    return f"{_count(places.count, 'time')} in {', '.join(files[:_MAX_FILES])}{more}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _plain_lines(note: Callable[[str], None]) -> "Progress":
    """A line every half minute, so that short builds say nothing and long ones are known to be alive."""
    last = time.monotonic()
    started: dict[str, float] = {}

    def update(stage: str, done: int, total: int = 0, /) -> None:
        nonlocal last
        now = time.monotonic()
        seconds = now - started.setdefault(stage, last)
        if now - last >= _PLAIN_LINE_SECONDS:
            last = now
            note(f"{how_far(stage, done, total)}, {speed(done, total, seconds)}")

    return update


@contextmanager
def _bar() -> Iterator["Progress"]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(pulse_style="cyan"), TextColumn("{task.description}"), TextColumn("{task.fields[speed]}"))
    # No thread of its own: the workers are forked while it is shown.
    with Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None, speed="")
        shown = ""
        started = last = time.monotonic()

        def update(stage: str, done: int, total: int = 0, /) -> None:
            nonlocal shown, started, last
            now = time.monotonic()
            if stage != shown:  # it began when the one before it was told of for the last time
                shown, started = stage, last
            elif now - last < _BAR_SECONDS:
                return
            last = now
            told = how_far(stage, done, total), speed(done, total, now - started)
            bar.update(task, completed=done, total=total or None, description=told[0], speed=told[1])
            bar.refresh()

        yield update


def how_far(stage: str, done: int, total: int) -> str:
    """How much of a stage is done."""
    return f"{done:,} of about {total:,} {_STAGES[stage]}" if total else f"{done:,} {_STAGES[stage]}"


def speed(done: int, total: int, seconds: float) -> str:
    """How many in a second; how long it takes still, where the end is known and some time has passed."""
    rate = done / max(0.001, seconds)
    left = (total - done) / rate if total and done else 0.0
    return f"{rate:,.0f}/s" + (f", {_duration(left)} left" if left >= 1 and seconds >= _SURE_SECONDS else "")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"
