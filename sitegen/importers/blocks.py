"""What the blocks of a raw article are: title, heading, caption, quotation, byline, dateline, tags, or prose.

A raw article has no markup. Each verdict is a guess from the block's own shape, its words and its place,
and says why and how sure it is.
"""

import datetime as dt
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sitegen.importers.bylines import names_beside_date, names_of_byline
from sitegen.importers.dates import dates_of_line, has_unclear_date, is_dateline
from sitegen.importers.phrases import Begun, Phrase, begun, debris_of, may_be_button
from sitegen.importers.report import Guess
from sitegen.importers.shapes import (
    BULLET,
    QUOTE_ENDS,
    TWO_SENTENCES,
    bare_letters,
    ends_hard,
    ends_in_credit,
    ends_sentence,
    is_list,
    is_quoted,
    is_verse,
    repeated_line,
    starts_like_a_title,
)  # fmt: skip

MARK_OPEN, MARK_CLOSE = "\ufdd0", "\ufdd1"  # around the number of a shortcode that was taken out
_MARKS_ALONE = re.compile(rf"(?:\s*{MARK_OPEN}\d+{MARK_CLOSE}\s*)+")
_MAX_TITLE, _MAX_HEADING, _MAX_TAG_LINE, _MAX_TAG = 250, 170, 200, 48
_MAX_RELATED, _MAX_CAPTION, _MAX_KICKER = 260, 320, 20
_OUTLINE = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s+\S|(\d{1,2}|[IVX]{1,5})[.)]\s+\S")
_SPEAKER = re.compile(r"[^\W\d]{1,3}\s?[:：]\s")  # "Q: Will the fares rise?"
_LONG_LINE = 120  # no text that was wrapped at a margin has a line as long as this
_ATTRIBUTION = re.compile(r"[—–―-]+\s*(?P<name>[^\n]{2,90})$")
_TAG_SEPARATOR = re.compile(r"\s*[,،;؛|•·、，；]\s*|\s+/\s+")
_HASHTAGS = re.compile(r"(?:#[^\s#]{2,48}\s*)+")
_BUTTON = "a button among others"


class Kind(StrEnum):
    """What a block is."""

    TITLE = "title"
    HEADING = "heading"
    CAPTION = "caption"
    QUOTE = "quotation"
    BYLINE = "byline"
    DATELINE = "dateline"
    TAGS = "tags"
    LIST = "list"
    VERSE = "verse"
    SHORTCODE = "shortcode"
    RELATED = "related"
    DEBRIS = "debris"
    PROSE = "prose"


class Block(NamedTuple):
    """Lines of the raw article between two blank ones."""

    text: str
    line: int  # of the raw file, from 1


class Judged(NamedTuple):
    """A block and what it is taken for; `values` are the tags or authors of such a line."""

    block: Block
    kind: Kind
    values: tuple[str, ...] = ()
    date: dt.date | None = None
    updated: dt.date | None = None
    repeats: str = ""  # of a caption: the heading that it repeats
    level: int = 2  # of a heading
    why: str = ""  # of what is set aside


class Judgement(NamedTuple):
    """All blocks in order, and every guess that was made."""

    blocks: tuple[Judged, ...]
    guesses: tuple[Guess, ...]
    unclear_dates: tuple[Block, ...] = ()


def split_blocks(text: str) -> list[Block]:
    """Blocks of a text: what stands between blank lines, a line of spaces of any width being blank.

    A text without any blank line has a block on each line, and so has a block with lines too long for a margin.
    """
    lines = [line.strip() for line in text.split("\n")]
    if "" not in lines[1:-1]:
        return [Block(line, number) for number, line in enumerate(lines, 1) if line]
    blocks: list[Block] = []
    start = 0
    for number, line in enumerate([*lines, ""]):
        if line:
            continue
        if number - start == 1:
            blocks.append(Block(lines[start], number))
        elif number > start:
            blocks += _parted(lines[start:number], start + 1)
        start = number + 1
    return blocks


