"""Footnotes of WordPress's plugins are Markdown's footnotes."""

from msgspec import Struct

from sitegen.shortcodes.syntax import Call
from sitegen.shortcodes.written import Written, literally


class FootnoteShortcode:
    """`[footnote]text[/footnote]` and its kin."""

    names: tuple[str, ...] = ("footnote", "ref", "efn_note", "fn", "mfn", "footnotes_note", "note_ref", "sidenote")
    template: str = ""
    block: bool = False

    def read(self, call: Call) -> Struct:
        """A note; without text it is no call."""
        note = (call.content or call.named.get("text", "") or call.named.get("note", "")).strip()
        return Written("", note=note) if note else literally(call)


class FootnoteListShortcode:
    """Where a plugin listed the notes: ours stand below the article anyway."""

    names: tuple[str, ...] = ("footnotes", "efn_notes", "references", "footnote_list", "reflist", "mfn_list")
    template: str = ""
    block: bool = True

    def read(self, _call: Call) -> Struct:
        """Nothing."""
        return Written("")
