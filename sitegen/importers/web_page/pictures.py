"""Pictures of a saved page: where they really lie, which are there to be counted, which have words below."""

import re
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from sitegen.importers.web_page.tree import drop, text_of

_CAPTION_WORDS = re.compile(r"(?:^|[\s_-])(?:caption|figcaption|imagecaption|bildunterschrift|legende)", re.IGNORECASE)
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-srcset", "data-lazy-srcset", "srcset", "data-full-src")
_PIXEL = re.compile(
    r"(?:^|[/._?&=-])(?:pixel|beacon|1x1|spacer|blank|clear|transparent|count|track(?:ing)?|stats?)(?=[/._?&=-]|$)",
    re.I,
)
_TINY = re.compile(r"^\s*[0-2](?:px)?\s*$")
_TINY_STYLE = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[0-2](?:px)?\s*(?:;|$)", re.IGNORECASE)


def is_pixel(image: HtmlElement) -> bool:
    """Whether a picture is there to be counted, not to be seen."""
    if any(_TINY.match(image.get(side) or "") for side in ("width", "height")) or _TINY_STYLE.search(
        image.get("style") or ""
    ):
        return True
    source = image.get("src") or ""
    return not (image.get("alt") or "").strip() and bool(_PIXEL.search(_path_of(source))) and not image.get("width")


def _path_of(address: str) -> str:
    """Path and query of an address; the whole of one that is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.path}?{parts.query}"


def unwrap_noscript(noscript: HtmlElement) -> None:
    """The picture of a page that loads its pictures by script stands in <noscript>."""
    pictures = list(noscript.iter("img"))
    if not pictures and "<img" in (noscript.text or ""):
        pictures = list(html.fragment_fromstring(noscript.text or "", create_parent="div").iter("img"))
    before, parent = noscript.getprevious(), noscript.getparent()
    if len(pictures) != 1 or parent is None or is_pixel(pictures[0]) or parent.tag == "head":
        return
    placeholder = before if before is not None and before.tag == "img" else None
    if placeholder is not None and source_of(placeholder):
        return
    picture = pictures[0]
    picture.tail = None
    if placeholder is not None:
        drop(placeholder)
    noscript.addprevious(picture)


def source_of(image: HtmlElement) -> str:
    """Where a picture really lies: pages that load late keep it in an attribute of their own."""
    source = (image.get("src") or "").strip()
    if source and not source.startswith("data:") and not _PIXEL.search(_path_of(source)):
        return source
    for name in _LAZY:
        value = (image.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return _largest(value) if "srcset" in name else value
    return "" if source.startswith("data:") else source


def _largest(srcset: str) -> str:
    """The address of a srcset with the greatest width or density."""
    best, size = "", -1.0
    for part in re.split(r",\s+", srcset):
        address, _, said = part.strip().partition(" ")
        number = (
            float(match[0]) if (match := re.match(r"[\d.]+\d|\d", said.strip())) and match[0].count(".") < 2 else 0.0
        )
        if number > size:
            best, size = address, number
    return best


def name_figures(body: HtmlElement) -> None:
    """Blocks of one picture and its words are figures, whatever elements they were made of."""
    for element in list(body.iter("div", "dl", "p", "center", "td")):
        if len(element) > 4 or len(list(element.iter("img"))) != 1:
            continue
        inner = element.iterdescendants(etree.Element)
        marked = (part for part in inner if _CAPTION_WORDS.search(part.get("class") or ""))
        words = next((part for part in marked if part.find(".//img") is None and text_of(part)), None)
        if words is None or len(text_of(element)) > len(text_of(words)) + 60 or len(text_of(words)) > 600:
            continue
        if element.tag == "td":
            continue
        element.tag, words.tag = "figure", "figcaption"
