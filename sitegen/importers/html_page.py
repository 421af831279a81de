"""A web page as a browser saved it: its article, and what the page says of it."""

import codecs
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from html import escape
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from sitegen.content.permalinks import slug_of
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.calls import CallCleaner
from sitegen.importers.dates import date_of_file_name
from sitegen.importers.html_to_markdown import markdown_of_html
from sitegen.importers.language import guess_language
from sitegen.importers.main_text import MainText, clean_characters, main_html, parse_page
from sitegen.importers.page_metadata import PageMetadata, language_tag, page_metadata, whole_address
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.repair import (
    Decoded,
    NotTextError,
    decode_entities,
    decode_raw,
    remove_invisible,
    unglue_sentences,
)
from sitegen.importers.report import ArticleReport, Guess, Mend, SetAside
from sitegen.model import Article, FrontMatter, Location, Problem, Severity, Source
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, find_calls

_MAX_BYTES = 20_000_000
_MAX_MEND = 120
_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# What browsers read these names as.
_READ_AS = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "iso-8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CODE = frozenset(("pre", "code", "kbd", "samp", "tt"))
_EMBEDS = ("iframe", "embed", "object", "video", "audio")
_CAPTION_WORDS = re.compile(r"(?:^|[\s_-])(?:caption|figcaption|imagecaption|bildunterschrift|legende)", re.IGNORECASE)
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-srcset", "data-lazy-srcset", "srcset", "data-full-src")
_PIXEL = re.compile(
    r"(?:^|[/._?&=-])(?:pixel|beacon|1x1|spacer|blank|clear|transparent|count|track(?:ing)?|stats?)(?=[/._?&=-]|$)",
    re.I,
)
_TINY = re.compile(r"^\s*[0-2](?:px)?\s*$")
_TINY_STYLE = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[0-2](?:px)?\s*(?:;|$)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SURE = 0.99


class HtmlPage:
    """The article of a saved web page."""

    name = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")
    is_stream = False

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """The one article of a page."""
        if not raw.data.strip(b" \t\r\n\0"):
            hint = "remove it, or save the page again"
            yield Problem(Location(raw.path), "empty-raw", "the file is empty", hint, Severity.WARNING)
            return
        if len(raw.data) > _MAX_BYTES:
            message = f"the page has {len(raw.data):,} bytes, more than {_MAX_BYTES:,}"
            yield Problem(Location(raw.path), "too-big", message, "cut what is not the article out of it")
            return
        try:
            yield _Reading(raw, decode_page(raw.data)).result()
        except NotTextError:
            yield Problem(
                Location(raw.path),
                "not-text",
                "the file is no web page, nor text in any encoding",
                "save the page as HTML",
            )


def decode_page(data: bytes) -> Decoded:
    """Text of a page in the encoding that it names, if its bytes are that; else in the one they look like.

    Bytes that are UTF-8 are read so whatever the page says: browsers save in it and leave the old name standing.
    """
    named = _named_encoding(data)
    if (
        named
        and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and not _is_utf8(data)
    ):
        try:
            decoded = decode_raw(data.decode(named).encode())
        except (UnicodeError, LookupError):
            decoded = decode_raw(data)
        else:
            guess = Guess("encoding", named, "the page says so, and its bytes fit", 0.95)
            decoded = decoded._replace(encoding=named, guesses=(guess,))
    else:
        decoded = decode_raw(data)
    controls = sum(char < " " and char not in "\t\n\r\f" for char in decoded.text[:20_000])
    if controls > len(decoded.text[:20_000]) / 50:
        raise NotTextError("control characters")
    return decoded


