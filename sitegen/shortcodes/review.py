"""Expert Review's verdicts: who judged, the scores, what speaks for it and what against."""

import html
import re
from typing import Any

from msgspec import Struct

from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.shortcodes.addresses import safe_address
from sitegen.shortcodes.faq import Question, pairs_of, payload_of, plain, questions_of
from sitegen.shortcodes.syntax import Call

_TAG = re.compile(r"<[^<>]*>")
_HIGHEST = 1000.0


class Score(Struct, frozen=True):
    """What one thing was given."""

    name: str
    points: float
    shown: str  # "4.5"


class Review(Struct, frozen=True, kw_only=True):
    """A verdict; whatever was not said is empty."""

    name: str = ""  # of the expert
    role: str = ""
    link: str = ""
    text: str = ""  # HTML
    scores: tuple[Score, ...] = ()
    highest: float = 5
    highest_shown: str = "5"
    summary: str = ""
    pluses: tuple[str, ...] = ()
    minuses: tuple[str, ...] = ()
    pluses_title: str = ""
    minuses_title: str = ""
    questions: tuple[Question, ...] = ()
    questions_title: str = ""


class ReviewShortcode:
    """`[expert_review]` with its payload, and in its older form with attributes."""

    names: tuple[str, ...] = ("expert_review",)
    template: str = "shortcodes/review.html"
    block: bool = True

    def read(self, call: Call) -> Review:
        """The verdict of a call; SiteError, if nothing is in it."""
        params = call.named.get("params", "")
        found: dict[str, Any] = payload_of(call, params) if params else _older(call)
        highest = _number(found.get("score_max")) or 5.0
        review = Review(
            name=_text(found, "expert_name", "name"),
            role=_text(found, "expert_title", "expert_description"),
            link=safe_address(_text(found, "expert_link", "link")),
            text=str(found.get("expert_text") or found.get("text") or ""),
            scores=tuple(_scores(found.get("score"), highest)),
            highest=highest,
            highest_shown=f"{highest:g}",
            summary=_text(found, "score_summary_text"),
            pluses=_lines(found.get("pluses")),
            minuses=_lines(found.get("minuses")),
            pluses_title=_text(found, "pluses_title"),
            minuses_title=_text(found, "minuses_title"),
            questions=questions_of(found.get("qa")),
            questions_title=_text(found, "qa_title"),
        )
        if not (review.text or review.scores or review.pluses or review.minuses or review.questions):
            place = Location("", call.line, call.column)
            hint = "its source is kept on the page"
            raise SiteError(Problem(place, "empty-review", f"[{call.name}] says nothing", hint, Severity.WARNING))
        return review


def _older(call: Call) -> dict[str, Any]:
    given: dict[str, Any] = {name: html.unescape(value) for name, value in call.named.items()}
    given["qa"] = pairs_of(given.get("qa_data", ""))
    given["score"] = [{"n": pair["q"], "s": pair["a"]} for pair in pairs_of(given.get("score_data", ""))]
    given.setdefault("text", call.content or "")
    return given


def _scores(found: Any, highest: float) -> list[Score]:
    pairs = [pair for pair in found if isinstance(pair, dict)] if isinstance(found, list) else []
    points = [(plain(pair.get("n")), _number(pair.get("s"))) for pair in pairs]
    return [Score(name, min(value, highest), f"{value:g}") for name, value in points if value is not None]


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= _HIGHEST else None


def _text(found: dict[str, Any], *names: str) -> str:
    return next((text for name in names if (text := _TAG.sub("", plain(found.get(name))))), "")


def _lines(found: Any) -> tuple[str, ...]:
    if isinstance(found, str):
        found = found.split(";;")
    return tuple(text for each in found if (text := plain(each))) if isinstance(found, list) else ()
