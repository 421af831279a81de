"""Entries as listings show them, and the links that go with them."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from sitegen.alphabets import Alphabet, alphabet_of
from sitegen.config import FEED_FILES, Config
from sitegen.content.catalog import Catalog
from sitegen.content.permalinks import quoted
from sitegen.content.raw_files import RawFiles
from sitegen.content.rows import Taxonomy, Title
from sitegen.contexts import Card, CountedLink, Link, PollData, Row
from sitegen.languages import direction
from sitegen.locales import calendar_day, day_in_words, month_in_words, month_name
from sitegen.model import ROOT, ArticleEntry, Asset, Entry, Page, PageContext, Problem
from sitegen.pages.related import Kinship
from sitegen.shortcodes.poll_backend import PollBackend
from sitegen.shortcodes.poll_values import POLL_NAMES

SECTIONS, TAGS, AUTHORS, SERIES = "sections/", "tags/", "authors/", "series/"
ARCHIVE, TITLES, UNDATED, ON_THIS_DAY = "archive/", "titles/", "undated/", "on-this-day/"
MEDIA, DATA, SEARCH = "media/", "data/", "search/"
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
BASES = {Taxonomy.TAG: TAGS, Taxonomy.AUTHOR: AUTHORS, Taxonomy.SERIES: SERIES}


class Planner(Struct, frozen=True):
    """What planning needs at hand: the catalog, the configuration, the theme's words in the site's language."""

    catalog: Catalog
    config: Config
    texts: NullTranslations
    folder: Path  # of the site
    poll_backend: PollBackend
    today: dt.date  # of the site
    theme: tuple[Asset, ...]  # its static files
    raw_files: RawFiles
    # Of all that is planned: outputs that a sitemap names, and when they changed last.
    dated_outputs: Callable[[str], Iterable[tuple[str, str]]]
    # Of all that is planned but old addresses: who has an output, or one in its way; "" for nobody.
    holder_of: Callable[[str], str]
    kinship: Kinship = field(default_factory=Kinship)
    _section_titles: dict[str, str] = field(default_factory=dict)

    @property
    def alphabet(self) -> Alphabet:
        """The letters that the site's lists are in the order of."""
        return alphabet_of(self.config.site.language)

    def say(self, text: str) -> str:
        """A word of the theme."""
        return self.texts.gettext(text)

    def shown(self, entry: Entry) -> str:
        """An article's file, as problems name it."""
        return f"{self.config.paths.content}/{entry.source}"

    def section_link(self, name: str) -> Link:
        """Link to a section by its name, as written in a file or as its folder is called."""
        slug = self.catalog.slug(name)
        title = self.config.sections.get(slug) or name.replace("-", " ").replace("_", " ")
        return Link(title[:1].upper() + title[1:], f"{SECTIONS}{slug}/")

    def section_title(self, slug: str) -> str:
        """Title of a section; "" for none."""
        if not slug:
            return ""
        names = self.catalog.section_names()
        if slug not in self._section_titles:
            self._section_titles[slug] = self.section_link(names[slug]).title
        return self._section_titles[slug]

    def tag_link(self, name: str) -> Link:
        """Link to a tag's page."""
        return self.term_link(Taxonomy.TAG, name)

    def term_link(self, kind: Taxonomy, name: str) -> Link:
        """Link to the page of a tag, author or series."""
        return Link(name, f"{BASES[kind]}{self.catalog.slug(name)}/")

    def poll_data(self, entry: ArticleEntry) -> PollData | None:
        """What the polls of an article are made of; None if it shows none."""
        if POLL_NAMES.isdisjoint(entry.shortcodes):
            return None
        polls = self.catalog.polls
        return PollData(polls.records_for(entry.source), polls.last_closing(self.today, entry.source))

    def feeds(self, listing: str, formats: Iterable[str]) -> tuple[str, ...]:
        """Paths of a listing's feeds; none as long as the site does not know its address, which a feed must name."""
        return tuple(listing + FEED_FILES[one] for one in formats) if self.config.site.url else ()

    def term_feeds(self, kind: Taxonomy, listing: str, count: int) -> tuple[str, ...]:
        """Paths of the feeds of a tag or author with so many articles; a series has none."""
        table = self.config.feeds
        formats = {Taxonomy.TAG: table.tags, Taxonomy.AUTHOR: table.authors}.get(kind, ())
        return self.feeds(listing, formats) if count >= table.min_articles else ()

    def absolute(self, path: str) -> str:
        """Address of a path of this site; "" as long as the site's address is unknown."""
        url = self.config.site.url
        return f"{url.rstrip('/')}/{quoted(path)}" if url else ""

    def moment(self, date: dt.datetime) -> str:
        """A local time of the site as a moment in UTC, as RFC 3339 writes it."""
        return _moment(date, self.config.site.timezone)

    def rss_moment(self, date: dt.datetime) -> str:
        """The same as RFC 822 writes it."""
        return _rss_moment(date, self.config.site.timezone)

    def sections(self) -> tuple[CountedLink, ...]:
        """All sections by title."""
        links = ((self.section_link(name), count) for _, name, count in self.catalog.sections())
        found = (CountedLink(link.title, link.path, count) for link, count in links)
        return tuple(sorted(found, key=lambda link: (self.alphabet.key(link.title), link.path)))

    def years(self) -> tuple[CountedLink, ...]:
        """All years with articles, newest first."""
        counts: dict[str, int] = {}
        for month, count in self.catalog.months():
            counts[month[:4]] = counts.get(month[:4], 0) + count
        return tuple(
            CountedLink(str(int(year)), f"{year}/", count) for year, count in sorted(counts.items(), reverse=True)
        )

    def undated(self) -> CountedLink | None:
        """Link to the undated articles, if there are some."""
        count = self.catalog.undated_count()
        return CountedLink(self.say("Undated"), UNDATED, count) if count else None

    def period_links(self, date: dt.datetime | None) -> tuple[Link, ...]:
        """Year, month and day of an article, as ways in."""
        return _period_links(iso_day(date), self.config.site.language) if date else ()

    def ways(self) -> tuple[Link, ...]:
        """The indexes of the archive beside years, sections and tags, those that have something in them."""
        catalog = self.catalog
        has_dates = bool(catalog.newest(1))
        ways = ((TITLES, "Titles A to Z", True), (ON_THIS_DAY, "On this day", has_dates),
                (AUTHORS, "Authors", catalog.terms.has_any(Taxonomy.AUTHOR)),
                (SERIES, "Series", catalog.terms.has_any(Taxonomy.SERIES)))  # fmt: skip
        return tuple(Link(self.say(title), path) for path, title, is_there in ways if is_there)

    def month_title(self, year: int, month: int) -> str:
        """A month in words: "septembre 2024"."""
        return month_in_words(year, month, self.config.site.language)

    def month_name(self, month: int) -> str:
        """The name of a month as it stands alone: "septembre"."""
        return month_name(month, self.config.site.language)

    def day(self, date: dt.date | None) -> str:
        """A day in the words of the site's language; "" for none."""
        return day_in_words(date, self.config.site.language) if date else ""

    def day_title(self, iso: str) -> str:
        """The same for a day as machines read it."""
        return _day(iso, self.config.site.language)

    def calendar_day(self, month_and_day: str) -> str:
        """A day of the calendar ("09-14") in the words of the site's language."""
        month, day = map(int, month_and_day.split("-"))
        return calendar_day(month, day, self.config.site.language)

    def href(self, path: str) -> str:
        """Link to a path of this site, from whatever page it stands on."""
        is_folder = path.endswith("/") or not path
        return f"{ROOT}{path}index.html" if is_folder and self.config.site.portable else ROOT + path

    def rows(self, titles: Iterable[Title], *, with_section: bool = True, with_day: bool = True) -> tuple[Row, ...]:
        """Articles as a listing shows them, in the same order."""
        own, file = self.config.site.language, self.href("").removeprefix(ROOT)
        sections = {"": ""}
        rows = []
        for title, permalink, date, written, section in titles:
            if with_section and section not in sections:
                sections[section] = self.section_title(section)
            lang = written if written != own else ""
            iso = date[:10] if with_day else ""
            row = Row(
                title=title,
                href=f"{ROOT}{permalink}{file}",  # as href() has it of a folder
                iso=iso,
                day=_day(iso, own) if iso else "",
                section=sections[section] if with_section else "",
                lang=lang,
                dir=direction(lang) if lang and direction(lang) != direction(own) else "",
            )
            rows.append(row)
        return tuple(rows)

    def card(self, entry: Entry) -> Card:
        """An entry as the front page and feeds show it."""
        return Card(
            title=entry.title,
            path=entry.permalink,
            href=self.href(entry.permalink),
            date=entry.date,
            iso=iso_day(entry.date),
            day=self.day(entry.date),
            lang=entry.lang,
            dir=direction(entry.lang or self.config.site.language),
            section=self.section_link(entry.section) if entry.section else None,
            summary=entry.summary,
            tags=tuple(self.tag_link(tag) for tag in entry.tags),
        )

    def cards(self, entries: Iterable[Entry]) -> tuple[Card, ...]:
        """Entries as the front page and feeds show them, in the same order."""
        return tuple(map(self.card, entries))


