"""Where in a page the text of its article and the blocks of its template stand, for when it is drawn again."""

from itertools import accumulate, pairwise

from msgspec import Struct, msgpack

_START = 64  # bytes of a body that hardly stand twice in a page
_ENCODE = msgpack.Encoder().encode


class Layout(Struct, frozen=True, array_like=True):
    """What stands where in a page, counted in bytes."""

    body: tuple[int, int] = (0, 0)  # of its article, as it was rendered: where it begins, and its length; 0 for none
    lengths: tuple[int, ...] = ()  # of what stands before the first block, of that, of what stands between, and so on

    def encoded(self) -> bytes:
        """As the record keeps it."""
        return _ENCODE(self)

    def body_in(self, page: bytes) -> str:
        """The text of the article; "" where that is not known."""
        at, length = self.body
        return page[at : at + length].decode()

    def blocks_in(self, page: bytes) -> list[bytes]:
        """What each block printed that stands in no other, in their order."""
        edges = list(pairwise(accumulate(self.lengths, initial=0)))
        return [page[start:end] for start, end in edges[1::2]]


NO_LAYOUT = Layout()

layout_of = msgpack.Decoder(Layout).decode
"""What `encoded` gave."""


def place_of(body: bytes, page: bytes) -> tuple[int, int]:
    """Where the text of an article stands in a page, and its length; (0, 0) if it does not."""
    start = body[:_START]  # to look for all of it takes several times as long
    at = page.find(start) if start else -1
    while at >= 0 and not page.startswith(body, at):
        at = page.find(start, at + 1)
    return (at, len(body)) if at >= 0 else (0, 0)
