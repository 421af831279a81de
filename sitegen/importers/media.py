"""Pictures, sounds, films and documents of imported articles: where each lies, and where the archive keeps it.

All that was once under wp-content/uploads is kept at `files/2019/05/x.jpg`, all else at `files/HOST/…`; a picture that
lies beside a raw file stays beside the article.
"""

import hashlib
import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct, structs

from sitegen.content.svg import clean_svg
from sitegen.importers.media_references import MediaReference, with_references
from sitegen.importers.media_types import HEAD, MEDIA_SUFFIXES, SUFFIXES, media_type
from sitegen.model import Article

FILES = "files"
_UPLOADS = re.compile(r"/(?:wp-content/uploads(?:/sites/\d+)?|wp-content/blogs\.dir/\d+/files)/(?P<path>[^?#]+)")
_PROXY = re.compile(r"https?://i\d\.wp\.com/(?P<address>[^?#]+)", re.IGNORECASE)
_HOSTED = re.compile(r"https?://[\w-]+\.files\.wordpress\.com/(?P<path>\d{4}/\d{2}/[^?#]+)", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^(?P<stem>.+?)(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,13})(?P<suffix>\.[A-Za-z0-9]{2,5})$"
)
_VARIANT = re.compile(r"-(\d{1,5})x(\d{1,5})$")
_UNSAFE = re.compile(r"[^\w.,@()+=~-]+")
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_DOCUMENT_SUFFIXES = frozenset(
    ".doc .docx .xls .xlsx .ppt .pptx .pps .ppsx .odt .ods .odp .epub .zip .rtf .kmz".split()
)
_ALL_SUFFIXES = MEDIA_SUFFIXES | _DOCUMENT_SUFFIXES
_ANY_SUFFIX = re.compile("|".join(map(re.escape, sorted(_ALL_SUFFIXES))))
# Joined to any address, it stays as it is.
_WHOLE = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9/._%~+,@!$&'()*=:-]*)?")
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:|/")
_MAX_NAME = 100
_MAX_PARTS = 20


class MediaPlaces(Struct, frozen=True):
    """Where media may lie: in the content folder already, beside a raw file, in a copy of the old site's files."""

    content: str
    uploads: str = ""
    near: str = ""  # folder that is imported
    below: str = ""  # the raw file, below that folder


class Medium(NamedTuple):
    """A medium that was found: how it was written, where the archive keeps it, what is to be copied there."""

    address: str
    path: str  # below the content folder
    origin: str = ""  # file to copy; "": it is there already
    variant_of: str = ""  # the file name that was asked for, where another size of it is taken


class Localized(NamedTuple):
    """An article whose media are files of the archive, as far as they could be had."""

    article: Article
    found: tuple[Medium, ...] = ()
    missing: tuple[MediaReference, ...] = ()  # with whole addresses, where they could be made


def localize(article: Article, target: str, places: MediaPlaces) -> Localized:
    """The article with references to files of the archive in place of those that lie elsewhere."""
    return _Search(article, target, places).result()


def media_path(address: str) -> str:
    """Where the archive keeps what lies at an address; no part of it can lead out of its folder."""
    if uploads := upload_path(address):
        return posixpath.join(FILES, *_safe_parts(uploads))
    parts = urlsplit(address)
    name = posixpath.join(FILES, _safe_part(parts.netloc.lower() or "here"), *_safe_parts(unquote(parts.path)))
    if not parts.query:
        return name
    stem, suffix = posixpath.splitext(name)
    return f"{stem}-{hashlib.sha256(parts.query.encode()).hexdigest()[:8]}{suffix}"


def upload_path(address: str) -> str:
    """Path below wp-content/uploads of an address; "" for one that is not there."""
    if match := _PROXY.match(address):
        address = "https://" + match["address"]
    match = _HOSTED.match(address) or _UPLOADS.search(address)
    return unquote(match["path"]) if match else ""


def host_of(address: str) -> str:
    """Host of an address, without www., as one site is known by both; through a picture proxy, the site behind it."""
    if match := _PROXY.match(address):
        address = "https://" + match["address"]
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def original_of(address: str) -> str:
    """Address of the picture that a small one was made from; "" for one that is no small one."""
    head, slash, name = address.rpartition("/")
    match = _ORIGINAL.match(name.partition("?")[0])
    return f"{head}{slash}{match['stem']}{match['suffix']}" if match else ""


