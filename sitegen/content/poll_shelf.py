"""The catalog's polls: which article shows which, and what their data files say."""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from sitegen.content.topics import ALL, POLLS
from sitegen.model import Entry, PollRecord
from sitegen.shortcodes.poll_values import FoundPoll, closing_day

SCHEMA = """
CREATE TABLE poll (
    source TEXT, position INTEGER, key TEXT, closes TEXT, data BLOB, PRIMARY KEY (source, position)
) WITHOUT ROWID;
CREATE INDEX poll_by_key ON poll (key, source, position);
CREATE TABLE poll_record (path TEXT PRIMARY KEY, key TEXT, closes TEXT, data BLOB) WITHOUT ROWID;
CREATE INDEX poll_record_by_key ON poll_record (key);
"""
TABLES = ("poll", "poll_record")
_ENCODE = msgspec.msgpack.Encoder().encode
_ENTRY = msgspec.msgpack.Decoder(Entry)
_FOUND = msgspec.msgpack.Decoder(FoundPoll)
_RECORD = msgspec.msgpack.Decoder(PollRecord)


class PollInArticle(NamedTuple):
    """A poll where an article shows it."""

    entry: Entry
    found: FoundPoll


class PollShelf:
    """The polls of one catalog."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.reads: set[str] = set()  # topics, as the catalog notes them

    def put(self, path: str, polls: Sequence[FoundPoll], record: PollRecord | None) -> None:
        """Keep what was read of a file, in place of what was known of it."""
        self.forget(path)
        rows = ((path, place, found.key, _closes(found), _ENCODE(found)) for place, found in enumerate(polls))
        self._db.executemany("INSERT INTO poll VALUES (?, ?, ?, ?, ?)", rows)
        if record:
            values = (path, record.key, _day(record.closed), _ENCODE(record))
            self._db.execute("INSERT INTO poll_record VALUES (?, ?, ?, ?)", values)

    def shown_by(self, path: str) -> list[str]:
        """The articles that show polls of a data file, or polls of the same keys as an article."""
        sql = """
            SELECT DISTINCT source FROM poll WHERE key > '' AND key IN (
                SELECT key FROM poll WHERE source = ?1 UNION ALL SELECT key FROM poll_record WHERE path = ?1
            )
        """
        return [source for (source,) in self._db.execute(sql, (path,))]

    def forget(self, path: str) -> None:
        """Know nothing of a file any more."""
        self._db.execute("DELETE FROM poll WHERE source = ?", (path,))
        self._db.execute("DELETE FROM poll_record WHERE path = ?", (path,))

    def records_for(self, source: str) -> tuple[PollRecord, ...]:
        """The data of the polls that an article shows, by key, for its own page."""
        sql = "SELECT data FROM poll_record WHERE key IN (SELECT key FROM poll WHERE source = ?) ORDER BY key"
        return tuple(_RECORD.decode(blob) for (blob,) in self._db.execute(sql, (source,)))

    def texts_for(self, source: str) -> str:
        """Questions and answers that data files give to the polls of an article."""
        self.reads.add(POLLS)
        shown = (record for record in self.records_for(source) if not record.is_hidden)
        return "\n".join(text for one in shown for text in (one.question, *(answer.text for answer in one.answers)))

    def record(self, key: str) -> PollRecord | None:
        """The data file of a poll."""
        self.reads.update((ALL, POLLS))
        row = self._db.execute("SELECT data FROM poll_record WHERE key = ?", (key,)).fetchone()
        return _RECORD.decode(row[0]) if row else None

    def records(self) -> Iterator[PollRecord]:
        """All data files by key."""
        self.reads.update((ALL, POLLS))
        rows = self._db.cursor().execute("SELECT data FROM poll_record ORDER BY key")
        return (_RECORD.decode(blob) for (blob,) in rows)

    def last_closing(self, today: dt.date, source: str = "") -> dt.date | None:
        """The last day until today on which a poll closed: of an article, or of all that there are."""
        where = "source = ?" if source else "? = ''"
        sql = f"""
            SELECT max(closes) FROM (
                SELECT closes FROM poll WHERE {where} UNION ALL
                SELECT closes FROM poll_record WHERE key IN (SELECT key FROM poll WHERE {where})
            ) WHERE closes > '' AND closes <= ?
        """  # noqa: S608 - two texts of our own
        (day,) = self._db.execute(sql, (source, source, today.isoformat())).fetchone()
        return dt.date.fromisoformat(day) if day else None

    def by_key(self) -> Iterator[tuple[str, list[PollInArticle]]]:
        """Every poll that an article shows, by key, with the articles in the order of their dates."""
        self.reads.update((ALL, POLLS))
        sql = """
            SELECT poll.key, poll.data, entry.data FROM poll JOIN entry USING (source)
            WHERE poll.key > '' ORDER BY poll.key, entry.date, source, position
        """
        rows = self._db.cursor().execute(sql)
        for key, group in groupby(rows, itemgetter(0)):
            yield key, [PollInArticle(_ENTRY.decode(entry), _FOUND.decode(found)) for _, found, entry in group]

    def without_key(self) -> Iterator[PollInArticle]:
        """Places of polls that no data file can complete, by source."""
        self.reads.update((ALL, POLLS))
        sql = """
            SELECT poll.data, entry.data FROM poll JOIN entry USING (source)
            WHERE poll.key = '' ORDER BY source, position
        """
        rows = self._db.cursor().execute(sql)
        return (PollInArticle(_ENTRY.decode(entry), _FOUND.decode(found)) for found, entry in rows)


def _closes(found: FoundPoll) -> str:
    poll = found.poll or (found.place.look if found.place else None)
    return _day(poll.closed) if poll else ""


def _day(closed: str) -> str:
    return closed if closing_day(closed) else ""
