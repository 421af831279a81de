"""What a saved web page says of its article: title, byline, dates, tags, and where it says so."""

import datetime as dt
import html as entities
import json
import re
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement
from msgspec import Struct

from sitegen.importers.dates import date_of_line
from sitegen.importers.report import Guess

_ARTICLES = frozenset(
    "Article NewsArticle BlogPosting SocialMediaPosting Report ReportageNewsArticle AnalysisNewsArticle LiveBlogPosting"
    " OpinionNewsArticle ReviewNewsArticle BackgroundNewsArticle TechArticle ScholarlyArticle CreativeWork WebPage"
    " Posting Recipe Review VideoObject".split()
)
_SPACES = re.compile(r"\s+")
_BY = re.compile(
    r"^(?:(?:written|posted|published|text|texte|story|analysis|words|eine? \w+)\s+)?"
    r"(?:by|par|von|por|di|door|av|af|przez|автор|автори|текст|بقلم|كتب|autore|autor(?:in|a)?|auteur|text|от)\b\s*:?\s+",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|;|\|)\s*|\s+(?:and|et|und|y|e|en|och|og|i|и|&)\s+|\s+و(?=\w)")
_IN_BRACKETS = re.compile(r"\s*\((?:avec|with|mit|con|com|met)\s+([^()]+)\)", re.IGNORECASE)
_TITLE_CUT = re.compile(r"\s+[|\-–—·•»:]+\s+")
_URL_DATE = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/\-_.]|$)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
_LANGUAGE = re.compile(r"^([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.]\w+)*$")
_NO_NAME = re.compile(
    r"https?://|^@|@|^(?:null|none|undefined|admin|administrator|unknown|webmaster|staff)$", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+")
_BESIDE = frozenset(
    "comment comments commentlist respond related sidebar widget recommended teaser teasers footer".split()
)
_MAX_NAME = 120
_MAX_TAGS = 40


class Said(Struct, frozen=True):
    """A value, where the page has it, and how far that is to be believed."""

    value: str
    source: str
    confidence: float


class PageMetadata(Struct, frozen=True, kw_only=True):
    """What a page says of its article. Nothing in it is made up: what is not said is empty."""

    title: str = ""
    byline: str = ""  # as the page has it, without "By"
    authors: tuple[str, ...] = ()
    date: dt.datetime | dt.date | None = None
    updated: dt.datetime | dt.date | None = None
    language: str = ""
    direction: str = ""
    tags: tuple[str, ...] = ()
    section: str = ""
    image: str = ""
    canonical: str = ""
    description: str = ""
    site_name: str = ""
    guesses: tuple[Guess, ...] = ()


def page_metadata(page: HtmlElement, url: str = "") -> PageMetadata:
    """What the tree of a whole page says; `url` is where it was saved from, if that is known."""
    return _Page(page, url).metadata()


def parse_moment(text: str) -> dt.datetime | dt.date | None:
    """Date or time as machines write it, and nothing that is not one; a day without a time is a date."""
    text = text.strip()
    if match := _COMPACT.match(text):
        text = "-".join(match.groups())
    try:
        if len(text) == 10:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return _mail_moment(text) or date_of_line(text)
    return moment.date() if len(text) < 10 else moment


def _mail_moment(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text) if re.match(r"^\w{3}, \d", text) else None
    except ValueError:
        return None


class _Page:
    """One page, read once: its meta elements, its JSON-LD, its tree."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self._tree = tree
        self._metas = _metas(tree)
        self._article, self._others = _json_ld(tree)
        self._shown = list(_shown(tree))
        self._guesses: list[Guess] = []
        self._canonical = self._first("canonical", self._canonicals()) or url
        self._base = self._canonical

    def metadata(self) -> PageMetadata:
        site_name = self._meta_value("og:site_name", "application-name")
        byline = self._first("author", self._bylines())
        return PageMetadata(
            title=self._first("title", self._titles(site_name)),
            byline=byline,
            authors=tuple(dict.fromkeys(name for part in byline.split("; ") for name in names_of(part))),
            date=self._moment("date", self._dates()),
            updated=self._moment("updated", self._updates()),
            language=self._first("language", self._languages()),
            direction=self._direction(),
            tags=self._tags(),
            section=self._first("section", self._sections()),
            image=self._first("image", self._images()),
            canonical=self._canonical,
            description=self._first("summary", self._descriptions()),
            site_name=site_name,
            guesses=tuple(self._guesses),
        )

    def _first(self, field: str, said: Iterable[Said]) -> str:
        """The first value that is not empty; the report hears where it stands."""
        for one in said:
            if value := _plain(one.value):
                self._guesses.append(Guess(field, value, one.source, one.confidence))
                return value
        return ""

    def _moment(self, field: str, said: Iterable[Said]) -> dt.datetime | dt.date | None:
        for one in said:
            if moment := parse_moment(_plain(one.value)):
                self._guesses.append(Guess(field, moment.isoformat(), one.source, one.confidence))
                return moment
        return None

    def _meta(self, confidence: float, *names: str) -> Iterator[Said]:
        for name in names:
            for value in self._metas.get(name, ()):
                yield Said(value, f"the page's meta {name}", confidence)

    def _meta_value(self, *names: str) -> str:
        return next((_plain(said.value) for said in self._meta(1, *names) if _plain(said.value)), "")

    def _json(self, confidence: float, *keys: str) -> Iterator[Said]:
        for key in keys:
            for value in _strings(self._article.get(key)):
                yield Said(value, f"JSON-LD {key}", confidence)

    def _marked(self, confidence: float, *names: str) -> Iterator[Said]:
        """Microdata of the article, not of what it lists."""
        for element in self._shown:
            marked = {name.rpartition(":")[2] for name in (element.get("itemprop") or "").split()}
            if marked & set(names):
                value = element.get("content") or element.get("datetime") or _text(_first_link(element))
                yield Said(value, f"marked as {min(marked & set(names))} in the page", confidence)

    def _titles(self, site_name: str) -> Iterator[Said]:
        whole = _plain(self._tree.findtext(".//title") or "")
        headings = [text for heading in self._tree.iter("h1") if (text := _text(heading))]
        for said in (*self._meta(0.95, "og:title"), *self._json(0.95, "headline"), *self._marked(0.9, "headline")):
            title = _without_site(said.value, site_name)
            shorter = (_text(heading) for heading in self._tree.iter("h1", "h2"))
            longer = f"the heading that {said.source} begins with"
            start = next((text for text in shorter if len(text.split()) > 3 and _starts_with_sentence(title, text)), "")
            yield Said(start or title, longer if start else said.source, said.confidence)
        # The window's title often ends, and seldom begins, with the name of the site, which may be a heading too.
        fitting = [heading for heading in headings if whole and _fold(heading) in _fold(whole)]
        fitting.sort(key=lambda heading: (not _fold(whole).startswith(_fold(heading)), -len(heading)))
        if fitting:
            yield Said(fitting[0], "a heading that the window's title repeats", 0.9)
        yield from self._meta(0.8, "dc.title", "twitter:title", "title")
        if whole:
            yield Said(_without_site(_cut_title(whole, headings), site_name), "the window's title", 0.7)
        if headings:
            yield Said(headings[0], "the first heading", 0.6)

    def _bylines(self) -> Iterator[Said]:
        said = (
            *self._json_people(),
            *self._meta(0.9, "author", "dc.creator", "article:author_name", "parsely-author", "sailthru.author"),
            *self._shown_bylines(),
            *self._meta(0.8, "byl", "article:author", "twitter:data1_author"),
        )
        for one in said:
            value = _BY.sub("", _plain(one.value)).strip(" ,|·•–—-")
            if (
                value
                and len(value) <= _MAX_NAME
                and not _NO_NAME.search(value)
                and any(char.isalpha() for char in value)
            ):
                yield Said(value, one.source, one.confidence)

    def _json_people(self) -> Iterator[Said]:
        for key in ("author", "creator"):
            if people := list(_names(self._article.get(key))):
                yield Said("; ".join(people), f"JSON-LD {key}", 0.95)

    def _shown_bylines(self) -> Iterator[Said]:
        """Names in the page: marked ones, links to an author, then what is called a byline."""
        for element in self._shown:
            if "author" in (element.get("itemprop") or "").split():
                names = [inner for inner in element.iter(etree.Element) if inner.get("itemprop") == "name"]
                shown = (names[0].get("content") or _text(names[0])) if names else _text(element)
                yield Said(shown, "marked as author in the page", 0.9)
        for element in self._shown:
            if element.tag == "a" and "author" in (element.get("rel") or "").split():
                yield Said(_text(element), "a link to the author", 0.8)
        for element in self._shown:
            words = set(_WORD.findall((element.get("class") or "").lower()))
            if words & {"byline", "author", "auteur", "autor", "signature"} and element.tag != "body":
                shown = _text(_first_link(element))
                yield Said(
                    shown if _BY.match(_text(element)) or len(_text(element)) < 60 else "", "a block called byline", 0.6
                )

    def _dates(self) -> Iterator[Said]:
        yield from self._meta(0.98, "article:published_time", "article:published", "og:published_time")
        yield from self._json(0.98, "datePublished")
        yield from self._marked(0.95, "datePublished")
        yield from self._meta(
            0.9, "date", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date", "pubdate", "publishdate",
            "publish-date", "parsely-pub-date", "sailthru.date", "pdate", "article.published",
            "citation_publication_date",
        )  # fmt: skip
        yield from self._json(0.8, "dateCreated", "uploadDate")
        yield from self._shown_dates()
        if match := _URL_DATE.search(self._canonical.partition("?")[0]):
            yield Said("{}-{:0>2}-{:0>2}".format(*match.groups()), "the page's address has it", 0.7)

    def _shown_dates(self) -> Iterator[Said]:
        """Dates that stand by the title; what lies around the article has dates of its own."""
        times = [element for element in self._shown if element.tag == "time"]
        for element in times:
            words = set(_WORD.findall((element.get("class") or "").lower()))
            if element.get("pubdate") is not None or words & {"published", "pubdate", "entry"}:
                yield Said(element.get("datetime") or _text(element), "the page's <time> of publication", 0.85)
        if len({time.get("datetime") for time in times}) == 1 and times[0].get("datetime"):
            yield Said(times[0].get("datetime") or "", "the only <time> of the page", 0.75)
        for element in self._shown:
            words = set(_WORD.findall(f"{element.get('class') or ''} {element.get('id') or ''}".lower()))
            if (
                words & {"date", "dateline", "timestamp", "published", "byline", "datum", "fecha", "meta"}
                and len(element) < 4
            ):
                shown = _text(element)
                if 0 < len(shown) < 70 and (day := date_of_line(shown)):
                    yield Said(day.isoformat(), f'"{shown}" in the page', 0.7)

    def _updates(self) -> Iterator[Said]:
        yield from self._meta(0.95, "article:modified_time", "article:modified", "og:updated_time")
        yield from self._json(0.95, "dateModified")
        yield from self._marked(0.9, "dateModified")
        yield from self._meta(
            0.8, "last-modified", "dcterms.modified", "dc.date.modified", "lastmod", "revised", "utime"
        )

    def _languages(self) -> Iterator[Said]:
        root = self._tree
        said = (
            Said(
                root.get("lang")
                or root.get("xml:lang")
                or root.get("{http://www.w3.org/XML/1998/namespace}lang")
                or "",
                "the page's lang",
                0.9,
            ),
            *(
                Said(element.get("lang") or "", f"lang of <{element.tag}>", 0.85)
                for element in self._tree.iter("body", "article", "main")
            ),
            *self._json(0.9, "inLanguage"),
            *self._meta(0.85, "content-language", "dc.language", "og:locale", "language"),
            *self._marked(0.85, "inLanguage"),
        )
        return (Said(language_tag(one.value), one.source, one.confidence) for one in said)

    def _direction(self) -> str:
        for element in self._tree.iter("html", "body", "main", "article"):
            if (said := (element.get("dir") or "").lower()) in ("rtl", "ltr"):
                return said
        return ""

    def _tags(self) -> tuple[str, ...]:
        for said in (
            list(self._meta(0.95, "article:tag")),
            list(self._json(0.9, "keywords")),
            [
                Said(_text(link), "links to tags", 0.9)
                for link in self._tree.iter("a")
                if "tag" in (link.get("rel") or "").split()
            ],
            list(self._meta(0.8, "news_keywords", "parsely-tags", "sailthru.tags")),
            list(self._meta(0.6, "keywords")),
        ):
            words = (_plain(word).lstrip("#") for one in said for word in one.value.split(","))
            titles = {_fold(one.value) for one in self._meta(1, "og:title")}
            by_fold: dict[str, str] = {}
            for word in words:
                if word and word != "null" and len(word) < 80:
                    by_fold.setdefault(_fold(word), word)
            tags = [tag for fold, tag in by_fold.items() if fold not in titles]
            if tags:
                tags = tags[:_MAX_TAGS]
                self._guesses.append(Guess("tags", ", ".join(tags), said[0].source, said[0].confidence))
                return tuple(tags)
        return ()

    def _sections(self) -> Iterator[Said]:
        said = (
            *self._meta(0.95, "article:section"),
            *self._json(0.9, "articleSection"),
            *self._marked(0.85, "articleSection"),
            *self._meta(0.7, "section", "category", "dc.subject"),
        )
        return (Said(one.value.strip("/ ").split("/")[0], one.source, one.confidence) for one in said)

    def _images(self) -> Iterator[Said]:
        said = (
            *self._meta(0.9, "og:image", "og:image:url", "og:image:secure_url"),
            *(Said(url, "JSON-LD image", 0.9) for url in _urls(self._article.get("image"))),
            *self._meta(0.8, "twitter:image", "twitter:image:src"),
            *(
                Said(link.get("href") or "", "link image_src", 0.8)
                for link in self._tree.iter("link")
                if link.get("rel") == "image_src"
            ),
        )
        return (
            Said(whole_address(self._base, one.value.strip()), one.source, one.confidence)
            for one in said
            if _is_web(whole_address(self._base, one.value.strip()))
        )

    def _canonicals(self) -> Iterator[Said]:
        base = next((element.get("href") or "" for element in self._tree.iter("base")), "")
        links = (
            link.get("href") or "" for link in self._tree.iter("link") if (link.get("rel") or "").lower() == "canonical"
        )
        for said in (
            *(Said(url, "link canonical", 0.98) for url in links),
            *self._meta(0.9, "og:url"),
            *self._json(0.8, "url", "mainEntityOfPage"),
        ):
            url = whole_address(base, said.value.strip())
            if _is_web(url):
                yield Said(url, said.source, said.confidence)

    def _descriptions(self) -> Iterator[Said]:
        yield from self._meta(0.9, "og:description", "description")
        yield from self._json(0.9, "description")
        yield from self._meta(0.8, "twitter:description", "dc.description")


def names_of(byline: str) -> list[str]:
    """The people of a byline: "Ada Winter and Max Sommer (with Eva Lenz)" names three; "Mac & i" is one."""
    byline = _BY.sub("", byline.strip())
    extra = [name for match in _IN_BRACKETS.finditer(byline) for name in names_of(match[1])]
    byline = _IN_BRACKETS.sub("", byline).strip()
    parts = [part for part in _AND.split(byline) if part]
    if len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
        return [*map(_name, parts), *extra]
    return [_name(byline), *extra] if byline else extra


def language_tag(text: str) -> str:
    """A language as tags are written: en_us is en-US; "" for what is none."""
    match = _LANGUAGE.match(text.strip())
    if not match or match[1].lower() in ("und", "xx"):
        return ""
    script, region = (match[2] or "").title(), (match[3] or "").upper()
    return "-".join(part for part in (match[1].lower(), script, region) if part)


def whole_address(base: str, address: str) -> str:
    """An address seen from the one of its page; as it is, where either cannot be read."""
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address


def _name(text: str) -> str:
    """A name, not shouted."""
    text = _plain(text)
    return text.title() if text.isupper() and " " in text else text


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        value = meta.get("content") or meta.get("value")
        for name in {meta.get("property"), meta.get("name"), meta.get("http-equiv")}:
            if name and value:
                metas.setdefault(name.strip().lower(), []).append(value)
    return metas


def _shown(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements of a page, without its forms and what it lists beside and below the article."""
    around: set[HtmlElement] = set()
    for element in tree.iter(etree.Element):
        words = set(_WORD.findall(f"{element.get('class') or ''} {element.get('id') or ''}".lower()))
        is_around = element.tag in ("aside", "nav", "form") or (
            bool(words & _BESIDE) and element.tag not in ("html", "body", "main")
        )
        if is_around or element.getparent() in around:
            around.add(element)
        else:
            yield element


def _json_ld(tree: HtmlElement) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The article among the things that the page's JSON-LD describes, and the rest."""
    things: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json") and script.text:
            try:
                things += _things(json.loads(_CDATA.sub("", script.text), strict=False))
            except (ValueError, RecursionError):
                continue
    articles = [thing for thing in things if _types(thing) & _ARTICLES]
    articles.sort(key=lambda thing: not any("Article" in name or "Posting" in name for name in _types(thing)))
    return (articles[0] if articles else {}), things


_CDATA = re.compile(r"^\s*(?://)?<!\[CDATA\[|(?://)?\]\]>\s*;?\s*$|;\s*$")


def _things(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 5:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _things(value.get("@graph"), depth + 1)
        yield from _things(value.get("mainEntity"), depth + 1)


def _types(thing: dict[str, Any]) -> set[str]:
    return {str(name).rpartition("/")[2] for name in _listed(thing.get("@type"))}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _strings(value: Any) -> Iterator[str]:
    for item in _listed(value):
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from (
                text for key in ("name", "@value", "@id", "alternateName") if isinstance(text := item.get(key), str)
            )


def _names(value: Any) -> Iterator[str]:
    for item in _listed(value):
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, list):
            yield from _names(name)
        elif isinstance(name, str) and not _NO_NAME.search(name) and len(name) <= _MAX_NAME:
            yield _plain(name)


def _urls(value: Any) -> Iterator[str]:
    for item in _listed(value):
        url = (item.get("url") or item.get("contentUrl")) if isinstance(item, dict) else item
        if isinstance(url, str):
            yield url


def _first_link(element: HtmlElement) -> HtmlElement:
    link = element.find(".//a")
    return link if link is not None and _text(link) and len(_text(element)) > 60 else element


def _cut_title(whole: str, headings: list[str]) -> str:
    """The window's title without the name of the site behind it."""
    if any(_fold(heading) == _fold(whole) for heading in headings):
        return whole
    parts = _TITLE_CUT.split(whole)
    return parts[0] if len(parts) > 1 and len(parts[0].split()) >= 3 else whole


def _starts_with_sentence(title: str, heading: str) -> bool:
    """Whether a title goes on behind the heading: with a subtitle, or with the text itself."""
    return len(title) > 1.5 * len(heading) and title.startswith(heading) and title[len(heading)] in ".:|–—-"


def _without_site(title: str, site_name: str) -> str:
    title = _plain(title)
    for mark in ("|", "-", "–", "—", "·", "•", "»", ":"):
        if site_name and title.endswith(f" {mark} {site_name}"):
            return title.removesuffix(f" {mark} {site_name}").rstrip()
    return title


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _fold(text: str) -> str:
    return _plain(text).casefold()


def _plain(text: str) -> str:
    """Text on one line; entities that were encoded twice are decoded."""
    return _SPACES.sub(" ", entities.unescape(text)).strip()


def _text(element: HtmlElement) -> str:
    return _SPACES.sub(" ", "".join(str(text) for text in element.itertext())).strip()