def is_media_name(address: str) -> bool:
    """Whether an address ends like a picture, a sound, a film or a document."""
    folded = address.lower()
    if folded.isprintable() and not _ANY_SUFFIX.search(folded):
        return False  # most addresses, and this is known without taking them apart
    return PurePosixPath(urlsplit(folded).path).suffix in _ALL_SUFFIXES


def is_taken(file: Path) -> bool:
    """Whether a file is a medium by its bytes: nothing else gets into the archive, whatever it is called."""
    try:
        if file.is_symlink() or not file.is_file():
            return False
        with file.open("rb") as data:
            head = data.read(HEAD)
    except OSError:
        return False
    is_document = head.startswith(_DOCUMENTS) and file.suffix.lower() in _DOCUMENT_SUFFIXES
    return bool(media_type(head)) or is_document


def clean_bytes(file: Path) -> bytes | None:
    """A drawing as it may be kept; None for a file of any other kind, which is copied as it is.

    Raises ValueError for a drawing that cannot be cleaned.
    """
    with file.open("rb") as data:
        if media_type(data.read(HEAD)) != "image/svg+xml":
            return None
        data.seek(0)
        cleaned = clean_svg(data.read())
    if cleaned is None:
        raise ValueError("the drawing is no safe SVG")
    return cleaned


class _Search:
    """One article's media, each looked for once."""

    def __init__(self, article: Article, target: str, places: MediaPlaces) -> None:
        self._article = article
        self._folder = posixpath.dirname(target)
        self._places = places
        matter = article.front_matter
        self._base = matter.source.url if matter.source else ""
        self._host = host_of(self._base)
        self._known: dict[str, Medium | None] = {}
        self._missing: dict[MediaReference, None] = {}

    def result(self) -> Localized:
        matter = self._article.front_matter
        body = with_references(self._article.body, self._settled)
        image = matter.image
        if image:
            image = self._settled(MediaReference(image, True)) or image
        if body == self._article.body and image == matter.image:
            article = self._article
        else:
            article = Article(structs.replace(matter, image=image), body)
        found = tuple(medium for medium in self._known.values() if medium)
        return Localized(article, found, tuple(self._missing))

    def _settled(self, reference: MediaReference) -> str:
        address = reference.address.strip()
        if not address or address.startswith(("#", "?", "data:", "mailto:", "tel:", "javascript:")):
            return ""
        try:
            if not reference.is_shown and not is_media_name(address):
                return ""
            if address not in self._known:
                self._known[address] = self._find(address)
            medium = self._known[address]
            if medium is None:
                whole = self._whole(address)
                if reference.is_shown or self._is_own(whole):
                    self._missing[MediaReference(whole, reference.is_shown)] = None
                return ""
        except ValueError:  # no address at all
            return ""
        path = posixpath.relpath(medium.path, self._folder or ".")
        return "" if path == unquote(address) else path

    def _find(self, address: str) -> Medium | None:
        is_relative = not _SCHEME.match(address)
        if is_relative and (found := self._in_archive(address) or self._near(address)):
            return found
        if not is_relative and (found := self._saved_beside(address)):
            return found
        whole = self._whole(address)
        if self._is_own(whole) and (found := self._in_uploads(address, whole)):
            return found
        return self._kept(address, whole) if whole.startswith(("http://", "https://")) or upload_path(whole) else None

    def _is_own(self, whole: str) -> bool:
        """Whether an address is of the site that the article came from; of an unknown one, any is."""
        host, own = host_of(whole), self._host
        return not host or not own or host == own or host == f"{own.split('.')[0]}.files.wordpress.com"

    def _whole(self, address: str) -> str:
        if address.startswith("//"):
            address = "https:" + address
        elif _WHOLE.fullmatch(address):
            return address
        return urljoin(self._base, address) if self._base else address

    def _in_archive(self, address: str) -> Medium | None:
        path = posixpath.normpath(posixpath.join(self._folder, unquote(urlsplit(address).path)))
        is_there = not path.startswith("..") and Path(self._places.content, path).is_file()
        return Medium(address, path) if is_there and not path.endswith(".md") else None

    def _near(self, address: str) -> Medium | None:
        """A file beside the raw one, within the folder that is imported; it stays beside the article."""
        if not self._places.near:
            return None
        name = unquote(urlsplit(address).path)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self._places.below), name))
        here = posixpath.normpath(posixpath.join(self._folder, name))
        file = Path(self._places.near, path)
        if (
            path.startswith("..")
            or here.startswith("..")
            or not _is_inside(self._places.near, file)
            or not is_taken(file)
        ):
            return None
        return Medium(address, posixpath.join(*_safe_parts(here)), str(file))

    def _saved_beside(self, address: str) -> Medium | None:
        """A browser saves a page's pictures in a folder of the page's name."""
        parts = [part for part in unquote(urlsplit(address).path).split("/") if part]
        stem = PurePosixPath(self._places.below).stem
        if not self._places.near or len(parts) < 2 or not stem or not parts[-2].startswith(stem):
            return None
        return self._near("/".join(parts[-2:]).replace("%", "%25"))

    def _in_uploads(self, address: str, whole: str) -> Medium | None:
        """A file in a copy of wp-content/uploads, or in a copy of all that the site served."""
        if not self._places.uploads:
            return None
        for path in (upload_path(whole), unquote(urlsplit(whole).path).lstrip("/")):
            normal = posixpath.normpath(path) if path else ".."
            if normal.startswith("..") or "\0" in normal:
                continue
            file = _variant(Path(self._places.uploads, normal))
            if file and _is_inside(self._places.uploads, file):
                kept = posixpath.join(FILES, *_safe_parts(posixpath.join(posixpath.dirname(normal), file.name)))
                asked = posixpath.basename(normal)
                return Medium(address, kept, str(file), asked if file.name != asked else "")
        return None

    def _kept(self, address: str, whole: str) -> Medium | None:
        """A file that an earlier import brought into the archive."""
        path = media_path(whole)
        if not os.path.isdir(f"{self._places.content}/{posixpath.dirname(path)}"):  # noqa: PTH112 - a hot path: no Path
            return None
        file = _variant(Path(self._places.content, path)) or _with_ending(Path(self._places.content, path))
        if file is None:
            return None
        asked = posixpath.basename(path)
        return Medium(
            address, posixpath.join(posixpath.dirname(path), file.name), "", asked if file.name != asked else ""
        )


