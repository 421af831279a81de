"""Pictures with words below."""

import re

from lxml import etree

from sitegen.shortcodes.syntax import write_call

ATTACHMENT = re.compile(r"\bwp-image-(\d+)\b")
_COLUMNS = re.compile(r"\bcolumns-([1-9])\b")
_ALIGNMENTS = {"alignleft": "left", "alignright": "right", "aligncenter": "center", "alignnone": "none"}


def shape_of(figure: etree._Element, image: etree._Element) -> dict[str, str]:
    """Attributes of a caption: id of the attachment, alignment, width."""
    classes = f"{figure.get('class') or ''} {image.get('class') or ''}"
    shape = {}
    if number := ATTACHMENT.search(classes):
        shape["id"] = f"attachment_{number[1]}"
    if align := next((side for name, side in _ALIGNMENTS.items() if name in classes.split()), ""):
        shape["align"] = f"align{align}"
    if (width := image.get("width") or "").isdigit():
        shape["width"] = width
    return shape


def caption_of(image: str, words: str, shape: dict[str, str]) -> str:
    """A picture and its words in one call."""
    try:
        return write_call("caption", shape, (), f"{image} {words}")
    except ValueError:
        return f"{image}\n\n{words}"


def gallery_of(figure: etree._Element, pictures: list[tuple[str, str]]) -> str:
    """Pictures and their words side by side."""
    columns = _COLUMNS.search(figure.get("class") or "")
    lines = "\n".join(" ".join(filter(None, picture)) for picture in pictures)
    try:
        return write_call("gallery", {"columns": columns[1]} if columns else {}, (), f"\n{lines}\n")
    except ValueError:
        return lines.replace("\n", "\n\n")
