"""What a poll is, without the calls that it is read from: planning and a build with nothing to do need no more."""

import datetime as dt
import re

from msgspec import Struct

from sitegen.model import Answer
from sitegen.shortcodes.poll_plugins import PLUGINS

CALLS = ("poll", "expert_review_poll")  # that hold a poll
POLL_NAMES = frozenset((*CALLS, *PLUGINS))
_KEY = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Poll(Struct, frozen=True, kw_only=True):
    """A question with its answers, and how the plugin would have drawn them."""

    id: str
    title: str
    answers: tuple[Answer, ...]
    multiple: bool = False
    show_title: bool = True
    show_count: bool = True
    show_results_button: bool = False
    style: str = "light-2"
    color: str = "blue-1"
    closed: str = ""  # "1", "0", or the day on which voting ended; "": as the site has it
    truncated: bool = False  # the source was cut: answers may be missing

    @property
    def key(self) -> str:
        """The name of its data file, and of the poll wherever votes are counted."""
        return poll_key(self.id) or _slug_of(self.title, at_word=True) or "poll"


NO_POLL = Poll(id="", title="", answers=())


class PollPlace(Struct, frozen=True, kw_only=True):
    """Where a poll stood whose question and answers are elsewhere."""

    plugin: str  # "YOP Poll"; "" if any may be meant
    key: str  # the data file that would complete it
    id: str = ""  # as the plugin knows it
    title: str = ""
    url: str = ""  # where a service shows it
    is_list: bool = False  # it was a list of polls, not one
    look: Poll = NO_POLL  # what the call says of how a poll is shown, and whether it is closed


class FoundPoll(Struct, frozen=True):
    """A poll or its place, and the first line of its call."""

    line: int
    poll: Poll | None = None
    place: PollPlace | None = None

    @property
    def key(self) -> str:
        """Of its data file."""
        return self.poll.key if self.poll else self.place.key if self.place else ""


def closing_day(closed: str) -> dt.date | None:
    """The day of `Poll.closed`, if it names one."""
    return dt.date.fromisoformat(closed) if _DAY.fullmatch(closed) else None


def poll_key(poll_id: str) -> str:
    """An id as the name of a data file and of a form; "" for one that cannot be."""
    return poll_id if _KEY.fullmatch(poll_id) else _slug_of(poll_id[:200])


def _slug_of(text: str, *, at_word: bool = False) -> str:
    from slugify import slugify  # its tables take a while to load

    return slugify(text, max_length=60, word_boundary=at_word)
