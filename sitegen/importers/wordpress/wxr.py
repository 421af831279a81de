"""WordPress's export format (WXR), read as a stream: one item at a time, and a broken one never costs the next.

The file is cut into its elements by searching bytes, and each is parsed alone. So there is no document, no DTD
and no entity but XML's own five, and memory is bounded by the largest item.
"""

import codecs
import datetime as dt
import gzip
import hashlib
import html
import io
import re
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from typing import IO, NamedTuple, Protocol

from lxml import etree
from msgspec import Struct

import sitegen.importers.repair  # noqa: F401 - registers the error handler "sitegen-cp1252"
from sitegen.model import Location, Problem, Severity

MAX_ELEMENT = 16 << 20
MAX_UNPACKED = 16 << 30
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 16 << 20
_MAX_TOLD = 100
_CHUNK = 1 << 20
_TAIL = 512  # of a chunk in which a tag may begin that the next chunk ends
_MAX_PREAMBLE = 64 << 10

_KINDS = rb"item|wp:author|wp:category|wp:tag|wp:term"
_OUTSIDE = re.compile(rb"<!\[CDATA\[|<!--|<!(?:DOCTYPE|ENTITY)|<(" + _KINDS + rb")(?:\s[^<>]*)?>", re.IGNORECASE)
_INSIDE = {
    name: re.compile(rb"<!\[CDATA\[|</" + name + rb"\s*>|<" + name + rb"(?:\s[^<>]*)?>") for name in _KINDS.split(b"|")
}
# Where an item ends and the next one starts, for a section that was never closed and took it in. HTML that shows an
# example of this format has its signs escaped; one bare item is allowed for where all is well-formed.
_NEXT_ITEM = re.compile(rb"</item>\s*<item>|<item>\s*<title>")
# What XML forbids, and noncharacters: importers write their marks with these.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL_BYTES = bytes({*range(32)} - {9, 10, 13})
_BAD_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9._:-]+)")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=")
_PREFIXES = ("wp", "content", "excerpt", "dc", "wfw", "atom", "media", "georss", "geo", "sy", "slash")
_LEAF = re.compile(
    r"<(/?)(wp:postmeta|wp:commentmeta|wp:comment|item|title|link|language|pubDate|guid|description|category"
    r"|[A-Za-z][\w.-]*:[A-Za-z_][\w.-]*)((?:\s[^<>]*)?)>"
)
_CONTAINERS = frozenset({"item", "wp:postmeta", "wp:commentmeta", "wp:comment"})
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Channel(Struct, frozen=True):
    """What a file says of its site."""

    title: str = ""
    link: str = ""
    language: str = ""
    version: str = ""  # of the format: "1.2"


class Author(Struct, frozen=True):
    """Who writes on the site; mail addresses are not read."""

    login: str
    display_name: str


class Term(Struct, frozen=True):
    """A category, a tag or a term of another taxonomy."""

    taxonomy: str  # "category", "post_tag"
    slug: str
    name: str
    parent: str = ""  # slug; "" also where only a list of all terms would tell


class WxrComment(Struct, frozen=True):
    """A comment as it stands in the file, without mail and network address."""

    id: str
    author: str
    url: str
    date: str
    date_gmt: str
    content: str
    approved: str  # "1", "0", "spam", "trash", "post-trashed"
    type: str  # "", "comment", "pingback", "trackback"
    parent: str


class WxrItem(Struct, frozen=True, kw_only=True):
    """A post, page, attachment or whatever else a site holds."""

    line: int  # of the file, where the item starts
    content_line: int
    digest: str  # SHA-256 of the item's bytes
    id: str
    type: str
    status: str
    title: str
    link: str
    creator: str
    content: str
    excerpt: str
    date: str
    date_gmt: str
    modified: str
    slug: str
    parent: str
    order: str
    password: str
    sticky: bool
    attachment_url: str
    terms: tuple[Term, ...]
    meta: tuple[tuple[str, str], ...]
    comments: tuple[WxrComment, ...]
    mends: tuple[tuple[str, str], ...] = ()  # kind of damage undone, and what it was

    def meta_value(self, key: str) -> str:
        """The last value of a custom field, "" without one."""
        return next((value for name, value in reversed(self.meta) if name == key), "")


