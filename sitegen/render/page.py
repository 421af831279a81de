"""A page and its body become bytes."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from sitegen.contexts import ArticleContext
from sitegen.model import ROOT, Page
from sitegen.render.body import Body
from sitegen.render.comments import DrawnComment
from sitegen.render.compiled import Block
from sitegen.render.contents import table_of_contents
from sitegen.render.json_files import is_json, json_file
from sitegen.render.layout import NO_LAYOUT, Layout, place_of
from sitegen.render.pictures import lead_picture
from sitegen.render.templates import Templates, way_to_root

_ROOT = ROOT.encode()


class DrawnPage(NamedTuple):
    """A page as it is written, and what stands where in it."""

    data: bytes
    layout: Layout = NO_LAYOUT


def render_page(
    page: Page,
    body: Body,
    templates: Templates,
    comments: tuple[DrawnComment, ...] = (),
    blocks: Sequence[bytes] = (),
) -> DrawnPage:
    """A page as it is written; `body` is that of its article, empty for a page without one.

    Where `blocks` are known, they are what the blocks of its template print that stand in no others.
    Raises SiteError at the template's line.
    """
    if is_json(page.template):
        return DrawnPage(json_file(page.context, templates.settings.site, templates.links.absolute))
    context = page.context
    own = context.image if isinstance(context, ArticleContext) and not context.is_image_in_body else None
    values = {
        "page": page.context,
        "body": Markup(body.html),  # noqa: S704 - render_body made it, and cleaned what came from content
        "lead": Markup(lead_picture(own, templates.links.href)) if own else "",  # noqa: S704 - made of a path alone
        "polls": body.polls,
        "backend": templates.settings.poll,
        "toc": table_of_contents(body.html),
        "comments": comments,
    }
    shown_for = page.body_of or page.output
    drawn = templates.draw_page(page.template, templates.settings.site.language, values, shown_for, blocks)
    way = way_to_root(templates.settings, page.output).encode()
    data, lengths = _joined(drawn, way)
    return DrawnPage(data, Layout(place_of(_rooted(body.html, way), data), lengths))


def _joined(drawn: list[str | Block], way: bytes) -> tuple[bytes, tuple[int, ...]]:
    """The pieces of a page as one, and their lengths as a layout has them."""
    pieces: list[bytes] = []
    lengths: list[int] = []
    seen = 0  # pieces that are counted
    for piece in drawn:
        if isinstance(piece, str):
            pieces.append(_rooted(piece, way))
            continue
        lengths.append(sum(map(len, pieces[seen:])))
        text = piece.text
        pieces.append(text if isinstance(text, bytes) else _rooted(text, way))
        lengths.append(len(pieces[-1]))
        seen = len(pieces)
    return b"".join(pieces), tuple(lengths)


def _rooted(text: str, way: bytes) -> bytes:
    return text.encode("utf-8", "replace").replace(_ROOT, way)