def _named_encoding(data: bytes) -> str:
    match = _CHARSET.search(data[:8192])
    if not match:
        return ""
    name = (match[1] or match[2]).decode("ascii", "replace").lower()
    name = _READ_AS.get(name, name)
    try:
        is_text = codecs.lookup(name)._is_text_encoding
    except LookupError:
        return ""
    return (
        name
        if is_text
        and name not in ("utf-7", "utf-16", "utf-32", "unicode_escape", "raw_unicode_escape", "idna", "punycode")
        else ""
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Reading:
    """One page on its way to an article, with a tally of what was done."""

    def __init__(self, raw: Raw, decoded: Decoded) -> None:
        self._raw = raw
        self._decoded = decoded
        self._mends: list[Mend] = list(decoded.mends)
        self._guesses: list[Guess] = list(decoded.guesses)
        self._problems: list[Problem] = []
        self._aside: list[SetAside] = []
        self._calls = CallCleaner(raw.path)
        self._written: list[str] = []  # the calls that were taken out, as they go back
        self._blocks: set[int] = set()  # numbers of those that stand between paragraphs

    def result(self) -> Imported | Problem:
        """The article, or that there is none."""
        saved = _SAVED_FROM.search(self._decoded.text[:4096])
        tree = parse_page(self._decoded.text)
        said = page_metadata(tree, saved[1] if saved else "")
        self._guesses += said.guesses
        self._set_aside_machinery(tree)
        self._settle_addresses(tree, said.canonical)
        found = main_html(tree, said.canonical)
        if found.tree is None or not found.text:
            hint = "save the page again once it is whole, or copy its text into a .txt file"
            return Problem(Location(self._raw.path), "no-article", "no article was found in the page", hint)
        self._aside += found.set_aside
        self._guesses.append(Guess("body", f"{len(found.text):,} characters", found.found, found.confidence))
        self._tell_doubts(found)
        return self._imported(said, found, found.tree)

    def _imported(self, said: PageMetadata, found: MainText, body: HtmlElement) -> Imported:
        title = self._title(said, body)
        _remove_title(body, title)
        self._mend_text(body)
        _players_as_links(body)
        _name_figures(body)
        _remove_dead_ends(body, said)
        self._shortcodes(body)
        markdown = self._markdown(body)
        front_matter = FrontMatter(
            title=title,
            date=self._date(said),
            updated=said.updated if said.updated != said.date else None,
            slug=slug_of(title, fallback=PurePosixPath(self._raw.path).stem),
            lang=self._language(said, found.text),
            authors=said.authors,
            section=said.section,
            tags=said.tags,
            summary=said.description,
            image=said.image,
            source=Source(HtmlPage.name, self._raw.path, hashlib.sha256(self._raw.data).hexdigest(), said.canonical),
        )
        report = ArticleReport(
            source=self._raw.path, encoding=self._decoded.encoding, newline=self._decoded.newline,
            bom=self._decoded.bom, language=front_matter.lang, mends=(*self._mends, *self._calls.mends),
            guesses=tuple(self._guesses), shortcodes=tuple(self._calls.kept), polls=self._calls.polls,
            set_aside=tuple(self._aside),
        )  # fmt: skip
        return Imported(
            Article(front_matter, markdown + "\n" if markdown else ""), report, (*self._problems, *self._calls.problems)
        )

    def _markdown(self, body: HtmlElement) -> str:
        converted = markdown_of_html(_inner_html(body), block_marks=frozenset(self._blocks))
        self._aside += converted.set_aside
        return _MARK.sub(lambda match: self._written[int(match[1])], converted.markdown).strip()

    def _set_aside_machinery(self, tree: HtmlElement) -> None:
        """Scripts and styles are counted; tracking pixels and buttons that share are named."""
        for tag, word in (("script", "script"), ("style", "style sheet")):
            elements = list(tree.iter(tag))
            code = [element for element in elements if "json" not in (element.get("type") or "")]
            if code:
                plural = "s" if len(code) > 1 else ""
                self._aside.append(
                    SetAside(f"{len(code)} {word}{plural}", "no part of an article", code[0].sourceline or 0)
                )
        for image in list(tree.iter("img")):
            if _is_pixel(image):
                self._aside.append(
                    SetAside((image.get("src") or "")[:_MAX_MEND], "a tracking pixel", image.sourceline or 0)
                )
                _drop(image)
        for noscript in list(tree.iter("noscript")):
            _unwrap_noscript(noscript)

    def _settle_addresses(self, tree: HtmlElement, canonical: str) -> None:
        """Links and pictures with whole addresses where the page's own is known; what runs code is taken away."""
        base = next((element.get("href") or "" for element in tree.iter("base")), "").strip()
        base = whole_address(canonical, base) if base else canonical
        for image in tree.iter("img"):
            if source := _source_of(image):
                image.set("src", whole_address(base, source))
        for element in tree.iter("a", *_EMBEDS, "source"):
            for name in ("href", "src", "data"):
                if address := (element.get(name) or "").strip():
                    settled = _settled(address, base, canonical)
                    if settled:
                        element.set(name, settled)
                    else:
                        del element.attrib[name]

    def _tell_doubts(self, found: MainText) -> None:
        place = Location(self._raw.path)
        if any("paywall" in aside.reason or "regwall" in aside.reason for aside in found.set_aside):
            hint = "if the text breaks off, save the page again as a subscriber"
            self._problems.append(Problem(place, "paywall", "a paywall stood in the page", hint, Severity.WARNING))
        if found.confidence < 0.5:
            message = "it is not sure which part of the page is the article"
            self._problems.append(Problem(place, "unsure-body", message, "read it through", Severity.WARNING))

    def _title(self, said: PageMetadata, body: HtmlElement) -> str:
        if said.title:
            return said.title
        heading = next((text for element in body.iter(*_HEADINGS) if (text := _text(element))), "")
        title = heading or PurePosixPath(self._raw.path).stem.replace("-", " ").replace("_", " ")
        reason = "no title; the first heading of the text" if heading else "no title; the name of the file"
        self._guesses.append(Guess("title", title, reason, 0.5 if heading else 0.2))
        hint = f'"{title}" is used; write `title:` in the front matter'
        self._problems.append(
            Problem(Location(self._raw.path, 1), "no-title", "the page has no title", hint, Severity.WARNING)
        )
        return title

    def _date(self, said: PageMetadata) -> dt.datetime | dt.date | None:
        if said.date:
            return said.date
        date = date_of_file_name(self._raw.path)
        if date:
            self._guesses.append(Guess("date", date.isoformat(), "the file name starts with it", 0.9))
        return date

    def _language(self, said: PageMetadata, text: str) -> str:
        """What the page says, unless its text is plainly in another language: templates often say "en" of all."""
        guessed, confidence = guess_language(text, self._raw.languages)
        if not said.language:
            if guessed:
                self._guesses.append(Guess("language", guessed, "letters and letter groups of the text", confidence))
            return guessed
        if guessed and guessed != said.language.split("-")[0] and confidence >= _SURE and len(text) > 600:
            reason = f"the text is plainly not {said.language}, which the page says"
            self._guesses.append(Guess("language", guessed, reason, confidence))
            return language_tag(guessed)
        return said.language

    def _mend_text(self, body: HtmlElement) -> None:
        """Text repaired as that of a copied article is; code stays as it was."""
        for element in body.iter(etree.Element):
            if not _in_code(element):
                element.text = self._mended(element.text, element.sourceline or 0)
            parent = element.getparent()
            if element is not body and parent is not None and not _in_code(parent):
                element.tail = self._mended(element.tail, element.sourceline or 0)

    def _mended(self, text: str | None, line: int) -> str | None:
        if not text or not text.strip():
            return text
        for mend in (decode_entities, remove_invisible, unglue_sentences):
            text, mends = mend(text)
            self._mends += (Mend(one.kind, one.before, one.after, line) for one in mends)
        return clean_characters(text)

    def _shortcodes(self, body: HtmlElement) -> None:
        """Shortcodes that a page shows literally, cleaned as those of a copied article are."""
        for element in list(body.iter(etree.Element)):
            if _in_code(element) or any(child.tag in _BLOCKS for child in element.iterdescendants(etree.Element)):
                continue
            if element.tag not in _BLOCKS and element is not body:
                continue
            if "[" not in _text(element):
                continue
            inner = _inner_html(element)
            calls = find_calls(inner, is_known, code=False)
            if not calls:
                continue
            pieces, end = [], 0
            for call in calls:
                pieces += [inner[end : call.start], self._mark(call, element.sourceline or 0)]
                end = call.end
            _set_inner_html(element, "".join([*pieces, inner[end:]]))

    def _mark(self, call: Call, line: int) -> str:
        """A numbered mark in place of a call, until the text around it is Markdown."""
        number = len(self._written)
        self._written.append(self._calls.clean(call, line))
        shortcode = shortcode_for(call.name)
        if "\n" in self._written[-1] or (shortcode is not None and shortcode.block and not call.escaped):
            self._blocks.add(number)
        return f"{MARK_OPEN}{number}{MARK_CLOSE}"


def _is_pixel(image: HtmlElement) -> bool:
    """Whether a picture is there to be counted, not to be seen."""
    if any(_TINY.match(image.get(side) or "") for side in ("width", "height")) or _TINY_STYLE.search(
        image.get("style") or ""
    ):
        return True
    source = image.get("src") or ""
    return not (image.get("alt") or "").strip() and bool(_PIXEL.search(_path_of(source))) and not image.get("width")


def _path_of(address: str) -> str:
    """Path and query of an address; the whole of one that is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.path}?{parts.query}"


def _unwrap_noscript(noscript: HtmlElement) -> None:
    """The picture of a page that loads its pictures by script stands in <noscript>."""
    pictures = list(noscript.iter("img"))
    if not pictures and "<img" in (noscript.text or ""):
        pictures = list(html.fragment_fromstring(noscript.text or "", create_parent="div").iter("img"))
    before, parent = noscript.getprevious(), noscript.getparent()
    if len(pictures) != 1 or parent is None or _is_pixel(pictures[0]) or parent.tag == "head":
        return
    placeholder = before if before is not None and before.tag == "img" else None
    if placeholder is not None and _source_of(placeholder):
        return
    picture = pictures[0]
    picture.tail = None
    if placeholder is not None:
        _drop(placeholder)
    noscript.addprevious(picture)


def _source_of(image: HtmlElement) -> str:
    """Where a picture really lies: pages that load late keep it in an attribute of their own."""
    source = (image.get("src") or "").strip()
    if source and not source.startswith("data:") and not _PIXEL.search(_path_of(source)):
        return source
    for name in _LAZY:
        value = (image.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return _largest(value) if "srcset" in name else value
    return "" if source.startswith("data:") else source


def _largest(srcset: str) -> str:
    """The address of a srcset with the greatest width or density."""
    best, size = "", -1.0
    for part in re.split(r",\s+", srcset):
        address, _, said = part.strip().partition(" ")
        number = (
            float(match[0]) if (match := re.match(r"[\d.]+\d|\d", said.strip())) and match[0].count(".") < 2 else 0.0
        )
        if number > size:
            best, size = address, number
    return best


def _settled(address: str, base: str, canonical: str) -> str:
    """A whole address; a place of the same page as "#place"; "" for what would run code."""
    scheme = re.sub(r"[\x00-\x20]", "", address.partition(":")[0]).lower() if ":" in address else ""
    if scheme in ("javascript", "vbscript", "data", "file", "blob", "about"):
        return ""
    if address.startswith("#"):
        return address
    whole = whole_address(base, address)
    page = canonical.partition("#")[0]
    return whole[len(page) :] if page and whole.startswith(page + "#") else whole


def _remove_title(body: HtmlElement, title: str) -> None:
    heading = next(body.iter(*_HEADINGS), None)
    if heading is not None and _text(heading).casefold() == title.casefold():
        _drop(heading)


def _players_as_links(body: HtmlElement) -> None:
    """Players as links to what they play; frames are named, and become links when Markdown is written."""
    for frame in body.iter("iframe", "embed", "object"):
        address = frame.get("src") or frame.get("data-src") or frame.get("data") or ""
        frame.set("title", _SPACES.sub(" ", frame.get("title") or "").strip() or _short(address) or address)
    for element in list(body.iter("video", "audio")):
        address = element.get("src") or next((source.get("src") or "" for source in element.iter("source")), "")
        if not address.lower().startswith(("http://", "https://", "/")) or element.getparent() is None:
            _drop(element)
            continue
        link = html.Element("a", href=address)
        link.text = _SPACES.sub(" ", element.get("title") or "").strip() or _short(address)
        holder = link
        if _phrasing_parent(element) is None:
            holder = html.Element("p")
            holder.append(link)
        holder.tail = element.tail
        parent = element.getparent()
        assert parent is not None
        parent.replace(element, holder)


def _short(address: str) -> str:
    """Where a link leads, without what only machines read."""
    short = address.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
    return short if len(short) <= 60 else short.partition("/")[0]


def _phrasing_parent(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    return (
        parent
        if parent is not None and parent.tag in ("p", "a", "li", "td", "th", "dd", "span", "em", "strong", *_HEADINGS)
        else None
    )


def _name_figures(body: HtmlElement) -> None:
    """Blocks of one picture and its words are figures, whatever elements they were made of."""
    for element in list(body.iter("div", "dl", "p", "center", "td")):
        if len(element) > 4 or len(list(element.iter("img"))) != 1:
            continue
        inner = element.iterdescendants(etree.Element)
        marked = (part for part in inner if _CAPTION_WORDS.search(part.get("class") or ""))
        words = next((part for part in marked if part.find(".//img") is None and _text(part)), None)
        if words is None or len(_text(element)) > len(_text(words)) + 60 or len(_text(words)) > 600:
            continue
        if element.tag == "td":
            continue
        element.tag, words.tag = "figure", "figcaption"


def _remove_dead_ends(body: HtmlElement, said: PageMetadata) -> None:
    """Links to places that are not in the article lose their link; languages are named where they change."""
    places = {element.get("id") or element.get("name") for element in body.iter(etree.Element)}
    for element in list(body.iter(etree.Element))[1:]:
        address = element.get("href")
        if (
            element.tag == "a"
            and address is not None
            and (address == "#" or (address[:1] == "#" and address[1:] not in places))
        ):
            del element.attrib["href"]
        if address and address.startswith("#") and any(above.tag in _HEADINGS for above in element.iterancestors()):
            element.attrib.pop("href", None)  # a heading that links to itself
        if language_tag(element.get("lang") or "") == said.language:
            element.attrib.pop("lang", None)
        if (element.get("dir") or "").lower() in (said.direction or "ltr", "auto"):
            element.attrib.pop("dir", None)


def _inner_html(element: HtmlElement) -> str:
    children = (html.tostring(child, encoding="unicode") for child in element)
    return escape(element.text or "", quote=False) + "".join(children)


def _set_inner_html(element: HtmlElement, inner: str) -> None:
    made = html.fragment_fromstring(inner, create_parent="div")
    for child in list(element):
        element.remove(child)
    element.text = made.text
    for child in list(made):
        element.append(child)


def _in_code(element: HtmlElement) -> bool:
    return element.tag in _CODE or any(above.tag in _CODE for above in element.iterancestors())


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _text(element: HtmlElement) -> str:
    return _SPACES.sub(" ", "".join(str(text) for text in element.itertext())).strip()
