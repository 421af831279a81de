"""Polls: Expert Review's payloads and the legible form that a person can write and mend.

    [poll id="334" style="light-1" color="pink-1"]
    Which route should reopen first?
    - [1] The harbour loop
    - [2] The station line
    [/poll]

A question or an answer is one line. What would break the line or the call (brackets, line ends, `<`,
backticks, a space at either end, a sign that would make the question an answer or a heading) is written as a
character reference, and reading undoes references, so nothing is lost.

`closed="1"` or `closed="2024-11-03"` ends the voting, `multiple="1"` lets readers choose several answers. Votes stand
in a data file beside the articles, under the poll's key (see `poll_record.py`).
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from sitegen.model import Answer, Location, Problem, Severity, SiteError
from sitegen.shortcodes.attributes import write_attributes
from sitegen.shortcodes.payload import decode_payload_json
from sitegen.shortcodes.poll_values import CALLS, NO_POLL, Poll, PollPlace, closing_day, poll_key
from sitegen.shortcodes.signs import INVISIBLE
from sitegen.shortcodes.syntax import Call

_STYLES = ("light-1", "light-2", "solid-1")
_COLORS = (
    "purple-1", "blue-1", "blue-2", "pink-1", "red-1", "orange-1",
    "green-2", "gray-1", "gray-2", "black-1", "custom",
)  # fmt: skip
_FLAGS = ("multiple", "show_title", "show_count", "show_results_button")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")

_ANSWER_LINE = re.compile(r"[-*+](?:[ \t]+(?:\[([^\[\]]*)\](?=[ \t]|\Z))?|\Z)")
_HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<![^<>]*>")
_ENDS_OF_LINE = re.compile(r"[ \t]*[\r\n][ \t\r\n]*|[ \t]{2,}")
# Tabs and line ends aside, and with what a program may use for marks of its own.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]")
_UNSAFE = re.compile(r"[\[\]<`\r\n]|\A[ \t]|[ \t]\Z")
_UNSAFE_IN_QUESTION = re.compile(rf"{_UNSAFE.pattern}|\A[-*+#~]")
_UNSAFE_IN_ATTRIBUTE = re.compile(rf"{_UNSAFE.pattern}|[{INVISIBLE}]")


class PollShortcode:
    """`[poll]` in its legible form, and Expert Review's poll with its payload."""

    names: tuple[str, ...] = CALLS
    template: str = "shortcodes/poll.html"
    block: bool = True

    def read(self, call: Call) -> Poll | PollPlace:
        """The poll of a call; SiteError where its content is missing, unreadable or too short."""
        if "params" in call.named:
            poll = _poll_of_payload(call)
        elif _has_content(call):
            poll = _poll_of_content(call)
        else:
            return place_of_call(call, _look(call))
        if len(poll.answers) < 2 and not poll.truncated:
            raise _too_few(call, poll)
        return poll


def decode_payload(params: str) -> tuple[Poll, bool]:
    """The poll of a payload, without its id, and whether the payload was cut: then it holds what is whole.

    ValueError when not even a title or an answer can be read.
    """
    found, truncated = decode_payload_json(params)
    poll = Poll(
        id="",
        title=plain_text(found.get("title")),
        answers=tuple(_with_unique_ids(_payload_answers(found.get("answers")))),
        style=_allowed(found.get("style"), _STYLES, NO_POLL.style),
        color=_allowed(found.get("color"), _COLORS, NO_POLL.color),
        truncated=truncated,
        **_flags(found, _FLAGS),
    )
    if not poll.title and not poll.answers:
        raise ValueError("neither a title nor an answer in the payload")
    return poll, truncated


def place_of_call(call: Call, look: Poll = NO_POLL) -> PollPlace:
    """Where a poll stood that the call itself does not hold."""
    poll_id = _poll_id(call)
    if call.name == "expert_review_poll":
        return PollPlace(plugin="Expert Review", key=poll_key(poll_id), id=poll_id, look=look)
    # WP-Polls draws one of its own polls by chance for a negative id.
    key = "" if poll_id.startswith("-") else poll_key(poll_id)
    return PollPlace(plugin="" if "id" in call.named else "WP-Polls", key=key, id=poll_id, look=look)


def printable(text: str) -> str:
    """A text without control characters, which no page may hold."""
    return _CONTROL.sub("", text)


def read_closed(written: str) -> str:
    """What `closed` says, in one of its three forms; ValueError for anything else."""
    written = written.strip().lower()
    if written in _TRUE or written in _FALSE:
        return "1" if written in _TRUE else "0" if written else ""
    if not (day := closing_day(written[:10])):
        raise ValueError(f'"{written}" is neither true nor false nor a date')
    return day.isoformat()


def poll_block(poll: Poll) -> str:
    """The legible form of a poll; reading it gives the same poll."""
    lines = [f"[poll{write_attributes(_written_attributes(poll))}]"]
    if poll.title:
        lines.append(_line(poll.title, _UNSAFE_IN_QUESTION))
    lines += [f"- [{_line(answer.id)}] {_line(answer.text)}".rstrip(" ") for answer in poll.answers]
    return "\n".join([*lines, "[/poll]"])


def _has_content(call: Call) -> bool:
    return call.content is not None and bool(call.content.strip())