def _is_inside(folder: str, file: Path) -> bool:
    """Whether a file is in a folder, also when links between folders are followed."""
    return file.resolve().is_relative_to(Path(folder).resolve())


def _variant(file: Path) -> Path | None:
    """The file, or the same picture in another size: the original first, then the largest."""
    names = dict.fromkeys(unicodedata.normalize(form, file.name) for form in ("NFC", "NFD"))
    for name in names:
        if is_taken(there := file.with_name(name)):
            return there
    original = original_of(file.name)
    stem, suffix = posixpath.splitext(original or file.name)
    if original and is_taken(file.with_name(original)):
        return file.with_name(original)
    sizes = sorted(_sizes(file.parent, stem, suffix), reverse=True)
    return next((file.parent / name for _, name in sizes if is_taken(file.parent / name)), None)


def _sizes(folder: Path, stem: str, suffix: str) -> Iterator[tuple[int, str]]:
    try:
        names = [file.name for file in folder.iterdir()]
    except OSError:
        return
    for name in names:
        if not name.startswith(stem) or not name.endswith(suffix):
            continue
        middle = name[len(stem) : len(name) - len(suffix)]
        if middle in ("-scaled", "-rotated"):
            yield 1 << 40, name
        elif match := _VARIANT.fullmatch(middle):
            yield int(match[1]) * int(match[2]), name


def _with_ending(file: Path) -> Path | None:
    """A file that got an ending of its own, since its address had none that says what it is."""
    if file.suffix.lower() in MEDIA_SUFFIXES:
        return None
    endings = (suffixes[0] for suffixes in SUFFIXES.values())
    return next((there for ending in endings if (there := file.with_name(file.name + ending)).is_file()), None)


def _safe_parts(path: str) -> list[str]:
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return [_safe_part(part) for part in parts[-_MAX_PARTS:]] or ["index"]


def _safe_part(part: str) -> str:
    """A name that every file system takes; one that was cut or emptied ends in a hash of the whole."""
    name = _UNSAFE.sub("-", unicodedata.normalize("NFC", part)).lstrip(".-").rstrip(". ")
    if name and len(name.encode()) <= _MAX_NAME:
        return name
    stem, suffix = posixpath.splitext(name)
    short = stem.encode()[: _MAX_NAME - 20].decode("utf-8", "ignore")
    return f"{short or 'x'}-{hashlib.sha256(part.encode('utf-8', 'replace')).hexdigest()[:8]}{suffix[:10]}"
