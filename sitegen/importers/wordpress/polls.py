"""Expert Review polls of an export, with their votes."""

import json
import re
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.importers.html_to_markdown import text_of_fragment
from sitegen.importers.wordpress.php import PhpError, unserialize
from sitegen.importers.wordpress.wxr import WxrItem
from sitegen.model import PollRecord
from sitegen.shortcodes.poll import decode_payload, plain_text
from sitegen.shortcodes.poll_values import Poll

POLL_TYPE = "expert_review_poll"
# Polls of other plugins that are posts: an export tells their titles, and the answers nowhere that is documented.
TITLED_TYPES = ("poll", "forminator_polls")
TITLED_CALLS = frozenset({"totalpoll", "totalpoll-poll", "forminator_poll"})


class StoredPoll(Struct, frozen=True):
    """A poll and its data file, as the library of an export keeps them."""

    poll: Poll
    record: PollRecord


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
    poll = msgspec.structs.replace(poll, id=item.id)
    return StoredPoll(poll, _record(item, poll, answers))


def _record(item: WxrItem, poll: Poll, answers: list[Any]) -> PollRecord:
    """What the export knows of the votes: nothing is counted as none that it does not say."""
    told = [answer for answer in answers if isinstance(answer, dict) and plain_text(answer.get("text"))]
    counts = [_count(answer.get("votes")) for answer in told] if len(told) == len(poll.answers) else []
    counts += [None] * (len(poll.answers) - len(counts))
    total = _count(item.meta_value(f"{POLL_TYPE}_total_votes"))
    votes = [count for count in counts if count is not None]
    return PollRecord(
        key=poll.key,
        question=poll.title,
        answers=tuple(msgspec.structs.replace(a, votes=n) for a, n in zip(poll.answers, counts, strict=True)),
        multiple=poll.multiple or None,
        closed="1" if item.meta_value(f"{POLL_TYPE}_can_vote") == "0" else "",
        total=total if votes and total not in (None, sum(votes)) else None,
        is_hidden=item.meta_value(f"{POLL_TYPE}_display") == "0",
    )


def _count(value: object) -> int | None:
    return int(str(value)) if re.fullmatch(r"\d{1,12}", str(value), re.ASCII) else None


def _meta_object(item: WxrItem, key: str) -> Any:
    try:
        return unserialize(item.meta_value(key))
    except PhpError:
        return None
