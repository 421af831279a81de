"""A copied article: title, paragraphs, subheadings, captions, shortcodes, tags, and no markup at all."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from posixpath import basename, splitext
from typing import NamedTuple

from sitegen.content.permalinks import slug_of
from sitegen.importers.account import loss_problem
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN, Block, Judged, Kind, judge, split_blocks
from sitegen.importers.calls import CallCleaner
from sitegen.importers.dates import date_of_file_name
from sitegen.importers.encodings import NotTextError, decode_raw
from sitegen.importers.language import guess_language
from sitegen.importers.mending import Edit, Mending, letters
from sitegen.importers.plain_text import markdown_of_text, text_of_markdown
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.repair import mend_text
from sitegen.importers.report import ArticleReport, Guess, Loss, Mend, SetAside
from sitegen.model import Article, FrontMatter, Location, Problem, Severity, Source
from sitegen.shortcodes.builders import is_frame
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import Call, find_calls

_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_NO_CHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # no text has them; two of them are our own marks
_LIST_SIGN = re.compile(r"^(?:[•·‣▪●◦○■□➤►✓✔–—*-]|(\d{1,2})[.)])\s+")
_NO_LINK = {"(": "\\(", "[": "\\[", ":": "&#58;"}  # right behind a bracket these would make a link of it
_MAX_MEND = 120
_ABOUT = (Kind.DATELINE, Kind.BYLINE, Kind.TAGS)
_ASIDE = (Kind.RELATED, Kind.DEBRIS)


class RawText:
    """Articles copied as text from a page."""

    name = "raw-text"
    suffixes: tuple[str, ...] = (".txt", ".text", "")
    is_stream = False

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """The one article of a file."""
        if not raw.data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
            yield Problem(
                Location(raw.path),
                "empty-raw",
                "the file is empty",
                "remove it, or copy the article again",
                Severity.WARNING,
            )
            return
        try:
            yield _Reading(raw).imported()
        except NotTextError as error:
            hint = "save it as text; UTF-8 is best"
            yield _problem(raw.path, "not-text", f"the file is not text in any encoding: {error}", hint)


class _Piece(NamedTuple):
    """A block and what the Markdown has of it."""

    judged: Judged
    markdown: str


class _Reading:
    """One raw article on its way to Markdown, with a tally of what was done."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._mends: list[Mend] = []
        self._guesses: list[Guess] = []
        self._problems: list[Problem] = []
        self._calls = CallCleaner(raw.path, is_mending="shortcode" not in raw.without)

    def imported(self) -> Imported:
        decoded = decode_raw(self._raw.data, mojibake="mojibake" not in self._raw.without)
        self._mends += decoded.mends
        self._guesses += decoded.guesses
        mending = Mending(decoded.text)
        # In UTF-8 all of them begin with one byte, which few texts hold.
        if b"\xef" in mending.text.encode("utf-8", "surrogatepass") and _NO_CHARACTERS.search(mending.text):
            edits = [Edit(*match.span(), "", match[0], "") for match in _NO_CHARACTERS.finditer(mending.text)]
            self._mends += mending.mend("invisible", edits)
        calls = find_calls(mending.text, is_known, code=False, by_tag=is_frame)
        mending.edit([_mark_for(number, call) for number, call in enumerate(calls)])
        self._mends += mend_text(mending, self._raw.without)
        text = mending.text
        language = self._language(text)
        judgement = judge(split_blocks(text), language)
        self._guesses += judgement.guesses
        self._problems += (_unclear_date(self._raw.path, block) for block in judgement.unclear_dates)
        written = [self._calls.clean(call, call.line, call.column) for call in calls]
        pieces = [_Piece(judged, _markdown_of(judged, written)) for judged in judgement.blocks]
        body = "\n\n".join(_body_blocks(pieces))
        front_matter = self._front_matter(judgement.blocks, language)
        losses, characters = _account(pieces, decoded.text, mending.taken, calls, decoded.taken)
        self._problems += (loss_problem(self._raw.path, loss) for loss in losses)
        tally = self._calls
        report = ArticleReport(
            source=self._raw.path, encoding=decoded.encoding, newline=decoded.newline, bom=decoded.bom,
            language=front_matter.lang, mends=(*self._mends, *tally.mends), guesses=tuple(self._guesses),
            shortcodes=tuple(tally.kept), polls=tally.polls, characters=characters, losses=losses,
            set_aside=tuple(
                SetAside(judged.block.text, judged.why, judged.block.line)
                for judged in judgement.blocks
                if judged.kind in _ASIDE
            ),
        )  # fmt: skip
        return Imported(Article(front_matter, body + "\n" if body else ""), report, (*tally.problems, *self._problems))

    def _front_matter(self, blocks: tuple[Judged, ...], language: str) -> FrontMatter:
        title = next((judged.block.text for judged in blocks if judged.kind is Kind.TITLE), "")
        title = title or self._title_without_a_line(blocks)
        return FrontMatter(
            title=title,
            date=self._date(blocks),
            updated=next((judged.updated for judged in blocks if judged.updated), None),
            slug=slug_of(title, fallback=_stem(self._raw.path)),
            lang=language,
            authors=_values(blocks, Kind.BYLINE, Kind.DATELINE),
            tags=_values(blocks, Kind.TAGS),
            source=Source(RawText.name, self._raw.path, hashlib.sha256(self._raw.data).hexdigest()),
        )

    def _title_without_a_line(self, blocks: tuple[Judged, ...]) -> str:
        """The first words of an article that starts with a sentence; else the name of its file."""
        prose = next(
            (
                judged.block.text
                for judged in blocks
                if judged.kind in (Kind.PROSE, Kind.VERSE, Kind.QUOTE) and _MARK.sub("", judged.block.text).strip()
            ),
            "",
        )
        words = _MARK.sub("", prose).split()
        if words:
            title = " ".join(words[:10]) + ("…" if len(words) > 10 else "")
            self._guesses.append(Guess("title", title, "no title line; the first words of the text", 0.3, 1))
        else:
            title = _stem(self._raw.path).replace("-", " ").replace("_", " ")
            self._guesses.append(Guess("title", title, "no title line; the name of the file", 0.2, 1))
        message = "no title line was found"
        hint = f'"{title}" is used; write `title:` in the front matter'
        self._problems.append(Problem(Location(self._raw.path, 1), "no-title", message, hint, Severity.WARNING))
        return title

    def _date(self, blocks: tuple[Judged, ...]) -> dt.date | None:
        said = next((judged.date for judged in blocks if judged.date), None)
        if said:
            return said
        date = date_of_file_name(self._raw.path)
        if date:
            self._guesses.append(Guess("date", date.isoformat(), "the file name has it", 0.9))
        return date

    def _language(self, text: str) -> str:
        language, confidence = guess_language(_MARK.sub("", text) if MARK_OPEN in text else text, self._raw.languages)
        if language:
            self._guesses.append(Guess("language", language, "small words and letters of the text", confidence))
        return language


