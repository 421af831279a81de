"""Expert Review polls as a saved page shows them: read off the page, and written as the plugin's own call.

<div class="expert-review-poll expert-review-poll--style-light-1 expert-review-poll--color-pink-1" data-id="334">
"""

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from lxml import html
from lxml.html import HtmlElement
from msgspec import Struct

from sitegen.importers.web_page.tree import text_of
from sitegen.model import Answer, PollRecord
from sitegen.shortcodes.poll_record import percent_of
from sitegen.shortcodes.syntax import write_call

_POLL = "expert-review-poll"
_PARTS = ("__header", "__answer", "__num", "__count", "-item")
_NAME = "data-poll-part"
_MOST = 10_000  # of more votes a share to two places fits several numbers
_LOOK = re.compile(r"expert-review-poll--(style|color)-([a-z]+-\d|custom)")
_ID = re.compile(r"\d{1,12}", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)


class PagePoll(Struct, frozen=True):
    """A poll of a page: its votes, where the page tells them, and the texts that stand nowhere else now."""

    record: PollRecord | None
    gone: tuple[str, ...]


def name_poll_parts(tree: HtmlElement) -> None:
    """Parts of polls under a name of our own: what is called a header looks like no part of an article."""
    for element in tree.iter("div"):
        if _POLL in (element.get("class") or "").split():
            for part in element.iterdescendants("div", "span", "p"):
                names = [word for word in (part.get("class") or "").split() if word.startswith(_POLL)]
                if found := next((own for own in _PARTS if any(name.endswith(own) for name in names)), ""):
                    part.set(_NAME, found)
                    part.attrib.pop("class")


def polls_as_calls(body: HtmlElement) -> Iterator[PagePoll]:
    """Polls of a page as calls with a payload, each in a paragraph of its own."""
    for element in list(body.iter("div")):
        classes = (element.get("class") or "").split()
        if _POLL in classes and (parent := element.getparent()) is not None:
            items = [item for item in element.iter("div") if item.get(_NAME) == "-item"]
            if len(items) > 1 and _ID.fullmatch(element.get("data-id") or ""):
                paragraph = html.Element("p")
                found = _read(element, items)
                paragraph.text, paragraph.tail = _call(element, items), element.tail
                parent.replace(element, paragraph)
                yield found


def _read(element: HtmlElement, items: list[HtmlElement]) -> PagePoll:
    shares = [_part(item, "__num") for item in items]
    counted = _part(element, "__count")
    votes = _votes([_number(share) for share in shares], _number(counted))
    kept = {_part(element, "__header"), *(_part(item, "__answer") for item in items)}
    gone = tuple(text for text in element.itertext() if text.strip() and " ".join(text.split()) not in kept)
    if not votes:
        return PagePoll(None, gone)
    numbered = zip(items, votes, strict=True)
    answers = tuple(Answer(_id(item, n), _part(item, "__answer"), count) for n, (item, count) in enumerate(numbered, 1))
    record = PollRecord(key=element.get("data-id") or "", question=_part(element, "__header"), answers=answers)
    return PagePoll(record, gone)


def _call(element: HtmlElement, items: list[HtmlElement]) -> str:
    content = {
        "title": _part(element, "__header"),
        "answers": [{"id": _id(item, number), "text": _part(item, "__answer")} for number, item in enumerate(items, 1)],
        **dict(_LOOK.findall(element.get("class") or "")),
    }
    payload = base64.b64encode(quote(json.dumps(content, ensure_ascii=False)).encode()).decode()
    return write_call("expert_review_poll", {"id": element.get("data-id") or "", "params": payload})


def _votes(shares: list[float | None], total: float | None) -> list[int]:
    """The votes behind shares that were rounded to two places; none where they do not add up to the total."""
    whole = int(total or 0)
    if not 0 < whole <= _MOST or total != whole:
        return []
    votes = [round(share * whole / 100) for share in shares if share is not None]
    fits = len(votes) == len(shares) and sum(votes) == whole
    return votes if fits and all(percent_of(n, whole) == share for n, share in zip(votes, shares, strict=True)) else []


def _number(text: str) -> float | None:
    numbers = _NUMBER.findall(text.replace("\u00a0", "").replace("\u202f", ""))
    return float(numbers[0].replace(",", ".")) if len(numbers) == 1 else None


def _id(item: HtmlElement, number: int) -> str:
    own = item.get("data-id") or ""
    return own if _ID.fullmatch(own) else str(number)


def _part(element: HtmlElement, name: str) -> str:
    """Text of the first part of the plugin's markup with that name."""
    for part in element.iterdescendants("div", "span", "p"):
        if part.get(_NAME) == name:
            return " ".join(text_of(part).split())
    return ""
