"""The headings of a long article, as its table of contents."""

import re

from markupsafe import Markup
from msgspec import Struct

_FEWEST, _MOST = 4, 60
_HEADING = re.compile(r'<h([23]) id="([^"]*)"[^>]*>(.*?)</h\1>', re.DOTALL)


class Heading(Struct, frozen=True):
    """A line of a table of contents."""

    level: int  # 2 or 3
    id: str
    text: str


def table_of_contents(body: str) -> tuple[Heading, ...]:
    """Headings of the first two levels, in order; () where they are too few to need a table, or too many for one."""
    if body.count("<h2 id=") + body.count("<h3 id=") < _FEWEST:
        return ()
    found = _HEADING.findall(body)
    if len(found) > _MOST:
        found = [heading for heading in found if heading[0] == "2"]
    if not _FEWEST <= len(found) <= _MOST:
        return ()
    # The id comes as it stands in the HTML, escaped; so does the text.
    return tuple(Heading(int(level), Markup(id_), _text(text)) for level, id_, text in found)  # noqa: S704


def _text(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - cleaned, and plain text from here on
