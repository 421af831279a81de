"""Questions and answers: Expert Review's `[expert_review_faq]`, and a form that a person can write.

[faq title="The ferry"]
## When does it run?
From six to midnight.
[/faq]
"""

import re
from typing import Any

from msgspec import Struct

from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.shortcodes.payload import decode_payload_json
from sitegen.shortcodes.syntax import Call

_QUESTION = re.compile(r"^#{2,6}[ \t]+([^\n]+?)[ \t#]*$\n?", re.MULTILINE)


class Question(Struct, frozen=True):
    """A question and its answer, both Markdown or HTML."""

    question: str
    answer: str


class Faq(Struct, frozen=True):
    """Questions in their order."""

    questions: tuple[Question, ...]
    title: str = ""
    expanded: bool = False
    problem: Problem | None = None


class FaqShortcode:
    """`[faq]` around headings with text below, or Expert Review's with its payload."""

    names: tuple[str, ...] = ("faq", "expert_review_faq")
    template: str = "shortcodes/faq.html"
    block: bool = True

    def read(self, call: Call) -> Faq:
        """The questions of a call; SiteError, if there are none."""
        if params := call.named.get("params", ""):
            return _of_payload(call, payload_of(call, params))
        title = plain(call.named.get("title", ""))
        if call.content is not None:
            _before, *parts = _QUESTION.split(call.content)
            pairs = zip(parts[::2], parts[1::2], strict=True)
            return _checked(call, Faq(tuple(Question(asked, told.strip()) for asked, told in pairs), title))
        return _checked(call, Faq(questions_of(pairs_of(call.named.get("qa_data", ""))), title))


def payload_of(call: Call, params: str) -> dict[str, Any]:
    """The JSON of an Expert Review call; SiteError if it cannot be read."""
    try:
        return decode_payload_json(params)[0]
    except ValueError as error:
        place = Location("", call.line, call.column)
        hint = "its source is kept; look for a whole copy of the article"
        raise SiteError(
            Problem(place, "payload", f"the payload of [{call.name}] can't be read", hint, Severity.WARNING)
        ) from error


def questions_of(pairs: Any) -> tuple[Question, ...]:
    """Questions out of a list of `{q, a}`."""
    found = [pair for pair in pairs if isinstance(pair, dict)] if isinstance(pairs, list) else []
    return tuple(
        Question(plain(pair.get("q")), str(pair.get("a") or "")) for pair in found if pair.get("q") or pair.get("a")
    )


def pairs_of(written: str) -> list[dict[str, str]]:
    """Expert Review's older form: `question::answer;;question::answer`."""
    parts = [part.partition("::") for part in written.split(";;") if part.strip()]
    return [{"q": first.strip(), "a": second.strip()} for first, _, second in parts]


def plain(value: Any) -> str:
    """A value as one line of text."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and value is not True else ""


def is_on(value: Any) -> bool:
    """A flag, as a string, a number or a boolean."""
    return value in (True, 1, "1", "true", "yes", "on")


def _of_payload(call: Call, found: dict[str, Any]) -> Faq:
    title = plain(found.get("title")) if is_on(found.get("show_title", "1")) else ""
    return _checked(call, Faq(questions_of(found.get("qa")), title, is_on(found.get("expanded"))))


def _checked(call: Call, faq: Faq) -> Faq:
    if faq.questions:
        return faq
    place = Location("", call.line, call.column)
    hint = "write each question as a heading (##) between the tags, its answer below"
    raise SiteError(Problem(place, "faq-without-questions", f"[{call.name}] holds no question", hint, Severity.WARNING))