def moment_of(text: str) -> dt.datetime | None:
    """A time as WordPress writes it; the zero date and others that never were are None."""
    if len(text) != 19:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


Part = Channel | Author | Term | WxrItem | Problem


def read_export(file: IO[bytes], path: str, wanted: Callable[[bytes], bool] = lambda _item: True) -> Iterator[Part]:
    """All that a file holds, in its order; `wanted` may leave out items by their bytes, before they are parsed.

    Compressed files are read too. A problem says where the file is broken; what is whole around it comes.
    """
    window = _Window(path)
    try:
        window.open(file)
        yield from _limited(_parts(window, wanted), path)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
        message = f"the compressed file breaks off: {error}"
        yield Problem(Location(path, window.line), "gzip", message, "download the export again", partly=True)
    except _TooLargeError as error:
        hint = "unpack it and look at it by hand"
        yield Problem(Location(path, window.line), "too-large", str(error), hint, partly=True)


def read_site(file: IO[bytes]) -> str:
    """The address of the site that a file is an export of; "" for a file that is no export."""
    window = _Window("")
    try:
        window.open(file)
    except (EOFError, zlib.error, gzip.BadGzipFile, _TooLargeError):
        return ""
    head = window.data[:_MAX_PREAMBLE].partition(b"<item>")[0]
    return _channel(head).link if b"wp:wxr_version" in head else ""


class _TooLargeError(Exception):
    """A file that unpacks to more than anyone exports."""


class _Element(NamedTuple):
    name: str
    data: bytes
    line: int
    is_whole: bool
    is_end: bool = False  # cut by the end of the file


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Unpacked:
    """A gzip stream that stops a bomb."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._stream = gzip.GzipFile(fileobj=file)
        self._size = 0

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self._size += len(chunk)
        ratio = self._size // max(self._file.tell(), 1)
        if self._size > MAX_UNPACKED or (self._size > _RATIO_COUNTS_FROM and ratio > _MAX_RATIO):
            raise _TooLargeError(f"unpacks to {ratio} times its size; no export does")
        return chunk


class _Recoded:
    """A stream in another encoding, as UTF-8."""

    def __init__(self, source: _Source, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int, /) -> bytes:
        while chunk := self._source.read(size):
            if text := self._decoder.decode(chunk):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", True).encode("utf-8", "replace")


class _Window:
    """The part of a file that is looked at; what lies before `at` may be forgotten."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.data = b""
        self.at = 0
        self.is_ended = False
        self.preamble = b""
        self._line, self._counted = 1, 0
        self._offset = 0  # of `data` in the file
        self._no_end_before = 0  # of CDATA, in the file: looked for in vain from where it was asked to there
        self._no_end_from = 0
        self._source: _Source = io.BytesIO()

    def open(self, file: IO[bytes]) -> None:
        head = file.read(2)
        file.seek(-len(head), io.SEEK_CUR)
        self._source = _Unpacked(file) if head == b"\x1f\x8b" else file
        self.data = self._source.read(_CHUNK)
        encoding = _encoding_of(self.data)
        if encoding:
            self._source = _Recoded(_Joined(self.data, self._source), encoding)
            self.data = self._source.read(_CHUNK)
        self.data = self.data.removeprefix(codecs.BOM_UTF8)

    @property
    def line(self) -> int:
        """Of the file, on which `at` stands."""
        self._line += self.data.count(b"\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def more(self) -> bool:
        """Take in another chunk and forget what lies before `at`."""
        if self.is_ended:
            return False
        chunk = self._source.read(_CHUNK)
        self.is_ended = not chunk
        _ = self.line
        self.data = self.data[self.at :] + chunk
        self._offset += self.at
        self.at = self._counted = 0
        return not self.is_ended

    def next_outside(self) -> re.Match[bytes] | None:
        """The next mark between elements; `at` moves to it."""
        while True:
            match = _OUTSIDE.search(self.data, self.at)
            end = match.start() if match else max(self.at, len(self.data) - _TAIL)
            if len(self.preamble) < _MAX_PREAMBLE:
                self.preamble += self.data[self.at : end][:_MAX_PREAMBLE]
            self.at = end
            if match or not self.more():
                return match

    def cdata_end(self, start: int) -> int:
        """Where the CDATA section at `start` (counted from `at`) ends, counted the same; -1 if nowhere near."""
        if self._no_end_from <= self._offset + self.at + start < self._no_end_before:
            return -1
        looked = start
        while True:
            found = self.data.find(b"]]>", self.at + looked)
            if found >= 0:
                return found + 3 - self.at
            looked = max(start, len(self.data) - self.at - 2)
            if len(self.data) - self.at > MAX_ELEMENT or not self.more():
                self._no_end_from = self._offset + self.at + start
                self._no_end_before = self._offset + len(self.data)
                return -1

    def skip_section(self, opening: bytes) -> None:
        """Go past a comment or a CDATA section between elements; one without an end is only its opening."""
        closing = b"-->" if opening == b"<!--" else b"]]>"
        if len(self.data) - self.at < _MAX_PREAMBLE:
            self.more()
        end = self.data.find(closing, self.at, self.at + _MAX_PREAMBLE)
        self.at = end + 3 if end >= 0 else self.at + len(opening)


class _Joined:
    """What was read already, and then the rest."""

    def __init__(self, head: bytes, rest: _Source) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int, /) -> bytes:
        head, self._head = self._head, b""
        return head or self._rest.read(size)


