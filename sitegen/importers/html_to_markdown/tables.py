"""Tables: which Markdown can say."""

from collections.abc import Callable

from lxml import etree

from sitegen.importers.html_to_markdown.tree import EMBEDS, PLAYERS, text_in


def is_simple_table(
    element: etree._Element, grid: list[list[etree._Element]], holds_block: Callable[[etree._Element], bool]
) -> bool:
    """Whether Markdown can say all of a table: a head, and rows as wide as it, of cells that are lines."""
    if len(grid) < 2 or len(grid[0]) < 2 or any(len(cells) != len(grid[0]) for cells in grid):
        return False
    if any(cell.tag != "th" for cell in grid[0]) and next(element.iter("thead"), None) is None:
        return False
    if next(element.iter("tfoot", "caption", *PLAYERS, *EMBEDS), None) is not None:
        return False
    if any("|" in text_in(code) for code in element.iter("code")):
        return False
    heads = element.find("thead")
    if (heads is not None and len(heads) > 1) or len(list(element.iter("table"))) > 1:
        return False
    return all(_is_simple_cell(cell, place) and not holds_block(cell) for place, row in enumerate(grid) for cell in row)


def _is_simple_cell(cell: etree._Element, row: int) -> bool:
    is_joined = cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1"
    return not is_joined and not (row and cell.tag == "th")


def column_sign(cell: etree._Element) -> str:
    """The sign below a head that says where its column is aligned."""
    told = f"{cell.get('align') or ''} {cell.get('class') or ''} {cell.get('style') or ''}".lower()
    if "center" in told:
        return ":---:"
    return "---:" if "right" in told else "---"
