"""Footnotes of a fragment: notes in lists below it, and those of the block editor."""

from collections.abc import Callable

from lxml import etree

from sitegen.importers.html_to_markdown.layout import indented
from sitegen.importers.html_to_markdown.pieces import Piece, Pieces
from sitegen.importers.html_to_markdown.tally import Tally
from sitegen.importers.html_to_markdown.tree import take_out, text_in


class Notes:
    """The notes of one fragment by the ids that name them, numbered as they are met."""

    def __init__(
        self, texts: dict[str, str], tally: Tally,
        written: Callable[[str], str], written_item: Callable[[etree._Element], str],
    ) -> None:  # fmt: skip
        self.items: dict[str, etree._Element] = {}  # by the id that a reference names
        self.definitions: list[str] = []
        self._texts = texts
        self._tally = tally
        self._numbers: dict[str, int] = {}
        self._written = written  # Markdown of a note of the block editor, and of one in a list
        self._written_item = written_item

    def find(self, tree: etree._Element) -> None:
        """Notes are items whose text links back to where they are named from."""
        by_id = {element.get("id"): element for element in tree.iter("li", "p", "div") if element.get("id")}
        places = {element.get("id") or element.get("name"): element for element in tree.iter("a", "sup")}
        for place, element in places.items():
            if place is None:
                continue
            link = element if element.tag == "a" else element.find(".//a")
            name = (link.get("href") or "").removeprefix("#") if link is not None else ""
            note = by_id.get(name)
            if note is None or note in element.iterancestors() or note.tag == "div":
                continue
            back = [a for a in note.iter("a") if a.get("href") == f"#{place}"]
            if back:
                self.items[name] = note
                for a in back:
                    self._tally.whole.append(text_in(a))
                    take_out(a)

    def is_note(self, element: etree._Element, pieces: Pieces) -> bool:
        """Whether a `<sup>` names a footnote; then its reference is written."""
        key = element.get("data-fn") or ""
        if key and key in self._texts:
            self._tally.whole.append(text_in(element))
            self._name_note(key, lambda: self._written(self._texts[key]), pieces)
            return True
        link = next((a for a in element.iter("a")), None)
        alone = link is not None and not (element.text or "").strip() and len(element) == 1
        return alone and link is not None and self.is_note_link(link, pieces)

    def is_note_link(self, element: etree._Element, pieces: Pieces) -> bool:
        """Whether a link leads to a note; then its reference is written."""
        key = (element.get("href") or "").removeprefix("#")
        if not key or key not in self.items:
            return False
        self._tally.whole.append(text_in(element))
        self._name_note(key, lambda: self._written_item(self.items[key]), pieces)
        return True

    def _name_note(self, key: str, text: Callable[[], str], pieces: Pieces) -> None:
        if key not in self._numbers:
            number = self._numbers[key] = len(self._numbers) + 1
            place = len(self.definitions)
            self.definitions.append("")
            self.definitions[place] = f"[^{number}]: {indented(text())}"
        pieces.append(Piece(f"[^{self._numbers[key]}]", True))
