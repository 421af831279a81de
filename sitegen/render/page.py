"""A page and its body become bytes."""

from markupsafe import Markup

from sitegen.contexts import ArticleContext
from sitegen.model import ROOT, Page
from sitegen.render.body import Body
from sitegen.render.comments import DrawnComment
from sitegen.render.contents import table_of_contents
from sitegen.render.json_files import is_json, json_file
from sitegen.render.pictures import lead_picture
from sitegen.render.templates import Templates, way_to_root

_ROOT = ROOT.encode()


def render_page(page: Page, body: Body, templates: Templates, comments: tuple[DrawnComment, ...] = ()) -> bytes:
    """The bytes of a page; `body` is that of its article, empty for a page without one.

    Raises SiteError at the template's line.
    """
    if is_json(page.template):
        return json_file(page.context, templates.settings.site, templates.links.absolute)
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
    text = templates.render(page.template, templates.settings.site.language, values, page.body_of or page.output)
    way = way_to_root(templates.settings, page.output)
    return text.encode("utf-8", "replace").replace(_ROOT, way.encode())