def _stem(path: str) -> str:
    return splitext(basename(path))[0]


def _mark_for(number: int, call: Call) -> Edit:
    """A numbered mark in place of a call. Lines keep their numbers."""
    mark = f"{MARK_OPEN}{number}{MARK_CLOSE}" + "\n" * call.source.count("\n")
    return Edit(call.start, call.end, mark, call.source, mark)


def _body_blocks(pieces: list[_Piece]) -> Iterator[str]:
    """Each block of the body in Markdown; a credit line joins the caption above it, and quoted lines each other."""
    joined: list[str] = []
    before = Kind.PROSE
    for judged, markdown in pieces:
        if joined and judged.kind is not before:
            yield _joined(before, joined)
            joined = []
        before = judged.kind
        if judged.kind in (Kind.CAPTION, Kind.QUOTE):
            joined.append(markdown)
        elif markdown:
            yield markdown
    if joined:
        yield _joined(before, joined)


def _joined(kind: Kind, markdown: list[str]) -> str:
    if kind is Kind.CAPTION:
        text = "\n".join(markdown)
        return "[caption]" + _NO_LINK.get(text[0], text[0]) + text[1:] + "[/caption]"
    return "\n".join(f"> {line}" if line else ">" for line in "\n\n".join(markdown).split("\n"))


