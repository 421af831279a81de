"""Every article's entry, on disk in SQLite, in every order that a page wants.

The catalog is made from the content files alone and can be thrown away at any time: a damaged one, or
one of another version, is made anew.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.content import collisions, poll_shelf
from sitegen.content.intake import BUCKETS, SCHEMA, Intake
from sitegen.content.order import FIRST, LAST, TENS, bucket_of, bucket_range, sort_date
from sitegen.content.permalinks import Replacements, term_slug
from sitegen.content.rows import TITLE, Title, entries, titles
from sitegen.content.terms import Terms
from sitegen.content.topics import (
    ALIASES,
    ALL,
    ASSETS,
    BODIES,
    COMMENTS,
    COUNTS,
    HIDDEN,
    RAW_FOLDER,
    SECTION_NAMES,
    UNDATED,
    UNDATED_TAGS,
    WITHDRAWN,
    WORDS,
    counts_in,
    read_by_newest,
    records_of,
    words_in,
)
from sitegen.content.touched import section_names
from sitegen.contexts import Link
from sitegen.model import ArticleEntry, Dated, Entry, Picture, Problem
from sitegen.search.words import ArticleWords
from sitegen.state import open_state

_VERSION = 13
_PICTURE = msgspec.msgpack.Decoder(Picture)
_ARTICLE = msgspec.msgpack.Decoder(ArticleEntry)
_DATED = msgspec.msgpack.Decoder(Dated)
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_COUNTED = msgspec.json.Decoder(list[tuple[str, int]])
_UNDATED = "date = '' AND"


class Alias(NamedTuple):
    """An old address of an article."""

    alias: str
    source: str
    permalink: str
    title: str  # "" for an article that was taken back
    lang: str
    is_gone: bool  # taken back


class ContentAsset(NamedTuple):
    """A file of the content folder that is no article."""

    path: str
    digest: str
    picture: Picture | None = None


class Catalog:
    """The entries of one site. Dates sort as text; undated articles have the date "".

    Every query notes what it read, as topics (see topics.py), so that whoever plans pages learns what they depend on.
    """

    def __init__(self, connection: sqlite3.Connection, replacements: Replacements = ()) -> None:
        self._db = connection
        self._replacements = replacements
        self._reads: set[str] = set()
        self._section_names: dict[str, str] = {}
        self._by_bucket: list[tuple[str, int]] = []  # buckets of dated articles, with their number
        self.polls = poll_shelf.PollShelf(connection)
        self.terms = Terms(connection)

    def intake(self) -> Intake:
        """The way in for a scan."""
        for remembered in (self._section_names, self.terms.ranks, self._by_bucket):
            remembered.clear()
        return Intake(self._db)

    def start_reading(self) -> set[str]:
        """The topics that queries read from now on, until the next call; the set grows as they run."""
        self._reads = self.polls.reads = self.terms.reads = set()
        return self._reads

    def changes_since(self, generation: str) -> set[str] | None:
        """Topics that were touched since a generation; None if nobody can tell."""
        base = self.get_meta("base")
        if base and base == generation:
            return {topic for (topic,) in self._db.execute("SELECT topic FROM touched")}
        return set() if base and generation == self.generation() else None

    def acknowledge(self) -> None:
        """From now on changes are counted from this generation."""
        self.set_meta("base", self.generation())
        self._db.execute("DELETE FROM touched")
        self._db.commit()

    def generation(self) -> str:
        """A word that stays the same as long as no file was added, changed or removed."""
        return self.get_meta("generation")

    def get_meta(self, key: str) -> str:
        """A remembered word; "" if there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Remember a word."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def problems(self) -> Iterator[Problem]:
        """All problems of content files, by path."""
        for (blob,) in self._db.execute("SELECT problems FROM file WHERE problems IS NOT NULL ORDER BY path"):
            yield from _PROBLEMS.decode(blob)

    def moved(self) -> Iterator[collisions.Moved]:
        """Articles that got a number, since an older one has the path that they want; by source."""
        return collisions.moved(self._db)

    # --- what pages ask

    def slug(self, name: str) -> str:
        """The URL segment of a tag or section name."""
        return term_slug(name, self._replacements)

    def count(self) -> int:
        """Number of articles."""
        self._reads.add(ALL)
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def buckets(self) -> Iterator[str]:
        """The buckets of articles that are planned together: by date, oldest first, then undated titles, A to Z."""
        self._reads.add(ALL)
        yield from (bucket for bucket, _count in self._counted())
        starts = "SELECT DISTINCT substr(title_key, 1, 2) FROM entry WHERE date = '' ORDER BY 1"
        yield from (bucket_of("", start) for (start,) in self._db.execute(starts).fetchall())

    def articles_in(self, bucket: str) -> Iterator[ArticleEntry]:
        """The articles of a bucket with all that is known of them, oldest first, or undated by title."""
        self._reads.add(f"bucket:{bucket}")
        return self._of_bucket(bucket)

    def records_in(self, bucket: str) -> Iterator[ArticleEntry]:
        """The same, for what shows nothing of the articles around them."""
        self._reads.add(records_of(bucket))
        return self._of_bucket(bucket)

    def _of_bucket(self, bucket: str) -> Iterator[ArticleEntry]:
        first, last, start = bucket_range(bucket)
        if first:
            sql = "SELECT data FROM entry WHERE date >= ? AND date < ? ORDER BY date, source"
            return self._articles(sql, first, last)
        sql = (
            "SELECT data FROM entry WHERE date = '' AND title_key >= ?1 AND title_key < ?2 "
            "AND substr(title_key, 1, 2) = ?1 ORDER BY title_key, source"
        )
        return self._articles(sql, start, start + LAST)

    def number_in_month(self, bucket: str) -> tuple[int, int]:
        """Number of articles of its month before a bucket of dated ones, and of all articles of that month."""
        month = bucket[:7]
        self._reads.add(counts_in(month))
        return _before(bucket, [(other, count) for other, count in self._counted() if other.startswith(month)])

    def number_in_archive(self, bucket: str) -> tuple[int, int]:
        """Number of dated articles before a bucket, and of all dated articles."""
        self._reads.add(COUNTS)
        return _before(bucket, self._counted())

    def neighbours(self, entry: Entry) -> tuple[Title | None, Title | None]:
        """The articles before and after one, for its own page: by date, or undated ones by title."""
        # No topic: a change touches the buckets of the neighbours that it has, so the page's own bucket is enough.
        date = sort_date(entry)
        # With a plus in front no search starts there: it would walk from the oldest article to this one.
        order, where = ("date", "+date > ''") if date else ("title_key", "date = ''")
        found = []
        for sign, way in (("<", "DESC"), (">", "ASC")):
            sql = (
                f"SELECT {TITLE} FROM entry WHERE {where} AND ({order}, source) {sign} (?, ?) "  # noqa: S608
                f"ORDER BY {order} {way}, source {way} LIMIT 1"
            )
            row = self._db.execute(sql, (date or self._key_of(entry.source), entry.source)).fetchone()
            found.append(Title(*row) if row else None)
        return found[0], found[1]

    def _key_of(self, source: str) -> str:
        """What an article's title sorts by."""
        return str(self._db.execute("SELECT title_key FROM entry WHERE source = ?", (source,)).fetchone()[0])

    def link_to(self, source: str) -> Link:
        """Title and permalink of an article, for the pages that the two questions above are asked for."""
        sql = "SELECT title, permalink FROM entry WHERE source = ?"
        return Link(*self._db.execute(sql, (source,)).fetchone())

    def undated(self) -> Iterator[Entry]:
        """Undated articles by title."""
        self._reads.update((UNDATED, UNDATED_TAGS))
        return entries(self._db, "SELECT data FROM entry WHERE date = '' ORDER BY title_key, source")

    def newest(self, count: int) -> tuple[Entry, ...]:
        """The newest dated articles, newest first."""
        self._reads.update(read_by_newest(ALL, count))
        return tuple(
            entries(self._db, "SELECT data FROM entry WHERE date > '' ORDER BY date DESC, source DESC LIMIT ?", count)
        )

    def in_period(self, prefix: str) -> Iterator[Dated]:
        """Articles of a year ("2024") or month ("2024-09"), oldest first; with "", undated ones by title."""
        self._reads.add(f"period:{prefix}" if prefix else UNDATED)
        if not prefix:
            return self._dated("SELECT data FROM entry WHERE date = '' ORDER BY title_key, source")
        sql = "SELECT data FROM entry WHERE date >= ? AND date < ? ORDER BY date, source"
        return self._dated(sql, prefix, prefix + "~")

    def titles_of_section(self, section: str) -> Iterator[Title]:
        """Titles of a section, undated first, then oldest first."""
        self._reads.add(f"section:{section}")
        return titles(self._db, f"SELECT {TITLE} FROM entry WHERE section = ? ORDER BY date, source", section)  # noqa: S608

    def newest_in_section(self, section: str, count: int) -> tuple[Entry, ...]:
        """The newest dated articles of a section, newest first."""
        self._reads.update(read_by_newest(f"section:{section}", count))
        sql = "SELECT data FROM entry WHERE section = ? AND date > '' ORDER BY date DESC, source DESC LIMIT ?"
        return tuple(entries(self._db, sql, section, count))

    def months(self) -> list[tuple[str, int]]:
        """("2024-09", number of articles) for each month with articles, oldest first."""
        self._reads.add(ALL)
        by_month = groupby(self._counted(), lambda pair: pair[0][:7])
        return [(month, sum(count for _, count in buckets)) for month, buckets in by_month]

    def _counted(self) -> list[tuple[str, int]]:
        """Buckets of dated articles with their number. To count takes a look at each article, so that is kept."""
        if not self._by_bucket:
            if known := self.get_meta(BUCKETS):
                self._by_bucket.extend(_COUNTED.decode(known))
            else:
                sql = (
                    "SELECT substr(date, 1, ?) AS start, count(*) FROM entry WHERE date > '' "
                    "GROUP BY start ORDER BY start"
                )
                self._by_bucket.extend(self._db.execute(sql, (TENS,)))
                self.set_meta(BUCKETS, msgspec.json.encode(self._by_bucket).decode())
        return self._by_bucket

    def undated_count(self) -> int:
        """Number of undated articles."""
        self._reads.add(UNDATED)
        return int(self._db.execute("SELECT count(*) FROM entry WHERE date = ''").fetchone()[0])

    def days(self) -> Iterator[tuple[str, int]]:
        """("2024-09-14", number of articles) for each day with articles, oldest first."""
        self._reads.add(ALL)
        sql = "SELECT substr(date, 1, 10) AS day, count(*) FROM entry WHERE date > '' GROUP BY day ORDER BY day"
        return self._db.cursor().execute(sql)

    def days_of_year(self) -> list[tuple[str, int]]:
        """("09-14", number of articles) for each day of the calendar, whatever the year."""
        self._reads.add(ALL)
        sql = "SELECT substr(date, 6, 5) AS day, count(*) FROM entry WHERE date > '' GROUP BY day ORDER BY day"
        return self._db.execute(sql).fetchall()

    def titles_of_period(self, prefix: str) -> Iterator[Title]:
        """Titles of a year, month or day, oldest first."""
        self._reads.add(f"period:{prefix}")
        sql = f"SELECT {TITLE} FROM entry WHERE date >= ? AND date < ? ORDER BY date, source"  # noqa: S608
        return titles(self._db, sql, prefix, prefix + "~")

    def titles_of_day(self, day: str) -> Iterator[Title]:
        """Titles of a day of the calendar ("09-14") in all years, oldest first."""
        self._reads.add(f"day:{day}")
        sql = f"SELECT {TITLE} FROM entry WHERE substr(date, 6, 5) = ? AND date > '' ORDER BY date, source"  # noqa: S608
        return titles(self._db, sql, day)

    def titles(self, prefix: str, *, is_exact: bool = False, undated: bool = False) -> Iterator[Title]:
        """Titles whose key starts with `prefix`, or is just that, A to Z, equals oldest first; all, or the undated."""
        self._reads.add(f"titles:{prefix[:2]}")
        order = "title_key, source" if undated else "title_key, date, source"
        sql = (
            f"SELECT {TITLE} FROM entry WHERE {_UNDATED if undated else ''} title_key >= ? AND title_key < ? "  # noqa: S608
            f"ORDER BY {order}"
        )
        return titles(self._db, sql, prefix, prefix + (FIRST if is_exact else LAST))

    def title_prefixes(self, prefix: str, *, undated: bool = False) -> list[tuple[str, int]]:
        """The prefixes one sign longer than `prefix` under which titles stand, with their number, A to Z."""
        self._reads.add(f"titles:{prefix[:2]}")
        sql = (
            f"SELECT substr(title_key, 1, ?) AS start, count(*) FROM entry WHERE {_UNDATED if undated else ''} "  # noqa: S608
            "title_key >= ? AND title_key < ? GROUP BY start ORDER BY start"
        )
        return self._db.execute(sql, (len(prefix) + 1, prefix, prefix + LAST)).fetchall()

    def withdrawn(self) -> Iterator[ArticleEntry]:
        """Articles that were taken back, by source."""
        self._reads.add(WITHDRAWN)
        return self._articles("SELECT data FROM withdrawn ORDER BY source")

    def aliases(self) -> Iterator[Alias]:
        """Old addresses of articles, as they are written, by source; those that were taken back included."""
        sql = (
            "SELECT alias, source, entry.permalink, withdrawn.permalink, title, lang FROM alias "
            "LEFT JOIN entry USING (source) LEFT JOIN withdrawn USING (source) ORDER BY source, place"
        )
        self._reads.update((ALIASES, WITHDRAWN))
        for alias, source, permalink, gone, title, lang in self._db.cursor().execute(sql):
            yield Alias(alias, source, permalink or gone, title or "", lang or "", is_gone=permalink is None)

    def hidden(self) -> Iterator[ArticleEntry]:
        """Articles that were taken back, and those whose time has not come."""
        self._reads.add(HIDDEN)
        yield from self.withdrawn()
        yield from self._articles(
            "SELECT data FROM timed WHERE source NOT IN (SELECT source FROM entry) ORDER BY source"
        )

    def articles(self) -> Iterator[ArticleEntry]:
        """All articles that are shown, with all that is known of them, by source."""
        self._reads.update((ALL, BODIES))
        return self._articles("SELECT data FROM entry ORDER BY source")

    def section_names(self) -> dict[str, str]:
        """A name as written for the slug of each section."""
        self._reads.add(SECTION_NAMES)
        if not self._section_names:
            self._section_names.update(section_names(self._db))
        return self._section_names

    def sections(self) -> list[tuple[str, str, int]]:
        """(slug, a name as written, number of articles) of each section, by slug."""
        self._reads.add(ALL)
        counted = self._db.execute("SELECT section, count(*) FROM entry WHERE section > '' GROUP BY section").fetchall()
        return [(slug, self.section_names()[slug], count) for slug, count in counted]

    def permalink_of(self, source: str) -> str | None:
        """Where the article of a content file lives, or what tells that it was taken back; None if there is none."""
        self._reads.add(f"source:{source}")
        for table in ("entry", "withdrawn"):
            sql = f"SELECT permalink FROM {table} WHERE source = ?"  # noqa: S608 - our own two words
            if row := self._db.execute(sql, (source,)).fetchone():
                return str(row[0])
        return None

    def asset(self, path: str) -> ContentAsset | None:
        """A file of the content folder that is no article; None where there is none, or none that may be shown."""
        self._reads.add(f"file:{path}")
        sql = "SELECT path, digest, picture FROM file WHERE path = ? AND is_media AND digest > ''"
        row = self._db.execute(sql, (path,)).fetchone()
        return _asset(row) if row else None

    def has_comments(self) -> bool:
        """Whether comments lie beside any article."""
        self._reads.add(COMMENTS)
        return bool(self.get_meta("comments"))

    def digest_of(self, path: str) -> str:
        """Digest of a file of the content folder; "" if there is none."""
        self._reads.add(f"file:{path}")
        row = self._db.execute("SELECT digest FROM file WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def entry_of(self, source: str) -> ArticleEntry | None:
        """The entry of a content file; None if it is no article."""
        self._reads.update((f"file:{source}", f"source:{source}"))
        return next(self._articles("SELECT data FROM entry WHERE source = ?", source), None)

    def reads_raw_folder(self, folder: str) -> None:
        """Note that what is planned depends on which raw files a folder has."""
        self._reads.add(RAW_FOLDER + folder)

    def words_of(self, month: str) -> Iterator[tuple[ArticleEntry, ArticleWords]]:
        """Articles of a month, oldest first, with their words; with "", those without a date by source."""
        self._reads.add(words_in(month))
        sql = (
            "SELECT data, words.words, words.count FROM entry CROSS JOIN words ON words.source = entry.source "
            "WHERE date >= ? AND date <= ? ORDER BY date, entry.source"
        )
        for data, words, count in self._db.cursor().execute(sql, (month, month + "~" if month else "")):
            yield _ARTICLE.decode(data), ArticleWords(words, count)

    def word_counts(self, month: str) -> Iterator[tuple[str, int]]:
        """Source and number of words of the articles of a month, or of those without a date (""), by source."""
        self._reads.add(WORDS)
        sql = "SELECT source, count FROM words WHERE month = ? ORDER BY source"
        return self._db.cursor().execute(sql, (month,))

    def word_totals(self) -> dict[str, tuple[int, int]]:
        """Number of articles, and of their words, of each month, and of what has no date ("")."""
        self._reads.add(WORDS)
        rows = self._db.execute("SELECT month, count(*), sum(count) FROM words GROUP BY month")
        return {month: (articles, words) for month, articles, words in rows}

    def assets(self) -> Iterator[ContentAsset]:
        """Files of the content folder that are no articles, by path."""
        self._reads.add(ASSETS)
        sql = "SELECT path, digest, picture FROM file WHERE is_media AND digest > '' ORDER BY path"
        return map(_asset, self._db.execute(sql))

    def _articles(self, sql: str, *values: object) -> Iterator[ArticleEntry]:
        # A cursor of its own: several orders are read at the same time.
        return (_ARTICLE.decode(blob) for (blob,) in self._db.cursor().execute(sql, values))

    def _dated(self, sql: str, *values: object) -> Iterator[Dated]:
        return (_DATED.decode(blob) for (blob,) in self._db.cursor().execute(sql, values))


@contextmanager
def open_catalog(path: Path, replacements: Replacements = ()) -> Iterator[Catalog]:
    """The catalog kept in the file `path`; an empty one where it is missing, damaged or of another version."""
    with open_state(path, _VERSION, SCHEMA + poll_shelf.SCHEMA, is_disposable=True) as connection:
        yield Catalog(connection, replacements)


def _before(bucket: str, counted: list[tuple[str, int]]) -> tuple[int, int]:
    """Number of articles in the buckets before one, and in all of these."""
    return sum(count for other, count in counted if other < bucket), sum(count for _, count in counted)


def _asset(row: tuple[str, str, bytes | None]) -> ContentAsset:
    return ContentAsset(row[0], row[1], _PICTURE.decode(row[2]) if row[2] else None)
