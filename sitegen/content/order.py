"""What articles sort by, and the buckets of neighbours that are planned together."""

from functools import lru_cache

from sitegen.alphabets import alphabet_of
from sitegen.model import ArticleEntry, Entry

FIRST, LAST = " ", "\U0010ffff"  # sort before and behind every sign of a key but a space
_MAX_KEY = 60
_UNDATED = "~"
TENS = 9  # signs of a date that say which third of a month it is in: "2024-09-1" has the 10th to the 19th
_START = 2  # signs of a title by which undated articles are put together


def sort_date(entry: Entry) -> str:
    """A text by which dates sort; "" for an undated article."""
    return entry.date.isoformat() if entry.date else ""


def publication_time(entry: ArticleEntry) -> str:
    """Before when an article is nowhere to be seen, as dates sort; "" for one that may be seen at any time."""
    return entry.publish_at.isoformat() if entry.publish_at else sort_date(entry)


@lru_cache(maxsize=4096)
def title_key(title: str, language: str = "en") -> str:
    """What a title sorts by in a site of a language; "-" for one without any sign that counts."""
    return alphabet_of(language).key(title)[:_MAX_KEY] or "-"


def bucket_of(date: str, key: str) -> str:
    """The bucket of an article by its date and its title's key: ten days, or the beginning of an undated title."""
    return date[:TENS] if date else _UNDATED + key[:_START]


def is_undated(bucket: str) -> bool:
    """Whether a bucket is one of undated titles."""
    return bucket.startswith(_UNDATED)


def bucket_range(bucket: str) -> tuple[str, str, str]:
    """First and last date, and beginning of the key, of the articles in a bucket."""
    return ("", "", bucket[1:]) if bucket.startswith(_UNDATED) else (bucket, bucket + "~", "")
