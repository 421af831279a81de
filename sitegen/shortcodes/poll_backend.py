"""Where votes go: what a form must carry for each back end, and nothing for a site that counts none."""

import datetime as dt
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.config import PollTable
from sitegen.shortcodes.poll_values import Poll

_ADDRESSES = {
    "formspree": "https://formspree.io/f/{}",
    "basin": "https://usebasin.com/f/{}",
    "web3forms": "https://api.web3forms.com/submit",
}
_HONEYPOTS = {"netlify": "bot-field", "formspree": "_gotcha", "basin": "_gotcha", "web3forms": "botcheck"}
_THANKS = "/thanks/"
_THANKS_FIELDS = {"formspree": "_next", "web3forms": "redirect"}  # at Basin the page is set in its own pages
_SUBJECT_FIELDS = {"formspree": "_subject", "web3forms": "subject"}


class PollBackend(Struct, frozen=True):
    """A site's back end, ready for any poll."""

    service: str = "none"
    action: str = ""  # where the form is sent; "" where the back end fills it in, or there is none
    key: str = ""
    thanks: str = ""  # page to show after a vote: absolute, or a path where the site's address is unknown
    honeypot: str = ""
    is_closed: bool = False  # voting is over on the whole site
    closed_on: dt.date | None = None
    remembers: bool = False

    @property
    def takes_votes(self) -> bool:
        """Whether there is a back end at all."""
        return self.service != "none"

    @property
    def form_action(self) -> str:
        """The origins that forms lead to, beside the site's own, as a content security policy names them."""
        origins = dict.fromkeys(_origin(url) for url in (self.action, self.thanks))
        return " ".join(("'self'", *filter(None, origins)))


class Hidden(Struct, frozen=True):
    """A field that no reader sees."""

    name: str
    value: str


class PollForm(Struct, frozen=True):
    """`form` in shortcode templates: what surrounds the answers of an open poll."""

    service: str
    name: str  # the same wherever the poll stands
    action: str
    hidden: tuple[Hidden, ...]
    honeypot: str
    host: str  # that a vote is sent to; "" for the site's own


def backend_of(table: PollTable, site_url: str, today: dt.date) -> PollBackend:
    """The back end that `[poll]` describes. Voting that ends on a day is over from that day on."""
    service = table.service
    day = table.closed if isinstance(table.closed, dt.date) else None
    thanks = thanks_page(table) or table.thanks_url
    if thanks.startswith("/"):
        base = urlsplit(site_url).path.rstrip("/")
        thanks = site_url.rstrip("/") + thanks if site_url and service != "netlify" else base + thanks
    return PollBackend(
        service=service,
        action=thanks if service == "netlify" else table.endpoint or _ADDRESSES.get(service, "").format(table.key),
        key=table.key,
        thanks=thanks,
        honeypot=table.honeypot or _HONEYPOTS.get(service, ""),
        is_closed=day <= today if day else table.closed is True,
        closed_on=day,
        remembers=table.remember,
    )


def thanks_page(table: PollTable) -> str:
    """Path of the site's own page for readers who have voted: "/thanks/"; "" if there is none.

    Back ends that answer for themselves, as a function of one's own does, get one where it is asked for.
    """
    if table.thanks_url:
        return table.thanks_url if table.thanks_url.startswith("/") else ""
    return _THANKS if table.service in ("netlify", *_THANKS_FIELDS) else ""


def form_of(backend: PollBackend, poll: Poll, page_url: str) -> PollForm:
    """The form of one poll; `page_url` is the address of the article."""
    name, service = f"poll-{poll.key}", backend.service
    hidden = []
    if service == "netlify":
        hidden.append(Hidden("form-name", name))
    if service == "web3forms":
        hidden.append(Hidden("access_key", backend.key))
    if service in _SUBJECT_FIELDS:
        hidden.append(Hidden(_SUBJECT_FIELDS[service], f"{name}: {poll.title}"))
    if service in _THANKS_FIELDS and backend.thanks.startswith(("https://", "http://")):
        hidden.append(Hidden(_THANKS_FIELDS[service], backend.thanks))
    hidden += (Hidden("poll_id", poll.key), Hidden("question", poll.title), Hidden("article", page_url))
    return PollForm(service, name, backend.action, tuple(hidden), backend.honeypot, urlsplit(backend.action).netloc)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
