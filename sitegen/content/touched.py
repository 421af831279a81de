"""What the changes of a scan touch: topics of all that may look otherwise than before."""

import sqlite3
from collections.abc import Iterator, Set

import msgspec

from sitegen.content.folder import COMMENTS_SUFFIX, is_media
from sitegen.content.order import bucket_of
from sitegen.content.terms import tags_beside
from sitegen.content.topics import (
    ALIASES,
    ALL,
    ASSETS,
    BODIES,
    COMMENTS,
    NEWEST,
    REACH,
    SECTION_NAMES,
    TERMS,
    UNDATED_TAGS,
    WORDS,
    beside,
    newest_in,
    periods_of,
    records_of,
    words_in,
)
from sitegen.model import Entry

SCHEMA = "CREATE TABLE touched (topic TEXT PRIMARY KEY) WITHOUT ROWID;\n"
_MOST = 20_000  # beyond, to plan everything costs less than to tell what is untouched
_OF_TERM = "FROM tagged WHERE kind = ? AND term = ?"
_ENTRIES_OF_TERM = "FROM tagged JOIN entry ON entry.id = tagged.entry WHERE kind = ? AND term = ?"
_ENTRY = msgspec.msgpack.Decoder(Entry)


class Touched:
    """The topics that one scan touches in the catalog in `connection`, as long as they are few enough to be told.

    What is asked of an article or a term is asked while it is there: before it goes, after it came.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._topics: set[str] | None = set()  # None: too many
        self._section_names: dict[str, str] | None = None  # before the first change

    def add(self, *topics: str) -> None:
        """These topics."""
        if self._topics is not None:
            self._topics.update(topics)
            if len(self._topics) > _MOST:
                self._topics = None

    def add_everything(self) -> None:
        """All topics; none is told any more."""
        self._topics = None

    def add_file(self, path: str) -> None:
        """What shows a file of the content folder, whatever is in it."""
        self.add(f"file:{path}")
        if path.endswith(COMMENTS_SUFFIX):
            self.add(COMMENTS)
        elif is_media(path):
            self.add(ASSETS)

    def add_bucket(self, bucket: str) -> None:
        """What shows all that is known of an article in a bucket."""
        self.add(f"bucket:{bucket}", records_of(bucket))

    def add_around(self, source: str) -> None:
        """Whatever shows this article in a list, and the pages of its neighbours in any order."""
        if self._topics is None:
            return
        sql = "SELECT date, title_key, section FROM entry WHERE source = ?"
        row = self._db.execute(sql, (source,)).fetchone()
        if row is None:
            return
        date, key, section = row
        if self._db.execute("SELECT 1 FROM alias WHERE source = ?", (source,)).fetchone():
            self.add(ALIASES)
        if self._section_names is None:
            self._section_names = section_names(self._db)
        self.add(WORDS, words_in(date))
        self.add(ALL, BODIES, f"source:{source}", f"section:{section}")
        self.add_bucket(bucket_of(date, key))
        self.add(*(f"titles:{key[:length]}" for length in range(3)))
        self.add(*periods_of(date), *([f"day:{date[5:10]}"] if date else []))
        self.add(*(f"bucket:{bucket}" for bucket in self._buckets_beside(source, date, key)))
        for kind, term, name in terms_of(self._db, source):
            self.add_term(kind, term, name, date, source)

    def add_term(self, kind: str, term: str, name: str, date: str, source: str) -> None:
        """What shows that an article has a term, written as `name`."""
        self.add(TERMS, f"term:{kind}:{term}", *self._topics_of_term(kind, term, name, date, source))

    def add_newest(self, section: str, date: str, source: str) -> None:
        """What shows the tags of an article as one of the newest: of all, of its section, of its terms."""
        if not date:
            self.add(UNDATED_TAGS)
            return
        lists = [(ALL, "FROM entry WHERE 1", ()), (f"section:{section}", "FROM entry WHERE section = ?", (section,))]
        lists += [(f"term:{kind}:{term}", _OF_TERM, (kind, term)) for kind, term, _name in terms_of(self._db, source)]
        for topic, of, values in lists:
            newer = f"SELECT 1 {of} AND (date, source) > (?, ?) LIMIT {NEWEST}"
            sql = f"SELECT count(*) FROM ({newer})"  # noqa: S608 - our own words
            if int(self._db.execute(sql, (*values, date, source)).fetchone()[0]) < NEWEST:
                self.add(newest_in(topic))

    def add_beside(self, term: str, others: Set[str]) -> None:
        """What shows the tags that go with one, if any of `others` is among them now."""
        if others and not others.isdisjoint(other for other, _count in tags_beside(self._db, term)):
            self.add(beside(term))

    def keep(self) -> bool:
        """Have the catalog know the topics until now, and begin anew; False if there were too many to be told."""
        if self._section_names is not None and self._section_names != section_names(self._db):
            self.add(SECTION_NAMES)
        is_told = self._topics is not None
        if self._topics is None:
            self._db.execute("DELETE FROM touched")
        else:
            self._db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", ((topic,) for topic in self._topics))
        self._topics = set()
        return is_told

    def _buckets_beside(self, source: str, date: str, key: str) -> Iterator[str]:
        order, where, values = ("date, source", "+date > ''", (date, source)) if date else (
            "title_key, source", "date = ''", (key, source))  # fmt: skip
        for sign, way in (("<", "DESC"), (">", "ASC")):
            sql = (
                f"SELECT date, title_key FROM entry WHERE {where} AND ({order}) {sign} (?, ?) "  # noqa: S608
                f"ORDER BY {order.replace(',', f' {way},')} {way} LIMIT 1"
            )
            yield from (bucket_of(*row) for row in self._db.execute(sql, values))

    def _topics_of_term(self, kind: str, term: str, name: str, date: str, source: str) -> Iterator[str]:
        """The pages that look at this article within a term, and what may change of the term itself."""
        for sign, way, reach in (("<", "DESC", 1), (">", "ASC", REACH)):
            sql = (
                f"SELECT tagged.date, title_key {_ENTRIES_OF_TERM} AND (tagged.date, tagged.source) {sign} (?, ?) "
                f"ORDER BY tagged.date {way}, tagged.source {way} LIMIT {reach}"
            )
            rows = self._db.execute(sql, (kind, term, date, source)).fetchall()
            yield from (f"bucket:{bucket_of(*row)}" for row in rows)
        if len(rows) < REACH:
            yield f"newest:{kind}:{term}"
        # An article that comes or goes may carry its term over a power of two.
        count = int(self._db.execute(f"SELECT count(*) {_OF_TERM}", (kind, term)).fetchone()[0])
        if kind == "tag" and count.bit_length() != (count - 1).bit_length():
            sql = f"SELECT tagged.date, title_key {_ENTRIES_OF_TERM}"
            yield from (f"bucket:{bucket_of(*row)}" for row in self._db.execute(sql, (kind, term)).fetchall())
        if count == 1 or self._db.execute(f"SELECT 1 {_OF_TERM} AND name <> ? LIMIT 1", (kind, term, name)).fetchone():
            yield f"spelling:{kind}:{term}"


def terms_of(connection: sqlite3.Connection, source: str) -> list[tuple[str, str, str]]:
    """Kind, slug, and name as written, of each term of an article."""
    sql = "SELECT kind, term, name FROM tagged WHERE entry = (SELECT id FROM entry WHERE source = ?)"
    return connection.execute(sql, (source,)).fetchall()


def section_names(connection: sqlite3.Connection) -> dict[str, str]:
    """A name as written, that of the first source, for the slug of each section."""
    sql = (
        "SELECT section, data FROM entry JOIN "
        "(SELECT min(source) AS source FROM entry WHERE section > '' GROUP BY section) USING (source)"
    )
    return {slug: _ENTRY.decode(data).section for slug, data in connection.execute(sql)}
