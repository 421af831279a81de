"""What readers wrote below an article: a JSON file beside it, in the order of its threads."""

import datetime as dt
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.model import Location, Problem, SiteError


class Comment(Struct, frozen=True, omit_defaults=True):
    """A comment as readers saw it."""

    id: str
    author: str
    date: str  # local time of the site
    content: str  # Markdown
    type: str  # "comment", "pingback", "trackback"
    parent: str = ""  # id of the comment that it answers
    depth: int = 0  # 0: answers the article
    url: str = ""  # of the author
    date_gmt: str = ""

    @property
    def when(self) -> dt.datetime | None:
        """The date as a value; None where it is unknown."""
        try:
            return dt.datetime.fromisoformat(self.date).replace(tzinfo=None)
        except ValueError:
            return None


class Comments(Struct, frozen=True):
    """The comments of an article in the order of their threads, and how many are not among them."""

    comments: tuple[Comment, ...]
    left_out: dict[str, int] = {}  # "spam", "trash", "waiting"


_DECODE = msgspec.json.Decoder(Comments).decode


def read_comments(file: Path, shown: str) -> Comments:
    """The comments in a file, which problems name as `shown`; raises SiteError for one that is no such file."""
    try:
        return _DECODE(file.read_bytes())
    except OSError as error:
        raise SiteError(
            Problem(Location(shown), "unreadable", f"can't be read: {error.strerror}", partly=True)
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        said = str(error)
        hint = "mend the file, or take it away"
        raise SiteError(Problem(Location(shown), "comments", said[:1].lower() + said[1:], hint)) from None
