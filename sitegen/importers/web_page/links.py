"""Addresses in a saved page: made whole, made harmless, and players as links to what they play."""

import re
from collections.abc import Iterator

from lxml import etree, html
from lxml.html import HtmlElement

from sitegen.importers.web_page.metadata import PageMetadata, language_tag, whole_address
from sitegen.importers.web_page.pictures import source_of
from sitegen.importers.web_page.tree import HEADINGS, drop, text_of

_EMBEDS = ("iframe", "embed", "object", "video", "audio")


def settle_addresses(tree: HtmlElement, canonical: str) -> None:
    """Links and pictures with whole addresses where the page's own is known; what runs code is taken away."""
    base = next((element.get("href") or "" for element in tree.iter("base")), "").strip()
    base = whole_address(canonical, base) if base else canonical
    for image in tree.iter("img"):
        if source := source_of(image):
            image.set("src", whole_address(base, source))
    for element in tree.iter("a", *_EMBEDS, "source"):
        for name in ("href", "src", "data"):
            if address := (element.get(name) or "").strip():
                settled = _settled(address, base, canonical)
                if settled:
                    element.set(name, settled)
                else:
                    del element.attrib[name]


def _settled(address: str, base: str, canonical: str) -> str:
    """A whole address; a place of the same page as "#place"; "" for what would run code."""
    scheme = re.sub(r"[\x00-\x20]", "", address.partition(":")[0]).lower() if ":" in address else ""
    if scheme in ("javascript", "vbscript", "data", "file", "blob", "about"):
        return ""
    if address.startswith("#"):
        return address
    whole = whole_address(base, address)
    page = canonical.partition("#")[0]
    return whole[len(page) :] if page and whole.startswith(page + "#") else whole


def players_as_links(body: HtmlElement) -> Iterator[str]:
    """Players as links to what they play; frames are named, and become links when Markdown is written.

    What players say where there are none is taken out; it is yielded.
    """
    for frame in body.iter("iframe", "embed", "object"):
        address = frame.get("src") or frame.get("data-src") or frame.get("data") or ""
        frame.set("title", " ".join((frame.get("title") or "").split()) or _short(address) or address)
    for element in list(body.iter("video", "audio")):
        yield text_of(element)
        address = element.get("src") or next((source.get("src") or "" for source in element.iter("source")), "")
        if not address.lower().startswith(("http://", "https://", "/")) or element.getparent() is None:
            drop(element)
            continue
        link = html.Element("a", href=address)
        link.text = " ".join((element.get("title") or "").split()) or _short(address)
        holder = link
        if _phrasing_parent(element) is None:
            holder = html.Element("p")
            holder.append(link)
        holder.tail = element.tail
        parent = element.getparent()
        assert parent is not None
        parent.replace(element, holder)


def _short(address: str) -> str:
    """Where a link leads, without what only machines read."""
    short = address.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
    return short if len(short) <= 60 else short.partition("/")[0]


def _phrasing_parent(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    return (
        parent
        if parent is not None and parent.tag in ("p", "a", "li", "td", "th", "dd", "span", "em", "strong", *HEADINGS)
        else None
    )


def remove_dead_ends(body: HtmlElement, said: PageMetadata) -> None:
    """Links to places that are not in the article lose their link; languages are named where they change."""
    places = {element.get("id") or element.get("name") for element in body.iter(etree.Element)}
    for element in list(body.iter(etree.Element))[1:]:
        address = element.get("href")
        if (
            element.tag == "a"
            and address is not None
            and (address == "#" or (address[:1] == "#" and address[1:] not in places))
        ):
            del element.attrib["href"]
        if address and address.startswith("#") and any(above.tag in HEADINGS for above in element.iterancestors()):
            element.attrib.pop("href", None)  # a heading that links to itself
        if language_tag(element.get("lang") or "") == said.language:
            element.attrib.pop("lang", None)
        if (element.get("dir") or "").lower() in (said.direction or "ltr", "auto"):
            element.attrib.pop("dir", None)
