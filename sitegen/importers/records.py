"""A record with named fields, from JSON or a table, becomes an article."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.content.permalinks import slug_of
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.calls import CallCleaner
from sitegen.importers.encodings import read_back_all
from sitegen.importers.field_names import USUAL_NAMES, fields_of
from sitegen.importers.field_values import as_text, date_of, flag_of, names_of, plain_text_of, text_of
from sitegen.importers.html_to_markdown import markdown_of_html
from sitegen.importers.language import guess_language
from sitegen.importers.plain_text import markdown_of_text
from sitegen.importers.raw import Imported
from sitegen.importers.report import ArticleReport, Guess, Mend, SetAside
from sitegen.importers.target_folder import shelf_of
from sitegen.importers.web_page.metadata import language_tag
from sitegen.model import Article, FrontMatter, Location, Problem, Severity, Source
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import find_calls

FORMATS = ("html", "markdown", "text")
_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_NOT_OURS = re.compile(f"[{MARK_OPEN}{MARK_CLOSE}\x00]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HTML = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|a|em|strong|b|i|blockquote|table|figure|span)>|<(?:p|br|img|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^(?:```|~~~)|^> \S|\]\([^)\s]+\)|(?<!\*)\*\*\S[^*\n]*\*\*|^[-*+] \S.*\n[-*+] \S|^\d+\. \S.*\n\d+\. \S",
    re.MULTILINE,
)
_PUBLIC = frozenset("publish published public live online active visible publié veröffentlicht".split())
_HIDDEN = frozenset("draft pending private future trash unpublished hidden scheduled archived deleted".split())
_FORMAT_NAMES = {"md": "markdown", "commonmark": "markdown", "gfm": "markdown", "plain": "text", "txt": "text",
                 "xhtml": "html", "text/html": "html", "text/markdown": "markdown", "text/plain": "text"}  # fmt: skip
_TOLD_BY_NAME = (
    ("html", re.compile(r"html|encoded|rendered")),
    ("markdown", re.compile(r"markdown|(?:^|_)md$")),
    ("text", re.compile(r"(?:content|body)[_ -]?text|plain")),
)
_SENTENCE_END = re.compile(r"[.!?…:»”\"')\]]\s*$")
_NO_LANGUAGE = "zxx"
_SURE_ENOUGH = 0.5
_MAX_TITLE_WORDS = 10
_MAX_TOLD = 160
_MAX_EXTRA = 10_000
# Other forms of a body that is taken already; they would only be in the way in front matter.
_OTHER_BODIES = frozenset(re.sub(r"[^\w]|_", "", name) for name in USUAL_NAMES["body"])


class Record(NamedTuple):
    """A record and where it stands."""

    values: dict[str, Any]
    path: str
    line: int
    sha256: str
    body_line: int = 0  # where its body starts, if that has lines of the file


class RecordRules(Struct, frozen=True):
    """How records are read."""

    kind: str  # name of the importer
    folder: str  # of the content files that they become
    languages: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()  # our names and theirs
    without: tuple[str, ...] = ()  # kinds of mends that are not wanted


def imported_record(record: Record, rules: RecordRules) -> Imported | Problem:
    """The article of a record, or that there is none in it."""
    return _Reading(record, rules).result()


def clean_text(text: str) -> str:
    """Text without what no file can hold: half characters, and the signs that mark shortcodes on their way."""
    text = _NOT_OURS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def old_path(url: str) -> str:
    """The path under which an article was found before; "" where an address has none of its own."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_path = parts.path.startswith("/") and len(parts.path) > 1 and not parts.query
    return parts.path if is_path else ""


