"""What the body of an article is drawn from."""

from msgspec import Struct

from sitegen.contexts import PollData, ShownPicture


class BodySource(Struct, frozen=True):
    """What a body is made of."""

    source: str  # content file, named in problems
    line: int  # on which the text starts there
    text: str
    language: str
    output: str  # of the page that shows it
    path: str  # permalink of the article
    links: tuple[tuple[str, str], ...] = ()  # reference as written -> path in the site
    pictures: tuple[ShownPicture, ...] = ()
    polls: PollData | None = None
