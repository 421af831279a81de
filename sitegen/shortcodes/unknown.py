"""A call that nobody can draw: its source is kept, and shown behind a placeholder."""

from msgspec import Struct

from sitegen.shortcodes.syntax import Call


class Unknown(Struct, frozen=True):
    """What is known of such a call."""

    name: str
    source: str
    content: str = ""  # what it encloses


class UnknownShortcode:
    """Reads any call as a placeholder; it has no names of its own."""

    names: tuple[str, ...] = ()
    template: str = "shortcodes/unknown.html"
    block: bool = True

    def read(self, call: Call) -> Unknown:
        """The placeholder for a call."""
        return Unknown(call.name, call.source, call.content or "")
