"""A poll as templates see it: question and answers, whether one can vote, where to, and how it went."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sitegen.contexts import PollData
from sitegen.model import PollRecord
from sitegen.shortcodes.poll_backend import PollBackend, PollForm, form_of
from sitegen.shortcodes.poll_record import Results, completed, is_open, is_over, results_of
from sitegen.shortcodes.poll_values import Poll, PollPlace, closing_day


class Voting(Struct, frozen=True):
    """`voting` in `shortcodes/poll.html`."""

    is_open: bool
    was_open: bool  # readers of this site may have voted
    day: dt.date | None  # on which voting closed, or will close
    results: Results | None  # None: unknown
    form: PollForm | None  # of an open poll


class ShownPoll(Struct, frozen=True):
    """A poll as a page shows it; `polls` in `article.html` holds them in their order."""

    poll: Poll
    voting: Voting

    @property
    def json_ld(self) -> dict[str, Any]:
        """A `Question` of schema.org. It has no accepted answer, and votes only where the page shows them."""
        poll = self.poll
        answers = list(_json_ld_answers(self))
        return {"@type": "Question", "name": poll.title, "answerCount": len(answers), "suggestedAnswer": answers}


class PollDesk:
    """Completes the polls of one article."""

    def __init__(self, backend: PollBackend, polls: PollData | None, page_url: str) -> None:
        data = polls or PollData()
        self._backend, self._as_of, self._page_url = backend, data.as_of, page_url
        self._records = {record.key: record for record in data.records}

    def record(self, key: str) -> PollRecord | None:
        """The data file of a poll."""
        return self._records.get(key)

    def shown(self, found: Poll | PollPlace) -> ShownPoll | PollPlace:
        """A poll with all that is known of it, or the place of one that nobody knows enough of."""
        record = self.record(found.key)
        poll = completed(found, record)
        if isinstance(poll, PollPlace):
            return poll
        backend = self._backend
        open_ = is_open(poll, backend, self._as_of)
        form = form_of(backend, poll, self._page_url) if open_ else None
        results = results_of(poll, record)
        return ShownPoll(poll, Voting(open_, backend.takes_votes, self._day(poll, open_), results, form))

    def _day(self, poll: Poll, is_open: bool) -> dt.date | None:
        """The day on which voting closed or will close; without a back end none is to come."""
        day = closing_day(poll.closed)
        if not poll.closed:
            return self._backend.closed_on if is_open or self._backend.is_closed else None
        return day if is_open or is_over(poll.closed, self._as_of) else None


def _json_ld_answers(shown: ShownPoll) -> Iterator[dict[str, Any]]:
    has_votes = shown.voting.results and not shown.voting.is_open and shown.poll.show_count
    for answer in shown.poll.answers:
        told: dict[str, Any] = {"@type": "Answer", "text": answer.text}
        if has_votes:
            told["upvoteCount"] = answer.votes
        yield told
