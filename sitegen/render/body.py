"""Shortcodes and Markdown of one article become its HTML body.

Calls are taken out before Markdown sees the text and put back, drawn, after its HTML was cleaned.
"""

import html as html_module
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.parse import quote, unquote

from markupsafe import Markup, escape
from msgspec import Struct

from sitegen.languages import direction
from sitegen.model import ROOT, Location, Problem, Severity, SiteError
from sitegen.render.markdown import markdown_html
from sitegen.render.templates import Templates
from sitegen.shortcodes.caption import Caption
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, find_calls, literal_text
from sitegen.shortcodes.unknown import Unknown

# Noncharacters, which Unicode sets aside for a program's own use: Markdown and the cleaner let them pass.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_PARAGRAPH = re.compile(f"<p>((?:(?!</?p[ >]).)*?{_OPEN}(?:(?!</?p[ >]).)*?)</p>", re.DOTALL)
_REFERENCE = re.compile(r'\b(href|src|poster)="([^"]*)"')
_UNKNOWN_TEMPLATE = "shortcodes/unknown.html"
_MAX_DEPTH = 8
_SAFE = f"/{ROOT}"  # in an address


class PollForm(Struct, frozen=True):
    """`form` in shortcode templates: where a vote goes."""

    action: str  # "": nowhere
    page_url: str  # of the article


class BodySource(Struct, frozen=True):
    """What a body is made of."""

    source: str  # content file, named in problems
    line: int  # on which the text starts there
    text: str
    language: str
    output: str  # of the page that shows it
    path: str  # permalink of the article
    links: tuple[tuple[str, str], ...] = ()  # reference as written -> path in the site


class Body(Struct, frozen=True):
    """The HTML of a body, and what its writer should know."""

    html: str
    problems: tuple[Problem, ...] = ()


def render_body(article: BodySource, templates: Templates) -> Body:
    """HTML of an article's body.

    A shortcode that can't be read is shown as unknown, with its source, and told; nothing is raised for it.
    Raises SiteError when the text takes too long or is nested too deep.
    """
    drawing = _Drawing(article, templates)
    with _time_budget(templates.settings.seconds_per_article, article):
        try:
            html = drawing.html(article.text, article.line)
        except RecursionError:
            place = Location(article.source, article.line)
            raise SiteError(
                Problem(place, "nesting", "lists or quotations are nested too deep", "take some levels out")
            ) from None
    return Body(_resolve(html, article, templates), tuple(drawing.problems))


class _Drawing:
    """One article's calls, numbered as they come, so that ids are unique and stable."""

    def __init__(self, article: BodySource, templates: Templates) -> None:
        self.problems: list[Problem] = []
        self._article = article
        self._templates = templates
        self._language = article.language or templates.settings.site.language
        self._seen: dict[str, int] = {}
        self._depth = 0

    def html(self, text: str, line: int) -> str:
        calls = find_calls(text, self._is_known)
        if not calls:
            return _rootless(markdown_html(text))
        pieces: list[str] = []
        drawn: list[_Drawn] = []
        end = 0
        for call in calls:
            pieces += [text[end : call.start], f"{_OPEN}{len(drawn)}{_CLOSE}"]
            drawn.append(self._draw(call, line))
            end = call.end
        html = _rootless(markdown_html("".join([*pieces, text[end:]])))
        return _put_back(html, drawn)

    def _is_known(self, name: str) -> bool:
        return is_known(name) or self._templates.exists(_own_template(name))

    def _draw(self, call: Call, line: int) -> "_Drawn":
        if call.escaped:
            return _Drawn(str(escape(literal_text(call))), is_block=False)
        shortcode = shortcode_for(call.name)
        own = _own_template(call.name)
        place = Location(self._article.source, line + call.line - 1, call.column)
        if shortcode is None:
            if self._templates.exists(own):
                return _Drawn(self._template(own, call, line, shortcode=call), is_block=True)
            message = f"unknown shortcode {call.name}"
            hint = f"add templates/{own}, or take the call out; its source is kept on the page"
            self.problems.append(Problem(place, "unknown-shortcode", message, hint, Severity.WARNING))
            return self._unknown(call, line)
        try:
            value = shortcode.read(call)
        except SiteError as error:
            told = error.problem
            self.problems.append(Problem(place, told.code, told.message, told.hint, told.severity))
            return self._unknown(call, line)
        given: dict[str, object] = {type(value).__name__.lower(): value}
        if isinstance(value, Caption):
            given["words"] = Markup(_without_paragraph(_rootless(markdown_html(value.text)).strip()))  # noqa: S704 - cleaned
        return _Drawn(self._template(shortcode.template, call, line, **given), is_block=shortcode.block)

    def _unknown(self, call: Call, line: int) -> "_Drawn":
        unknown = Unknown(name=call.name, source=call.source, content=call.content or "")
        return _Drawn(self._template(_UNKNOWN_TEMPLATE, call, line, unknown=unknown), is_block=True)

    def _template(self, name: str, call: Call, line: int, **values: object) -> str:
        settings, article = self._templates.settings, self._article
        links = self._templates.links
        given = {
            **values,
            "uid": self._uid(call),
            "lang": self._language,
            "dir": direction(self._language),
            "form": PollForm(settings.poll_endpoint, links.absolute(article.path) or "/" + article.path),
            "inner": Markup(self._inner(call, line, values)),  # noqa: S704 - made by this very file
            "root": ROOT,
            "href": links.href,
            "absolute": links.absolute,
        }
        return self._templates.render(name, self._language, given, article.source)

    def _inner(self, call: Call, line: int, values: dict[str, object]) -> str:
        """HTML of what a call encloses; of a caption, its picture alone."""
        caption = values.get("caption")
        text = caption.image if isinstance(caption, Caption) else call.content or ""
        if not text.strip() or "poll" in values or self._depth >= _MAX_DEPTH:
            return ""
        self._depth += 1
        html = self.html(text, line + call.line - 1).strip()
        self._depth -= 1
        return _without_paragraph(html) if caption is not None else html

    def _uid(self, call: Call) -> str:
        name = re.sub(r"[^A-Za-z0-9]+", "-", f"{call.name}-{call.named.get('id', '')}").strip("-").lower()
        name = name.replace("expert-review-poll", "poll")
        self._seen[name] = self._seen.get(name, 0) + 1
        return f"{name}-{self._seen[name]}"


