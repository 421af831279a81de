"""Sound and moving pictures: the browser's own player for a file of the site, a link for one elsewhere."""

import re

from msgspec import Struct

from sitegen.shortcodes.addresses import is_absolute, safe_address
from sitegen.shortcodes.syntax import Call, write_call
from sitegen.shortcodes.written import Written, literally

_TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg",
    "wav": "audio/wav", "flac": "audio/flac", "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm",
    "ogv": "video/ogg",
}  # fmt: skip
_AUDIO = ("src", "mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "wma", "url")
_VIDEO = ("src", "mp4", "m4v", "webm", "ogv", "mov", "wmv", "flv", "url", "link")
_NUMBER = re.compile(r"\d{1,4}")
_ON = ("1", "true", "on", "yes", "loop")


class Sound(Struct, frozen=True):
    """One file in one format."""

    address: str
    type: str = ""  # "audio/mpeg"; "": not known


class Player(Struct, frozen=True):
    """What is played, and how."""

    kind: str  # "audio" or "video"
    files: tuple[Sound, ...]  # the same in several formats
    title: str = ""
    name: str = ""  # of the first file
    poster: str = ""
    width: int = 0  # 0: not said
    height: int = 0
    loops: bool = False


class PlayerShortcode:
    """`[audio]` or `[video]`."""

    template: str = "shortcodes/player.html"
    block: bool = True

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        self.names = names
        self._kind = kind

    def read(self, call: Call) -> Struct:
        """A player; a link card for a file elsewhere; text where no file is named."""
        names = _AUDIO if self._kind == "audio" else _VIDEO
        written = [*(call.named.get(name, "") for name in names), *call.positional, (call.content or "").strip()]
        addresses = [address for text in written if text and (address := _file_address(text))]
        if not addresses:
            return literally(call)
        if is_absolute(addresses[0]):
            named = {"title": title} if (title := call.named.get("title", "")) else {}
            return Written(write_call("embed", {"src": addresses[0], **named}), is_block=True)
        return Player(
            kind=self._kind,
            files=tuple(Sound(address, _type_of(address)) for address in dict.fromkeys(addresses)),
            title=" ".join(call.named.get("title", "").split()),
            name=addresses[0].rpartition("/")[2].partition("?")[0],
            poster=_own(call.named.get("poster", "")),
            width=_size(call, "width"),
            height=_size(call, "height"),
            loops=call.named.get("loop", "").lower() in _ON,
        )


def _file_address(text: str) -> str:
    """An address without blanks; words are none."""
    return safe_address(text) if "." in text and not re.search(r"\s|[<>\[\]]", text.strip()) else ""


def _own(address: str) -> str:
    """A picture of this very site: one elsewhere would be fetched before anybody asks for it."""
    address = safe_address(address)
    return "" if is_absolute(address) else address


def _type_of(address: str) -> str:
    return _TYPES.get(address.partition("?")[0].rpartition(".")[2].lower(), "")


def _size(call: Call, name: str) -> int:
    found = _NUMBER.fullmatch(call.named.get(name, "").removesuffix("px"))
    return int(found[0]) if found else 0
