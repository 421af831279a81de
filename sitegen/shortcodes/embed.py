"""Pages of other sites that an article showed: a link that says what is there, and nothing that calls home."""

import html
import re

from msgspec import Struct

from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.shortcodes.addresses import host_of, shown_address, web_address
from sitegen.shortcodes.providers import PROVIDERS, page_address, provider_of, provider_of_call
from sitegen.shortcodes.syntax import Call

_ADDRESS = re.compile(r"(?:https?:)?//[^\s<>\"'\[\]]+", re.IGNORECASE)
_NAMED = ("url", "src", "link", "href", "id", "clip_id", "video", "v", "file", "key")


class Embed(Struct, frozen=True):
    """What stood in the frame."""

    address: str
    host: str
    shown: str  # the address, short
    provider: str = ""  # "": nobody known
    kind: str = "page"
    title: str = ""


class EmbedShortcode:
    """`[embed]`, and the shortcodes of those who are often embedded."""

    names: tuple[str, ...] = ("embed", "iframe", "oembed", *(call for each in PROVIDERS for call in each.calls))
    template: str = "shortcodes/embed.html"
    block: bool = True

    def read(self, call: Call) -> Embed:
        """Where the call leads; SiteError if it holds no address."""
        address = page_address(_address_of(call))
        if not address:
            message = f"[{call.name}] holds no address"
            hint = "write the address of the page that was shown here"
            place = Location("", call.line, call.column)
            raise SiteError(Problem(place, "embed-without-address", message, hint, Severity.WARNING))
        provider = provider_of(address) or provider_of_call(call.name)
        return Embed(
            address=address,
            host=host_of(address),
            shown=shown_address(address),
            provider=provider.name if provider else "",
            kind=provider.kind if provider else "page",
            title=call.named.get("title", "").strip(),
        )


def _address_of(call: Call) -> str:
    provider = provider_of_call(call.name)
    written = [call.content or "", *(call.named.get(name, "") for name in _NAMED), *call.positional]
    for text in written:
        if found := _ADDRESS.search(html.unescape(text)):
            return web_address(found[0])
    for text in written if provider and provider.address else ():
        number = text.strip().strip('="').removeprefix("spotify:").replace(":", "/")
        if provider and re.fullmatch(provider.ids, number):
            return provider.address.format(number)
    return ""
