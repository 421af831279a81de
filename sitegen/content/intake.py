"""The way into the catalog: what a scan read is put in, and what that touches is noted."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from sitegen.content import collisions, known_folders, touched
from sitegen.content.filed import Filed
from sitegen.content.folder import COMMENTS_SUFFIX, FileStat, FolderPart
from sitegen.content.known_folders import KnownFolders
from sitegen.content.order import bucket_of
from sitegen.content.poll_shelf import TABLES as POLL_TABLES
from sitegen.content.poll_shelf import PollShelf
from sitegen.content.topics import (
    ALIASES,
    BODIES,
    COUNTS,
    HIDDEN,
    POLLS,
    TERMS,
    WITHDRAWN,
    WORDS,
    counts_in,
    words_in,
)
from sitegen.content.touched import Touched, terms_of
from sitegen.mapping import in_batches
from sitegen.model import ArticleEntry, Entry, PollRecord
from sitegen.shortcodes.poll_values import FoundPoll

# Taken down while a catalog is filled: to sort once is far cheaper than to keep so many orders while rows come in.
_INDEXES = {
    "entry_by_source": "UNIQUE INDEX {} ON entry (source)",
    "entry_by_date": "INDEX {} ON entry (date, source)",
    "entry_by_day": "INDEX {} ON entry (substr(date, 6, 5), date, source) WHERE date > ''",
    "entry_by_title": "INDEX {} ON entry (title_key, date, source)",
    "entry_undated": "INDEX {} ON entry (date, title_key, source) WHERE date = ''",
    "entry_by_section": "INDEX {} ON entry (section, date, source)",
    "words_by_month": "INDEX {} ON words (month, source, count)",
    "words_by_source": "UNIQUE INDEX {} ON words (source)",
    "tagged_by_term": "INDEX {} ON tagged (kind, term, date, source, name, entry)",
    "tagged_by_entry": "INDEX {} ON tagged (entry, kind, term)",
}
_TABLES = """
CREATE TABLE file (
    path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, digest TEXT, is_media INTEGER, problems BLOB,
    picture BLOB
) WITHOUT ROWID;
CREATE INDEX file_with_problems ON file (path) WHERE problems IS NOT NULL;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    source TEXT, permalink TEXT, date TEXT, title TEXT, title_key TEXT, lang TEXT, section TEXT, data BLOB
);
CREATE TABLE words (source TEXT, month TEXT, count INTEGER, words TEXT);
CREATE TABLE tagged (kind TEXT, term TEXT, date TEXT, source TEXT, name TEXT, entry INTEGER);
-- How often each term is written in each way.
CREATE TABLE spelled (kind TEXT, term TEXT, name TEXT, count INTEGER, PRIMARY KEY (kind, term, name)) WITHOUT ROWID;
CREATE TABLE withdrawn (source TEXT PRIMARY KEY, permalink TEXT, date TEXT, data BLOB) WITHOUT ROWID;
CREATE TABLE timed (source TEXT PRIMARY KEY, publish_at TEXT, data BLOB, filed BLOB) WITHOUT ROWID;
CREATE TABLE alias (source TEXT, place INTEGER, alias TEXT, PRIMARY KEY (source, place)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
SCHEMA = (
    _TABLES
    + collisions.SCHEMA
    + known_folders.SCHEMA
    + touched.SCHEMA
    + "".join(f"CREATE {definition.format(name)};\n" for name, definition in _INDEXES.items())
)
_ENCODE = msgspec.msgpack.Encoder().encode
_ENTRY = msgspec.msgpack.Decoder(Entry)
_ARTICLE = msgspec.msgpack.Decoder(ArticleEntry)
_PUT_ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_TERM = "INSERT INTO tagged VALUES (?, ?, ?, ?, ?, ?)"
_COUNT_SPELLINGS = "INSERT INTO spelled SELECT kind, term, name, count(*) FROM tagged"
_OWN_TABLES = ("file", "folder", "entry", "words", "tagged", "spelled", "alias", "withdrawn", "timed", "moved")
BUCKETS = "buckets"  # what is remembered under this is how many articles each has
_CHUNK = 500


class Intake:
    """What a scan does to the catalog in `connection`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._polls = PollShelf(connection)
        self._folders = KnownFolders(connection)
        self._is_filling = False
        self._is_changed = False
        self._touched = Touched(connection)
        self._more: Counter[str] = Counter()  # dated articles of each bucket than before
        self._terms: set[tuple[str, str]] = set()  # kinds and slugs of those that have other articles
        self._filled = 0  # number of the last entry
        self._met = 0
        self._known = 0

    def begin(self, rules: str) -> None:
        """Start a scan; with other rules than last time, or after one that was cut off, nothing is known any more."""
        if self._meta("rules") != rules:
            self.forget_all()
        self._met, self._known = 0, int(self._db.execute("SELECT count(*) FROM file").fetchone()[0])
        if not self._known:
            self._start_filling()

    def finish(self, rules: str, *, with_numbers: bool = False) -> None:
        """End a scan that met every file.

        With `with_numbers`, articles that want the path of an older one get a number.
        """
        if self._is_filling:
            for name, definition in _INDEXES.items():
                self._db.execute(f"CREATE {definition.format(name)}")
            self._db.execute(f"{_COUNT_SPELLINGS} GROUP BY kind, term, name")
            self._is_filling = False
        if with_numbers and self._is_changed:
            self._settle_collisions()
        self._folders.finish()
        self._set_meta("rules", rules)
        self.commit()

    def changed_files(self, folders: Iterable[FolderPart], racy_since: int) -> Iterator[FileStat]:
        """The files of `folders` that must be read again.

        A file whose time lies at or after `racy_since` (nanoseconds) is read again too: it may have been
        written twice within one tick of the file system's clock, which is git's racy-clean rule.
        """
        for part in folders:
            if self._folders.meet(part, racy_since):
                self._met += len(part.files)
                continue
            for batch in in_batches(part.files, _CHUNK):
                known = set[tuple[str, int, int]]() if self._is_filling else self._known_as(batch)
                for file in batch:
                    if file not in known or file.mtime_ns >= racy_since:
                        self._folders.learn(part, file)
                        yield file

    def misses_files(self) -> bool:
        """Whether files that were known were not met by this scan."""
        return self._met < self._known

    def forget_all_but(self, folders: Iterable[FolderPart]) -> int:
        """Drop the files that are not in these; their number."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("DELETE FROM seen")
        self._db.executemany(
            "INSERT OR IGNORE INTO seen VALUES (?)", ((file.path,) for part in folders for file in part.files)
        )
        gone = self._db.execute("SELECT path FROM file WHERE path NOT IN (SELECT path FROM seen)").fetchall()
        for (path,) in gone:
            self._is_changed = True
            self._touched.add_file(path)
            self._db.execute("DELETE FROM file WHERE path = ?", (path,))
            self._put_polls(path, (), None)
            self._take_out(path)
        return len(gone)

    def forget_all(self) -> None:
        """Know nothing: every file is read anew."""
        self._is_changed = True
        self._touched.add_everything()
        self._set_meta("comments", "")
        for table in (*_OWN_TABLES, *POLL_TABLES):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words

    def put(self, batch: Iterable[Filed], now: str = "") -> None:
        """Keep what was read of files, in place of what was known of them.

        With `now`, a local time of the site as dates sort, an article that is to appear later is held back.
        """
        filed_files = list(batch)
        if self._is_filling:
            self._fill(filed_files, now)
        else:
            for filed in filed_files:
                self._replace(filed, now)
        for filed in filed_files:
            self._folders.put(filed.file[:3])

    def release(self, now: str) -> None:
        """Show what was held back until `now`, a local time of the site as dates sort; hold back what is early."""
        rows = self._db.execute("SELECT source, publish_at, filed FROM timed ORDER BY source").fetchall()
        for source, publish_at, blob in rows:
            is_shown = self._db.execute("SELECT 1 FROM entry WHERE source = ?", (source,)).fetchone() is not None
            if (publish_at <= now) != is_shown:
                self._is_changed = True
                self._touched.add(HIDDEN)
                filed = msgspec.msgpack.decode(blob, type=Filed)
                self._show(filed) if publish_at <= now else self._hide(source)

    def commit(self) -> None:
        """Make the changes last."""
        if self._is_changed:
            self._set_meta("generation", os.urandom(16).hex())
            for bucket in (bucket for bucket, more in self._more.items() if more):
                self._touched.add(COUNTS, counts_in(bucket[:7]))
                self._set_meta(BUCKETS, "")
            self._more.clear()
            self._count_spellings()
            if not self._touched.keep():
                self._set_meta("base", "")
            self._is_changed = False
        self._db.commit()

    # --- one file

    def _replace(self, filed: Filed, now: str) -> None:
        path, digest = filed.file[0], filed.file[3]
        row = self._db.execute("SELECT digest FROM file WHERE path = ?", (path,)).fetchone()
        self._db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", filed.file)
        if digest and row and row[0] == digest:
            return
        self._is_changed = True
        self._touched.add_file(path)
        if path.endswith(COMMENTS_SUFFIX):
            self._set_meta("comments", "1")
        self._put_polls(path, filed.polls, filed.record)
        is_shown = filed.entry and not filed.is_withdrawn and (not now or filed.publish_at <= now)
        if is_shown and not filed.is_timed and self._changes_no_more_than_tags(filed):
            return
        self._take_out(path)
        if filed.entry is None:
            return
        if filed.is_withdrawn:
            self._touched.add(WITHDRAWN, HIDDEN, f"source:{path}", *([ALIASES] if filed.aliases else []))
            self._withdraw(filed)
            return
        if now and (filed.is_timed or filed.publish_at > now):
            self._touched.add(HIDDEN)
            self._hold_back(filed)
        if is_shown:
            self._show(filed)

    def _withdraw(self, filed: Filed) -> None:
        assert filed.entry is not None
        self._db.execute("INSERT INTO withdrawn VALUES (?, ?, ?, ?)", (*filed.entry[:3], filed.entry[-1]))
        self._keep_aliases([filed])

    def _hold_back(self, filed: Filed) -> None:
        assert filed.entry is not None
        row = (filed.entry[0], filed.publish_at, filed.entry[-1], _ENCODE(filed))
        self._db.execute("INSERT INTO timed VALUES (?, ?, ?, ?)", row)

    def _keep_aliases(self, batch: Iterable[Filed]) -> None:
        rows = ((filed.file[0], place, alias) for filed in batch for place, alias in enumerate(filed.aliases))
        self._db.executemany("INSERT INTO alias VALUES (?, ?, ?)", rows)

    def _put_polls(self, path: str, polls: tuple[FoundPoll, ...], record: PollRecord | None) -> None:
        before = self._polls.shown_by(path)
        self._polls.put(path, polls, record)
        if beside := {*before, *self._polls.shown_by(path)}:
            self._touched.add(POLLS)
        for source in beside:
            row = self._db.execute("SELECT date, title_key FROM entry WHERE source = ?", (source,)).fetchone()
            self._touched.add(*([f"bucket:{bucket_of(*row)}"] if row else []))

    def _changes_no_more_than_tags(self, filed: Filed) -> bool:
        """Put in what is new, if that is the body, whatever else lists do not show, and the tags."""
        assert filed.entry is not None
        source, data = filed.entry[0], filed.entry[-1]
        row = self._db.execute("SELECT data, date, title_key FROM entry WHERE source = ?", (source,)).fetchone()
        if row is None or self._aliases_of(source) != filed.aliases:
            return False
        before, after = _ENTRY.decode(row[0]), _ENTRY.decode(data)
        if before != after and replace(before, tags=()) != replace(after, tags=()):
            return False
        elsewhere = "SELECT 1 FROM timed WHERE source = ?1 UNION ALL SELECT 1 FROM moved WHERE source = ?1"
        if self._db.execute(elsewhere, (source,)).fetchone():
            return False
        self._db.execute("UPDATE entry SET data = ? WHERE source = ?", (data, source))
        self._touched.add(BODIES)
        self._touched.add_bucket(bucket_of(row[1], row[2]))
        self._keep_words(filed, row[1])
        if before.tags != after.tags:
            self._retag(filed)
        return True

    def _retag(self, filed: Filed) -> None:
        """Give an article other tags: its terms come and go, and those that stay have an article with other tags."""
        assert filed.entry is not None
        source, date, section = filed.entry[0], filed.entry[2], filed.entry[6]
        wanted = {(slug, name) for kind, slug, name in filed.terms if kind == "tag"}
        before = {(slug, name) for kind, slug, name in terms_of(self._db, source) if kind == "tag"}
        kept = [slug for slug, _name in before & wanted]
        number = int(self._db.execute("SELECT id FROM entry WHERE source = ?", (source,)).fetchone()[0])
        gone, new = before - wanted, wanted - before
        self._touched.add(TERMS)
        for term in kept:  # while those that go are there: then what it goes with can be told
            self._touched.add_beside(term, {slug for slug, _name in gone})
        for term, name in gone:
            self._touched.add_term("tag", term, name, date, source)
            self._db.execute("DELETE FROM tagged WHERE entry = ? AND kind = 'tag' AND term = ?", (number, term))
        for term, name in new:
            self._db.execute(_PUT_TERM, ("tag", term, date, source, name, number))
            self._touched.add_term("tag", term, name, date, source)
        self._terms.update(("tag", term) for term, _name in gone | new)
        for term in kept:
            self._touched.add_beside(term, {slug for slug, _name in new})
        self._touched.add_newest(section, date, source)

    def _aliases_of(self, source: str) -> tuple[str, ...]:
        rows = self._db.execute("SELECT alias FROM alias WHERE source = ? ORDER BY place", (source,))
        return tuple(alias for (alias,) in rows)

    def _settle_collisions(self) -> None:
        for source, permalink in collisions.settle(self._db).items():
            for table in ("entry", "withdrawn"):
                select = f"SELECT data FROM {table} WHERE source = ?"  # noqa: S608 - our own two words
                if row := self._db.execute(select, (source,)).fetchone():
                    data = _ENCODE(msgspec.structs.replace(_ARTICLE.decode(row[0]), permalink=permalink))
                    update = f"UPDATE {table} SET permalink = ?, data = ? WHERE source = ?"  # noqa: S608
                    self._db.execute(update, (permalink, data, source))
            self._touched.add(WITHDRAWN, ALIASES, POLLS, f"file:{source}", f"source:{source}")
            self._touched.add_around(source)

    def _take_out(self, path: str) -> None:
        self._db.execute("DELETE FROM moved WHERE source = ?", (path,))
        self._hide(path)
        if self._db.execute("DELETE FROM withdrawn WHERE source = ?", (path,)).rowcount:
            self._touched.add(WITHDRAWN, HIDDEN, ALIASES, f"source:{path}")
        if self._db.execute("DELETE FROM timed WHERE source = ?", (path,)).rowcount:
            self._touched.add(HIDDEN)

    def _show(self, filed: Filed) -> None:
        assert filed.entry is not None
        source, date = filed.entry[0], filed.entry[2]
        number = self._db.execute(_PUT_ENTRY, (None, *filed.entry)).lastrowid
        rows = ((kind, slug, date, source, name, number) for kind, slug, name in filed.terms)
        self._db.executemany(_PUT_TERM, rows)
        self._terms.update((kind, slug) for kind, slug, _name in filed.terms)
        self._keep_aliases([filed])
        self._keep_words(filed, date)
        self._touched.add_around(source)
        self._more[bucket_of(date, "")] += 1

    def _keep_words(self, filed: Filed, date: str) -> None:
        """Have these words of an article, if they are not those that it has."""
        source, words = filed.file[0], filed.words
        before = self._db.execute("SELECT words, count FROM words WHERE source = ?", (source,)).fetchone()
        if words != before:
            self._touched.add(WORDS, words_in(date))
            self._db.execute("DELETE FROM words WHERE source = ?", (source,))
            if words:
                self._db.execute("INSERT INTO words VALUES (?, ?, ?, ?)", (source, date[:7], words.total, words.text))

    def _hide(self, source: str) -> None:
        self._touched.add_around(source)
        self._db.execute("DELETE FROM words WHERE source = ?", (source,))
        self._db.execute("DELETE FROM alias WHERE source = ?", (source,))
        sql = "DELETE FROM entry WHERE source = ? RETURNING id, date"
        for number, date in self._db.execute(sql, (source,)).fetchall():
            self._terms.update(self._db.execute("DELETE FROM tagged WHERE entry = ? RETURNING kind, term", (number,)))
            self._more[bucket_of(date, "")] -= 1

    def _count_spellings(self) -> None:
        for term in self._terms:
            self._db.execute("DELETE FROM spelled WHERE kind = ? AND term = ?", term)
            self._db.execute(f"{_COUNT_SPELLINGS} WHERE kind = ? AND term = ? GROUP BY name", term)
        self._terms.clear()

    # --- many files at once

    def _start_filling(self) -> None:
        self._is_filling = self._is_changed = True
        self._touched.add_everything()
        for name in _INDEXES:
            self._db.execute(f"DROP INDEX IF EXISTS {name}")
        # As long as a catalog is half full it was made by no rules: the next scan starts again.
        for key in ("rules", "base", BUCKETS):
            self._set_meta(key, "")
        self._db.commit()

    def _fill(self, batch: list[Filed], now: str) -> None:
        self._db.executemany("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", [filed.file for filed in batch])
        if any(filed.file[0].endswith(COMMENTS_SUFFIX) for filed in batch):
            self._set_meta("comments", "1")
        shown: list[tuple[int, str, str, str, str, str, str, str, bytes]] = []
        terms: list[tuple[str, str, str, str, str, int]] = []
        words: list[tuple[str, str, int, str]] = []
        for filed in batch:
            if filed.polls or filed.record:
                self._polls.put(filed.file[0], filed.polls, filed.record)
            if filed.entry is None:
                continue
            if filed.is_withdrawn:
                self._withdraw(filed)
                continue
            if now and (filed.is_timed or filed.publish_at > now):
                self._hold_back(filed)
            if not now or filed.publish_at <= now:
                self._keep_aliases([filed] if filed.aliases else [])
                self._filled += 1
                shown.append((self._filled, *filed.entry))
                source, date = filed.entry[0], filed.entry[2]
                terms += [(kind, slug, date, source, name, self._filled) for kind, slug, name in filed.terms]
                words += [(source, date[:7], filed.words.total, filed.words.text)] if filed.words else []
        self._db.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", words)
        self._db.executemany(_PUT_ENTRY, shown)
        self._db.executemany(_PUT_TERM, terms)
        self._db.commit()

    def _known_as(self, batch: list[FileStat]) -> set[tuple[str, int, int]]:
        """What is known of these files, counted as met; and maybe of others between them."""
        paths = [file.path for file in batch]
        # Files come by folder, so most often there are no others between them, and to look for each takes longer.
        sql = "SELECT path, size, mtime FROM file WHERE path BETWEEN ? AND ? LIMIT ?"
        known = set(self._db.execute(sql, (min(paths), max(paths), 2 * _CHUNK)))
        if len(known) == 2 * _CHUNK:
            sql = f"SELECT path, size, mtime FROM file WHERE path IN ({','.join('?' * len(paths))})"  # noqa: S608
            known = set(self._db.execute(sql, paths))
        self._met += len({path for path, _size, _mtime in known}.intersection(paths))
        return known

    def _meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
