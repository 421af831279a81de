"""How to cite an article: three styles for people, three formats for programs."""

import datetime as dt
import re
from functools import lru_cache

import msgspec
from msgspec import Struct

from sitegen.contexts import ArticleContext

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_PARTICLES = frozenset("al bin da das de del della den der des di dos du el ibn la le ten ter van von zu".split())
_BIBTEX = str.maketrans({
    "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$", "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
_SPECIAL = re.compile(r"[{}%&#_$\\~^]")
_JSON = msgspec.json.Encoder().encode


class Citations(Struct, frozen=True):
    """One article, as each style and format has it."""

    apa: str
    mla: str
    chicago: str
    bibtex: str
    ris: str
    csl_json: str


class Name(Struct, frozen=True):
    """A person's name, as far as it can be taken apart: the last words are the family's."""

    given: str
    family: str


def citations(page: ArticleContext, site_title: str, url: str) -> Citations:
    """How to cite the article that lives at `url`; styles are as their English handbooks have them."""
    names, date = tuple(map(name_of, page.authors)), page.date
    title = " ".join(page.title.split())
    end = "" if title.endswith(("?", "!", ".", "…")) else "."
    return Citations(
        apa=_apa(names, title + end, date, site_title, url),
        mla=_mla(names, title + end, date, site_title, url),
        chicago=_chicago(names, title + end, date, site_title, url),
        bibtex=_bibtex(page, names, title, site_title, url),
        ris=_ris(page, names, title, site_title, url),
        csl_json=_csl_json(page, names, title, site_title, url),
    )


@lru_cache(maxsize=4096)
def name_of(text: str) -> Name:
    """The parts of a name: "Anne de Vries", "Vries, Anne de" and "Homer" tell by themselves."""
    if "," in text:
        family, _, given = text.partition(",")
        return Name(given.strip(), family.strip())
    words = text.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return Name(" ".join(words[:start]), " ".join(words[start:]))


def _apa(names: tuple[Name, ...], title: str, date: dt.datetime | None, site: str, url: str) -> str:
    when = f"({date.year}, {_MONTHS[date.month - 1]} {date.day})." if date else "(n.d.)."
    who = [f"{name.family}, {_initials(name.given)}" if name.given else name.family for name in names]
    if not who:
        return f"{title} {when} {site}. {url}".rstrip()
    said = who[0] if len(who) == 1 else f"{', '.join(who[:-1])}, & {who[-1]}"
    return f"{said} {when} {title} {site}. {url}".rstrip()


def _mla(names: tuple[Name, ...], title: str, date: dt.datetime | None, site: str, url: str) -> str:
    when = f", {date.day} {_SHORT[date.month - 1]} {date.year}" if date else ""
    where = f", {url.partition('://')[2]}" if url else ""
    return f"{_sentence(_people(names, 2))}“{title}” {site}{when}{where}."


def _chicago(names: tuple[Name, ...], title: str, date: dt.datetime | None, site: str, url: str) -> str:
    when = f", {_MONTHS[date.month - 1]} {date.day}, {date.year}" if date else ""
    return f"{_sentence(_people(names, 3))}“{title}” {site}{when}.{f' {url}.' if url else ''}"


def _bibtex(page: ArticleContext, names: tuple[Name, ...], title: str, site: str, url: str) -> str:
    date = page.date
    fields = [("title", f"{{{_tex(title)}}}")]
    if names:
        fields.insert(0, ("author", " and ".join(_tex(_inverted(name)) for name in names)))
    fields += [("journal", _tex(site))]
    if date:
        fields += [("year", str(date.year)), ("month", str(date.month)), ("day", str(date.day))]
    if url:
        fields.append(("url", url))
    if page.lang:
        fields.append(("langid", page.lang))
    lines = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields)
    return f"@article{{{_key(page)},\n{lines}\n}}"


def _ris(page: ArticleContext, names: tuple[Name, ...], title: str, site: str, url: str) -> str:
    date = page.date
    lines = ["TY  - NEWS", *(f"AU  - {_inverted(name)}" for name in names), f"TI  - {title}", f"T2  - {site}"]
    if date:
        lines += [f"PY  - {date.year}", f"DA  - {date.year}/{date.month:02d}/{date.day:02d}"]
    if page.lang:
        lines.append(f"LA  - {page.lang}")
    if url:
        lines.append(f"UR  - {url}")
    return "\n".join([*lines, "ER  - "])


def _csl_json(page: ArticleContext, names: tuple[Name, ...], title: str, site: str, url: str) -> str:
    item: dict[str, object] = {"id": _key(page), "type": "article-newspaper", "title": title}
    if names:
        item["author"] = [
            {"family": name.family, "given": name.given} if name.given else {"literal": name.family} for name in names
        ]
    item["container-title"] = site
    if page.date:
        item["issued"] = {"date-parts": [[page.date.year, page.date.month, page.date.day]]}
    if page.lang:
        item["language"] = page.lang
    if url:
        item["URL"] = url
    return _JSON([item]).decode()


def _people(names: tuple[Name, ...], most: int) -> str:
    """The first name turned round, the others as they are; with more than `most`, the first alone."""
    if not names:
        return ""
    others = [f"{name.given} {name.family}".strip() for name in names[1:]]
    if not others:
        return _inverted(names[0])
    if len(names) > most:
        return f"{_inverted(names[0])}, et al."
    return f"{', '.join([_inverted(names[0]), *others[:-1]])}, and {others[-1]}"


def _sentence(text: str) -> str:
    return "" if not text else f"{text} " if text.endswith(".") else f"{text}. "


def _inverted(name: Name) -> str:
    return f"{name.family}, {name.given}" if name.given else name.family


def _initials(given: str) -> str:
    return " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in given.split())


def _tex(text: str) -> str:
    return text.translate(_BIBTEX) if _SPECIAL.search(text) else text


def _key(page: ArticleContext) -> str:
    """The last segment of the address, with the year: the same for ever, and unlike others."""
    slug = page.path.rstrip("/").rpartition("/")[2]
    return f"{slug}-{page.date.year}" if page.date else slug
