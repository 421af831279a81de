"""Comments of readers become what a template shows."""

import datetime as dt
import re
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from sitegen.content.comments import read_comments
from sitegen.model import ROOT
from sitegen.render.markdown import markdown_html
from sitegen.typography import french_html, is_french

_DEEPEST = 4  # an answer deeper than this is indented no further
# The page's outline, its anchors and its good name belong to the article.
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>")
_ANCHOR = re.compile(r' (?:id="[^"]*"|href="#[^"]*")')
_LINK = re.compile(r"<a (?=href=)")


class DrawnComment(Struct, frozen=True):
    """A comment as a template shows it."""

    id: str
    author: str
    url: str  # of its author
    date: dt.datetime | None
    html: Markup
    depth: int  # 0: answers the article
    answers: str  # id of the comment that it answers
    answered: str  # and who wrote that


def drawn_comments(file: Path, shown: str, language: str) -> tuple[DrawnComment, ...]:
    """The comments in a file of the content folder, which problems name as `shown`; raises SiteError."""
    comments = read_comments(file, shown).comments
    authors = {comment.id: comment.author for comment in comments}
    places = {comment.id: number for number, comment in enumerate(comments, 1)}
    return tuple(
        DrawnComment(
            id=f"c{number}",
            author=comment.author,
            url=comment.url if comment.url.startswith(("https://", "http://")) else "",
            date=comment.when,
            html=_html(comment.content, language),
            depth=min(comment.depth, _DEEPEST),
            answers=f"c{places[comment.parent]}" if comment.parent in places else "",
            answered=authors.get(comment.parent, ""),
        )
        for number, comment in enumerate(comments, 1)
    )


def _html(content: str, language: str) -> Markup:
    html = _HEADING.sub(r"<\1p>", markdown_html(content)).replace(ROOT, "")
    if is_french(language):
        html = french_html(html)
    return Markup(_LINK.sub('<a rel="nofollow ugc" ', _ANCHOR.sub("", html)))  # noqa: S704 - cleaned by markdown_html