def _encoding_of(head: bytes) -> str:
    """The encoding to undo; "" for UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16-le" if head[0] else "utf-16-be"
    match = _XML_ENCODING.match(head.removeprefix(codecs.BOM_UTF8).lstrip())
    try:
        name = codecs.lookup(match[1].decode()).name if match else "utf-8"
    except LookupError:
        return ""
    # Browsers and exporters mean Windows-1252 when they say Latin-1.
    return {"utf-8": "", "ascii": "", "utf-16": "", "iso8859-1": "cp1252"}.get(name, name)


def _limited(parts: Iterator[Part], path: str) -> Iterator[Part]:
    told = 0
    for part in parts:
        told += isinstance(part, Problem)
        if not isinstance(part, Problem) or told <= _MAX_TOLD:
            yield part
    if told > _MAX_TOLD:
        message = f"{told - _MAX_TOLD} more broken items, not listed"
        yield Problem(Location(path), "broken-item", message, "export the site again", partly=True)


def _parts(window: _Window, wanted: Callable[[bytes], bool]) -> Iterator[Part]:
    has_begun, items = False, 0
    for element in _elements(window):
        if isinstance(element, Problem):
            yield element
            if element.code == "doctype":
                return
            continue
        if not has_begun and element.name == "item":
            has_begun = True
            yield _channel(window.preamble)
        items += element.name == "item"
        if element.name != "item" or not element.is_whole or wanted(element.data):
            yield from _read_element(element, window.path)
    if not has_begun:
        yield _channel(window.preamble)
    if not items:
        yield _no_items(window)


def _no_items(window: _Window) -> Problem:
    channel = _channel(window.preamble)
    if b"wordpress.org/export" not in window.preamble and b"wp:wxr_version" not in window.preamble:
        hint = "in WordPress: Tools, Export, All content"
        return Problem(Location(window.path, 1), "not-wxr", "this is no export of WordPress", hint)
    version = "" if re.fullmatch(r"\d+(\.\d+)*", channel.version) else f'; its version is "{channel.version}"'
    message = f"the export holds no item{version}"
    return Problem(Location(window.path, window.line), "no-items", message, "export the site again", Severity.WARNING)


def _elements(window: _Window) -> Iterator[_Element | Problem]:
    while match := window.next_outside():
        opening = match[0]
        if opening in (b"<![CDATA[", b"<!--"):
            window.skip_section(opening)
        elif match[1] is None:
            yield _refused(window)
            return
        elif match[1] not in _INSIDE:
            window.at = match.end()
        else:
            yield _cut_out(window, match[1], len(opening))


def _refused(window: _Window) -> Problem:
    message = "the file declares a document type or entities; no export of WordPress does"
    hint = "remove the lines of <!DOCTYPE … > if you trust the file"
    return Problem(Location(window.path, window.line), "doctype", message, hint)


def _cut_out(window: _Window, name: bytes, opening: int) -> _Element | Problem:
    """The element at the window's place, and the window moves behind it."""
    line = window.line
    end, is_whole, is_end = _end_of(window, name, opening)
    chunk = window.data[window.at : window.at + end]
    if name == b"item" and (inner := _taken_in(chunk, opening, is_whole)):
        end, is_whole, is_end = inner, False, False
        chunk = chunk[:end]
    window.at += end
    if len(chunk) > MAX_ELEMENT:
        message = f"an item of more than {MAX_ELEMENT >> 20} MB was left out"
        return Problem(Location(window.path, line), "too-large", message, "look for what is not closed", partly=True)
    return _Element(name.decode(), chunk, line, is_whole, is_end)


