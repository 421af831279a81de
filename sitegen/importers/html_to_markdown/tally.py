"""What of a fragment is not in its Markdown, and why."""

import re

from lxml import etree

from sitegen.importers.report import SetAside

DROPPED = {
    "script": "a script", "style": "a style sheet", "noembed": "a fallback", "template": "a template",
    "svg": "a drawing in the page", "canvas": "a drawing surface", "input": "a form field", "link": "a style sheet",
    "meta": "metadata", "base": "metadata", "select": "a form field", "textarea": "a form field", "applet": "an applet",
    "head": "metadata", "map": "an image map", "basefont": "a style", "bgsound": "a sound", "dialog": "a dialog",
    "progress": "a form field", "meter": "a form field", "datalist": "a form field", "title": "metadata",
}  # fmt: skip
_SILENT = frozenset({"meta", "link", "base", "head", "wbr", "param", "source", "track", "area", "col", "colgroup"})
MAX_TOLD = 160
_SPACES = re.compile(r"[ \t\n\r\f]+")


class Tally:
    """Collects what is set aside."""

    def __init__(self) -> None:
        self.told: list[SetAside] = []
        self.whole: list[str] = []  # the same, not shortened

    def drop(self, element: etree._Element, tag: str, reason: str = "") -> None:
        """An element is set aside with all that is in it."""
        if tag in _SILENT:
            return
        source = etree.tostring(element, encoding="unicode", with_tail=False)
        self.drop_text(source, reason or DROPPED.get(tag, tag))

    def drop_text(self, text: str, reason: str) -> None:
        """A text is set aside."""
        self.whole.append(text)
        shown = _SPACES.sub(" ", text)
        self.told.append(SetAside(shown if len(shown) <= MAX_TOLD else shown[: MAX_TOLD - 1] + "…", reason, 0))

    def comment(self, element: etree._Element) -> None:
        """A comment is set aside, unless it is one of WordPress's own."""
        text = (element.text or "").strip()
        if text and isinstance(element, etree._Comment) and not re.match(r"/?wp:|more\b|nextpage\b|wpnl", text):
            self.drop_text(f"<!--{element.text}-->", "a comment in the HTML")
