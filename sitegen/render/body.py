"""An article's text becomes the HTML of its body."""

import html as html_module
import re
from urllib.parse import quote, unquote

from markupsafe import escape
from msgspec import Struct

from sitegen.limits import Overdue, in_time
from sitegen.model import ROOT, Location, Problem, SiteError
from sitegen.render.body_source import BodySource
from sitegen.render.markdown import markdown_html
from sitegen.render.marks import rootless, without_marks
from sitegen.render.pictures import with_pictures
from sitegen.render.polls import ShownPoll
from sitegen.render.templates import Templates
from sitegen.shortcodes.traces import may_have_calls
from sitegen.typography import french_html, is_french

_REFERENCE = re.compile(r'\b(href|src|poster)="([^"]*)"')
_SAFE = f"/{ROOT}"  # in an address


class Body(Struct, frozen=True):
    """The HTML of a body, and what its writer should know."""

    html: str
    problems: tuple[Problem, ...] = ()
    polls: tuple[ShownPoll, ...] = ()


def render_body(article: BodySource, templates: Templates) -> Body:
    """HTML of an article's body.

    A shortcode that can't be read is shown as unknown, with its source, and told; nothing is raised for it.
    Raises SiteError when the text is nested too deep, or takes too long where that is `interruptible`.
    """
    body = _drawn_in_time(article, templates)
    html = _with_pictures(_resolve(body.html, article, templates), article, templates)
    if is_french(article.language or templates.settings.site.language):
        html = french_html(html)
    return Body(html, body.problems, body.polls)


def _drawn_in_time(article: BodySource, templates: Templates) -> Body:
    place, seconds = Location(article.source, article.line), templates.settings.seconds_per_article
    try:
        with in_time(seconds):
            return _drawn(article, templates)
    except RecursionError:
        hint = "take some levels out"
        raise SiteError(Problem(place, "nesting", "lists or quotations are nested too deep", hint)) from None
    except Overdue:
        hint = "look for thousands of brackets in a row, or raise seconds_per_article in [build]"
        message = f"the text took more than {seconds:g} s to render"
        raise SiteError(Problem(place, "time", message, hint)) from None


def _drawn(article: BodySource, templates: Templates) -> Body:
    text = without_marks(article.text)
    if not may_have_calls(text):
        return Body(rootless(markdown_html(text)))
    # What draws calls takes longer to load than a text without any takes at all.
    from sitegen.render.calls import Drawing

    drawing = Drawing(article, templates)
    html = drawing.html(text, article.line)
    return Body(html, tuple(drawing.problems), tuple(drawing.polls))


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


def _with_pictures(html: str, article: BodySource, templates: Templates) -> str:
    href = templates.links.href
    return with_pictures(html, {href(picture.path): picture for picture in article.pictures}, href)