class _Drawn(Struct, frozen=True):
    html: str
    is_block: bool


def _rootless(html: str) -> str:
    """HTML without what only sitegen may write; content can still name it in a character reference."""
    return html.replace(ROOT, "")


def _own_template(name: str) -> str:
    return f"shortcodes/{name}.html"


def _put_back(html: str, drawn: list[_Drawn]) -> str:
    """Drawn calls in place of their marks; a block call leaves the paragraph that it stood in."""

    def outside(match: "re.Match[str]") -> str:
        parts = _MARK.split(match[1])
        if not any(int(number) < len(drawn) and drawn[int(number)].is_block for number in parts[1::2]):
            return match[0]
        return "".join(_paragraphs(parts, drawn))

    def inside(match: "re.Match[str]") -> str:
        number = int(match[1])
        return drawn[number].html if number < len(drawn) else match[0]

    return _MARK.sub(inside, _PARAGRAPH.sub(outside, html))


def _paragraphs(parts: list[str], drawn: list[_Drawn]) -> Iterator[str]:
    """The parts of one paragraph, cut where a block call stands."""
    prose = parts[0]
    for number, after in zip(parts[1::2], parts[2::2], strict=True):
        mark = f"{_OPEN}{number}{_CLOSE}"
        if int(number) < len(drawn) and drawn[int(number)].is_block:
            yield f"<p>{prose.strip()}</p>\n{mark}\n" if prose.strip() else f"{mark}\n"
            prose = after
        else:
            prose += mark + after
    if prose.strip():
        yield f"<p>{prose.strip()}</p>"


def _without_paragraph(html: str) -> str:
    match = re.fullmatch(r"<p>(.*)</p>", html, re.DOTALL)
    return match[1] if match and "<p>" not in match[1] else html


def _resolve(html: str, article: BodySource, templates: Templates) -> str:
    """References to other files of the content become links between pages."""
    if not article.links:
        return html
    ways = {unquote(reference): path for reference, path in article.links}
    href = templates.links.href

    def resolved(match: "re.Match[str]") -> str:
        reference = html_module.unescape(match[2])
        path = ways.get(unquote(reference))
        fragment = reference.partition("#")[1:]
        return f'{match[1]}="{escape(quote(href(path), _SAFE) + "".join(fragment))}"' if path else match[0]

    return _REFERENCE.sub(resolved, html)


@contextmanager
def _time_budget(seconds: float, article: BodySource) -> Iterator[None]:
    """Ends work that takes too long with a SiteError; only a process's main thread can be interrupted."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        hint = "look for thousands of brackets in a row, or raise seconds_per_article in [build]"
        message = f"the text took more than {seconds:g} s to render"
        raise SiteError(Problem(Location(article.source, article.line), "time", message, hint))

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
