"""What templates see: one frozen struct for each kind of page, and the small ones they are made of.

All paths are relative to the top of the site, without a slash in front; a template turns them
into links with `href(path)`. On their way to a worker they are arrays: all that is told are the values.
"""

import datetime as dt

from msgspec import Struct

from sitegen.model import Correction, PageContext, PollRecord, Source


class Link(Struct, frozen=True, array_like=True):
    """A title and where it leads."""

    title: str
    path: str


class CountedLink(Struct, frozen=True, array_like=True):
    """A link to a listing, with how many articles stand behind it."""

    title: str
    path: str
    count: int


class Row(Struct, frozen=True, kw_only=True, array_like=True):
    """An article as a listing shows it. All of it is ready to print, since a site prints millions of them."""

    title: str
    href: str  # as href() gives it
    iso: str = ""  # "2024-09-14"; "" if undated
    day: str = ""  # the same day in the words of the site's language
    section: str = ""  # title of its section
    lang: str = ""  # only where it is not the site's
    dir: str = ""  # only where it is not the site's


class RowGroup(Struct, frozen=True, array_like=True):
    """Titles under one heading: a letter, a day, a year."""

    title: str
    path: str  # of the heading's own page; "" for none
    rows: tuple[Row, ...]


class Card(Struct, frozen=True, kw_only=True, array_like=True):
    """An article as the front page and feeds show it."""

    title: str
    path: str
    href: str = ""  # as href() gives it
    date: dt.datetime | None = None
    iso: str = ""  # its day: "2024-09-14"; "" if undated
    day: str = ""  # the same day in the words of the site's language
    lang: str = ""
    dir: str = "ltr"
    section: Link | None = None
    summary: str = ""
    tags: tuple[Link, ...] = ()


class Translation(Struct, frozen=True, array_like=True):
    """The same article in another language."""

    lang: str
    dir: str
    title: str
    path: str


class Pager(Struct, frozen=True, kw_only=True, array_like=True):
    """Where a listing page stands among its own; numbers count from the oldest, so a full page never moves."""

    number: int  # 1 holds the oldest entries; the front page has the highest
    is_front: bool  # the page that a visitor sees first, with the newest entries
    newer: str | None = None  # path of the page with newer entries
    older: str | None = None
    front: str = ""  # path of the front page
    # Other pages to jump to, the newest first, under the year of their oldest entry: from the front page any
    # page is at most three jumps away.
    jumps: tuple["Jump", ...] = ()


class Jump(Struct, frozen=True, array_like=True):
    """A numbered page further away."""

    number: int
    path: str
    title: str = ""  # year of its oldest entry; "" if undated


class Neighbours(Struct, frozen=True, kw_only=True, array_like=True):
    """The articles before and after one, within a tag or a series."""

    link: Link  # the tag or series
    newer: Link | None = None
    older: Link | None = None


class PollData(Struct, frozen=True, array_like=True):
    """What the polls of an article are made of, beside its text."""

    records: tuple[PollRecord, ...] = ()  # their data files
    as_of: dt.date | None = None  # the last day on which one of them closed


class PictureSource(Struct, frozen=True, array_like=True):
    """A format of a picture, and its files by width."""

    type: str  # "image/webp"
    files: tuple[tuple[int, str], ...]  # width and path in the site, the smallest first


class ShownPicture(Struct, frozen=True, array_like=True):
    """A picture of the archive, as pages show it."""

    path: str  # in the site
    width: int  # 0: not known
    height: int
    sources: tuple[PictureSource, ...] = ()


class ArticleContext(PageContext, frozen=True, kw_only=True):
    """`article.html`: one article.

    The template also gets `body`, its HTML; `lead`, that of its own picture, if the body does not show it; `toc`, the
    headings of a long one; `comments`, what readers wrote.
    """

    date: dt.datetime | None = None
    updated: dt.datetime | None = None
    authors: tuple[str, ...] = ()
    author_links: tuple[Link, ...] = ()  # their pages, in the same order
    section: Link | None = None
    tags: tuple[Link, ...] = ()
    day: tuple[Link, ...] = ()  # year, month and day of the article, as ways in; empty if undated
    number: int = 0  # its place among the articles of its month, or among all that have a date, from 1; 0 if undated
    count: int = 0  # how many these are
    is_number_in_archive: bool = False  # whether these are all that have a date, and not those of its month
    newer: Link | None = None
    older: Link | None = None
    in_tag: Neighbours | None = None  # before and after within its first tag
    in_series: Neighbours | None = None
    related: tuple[Link, ...] = ()  # older articles that share its rarer tags, the nearest first
    words: int = 0
    minutes: int = 0  # reading time, at least 1
    canonical: str = ""  # absolute address, if the article names another home
    origin: Source | None = None
    raw: str = ""  # path of a copy of the raw file, as plain text; "" for none
    corrections: tuple[Correction, ...] = ()
    translations: tuple[Translation, ...] = ()
    comments_of: str = ""  # content file with the comments of readers; "" for none
    comments_digest: str = ""
    # references of the body as written -> path in this site
    links: tuple[tuple[str, str], ...] = ()
    pictures: tuple[ShownPicture, ...] = ()  # of these, the pictures
    image: ShownPicture | None = None  # the article's own picture, a file of the archive
    is_image_in_body: bool = False  # in whatever size
    polls: PollData | None = None  # None: the body has none


