"""Where an article lives: slugs, and permalinks made from a pattern."""

import datetime as dt
import hashlib
import re
import string
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from sitegen.config import PermalinksTable

MAX_SLUG_BYTES = 100
_BACKEND: Final = "text-unidecode"  # named: else an installed Unidecode would give other slugs
# What transliteration alone would drop, so that C, C++ and C# stay three tags.
_REPLACEMENTS = (("C++", "c-plus-plus"), ("c++", "c-plus-plus"), ("C#", "c-sharp"), ("c#", "c-sharp"),
                 ("F#", "f-sharp"), ("f#", "f-sharp"), (".NET", "dot-net"), (".net", "dot-net"))  # fmt: skip
# l'Europe is two words in French and Italian, where it's is one in English.
_ELISION = re.compile(
    r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|dell|nell|sull|dall|all|un)['’](?=[^\W\d_])", re.IGNORECASE
)
_BETWEEN = " '«»:;!?,-\u00a0\u202f"
_LATIN = re.compile(f"[A-Za-z0-9À-ÖØ-öø-ÿœŒ’{_BETWEEN[:-3]}\u00a0\u202f-]*")
# Each of those letters, and behind it what it is in ASCII. python-slugify says the same, with a table of 4 MB.
_LETTERS = (
    "àa áa âa ãa äa åa æae çc èe ée êe ëe ìi íi îi ïi ðd ñn òo óo ôo õo öo øo ùu úu ûu üu ýy þth ßss ÿy œoe".split()
)
_IN_ASCII = {
    **{ord(sign): pair[1:] for pair in _LETTERS for sign in {pair[0], pair[0].upper()} if len(sign) == 1},
    **{ord(letter): letter.lower() for letter in string.ascii_uppercase},
    ord("’"): "",
    **dict.fromkeys(map(ord, _BETWEEN), "-"),
}
_GROUPED = re.compile(r"\d,\d")  # 1,000 is one number
_QUOTED = re.compile(r"[a-z0-9/.-]*")  # what most paths are, and stay
_DASHES = re.compile("-{2,}")
_IS_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
_RESERVED = frozenset({"index", "404", "page", "feed", "robots", "sitemap"})


Replacements = tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def slug_of(text: str, fallback: str = "") -> str:
    """A URL segment for `text`: lower-case ASCII letters, digits and hyphens, at most 100 bytes.

    Cut text ends in a short hash of the whole, so that two long titles stay apart. Names that Windows
    or sitegen itself needs get a suffix. Text without letters or digits gives `fallback` in its place,
    and without a fallback a hash of the text.
    """
    if _IS_SLUG.fullmatch(text):
        plain = slug = text  # as it would come out, without the way there
    else:
        plain = unicodedata.normalize("NFC", text)
        if "'" in plain or "’" in plain:
            plain = _APOSTROPHE.sub("", _ELISION.sub(r"\1-", plain))
        slug = _slugified(plain) or _of_any_text(fallback)
    if not slug:
        return f"x-{_short_hash(plain)}"
    if len(slug) > MAX_SLUG_BYTES:
        cut = slug[: MAX_SLUG_BYTES - 9].rsplit("-", 1)[0] or slug[: MAX_SLUG_BYTES - 9]
        slug = f"{cut}-{_short_hash(plain)}"
    return f"{slug}-1" if slug in _DEVICES or slug in _RESERVED else slug


@lru_cache(maxsize=65_536)
def term_slug(name: str, replacements: Replacements = ()) -> str:
    """The URL segment of a tag or section; `replacements` are the site's own, whole name to slug."""
    own = dict(replacements).get(name)
    return own or slug_of(name)


def permalink_of(patterns: PermalinksTable, slug: str, date: dt.datetime | None, section: str) -> str:
    """Path of an article: no slash in front, one at the end; no segment can leave the output folder."""
    pattern = patterns.dated if date else patterns.undated
    if len(slug) == 2 and slug.isdigit():
        slug = f"{slug}-1"  # /2024/09/ is a month and /2024/09/14/ a day
    values = MappingProxyType(
        {
            "slug": slug,
            "initials": slug[:2].strip("-"),
            "section": slug_of(section) if section else "articles",
            "year": f"{date.year:04d}" if date else "undated",
            "month": f"{date.month:02d}" if date else "",
            "day": f"{date.day:02d}" if date else "",
        }
    )
    path = pattern.format_map(values)
    return re.sub(r"/{2,}", "/", path).strip("/") + "/"


def _slugified(text: str) -> str:
    """What python-slugify makes of a text; what most titles are made of takes a tenth of its time here."""
    if _LATIN.fullmatch(text) and not _GROUPED.search(text):
        return _DASHES.sub("-", text.translate(_IN_ASCII)).strip("-")
    return _of_any_text(text, _REPLACEMENTS)


def _of_any_text(text: str, replacements: Replacements = ()) -> str:
    from slugify import slugify  # few texts need it, and its tables take a while to load

    return slugify(text, replacements=replacements, backend=_BACKEND)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def quoted(path: str) -> str:
    """A path as an address has it: only what an address can't hold is escaped."""
    return path if _QUOTED.fullmatch(path) else _escaped(path)


@lru_cache(maxsize=4096)
def _escaped(path: str) -> str:
    return quote(path, safe="/~!$&'()*+,;=:@%")
