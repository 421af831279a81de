"""A page and its body become bytes."""

from collections.abc import Mapping
from itertools import accumulate
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
    blocks: Mapping[str, bytes] | None = None,
) -> DrawnPage:
    """A page as it is written; `body` is that of its article, empty for a page without one.

    `blocks` are what is known of the large blocks of its template, by their names.
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
    pieces = [_rooted(piece if isinstance(piece, str) else piece.text, way) for piece in drawn]
    ends = list(accumulate(map(len, pieces)))
    places = tuple(
        (block.name, end - len(piece), end)
        for block, piece, end in zip(drawn, pieces, ends, strict=True)
        if isinstance(block, Block)
    )
    data = b"".join(pieces)
    return DrawnPage(data, Layout(place_of(_rooted(body.html, way), data), places))


def _rooted(text: str | bytes, way: bytes) -> bytes:
    return text.encode("utf-8", "replace").replace(_ROOT, way) if isinstance(text, str) else text