class _Reading:
    """One record on its way, with a tally of what was done."""

    def __init__(self, record: Record, rules: RecordRules) -> None:
        self._record = record
        self._rules = rules
        self._place = Location(record.path, record.line)
        given = tuple(pair for pair in rules.fields if pair[0] != "body_format" or pair[1] not in FORMATS)
        self._mends: list[Mend] = []
        values = record.values if "mojibake" in rules.without else self._read_back(record.values)
        self._fields = fields_of(values, given)
        self._guesses: list[Guess] = []
        self._problems: list[Problem] = []
        self._aside: list[SetAside] = []
        self._calls = CallCleaner(record.path, is_mending="shortcode" not in rules.without)
        self._skipped = 0  # empty lines above the body

    def result(self) -> Imported | Problem:
        given = clean_text(text_of(self._ours("body")))
        body = given.strip()
        self._skipped = given[: len(given) - len(given.lstrip())].count("\n")
        title = clean_text(plain_text_of(self._ours("title")))
        if not body and not title:
            hint = 'name the fields in [import.fields] of sitegen.toml, such as title = "headline"'
            known = ", ".join(list(self._record.values)[:12]) or "none"
            message = f"neither a title nor a body was found among its fields: {known}"
            return Problem(self._place, "no-article", message, hint)
        markdown = self._markdown(body) if body else ""
        title = title or self._title_of(markdown)
        front_matter = self._front_matter(title, markdown)
        shelf = shelf_of(front_matter.date, front_matter.slug)
        target = f"{self._rules.folder}/{shelf}/{front_matter.slug}.md"
        report = ArticleReport(
            source=self._record.path, target=target, language=front_matter.lang,
            mends=(*self._mends, *self._calls.mends), guesses=tuple(self._guesses),
            shortcodes=tuple(self._calls.kept), polls=self._calls.polls,
            set_aside=tuple(self._aside),
        )  # fmt: skip
        article = Article(front_matter, markdown + "\n" if markdown else "")
        return Imported(article, report, (*self._problems, *self._calls.problems), target)

    def _read_back(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values, those read back that had been read in a wrong encoding."""
        texts = list(_texts_of(values))
        mended, self._mends = read_back_all(texts, self._record.line)
        by_text = {text: new for text, new in zip(texts, mended, strict=True) if text != new}
        return {name: _replaced(value, by_text) for name, value in values.items()} if by_text else values

    def _ours(self, key: str) -> Any:
        return self._fields.ours.get(key)

    def _line_of(self, line: int) -> int:
        """Line of the file of a line of the body, where the body has lines of its own."""
        first = self._record.body_line
        return first + self._skipped + line - 1 if first else self._record.line

    def _give_back(self, key: str) -> None:
        """A field that says nothing we understand is kept like one that nobody knows."""
        if key in self._fields.ours:
            self._fields.rest[self._fields.names[key]] = self._fields.ours.pop(key)

    def _guess(self, field: str, value: str, reason: str, confidence: float) -> None:
        self._guesses.append(Guess(field, value, reason, confidence, self._record.line))

    # The body

    def _markdown(self, body: str) -> str:
        kind = self._format(body)
        # Examples of calls in HTML are code too, and stay as they are.
        calls = [] if "[" not in body else find_calls(body, is_known, code=kind == "markdown")
        pieces, written, blocks, end = [], [], set(), 0
        for number, call in enumerate(calls):
            line = self._line_of(call.line)
            pieces += [body[end : call.start], f"{MARK_OPEN}{number}{MARK_CLOSE}"]
            written.append(self._calls.clean(call, line))
            shortcode = shortcode_for(call.name)
            if "\n" in written[-1] or (shortcode is not None and shortcode.block and not call.escaped):
                blocks.add(number)
            end = call.end
        text = "".join([*pieces, body[end:]])
        if kind == "html":
            converted = markdown_of_html(text, block_marks=frozenset(blocks))
            self._aside += (SetAside(a.text[:_MAX_TOLD], a.reason, self._record.line) for a in converted.set_aside)
            text = converted.markdown
        elif kind == "text":
            text = _paragraphs(text)
        return _put_back(text, written, frozenset() if kind == "markdown" else frozenset(blocks)).strip()

    def _format(self, body: str) -> str:
        """What a body is written in: as the field says, as its name says, as it looks."""
        said = dict(self._rules.fields).get("body_format", "")
        said = said if said in FORMATS else text_of(self._ours("body_format")).strip().lower()
        said = _FORMAT_NAMES.get(said, said)
        if said in FORMATS:
            return said
        self._give_back("body_format")
        name = self._fields.names.get("body", "").lower()
        if kind := next((kind for kind, word in _TOLD_BY_NAME if word.search(name)), ""):
            return kind
        if isinstance(self._ours("body"), dict) and "rendered" in self._ours("body"):
            return "html"
        if _HTML.search(body):
            kind, reason, confidence = "html", "it has tags of HTML", 0.95
        elif len(_MARKDOWN.findall(body)) > 1:
            kind, reason, confidence = "markdown", "it has several signs of Markdown", 0.8
        elif _MARKDOWN.search(body):
            kind, reason, confidence = "markdown", "it has a sign of Markdown", 0.6
        else:
            kind, reason, confidence = "text", "it has signs of neither HTML nor Markdown", 0.9
        self._guess("body_format", kind, reason, confidence)
        return kind

    def _title_of(self, markdown: str) -> str:
        words = re.sub(r"[#*_`>\[\]]|\([^)]*\)", " ", markdown).split()
        title = " ".join(words[:_MAX_TITLE_WORDS]) + ("…" if len(words) > _MAX_TITLE_WORDS else "")
        title = title or "Untitled"
        self._guess("title", title, "no title; the first words of the body", 0.3)
        hint = f'"{title}" is used; write `title:` in the front matter'
        self._problems.append(Problem(self._place, "no-title", "the record has no title", hint, Severity.WARNING))
        return title

    # Front matter

    def _front_matter(self, title: str, markdown: str) -> FrontMatter:
        url = text_of(self._ours("url")).strip()
        is_address = bool(re.match(r"https?://", url))
        sections = names_of(self._ours("section"))
        status = text_of(self._ours("status")).strip().lower()
        date, updated = self._date("date"), self._date("updated")
        aliases = [alias for alias in (*names_of(self._ours("aliases")), old_path(url)) if alias]
        is_draft = flag_of(self._ours("draft"))
        if is_draft is None:
            self._give_back("draft")
        if not is_address and old_path(url) == "":
            self._give_back("url")
        language = self._language(markdown)
        extra = {"fields": self._extra(sections)}
        return FrontMatter(
            title=title,
            date=date,
            updated=updated if updated != date else None,
            slug=slug_of(text_of(self._ours("slug")) or title, fallback=f"article-{self._record.line}"),
            lang=language,
            authors=names_of(self._ours("authors")),
            section=sections[0] if sections else "",
            tags=names_of(self._ours("tags")),
            summary=clean_text(plain_text_of(self._ours("summary"))),
            image=text_of(self._ours("image")).strip(),
            aliases=tuple(dict.fromkeys(aliases)),
            draft=bool(is_draft) or status in _HIDDEN,
            source=Source(self._rules.kind, self._record.path, self._record.sha256, url if is_address else ""),
            extra=extra if extra["fields"] else {},
        )

    def _date(self, field: str) -> Any:
        value = self._ours(field)
        dated = date_of(value)
        if dated is None:
            text = text_of(value).strip()
            if text:
                hint = "write it as 2024-09-14; a day that could be two is not guessed"
                message = f'"{text[:_MAX_TOLD]}" is no date that can be read for sure'
                self._problems.append(Problem(self._place, "date", message, hint, Severity.WARNING))
                self._give_back(field)
            return None
        if dated.reason:
            self._guess(field, dated.date.isoformat(), dated.reason, 0.9)
        return dated.date

    def _language(self, markdown: str) -> str:
        told = language_tag(text_of(self._ours("lang")))
        if told:
            return told
        self._give_back("lang")
        language, confidence = guess_language(_MARK.sub("", markdown), self._rules.languages)
        if language == _NO_LANGUAGE or confidence < _SURE_ENOUGH:
            return ""
        if language:
            self._guess("language", language, "letters and letter groups of the text", confidence)
        return language

    def _extra(self, sections: tuple[str, ...]) -> dict[str, Any]:
        """Fields that have no key of ours; what is too large for front matter is told."""
        kept: dict[str, Any] = {}
        status = text_of(self._ours("status")).strip()
        if status and status.lower() not in _PUBLIC:
            kept["status"] = clean_text(status)
        if len(sections) > 1:
            kept["sections"] = [clean_text(section) for section in sections]
        for name, value in self._fields.rest.items():
            text = clean_text(text_of(value))
            if re.sub(r"[^\w]|_", "", name).casefold() in _OTHER_BODIES:
                self._aside.append(SetAside(text[:_MAX_TOLD], f"{name}: another form of the body", self._record.line))
            elif len(str(value)) > _MAX_EXTRA:
                reason = f"{name}: {len(str(value)):,} characters are too much for front matter"
                self._aside.append(SetAside(text[:_MAX_TOLD], reason, self._record.line))
            else:
                kept[clean_text(name)] = _cleaned(as_text(value))
        return kept


def _texts_of(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_of(part)


def _replaced(value: Any, by_text: dict[str, str]) -> Any:
    """A value with other texts in it."""
    if isinstance(value, dict):
        return {key: _replaced(part, by_text) for key, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, by_text) for part in value]
    return by_text.get(value, value) if isinstance(value, str) else value


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean_text(key): _cleaned(part) for key, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list) else clean_text(value)


def _paragraphs(text: str) -> str:
    """Plain text as Markdown: paragraphs where blank lines are; without any, where most lines end like one."""
    lines = text.split("\n")
    if re.search(r"\n[ \t]*\n", text):
        parts = re.split(r"\n\s*\n", text)
    else:
        ends = sum(bool(_SENTENCE_END.search(line)) for line in lines[:-1])
        parts = lines if ends * 2 >= len(lines) - 1 else [text]
    return "\n\n".join(markdown_of_text(part.strip()) for part in parts if part.strip())


def _put_back(markdown: str, written: list[str], blocks: frozenset[int]) -> str:
    """Calls in place of their marks; one that is a block of its own leaves the paragraph that it stood in."""
    for number in blocks:
        mark = f"{MARK_OPEN}{number}{MARK_CLOSE}"
        if "\n" in written[number]:
            markdown = re.sub(rf"[ \t\n]*{mark}[ \t\n]*", f"\n\n{mark}\n\n", markdown)
    return _MARK.sub(lambda match: written[int(match[1])], markdown)