def judge(blocks: list[Block], language: str = "") -> Judgement:
    """Say what each block is; dates are read in `language` first."""
    court = _Court(_with_lines_apart(blocks, language), language)
    court.find_debris()
    court.find_related()
    court.find_title()
    court.find_lines_about_the_article()
    court.find_tags()
    court.find_label_of_tags()
    court.find_captions_and_headings()
    court.find_quotations()
    return Judgement(tuple(court.judged()), tuple(court.guesses), tuple(court.unclear_dates))


def is_shortcode_alone(text: str) -> bool:
    """Whether a block holds nothing but shortcodes that were taken out."""
    return text.startswith(MARK_OPEN) and bool(_MARKS_ALONE.fullmatch(text))


class _Court:
    """One article on trial; each step settles some blocks and leaves the others."""

    def __init__(self, blocks: list[Block], language: str) -> None:
        self._blocks = blocks
        self._language = language
        self._verdicts: dict[int, Judged] = {}
        self._begun: dict[int, Begun] = {}
        self.guesses: list[Guess] = []
        self.unclear_dates: list[Block] = []
        for place, block in enumerate(blocks):
            if is_shortcode_alone(block.text):
                self._settle(place, Kind.SHORTCODE)
            elif is_list(block.text):
                self._settle(place, Kind.LIST)
            elif "\n" in block.text and MARK_OPEN not in block.text and is_verse(block.text):
                self._settle(place, Kind.VERSE)
            elif len(block.text) <= _MAX_CAPTION and "\n" not in block.text and (found := begun(block.text)):
                self._begun[place] = found

        self._settle_spread_lists()

    def judged(self) -> list[Judged]:
        return [self._verdicts.get(place) or Judged(block, Kind.PROSE) for place, block in enumerate(self._blocks)]

    def _settle_spread_lists(self) -> None:
        """Items of a list may stand in blocks of their own; what ends like speech may be speech."""
        may_be = [_may_be_item(block.text) for block in self._blocks]
        for place in self._open():
            if may_be[place] and (may_be[place - 1 : place] == [True] or may_be[place + 1 : place + 2] == [True]):
                self._settle(place, Kind.LIST)

    def find_debris(self) -> None:
        """Buttons, counters and labels of the page; what may be a heading too only among others of their kind."""
        unsure = []
        for place, block in enumerate(self._blocks):
            if len(block.text) > _MAX_TITLE or self._verdicts.get(place, _NOTHING).kind is Kind.SHORTCODE:
                continue
            lines = block.text.split("\n")
            reasons = [debris_of(line) or (_BUTTON if may_be_button(line) else "") for line in lines]
            if not all(reasons):
                continue
            if len(lines) == 1 and reasons[0] is _BUTTON:
                unsure.append(place)
            else:
                self._settle(place, Kind.DEBRIS, why=reasons[0])
        for place in unsure:
            if any(self._is_debris(near) or near in unsure for near in (place - 1, place + 1)):
                self._settle(place, Kind.DEBRIS, why=_BUTTON)

    def find_related(self) -> None:
        """Lines that point to other articles, and the titles that follow a bare "Read also"."""
        last = max((place for place, block in enumerate(self._blocks) if len(block.text) > _MAX_TITLE), default=-1)
        for place, found in self._begun.items():
            if found.phrase is not Phrase.RELATED or place in self._verdicts or place == 0:
                continue
            if not _points_elsewhere(self._blocks[place].text, found):
                continue
            self._settle(place, Kind.RELATED, why="points to another article")
            if not found.rest:
                self._settle_titles_below(place, last)

    def _settle_titles_below(self, place: int, last: int) -> None:
        below = place + 1
        while below < len(self._blocks):
            text, verdict = self._blocks[below].text, self._verdicts.get(below)
            is_listed = verdict is not None and verdict.kind is Kind.LIST
            is_title = verdict is None and "\n" not in text and len(text) <= _MAX_HEADING and not ends_hard(text)
            if not is_listed and not (
                is_title and len(text.split()) >= 4 and "," not in text and below not in self._begun
            ):
                return
            self._settle(below, Kind.RELATED, why="the title of another article")
            if is_listed or place < last:
                return
            below += 1

    def find_title(self) -> None:
        for place in self._open():
            text = self._blocks[place].text
            if "\n" not in text and self._is_about(place):
                continue  # a date or an author may stand above the title
            if "\n" in text or len(text) > _MAX_TITLE or ends_hard(text):
                return
            if self._is_kicker(place):
                self._settle(place, Kind.DEBRIS, why="a line above the title")
                continue
            self._settle(place, Kind.TITLE)
            sure = 0.6 if self._is_kicker(place - 1) else 0.95 if not ends_sentence(text) else 0.8
            self._guess("title", text, "first line, short, no full stop at its end", sure, place)
            return

    def _is_kicker(self, place: int) -> bool:
        """Whether a block is a word or two right above what looks much more like a title."""
        if place != 0 or len(self._blocks) < 4:
            return False
        text, below, text_below = (block.text for block in self._blocks[:3])
        is_short = len(text) <= _MAX_KICKER and len(text.split()) <= 2 and place + 1 not in self._begun
        is_title = "\n" not in below and len(below) <= _MAX_HEADING and not ends_sentence(below)
        return is_short and is_title and len(below.split()) >= 4 and len(text_below) > len(text)

    def _is_about(self, place: int) -> bool:
        text = self._blocks[place].text
        said = dates_of_line(text, self._language)
        if said and is_dateline(said, text, self._language):
            return True
        found = self._begun.get(place)
        return bool(found and found.phrase is Phrase.BYLINE and found.has_colon and names_of_byline(found))

    def find_lines_about_the_article(self) -> None:
        """Bylines and datelines: near the title, or at the very end."""
        places = self._open()
        is_chronicle = sum(self._is_bare_date(place) for place in places) > 1
        for place in dict.fromkeys([*places[:4], *places[-4:]]):
            text = self._blocks[place].text
            if "\n" in text or len(text) > _MAX_HEADING or (is_chronicle and self._is_bare_date(place)):
                continue
            if not self._settle_dateline(place, text) and (found := self._begun.get(place)):
                self._settle_byline(place, text, found)

    def _is_bare_date(self, place: int) -> bool:
        """Whether a block is a date and nothing says that it is the article's; several are headings of a chronicle."""
        text = self._blocks[place].text
        said = dates_of_line(text, self._language) if "\n" not in text else None
        return said is not None and not said.is_labelled and is_dateline(said, text, self._language)

    def _settle_dateline(self, place: int, text: str) -> bool:
        said = dates_of_line(text, self._language)
        if not said:
            if has_unclear_date(text, self._language):
                self.unclear_dates.append(self._blocks[place])
                self._settle(place, Kind.PROSE)
                return True
            return False
        author = names_beside_date(said.rest)
        if not author and not is_dateline(said, text, self._language):
            return False
        self._settle(place, Kind.DATELINE, values=author, date=said.published, updated=said.updated)
        for field, date in (("date", said.published), ("updated", said.updated)):
            if date:
                self._guess(field, date.isoformat(), f"dateline: {text}", 0.9, place)
        if author:
            self._guess("author", ", ".join(author), f"byline: {text}", 0.8, place)
        return True

    def _settle_byline(self, place: int, text: str, found: Begun) -> None:
        if found.phrase is Phrase.BYLINE and (names := names_of_byline(found)):
            self._settle(place, Kind.BYLINE, values=names)
            self._guess("author", ", ".join(names), f"byline: {text}", 0.9 if found.has_colon else 0.8, place)

    def find_tags(self) -> None:
        """Lines with a label; else the last block of text, if it looks like names and not like a sentence."""
        places = self._open()
        for place in dict.fromkeys([*places[:4], *places[-6:]]):
            self._settle_labelled_tags(place)
        places = self._open()
        is_settled = any(judged.kind is Kind.TAGS for judged in self._verdicts.values())
        if is_settled or len(places) < (1 if self._has_title() else 2):
            return
        place = places[-1]
        if any(self._verdicts[below].kind is Kind.LIST for below in range(place + 1, len(self._blocks))):
            return
        text = self._blocks[place].text
        if place not in self._begun and (tags := self._tags_in(text)):
            reason, sure = self._how_sure(tags, text)
            self._settle(place, Kind.TAGS, values=tags)
            self._guess("tags", ", ".join(tags), reason, sure, place)

    def find_label_of_tags(self) -> None:
        """A bare "Tags" above them."""
        for place, found in self._begun.items():
            below = self._verdicts.get(place + 1, _NOTHING)
            if found.phrase is Phrase.TAGS and not found.rest and below.kind is Kind.TAGS:
                self._settle(place, Kind.DEBRIS, why="the label of the tags")

    def _settle_labelled_tags(self, place: int) -> None:
        text, found = self._blocks[place].text, self._begun.get(place)
        tags: tuple[str, ...] = ()
        if (
            found
            and found.phrase is Phrase.TAGS
            and (found.has_colon or " " in text[: -len(found.rest) or None].strip())
        ):
            parts = re.split(r"\s*\|\s*", found.rest)
            for part in (found.rest, *parts[1:]):
                nested = begun(part) if part in parts[1:] else None
                tags += _split_tags(nested.rest if nested and nested.phrase is Phrase.TAGS else part)
            tags = tuple(dict.fromkeys(tag for tag in tags if not ((label := begun(tag)) and label.has_colon)))
        elif text.startswith("#") and "\n" not in text and _HASHTAGS.fullmatch(text):
            tags = tuple(dict.fromkeys(tag.strip() for tag in text.split("#") if tag.strip()))
        if tags and all(len(tag) <= 2 * _MAX_TAG for tag in tags) and len(text) <= 3 * _MAX_TAG_LINE:
            self._settle(place, Kind.TAGS, values=tags)
            self._guess("tags", ", ".join(tags), "tag line with a label", 1.0, place)

    def find_captions_and_headings(self) -> None:
        title = next((judged.block.text for judged in self._verdicts.values() if judged.kind is Kind.TITLE), "")
        earlier = {bare_letters(title): title} if title else {}
        headings = []
        for place in self._open():
            text = self._blocks[place].text
            if "\n" in text or len(text) > _MAX_CAPTION:
                continue
            if len(text) <= _MAX_TITLE and (repeated := repeated_line(text, earlier)):
                self._settle(place, Kind.CAPTION, repeats=repeated)
                sure = 0.95 if bare_letters(text) == bare_letters(repeated) else 0.7
                self._guess("caption", text, f"repeats the line above: {repeated}", sure, place)
            elif reason := self._why_caption(place, text):
                self._settle(place, Kind.CAPTION)
                self._guess("caption", text, reason, 0.85, place)
            elif self._is_heading(place):
                earlier[bare_letters(text)] = text
                headings.append(place)
        self._settle_headings(headings)

    def _why_caption(self, place: int, text: str) -> str:
        found = self._begun.get(place)
        is_credit = found is not None and found.phrase is Phrase.CREDIT and len(text) <= _MAX_HEADING
        if found and is_credit and found.rest and (found.has_colon or _is_spelt_out(text, found)):
            return "credit of a picture"
        if found and found.phrase is Phrase.CAPTION and found.has_colon and found.rest:
            return "caption with a label"
        if found and found.phrase is Phrase.SOURCE and self._verdicts.get(place - 1, _NOTHING).kind is Kind.CAPTION:
            return "source below a caption"
        if ends_in_credit(text):
            return "ends in the credit of a picture"
        below = self._begun.get(place + 1)
        if below and below.phrase is Phrase.CREDIT and below.has_colon and place > 1 and not ends_hard(text):
            return "stands above the credit of a picture"
        return ""

    def _settle_headings(self, places: list[int]) -> None:
        """Levels from numbers before the headings, or from capitals where only some are written in them."""
        texts = [self._blocks[place].text for place in places]
        shouted = [text.isupper() and len(text) > 3 for text in texts]
        has_both = any(shouted) and not all(shouted) and shouted[0]
        for place, text, is_shouted in zip(places, texts, shouted, strict=True):
            outline = _OUTLINE.match(text)
            level, reason, sure = 2, "short line without a full stop, text below it", 0.85
            if outline and outline[1]:
                level, reason = min(6, 2 + outline[1].count(".")), f"numbered {outline[1]}"
            elif has_both and not is_shouted:
                level, reason, sure = 3, "below headings in capitals", 0.7
            self._settle(place, Kind.HEADING, level=level)
            self._guess("heading", text, reason, sure, place)

    def _is_heading(self, place: int) -> bool:
        text = self._blocks[place].text
        if len(text) > _MAX_HEADING or MARK_OPEN in text or ends_hard(text) or not starts_like_a_title(text):
            return False
        found = self._begun.get(place)
        if found and found.phrase is Phrase.SOURCE and found.has_colon:
            return False
        if (
            len(text.split()) > 28
            or TWO_SENTENCES.search(text)
            or _SPEAKER.match(text)
            or self._is_quotation(place)
            or self._is_attribution(place)
        ):
            return False
        below = self._blocks[place + 1 :]
        return any(
            len(block.text) > len(text) or is_shortcode_alone(block.text) or is_list(block.text) for block in below[:3]
        )

    def find_quotations(self) -> None:
        """A block in quotation marks from end to end, with the name of who said it behind it."""
        for place in self._open():
            if not self._is_quotation(place):
                continue
            text = self._blocks[place].text
            self._settle(place, Kind.QUOTE)
            if self._is_attribution(place + 1):
                self._settle(place + 1, Kind.QUOTE)
            self._guess(
                "quotation", text.split("\n")[0][:80], "all in quotation marks, and who said it below", 0.85, place
            )

    def _is_quotation(self, place: int) -> bool:
        if self._blocks[place].text[0] not in QUOTE_ENDS:
            return False
        lines = self._blocks[place].text.split("\n")
        if len(lines) > 1 and _ATTRIBUTION.match(lines[-1]) and not ends_sentence(lines[-1]):
            return is_quoted("\n".join(lines[:-1]))
        return is_quoted("\n".join(lines)) and self._is_attribution(place + 1)

    def _is_attribution(self, place: int) -> bool:
        if place <= 0 or place >= len(self._blocks):
            return False
        text = self._blocks[place].text
        match = _ATTRIBUTION.match(text)
        return bool(match and not ends_hard(text) and starts_like_a_title(match["name"])) and is_quoted(
            self._blocks[place - 1].text
        )

    def _tags_in(self, text: str) -> tuple[str, ...]:
        """The tags of a line without a label; none where it looks like anything else."""
        if "\n" in text or len(text) > _MAX_TAG_LINE or MARK_OPEN in text or ends_sentence(text):
            return ()
        parts = _split_tags(text)
        is_tags = (
            not BULLET.match(text)
            and all(len(part) <= _MAX_TAG and len(part.split()) <= 5 for part in parts)
            and not any(ends_sentence(part) for part in parts)
            and not ends_in_credit(text)
            and len(self._blocks) > 2
        )
        return parts if is_tags else ()

    def _how_sure(self, tags: tuple[str, ...], line: str) -> tuple[str, float]:
        body = " ".join(block.text for block in self._blocks if block.text != line)
        words = [word for tag in tags for word in tag.split() if len(word) > 3]
        found = any(word in body for word in words)
        if not found:
            body = body.casefold()
            found = any(word.casefold() in body for word in words)
        if len(tags) > 1:
            return "last line, a list of names", 0.9 if found else 0.8
        return ("last line, a name that the text speaks of", 0.85) if found else ("last line, short", 0.6)

    def _has_title(self) -> bool:
        return any(judged.kind is Kind.TITLE for judged in self._verdicts.values())

    def _is_debris(self, place: int) -> bool:
        return self._verdicts.get(place, _NOTHING).kind is Kind.DEBRIS

    def _open(self) -> list[int]:
        return [place for place in range(len(self._blocks)) if place not in self._verdicts]

    def _settle(
        self,
        place: int,
        kind: Kind,
        *,
        values: tuple[str, ...] = (),
        date: dt.date | None = None,
        updated: dt.date | None = None,
        repeats: str = "",
        level: int = 2,
        why: str = "",
    ) -> None:
        self._verdicts[place] = Judged(self._blocks[place], kind, values, date, updated, repeats, level, why)

    def _guess(self, field: str, value: str, reason: str, confidence: float, place: int) -> None:
        self.guesses.append(Guess(field, value, reason, confidence, self._blocks[place].line))


