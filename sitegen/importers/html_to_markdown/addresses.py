"""Addresses and values in links, pictures and tags."""

import re
from urllib.parse import urlsplit

from lxml import etree

_ADDRESS_ESCAPES = str.maketrans(
    {" ": "%20", "<": "%3C", ">": "%3E", '"': "%22", "[": "%5B", "]": "%5D", "\\": "%5C", "`": "%60", "*": "%2A",
     "\n": "", "\r": "", "\t": "", "{": "%7B", "}": "%7D", "|": "%7C"}
)  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z0-9:/.,;_~?=+%#@!$'-]*")
RUNS_CODE = re.compile(r"(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_VALUE_ESCAPES = (
    ("\\", "&#92;"), ("`", "&#96;"), ("[", "&#91;"), ("]", "&#93;"), ("<", "&lt;"), ('"', "&quot;"),
    ("{", "&#123;"), ("}", "&#125;"),
)  # fmt: skip
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
_TRACKERS = re.compile(
    r"//(?:pixel|stats|b|s)\.(?:wp|wordpress)\.com/|feeds\.(?:wordpress\.com|feedburner\.com)/|feedburner\.com/~"
    r"|doubleclick\.net|google-analytics|/b\.gif\?|assoc-amazon|amazon-adsystem|scorecardresearch|quantserve"
    r"|facebook\.com/tr\b",
    re.IGNORECASE,
)
_YOUTUBE = re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,20})")
_VIMEO = re.compile(r"//player\.vimeo\.com/video/(\d+)")


def address_of(url: str) -> str:
    """A URL between the brackets of a link."""
    url = url.strip()
    if _PLAIN.fullmatch(url):
        return url
    url = url.translate(_ADDRESS_ESCAPES)
    url = _AMPERSAND.sub("&amp;", url)
    return url.replace("(", "%28").replace(")", "%29")


def escaped_value(text: str) -> str:
    """A value in quotes or brackets, with references for all that Markdown or HTML would read."""
    text = _AMPERSAND.sub("&amp;", text)
    for char, reference in _VALUE_ESCAPES:
        if char in text:
            text = text.replace(char, reference)
    return text.replace(">", "&gt;")


def is_tracker(element: etree._Element, source: str) -> bool:
    """Whether a picture is there to be counted, not to be seen."""
    tiny = element.get("width") in ("0", "1", "1px") and element.get("height") in ("0", "1", "1px")
    return tiny or _TRACKERS.search(source) is not None


def embedded_address(element: etree._Element) -> str:
    """Where a frame leads, as a reader would open it; "" for nowhere."""
    address = element.get("src") or element.get("data-src") or element.get("data") or ""
    if not address and element.tag == "object":
        values = [p.get("value") for p in element.iter("param") if (p.get("name") or "").lower() in ("movie", "src")]
        address = next((value for value in values if value), "")
    address = address.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if video := _YOUTUBE.search(address):
        return f"https://www.youtube.com/watch?v={video[1]}"
    if video := _VIMEO.search(address):
        return f"https://vimeo.com/{video[1]}"
    return address if _has_parts(address) else ""


def _has_parts(address: str) -> bool:
    """Whether an address can be taken apart at all."""
    try:
        return bool(urlsplit(address).path or urlsplit(address).netloc)
    except ValueError:
        return False
