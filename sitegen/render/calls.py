"""Shortcodes and Markdown of one article become HTML.

Calls are taken out before Markdown sees the text and put back, drawn, after its HTML was cleaned.
"""

import re
from collections.abc import Iterator
from functools import partial
from heapq import merge
from operator import attrgetter

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from sitegen.languages import direction
from sitegen.model import ROOT, Location, Problem, Severity, SiteError
from sitegen.render.body_source import BodySource
from sitegen.render.markdown import markdown_html
from sitegen.render.marks import CLOSE, OPEN, Drawn, Place, has_tags_of_words, mark_of, put_back, rootless
from sitegen.render.polls import PollDesk, ShownPoll
from sitegen.render.templates import Templates
from sitegen.shortcodes.bare import bare_calls
from sitegen.shortcodes.builders import is_frame
from sitegen.shortcodes.caption import Caption
from sitegen.shortcodes.contents import Contents, nested
from sitegen.shortcodes.poll import printable
from sitegen.shortcodes.poll_calls import missing_poll, read_poll_call
from sitegen.shortcodes.poll_values import POLL_NAMES
from sitegen.shortcodes.registry import BUILT_IN, is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, Part, find_calls, literal_text, outermost
from sitegen.shortcodes.unknown import Unknown, unknown_shortcode
from sitegen.shortcodes.written import Written

_NOTE_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_NOTE_MARK = re.compile(f"{OPEN}note:([^{CLOSE}]*){CLOSE}")
_CONTENTS_MARK = f"{OPEN}contents{CLOSE}"
_HEADING = re.compile(r'<h([2-6])(?: [^<>]*?)? ?id="([^"]+)"[^<>]*>(.*?)</h\1>', re.DOTALL)
_ID = re.compile(r' id="(?<=[\w"] id=")([^"<>]*)"')  # the name first: it is looked for
_LINK_TAG = re.compile(r"</?a\b[^<>]*>")
_NOTE_PLACE = re.compile(r'<li id="fn:([^"]+)"')
_PARAGRAPH = re.compile(r"<p>(.*)</p>", re.DOTALL)
_NO_LETTERS = re.compile(r"[^A-Za-z0-9]+")
_SPACES = " \t\r"
_UNKNOWN_TEMPLATE = "shortcodes/unknown.html"
_NOTE_TEMPLATE = "shortcodes/note-reference.html"
_CONTENTS_TEMPLATE = "shortcodes/contents.html"
_PLACEHOLDER_TEMPLATE = "shortcodes/placeholder.html"
_POLL_TEMPLATE = "shortcodes/poll.html"
_POLL_PLACE_TEMPLATE = "shortcodes/poll-place.html"
# What the theme draws with, and nobody can call.
_INTERNAL = frozenset(
    {
        _UNKNOWN_TEMPLATE,
        _NOTE_TEMPLATE,
        _PLACEHOLDER_TEMPLATE,
        _POLL_PLACE_TEMPLATE,
        *(each.template for each in BUILT_IN.values()),
    }
)
_MAX_DEPTH = 8
_START = attrgetter("start")