def _taken_in(chunk: bytes, opening: int, is_whole: bool) -> int:
    """Where the next item starts that an item holds; 0 for none."""
    match = _NEXT_ITEM.search(chunk, opening)
    if match is None:
        return 0
    if match[0].startswith(b"</"):
        return match.start() + len(b"</item>")
    return 0 if is_whole and _is_well_formed(chunk) else match.start()


def _end_of(window: _Window, name: bytes, opening: int) -> tuple[int, bool, bool]:
    """Length of the element, whether its closing tag is there, and whether the file ends before it."""
    scan, pattern = opening, _INSIDE[name]
    while True:
        match = pattern.search(window.data, window.at + scan)
        if match is None:
            scan = max(scan, len(window.data) - window.at - _TAIL)
            if len(window.data) - window.at > MAX_ELEMENT:
                return len(window.data) - window.at, False, False
            if not window.more():
                return len(window.data) - window.at, False, True
        elif match[0] == b"<![CDATA[":
            scan = window.cdata_end(match.end() - window.at)
            if scan < 0:
                return len(window.data) - window.at, False, window.is_ended
        elif match[0][1:2] == b"/":
            return match.end() - window.at, True, False
        else:
            return match.start() - window.at, False, False


def _read_element(element: _Element, path: str) -> Iterator[Part]:
    text, mends = _text_of(element.data)
    tree = _parsed(text) if element.is_whole else None
    lost = 0
    if tree is None:
        tree, lost = _read_leniently(text)
        mends.append(("xml", f"the XML of this {element.name} is broken"))
    if element.name != "item":
        yield from _header_part(element.name, tree)
        return
    item = _item(tree, element, tuple(mends))
    if element.is_whole:
        yield item
        return
    end = element.line + element.data.count(b"\n")
    named = f'"{item.title}"' if item.title else "an item without a title"
    where = "the file ends" if element.is_end else "the item breaks off"
    if item.type and item.status:
        yield item
        message = f"{where} in {named}, behind its text; {lost} parts of it are incomplete"
    else:
        message = f"{where} in {named}, which started at line {element.line} and is left out"
    yield Problem(Location(path, end), "broken-item", message, "export the site again", partly=True)


def _text_of(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    """An element as text that XML allows, and what was done for it."""
    mends = []
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "sitegen-cp1252")
        mends.append(("encoding", f"byte {data[error.start]:#x} is not UTF-8"))
    if _has_control(data) and (found := _CONTROL.search(text)):
        text = _CONTROL.sub("", text)
        mends.append(("control", f"U+{ord(found[0]):04X}"))
    return text, mends


