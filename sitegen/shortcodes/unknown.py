"""A call that nobody can draw: its source is kept, and shown behind a placeholder."""

from msgspec import Struct


class Unknown(Struct, frozen=True):
    """What is known of such a call."""

    name: str
    source: str
    content: str = ""  # what it encloses