def _markdown_of(judged: Judged, written: list[str]) -> str:
    text = judged.block.text
    match judged.kind:
        case Kind.TITLE | Kind.DATELINE | Kind.BYLINE | Kind.TAGS | Kind.RELATED | Kind.DEBRIS:
            return ""
        case Kind.SHORTCODE:
            return "\n\n".join(written[int(number)] for number in _MARK.findall(text))
        case Kind.HEADING:
            return "#" * judged.level + " " + markdown_of_text(text)
        case Kind.LIST:
            return "\n".join(_list_item(line, written) for line in text.split("\n"))
        case Kind.VERSE | Kind.QUOTE:
            return "  \n".join(markdown_of_text(line) for line in text.split("\n"))
        case Kind.CAPTION:
            return markdown_of_text(text)
        case _:
            return _with_calls(text, written) if MARK_OPEN in text else markdown_of_text(text)


def _with_calls(text: str, written: list[str]) -> str:
    """A paragraph with its shortcodes back; a poll in the middle of one stands on lines of its own."""
    parts = _MARK.split(text)
    pieces = [markdown_of_text(parts[0])]
    for number, after in zip(parts[1::2], parts[2::2], strict=True):
        call, rest = written[int(number)], markdown_of_text(after, is_start=False)
        if "\n" in call:
            pieces = [*pieces[:-1], pieces[-1].rstrip(), f"\n\n{call}\n\n{rest.lstrip()}"]
        else:
            pieces.append(call + rest)
    return "".join(pieces).strip()


def _list_item(line: str, written: list[str]) -> str:
    match = _LIST_SIGN.match(line)
    assert match
    sign = f"{match[1]}." if match[1] else "-"
    return f"{sign} {_with_calls(line[match.end() :], written)}"


def _account(
    pieces: list[_Piece], raw: str, mended: int, calls: list[Call], read_back: int = 0
) -> tuple[tuple[Loss, ...], dict[str, int]]:
    """Where every character of the raw file is, spaces not counted; what the Markdown does not show is lost.

    `mended` is what mends took away, `read_back` what garbled text had more than its meaning. Each place is counted by
    itself, so what is missing in their sum is lost too.
    """
    marks = [f"{MARK_OPEN}{number}{MARK_CLOSE}" for number in range(len(calls))]
    texts: dict[str, list[str]] = {"title": [], "body": [], "metadata": []}
    losses = []
    for piece in pieces:
        said = piece.judged.block.text
        place = _place_of(piece.judged.kind)
        if place == "body" and not _shows(piece, marks):
            losses.append(Loss(said[:_MAX_MEND], piece.judged.block.line))
            place = "lost"
        texts.setdefault(place, []).append(_MARK.sub("", said) if calls else said)
    counts = {place: letters("\n".join(said)) for place, said in texts.items()}
    counts["shortcodes"] = sum(letters(call.source) for call in calls)
    counts["mended"] = mended + read_back
    total = letters(raw) + read_back
    if missing := total - sum(counts.values()):
        losses.append(Loss("", 0))
        counts["lost"] = counts.get("lost", 0) + missing
    return tuple(losses), {"input": total, **counts}


def _place_of(kind: Kind) -> str:
    if kind is Kind.TITLE:
        return "title"
    if kind in _ABOUT:
        return "metadata"
    return "set aside" if kind in _ASIDE else "body"


def _shows(piece: _Piece, marks: list[str]) -> bool:
    """Whether the Markdown of a block says all that the block says."""
    said, markdown, kind = piece.judged.block.text, piece.markdown, piece.judged.kind
    if markdown == said:
        return True
    if MARK_OPEN in said:
        markdown = _markdown_of(piece.judged, marks)
    shown = text_of_markdown(markdown)
    if kind is Kind.HEADING:
        shown = shown.lstrip("#")
        said = said if not said.startswith("#") else said.lstrip("#")
    elif kind is Kind.LIST:
        said = "\n".join(f"{'- ' if not match[1] else match[1] + '.'}{line[match.end() :]}"
                         for line in said.split("\n") if (match := _LIST_SIGN.match(line)))  # fmt: skip
    return "".join(shown.split()) == "".join(said.split())


def _values(blocks: tuple[Judged, ...], *kinds: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for judged in blocks if judged.kind in kinds for value in judged.values))


def _unclear_date(path: str, block: Block) -> Problem:
    message = f"the day and the month of a date can't be told apart: {block.text}"
    hint = "write `date:` in the front matter"
    return Problem(Location(path, block.line), "unclear-date", message, hint, Severity.WARNING)


def _problem(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint)
