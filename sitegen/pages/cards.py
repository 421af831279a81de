"""Entries as listings show them, and the links that go with them."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from msgspec import Struct

from sitegen.config import Config
from sitegen.content.catalog import Catalog
from sitegen.contexts import Card, CountedLink, Link, Row
from sitegen.languages import day_in_words, direction, locale_name, sort_key
from sitegen.model import ROOT, Entry, Page, PageContext

SECTIONS, TAGS, ARCHIVE, UNDATED, MEDIA, FEED = (
    "sections/",
    "tags/",
    "archive/",
    "undated/",
    "media/",
    "feed.xml",
)


class Planner(Struct, frozen=True):
    """What planning needs at hand: the catalog, the configuration, the theme's words in the site's language."""

    catalog: Catalog
    config: Config
    texts: NullTranslations
    folder: Path = Path()  # of the site

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

    def tag_link(self, name: str) -> Link:
        """Link to a tag's page."""
        return Link(name, f"{TAGS}{self.catalog.slug(name)}/")

    def feed(self, listing: str) -> str:
        """Path of a listing's feed; "" as long as the site does not know its address, which a feed must name."""
        return listing + FEED if self.config.site.url else ""

    def sections(self) -> tuple[CountedLink, ...]:
        """All sections by title."""
        links = ((self.section_link(name), count) for _, name, count in self.catalog.sections())
        return tuple(sorted((CountedLink(link.title, link.path, count) for link, count in links), key=_by_title))

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
        """Year and month of an article, as ways in."""
        if date is None:
            return ()
        year = f"{date.year:04d}/"
        return (
            Link(str(date.year), year),
            Link(self.month_title(date.year, date.month), f"{year}{date.month:02d}/"),
        )

    def month_title(self, year: int, month: int, pattern: str = "yMMMM") -> str:
        """A month in words: "septembre 2024", or with the CLDR skeleton "MMMM" its name alone."""
        return _month(year, month, pattern, locale_name(self.config.site.language))

    def day(self, date: dt.date | None) -> str:
        """A day in the words of the site's language; "" for none."""
        return day_in_words(date, self.config.site.language) if date else ""

    def href(self, path: str) -> str:
        """Link to a path of this site, from whatever page it stands on."""
        is_folder = path.endswith("/") or not path
        return f"{ROOT}{path}index.html" if is_folder and self.config.site.portable else ROOT + path

    def row(self, entry: Entry, *, with_section: bool = True) -> Row:
        """An entry as a listing shows it."""
        language = self.config.site.language
        lang = entry.lang if entry.lang != language else ""
        return Row(
            title=entry.title,
            href=self.href(entry.permalink),
            iso=iso_day(entry.date),
            day=self.day(entry.date),
            section=self.section_link(entry.section).title if with_section and entry.section else "",
            lang=lang,
            dir=direction(lang) if lang and direction(lang) != direction(language) else "",
        )

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


def page(template: str, context: PageContext) -> Page:
    """A page at the path that its context names."""
    return Page(output=output_of(context.path), template=template, context=context)


def output_of(path: str) -> str:
    """File of a path: folders hold an `index.html`."""
    return path + "index.html" if path.endswith("/") or not path else path


def iso_day(date: dt.date | None) -> str:
    """A day as machines read it; "" for none."""
    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}" if date else ""


def _by_title(link: CountedLink) -> tuple[str, str]:
    return (sort_key(link.title), link.path)


@lru_cache(maxsize=4096)
def _month(year: int, month: int, skeleton: str, locale: str) -> str:
    from babel.dates import format_skeleton

    text: str = format_skeleton(skeleton, dt.date(year, month, 1), locale=locale)
    return text
