"""Expert Review polls of an export, with their votes."""

import json
import re
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.importers.html_to_markdown import text_of_fragment
from sitegen.importers.wordpress.php import PhpError, unserialize
from sitegen.importers.wordpress.wxr import WxrItem
from sitegen.shortcodes.poll import Poll, decode_payload

POLL_TYPE = "expert_review_poll"


class VotedAnswer(Struct, frozen=True):
    """An answer of a poll and its votes."""

    id: str
    text: str
    votes: int


class PollVotes(Struct, frozen=True):
    """How a poll went."""

    id: str
    title: str
    answers: tuple[VotedAnswer, ...]
    total_votes: int
    percent: tuple[float, ...]
    voting_open: bool
    displayed: bool


class StoredPoll(Struct, frozen=True):
    """A poll and its votes, as the library of an export keeps it."""

    poll: Poll
    votes: PollVotes


def stored_poll(item: WxrItem) -> StoredPoll | None:
    """The poll that an item is; None where nothing of it can be read."""
    params, answers = (_meta_object(item, f"{POLL_TYPE}_{name}") for name in ("params", "answers"))
    answers = list(answers.values()) if isinstance(answers, dict) else answers
    if not isinstance(params, dict):
        params = {}
    if not isinstance(answers, list):
        answers = []
    params = {"title": text_of_fragment(item.title), **params}
    try:
        poll, _truncated = decode_payload(json.dumps({**params, "answers": answers}, default=str))
    except ValueError:
        return None
    votes = [answer.get("votes", 0) if isinstance(answer, dict) else 0 for answer in answers]
    return StoredPoll(msgspec.structs.replace(poll, id=item.id), _votes(item, poll, votes))


def _votes(item: WxrItem, poll: Poll, votes: list[Any]) -> PollVotes:
    counts = [_count(value) for value in votes]
    counts += [0] * (len(poll.answers) - len(counts))
    told = item.meta_value(f"{POLL_TYPE}_total_votes")
    total = _count(told) if told else sum(counts)
    return PollVotes(
        id=item.id,
        title=poll.title,
        answers=tuple(VotedAnswer(a.id, a.text, count) for a, count in zip(poll.answers, counts, strict=False)),
        total_votes=total,
        percent=tuple(round(count / total * 100, 2) if total else 0.0 for count in counts[: len(poll.answers)]),
        voting_open=item.meta_value(f"{POLL_TYPE}_can_vote") != "0",
        displayed=item.meta_value(f"{POLL_TYPE}_display") != "0",
    )


def _count(value: object) -> int:
    return int(str(value)) if re.fullmatch(r"\d{1,12}", str(value)) else 0


def _meta_object(item: WxrItem, key: str) -> Any:
    try:
        return unserialize(item.meta_value(key))
    except PhpError:
        return None