def _has_control(data: bytes) -> bool:
    """Whether there may be a character that XML forbids; counting bytes is faster than a search of the text."""
    return len(data.translate(None, _CONTROL_BYTES)) < len(data) or b"\xef\xbf" in data or b"\xef\xb7" in data


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _is_well_formed(data: bytes) -> bool:
    return _parsed(_text_of(data)[0]) is not None


def _parsed(text: str) -> etree._Element | None:
    """The tree of well-formed text; a prefix is its own namespace."""
    prefixes = _PREFIXES
    try:
        return etree.fromstring(_enclosed(text, prefixes), _parser())[0]
    except etree.XMLSyntaxError:
        pass
    prefixes = tuple(sorted({*_PREFIXES, *(a or b for a, b in _PREFIX.findall(text))} - {"xml", "xmlns"}))[:500]
    try:
        return etree.fromstring(_enclosed(_BAD_REFERENCE.sub("", text), prefixes), _parser())[0]
    except (etree.XMLSyntaxError, IndexError):
        return None


def _enclosed(text: str, prefixes: tuple[str, ...]) -> bytes:
    declared = " ".join(f'xmlns:{prefix}="{prefix}"' for prefix in prefixes)
    return f"<r {declared}>{text}</r>".encode("utf-8", "replace")


def _read_leniently(text: str) -> tuple[etree._Element, int]:
    """The tree of a broken element, and how many of its parts have no end: those are not in it.

    As WordPress reads it without an XML parser: a value ends at its own closing tag, and in CDATA at the
    `]]>` before that.
    """
    closings: dict[str, tuple[list[int], list[int]]] = {}
    for match in _LEAF.finditer(text):
        if match[1]:
            every, behind_cdata = closings.setdefault(match[2], ([], []))
            every.append(match.start())
            if text[max(0, match.start() - 200) : match.start()].rstrip().endswith("]]>"):
                behind_cdata.append(match.start())
    root = etree.Element("item")
    stack, position, lost = [("item", root)], 0, 0
    while opening := _LEAF.search(text, position):
        position = opening.end()
        name = opening[2]
        if name in _CONTAINERS:
            if opening[1] and len(stack) > 1 and stack[-1][0] == name:
                stack[-2][1].append(stack.pop()[1])
            elif not opening[1] and name != "item" and len(stack) < 4:
                stack.append((name, etree.Element(_qualified(name))))
            continue
        if opening[1] or opening[3].endswith("/"):
            continue
        in_cdata = text[position : position + 200].lstrip().startswith("<![CDATA[")
        every, behind_cdata = closings.get(name, ([], []))
        places = behind_cdata if in_cdata and behind_cdata and behind_cdata[-1] >= position else every
        index = bisect_left(places, position)
        if index == len(places):
            lost += 1
            continue
        leaf = etree.SubElement(stack[-1][1], _qualified(name), _attributes(opening[3]))
        leaf.text = _leaf_text(text[position : places[index]], in_cdata)
        position = places[index]
    return root, lost + len(stack) - 1


def _qualified(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{prefix}}}{local}" if colon else name


def _attributes(text: str) -> dict[str, str]:
    return {a: html.unescape(b or c) for a, b, c in _ATTRIBUTE.findall(text) if ":" not in a}


def _leaf_text(text: str, in_cdata: bool) -> str:
    if in_cdata:
        inner = text.strip().removeprefix("<![CDATA[").removesuffix("]]>")
        plain = inner.replace("]]]]><![CDATA[>", "]]>").replace("]]><![CDATA[", "")
    else:
        plain = html.unescape(text)
    return _CONTROL.sub("", plain).replace("\r\n", "\n").encode("utf-8", "replace").decode()


