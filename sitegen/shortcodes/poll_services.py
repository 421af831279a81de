"""Polls of other plugins and services: a call holds an id alone, and at best says where the poll can be seen.

    [yop_poll id="3"]  [crowdsignal poll="10230"]  [totalpoll id="12"]  [democracy id="5"]  [qsm quiz="1"]

A data file with question and answers (`content/polls/yop-poll-3.yaml`) makes a whole poll of such a call.
"""

import re

from sitegen.shortcodes.poll import plain_text
from sitegen.shortcodes.poll_plugins import PLUGINS
from sitegen.shortcodes.poll_values import PollPlace, poll_key
from sitegen.shortcodes.syntax import Call

_HOSTED_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_MAX_TITLE = 200


_HOSTS = {
    ("crowdsignal", "poll"): "https://poll.fm/{}",
    ("crowdsignal", "survey"): "https://survey.fm/{}",
    ("polldaddy", "poll"): "https://polldaddy.com/p/{}",
    ("polldaddy", "survey"): "https://survey.fm/{}",
}


class PollServiceShortcode:
    """A poll whose question and answers a plugin kept elsewhere."""

    names: tuple[str, ...] = tuple(PLUGINS)
    template: str = "shortcodes/poll-place.html"
    block: bool = True

    def read(self, call: Call) -> PollPlace:
        """What the call says of its poll."""
        plugin = PLUGINS[call.name]
        kind = next((name for name in plugin.ids if call.named.get(name)), plugin.ids[0])
        poll_id = call.named.get(kind, "") or next(iter(call.positional), "")
        own = poll_key(poll_id) if poll_id and not plugin.is_list else ""
        return PollPlace(
            plugin=plugin.name,
            key=f"{plugin.prefix}-{own}" if own else "",
            id=plain_text(poll_id)[:_MAX_TITLE],
            title=plain_text(call.named.get("title", ""))[:_MAX_TITLE],
            url=_url(call.name, kind, poll_id),
            is_list=plugin.is_list,
        )


def _url(name: str, kind: str, poll_id: str) -> str:
    """Where a service shows the poll, for ids that can stand in an address as they are."""
    if name == "os-widget" or name == "os_widget":
        path = poll_id.strip("/")
        return f"https://www.opinionstage.com/{path}" if re.fullmatch(r"[\w-]+(?:/[\w-]+)*", path, re.ASCII) else ""
    if not _HOSTED_ID.fullmatch(poll_id):
        return ""
    if name == "socialpoll":
        return f"https://www.opinionstage.com/polls/{poll_id}"
    return _HOSTS.get((name, kind), "").format(poll_id)
