"""What the blocks of a raw article are: title, heading, caption, byline, dateline, tags, or prose.

A raw article has no markup. Each verdict is a guess from the block's own shape, its words and its place,
and says why and how sure it is.
"""

import datetime as dt
import difflib
import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from sitegen.importers.dates import date_of_line
from sitegen.importers.report import Guess

MARK_OPEN, MARK_CLOSE = "\ufdd0", "\ufdd1"  # around the number of a shortcode that was taken out
_MARKS_ALONE = re.compile(rf"(?:\s*{MARK_OPEN}\d+{MARK_CLOSE}\s*)+")
_MAX_TITLE, _MAX_HEADING, _MAX_TAG_LINE, _MAX_TAG = 250, 170, 160, 48
_SENTENCE_END = re.compile(r"[.!?…;:,،؛。؟](?:[»”“\"’)\]\s]*)$")
_HARD_END = re.compile(r"[.;:,…،؛。](?:[»”“\"’)\]\s]*)$|\s!$")
_BULLET = re.compile(r"[•·‣▪●◦–—-]\s+\S")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+\S")
_CREDIT = re.compile(
    r"(?:photos?|fotos?|images?|illustrations?|infographies?|bild(?:er)?|crédits?(?: photo)?|credits?|quelle"
    r"|source|fuente|foto(?:grafía)?|фото|изображение|صورة|الصورة|تصوير)\s*(?:[:/–—-]|©|\bby\b|\bvon\b|\bde\b)\s*\S|(?:©|\(c\))\s*\S",
    re.IGNORECASE,
)
_TAG_PREFIX = re.compile(
    r"(?:tags?|mots[ -]cl[ée]s?|étiquettes?|keywords?|labels?|schlagw[öo]rt(?:er|e)?|stichw[öo]rt(?:er|e)?"
    r"|etiquetas?|palabras clave|parole chiave|etichette|trefwoorden|tagi|słowa kluczowe|метки|теги|ключевые слова|теґи"
    r"|мітки|الوسوم|وسوم|كلمات (?:مفتاحية|دلالية)|filed under|classé sous|catégories?|kategorien?|categories"
    r"|rubriques?)\s*[:：]\s*",
    re.IGNORECASE,
)
_TAG_SEPARATOR = re.compile(r"\s*[,،;؛|•]\s*|\s+/\s+")
_BYLINE = re.compile(
    r"(?:par|by|von|por|di|door|texte?|text|autor(?:a|in)?|auteur|автор|بقلم|كتب|كتبت)\s*[:：]?\s+(?P<name>\S.*)",
    re.IGNORECASE,
)
_NAME_PART = r"(?:[^\W\d_a-z]\S*|de|d['’]\S+|du|da|del|van|von|der|den|al|el|ibn|bin|la|le)"
_NAME = re.compile(rf"{_NAME_PART}(?:\s+{_NAME_PART}){{0,4}}")
_NEAR = 0.93


class Kind(StrEnum):
    """What a block is."""

    TITLE = "title"
    HEADING = "heading"
    CAPTION = "caption"
    BYLINE = "byline"
    DATELINE = "dateline"
    TAGS = "tags"
    LIST = "list"
    SHORTCODE = "shortcode"
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
    repeats: str = ""  # of a caption: the heading that it repeats


class Judgement(NamedTuple):
    """All blocks in order, and every guess that was made."""

    blocks: tuple[Judged, ...]
    guesses: tuple[Guess, ...]


def split_blocks(text: str) -> list[Block]:
    """Blocks of a text: what stands between blank lines, a line of spaces of any width being blank.

    A text without any blank line has a block on each line.
    """
    lines = text.split("\n")
    has_blank = any(not line.strip() for line in lines[1:-1])
    blocks: list[Block] = []
    current: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            current.append(line.strip())
        if current and (not line.strip() or not has_blank):
            blocks.append(Block("\n".join(current), number - len(current) + (1 if line.strip() else 0)))
            current = []
    return blocks


def judge(blocks: list[Block]) -> Judgement:
    """Say what each block is."""
    court = _Court(blocks)
    court.find_title()
    court.find_lines_about_the_article()
    court.find_tags()
    court.find_captions_and_headings()
    return Judgement(tuple(court.judged()), tuple(court.guesses))


def is_shortcode_alone(text: str) -> bool:
    """Whether a block holds nothing but shortcodes that were taken out."""
    return bool(_MARKS_ALONE.fullmatch(text))


