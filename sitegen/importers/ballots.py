"""Vote exports of form services as ballots: Netlify's and Formspree's, JSON or CSV, and any CSV with its columns named.

An export is outside data: whatever it holds becomes text, and a line that says nothing is told and left out.
"""

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from sitegen.model import Location, Problem, Severity, SiteError

FIELDS = ("id", "poll", "answer", "date")
_COLUMNS = {
    "id": ("id", "_id", "submission id", "submission_id", "uuid"),
    "poll": ("poll_id", "poll id", "poll"),
    "answer": ("answer", "answers", "answer[]"),
    "date": ("created_at", "_date", "created at", "submitted_at", "submitted at", "timestamp", "date"),
}
_DELIMITERS = ",;\t"


class Ballot(Struct, frozen=True):
    """One reader's vote, as a service kept it."""

    id: str  # the service's own, or made of all that it keeps
    poll: str  # key
    answers: tuple[str, ...]  # as they were sent; one may hold several
    date: dt.datetime | None
    line: int  # of the export, from 1; of JSON the number of the submission


def read_ballots(text: str, path: str, columns: Mapping[str, str], poll: str = "") -> Iterator[Ballot | Problem]:
    """The ballots of an export in their order; `columns` names some of FIELDS, `poll` is the key for all of them.

    Raises SiteError for a file that is no export, or whose columns are not clear.
    """
    rows = list(_json_rows(text, path) if text.lstrip().startswith(("[", "{")) else _csv_rows(text, path))
    names = _names(rows, path, columns, has_poll=bool(poll))
    for line, row in rows:
        ballot = _ballot(line, row, names, poll)
        if not ballot.poll:
            yield _warning(path, line, "ballot-without-poll", "the vote names no poll")
        elif not ballot.answers:
            yield _warning(path, line, "ballot-without-answer", "the vote names no answer")
        else:
            yield ballot


def _ballot(line: int, row: dict[str, Any], names: dict[str, str], poll: str) -> Ballot:
    said = row.get(names["answer"])
    answers = said if isinstance(said, list) else [said]
    if len(answers) == 1 and isinstance(answers[0], str) and answers[0].startswith("["):
        answers = _list(answers[0])
    return Ballot(
        id=_text(row.get(names.get("id", ""))) or _digest(row),
        poll=poll or _text(row.get(names.get("poll", ""))),
        answers=tuple(filter(None, map(_text, answers))),
        date=_moment(_text(row.get(names.get("date", "")))),
        line=line,
    )


def _names(
    rows: list[tuple[int, dict[str, Any]]], path: str, columns: Mapping[str, str], *, has_poll: bool
) -> dict[str, str]:
    """The column of each field."""
    there = dict.fromkeys(name for _, row in rows for name in row)
    lowered = {name.strip().lower(): name for name in reversed(there)}
    names = {}
    for field, usual in _COLUMNS.items():
        if field in columns:
            if columns[field] not in there:
                raise _refusal(path, f'there is no column "{columns[field]}"', f"its columns: {_listed(there)}")
            names[field] = columns[field]
        elif found := next((lowered[name] for name in usual if name in lowered), ""):
            names[field] = found
    if not rows:
        raise _refusal(path, "there are no votes in the file")
    for field in ("answer",) if has_poll else ("answer", "poll"):
        if field not in names:
            hint = f"name it with --map {field}=COLUMN" + (", or the poll with --poll" if field == "poll" else "")
            raise _refusal(path, f"no column is known to hold the {field}", f"{hint}; its columns: {_listed(there)}")
    if "id" not in names and "date" not in names:
        hint = "name one with --map id=COLUMN; without one nobody could tell two votes from one that is read twice"
        raise _refusal(path, "no column is known to hold the submission's id", hint)
    return names


def _json_rows(text: str, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"is not JSON: {error}") from None
    items = found.get("submissions") if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise _refusal(path, "holds no list of submissions")
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            fields = item.get("data")
            # Netlify keeps what was sent apart from what it knows itself.
            yield number, {**(fields if isinstance(fields, dict) else {}), **item}


def _csv_rows(text: str, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        for row in reader:
            # What has no column of its own is no part of a vote.
            yield reader.line_num, {name: value for name, value in row.items() if isinstance(name, str)}
    except csv.Error as error:
        raise _refusal(path, f"is not CSV: {error}", line=reader.line_num) from None


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    return found if isinstance(found, list) else [text]


def _moment(text: str) -> dt.datetime | None:
    for written in (text, text.removesuffix(" UTC"), text[:10]):
        try:
            return dt.datetime.fromisoformat(written)
        except ValueError:
            continue
    return None


def _digest(row: dict[str, Any]) -> str:
    written = json.dumps(row, sort_keys=True, default=str)
    return f"row-{hashlib.blake2b(written.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:20])


def _refusal(path: str, message: str, hint: str = "", line: int = 0) -> SiteError:
    return SiteError(Problem(Location(path, line), "ballots", message, hint))


def _warning(path: str, line: int, code: str, message: str) -> Problem:
    return Problem(Location(path, line), code, message, "it is not counted", Severity.WARNING)