class Drawing:
    """One article's calls, numbered as they come, so that ids are unique and stable."""

    def __init__(self, article: BodySource, templates: Templates) -> None:
        self.problems: list[Problem] = []
        self.polls: list[ShownPoll] = []
        self._article = article
        self._templates = templates
        self._language = article.language or templates.settings.site.language
        self._seen: dict[str, int] = {}
        self._drawn: list[Drawn] = []
        self._notes: list[str] = []
        self._contents: Contents | None = None
        self._known: dict[str, bool] = {}
        self._depth = 0
        self._has_parts = False  # made into HTML apart from the rest

    def html(self, text: str, line: int) -> str:
        """HTML of the whole body, whose text holds no marks."""
        markdown = self._markdown(text, line, 1)
        if not self._drawn and not self._notes:
            return rootless(markdown_html(markdown))
        notes = "\n\n".join(f"[^{number}]: {note}" for number, note in self._named_notes())
        html = self._filled(f"{markdown}\n\n{notes}" if notes else markdown)
        if self._has_parts:
            html = _with_unique_ids(html)
        return self._with_contents(self._with_note_references(html)) if OPEN in html else html

    # Calls in Markdown

    def _markdown(self, text: str, line: int, column: int) -> str:
        """A text with marks in place of its calls, or with the Markdown that they are."""
        calls = self._calls(text, line, column)
        if not calls:
            return text
        wide = _wide_frames(text, calls)
        pieces: list[str] = []
        kept: dict[str, list[str]] = {}  # what is shown behind unknown frames, by name
        end = 0
        for call in calls:
            pieces.append(text[end : call.start])
            end = call.end
            if call.part is Part.WHOLE or call.escaped:
                pieces.append(self._said(call))
            elif call.part is Part.OPENING:
                pieces.append(self._opened(call, kept, "\n\n" if call.start in wide else ""))
            else:
                pieces.append(self._closed(call, kept))
        return "".join([*pieces, text[end:]])

    def _calls(self, text: str, line: int, column: int) -> list[Call]:
        calls = find_calls(text, self._is_known, by_tag=self._is_frame, line=line, column=column)
        bare = bare_calls(text, line, column) if self._depth < _MAX_DEPTH else []
        return outermost(merge(calls, bare, key=_START)) if bare else calls

    def _is_known(self, name: str) -> bool:
        if self._depth >= _MAX_DEPTH:
            return False
        if name not in self._known:
            self._known[name] = is_known(name) or self._has_own_template(name)
        return self._known[name]

    def _is_frame(self, name: str) -> bool:
        return not self._is_known(name) or (is_frame(name) and not self._has_own_template(name))

    def _has_own_template(self, name: str) -> bool:
        """Whether a template alone draws a name: not one that draws what Python reads."""
        template = _own_template(name)
        if template in _INTERNAL or not self._templates.exists(template):
            return False
        shortcode = shortcode_for(name)
        return shortcode is None or shortcode.template != template

    def _said(self, call: Call) -> str:
        """What stands in the Markdown for a whole call."""
        if call.escaped:
            return self._mark(str(escape(literal_text(call))), Place.INLINE)
        if self._depth < _MAX_DEPTH and self._has_own_template(call.name):
            return self._mark(self._template(_own_template(call.name), call, self._inner(call), shortcode=call))
        if call.name in POLL_NAMES and self._depth < _MAX_DEPTH:
            return self._poll(call)
        value = self._read(call)
        if value is None:
            is_single = call.content is None
            return self._mark(self._unknown(call, self._inner(call)), Place.AFTER if is_single else Place.BLOCK)
        if isinstance(value, Written):
            return self._written(value, call)
        if isinstance(value, Contents):
            if self._contents is not None:  # one is enough
                return ""
            self._contents = value
            return self._mark(f"{OPEN}contents{CLOSE}")
        return self._drawn_by_template(value, call)

    def _read(self, call: Call) -> Struct | None:
        """What a call says; None, and a problem, where nobody knows it or it can't be read."""
        shortcode = shortcode_for(call.name) if self._depth < _MAX_DEPTH else None
        try:
            if shortcode is None:
                raise unknown_shortcode(call)
            value = shortcode.read(call)
        except SiteError as error:
            self._tell(call, error.problem)
            return None
        if problem := getattr(value, "problem", None):
            self._tell(call, problem)
        return value

    def _drawn_by_template(self, value: Struct, call: Call) -> str:
        shortcode = shortcode_for(call.name)
        assert shortcode is not None
        given: dict[str, object] = {type(value).__name__.lower(): value}
        if isinstance(value, Caption):
            given["words"] = self._words(call, value.text)
            inner = _without_paragraph(rootless(markdown_html(value.image)).strip())
        else:  # what our own enclose is read, not drawn
            inner = "" if call.name in BUILT_IN else self._inner(call)
        html = self._template(shortcode.template, call, inner, **given)
        return self._mark(html, Place.BLOCK if shortcode.block else Place.INLINE)

    def _poll(self, call: Call) -> str:
        links = self._templates.links
        page_url = links.absolute(self._article.path) or "/" + self._article.path
        desk = PollDesk(self._templates.settings.poll, self._article.polls, page_url)
        found, problem = read_poll_call(call)
        if (record := desk.record(found.key)) and record.is_hidden:
            return ""
        shown = desk.shown(found)
        if isinstance(shown, ShownPoll):
            self.polls.append(shown)
            given: dict[str, object] = {"poll": shown.poll, "voting": shown.voting, "form": shown.voting.form}
            return self._mark(self._template(_POLL_TEMPLATE, call, "", **given))
        if told := problem or missing_poll(shown):
            self._tell(call, told)
        return self._mark(self._template(_POLL_PLACE_TEMPLATE, call, "", place=shown, source=printable(call.source)))

    def _opened(self, call: Call, kept: dict[str, list[str]], gap: str) -> str:
        """What stands for the opening tag of a frame; what will stand for its closing tag is kept."""
        waiting = kept.setdefault(call.name, [])
        shortcode = shortcode_for(call.name)
        if self._is_known(call.name) and shortcode and isinstance(value := self._read(call), Written):
            waiting.append("\n\n" if shortcode.block else "")
            return self._written(value, call)
        if not self._is_known(call.name):
            self._tell(call, unknown_shortcode(call).problem)
        waiting.append(self._mark(self._unknown(call, ""), Place.AFTER) + gap)
        return gap

    def _closed(self, call: Call, kept: dict[str, list[str]]) -> str:
        if waiting := kept.get(call.name):
            return waiting.pop()
        message = f"[/{call.name}] closes nothing"
        hint = "take it out, or write the opening tag"
        self._tell(call, Problem(Location(""), "closing-tag", message, hint, Severity.WARNING))
        return ""

    def _written(self, value: Written, call: Call) -> str:
        self._depth += 1
        text = value.text
        if value.note is not None:
            self._notes.append("")
            number = len(self._notes)
            self._notes[number - 1] = self._markdown(value.note, *_place_in(call, value.note))
            text = f"[^{_note_name(number)}]"
        elif text:
            text = self._markdown(text, call.line, call.column)
        self._depth -= 1
        return f"\n\n{text}\n\n" if value.is_block else text

    def _mark(self, html: str, place: Place = Place.BLOCK) -> str:
        self._drawn.append(Drawn(html.strip() if place is Place.INLINE else html, place))
        return mark_of(len(self._drawn) - 1)

    # Problems

    def _tell(self, call: Call, problem: Problem) -> None:
        place = Location(self._article.source, call.line, call.column)
        if self._depth < _MAX_DEPTH:
            self.problems.append(replace(problem, location=place))
        elif not any(told.code == "nesting" for told in self.problems):
            message = f"calls are nested more than {_MAX_DEPTH} deep; what lies deeper is shown as text"
            self.problems.append(Problem(place, "nesting", message, "take some levels out", Severity.WARNING))

    # Drawing

    def _unknown(self, call: Call, inner: str) -> str:
        unknown = Unknown(name=call.name, source=call.source, content=call.content or "")
        return self._template(_UNKNOWN_TEMPLATE, call, inner, unknown=unknown)

    def _template(self, name: str, call: Call, inner: str, **values: object) -> str:
        article, links = self._article, self._templates.links
        given = {
            **values,
            "uid": self._uid(call),
            "lang": self._language,
            "dir": direction(self._language),
            "inner": Markup(inner),  # noqa: S704 - made by this very file
            "markdown": partial(self._words, call),
            "backend": self._templates.settings.poll,
            "root": ROOT,
            "href": links.href,
            "absolute": links.absolute,
        }
        return self._templates.render(name, self._language, given, article.source)

    def _inner(self, call: Call) -> str:
        """HTML of what a call encloses."""
        return self._apart(call.content or "", call)

    def _words(self, call: Call, text: str) -> Markup:
        """`markdown` in templates: HTML of Markdown, and of HTML cleaned; without a paragraph if it is one alone."""
        return Markup(_without_paragraph(self._apart(text, call)))  # noqa: S704 - cleaned

    def _apart(self, text: str, call: Call) -> str:
        """HTML of a text in a call, on its own; its notes stand below the body."""
        if not text.strip():
            return ""
        self._depth += 1
        markdown = self._markdown(text, *_place_in(call, text))
        self._depth -= 1
        self._has_parts = True
        if "[^" in markdown:
            markdown = _NOTE_REFERENCE.sub(partial(self._note_mark, markdown), markdown)
        return self._filled(markdown).strip()

    def _filled(self, markdown: str) -> str:
        """HTML of Markdown, with drawn calls in place of their marks."""
        html = rootless(markdown_html(markdown))
        return put_back(html, self._drawn, is_plain=not has_tags_of_words(markdown))

    def _uid(self, call: Call) -> str:
        name = _NO_LETTERS.sub("-", f"{call.name}-{call.named.get('id', '')}").strip("-").lower()
        name = name.replace("expert-review-poll", "poll")
        self._seen[name] = self._seen.get(name, 0) + 1
        return f"{name}-{self._seen[name]}"

    # Notes

    def _note_mark(self, markdown: str, reference: "re.Match[str]") -> str:
        """A mark for a reference to a note below the body, which is numbered only there."""
        if f"[^{reference[1]}]:" in markdown:
            return reference[0]
        return self._mark(f"{OPEN}note:{reference[1]}{CLOSE}", Place.INLINE)

    def _named_notes(self) -> Iterator[tuple[str, str]]:
        for number, note in enumerate(self._notes, 1):
            yield _note_name(number), note.replace("\n", "\n    ")

    def _with_note_references(self, html: str) -> str:
        numbers = {name: number for number, name in enumerate(_NOTE_PLACE.findall(html), 1)}

        def reference(mark: "re.Match[str]") -> str:
            if mark[1] not in numbers:
                return str(escape(f"[^{mark[1]}]"))
            given = {"name": mark[1], "number": numbers[mark[1]]}
            return self._templates.render(_NOTE_TEMPLATE, self._language, given, self._article.source).strip()

        return _NOTE_MARK.sub(reference, html)

    # Contents

    def _with_contents(self, html: str) -> str:
        if self._contents is None:
            return html
        found = [(int(level), name, _LINK_TAG.sub("", title)) for level, name, title in _HEADING.findall(html)]
        headings = nested([(level, name, title) for level, name, title in found if OPEN not in title])
        given = {"contents": self._contents, "headings": headings}
        drawn = self._templates.render(_CONTENTS_TEMPLATE, self._language, given, self._article.source)
        return html.replace(_CONTENTS_MARK, drawn)


