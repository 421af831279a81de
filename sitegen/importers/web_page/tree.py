"""Small steps in a page's tree."""

import re
from html import escape

from lxml import html
from lxml.html import HtmlElement

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CODE = frozenset(("pre", "code", "kbd", "samp", "tt"))


_SPACES = re.compile(r"\s+")


def inner_html(element: HtmlElement) -> str:
    """What stands between the tags of an element."""
    children = (html.tostring(child, encoding="unicode") for child in element)
    return escape(element.text or "", quote=False) + "".join(children)


def set_inner_html(element: HtmlElement, inner: str) -> None:
    """Put other HTML between the tags of an element."""
    made = html.fragment_fromstring(inner, create_parent="div")
    for child in list(element):
        element.remove(child)
    element.text = made.text
    for child in list(made):
        element.append(child)


def in_code(element: HtmlElement) -> bool:
    """Whether an element is code, or stands in code."""
    return element.tag in _CODE or any(above.tag in _CODE for above in element.iterancestors())


def drop(element: HtmlElement) -> None:
    """Take an element out; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def text_of(element: HtmlElement) -> str:
    """The text of an element on one line."""
    return _SPACES.sub(" ", "".join(str(text) for text in element.itertext())).strip()
