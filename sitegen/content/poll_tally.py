"""Ballots are counted into a poll's data file."""

import datetime as dt
import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.poll_files import PollFile
from sitegen.model import Answer, PollRecord
from sitegen.shortcodes.poll_values import Poll, closing_day

_SEPARATOR = re.compile(r"\s*[,;|\n]\s*")


class Vote(Struct, frozen=True):
    """One submission: its id, what was sent, and when."""

    id: str
    answers: tuple[str, ...]
    day: dt.date | None
    line: int  # where the export has it


class Tally(Struct, frozen=True):
    """A data file with the votes in it, and the votes that are not, with the reason."""

    file: PollFile
    counted: int
    known: int  # were counted before
    refused: tuple[tuple[Vote, str], ...]


def tally_votes(poll: Poll, file: PollFile, votes: Iterable[Vote]) -> Tally:
    """Count votes into a data file; a submission that it knows counts once, however often it comes.

    `poll` is complete: question and answers, with the votes that the file has.
    """
    counts = {answer.id: answer.votes or 0 for answer in poll.answers}
    names = _names(poll)
    # Shares of a poll with several answers are shares of its voters, if those are known from the first vote on.
    has_total = file.record.total is not None or (poll.multiple and not any(counts.values()))
    tallied, total, last = dict.fromkeys(file.tallied), file.record.total or 0, file.record.counted
    counted = known = 0
    refused: list[tuple[Vote, str]] = []
    for vote in votes:
        if vote.id in tallied:
            known += 1
            continue
        chosen, reason = _chosen(poll, names, vote)
        if reason:
            refused.append((vote, reason))
            continue
        for answer_id in chosen:
            counts[answer_id] += 1
        tallied[vote.id] = None
        counted += 1
        if vote.day:
            last = max(last or vote.day, vote.day)
    if not counted:
        return Tally(file, 0, known, tuple(refused))
    record = _counted(file.record, poll, counts)
    record = replace(record, total=total + counted if has_total else None, counted=last)
    return Tally(PollFile(record, tuple(tallied)), counted, known, tuple(refused))


def _counted(record: PollRecord, poll: Poll, counts: dict[str, int]) -> PollRecord:
    answers = tuple(Answer(answer.id, answer.text, counts[answer.id]) for answer in poll.answers)
    answers += tuple(answer for answer in record.answers if answer.id not in counts)
    return replace(record, question=record.question or poll.title, answers=answers, multiple=poll.multiple or None)


def _chosen(poll: Poll, names: dict[str, str], vote: Vote) -> tuple[list[str], str]:
    """Ids of the answers of a vote, and why it cannot be counted."""
    closed = closing_day(poll.closed)
    if closed and vote.day and vote.day >= closed:
        return [], f"it came on {vote.day}, when voting was closed"
    chosen: dict[str, None] = {}
    for written in vote.answers:
        found, rest = _answers_in(written, names)
        if rest:
            return [], f'no answer of the poll is "{rest}"'
        chosen.update(dict.fromkeys(found))
    if len(chosen) > 1 and not poll.multiple:
        return [], "it has more than one answer"
    return list(chosen), ""


def _names(poll: Poll) -> dict[str, str]:
    """Every way to write an answer, and its id, the longest first."""
    names = {_plain(f"{answer.id}: {answer.text}"): answer.id for answer in poll.answers}
    for answer in poll.answers:
        names.setdefault(_plain(answer.text), answer.id)
    for answer in poll.answers:
        names.setdefault(answer.id, answer.id)
    return {name: names[name] for name in sorted(filter(None, names), key=len, reverse=True)}


def _answers_in(written: str, names: dict[str, str]) -> tuple[list[str], str]:
    """Ids of the answers that a field holds, one or several in a row, and what is none of them."""
    found, text = [], _plain(written)
    if text in names:
        return [names[text]], ""
    while text:
        for name, answer_id in names.items():
            rest = text.removeprefix(name)
            if rest != text and (not rest or _SEPARATOR.match(rest)):
                found.append(answer_id)
                text = _SEPARATOR.sub("", rest, count=1)
                break
        else:
            return [], text
    return found, ""


def _plain(text: str) -> str:
    return " ".join(text.split())
