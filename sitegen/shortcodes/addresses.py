"""Addresses out of calls: only what is safe in a link passes."""

import html
import re
from urllib.parse import urlsplit

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)\s*:")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_WEB = ("http", "https")
_LINKED = (*_WEB, "mailto")


def safe_address(written: str, schemes: tuple[str, ...] = _LINKED) -> str:
    """An address of the web, for mail, or relative to the page; "" for any other, such as `javascript:`."""
    address = _CONTROL.sub("", html.unescape(written))
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in schemes:
        return ""
    return f"https:{address}" if address.startswith("//") else address


def web_address(written: str) -> str:
    """An absolute address of the web; "" for any other."""
    address = safe_address(written, _WEB)
    return address if is_absolute(address) and host_of(address) else ""


def is_absolute(address: str) -> bool:
    """Whether an address leaves the site."""
    return address.lower().startswith(("http://", "https://"))


def host_of(address: str) -> str:
    """The host of an address, in lower case and without `www.`."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def shown_address(address: str) -> str:
    """An address as a reader is told where a link leads: short, without what a browser adds."""
    shown = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE).rstrip("/")
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
