"""A shortcode that is Markdown in other words: what it says is read as part of the text around it."""

from msgspec import Struct


class Written(Struct, frozen=True):
    """Markdown in place of a call. It may hold calls of its own."""

    text: str
    note: str | None = None  # of a footnote: `text` is then its reference, to which the note is added
    is_block: bool = False
