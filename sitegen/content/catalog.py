"""Every article's entry, on disk in SQLite, in every order that a page wants.

The catalog is made from the content files alone and can be thrown away at any time: a damaged one, or
one of another version, is made anew.
"""

import secrets
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen.content import poll_shelf
from sitegen.content.permalinks import Replacements, term_slug
from sitegen.content.source_files import COMMENTS_SUFFIX, FileStat, Scanned
from sitegen.languages import sort_key
from sitegen.model import Entry, Problem
from sitegen.state import open_state

_VERSION = 4
_SCHEMA = """
CREATE TABLE file (
    path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, digest TEXT, is_media INTEGER, problems BLOB
) WITHOUT ROWID;
CREATE TABLE entry (
    source TEXT PRIMARY KEY, permalink TEXT, date TEXT, title TEXT, title_key TEXT, lang TEXT, section TEXT, data BLOB
);
CREATE INDEX entry_by_date ON entry (date, source);
CREATE INDEX entry_by_day ON entry (substr(date, 6, 5), date, source) WHERE date > '';
CREATE INDEX entry_by_title ON entry (title_key, date, source);
CREATE INDEX entry_undated ON entry (title_key, source) WHERE date = '';
CREATE INDEX entry_by_section ON entry (section, date, source);
CREATE TABLE tagged (
    kind TEXT, term TEXT, date TEXT, source TEXT, name TEXT, PRIMARY KEY (kind, term, date, source)
) WITHOUT ROWID;
CREATE INDEX tagged_by_source ON tagged (source);
CREATE TABLE alias (source TEXT, place INTEGER, alias TEXT, PRIMARY KEY (source, place)) WITHOUT ROWID;
CREATE TABLE withdrawn (source TEXT PRIMARY KEY, permalink TEXT, data BLOB) WITHOUT ROWID;
CREATE TABLE timed (source TEXT PRIMARY KEY, publish_at TEXT, data BLOB) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
_ENCODE = msgspec.msgpack.Encoder().encode
_ENTRY = msgspec.msgpack.Decoder(Entry)
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_CHUNK = 500
_TITLE = "title, permalink, entry.date, lang, section"
_UNDATED = " AND date = ''"
_FIRST, _LAST = " ", "\U0010ffff"  # sort before and behind every sign of a key but a space
_FIRST_IDEOGRAPH = "\u2e80"
_MAX_KEY = 60
_BESIDE = 500  # articles that are looked at for the tags beside a tag


class Taxonomy(StrEnum):
    """What articles are grouped by, beside their section."""

    TAG = "tag"
    AUTHOR = "author"
    SERIES = "series"


class Title(NamedTuple):
    """An article in a list of titles."""

    title: str
    permalink: str
    date: str  # as dates sort; "" for an undated article
    lang: str
    section: str  # slug; "" for none


class Alias(NamedTuple):
    """An old address of an article."""

    alias: str
    source: str
    permalink: str
    title: str  # "" for an article that was taken back
    lang: str
    is_gone: bool  # taken back


class Term(Struct, frozen=True):
    """A term of a taxonomy: its slug, its most frequent spelling, the number of its articles."""

    slug: str
    name: str
    count: int


class ContentAsset(NamedTuple):
    """A file of the content folder that is no article."""

    path: str
    digest: str


class Catalog:
    """The entries of one site. Dates sort as text; undated articles have the date ""."""

    def __init__(self, connection: sqlite3.Connection, replacements: Replacements = ()) -> None:
        self._db = connection
        self._replacements = replacements
        self._is_changed = False
        self.polls = poll_shelf.PollShelf(connection)

    # --- what a scan does

    def changed_files(self, files: Iterable[FileStat], racy_since: int) -> Iterator[FileStat]:
        """Those of `files` that must be read again; all of them are noted as seen.

        A file whose time lies at or after `racy_since` (nanoseconds) is read again too: it may have been
        written twice within one tick of the file system's clock, which is git's racy-clean rule.
        """
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("DELETE FROM seen")
        known = self._db.cursor()
        for batch in _chunks(files, _CHUNK):
            self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?)", ((file.path,) for file in batch))
            for file in batch:
                row = known.execute("SELECT size, mtime FROM file WHERE path = ?", (file.path,)).fetchone()
                if row != (file.size, file.mtime_ns) or file.mtime_ns >= racy_since:
                    yield file

    def put(self, scanned: Scanned, *, is_media: bool = False, now: str = "") -> None:
        """Keep what was read of a file, in place of what was known of it; media are shown as they are.

        With `now`, a local time of the site as dates sort, an article that is to appear later is held back.
        """
        file, entry = scanned.file, scanned.entry
        if not scanned.digest or scanned.digest != self.digest_of(file.path):
            self._is_changed = True
        self._db.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)",
            (file.path, file.size, file.mtime_ns, scanned.digest, is_media,
             _ENCODE(scanned.problems) if scanned.problems else None),
        )  # fmt: skip
        was_shown = self._is_changed or self._is_shown(file.path)
        self._forget_entry(file.path)
        self.polls.put(file.path, scanned.polls, scanned.record)
        if entry:
            self._take_in(entry, now)
        # The same bytes, read again: its time may have come.
        self._is_changed |= was_shown != (self._is_changed or self._is_shown(file.path))

    def _take_in(self, entry: Entry, now: str) -> None:
        if entry.withdrawn:
            row = (entry.source, entry.permalink, _ENCODE(entry))
            self._db.execute("INSERT INTO withdrawn VALUES (?, ?, ?)", row)
            self._keep_aliases(entry)
            return
        time = publication_time(entry)
        if now and (entry.publish_at or time > now):
            self._db.execute("INSERT INTO timed VALUES (?, ?, ?)", (entry.source, time, _ENCODE(entry)))
        if not now or time <= now:
            self._show(entry)

    def release(self, now: str) -> None:
        """Show what was held back until `now`, a local time of the site as dates sort; hold back what is early."""
        rows = self._db.execute("SELECT publish_at, data FROM timed ORDER BY source").fetchall()
        for publish_at, blob in rows:
            entry = _ENTRY.decode(blob)
            is_shown = self._is_shown(entry.source)
            if publish_at <= now and not is_shown:
                self._is_changed = True
                self._show(entry)
            elif publish_at > now and is_shown:
                self._is_changed = True
                self._hide(entry.source)

    def forget_unseen(self) -> int:
        """Drop the files that the last scan did not meet; their number."""
        gone = self._db.execute("SELECT path FROM file WHERE path NOT IN (SELECT path FROM seen)").fetchall()
        self._is_changed |= bool(gone)
        for (path,) in gone:
            self._db.execute("DELETE FROM file WHERE path = ?", (path,))
            self._forget_entry(path)
            self.polls.forget(path)
        return len(gone)

    def commit(self) -> None:
        """Make the changes last."""
        if self._is_changed:
            self.set_meta("generation", secrets.token_hex(16))
            self._is_changed = False
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

    def forget_all(self) -> None:
        """Know nothing: every file is read anew."""
        self._is_changed = True
        for table in ("file", "entry", "tagged", "alias", "withdrawn", "timed", *poll_shelf.TABLES):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words

    def problems(self) -> Iterator[Problem]:
        """All problems of content files, by path."""
        for (blob,) in self._db.execute("SELECT problems FROM file WHERE problems IS NOT NULL ORDER BY path"):
            yield from _PROBLEMS.decode(blob)

    # --- what pages ask

    def slug(self, name: str) -> str:
        """The URL segment of a tag or section name."""
        return term_slug(name, self._replacements)

    def count(self) -> int:
        """Number of articles."""
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def entries(self) -> Iterator[Entry]:
        """Dated articles, oldest first; articles of one moment by source."""
        return self._entries("SELECT data FROM entry WHERE date > '' ORDER BY date, source")

    def undated(self) -> Iterator[Entry]:
        """Undated articles by title."""
        return self._entries("SELECT data FROM entry WHERE date = '' ORDER BY title, source")

    def newest(self, count: int) -> tuple[Entry, ...]:
        """The newest dated articles, newest first."""
        return tuple(
            self._entries("SELECT data FROM entry WHERE date > '' ORDER BY date DESC, source DESC LIMIT ?", count)
        )

    def in_period(self, prefix: str) -> Iterator[Entry]:
        """Articles of a year ("2024") or month ("2024-09"), oldest first."""
        sql = "SELECT data FROM entry WHERE date >= ? AND date < ? ORDER BY date, source"
        return self._entries(sql, prefix, prefix + "~")

    def titles_of_section(self, section: str) -> Iterator[Title]:
        """Titles of a section, undated first, then oldest first."""
        return self._titles(f"SELECT {_TITLE} FROM entry WHERE section = ? ORDER BY date, source", section)  # noqa: S608

    def newest_in_section(self, section: str, count: int) -> tuple[Entry, ...]:
        """The newest dated articles of a section, newest first."""
        sql = "SELECT data FROM entry WHERE section = ? AND date > '' ORDER BY date DESC, source DESC LIMIT ?"
        return tuple(self._entries(sql, section, count))

    def titles_of_term(self, term: str, kind: Taxonomy = Taxonomy.TAG) -> Iterator[Title]:
        """Titles of a term, undated first, then oldest first."""
        sql = (
            f"SELECT {_TITLE} FROM tagged JOIN entry USING (source) WHERE kind = ? AND term = ? "  # noqa: S608
            "ORDER BY tagged.date, tagged.source"
        )
        return self._titles(sql, kind, term)

    def newest_with_term(self, term: str, count: int, kind: Taxonomy = Taxonomy.TAG) -> tuple[Entry, ...]:
        """The newest dated articles of a term, newest first."""
        sql = (
            "SELECT data FROM tagged JOIN entry USING (source) WHERE kind = ? AND term = ? AND tagged.date > '' "
            "ORDER BY tagged.date DESC, tagged.source DESC LIMIT ?"
        )
        return tuple(self._entries(sql, kind, term, count))

    def years_of_term(self, term: str, kind: Taxonomy = Taxonomy.TAG) -> list[tuple[str, int]]:
        """("2024", number of articles) for each year in which a term was used, oldest first."""
        sql = (
            "SELECT substr(date, 1, 4) AS year, count(*) FROM tagged WHERE kind = ? AND term = ? AND date > '' "
            "GROUP BY year ORDER BY year"
        )
        return self._db.execute(sql, (kind, term)).fetchall()

    def terms_beside(self, term: str, count: int) -> list[tuple[str, int]]:
        """The slugs of the tags that most often stand beside a tag, with how often.

        Its newest articles alone are looked at, so that the cost is bounded.
        """
        sql = (
            "SELECT other.term, count(*) AS n FROM (SELECT source FROM tagged WHERE kind = 'tag' AND term = ?1 "
            "ORDER BY date DESC, source DESC LIMIT ?2) AS own JOIN tagged AS other ON other.source = own.source "
            "WHERE other.kind = 'tag' AND other.term <> ?1 GROUP BY other.term ORDER BY n DESC, other.term LIMIT ?3"
        )
        return self._db.execute(sql, (term, _BESIDE, count)).fetchall()

    def beside(self, entry: Entry, term: str, kind: Taxonomy = Taxonomy.TAG) -> tuple[Title | None, Title | None]:
        """The dated articles before and after one among those of a term."""
        date = sort_date(entry)
        found = []
        for sign, order in (("<", "DESC"), (">", "ASC")):
            sql = (
                f"SELECT {_TITLE} FROM tagged JOIN entry USING (source) "  # noqa: S608
                f"WHERE kind = ? AND term = ? AND (tagged.date, tagged.source) {sign} (?, ?) AND tagged.date > '' "
                f"ORDER BY tagged.date {order}, tagged.source {order} LIMIT 1"
            )
            row = self._db.execute(sql, (kind, term, date, entry.source)).fetchone()
            found.append(Title(*row) if row else None)
        return found[0], found[1]

    def months(self) -> list[tuple[str, int]]:
        """("2024-09", number of articles) for each month with articles, oldest first."""
        sql = "SELECT substr(date, 1, 7) AS month, count(*) FROM entry WHERE date > '' GROUP BY month ORDER BY month"
        return self._db.execute(sql).fetchall()

    def undated_count(self) -> int:
        """Number of undated articles."""
        return int(self._db.execute("SELECT count(*) FROM entry WHERE date = ''").fetchone()[0])

    def days(self) -> Iterator[tuple[str, int]]:
        """("2024-09-14", number of articles) for each day with articles, oldest first."""
        sql = "SELECT substr(date, 1, 10) AS day, count(*) FROM entry WHERE date > '' GROUP BY day ORDER BY day"
        return self._db.cursor().execute(sql)

    def days_of_year(self) -> list[tuple[str, int]]:
        """("09-14", number of articles) for each day of the calendar, whatever the year."""
        sql = "SELECT substr(date, 6, 5) AS day, count(*) FROM entry WHERE date > '' GROUP BY day ORDER BY day"
        return self._db.execute(sql).fetchall()

    def titles_of_period(self, prefix: str) -> Iterator[Title]:
        """Titles of a year, month or day, oldest first."""
        sql = f"SELECT {_TITLE} FROM entry WHERE date >= ? AND date < ? ORDER BY date, source"  # noqa: S608
        return self._titles(sql, prefix, prefix + "~")

    def titles_of_day(self, day: str) -> Iterator[Title]:
        """Titles of a day of the calendar ("09-14") in all years, oldest first."""
        sql = f"SELECT {_TITLE} FROM entry WHERE substr(date, 6, 5) = ? AND date > '' ORDER BY date, source"  # noqa: S608
        return self._titles(sql, day)

    def titles(self, prefix: str, *, is_exact: bool = False, undated: bool = False) -> Iterator[Title]:
        """Titles whose key starts with `prefix`, or is just that, A to Z, equals oldest first; all, or the undated."""
        order = "title_key, source" if undated else "title_key, date, source"
        sql = (
            f"SELECT {_TITLE} FROM entry WHERE title_key >= ? AND title_key < ?"  # noqa: S608
            f"{_UNDATED if undated else ''} ORDER BY {order}"
        )
        return self._titles(sql, prefix, prefix + (_FIRST if is_exact else _LAST))

    def title_prefixes(self, prefix: str, *, undated: bool = False) -> list[tuple[str, int]]:
        """The prefixes one sign longer than `prefix` under which titles stand, with their number, A to Z."""
        sql = (
            "SELECT substr(title_key, 1, ?) AS start, count(*) FROM entry WHERE title_key >= ? AND title_key < ?"  # noqa: S608
            f"{_UNDATED if undated else ''} GROUP BY start ORDER BY start"
        )
        return self._db.execute(sql, (len(prefix) + 1, prefix, prefix + _LAST)).fetchall()

    def order_terms(self, kind: Taxonomy) -> None:
        """Put the terms of a taxonomy in the order of their names, for the two questions below."""
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS named (key TEXT, slug TEXT, name TEXT, count INTEGER, "
            "PRIMARY KEY (key, slug)) WITHOUT ROWID"
        )
        self._db.execute("DELETE FROM named")
        rows = ((title_key(term.name), term.slug, term.name, term.count) for term in self.terms(kind))
        self._db.executemany("INSERT INTO named VALUES (?, ?, ?, ?)", rows)

    def ordered_terms(self, prefix: str, *, is_exact: bool = False) -> Iterator[tuple[str, Term]]:
        """Key and term of those whose key starts with `prefix`, or is just that, A to Z."""
        sql = "SELECT key, slug, name, count FROM named WHERE key >= ? AND key < ? ORDER BY key, slug"
        rows = self._db.cursor().execute(sql, (prefix, prefix + (_FIRST if is_exact else _LAST)))
        return ((key, Term(slug, name, count)) for key, slug, name, count in rows)

    def ordered_term_prefixes(self, prefix: str) -> list[tuple[str, int]]:
        """The prefixes one sign longer than `prefix` under which terms stand, with their number, A to Z."""
        sql = (
            "SELECT substr(key, 1, ?) AS start, count(*) FROM named WHERE key >= ? AND key < ? "
            "GROUP BY start ORDER BY start"
        )
        return self._db.execute(sql, (len(prefix) + 1, prefix, prefix + _LAST)).fetchall()

    def withdrawn(self) -> Iterator[Entry]:
        """Articles that were taken back, by source."""
        return self._entries("SELECT data FROM withdrawn ORDER BY source")

    def aliases(self) -> Iterator[Alias]:
        """Old addresses of articles, as they are written, by source; those that were taken back included."""
        sql = (
            "SELECT alias, source, entry.permalink, withdrawn.permalink, title, lang FROM alias "
            "LEFT JOIN entry USING (source) LEFT JOIN withdrawn USING (source) ORDER BY source, place"
        )
        for alias, source, permalink, gone, title, lang in self._db.cursor().execute(sql):
            yield Alias(alias, source, permalink or gone, title or "", lang or "", is_gone=permalink is None)

    def hidden(self) -> Iterator[Entry]:
        """Articles that were taken back, and those whose time has not come."""
        yield from self.withdrawn()
        yield from self._entries(
            "SELECT data FROM timed WHERE source NOT IN (SELECT source FROM entry) ORDER BY source"
        )

    def terms(self, kind: Taxonomy = Taxonomy.TAG) -> Iterator[Term]:
        """All terms by slug, each under its most frequent spelling (the first by code point among equals)."""
        sql = (
            "SELECT term, name, count(*) FROM tagged WHERE kind = ? GROUP BY term, name "
            "ORDER BY term, count(*) DESC, name"
        )
        return _merged(self._db.cursor().execute(sql, (kind,)))

    def has_terms(self, kind: Taxonomy) -> bool:
        """Whether a taxonomy has any term."""
        return self._db.execute("SELECT 1 FROM tagged WHERE kind = ? LIMIT 1", (kind,)).fetchone() is not None

    def frequent_terms(self, count: int) -> list[Term]:
        """The most frequent tags, most frequent first, equals by slug."""
        sql = "SELECT term, count(*) AS n FROM tagged WHERE kind = 'tag' GROUP BY term ORDER BY n DESC, term LIMIT ?"
        counted = self._db.execute(sql, (count,)).fetchall()
        return [Term(slug, self.spelling(slug), number) for slug, number in counted]

    def spelling(self, slug: str) -> str:
        """The most frequent spelling of a tag."""
        sql = (
            "SELECT name FROM tagged WHERE kind = 'tag' AND term = ? GROUP BY name ORDER BY count(*) DESC, name LIMIT 1"
        )
        return str(self._db.execute(sql, (slug,)).fetchone()[0])

    def term_spellings(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Slug and spellings of the tags that are written in more than one way."""
        sql = "SELECT term, name FROM tagged WHERE kind = 'tag' GROUP BY term, name ORDER BY term, count(*) DESC, name"
        slug = ""
        names: list[str] = []
        for term, name in self._db.execute(sql):
            if term != slug and len(names) > 1:
                yield slug, tuple(names)
            slug, names = term, [*names, name] if term == slug else [name]
        if len(names) > 1:
            yield slug, tuple(names)

    def sections(self) -> list[tuple[str, str, int]]:
        """(slug, a name as written, number of articles) of each section, by slug."""
        rows = self._db.execute("SELECT section, count(*), min(source) FROM entry WHERE section > '' GROUP BY section")
        return [(slug, self._section_name(source), count) for slug, count, source in rows.fetchall()]

    def permalink_of(self, source: str) -> str | None:
        """Where the article of a content file lives, or what tells that it was taken back; None if there is none."""
        for table in ("entry", "withdrawn"):
            sql = f"SELECT permalink FROM {table} WHERE source = ?"  # noqa: S608 - our own two words
            if row := self._db.execute(sql, (source,)).fetchone():
                return str(row[0])
        return None

    def has_asset(self, path: str) -> bool:
        """Whether the content folder holds this file, and it is no article."""
        return self._db.execute("SELECT 1 FROM file WHERE path = ? AND is_media", (path,)).fetchone() is not None

    def has_comments(self) -> bool:
        """Whether comments lie beside any article."""
        sql = "SELECT 1 FROM file WHERE path LIKE '%' || ? LIMIT 1"
        return self._db.execute(sql, (COMMENTS_SUFFIX,)).fetchone() is not None

    def digest_of(self, path: str) -> str:
        """Digest of a file of the content folder; "" if there is none."""
        row = self._db.execute("SELECT digest FROM file WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def entry_of(self, source: str) -> Entry | None:
        """The entry of a content file; None if it is no article."""
        return next(self._entries("SELECT data FROM entry WHERE source = ?", source), None)

    def assets(self) -> Iterator[ContentAsset]:
        """Files of the content folder that are no articles, by path."""
        rows = self._db.execute("SELECT path, digest FROM file WHERE is_media AND digest > '' ORDER BY path")
        return (ContentAsset(*row) for row in rows)

    def _entries(self, sql: str, *values: object) -> Iterator[Entry]:
        # A cursor of its own: several orders are read at the same time.
        return (_ENTRY.decode(blob) for (blob,) in self._db.cursor().execute(sql, values))

    def _titles(self, sql: str, *values: object) -> Iterator[Title]:
        return map(Title._make, self._db.cursor().execute(sql, values))

    def _show(self, entry: Entry) -> None:
        date = sort_date(entry)
        section = self.slug(entry.section) if entry.section else ""
        self._db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.source, entry.permalink, date, entry.title, title_key(entry.title), entry.lang, section,
             _ENCODE(entry)),
        )  # fmt: skip
        names = [(Taxonomy.TAG, tag) for tag in entry.tags]
        names += ((Taxonomy.AUTHOR, author) for author in entry.authors)
        names += ((Taxonomy.SERIES, entry.series),) if entry.series else ()
        self._db.executemany(
            "INSERT OR IGNORE INTO tagged VALUES (?, ?, ?, ?, ?)",
            ((kind, self.slug(name), date, entry.source, name) for kind, name in names),
        )

        self._keep_aliases(entry)

    def _keep_aliases(self, entry: Entry) -> None:
        rows = ((entry.source, place, alias) for place, alias in enumerate(entry.aliases))
        self._db.executemany("INSERT INTO alias VALUES (?, ?, ?)", rows)

    def _hide(self, source: str) -> None:
        self._db.execute("DELETE FROM alias WHERE source = ?", (source,))
        self._db.execute("DELETE FROM entry WHERE source = ?", (source,))
        self._db.execute("DELETE FROM tagged WHERE source = ?", (source,))

    def _is_shown(self, source: str) -> bool:
        return self._db.execute("SELECT 1 FROM entry WHERE source = ?", (source,)).fetchone() is not None

    def _section_name(self, source: str) -> str:
        row = self._db.execute("SELECT data FROM entry WHERE source = ?", (source,)).fetchone()
        return _ENTRY.decode(row[0]).section

    def _forget_entry(self, path: str) -> None:
        self._hide(path)
        self._db.execute("DELETE FROM withdrawn WHERE source = ?", (path,))
        self._db.execute("DELETE FROM timed WHERE source = ?", (path,))