_NOTHING = Judged(Block("", 0), Kind.PROSE)


def _parted(lines: list[str], number: int) -> Iterator[Block]:
    """A block of several lines, taken apart where its lines can't belong to one paragraph."""
    if any(len(line) > _LONG_LINE for line in lines) and not is_list("\n".join(lines)):
        yield from (Block(line, place) for place, line in enumerate(lines, number))
        return
    start = _list_start(lines)
    if start and start < len(lines):
        yield Block("\n".join(lines[:start]), number)
    yield Block("\n".join(lines[start or 0 :]), number + (start or 0))


def _may_be_item(text: str) -> bool:
    return text[0] in "-*–—" and "\n" not in text and BULLET.match(text) is not None and not ends_sentence(text)


def _list_start(lines: list[str]) -> int:
    """Where the list begins that a block ends in; 0 if it does not, or is one."""
    if is_list("\n".join(lines)):
        return 0
    for start in range(1, len(lines) - 1):
        if is_list("\n".join(lines[start:])):
            return start
    return 0


def _with_lines_apart(blocks: list[Block], language: str) -> list[Block]:
    """The title, the author and the date may stand on lines of one block; buttons may stand with tags."""
    apart: list[Block] = []
    for place, block in enumerate(blocks):
        lines = block.text.split("\n") if "\n" in block.text else [block.text]
        is_near = place < 3 or place >= len(blocks) - 3
        if 1 < len(lines) <= 8 and is_near and any(_is_about_line(line, language) for line in lines):
            apart += (Block(line, block.line + number) for number, line in enumerate(lines))
        else:
            apart.append(block)
    return apart


