"""Markdown becomes HTML. Python-Markdown defines the dialect; what comes out is safe to show."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import nh3

from sitegen.content.permalinks import slug_of
from sitegen.render.prose import prose_html

if TYPE_CHECKING:
    from markdown import Markdown  # most bodies need none of it, and it takes long to load

_EXTENSIONS = [
    "abbr",
    "attr_list",
    "codehilite",
    "def_list",
    "fenced_code",
    "footnotes",
    "sane_lists",
    "tables",
    "toc",
]
_CODE_CLASS = "codehilite"
# Landmarks of the page are the theme's to set.
_OWN_TAGS = {
    "audio",
    "details",
    "figcaption",
    "figure",
    "mark",
    "picture",
    "section",
    "source",
    "summary",
    "track",
    "video",
}
_TAGS = (nh3.ALLOWED_TAGS | _OWN_TAGS) - {"footer", "header", "nav"}
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": {"id", "class", "lang", "dir", "title"},
    "a": {"href", "hreflang", "rev"},
    "audio": {"src", "controls", "loop"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "srcset", "sizes", "loading"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "source": {"src", "type", "media"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "scope", "headers"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "controls", "loop", "muted", "poster", "width", "height"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "ftp", "geo", "magnet", "news", "sms", "urn", "xmpp"}
# Made once: to take in what is allowed takes ten times as long as to clean a paragraph.
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel=None,
    clean_content_tags={"script", "style"},
)
_H1 = re.compile(r"<(/?)h1\b")
_converted = 0  # for the profile of a build
_OLD_ALIGN = re.compile(r' (?:align="(\w+)"|style="text-align: ?(\w+);?")')


def markdown_html(text: str) -> str:
    """HTML of Markdown, cleaned: no script, no event handler, no style and no address that runs code.

    A first-level heading becomes a second-level one, since the page has its title. Raises RecursionError
    for lists nested hundreds deep.
    """
    html = prose_html(text, code_block)
    return full_markdown_html(text) if html is None else html


def converted() -> int:
    """How many texts this process has given to Python-Markdown so far."""
    return _converted


def full_markdown_html(text: str) -> str:
    """The same by Python-Markdown alone, whatever the text holds."""
    global _converted
    _converted += 1
    converter = _converter()
    try:
        html = converter.reset().convert(text)
    except BaseException:
        # Its block parser keeps a stack that no reset clears: the next article would be read as part of this one.
        _converter.cache_clear()
        raise
    html = _OLD_ALIGN.sub(_align_class, _H1.sub(r"<\1h2", html))
    return clean_html(html)


def clean_html(html: str) -> str:
    """HTML without what could run or reach out of its place; whole and balanced."""
    return _CLEANER.clean(html)


def code_block(code: str, language: str) -> str:
    """A fenced code block as the extension of Python-Markdown draws it."""
    from markdown.extensions.codehilite import CodeHilite

    drawn = CodeHilite(code, lang=language or None, css_class=_CODE_CLASS, guess_lang=False).hilite(shebang=False)
    return clean_html(drawn.strip())


@lru_cache(maxsize=1)
def _converter() -> "Markdown":
    from markdown import Markdown

    return Markdown(
        extensions=_EXTENSIONS,
        extension_configs={
            "codehilite": {"guess_lang": False, "css_class": _CODE_CLASS},
            "toc": {
                "slugify": lambda text, _separator: slug_of(text, fallback="section"),
                "permalink": False,
            },
            # Numbers alone: a footnote's way back needs no arrow of a symbol font.
            "footnotes": {"BACKLINK_TEXT": "↩\ufe0e", "BACKLINK_TITLE": "{}", "USE_DEFINITION_ORDER": False},
        },
        output_format="html",
    )


def _align_class(match: "re.Match[str]") -> str:
    return f' class="align-{match[1] or match[2]}"'
