"""A call that nobody can draw: its source is kept, and shown behind a placeholder."""

from msgspec import Struct

from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.shortcodes.syntax import Call


class Unknown(Struct, frozen=True):
    """What is known of such a call."""

    name: str
    source: str
    content: str = ""  # what it encloses


def unknown_shortcode(call: Call) -> SiteError:
    """The problem that a call is of a name which nobody knows."""
    place = Location("", call.line, call.column)
    hint = f"add templates/shortcodes/{call.name}.html, or take the call out; its source is kept on the page"
    return SiteError(Problem(place, "unknown-shortcode", f"unknown shortcode {call.name}", hint, Severity.WARNING))
