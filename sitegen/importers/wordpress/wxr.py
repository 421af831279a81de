"""WordPress's export format (WXR), read as a stream: one item at a time, and a broken one never costs the next.

The file is cut into its elements by searching bytes, and each is parsed alone. So there is no document, no DTD
and no entity but XML's own five, and memory is bounded by the largest item.
"""

import datetime as dt
import gzip
import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from lxml import etree
from msgspec import Struct

from sitegen.importers.wordpress.elements import Element, elements_of
from sitegen.importers.wordpress.values import CONTROL, inner_of, parsed, read_leniently, text_of
from sitegen.importers.wordpress.window import MAX_PREAMBLE, TooLargeError, Window
from sitegen.model import Location, Problem, Severity

_MAX_TOLD = 100


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
    window = Window(path)
    try:
        window.open(file)
        yield from _limited(_parts(window, wanted), path)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
        message = f"the compressed file breaks off: {error}"
        yield Problem(Location(path, window.line), "gzip", message, "download the export again", partly=True)
    except TooLargeError as error:
        hint = "unpack it and look at it by hand"
        yield Problem(Location(path, window.line), "too-large", str(error), hint, partly=True)


def read_site(file: IO[bytes]) -> str:
    """The address of the site that a file is an export of; "" for a file that is no export."""
    window = Window("")
    try:
        window.open(file)
    except (EOFError, zlib.error, gzip.BadGzipFile, TooLargeError):
        return ""
    head = window.data[:MAX_PREAMBLE].partition(b"<item>")[0]
    return _channel(head).link if b"wp:wxr_version" in head else ""


def _limited(parts: Iterator[Part], path: str) -> Iterator[Part]:
    told = 0
    for part in parts:
        told += isinstance(part, Problem)
        if not isinstance(part, Problem) or told <= _MAX_TOLD:
            yield part
    if told > _MAX_TOLD:
        message = f"{told - _MAX_TOLD} more broken items, not listed"
        yield Problem(Location(path), "broken-item", message, "export the site again", partly=True)


def _parts(window: Window, wanted: Callable[[bytes], bool]) -> Iterator[Part]:
    has_begun, items = False, 0
    for element in elements_of(window):
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


def _no_items(window: Window) -> Problem:
    channel = _channel(window.preamble)
    if b"wordpress.org/export" not in window.preamble and b"wp:wxr_version" not in window.preamble:
        hint = "in WordPress: Tools, Export, All content"
        return Problem(Location(window.path, 1), "not-wxr", "this is no export of WordPress", hint)
    version = "" if re.fullmatch(r"\d+(\.\d+)*", channel.version) else f'; its version is "{channel.version}"'
    message = f"the export holds no item{version}"
    return Problem(Location(window.path, window.line), "no-items", message, "export the site again", Severity.WARNING)


def _read_element(element: Element, path: str) -> Iterator[Part]:
    text, mends = text_of(element.data)
    tree = parsed(text) if element.is_whole else None
    lost = 0
    if tree is None:
        tree, lost = read_leniently(text)
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


def _channel(preamble: bytes) -> Channel:
    tree, _lost = read_leniently(text_of(preamble)[0])
    found = {leaf.tag: leaf.text or "" for leaf in reversed(tree)}  # the first of each
    return Channel(
        title=found.get("title", "").strip(),
        link=(found.get("{wp}base_blog_url") or found.get("link", "")).strip(),
        language=found.get("language", "").strip(),
        version=found.get("{wp}wxr_version", "").strip(),
    )


def _header_part(name: str, tree: etree._Element) -> Iterator[Author | Term]:
    found = {str(leaf.tag): inner_of(leaf) for leaf in tree}
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


def _item(tree: etree._Element, element: Element, mends: tuple[tuple[str, str], ...]) -> WxrItem:
    found: dict[str, str] = {}
    terms: list[Term] = []
    meta: list[tuple[str, str]] = []
    comments: list[WxrComment] = []
    for leaf in tree:
        tag = leaf.tag
        if tag == "category":
            terms.append(Term(leaf.get("domain", "category"), leaf.get("nicename", ""), inner_of(leaf).strip()))
        elif tag == "{wp}postmeta":
            meta.append((inner_of(leaf.find("{wp}meta_key")), inner_of(leaf.find("{wp}meta_value"))))
        elif tag == "{wp}comment":
            comments.append(_comment(leaf))
        else:
            found.setdefault(str(tag), (leaf.text or "") if len(leaf) == 0 else inner_of(leaf))

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
    return CONTROL.sub("", text) if "\ufdd0" in text or "\ufdd1" in text else text


def _comment(tree: etree._Element) -> WxrComment:
    found = {str(leaf.tag).removeprefix("{wp}comment_"): inner_of(leaf).strip() for leaf in tree}
    return WxrComment(**{name: found.get(name, "") for name in WxrComment.__struct_fields__})