class HomeContext(PageContext, frozen=True, kw_only=True):
    """`home.html`: the newest articles and the ways in."""

    newest: tuple[Card, ...] = ()
    sections: tuple[CountedLink, ...] = ()
    years: tuple[CountedLink, ...] = ()  # newest first
    terms: tuple[CountedLink, ...] = ()  # the most frequent, by name
    total: int = 0
    undated: CountedLink | None = None
    ways: tuple[Link, ...] = ()  # the other indexes: titles, on this day, authors, series


class ListingContext(PageContext, frozen=True, kw_only=True):
    """`listing.html`: one numbered page of articles, newest first; of a series, its first part first."""

    kind: str  # "section", "term", "author", "series", "day", "day-of-year" or "titles"
    crumbs: tuple[Link, ...] = ()  # the way from home, without the page itself
    rows: tuple[Row, ...] = ()
    pager: Pager
    count: int = 0  # articles in the whole listing; 0 on pages but the front one
    newer_period: Link | None = None  # of a day: the next one that has articles
    older_period: Link | None = None
    beside: tuple[CountedLink, ...] = ()  # of a tag, on the front page: the tags that go with it
    years: tuple[CountedLink, ...] = ()  # of a term, on the front page: its articles by year, oldest first


class DayCell(Struct, frozen=True, array_like=True):
    """A day in a calendar."""

    number: int
    path: str = ""  # of its page; "" if nothing was published
    count: int = 0


class PeriodContext(PageContext, frozen=True, kw_only=True):
    """`period.html`: a year or a month; its titles as long as they fit on one page."""

    kind: str  # "year" or "month"
    crumbs: tuple[Link, ...] = ()
    count: int = 0
    months: tuple[CountedLink, ...] = ()  # of a year: its months with articles, January first
    weekdays: tuple[str, ...] = ()  # of a month: seven short names, in the order of its weeks
    weeks: tuple[tuple[DayCell | None, ...], ...] = ()  # of a month: rows of seven; None lies in another month
    groups: tuple[RowGroup, ...] = ()  # titles by month or by day, the first first; none where they are too many
    newer_period: Link | None = None  # the year or month after this one that has articles
    older_period: Link | None = None


class CalendarMonth(Struct, frozen=True, array_like=True):
    """A month of the calendar, of whatever year."""

    title: str
    days: tuple[DayCell, ...]


class OnThisDayContext(PageContext, frozen=True, kw_only=True):
    """`on-this-day.html`: the days of the calendar, with what was published on them in all years."""

    crumbs: tuple[Link, ...] = ()
    months: tuple[CalendarMonth, ...] = ()


class TitlesContext(PageContext, frozen=True, kw_only=True):
    """`titles.html`: titles A to Z. Either the titles themselves, or the parts that they are divided into."""

    kind: str  # "titles" or "undated"
    crumbs: tuple[Link, ...] = ()
    count: int = 0
    groups: tuple[RowGroup, ...] = ()  # by letter
    parts: tuple["LetterGroup", ...] = ()  # pages of the titles that begin alike, by letter


class FrequentTerm(Struct, frozen=True, array_like=True):
    """A frequent tag, and its articles by year."""

    title: str
    path: str
    count: int
    years: tuple[CountedLink, ...] = ()  # oldest first


class LetterGroup(Struct, frozen=True, array_like=True):
    """The terms under one letter, by name."""

    letter: str  # "A"; "#" for what starts with no letter
    terms: tuple[CountedLink, ...]


class TermsContext(PageContext, frozen=True, kw_only=True):
    """`terms.html`: tags, authors or series, A to Z with counts, or the parts that a long index is divided into."""

    kind: str = "tags"  # or "authors", "series"
    crumbs: tuple[Link, ...] = ()
    groups: tuple[LetterGroup, ...] = ()
    parts: tuple[LetterGroup, ...] = ()  # pages of the names that begin alike; then there are no groups
    frequent: tuple["FrequentTerm", ...] = ()  # the most frequent tags, most frequent first


class SectionsContext(PageContext, frozen=True, kw_only=True):
    """`sections.html`: all sections with counts."""

    crumbs: tuple[Link, ...] = ()
    sections: tuple[CountedLink, ...] = ()


class YearRow(Struct, frozen=True, array_like=True):
    """A year of the archive page."""

    year: CountedLink
    months: tuple[CountedLink | None, ...]  # twelve; None where nothing was published


class ArchiveContext(PageContext, frozen=True, kw_only=True):
    """`archive.html`: every year and month with counts, newest year first."""

    crumbs: tuple[Link, ...] = ()
    years: tuple[YearRow, ...] = ()
    undated: CountedLink | None = None
    total: int = 0
    ways: tuple[Link, ...] = ()  # the other indexes


