"""Every article's entry, on disk in SQLite, in every order that a page wants.

The catalog is made from the content files alone and can be thrown away at any time: a damaged one, or
one of another version, is made anew.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen.content.permalinks import Replacements, term_slug
from sitegen.content.source_files import FileStat, Scanned
from sitegen.model import Entry, Problem
from sitegen.state import open_state

_VERSION = 1
_SCHEMA = """
CREATE TABLE file (
    path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, digest TEXT, is_article INTEGER, problems BLOB
) WITHOUT ROWID;
CREATE TABLE entry (
    source TEXT PRIMARY KEY, permalink TEXT, date TEXT, title TEXT, section TEXT, data BLOB
);
CREATE INDEX entry_by_date ON entry (date, source);
CREATE INDEX entry_by_section ON entry (section, date, source);
CREATE TABLE tagged (
    term TEXT, date TEXT, source TEXT, name TEXT, PRIMARY KEY (term, date, source)
) WITHOUT ROWID;
CREATE INDEX tagged_by_source ON tagged (source);
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
_ENCODE = msgspec.msgpack.Encoder().encode
_ENTRY = msgspec.msgpack.Decoder(Entry)
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_CHUNK = 500


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

    def put(self, scanned: Scanned, *, is_article: bool = True) -> None:
        """Keep what was read of a file, in place of what was known of it."""
        file, entry = scanned.file, scanned.entry
        if not scanned.digest or scanned.digest != self._digest_of(file.path):
            self._is_changed = True
        self._db.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)",
            (file.path, file.size, file.mtime_ns, scanned.digest, is_article,
             _ENCODE(scanned.problems) if scanned.problems else None),
        )  # fmt: skip
        self._forget_entry(file.path)
        if entry is None:
            return
        date = sort_date(entry)
        section = self.slug(entry.section) if entry.section else ""
        self._db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            (entry.source, entry.permalink, date, entry.title, section, _ENCODE(entry)),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO tagged VALUES (?, ?, ?, ?)",
            ((self.slug(tag), date, entry.source, tag) for tag in entry.tags),
        )

    def forget_unseen(self) -> int:
        """Drop the files that the last scan did not meet; their number."""
        gone = self._db.execute("SELECT path FROM file WHERE path NOT IN (SELECT path FROM seen)").fetchall()
        self._is_changed |= bool(gone)
        for (path,) in gone:
            self._db.execute("DELETE FROM file WHERE path = ?", (path,))
            self._forget_entry(path)
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
        for table in ("file", "entry", "tagged"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own three words

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

    def in_section(self, section: str) -> Iterator[Entry]:
        """Articles of a section, undated first, then oldest first."""
        return self._entries("SELECT data FROM entry WHERE section = ? ORDER BY date, source", section)

    def newest_in_section(self, section: str, count: int) -> tuple[Entry, ...]:
        """The newest dated articles of a section, newest first."""
        sql = "SELECT data FROM entry WHERE section = ? AND date > '' ORDER BY date DESC, source DESC LIMIT ?"
        return tuple(self._entries(sql, section, count))

    def with_term(self, term: str) -> Iterator[Entry]:
        """Articles with a tag, undated first, then oldest first."""
        sql = "SELECT data FROM tagged JOIN entry USING (source) WHERE term = ? ORDER BY tagged.date, tagged.source"
        return self._entries(sql, term)

    def months(self) -> list[tuple[str, int]]:
        """("2024-09", number of articles) for each month with articles, oldest first."""
        sql = "SELECT substr(date, 1, 7) AS month, count(*) FROM entry WHERE date > '' GROUP BY month ORDER BY month"
        return self._db.execute(sql).fetchall()

    def undated_count(self) -> int:
        """Number of undated articles."""
        return int(self._db.execute("SELECT count(*) FROM entry WHERE date = ''").fetchone()[0])

    def terms(self) -> Iterator[Term]:
        """All tags by slug, each under its most frequent spelling (the first by code point among equals)."""
        sql = "SELECT term, name, count(*) FROM tagged GROUP BY term, name ORDER BY term, count(*) DESC, name"
        return _merged(self._db.execute(sql))

    def frequent_terms(self, count: int) -> list[Term]:
        """The most frequent tags, most frequent first, equals by slug."""
        sql = "SELECT term FROM tagged GROUP BY term ORDER BY count(*) DESC, term LIMIT ?"
        slugs = [slug for (slug,) in self._db.execute(sql, (count,))]
        spelled = "SELECT term, name, count(*) FROM tagged WHERE term = ? GROUP BY name ORDER BY count(*) DESC, name"
        return [next(_merged(self._db.execute(spelled, (slug,)))) for slug in slugs]

    def term_spellings(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Slug and spellings of the tags that are written in more than one way."""
        sql = "SELECT term, name FROM tagged GROUP BY term, name ORDER BY term, count(*) DESC, name"
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
        """Where the article of a content file lives; None if there is none."""
        row = self._db.execute("SELECT permalink FROM entry WHERE source = ?", (source,)).fetchone()
        return row[0] if row else None

    def has_asset(self, path: str) -> bool:
        """Whether the content folder holds this file, and it is no article."""
        return self._db.execute("SELECT 1 FROM file WHERE path = ? AND NOT is_article", (path,)).fetchone() is not None

    def assets(self) -> Iterator[ContentAsset]:
        """Files of the content folder that are no articles, by path."""
        rows = self._db.execute("SELECT path, digest FROM file WHERE NOT is_article AND digest > '' ORDER BY path")
        return (ContentAsset(*row) for row in rows)

    def _entries(self, sql: str, *values: object) -> Iterator[Entry]:
        # A cursor of its own: several orders are read at the same time.
        return (_ENTRY.decode(blob) for (blob,) in self._db.cursor().execute(sql, values))

    def _digest_of(self, path: str) -> str:
        row = self._db.execute("SELECT digest FROM file WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def _section_name(self, source: str) -> str:
        row = self._db.execute("SELECT data FROM entry WHERE source = ?", (source,)).fetchone()
        return _ENTRY.decode(row[0]).section

    def _forget_entry(self, path: str) -> None:
        self._db.execute("DELETE FROM entry WHERE source = ?", (path,))
        self._db.execute("DELETE FROM tagged WHERE source = ?", (path,))


@contextmanager
def open_catalog(path: Path, replacements: Replacements = ()) -> Iterator[Catalog]:
    """The catalog kept in the file `path`; an empty one where it is missing, damaged or of another version."""
    with open_state(path, _VERSION, _SCHEMA) as connection:
        yield Catalog(connection, replacements)


def sort_date(entry: Entry) -> str:
    """A text by which dates sort; "" for an undated article."""
    return entry.date.isoformat() if entry.date else ""


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