def _note_name(number: int) -> str:
    return f"call-{number}"


def _with_unique_ids(html: str) -> str:
    """HTML whose parts were made apart: of two headings with one id the second gets another."""
    seen: dict[str, int] = {}

    def unique(match: "re.Match[str]") -> str:
        name = match[1]
        while name in seen:
            seen[match[1]] += 1
            name = f"{match[1]}-{seen[match[1]]}"
        seen[name] = 1
        return f' id="{name}"'

    return _ID.sub(unique, html)


def _own_template(name: str) -> str:
    return f"shortcodes/{name}.html"


def _wide_frames(text: str, calls: list[Call]) -> set[int]:
    """Where frames begin that stand on lines of their own, beside other tags at most."""
    wide: set[int] = set()
    waiting: dict[str, list[Call]] = {}
    for call in calls:
        if call.part is Part.OPENING:
            waiting.setdefault(call.name, []).append(call)
        elif call.part is Part.CLOSING and (openings := waiting.get(call.name)):
            opening = openings.pop()
            if _ends(text, opening.start - 1, -1, "\n]") and _ends(text, call.end, 1, "\n["):
                wide.add(opening.start)
    return wide


def _ends(text: str, position: int, step: int, signs: str) -> bool:
    """Whether only spaces lie between a position and the end of its line, or one of these signs."""
    while 0 <= position < len(text) and text[position] in _SPACES:
        position += step
    return not 0 <= position < len(text) or text[position] in signs


def _place_in(call: Call, text: str) -> tuple[int, int]:
    """Line and column of a text that a call encloses; where the content begins, if it is not there as it is."""
    before = (call.content or "").partition(text)[0] if text in (call.content or "") else ""
    above = before.count("\n")
    column = len(before) - before.rfind("\n") if above else call.content_column + len(before)
    return call.content_line + above, column


def _without_paragraph(html: str) -> str:
    match = _PARAGRAPH.fullmatch(html)
    return match[1] if match and "<p>" not in match[1] else html
