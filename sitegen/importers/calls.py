"""Shortcode calls of a raw article, cleaned: plain quotes, polls in their legible form, and a tally of what was met."""

from msgspec import Struct
from msgspec.structs import replace

from sitegen.importers.report import KeptShortcode, Mend
from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.shortcodes.poll import poll_block
from sitegen.shortcodes.poll_calls import missing_poll
from sitegen.shortcodes.poll_values import Poll, PollPlace
from sitegen.shortcodes.registry import shortcode_for
from sitegen.shortcodes.syntax import Call, Part, literal_text, write_call

_MAX_MEND = 120


class CallCleaner:
    """Cleans the calls of one article, one after the other."""

    def __init__(self, path: str, *, is_mending: bool = True) -> None:
        self._path = path
        self._is_mending = is_mending  # else calls stay as they are, and are only read
        self.mends: list[Mend] = []
        self.kept: list[KeptShortcode] = []
        self.problems: list[Problem] = []
        self.polls = 0

    def clean(self, call: Call, line: int, column: int = 0) -> str:
        """A call as it stands in Markdown; `line` is where it starts in the raw file."""
        if call.escaped:
            return f"[{literal_text(call)}]"
        if call.part is Part.CLOSING:
            return call.source
        value = self.read(call, Location(self._path, line, column))
        if not self._is_mending:
            return call.source
        written = poll_block(value) if isinstance(value, Poll) else plain_call(call)
        if written != call.source:
            self.tell_mend(call, written, line, column)
        return written

    def read(self, call: Call, place: Location) -> Struct | None:
        """What a call says; None, and a problem, where nobody knows it or it cannot be read."""
        shortcode = shortcode_for(call.name)
        if shortcode is None:
            self._tell_unknown(call, place)
            return None
        try:
            value = shortcode.read(call)
        except SiteError as error:
            told = error.problem
            self.problems.append(Problem(place, told.code, told.message, told.hint, told.severity))
            return None
        if problem := getattr(value, "problem", None):
            self.problems.append(replace(problem, location=place))
        if isinstance(value, Poll):
            self._count_poll(value, place)
        elif isinstance(value, PollPlace) and (missing := missing_poll(value)):
            self.problems.append(Problem(place, missing.code, missing.message, missing.hint, missing.severity))
        return value

    def tell_mend(self, call: Call, written: str, line: int, column: int = 0) -> None:
        """A call was written in another form."""
        self.mends.append(Mend("shortcode", call.source[:_MAX_MEND], written[:_MAX_MEND], line, column))

    def _tell_unknown(self, call: Call, place: Location) -> None:
        self.kept.append(KeptShortcode(call.name, call.named, place.line))
        message = f"unknown shortcode {call.name}"
        hint = f"it is kept; templates/shortcodes/{call.name}.html would draw it"
        self.problems.append(Problem(place, "unknown-shortcode", message, hint, Severity.WARNING))

    def _count_poll(self, poll: Poll, place: Location) -> None:
        self.polls += 1
        if poll.truncated:
            message = f'poll "{poll.id}" was cut off; {len(poll.answers)} answers could be read'
            hint = "complete it in the Markdown, between [poll] and [/poll]"
            self.problems.append(Problem(place, "poll-truncated", message, hint, Severity.WARNING))


def plain_call(call: Call) -> str:
    """A call in plain quotes; as it was found where it cannot be written so."""
    try:
        return write_call(call.name, call.named, call.positional, call.content)
    except ValueError:
        return call.source