@lru_cache(maxsize=16_384)
def _moment(date: dt.datetime, timezone: str) -> str:
    return _utc(date, timezone).isoformat(timespec="seconds").replace("+00:00", "Z")


@lru_cache(maxsize=16_384)
def _rss_moment(date: dt.datetime, timezone: str) -> str:
    # The standard library's way takes 10 ms to load.
    utc = _utc(date, timezone)
    return f"{_WEEKDAYS[utc.weekday()]}, {utc.day:02d} {_MONTHS[utc.month - 1]} {utc.year:04d} {utc:%H:%M:%S} GMT"


def _utc(date: dt.datetime, timezone: str) -> dt.datetime:
    # UTC, since old local times have offsets with seconds, which RFC 3339 cannot say.
    try:
        return date.replace(tzinfo=ZoneInfo(timezone)).astimezone(dt.UTC)
    except OverflowError:  # the first and last hours of the calendar
        return date.replace(tzinfo=dt.UTC)


class Part(NamedTuple):
    """A piece of the plan that is planned, or known to be unchanged, as a whole.

    `make` is a function of its module, so that what it returns depends on nothing but the planner's catalog and
    configuration and on `args`; then a part whose args and whose topics in the catalog are as they were has the same
    pages as before.
    """

    key: str  # unique in the plan; its kind, and what is to be told apart: "year 2024"
    make: Callable[..., "Iterable[Page | Problem | Asset] | Page"]
    args: tuple[object, ...] = ()

    @property
    def kind(self) -> str:
        """The first word of the key."""
        return self.key.partition(" ")[0]

    def items(self, planner: Planner) -> "Iterable[Page | Problem | Asset]":
        """What the part consists of."""
        made = self.make(planner, *self.args)
        return (made,) if isinstance(made, Page) else made


def page(template: str, context: PageContext) -> Page:
    """A page at the path that its context names."""
    return Page(output=output_of(context.path), template=template, context=context)


def output_of(path: str) -> str:
    """File of a path: folders hold an `index.html`."""
    return path + "index.html" if path.endswith("/") or not path else path


def iso_day(date: dt.date | None) -> str:
    """A day as machines read it; "" for none."""
    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}" if date else ""


def day_path(iso: str) -> str:
    """Where the page of a day lives."""
    return f"{iso[:4]}/{iso[5:7]}/{iso[8:10]}/"


@lru_cache(maxsize=4096)
def _period_links(iso: str, language: str) -> tuple[Link, ...]:
    year, month = int(iso[:4]), int(iso[5:7])
    return (
        Link(str(year), f"{iso[:4]}/"),
        Link(month_in_words(year, month, language), f"{iso[:4]}/{iso[5:7]}/"),
        Link(_day(iso, language), day_path(iso)),
    )


@lru_cache(maxsize=65_536)
def _day(iso: str, language: str) -> str:
    return day_in_words(dt.date.fromisoformat(iso), language)
