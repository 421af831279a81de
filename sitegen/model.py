"""The values that travel between the rooms; everyone stands on this file."""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct

# Stands at the head of every link inside the site, in contexts and in drawn HTML alike, until the page is written:
# there it becomes the way from that page to the top of the site. So what is drawn once fits on any page. It is a
# control character that HTML forbids; content loses it where it is read.
ROOT = "\x01"


class Severity(StrEnum):
    """How much a problem weighs: an error keeps the site from being published, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Location(Struct, frozen=True, order=True):
    """A place in a file of the site: path with forward slashes, line and column from 1 (0: unknown)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`path:line:column`, without the parts that are unknown."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}:{self.column}" if self.line and self.column else place


class Problem(Struct, frozen=True):
    """Something that a person can mend."""

    location: Location
    code: str  # stable, in kebab case: "front-matter", "unknown-shortcode"
    message: str  # what is wrong, in the field's words, lower case, no full stop
    hint: str = ""  # what to do
    severity: Severity = Severity.ERROR
    # The machine, not the writer, is in the way (an unreadable file): the run is only partly done.
    partly: bool = False


class SiteError(Exception):
    """Carries one problem from where its line is known to the next border between items."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.location}: {problem.message}")
        self.problem = problem


class Source(Struct, frozen=True, omit_defaults=True):
    """Where an imported article came from."""

    kind: str  # name of the importer: "raw-text"
    file: str  # path of the raw file, relative to the site where it lies in it
    sha256: str  # of the raw file's bytes
    url: str = ""
    retrieved: str = ""  # when the raw file was captured, as far as somebody knows: "2024-11-05"
    mends: int = 0  # damaged places that the import mended


class Correction(Struct, frozen=True):
    """What was put right in an article after its publication."""

    text: str
    date: dt.date | None = None


class Withdrawal(Struct, frozen=True):
    """Why an article is shown no more: its address stays, and says so."""

    date: dt.date | None = None
    reason: str = ""


class FrontMatter(Struct, frozen=True, kw_only=True):
    """The block of metadata above a body."""

    title: str = ""
    date: dt.datetime | dt.date | None = None
    updated: dt.datetime | dt.date | None = None
    slug: str = ""
    lang: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    series: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    image: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    publish_at: dt.datetime | dt.date | None = None  # nowhere to be seen before
    withdrawn: Withdrawal | None = None
    canonical: str = ""
    corrections: tuple[Correction, ...] = ()
    translations: tuple[str, ...] = ()  # content files with this article in other languages, relative to its own
    source: Source | None = None
    extra: dict[str, Any] = {}


class Article(Struct, frozen=True):
    """One piece of writing: front matter and the Markdown below it."""

    front_matter: FrontMatter
    body: str


class Reference(Struct, frozen=True, order=True):
    """A relative reference in a body, as it is written, and its first line in the file."""

    target: str
    line: int


class Dated(Struct, frozen=True, kw_only=True, array_like=True):
    """What a sitemap tells of an article; an entry begins with it."""

    source: str  # content file, relative to the content folder
    permalink: str  # "2024/09/tramway/": no slash in front, one at the end
    title: str
    date: dt.datetime | None = None  # local time of the site, without a zone; None stays None
    updated: dt.datetime | None = None


class Entry(Dated, frozen=True, kw_only=True, array_like=True):
    """What lists, feeds and neighbours show of an article. An edit of its body alone leaves it as it was."""

    lang: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""  # slug of the section; "" for none
    series: str = ""  # name as written; "" for none
    tags: tuple[str, ...] = ()  # names as written, in the writer's order
    summary: str = ""
    image: str = ""


class ArticleEntry(Entry, frozen=True, kw_only=True, array_like=True):
    """All that is known of an article without its body; a row of the catalog."""

    digest: str  # of the content file's bytes
    body_at: int = -1  # the byte of the file where its body starts; -1: it does not stand there as it is
    body_line: int = 1
    aliases: tuple[str, ...] = ()
    draft: bool = False
    publish_at: dt.datetime | None = None  # local time of the site; None: the date says it
    withdrawn: Withdrawal | None = None
    canonical: str = ""
    corrections: tuple[Correction, ...] = ()
    translations: tuple[str, ...] = ()  # content files, as written
    words: int = 0
    links: tuple[Reference, ...] = ()  # of the body, sorted
    shortcodes: tuple[str, ...] = ()  # names in brackets that may be shortcodes, sorted
    origin: Source | None = None


class Answer(Struct, frozen=True):
    """One answer of a poll; its id is unique within the poll."""

    id: str
    text: str
    votes: int | None = None  # None: nobody knows


class PollRecord(Struct, frozen=True, kw_only=True):
    """What a data file says of a poll. What it leaves out is as the article has it."""

    key: str  # content/polls/KEY.yaml
    question: str = ""
    answers: tuple[Answer, ...] = ()
    multiple: bool | None = None
    closed: str = ""  # "1", "0", or the day on which voting ended; "": as the site has it
    counted: dt.date | None = None  # the day of the count
    total: int | None = None  # what shares are shares of, where it is not the sum of the votes
    is_hidden: bool = False  # the source did not show the poll


class PageContext(Struct, frozen=True, kw_only=True, tag=True, array_like=True):
    """What every template sees of its page; each kind of page adds its own."""

    path: str  # permalink: "" is home, "tags/energie/"; links are made with href()
    title: str
    description: str = ""
    lang: str = ""  # language of the page's main text; "" is the site's
    dir: str = "ltr"
    feeds: tuple[str, ...] = ()  # paths of the page's own feeds, in the order of `[feeds]`


class Page(Struct, frozen=True, kw_only=True):
    """A page to be. It knows all that it is made of before it is rendered."""

    output: str  # file below the output folder: "tags/energie/index.html"
    template: str
    context: PageContext
    body_of: str = ""  # content file whose body the page shows; "" for none
    body_digest: str = ""
    body_at: int = -1  # as the entry says
    body_line: int = 1
    shortcodes: tuple[str, ...] = ()  # of that body
    sources: tuple[str, ...] = ()  # files to name when two pages want one path


class Picture(Struct, frozen=True):
    """What a picture's file says of it: its size as it is shown, and its format."""

    width: int  # 0: not said
    height: int
    kind: str  # "JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "SVG"
    is_still: bool = True  # of pixels, and one frame
    is_clean: bool = True  # neither tells where it was taken, nor holds what could run


class Rendition(Struct, frozen=True):
    """A picture in another size and format."""

    width: int
    format: str  # "avif", "webp"
    quality: int
    is_lossless: bool = False


class Asset(Struct, frozen=True):
    """A file that is copied as it is; or a picture, cleaned or in another size."""

    output: str
    file: Path
    digest: str  # of all that the output is made of
    file_digest: str = ""  # of a picture's own file
    kind: str = ""  # of a picture that is not copied as it is
    rendition: Rendition | None = None  # None: the picture itself, cleaned


class OutputFile(Struct, frozen=True, order=True):
    """A line of the manifest: path below the output folder, SHA-256 of the bytes, their number."""

    path: str
    digest: str
    size: int
