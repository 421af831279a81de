"""Drawings in SVG, without what could run or reach out."""

import re

from lxml import etree

_SVG = "http://www.w3.org/2000/svg"
_MAX_BYTES = 10 << 20
_DROPPED = frozenset(
    "script foreignObject handler listener iframe embed object audio video canvas html body link meta base".split()
)
_ANIMATIONS = frozenset("set animate animateMotion animateTransform animateColor".split())
_DATA_PICTURE = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp|avif);", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"\s*https?://", re.IGNORECASE)
_BAD_STYLE = re.compile(
    r"@import[^;]*;?|expression\s*\(|javascript\s*:|behavior\s*:|-moz-binding[^;]*;?"
    r"|url\(\s*['\"]?(?!\s*#|\s*data:image/(?:png|jpe?g|gif|webp|avif);)[^)]*\)",
    re.IGNORECASE,
)


def clean_svg(data: bytes) -> bytes | None:
    """The drawing without scripts, foreign content and addresses elsewhere; None for what is no safe drawing.

    A drawing in which there is nothing of that kind comes back as it is, byte for byte.
    """
    if len(data) > _MAX_BYTES:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag not in (f"{{{_SVG}}}svg", "svg") or _has_entities(root):
        return None
    is_changed = _has_instructions(root)
    for element in list(root.iter()):
        is_changed |= _clean_element(element)
    return etree.tostring(root, encoding="utf-8") if is_changed else data


def _has_entities(root: etree._Element) -> bool:
    dtd = root.getroottree().docinfo.internalDTD
    is_declared = dtd is not None and bool(dtd.entities())  # type: ignore[attr-defined]
    return is_declared or any(True for _ in root.iter(etree.Entity))


def _has_instructions(root: etree._Element) -> bool:
    """Whether an instruction stands above the drawing, such as one that names a style sheet elsewhere.

    What is written anew starts at the root, and leaves it out.
    """
    above = root.getprevious()
    while above is not None:
        if isinstance(above, etree._ProcessingInstruction):
            return True
        above = above.getprevious()
    return False


def _clean_element(element: etree._Element) -> bool:
    parent = element.getparent()
    if isinstance(element, etree._ProcessingInstruction) and parent is not None:
        _drop(element, parent)
        return True
    if isinstance(element, etree._Comment | etree._ProcessingInstruction):
        return False
    name = etree.QName(element)
    is_html = name.namespace == "http://www.w3.org/1999/xhtml"
    if parent is not None and (name.localname in _DROPPED or is_html or _animates_address(element, name.localname)):
        _drop(element, parent)
        return True
    is_changed = False
    for key, value in list(element.attrib.items()):
        if _is_bad(name.localname, etree.QName(str(key)).localname.lower(), str(value)):
            del element.attrib[key]
            is_changed = True
    if name.localname == "style" and element.text and _BAD_STYLE.search(element.text):
        element.text = _BAD_STYLE.sub("", element.text)
        is_changed = True
    return is_changed


def _is_bad(element: str, attribute: str, value: str) -> bool:
    if attribute.startswith("on"):
        return True
    if attribute in ("href", "src", "base"):
        is_inside = value.strip().startswith("#") or not value.strip() or bool(_DATA_PICTURE.match(value))
        return not is_inside and not (element == "a" and bool(_WEB_ADDRESS.match(value)))
    return bool(_BAD_STYLE.search(value))


def _animates_address(element: etree._Element, name: str) -> bool:
    return name in _ANIMATIONS and str(element.get("attributeName", "")).lower().endswith(("href", "style"))


def _drop(element: etree._Element, parent: etree._Element) -> None:
    tail = element.tail
    before = element.getprevious()
    parent.remove(element)
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