class WithdrawnContext(PageContext, frozen=True, kw_only=True):
    """`withdrawn.html`: stands where an article was that is shown no more; it names nothing of it."""

    date: dt.date | None = None
    reason: str = ""


class NotFoundContext(PageContext, frozen=True, kw_only=True):
    """`404.html`: shown by the host for addresses that do not exist; its links are absolute."""


class FeedEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An article in a feed, ready to print; no text in it holds a sign that XML forbids."""

    title: str
    url: str
    published: str  # "2024-09-14T16:30:00Z"
    updated: str
    published_rss: str  # "Sat, 14 Sep 2024 16:30:00 GMT"
    lang: str = ""  # only where it is not the site's
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str = ""


class FeedContext(PageContext, frozen=True, kw_only=True):
    """`feed.xml` (Atom), `rss.xml` (RSS 2.0) and `feed.json` (JSON Feed 1.1): the newest articles of a listing."""

    url: str  # of the feed itself
    home_url: str  # of the listing that it belongs to
    entries: tuple[FeedEntry, ...] = ()
    updated: str
    updated_rss: str


class LlmsContext(PageContext, frozen=True, kw_only=True):
    """`llms.txt`: what the archive holds, for language models."""

    ways: tuple[Link, ...] = ()
    sections: tuple[CountedLink, ...] = ()


class LinesContext(PageContext, frozen=True, kw_only=True):
    """`articles.jsonl`, `redirects.map`, `search.js`: records of articles, old addresses, what the search reads."""

    lines: tuple[str, ...]


class DataFile(Struct, frozen=True, array_like=True):
    """A file of records."""

    path: str
    count: int


class DataIndexContext(PageContext, frozen=True, kw_only=True):
    """`data.json`: the files of records."""

    files: tuple[DataFile, ...] = ()


class SitemapUrl(Struct, frozen=True, array_like=True):
    """One address for crawlers, ready to print."""

    loc: str
    lastmod: str = ""  # a day, or a moment in UTC; "" where nobody knows


class SitemapContext(PageContext, frozen=True, kw_only=True):
    """`sitemap.xml`: addresses."""

    urls: tuple[SitemapUrl, ...] = ()


class SitemapIndexContext(PageContext, frozen=True, kw_only=True):
    """`sitemap-index.xml`: the sitemaps."""

    sitemaps: tuple[SitemapUrl, ...] = ()


class StyleContext(PageContext, frozen=True, kw_only=True):
    """`site.css`: the style sheet; a site's own `static/site.css` stands in its place."""

    with_lists: bool = False  # what only other pages than articles need
    with_articles: bool = True  # what only articles need
    with_more: bool = False  # what few articles need: shortcodes, code, comments, corrections
    with_polls: bool = False


class SearchContext(PageContext, frozen=True, kw_only=True):
    """`search.html`: the page that searches."""

    crumbs: tuple[Link, ...] = ()
    years: tuple[str, ...] = ()  # "0987", "2024": newest first
    sections: tuple[tuple[str, str], ...] = ()  # slug and title, by title
    ways: tuple[Link, ...] = ()  # the indexes of the archive, for whom it does not find what they seek


class OpenSearchContext(PageContext, frozen=True, kw_only=True):
    """`opensearch.xml`: how programs search here."""

    long_name: str  # of at most 48 signs; the title has 16
    url: str  # of the page that searches
    icon: str


class RobotsContext(PageContext, frozen=True, kw_only=True):
    """`robots.txt`."""


class ThanksContext(PageContext, frozen=True, kw_only=True):
    """`thanks.html`: shown to a reader who has voted."""


class AnswerCount(Struct, frozen=True, array_like=True):
    """An answer in a poll's data."""

    id: str
    text: str
    votes: int | None  # None: nobody knows
    percent: float | None


class PollContext(PageContext, frozen=True, kw_only=True):
    """`poll.json`: a poll as data, for whoever wants to use it elsewhere."""

    id: str
    question: str
    multiple: bool
    answers: tuple[AnswerCount, ...]
    votes: int | None = None  # None: nobody knows
    total: int | None = None  # what percents are of
    open: bool = False
    closed: str = ""  # the day, if it is known
    counted: dt.date | None = None
    articles: tuple[Link, ...] = ()  # that show it, oldest first


class RedirectContext(PageContext, frozen=True, kw_only=True):
    """`redirect.html`: an old address and where its article lives now."""

    target: str = ""  # path in this site
    address: str = ""  # or an address elsewhere


AnyContext = (
    ArticleContext
    | ArchiveContext
    | DataIndexContext
    | FeedContext
    | HomeContext
    | ListingContext
    | LinesContext
    | LlmsContext
    | NotFoundContext
    | OnThisDayContext
    | OpenSearchContext
    | PeriodContext
    | PollContext
    | RedirectContext
    | RobotsContext
    | SearchContext
    | SectionsContext
    | SitemapContext
    | SitemapIndexContext
    | StyleContext
    | TermsContext
    | ThanksContext
    | TitlesContext
    | WithdrawnContext
)
