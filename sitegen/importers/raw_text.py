"""A copied article: title, paragraphs, subheadings, captions, shortcodes, tags, and no markup at all."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from sitegen.content.permalinks import slug_of
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN, Judged, Kind, judge, split_blocks
from sitegen.importers.calls import CallCleaner
from sitegen.importers.dates import date_of_file_name
from sitegen.importers.language import guess_language
from sitegen.importers.plain_text import markdown_of_text, text_of_markdown
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.repair import NotTextError, decode_entities, decode_raw, remove_invisible, unglue_sentences
from sitegen.importers.report import ArticleReport, Guess, Loss, Mend
from sitegen.model import Article, FrontMatter, Location, Problem, Severity, Source
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import Call, find_calls

_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_LIST_SIGN = re.compile(r"^(?:[•·‣▪●◦–—-]|(\d{1,2})[.)])\s+")
_MAX_MEND = 120
_ABOUT = (Kind.DATELINE, Kind.BYLINE, Kind.TAGS)


class RawText:
    """Articles copied as text from a page."""

    name = "raw-text"
    suffixes: tuple[str, ...] = (".txt", ".text", "")
    is_stream = False

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """The one article of a file."""
        if not raw.data.strip(b" \t\r\n\0"):
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
        except NotTextError:
            hint = "save it as text; UTF-8 is best"
            yield _problem(raw.path, "not-text", "the file is not text in any encoding", hint)


class _Reading:
    """One raw article on its way to Markdown, with a tally of what was done."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._mends: list[Mend] = []
        self._guesses: list[Guess] = []
        self._problems: list[Problem] = []
        self._calls = CallCleaner(raw.path)

    def imported(self) -> Imported:
        decoded = decode_raw(self._raw.data)
        self._mends += decoded.mends
        self._guesses += decoded.guesses
        text, calls = self._without_calls(decoded.text)
        before = _letters(_MARK.sub("", text))
        for mend in (decode_entities, remove_invisible, unglue_sentences):
            text, mends = mend(text)
            self._mends += mends
        judgement = judge(split_blocks(text))
        self._guesses += judgement.guesses
        written = [self._calls.clean(call, call.line, call.column) for call in calls]
        body = "\n\n".join(_markdown_blocks(judgement.blocks, written))
        front_matter = self._front_matter(judgement.blocks, text)
        losses, characters = _account(judgement.blocks, text, before, calls)
        self._problems += (_loss(self._raw.path, loss) for loss in losses)
        tally = self._calls
        report = ArticleReport(
            source=self._raw.path, encoding=decoded.encoding, newline=decoded.newline, bom=decoded.bom,
            language=front_matter.lang, mends=(*self._mends, *tally.mends), guesses=tuple(self._guesses),
            shortcodes=tuple(tally.kept), polls=tally.polls, characters=characters, losses=losses,
        )  # fmt: skip
        return Imported(Article(front_matter, body + "\n" if body else ""), report, (*tally.problems, *self._problems))

    def _without_calls(self, text: str) -> tuple[str, list[Call]]:
        """The text with numbered marks in place of its shortcodes. Lines keep their numbers."""
        calls = find_calls(text, is_known, code=False)
        pieces, end = [], 0
        for number, call in enumerate(calls):
            pieces += [
                text[end : call.start],
                f"{MARK_OPEN}{number}{MARK_CLOSE}",
                "\n" * call.source.count("\n"),
            ]
            end = call.end
        return "".join([*pieces, text[end:]]), calls

    def _front_matter(self, blocks: tuple[Judged, ...], text: str) -> FrontMatter:
        title = next((judged.block.text for judged in blocks if judged.kind is Kind.TITLE), "")
        title = title or self._title_without_a_line(blocks)
        return FrontMatter(
            title=title,
            date=self._date(blocks),
            slug=slug_of(title, fallback=PurePosixPath(self._raw.path).stem),
            lang=self._language(text),
            authors=_values(blocks, Kind.BYLINE),
            tags=_values(blocks, Kind.TAGS),
            source=Source(RawText.name, self._raw.path, hashlib.sha256(self._raw.data).hexdigest()),
        )

    def _title_without_a_line(self, blocks: tuple[Judged, ...]) -> str:
        """The first words of an article that starts with a sentence; else the name of its file."""
        prose = next(
            (
                judged.block.text
                for judged in blocks
                if judged.kind is Kind.PROSE and _MARK.sub("", judged.block.text).strip()
            ),
            "",
        )
        words = _MARK.sub("", prose).split()
        if words:
            title = " ".join(words[:10]) + ("…" if len(words) > 10 else "")
            self._guesses.append(Guess("title", title, "no title line; the first words of the text", 0.3, 1))
        else:
            title = PurePosixPath(self._raw.path).stem.replace("-", " ").replace("_", " ")
            self._guesses.append(Guess("title", title, "no title line; the name of the file", 0.2, 1))
        message = "no title line was found"
        hint = f'"{title}" is used; write `title:` in the front matter'
        self._problems.append(Problem(Location(self._raw.path, 1), "no-title", message, hint, Severity.WARNING))
        return title

    def _date(self, blocks: tuple[Judged, ...]) -> dt.date | None:
        said = next((judged.date for judged in blocks if judged.kind is Kind.DATELINE), None)
        if said:
            return said
        date = date_of_file_name(self._raw.path)
        if date:
            self._guesses.append(Guess("date", date.isoformat(), "the file name starts with it", 0.9))
        return date

    def _language(self, text: str) -> str:
        language, confidence = guess_language(_MARK.sub("", text), self._raw.languages)
        if language:
            self._guesses.append(Guess("language", language, "letters and letter groups of the text", confidence))
        return language


