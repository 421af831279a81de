"""What the catalog knows of terms: tags, authors and series, how they are written, and which articles have them."""

import heapq
import sqlite3
from collections.abc import Iterable, Iterator

from sitegen.content.order import FIRST, LAST, sort_date, title_key
from sitegen.content.rows import TITLE, Place, Taxonomy, Term, Title, entries, titles
from sitegen.content.topics import BESIDE, MOST_BESIDE, REACH, TERMS, beside, read_by_newest
from sitegen.model import Entry

_TAGGED = "tagged JOIN entry ON entry.id = tagged.entry"
_PLACES = "SELECT date, source FROM tagged WHERE kind = 'tag' AND term = ? AND date > ''"
_NEWEST_FIRST = "ORDER BY date DESC, source DESC LIMIT ?"
_SPELLINGS = "FROM spelled WHERE kind = ? ORDER BY term, count DESC, name"
_MAX_RANKS = 20_000  # remembered


class Terms:
    """The terms of one site's catalog. Terms are named by their slugs.

    Queries note what they read in `reads`, as those of the catalog do.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.reads: set[str] = set()
        self.ranks: dict[str, int] = {}  # of tags, as far as they were asked for

    def every(self, kind: Taxonomy = Taxonomy.TAG) -> Iterator[Term]:
        """All terms by slug, each under its most frequent spelling (the first by code point among equals)."""
        self.reads.add(TERMS)
        return _merged(self._db.cursor().execute(f"SELECT term, name, count {_SPELLINGS}", (kind,)))

    def has_any(self, kind: Taxonomy) -> bool:
        """Whether a taxonomy has any term."""
        self.reads.add(TERMS)
        return self._db.execute("SELECT 1 FROM spelled WHERE kind = ? LIMIT 1", (kind,)).fetchone() is not None

    def frequent(self, count: int) -> list[Term]:
        """The most frequent tags, most frequent first, equals by slug."""
        return heapq.nsmallest(count, self.every(), key=lambda term: (-term.count, term.slug))

    def spelling(self, slug: str) -> str:
        """The most frequent spelling of a tag."""
        self.reads.add(f"spelling:tag:{slug}")
        sql = "SELECT name FROM spelled WHERE kind = 'tag' AND term = ? ORDER BY count DESC, name LIMIT 1"
        return str(self._db.execute(sql, (slug,)).fetchone()[0])

    def spellings(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Slug and spellings of the tags that are written in more than one way."""
        self.reads.add(TERMS)
        slug = ""
        names: list[str] = []
        for term, name in self._db.execute(f"SELECT term, name {_SPELLINGS}", (Taxonomy.TAG,)):
            if term != slug and len(names) > 1:
                yield slug, tuple(names)
            slug, names = term, [*names, name] if term == slug else [name]
        if len(names) > 1:
            yield slug, tuple(names)

    def put_in_order(self, kind: Taxonomy, language: str = "en") -> None:
        """Put the terms of a taxonomy in the order of their names in a language, for the two questions below."""
        self.reads.add(TERMS)
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS named (key TEXT, slug TEXT, name TEXT, count INTEGER, "
            "PRIMARY KEY (key, slug)) WITHOUT ROWID"
        )
        self._db.execute("DELETE FROM named")
        rows = ((title_key(term.name, language), term.slug, term.name, term.count) for term in self.every(kind))
        self._db.executemany("INSERT INTO named VALUES (?, ?, ?, ?)", rows)

    def in_order(self, prefix: str, *, is_exact: bool = False) -> Iterator[tuple[str, Term]]:
        """Key and term of those whose key starts with `prefix`, or is just that, A to Z."""
        self.reads.add(TERMS)
        sql = "SELECT key, slug, name, count FROM named WHERE key >= ? AND key < ? ORDER BY key, slug"
        rows = self._db.cursor().execute(sql, (prefix, prefix + (FIRST if is_exact else LAST)))
        return ((key, Term(slug, name, count)) for key, slug, name, count in rows)

    def prefixes(self, prefix: str) -> list[tuple[str, int]]:
        """The prefixes one sign longer than `prefix` under which terms stand, with their number, A to Z."""
        self.reads.add(TERMS)
        sql = (
            "SELECT substr(key, 1, ?) AS start, count(*) FROM named WHERE key >= ? AND key < ? "
            "GROUP BY start ORDER BY start"
        )
        return self._db.execute(sql, (len(prefix) + 1, prefix, prefix + LAST)).fetchall()

    def titles(self, term: str, kind: Taxonomy = Taxonomy.TAG) -> Iterator[Title]:
        """Titles of a term, undated first, then oldest first."""
        self.reads.add(f"term:{kind}:{term}")
        sql = (
            f"SELECT {TITLE} FROM {_TAGGED} WHERE kind = ? AND term = ? "  # noqa: S608
            "ORDER BY tagged.date, tagged.source"
        )
        return titles(self._db, sql, kind, term)

    def newest(self, term: str, count: int, kind: Taxonomy = Taxonomy.TAG) -> tuple[Entry, ...]:
        """The newest dated articles of a term, newest first."""
        self.reads.update(read_by_newest(f"term:{kind}:{term}", count))
        sql = (
            f"SELECT data FROM {_TAGGED} WHERE kind = ? AND term = ? AND tagged.date > '' "  # noqa: S608
            "ORDER BY tagged.date DESC, tagged.source DESC LIMIT ?"
        )
        return tuple(entries(self._db, sql, kind, term, count))

    def years(self, term: str, kind: Taxonomy = Taxonomy.TAG) -> list[tuple[str, int]]:
        """("2024", number of articles) for each year in which a term was used, oldest first."""
        self.reads.add(f"term:{kind}:{term}")
        sql = (
            "SELECT substr(date, 1, 4) AS year, count(*) FROM tagged WHERE kind = ? AND term = ? AND date > '' "
            "GROUP BY year ORDER BY year"
        )
        return self._db.execute(sql, (kind, term)).fetchall()

    def beside(self, term: str) -> list[tuple[str, int]]:
        """The slugs of the tags (at most MOST_BESIDE) that most often stand beside a tag, with how often.

        Its newest articles alone are looked at, so that the cost is bounded.
        """
        self.reads.update((f"term:tag:{term}", beside(term)))
        return tags_beside(self._db, term)

    def newest_places(self, term: str) -> list[Place]:
        """The newest dated articles (at most REACH) of a tag, newest first."""
        self.reads.add(f"newest:tag:{term}")
        return [Place(*row) for row in self._db.execute(f"{_PLACES} {_NEWEST_FIRST}", (term, REACH))]

    def older(self, term: str, place: Place) -> list[Place]:
        """The last dated articles of a tag (at most REACH) before one, newest first, for its own page."""
        sql = f"{_PLACES} AND (date, source) < (?, ?) {_NEWEST_FIRST}"
        return [Place(*row) for row in self._db.execute(sql, (term, *place, REACH))]

    def rank(self, term: str) -> int:
        """How frequent a tag is, in powers of two, so that hardly any article changes it; for pages of its articles."""
        # No topic: a change touches the buckets of all articles that have the tag.
        if term not in self.ranks:
            sql = "SELECT sum(count) FROM spelled WHERE kind = 'tag' AND term = ?"
            if len(self.ranks) >= _MAX_RANKS:
                self.ranks.clear()
            self.ranks[term] = int(self._db.execute(sql, (term,)).fetchone()[0]).bit_length()
        return self.ranks[term]

    def before(self, entry: Entry, term: str, kind: Taxonomy = Taxonomy.TAG) -> Title | None:
        """The dated article before one among those of a term, for its own page."""
        return self._next_to(entry, term, kind, "<", "DESC")

    def after(self, entry: Entry, term: str, kind: Taxonomy = Taxonomy.TAG) -> Title | None:
        """The dated article after one among those of a term, for its own page."""
        return self._next_to(entry, term, kind, ">", "ASC")

    def _next_to(self, entry: Entry, term: str, kind: Taxonomy, sign: str, order: str) -> Title | None:
        # No topic: a change touches the buckets of the articles beside it.
        sql = (
            f"SELECT {TITLE} FROM {_TAGGED} "  # noqa: S608
            f"WHERE kind = ? AND term = ? AND (tagged.date, tagged.source) {sign} (?, ?) AND tagged.date > '' "
            f"ORDER BY tagged.date {order}, tagged.source {order} LIMIT 1"
        )
        row = self._db.execute(sql, (kind, term, sort_date(entry), entry.source)).fetchone()
        return Title(*row) if row else None


def tags_beside(connection: sqlite3.Connection, term: str) -> list[tuple[str, int]]:
    """What `Terms.beside` says."""
    sql = (
        "SELECT other.term, count(*) AS n FROM (SELECT entry FROM tagged WHERE kind = 'tag' AND term = ?1 "
        "ORDER BY date DESC, source DESC LIMIT ?2) AS own CROSS JOIN tagged AS other INDEXED BY tagged_by_entry "
        "ON other.entry = own.entry WHERE other.kind = 'tag' AND other.term <> ?1 "
        "GROUP BY other.term ORDER BY n DESC, other.term LIMIT ?3"
    )
    return connection.execute(sql, (term, BESIDE, MOST_BESIDE)).fetchall()


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
