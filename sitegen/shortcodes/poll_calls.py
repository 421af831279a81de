"""The polls of a text: every call of a poll's shortcode, as far as it can be read."""

from collections.abc import Iterator

from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.shortcodes.poll import PollShortcode, place_of_call
from sitegen.shortcodes.poll_services import PollServiceShortcode
from sitegen.shortcodes.poll_values import POLL_NAMES, FoundPoll, Poll, PollPlace
from sitegen.shortcodes.syntax import Call, find_calls

_POLL, _SERVICE = PollShortcode(), PollServiceShortcode()


def read_poll_call(call: Call) -> tuple[Poll | PollPlace, Problem | None]:
    """The poll of a call; of one that cannot be read the place, and why: a data file may still complete it."""
    try:
        return (_POLL if call.name in _POLL.names else _SERVICE).read(call), None
    except SiteError as error:
        return place_of_call(call), error.problem


def missing_poll(place: PollPlace) -> Problem | None:
    """What its writer should know of a place that nothing completes; None where a link leads to the poll."""
    if place.url or place.is_list:
        return None
    name = f"{place.plugin} poll" if place.plugin else "poll"
    hint = f"write them into content/polls/{place.key}.yaml" if place.key else "give the poll an id"
    message = f'{name} "{place.id}" has its question and answers elsewhere'
    hint += "; until then its place is marked"
    return Problem(Location(""), "poll-without-content", message, hint, Severity.WARNING)


def polls_in(text: str, first_line: int = 1) -> tuple[FoundPoll, ...]:
    """The polls of a body in their order, also those that another call encloses."""
    return tuple(_polls(text, first_line))


def _polls(text: str, first_line: int) -> Iterator[FoundPoll]:
    # By their tags alone, all other calls are frames around what may be a poll.
    calls = find_calls(text, POLL_NAMES.__contains__, by_tag=lambda name: name not in POLL_NAMES, line=first_line)
    for call in calls:
        if call.name in POLL_NAMES and not call.escaped:
            found, _ = read_poll_call(call)
            yield FoundPoll(call.line, found) if isinstance(found, Poll) else FoundPoll(call.line, None, found)
