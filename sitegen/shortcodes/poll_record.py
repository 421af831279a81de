"""A poll completed by its data file, whether voting has ended, and how the poll went."""

import datetime as dt

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import PollRecord
from sitegen.shortcodes.poll_backend import PollBackend
from sitegen.shortcodes.poll_values import Poll, PollPlace, closing_day


class Row(Struct, frozen=True):
    """An answer and its part of the votes."""

    text: str
    votes: int
    percent: float | None  # of the total, to two places; None where there is no total
    bar: str  # the same as a length, "33.33"


class Results(Struct, frozen=True, kw_only=True):
    """How a poll went."""

    rows: tuple[Row, ...]  # in the order of the answers
    votes: int  # sum of the votes
    total: int  # what the percents are of; of a poll with several answers a number of readers, if it is known
    counted: dt.date | None = None


def completed(found: Poll | PollPlace, record: PollRecord | None) -> Poll | PollPlace:
    """A poll with all that its data file knows of it.

    Question and answers of the article count before those of the file, unless the article has none or was cut
    off; votes go by the ids of the answers.
    """
    if record is None:
        return found
    if isinstance(found, PollPlace):
        if len(record.answers) < 2:
            return replace(found, title=found.title or record.question)
        found = replace(found.look, id=found.key, title=found.title, answers=record.answers, truncated=False)
    votes = {answer.id: answer.votes for answer in record.answers}
    is_whole = not found.truncated or not record.answers
    return replace(
        found,
        title=found.title or record.question,
        answers=tuple(replace(a, votes=votes.get(a.id)) for a in found.answers) if is_whole else record.answers,
        multiple=found.multiple if record.multiple is None else record.multiple,
        closed=found.closed or record.closed,
        truncated=found.truncated and not record.answers,
    )


def results_of(poll: Poll, record: PollRecord | None) -> Results | None:
    """How the poll went; None as long as the votes of one answer are unknown."""
    counts = [answer.votes for answer in poll.answers if answer.votes is not None]
    if not counts or len(counts) < len(poll.answers):
        return None
    votes = sum(counts)
    told = record.total if record else None
    # A total that cannot be is no total: no answer has more votes than there were voters.
    total = told if told is not None and max(counts) <= told else votes
    rows = (Row(answer.text, answer.votes or 0, *_share(answer.votes or 0, total)) for answer in poll.answers)
    return Results(rows=tuple(rows), votes=votes, total=total, counted=record.counted if record else None)


def percent_of(votes: int, total: int) -> float:
    """Two places, a half rounded up, as PHP's `round(votes / total * 100, 2)` does."""
    return (votes * 20_000 + total) // (2 * total) / 100


def is_over(closed: str, as_of: dt.date | None) -> bool | None:
    """Whether voting has ended; None where only the site can say. `as_of`: the last closing day that has come."""
    if day := closing_day(closed):
        return as_of is not None and day <= as_of
    return {"1": True, "0": False}.get(closed)


def is_open(poll: Poll, backend: PollBackend, as_of: dt.date | None) -> bool:
    """Whether readers can vote: what a poll says of itself counts before what the site says."""
    over = is_over(poll.closed, as_of)
    return backend.takes_votes and len(poll.answers) > 1 and not (backend.is_closed if over is None else over)


def _share(votes: int, total: int) -> tuple[float | None, str]:
    if not total:
        return None, "0"
    percent = percent_of(votes, total)
    return percent, f"{min(percent, 100):g}"