@contextmanager
def open_catalog(path: Path, replacements: Replacements = ()) -> Iterator[Catalog]:
    """The catalog kept in the file `path`; an empty one where it is missing, damaged or of another version."""
    with open_state(path, _VERSION, _SCHEMA + poll_shelf.SCHEMA) as connection:
        yield Catalog(connection, replacements)


def sort_date(entry: Entry) -> str:
    """A text by which dates sort; "" for an undated article."""
    return entry.date.isoformat() if entry.date else ""


def publication_time(entry: Entry) -> str:
    """Before when an article is nowhere to be seen, as dates sort; "" for one that may be seen at any time."""
    return entry.publish_at.isoformat() if entry.publish_at else sort_date(entry)


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """What a title sorts by: letters and digits without case and accents, one space between words.

    A sign of a script without an alphabet (U+2E80 and above) becomes `~` and its code point in hexadecimal, so
    that the beginnings of keys part such titles into few groups too. A title without any sign that counts has
    the key `-`.
    """
    plain = sort_key(title)
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    key = unicodedata.normalize("NFC", " ".join(words))
    if not key.isascii() and max(key) >= _FIRST_IDEOGRAPH:
        key = "".join(f"~{ord(char):05x}" if char >= _FIRST_IDEOGRAPH else char for char in key)
    return key[:_MAX_KEY] or "-"


def _merged(rows: Iterable[tuple[str, str, int]]) -> Iterator[Term]:
    """One term out of the rows of its spellings, the most frequent spelling first."""
    current: Term | None = None
    for slug, name, count in rows:
        if current and current.slug == slug:
            current = Term(slug, current.name, current.count + count)
        else:
            if current:
                yield current
            current = Term(slug, name, count)
    if current:
        yield current


def _chunks(items: Iterable[FileStat], size: int) -> Iterator[list[FileStat]]:
    batch: list[FileStat] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
