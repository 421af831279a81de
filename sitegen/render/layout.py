"""Where in a page the text of its article and the blocks of its template stand, for when it is drawn again."""

from msgspec import Struct, msgpack

_START = 64  # bytes of a body that hardly stand twice in a page
_ENCODE = msgpack.Encoder().encode


class Layout(Struct, frozen=True, array_like=True):
    """What stands where in a page, counted in bytes."""

    body: tuple[int, int] = (0, 0)  # where the text of its article begins and ends, as it was rendered; (0, 0) for none
    blocks: tuple[tuple[str, int, int], ...] = ()  # name of each large block, where it begins, and where it ends

    def encoded(self) -> bytes:
        """As the record keeps it."""
        return _ENCODE(self)

    def body_in(self, page: bytes) -> str:
        """The text of the article; "" where that is not known."""
        start, end = self.body
        return page[start:end].decode()

    def blocks_in(self, page: bytes) -> dict[str, bytes]:
        """What the large blocks printed, by their names."""
        return {name: page[start:end] for name, start, end in self.blocks}


NO_LAYOUT = Layout()

layout_of = msgpack.Decoder(Layout).decode
"""What `encoded` gave."""


def place_of(body: bytes, page: bytes) -> tuple[int, int]:
    """Where the text of an article begins and ends in a page; (0, 0) if it does not stand there."""
    start = body[:_START]  # to look for all of it takes several times as long
    at = page.find(start) if start else -1
    while at >= 0 and not page.startswith(body, at):
        at = page.find(start, at + 1)
    return (at, at + len(body)) if at >= 0 else (0, 0)