def _is_about_line(line: str, language: str) -> bool:
    if len(line) > _MAX_HEADING:
        return False
    if debris_of(line):
        return True
    found = begun(line)
    if found and (
        (found.phrase is Phrase.TAGS and found.has_colon) or (found.phrase is Phrase.BYLINE and names_of_byline(found))
    ):
        return True
    said = dates_of_line(line, language)
    return said is not None and (is_dateline(said, line, language) or bool(names_beside_date(said.rest)))


def _label_of(text: str, found: Begun) -> str:
    return text[: len(text) - len(found.rest)].strip()


def _is_spelt_out(text: str, found: Begun) -> bool:
    """Whether the label is more than a word, with a name behind it: "Photo by Ada Winter"."""
    return " " in _label_of(text, found) and found.rest[:1].isupper()


def _points_elsewhere(text: str, found: Begun) -> bool:
    if len(text) > _MAX_RELATED:
        return False
    if found.has_colon or not found.rest:
        return True
    return " " in _label_of(text, found) and starts_like_a_title(found.rest) and not ends_hard(text)


def _may_be_title_of_another(text: str) -> bool:
    is_short = "\n" not in text and "," not in text and len(text) <= _MAX_HEADING
    return is_short and not ends_hard(text) and len(text.split()) >= 4


def _split_tags(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip(" #.") for part in _TAG_SEPARATOR.split(text) if part.strip(" #.")))
