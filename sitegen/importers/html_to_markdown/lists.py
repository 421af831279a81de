"""Lists: which Markdown can say, and how they are written."""

from lxml import etree

from sitegen.importers.html_to_markdown.layout import indented, joined, kind_of
from sitegen.importers.html_to_markdown.tree import EMBEDS, HEADINGS, PLAYERS, is_tag, text_in


def is_simple_list(element: etree._Element) -> bool:
    """Whether Markdown can say all of a list, and of those in it."""
    # Python-Markdown reads a quotation in a list only up to its first blank line.
    if next(element.iter("table", "details", "dl", "figure", "hr", "blockquote", *PLAYERS), None) is not None:
        return False
    for part in element.iter("ol", "li", "pre"):
        if part.tag == "ol" and (part.get("reversed") is not None or (part.get("type") or "1") != "1"):
            return False
        if part.tag == "li" and _is_numbered(part) and (part.get("value") or not _shows(part)):
            return False
        if part.tag == "pre" or (part.tag == "li" and _starts_with_block(part)):
            return False
    return True


def write_list(items: list[list[str]], number: int | None, is_loose: bool) -> str:
    """A list of items, each of them blocks; numbered from `number`."""
    # A blank line anywhere in it makes the list loose, and with it those around it.
    is_loose = is_loose or any(not _is_tight(blocks) or "\n\n" in "".join(blocks) for blocks in items)
    lines = []
    for place, blocks in enumerate(items):
        sign = "- " if number is None else f"{number + place}. "
        lines.append(sign + indented(joined(blocks) if is_loose else "\n".join(blocks)))
    return ("\n\n" if is_loose else "\n").join(lines)


def _is_tight(blocks: list[str]) -> bool:
    """Whether an item is one paragraph, and at most one list below it."""
    return len(blocks) < 2 or (len(blocks) == 2 and kind_of(blocks[1]) in ("ul", "ol"))


def _shows(element: etree._Element) -> bool:
    return bool(text_in(element).strip()) or next(element.iter("img", *EMBEDS), None) is not None


def _starts_with_block(item: etree._Element) -> bool:
    """Whether another list or a heading is the first thing in an item."""
    if item.text and not item.text.isspace():
        return False
    for event, part in etree.iterwalk(item, ("start", "end")):
        if not is_tag(part):
            continue
        if event == "start" and (part.tag in ("ul", "ol") or part.tag in HEADINGS):
            return True
        text = part.text if event == "start" else part.tail
        if (text or "").strip() or part.tag == "img":
            return False
    return False


def _is_numbered(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "ol"