def _poll_of_payload(call: Call) -> Poll:
    # What the source itself has lost keeps nobody from publishing: its place is marked, its source is kept.
    params = call.named.get("params", "")
    poll_id = _poll_id(call)
    if not params.strip():
        raise _problem(
            call,
            "poll-without-payload",
            f'poll "{poll_id}" has no payload',
            "write question and answers between [poll] and [/poll], or take the call out",
            Severity.WARNING,
        )
    try:
        poll, _truncated = decode_payload(params)
    except ValueError:
        raise _problem(
            call,
            "poll-payload",
            f'payload of poll "{poll_id}" cannot be read',
            "copy the call again from the source, or write question and answers between [poll] and [/poll]",
            Severity.WARNING,
        ) from None
    return replace(poll, id=poll_id)


def _poll_of_content(call: Call) -> Poll:
    lines = [line.strip(" \t\r") for line in (call.content or "").split("\n")]
    question = [line for line in lines if line and not _ANSWER_LINE.match(line)]
    return replace(
        _look(call),
        id=_poll_id(call),
        title=" ".join(_unwritten(line) for line in question),
        answers=tuple(_with_unique_ids(_content_answers(lines))),
    )


def _look(call: Call) -> Poll:
    """What the opening tag says, on a poll without question and answers."""
    return replace(
        NO_POLL,
        style=_allowed(call.named.get("style"), _STYLES, NO_POLL.style),
        color=_allowed(call.named.get("color"), _COLORS, NO_POLL.color),
        closed=_closed(call),
        **_flags(call.named, (*_FLAGS, "truncated")),
    )


def _content_answers(lines: Iterable[str]) -> Iterator[Answer]:
    """Lines that start with "- "; one without an id is known by its number."""
    answers = ((match, line[match.end() :]) for line in lines if (match := _ANSWER_LINE.match(line)))
    for number, (match, text) in enumerate(answers, start=1):
        own_id = str(number) if match[1] is None else _unwritten(match[1])
        yield Answer(own_id, _unwritten(text.lstrip(" \t")))


def _payload_answers(found: Any) -> Iterator[Answer]:
    """Answers in their order; PHP writes a list with gaps as an object."""
    items = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict) and (text := plain_text(item.get("text"))):
            yield Answer(plain_text(item.get("id")) or str(number), text)
        elif isinstance(item, str) and (text := plain_text(item)):
            yield Answer(str(number), text)


def _with_unique_ids(answers: Iterable[Answer]) -> Iterator[Answer]:
    """Answers in their order; an id that came before gets "-2", "-3" behind it."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for answer in answers:
        own_id = answer.id
        while own_id in seen:
            counts[answer.id] = counts.get(answer.id, 1) + 1
            own_id = f"{answer.id}-{counts[answer.id]}"
        seen.add(own_id)
        yield Answer(own_id, answer.text)


def _poll_id(call: Call) -> str:
    """Of `id="2"`, and of WP-Polls' old `[poll=2]`."""
    if "id" in call.named:
        return _unwritten(call.named["id"])
    return next((value.lstrip("=") for value in call.positional if value.startswith("=")), "")


def plain_text(value: Any) -> str:
    """Text without HTML, on one line."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = html.unescape(_HTML_TAG.sub(" ", str(value)) if "<" in str(value) else str(value))
    return printable(_ENDS_OF_LINE.sub(" ", text)).strip(" \t\r\n")


def _flags(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _flag(found, name) for name in names}


def _flag(found: dict[str, Any], name: str) -> bool:
    """Flags come as true, "1", 1 and the like; what is neither true nor false counts as not written."""
    written = str(found.get(name)).lower()
    if written in _TRUE:
        return True
    default = getattr(NO_POLL, name)
    return False if written in _FALSE else bool(default)


def _allowed(value: Any, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default


def _written_attributes(poll: Poll) -> dict[str, str]:
    written = {"id": _line(poll.id, _UNSAFE_IN_ATTRIBUTE)}
    for name in ("style", "color"):
        if getattr(poll, name) != getattr(NO_POLL, name):
            written[name] = getattr(poll, name)
    if poll.closed:
        written["closed"] = poll.closed
    for name in (*_FLAGS, "truncated"):
        if getattr(poll, name) != getattr(NO_POLL, name):
            written[name] = "1" if getattr(poll, name) else "0"
    return written


def _line(text: str, unsafe: re.Pattern[str] = _UNSAFE) -> str:
    """The text on one line, with character references for what would break the form."""
    if html.unescape(text) != text:
        text = text.replace("&", "&amp;")
    return unsafe.sub(lambda match: f"&#{ord(match[0])};", text)


def _unwritten(text: str) -> str:
    """What `_line` wrote; HTML tags of a hand-written line are dropped."""
    return printable(html.unescape(_HTML_TAG.sub("", text) if "<" in text else text))


def _closed(call: Call) -> str:
    try:
        return read_closed(call.named.get("closed", ""))
    except ValueError as error:
        hint = 'write closed="1", or the day as closed="2024-11-03"'
        raise _problem(call, "poll-closed", f'poll "{_poll_id(call)}": closed: {error}', hint) from None


def _too_few(call: Call, poll: Poll) -> SiteError:
    count = len(poll.answers)
    options = "1 option" if count == 1 else f"{count} options"
    return _problem(
        call,
        "poll-answers",
        f'poll "{poll.id}" has {options}',
        'write each option on a line that starts with "- "',
    )


def _problem(call: Call, code: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> SiteError:
    return SiteError(Problem(Location("", call.line, call.column), code, message, hint, severity))
