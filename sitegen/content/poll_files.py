"""Data files of polls: `content/polls/KEY.yaml`, read and written.

    question: Which route should reopen first?
    answers:
    - id: 1
      text: The harbour loop
      votes: 120
    - id: 2
      text: The station line
      votes: 80
    closed: 2024-11-03
    counted: 2024-11-03

More keys: `multiple: true`; `total`, where shares are not shares of the sum of the votes (of a poll with several
answers: the number of readers who voted); `hidden: true` for a poll that its source did not show; `tallied`, the
submissions that `sitegen polls tally` has counted.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.content.bodies import decode
from sitegen.content.folder import POLL_SUFFIX, FileStat
from sitegen.content.front_matter import MAPPING, SCALAR, SEQUENCE, boolean_of, read_yaml, text_of, write_yaml
from sitegen.content.reading_rules import ReadingRules
from sitegen.content.source_files import Scanned
from sitegen.model import Answer, Location, PollRecord, Problem, Severity, SiteError
from sitegen.shortcodes.poll import read_closed
from sitegen.shortcodes.poll_values import poll_key
from sitegen.spelling import did_you_mean

_COUNT = re.compile(r"\d{1,12}")
_MAX_ANSWERS = 2000


class PollFile(NamedTuple):
    """A data file, with what pages have no use for."""

    record: PollRecord
    tallied: tuple[str, ...] = ()  # ids of the submissions that are counted in it


def read_poll_data(rules: ReadingRules, file: FileStat) -> Scanned:
    """Read one data file for the catalog. What is wrong with it is told in `problems`."""
    shown, digest = rules.shown(file.path), ""
    try:
        data = Path(rules.folder, file.path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if len(data) > rules.max_bytes:
            raise SiteError(Problem(Location(shown), "too-large", f"{len(data):,} bytes are too much"))
        record = parse_poll_file(decode(data, shown), shown).record
    except OSError as error:
        problem = Problem(Location(shown), "unreadable", f"can't be read: {error.strerror}", partly=True)
        return Scanned(file, digest, None, (problem,))
    except SiteError as error:
        return Scanned(file, digest, None, (error.problem,))
    return Scanned(file, digest, None, (), record=record)


def parse_poll_file(text: str, path: str) -> PollFile:
    """A data file taken apart; `path` is named in problems, and its name is the key.

    Raises SiteError at its line for what is not YAML, an unknown key, or a value of the wrong kind.
    """
    key = Path(path).name.removesuffix(POLL_SUFFIX)
    if poll_key(key) != key:
        hint = f"rename it to {poll_key(key) or 'poll'}{POLL_SUFFIX}, and let the article call it so"
        raise _problem(Location(path), f'"{key}" cannot be the name of a poll', hint)
    values: dict[str, Any] = {}
    tallied: tuple[str, ...] = ()
    for name, node in read_yaml(text, path):
        place = _place(path, node)
        if name not in _KEYS:
            hint = did_you_mean(name, _KEYS) or f"known keys: {', '.join(_KEYS)}"
            raise _problem(place, f'unknown key "{name}"', hint)
        field, read = _KEYS[name]
        if field == "tallied":
            tallied = read(node, path)
        else:
            values[field] = read(node, path)
    return PollFile(PollRecord(key=key, **values), tallied)


def write_poll_file(file: PollFile) -> str:
    """The text of a data file; reading it gives the same."""
    record = file.record
    table: dict[str, Any] = {}
    if record.question:
        table["question"] = record.question
    if record.answers:
        table["answers"] = [_written_answer(answer) for answer in record.answers]
    if record.multiple is not None:
        table["multiple"] = record.multiple
    if record.total is not None:
        table["total"] = record.total
    if record.closed:
        table["closed"] = {"1": True, "0": False}.get(record.closed) if len(record.closed) == 1 else _day(record.closed)
    if record.counted:
        table["counted"] = record.counted
    if record.is_hidden:
        table["hidden"] = True
    if file.tallied:
        table["tallied"] = list(file.tallied)
    return write_yaml(table)


def _written_answer(answer: Answer) -> dict[str, Any]:
    written: dict[str, Any] = {"id": int(answer.id) if _is_plain_number(answer.id) else answer.id}
    if answer.text:
        written["text"] = answer.text
    if answer.votes is not None:
        written["votes"] = answer.votes
    return written


def _is_plain_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and str(int(text)) == text and len(text) < 13


def _day(closed: str) -> dt.date:
    return dt.date.fromisoformat(closed)


def _place(path: str, node: Any) -> Location:
    return Location(path, node.start_mark.line + 1, node.start_mark.column + 1)


def _text(node: Any, path: str) -> str:
    return " ".join(text_of(node, _place(path, node)).split())


def _boolean(node: Any, path: str) -> bool:
    return boolean_of(node, _place(path, node))


def _count(node: Any, path: str) -> int | None:
    written = _text(node, path)
    if not written:
        return None
    if not _COUNT.fullmatch(written):
        raise _problem(_place(path, node), f'"{written}" is no number of votes', "leave out what is unknown")
    return int(written)


def _closed(node: Any, path: str) -> str:
    try:
        return read_closed(_text(node, path))
    except ValueError as error:
        raise _problem(_place(path, node), str(error), "write true, false, or a day as 2024-11-03") from None


def _date(node: Any, path: str) -> dt.date | None:
    written = _text(node, path)
    try:
        return dt.date.fromisoformat(written[:10]) if written else None
    except ValueError:
        raise _problem(_place(path, node), f'"{written}" is no date', "write it as 2024-11-03") from None


def _answers(node: Any, path: str) -> tuple[Answer, ...]:
    if node.id != SEQUENCE or len(node.value) > _MAX_ANSWERS:
        hint = "write each answer below the key, as `- id: 1` with `text:` and `votes:` under it"
        raise _problem(_place(path, node), f"answers are no list of at most {_MAX_ANSWERS}", hint)
    answers = tuple(_answer(item, number, path) for number, item in enumerate(node.value, 1))
    ids = [answer.id for answer in answers]
    if twice := next((own for own in ids if ids.count(own) > 1), ""):
        raise _problem(_place(path, node), f'two answers have the id "{twice}"', "give each an id of its own")
    return answers


def _answer(node: Any, number: int, path: str) -> Answer:
    if node.id == SCALAR:
        return Answer(str(number), _text(node, path))
    if node.id != MAPPING:
        raise _problem(_place(path, node), "expected an answer with id, text and votes here")
    values: dict[str, Any] = {"id": str(number), "text": ""}
    for name_node, value in node.value:
        name = _text(name_node, path)
        if name not in _ANSWER_KEYS:
            hint = did_you_mean(name, _ANSWER_KEYS) or "known keys: id, text, votes"
            raise _problem(_place(path, name_node), f'unknown key "{name}" of an answer', hint)
        values[name] = _ANSWER_KEYS[name](value, path)
    return Answer(**values)


def _texts(node: Any, path: str) -> tuple[str, ...]:
    parts = node.value if node.id == SEQUENCE else [node]
    return tuple(dict.fromkeys(filter(None, (_text(part, path) for part in parts))))


def _problem(place: Location, message: str, hint: str = "") -> SiteError:
    return SiteError(Problem(place, "poll-file", message, hint, Severity.ERROR))


_Reader = Callable[[Any, str], Any]
_ANSWER_KEYS: dict[str, _Reader] = {"id": _text, "text": _text, "votes": _count}
_KEYS: dict[str, tuple[str, _Reader]] = {
    "question": ("question", _text),
    "answers": ("answers", _answers),
    "multiple": ("multiple", _boolean),
    "total": ("total", _count),
    "closed": ("closed", _closed),
    "counted": ("counted", _date),
    "hidden": ("is_hidden", _boolean),
    "tallied": ("tallied", _texts),
}