class _Court:
    """One article on trial; each step settles some blocks and leaves the others."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._verdicts: dict[int, Judged] = {}
        self.guesses: list[Guess] = []
        for place, block in enumerate(blocks):
            if is_shortcode_alone(block.text):
                self._settle(place, Kind.SHORTCODE)
            elif _is_list(block.text):
                self._settle(place, Kind.LIST)

    def judged(self) -> list[Judged]:
        return [self._verdicts.get(place) or Judged(block, Kind.PROSE) for place, block in enumerate(self._blocks)]

    def find_title(self) -> None:
        place = next(iter(self._open()), None)
        if place is None:
            return
        text = self._blocks[place].text
        if "\n" in text or len(text) > _MAX_TITLE or _HARD_END.search(text):
            return
        self._settle(place, Kind.TITLE)
        sure = 0.95 if not _SENTENCE_END.search(text) else 0.8
        self._guess("title", text, "first line, short, no full stop at its end", sure, place)

    def find_lines_about_the_article(self) -> None:
        """Bylines and datelines: near the title, or at the very end."""
        places = self._open()
        for place in [*places[:4], *places[-3:]]:
            text = self._blocks[place].text
            if place in self._verdicts or "\n" in text:
                continue
            if date := date_of_line(text):
                self._settle(place, Kind.DATELINE, date=date)
                self._guess("date", date.isoformat(), f"dateline: {text}", 0.9, place)
            elif names := _names_of_byline(text):
                self._settle(place, Kind.BYLINE, values=names)
                self._guess("author", ", ".join(names), f"byline: {text}", 0.8, place)

    def find_tags(self) -> None:
        """The last block that is neither shortcode nor dateline, if it looks like names and not like a sentence."""
        places = self._open()
        if len(places) < 2 or (self._has_title() and len(places) < 1):
            return
        place = places[-1]
        text = self._blocks[place].text
        if prefix := _TAG_PREFIX.match(text):
            tags = _split_tags(text[prefix.end() :])
            reason, sure = "tag line with a label", 1.0
        else:
            tags = _split_tags(text) if self._may_be_tags(text) else ()
            reason, sure = self._how_sure(tags, text)
        if tags:
            self._settle(place, Kind.TAGS, values=tags)
            self._guess("tags", ", ".join(tags), reason, sure, place)

    def find_captions_and_headings(self) -> None:
        title = next((judged.block.text for judged in self._verdicts.values() if judged.kind is Kind.TITLE), "")
        earlier = {_fold(title): title} if title else {}
        for place in self._open():
            text = self._blocks[place].text
            if "\n" in text or len(text) > _MAX_TITLE:
                continue
            if repeated := _repeated(text, earlier):
                self._settle(place, Kind.CAPTION, repeats=repeated)
                sure = 0.95 if _fold(text) == _fold(repeated) else 0.7
                self._guess("caption", text, f"repeats the line above: {repeated}", sure, place)
            elif _CREDIT.match(text) and len(text) <= _MAX_HEADING:
                self._settle(place, Kind.CAPTION)
                self._guess("caption", text, "credit of a picture", 0.85, place)
            elif self._is_heading(place):
                self._settle(place, Kind.HEADING)
                earlier[_fold(text)] = text
                self._guess("heading", text, "short line without a full stop, text below it", 0.85, place)

    def _is_heading(self, place: int) -> bool:
        text = self._blocks[place].text
        if len(text) > _MAX_HEADING or _HARD_END.search(text) or MARK_OPEN in text or not _starts_like_a_title(text):
            return False
        if len(text.split()) > 28:
            return False
        below = self._blocks[place + 1 :]
        return any(len(block.text) > len(text) or is_shortcode_alone(block.text) for block in below[:3])

    def _may_be_tags(self, text: str) -> bool:
        parts = _split_tags(text)
        return (
            "\n" not in text
            and 0 < len(text) <= _MAX_TAG_LINE
            and not _SENTENCE_END.search(text)
            and not _CREDIT.match(text)
            and MARK_OPEN not in text
            and not _BULLET.match(text)
            and all(len(part) <= _MAX_TAG and len(part.split()) <= 5 for part in parts)
            and not any(_SENTENCE_END.search(part) for part in parts)
            and len(self._blocks) > 2
        )

    def _how_sure(self, tags: tuple[str, ...], line: str) -> tuple[str, float]:
        body = " ".join(block.text for block in self._blocks if block.text != line).casefold()
        found = sum(any(word.casefold() in body for word in tag.split() if len(word) > 3) for tag in tags)
        if len(tags) > 1:
            return "last line, a list of names", 0.9 if found else 0.8
        return ("last line, a name that the text speaks of", 0.85) if found else ("last line, short", 0.6)

    def _has_title(self) -> bool:
        return any(judged.kind is Kind.TITLE for judged in self._verdicts.values())

    def _open(self) -> list[int]:
        return [place for place in range(len(self._blocks)) if place not in self._verdicts]

    def _settle(
        self,
        place: int,
        kind: Kind,
        *,
        values: tuple[str, ...] = (),
        date: dt.date | None = None,
        repeats: str = "",
    ) -> None:
        self._verdicts[place] = Judged(self._blocks[place], kind, values, date, repeats)

    def _guess(self, field: str, value: str, reason: str, confidence: float, place: int) -> None:
        self.guesses.append(Guess(field, value, reason, confidence, self._blocks[place].line))


def _fold(text: str) -> str:
    """What two copies of one line share: no accents, no case, no spaces, no punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def _repeated(text: str, earlier: dict[str, str]) -> str:
    folded = _fold(text)
    if not folded:
        return ""
    if folded in earlier:
        return earlier[folded]
    for other, line in earlier.items():
        matcher = difflib.SequenceMatcher(None, folded, other, autojunk=False)
        if min(len(folded), len(other)) > 20 and matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR:
            return line
    return ""


def _split_tags(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip(" #.") for part in _TAG_SEPARATOR.split(text) if part.strip(" #.")))


def _is_list(text: str) -> bool:
    lines = text.split("\n")
    return (all(_BULLET.match(line) for line in lines) and (len(lines) > 1 or text[0] in "•‣▪●◦")) or (
        len(lines) > 1 and all(_NUMBERED.match(line) for line in lines)
    )


def _starts_like_a_title(text: str) -> bool:
    first = text.lstrip("«“„\"'‘¿¡( \u00a0\u202f")[:1]
    return bool(first) and (not first.isalpha() or not first.islower())


def _names_of_byline(text: str) -> tuple[str, ...]:
    match = _BYLINE.fullmatch(text)
    if not match or len(text) > 90 or _SENTENCE_END.search(text):
        return ()
    names = re.split(r"\s*[,;&،]\s*|\s+(?:et|and|und|y|e|и|و)\s+", match["name"])
    return tuple(names) if all(_NAME.fullmatch(name) and name[:1].upper() == name[:1] for name in names) else ()