def _markdown_blocks(blocks: tuple[Judged, ...], written: list[str]) -> Iterator[str]:
    """Each block of the body in Markdown; a credit line joins the caption above it."""
    caption = ""
    for judged in blocks:
        if judged.kind is Kind.CAPTION:
            caption = (
                f"{caption}\n{markdown_of_text(judged.block.text)}" if caption else markdown_of_text(judged.block.text)
            )
            continue
        if caption:
            yield f"[caption]{caption}[/caption]"
            caption = ""
        if text := _markdown_of(judged, written):
            yield text
    if caption:
        yield f"[caption]{caption}[/caption]"


def _markdown_of(judged: Judged, written: list[str]) -> str:
    text = judged.block.text
    if judged.kind in (Kind.TITLE, Kind.DATELINE, Kind.BYLINE, Kind.TAGS):
        return ""
    if judged.kind is Kind.SHORTCODE:
        return "\n\n".join(written[int(number)] for number in _MARK.findall(text))
    if judged.kind is Kind.HEADING:
        return "## " + markdown_of_text(text)
    if judged.kind is Kind.LIST:
        return "\n".join(_list_item(line, written) for line in text.split("\n"))
    return _with_calls(text, written)


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
    blocks: tuple[Judged, ...], text: str, before: int, calls: list[Call]
) -> tuple[tuple[Loss, ...], dict[str, int]]:
    """Where every character of the raw file is, spaces not counted; what the Markdown does not show is lost.

    `text` is mended and has marks in place of calls; `before` is its length in letters before it was mended.
    """
    marks = [f"{MARK_OPEN}{number}{MARK_CLOSE}" for number in range(len(calls))]
    counts = dict.fromkeys(("title", "body", "metadata"), 0)
    losses = []
    for judged in blocks:
        count = _letters(_MARK.sub("", judged.block.text))
        place = "title" if judged.kind is Kind.TITLE else "metadata" if judged.kind in _ABOUT else "body"
        if place == "body" and not _shows(judged, marks):
            losses.append(Loss(judged.block.text[:_MAX_MEND], judged.block.line))
            place = "lost"
        counts[place] = counts.get(place, 0) + count
    mended = _letters(_MARK.sub("", text))
    if missing := mended - sum(counts.values()):
        losses.append(Loss("", 0))
        counts["lost"] = counts.get("lost", 0) + missing
    counts["shortcodes"] = sum(_letters(call.source) for call in calls)
    counts["mended"] = before - mended
    return tuple(losses), {"input": sum(counts.values()), **counts}


def _loss(path: str, loss: Loss) -> Problem:
    message = f"text is not in the article: {loss.text}"
    return Problem(Location(path, loss.line), "loss", message, "add it by hand, and tell us", Severity.WARNING)


def _shows(judged: Judged, marks: list[str]) -> bool:
    """Whether the Markdown of a block says all that the block says."""
    if judged.kind is Kind.CAPTION:
        shown, said = text_of_markdown(markdown_of_text(judged.block.text)), judged.block.text
    elif judged.kind is Kind.LIST:
        shown = text_of_markdown(_markdown_of(judged, marks))
        said = "\n".join(f"{'- ' if not match[1] else match[1] + '.'}{line[match.end() :]}"
                         for line in judged.block.text.split("\n") if (match := _LIST_SIGN.match(line)))  # fmt: skip
    else:
        shown, said = text_of_markdown(_markdown_of(judged, marks)).removeprefix("## "), judged.block.text
    return "".join(shown.split()) == "".join(said.split())


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _values(blocks: tuple[Judged, ...], kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for judged in blocks if judged.kind is kind for value in judged.values))


def _problem(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint)