def _channel(preamble: bytes) -> Channel:
    tree, _lost = _read_leniently(_text_of(preamble)[0])
    found = {leaf.tag: leaf.text or "" for leaf in reversed(tree)}  # the first of each
    return Channel(
        title=found.get("title", "").strip(),
        link=(found.get("{wp}base_blog_url") or found.get("link", "")).strip(),
        language=found.get("language", "").strip(),
        version=found.get("{wp}wxr_version", "").strip(),
    )


def _header_part(name: str, tree: etree._Element) -> Iterator[Author | Term]:
    found = {str(leaf.tag): _inner(leaf) for leaf in tree}
    if name == "wp:author":
        login = found.get("{wp}author_login", "")
        yield Author(login, found.get("{wp}author_display_name") or login)
    elif name == "wp:category":
        yield Term("category", found.get("{wp}category_nicename", ""), found.get("{wp}cat_name", ""),
                   found.get("{wp}category_parent", ""))  # fmt: skip
    elif name == "wp:tag":
        yield Term("post_tag", found.get("{wp}tag_slug", ""), found.get("{wp}tag_name", ""))
    else:
        yield Term(found.get("{wp}term_taxonomy", ""), found.get("{wp}term_slug", ""),
                   found.get("{wp}term_name", ""), found.get("{wp}term_parent", ""))  # fmt: skip


def _item(tree: etree._Element, element: _Element, mends: tuple[tuple[str, str], ...]) -> WxrItem:
    found: dict[str, str] = {}
    terms: list[Term] = []
    meta: list[tuple[str, str]] = []
    comments: list[WxrComment] = []
    for leaf in tree:
        tag = leaf.tag
        if tag == "category":
            terms.append(Term(leaf.get("domain", "category"), leaf.get("nicename", ""), _inner(leaf).strip()))
        elif tag == "{wp}postmeta":
            meta.append((_inner(leaf.find("{wp}meta_key")), _inner(leaf.find("{wp}meta_value"))))
        elif tag == "{wp}comment":
            comments.append(_comment(leaf))
        else:
            found.setdefault(str(tag), (leaf.text or "") if len(leaf) == 0 else _inner(leaf))

    def value(name: str) -> str:
        return found.get(name, "").strip()

    content_at = element.data.find(b"<content:encoded")
    return WxrItem(
        line=element.line,
        content_line=element.line + element.data.count(b"\n", 0, max(content_at, 0)),
        digest=hashlib.sha256(element.data).hexdigest(),
        id=value("{wp}post_id"), type=value("{wp}post_type"), status=value("{wp}status"), title=value("title"),
        link=value("link"), creator=value("{dc}creator"), content=_without_marks(found.get("{content}encoded", "")),
        excerpt=value("{excerpt}encoded"), date=value("{wp}post_date"), date_gmt=value("{wp}post_date_gmt"),
        modified=value("{wp}post_modified"), slug=value("{wp}post_name"), parent=value("{wp}post_parent"),
        order=value("{wp}menu_order"), password=value("{wp}post_password"), sticky=value("{wp}is_sticky") == "1",
        attachment_url=value("{wp}attachment_url"), terms=tuple(terms), meta=tuple(meta), comments=tuple(comments),
        mends=mends,
    )  # fmt: skip


def _without_marks(text: str) -> str:
    """Content without noncharacters that were written as references."""
    return _CONTROL.sub("", text) if "\ufdd0" in text or "\ufdd1" in text else text


def _comment(tree: etree._Element) -> WxrComment:
    found = {str(leaf.tag).removeprefix("{wp}comment_"): _inner(leaf).strip() for leaf in tree}
    return WxrComment(**{name: found.get(name, "") for name in WxrComment.__struct_fields__})


def _inner(leaf: etree._Element | None) -> str:
    """Text of a value; markup that nobody escaped belongs to it."""
    if leaf is None:
        return ""
    if len(leaf) == 0:
        return leaf.text or ""
    parts = [html.escape(leaf.text or "", quote=False)]
    for child in leaf:
        written = etree.tostring(child, encoding="unicode")
        parts.append(re.sub(r' xmlns:\w+="\w+"', "", written))
    return "".join(parts)
