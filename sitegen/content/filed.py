"""What the catalog takes of a content file."""

from typing import NamedTuple

from sitegen.model import PollRecord
from sitegen.search.words import ArticleWords
from sitegen.shortcodes.poll_values import FoundPoll


class Filed(NamedTuple):
    """A content file on its way into the catalog, as rows."""

    file: tuple[str, int, int, str, bool, bytes | None, bytes | None]
    entry: tuple[str, str, str, str, str, str, str, bytes] | None = None
    terms: tuple[tuple[str, str, str], ...] = ()  # kind, slug, name as written
    publish_at: str = ""  # before when it is nowhere to be seen, as dates sort
    is_timed: bool = False  # that time is said apart from the date
    is_withdrawn: bool = False
    polls: tuple[FoundPoll, ...] = ()  # of the body
    record: PollRecord | None = None  # of a poll's data file
    aliases: tuple[str, ...] = ()
    words: ArticleWords | None = None
