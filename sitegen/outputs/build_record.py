"""What was built from what, on disk in SQLite: parts of the plan, what they read, their files, what those are made of.

A part that is in the record and finished need not be planned again as long as nothing it read was touched. Its files
stay claimed. A part that is planned again gets a new number; what only its old number claims is nobody's.
"""

import sqlite3
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.model import OutputFile, Problem
from sitegen.outputs.drawn_from import DrawnFrom, open_drawn_from
from sitegen.state import open_state

_VERSION = 10
_ENCODE = msgspec.msgpack.Encoder().encode
_PROBLEMS = msgspec.msgpack.Decoder(tuple[Problem, ...])
_SCHEMA = """
CREATE TABLE output (
    path TEXT PRIMARY KEY, part INTEGER, source TEXT, fingerprint TEXT, digest TEXT, size INTEGER,
    dated TEXT, lastmod TEXT, layout BLOB
) WITHOUT ROWID;
CREATE INDEX output_by_part ON output (part);
CREATE INDEX output_dated ON output (dated, path) WHERE dated > '';
-- Of claimed paths that are not as they fold, or whose folder has a full stop in its name.
CREATE TABLE folded (folded TEXT, path TEXT, PRIMARY KEY (folded, path)) WITHOUT ROWID;
CREATE TABLE part (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, args TEXT, is_finished INTEGER);
-- Numbers of parts that are no more; what these alone claim is nobody's. 0 is the part of files that nobody claims.
CREATE TABLE gone (part INTEGER PRIMARY KEY);
INSERT INTO gone VALUES (0);
CREATE TABLE stale (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE reads (topic TEXT, part INTEGER, PRIMARY KEY (topic, part)) WITHOUT ROWID;
CREATE INDEX reads_by_part ON reads (part);
CREATE TABLE problem (path TEXT PRIMARY KEY, problems BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE stamp (number INTEGER);
INSERT INTO stamp VALUES (0);
"""
_TAKE = (
    "INSERT INTO output VALUES (?, ?, ?, '', '', 0, ?, ?, x'') ON CONFLICT (path) DO UPDATE "
    "SET part = excluded.part, source = excluded.source, dated = excluded.dated, lastmod = excluded.lastmod"
)
_FEW = 10_000  # keys that are held in memory: to ask for one after the other takes five times as long
_COUNT = "files"  # number of those that are recorded: to count them takes a look at each
_IS_OWNED = "part IN (SELECT id FROM part)"


class Claim(NamedTuple):
    """A page that wants its path."""

    path: str
    fingerprint: str
    source: str  # what to name when two want the same
    dated: str = ""  # as what sitemaps name it
    lastmod: str = ""  # when it changed last, as they tell


class Clash(NamedTuple):
    """Two claims on one path, told apart by neither case nor Unicode form."""

    path: str
    source: str
    other_path: str
    other_source: str


class Known(NamedTuple):
    """What the record knows of a file that was made."""

    fingerprint: str  # of what it was made of
    digest: str  # of its bytes; "" for one that must be made
    layout: bytes  # of the page, for whoever draws it again


NOT_KNOWN = Known("", "", b"")


class Built(NamedTuple):
    """What the record knows of a claimed path."""

    is_fresh: bool  # made from the very same things, and there
    known_digest: str  # of the file that lies there; "" if there is none


class About(NamedTuple):
    """What is known of a file."""

    part: str  # key of the part that claims it; "" for none
    source: str
    fingerprint: str
    size: int


class BuildRecord:
    """The record of one output tree. A claim counts only once its file is confirmed."""

    def __init__(self, connection: sqlite3.Connection, drawn_from: DrawnFrom) -> None:
        self._db, self._drawn_from = connection, drawn_from
        self._has_odd = self._db.execute("SELECT 1 FROM folded LIMIT 1").fetchone() is not None
        self._has_problems = self._db.execute("SELECT 1 FROM problem LIMIT 1").fetchone() is not None
        self.is_new = self.is_empty()  # nothing is known of any file
        self._count = int(self.get_meta(_COUNT) or 0)
        if self._drawn_from.is_new:
            self.forget_parts()

    # --- parts

    def forget_parts(self) -> None:
        """Every part must be planned."""
        self._db.execute("INSERT OR IGNORE INTO gone SELECT id FROM part")
        for table in ("part", "reads"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words
        self._drawn_from.forget_all()

    def forget_unfinished_parts(self) -> None:
        """Parts of a build that was cut off, or of pages that failed, must be planned."""
        self._forget_where("NOT is_finished")

    def forget_part(self, key: str) -> None:
        """One part must be planned."""
        self._forget_where("key = ?", key)
        self._db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (key,))

    def forget_parts_that_read(self, topics: Iterable[str]) -> None:
        """Parts that read any of these topics must be planned."""
        for topic in topics:
            self._forget_where("id IN (SELECT part FROM reads WHERE topic = ?)", topic)

    def keep_parts(self, kinds: Collection[str], wanted: Iterable[tuple[str, str]]) -> None:
        """Of the parts of these kinds, keep those with these keys and args; the others that are wanted must be planned.

        The kind of a part is the first word of its key.
        """
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY, args TEXT) WITHOUT ROWID")
        self._db.execute("DELETE FROM wanted")
        self._db.executemany("INSERT INTO wanted VALUES (?, ?)", wanted)
        same = "SELECT 1 FROM wanted WHERE wanted.key = part.key AND wanted.args = part.args"
        kind = "substr(key, 1, instr(key || ' ', ' ') - 1)"
        self._forget_where(f"{kind} IN ({','.join('?' * len(kinds))}) AND NOT EXISTS ({same})", *kinds)
        self._db.execute("INSERT OR IGNORE INTO stale SELECT key FROM wanted WHERE key NOT IN (SELECT key FROM part)")

    def stale_kinds(self) -> set[str]:
        """First words of the keys of parts that must be planned, or that may be wanted no more."""
        return {key.partition(" ")[0] for (key,) in self._db.execute("SELECT key FROM stale")}

    def _forget_where(self, condition: str, *values: str) -> None:
        rows = self._db.execute(f"SELECT key, id FROM part WHERE {condition}", values).fetchall()  # noqa: S608
        if not rows:  # as for most topics: nothing changes then, and nothing need be written
            return
        self._db.executemany("INSERT OR IGNORE INTO stale VALUES (?)", ((key,) for key, _ in rows))
        for table, column in (("reads", "part"), ("part", "id")):
            sql = f"DELETE FROM {table} WHERE {column} = ?"  # noqa: S608 - our own words
            self._db.executemany(sql, ((number,) for _, number in rows))
        self._db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", ((number,) for _, number in rows))
        self._drawn_from.forget(number for _, number in rows)

    def has_no_parts(self) -> bool:
        """Whether everything must be planned."""
        return self._db.execute("SELECT 1 FROM part LIMIT 1").fetchone() is None

    def is_finished(self) -> bool:
        """Whether there are parts, all of them are as they should be, and none is known to be stale."""
        row = self._db.execute("SELECT min(is_finished) = 1 AND NOT EXISTS (SELECT 1 FROM stale) FROM part").fetchone()
        return bool(row[0])

    def unchanged_parts(self) -> Callable[[str], bool]:
        """Tells whether a part that has not begun since, by its key, is known to be unchanged."""
        found = self._db.execute("SELECT key FROM part LIMIT ?", (_FEW,)).fetchall()
        return self._has_part if len(found) == _FEW else frozenset(key for (key,) in found).__contains__

    def _has_part(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM part WHERE key = ?", (key,)).fetchone() is not None

    def start_part(self, key: str, args: str) -> int:
        """Begin to plan a part; the number under which it claims paths."""
        number = self._db.execute("INSERT INTO part (key, args, is_finished) VALUES (?, ?, 0)", (key, args)).lastrowid
        assert number is not None
        return number

    def note_reads(self, part: int, topics: Iterable[str]) -> None:
        """What a part read while it was planned."""
        self._db.executemany("INSERT INTO reads VALUES (?, ?)", ((topic, part) for topic in topics))

    def keep_pages(self, part: int, pages: bytes) -> None:
        """Keep what some pages of a part are drawn from, for as long as it need not be planned again."""
        self._drawn_from.keep(part, pages)

    def kept_pages(self) -> Iterator[bytes]:
        """What was kept until now, in the order in which it was planned; parts may be planned meanwhile."""
        return self._drawn_from.kept()

    def finish_parts(self, failed: Iterable[str]) -> None:
        """All parts are as they should be, but those of the outputs that failed."""
        self._db.execute("DELETE FROM stale")
        self._db.execute("UPDATE part SET is_finished = 1 WHERE NOT is_finished")
        sql = "UPDATE part SET is_finished = 0 WHERE id = (SELECT part FROM output WHERE path = ?)"
        self._db.executemany(sql, ((path,) for path in failed))
        # From the few problems to their outputs, not from all outputs.
        nobodys = f"SELECT 1 FROM output WHERE output.path = problem.path AND NOT {_IS_OWNED}"  # noqa: S608
        sql = f"DELETE FROM problem WHERE EXISTS ({nobodys})"  # noqa: S608
        self._db.execute(sql)
        sql = "DELETE FROM problem WHERE path LIKE 'part %' AND substr(path, 6) NOT IN (SELECT key FROM part)"
        self._db.execute(sql)

    def about(self, path: str) -> About | None:
        """What is known of a file; None for nothing."""
        sql = (
            "SELECT coalesce(part.key, ''), source, fingerprint, size FROM output LEFT JOIN part "
            "ON part.id = output.part WHERE path = ?"
        )
        row = self._db.execute(sql, (path,)).fetchone()
        return About(*row) if row else None

    def topics_of(self, key: str) -> set[str]:
        """What a part read."""
        sql = "SELECT topic FROM reads WHERE part = (SELECT id FROM part WHERE key = ?)"
        return {topic for (topic,) in self._db.execute(sql, (key,))}

    def topics_that_start_with(self, start: str) -> list[str]:
        """All such topics that any part read."""
        sql = "SELECT DISTINCT topic FROM reads WHERE topic >= ? AND topic < ? ORDER BY topic"
        return [topic for (topic,) in self._db.execute(sql, (start, start + "\U0010ffff"))]

    # --- claims

    def claim(self, part: int, claims: Sequence[Claim]) -> list[Built | Clash]:
        """Fresh or stale, or the earlier claim that it clashes with, for each claim of a part."""
        is_plain = partial(_is_plain, has_odd=self._has_odd)
        if not all(map(is_plain, claims)) or self._may_differ_in_case([claim.path for claim in claims]):
            return [self._claim_one(part, claim) for claim in claims]
        known = {} if self.is_new else self.known([claim.path for claim in claims])
        sql = f"{_TAKE} WHERE NOT {_IS_OWNED}"
        rows = [(claim.path, part, claim.source, claim.dated, claim.lastmod) for claim in claims]
        self._db.execute("SAVEPOINT claim")
        if self._db.executemany(sql, rows).rowcount == len(rows):
            self._db.execute("RELEASE claim")
            return [_built(claim, known.get(claim.path, NOT_KNOWN)) for claim in claims]
        self._db.execute("ROLLBACK TO claim")
        self._db.execute("RELEASE claim")
        return [self._claim_one(part, claim) for claim in claims]

    def holder_of(self, path: str, part: str) -> str:
        """The source that has a path, or one in its way, as another part than this one; "" for none."""
        folded = _folded(path)
        found = self._same(folded) or self._in_the_way(folded)
        about = self.about(found[0]) if found else None
        return about.source if about and about.part != part else ""

    def _claim_one(self, part: int, claim: Claim) -> Built | Clash:
        folded = _folded(claim.path)
        if in_the_way := self._same(folded) or self._in_the_way(folded):
            return Clash(claim.path, claim.source, *in_the_way)
        known = NOT_KNOWN if self.is_new else self.known([claim.path]).get(claim.path, NOT_KNOWN)
        self._db.execute(_TAKE, (claim.path, part, claim.source, claim.dated, claim.lastmod))
        if folded != claim.path or "." in claim.path.rpartition("/")[0]:
            self._has_odd = True
            self._db.execute("INSERT OR IGNORE INTO folded VALUES (?, ?)", (folded, claim.path))
        return _built(claim, known)

    def _may_differ_in_case(self, paths: list[str]) -> bool:
        sql = f"SELECT 1 FROM folded WHERE folded IN ({','.join('?' * len(paths))}) LIMIT 1"  # noqa: S608
        return self._has_odd and self._db.execute(sql, paths).fetchone() is not None

    def _same(self, folded: str) -> tuple[str, str] | None:
        """A claimed path that is the same, or the same but for case or Unicode form."""
        sql = (
            f"SELECT path, source FROM output WHERE {_IS_OWNED} AND "  # noqa: S608
            "(path = ?1 OR path IN (SELECT path FROM folded WHERE folded = ?1)) LIMIT 1"
        )
        row = self._db.execute(sql, (folded,)).fetchone()
        return (row[0], row[1]) if row else None

    def _in_the_way(self, folded: str) -> tuple[str, str] | None:
        """A claimed file where this path needs a folder, or claimed files below it."""
        folder, _, name = folded.rpartition("/")
        # Our own folders have no full stop in their names and our own pages are index.html: only what comes
        # from outside, aliases and media, can be a file and a folder at once.
        while folder and ("." in folder or folder.startswith("media/")):
            if same := self._same(folder):
                return same
            folder = folder.rpartition("/")[0]
        if name == "index.html" and folded != name:
            return None
        for table, column in (("output", "path"), ("folded JOIN output USING (path)", "folded")):
            sql = f"SELECT path, source FROM {table} WHERE {column} > ? AND {column} < ? AND {_IS_OWNED} LIMIT 1"  # noqa: S608
            if row := self._db.execute(sql, (folded + "/", folded + "0")).fetchone():
                return row[0], row[1]
        return None

    def known(self, paths: Sequence[str]) -> dict[str, Known]:
        """What is known of some hundred files, by path; nothing of those that are not recorded."""
        columns = "path, fingerprint, digest, layout"
        sql = f"SELECT {columns} FROM output WHERE path IN ({','.join('?' * len(paths))})"  # noqa: S608
        rows = self._db.execute(sql, paths)
        return {path: Known(*known) for path, *known in rows}

    # --- files

    def confirm(self, made: Iterable[tuple[str, OutputFile, bytes]]) -> None:
        """Note files that were written: fingerprint of what it was made of, file, and layout.

        Each is a new one, or one that was begun.
        """
        sql = (
            "INSERT INTO output VALUES (?, 0, '', ?, ?, ?, '', '', ?) ON CONFLICT (path) DO UPDATE "
            "SET fingerprint = excluded.fingerprint, digest = excluded.digest, size = excluded.size, "
            "layout = excluded.layout"
        )
        rows = [(file.path, made_of, file.digest, file.size, layout) for made_of, file, layout in made]
        self._db.executemany(sql, rows)
        self._count += len(rows)

    def remember(self, files: Iterable[OutputFile]) -> None:
        """Know files as ours, in a record of none, without knowing what they were made of."""
        self.confirm(("", file, b"") for file in files)
        self.is_new = self.is_empty()
        self.count_again()

    def begin_files(self, paths: Iterable[str]) -> None:
        """These files are about to be written: until that is confirmed nobody knows what is in them."""
        sql = "UPDATE output SET digest = '' WHERE path = ? AND digest > ''"
        self._count -= self._db.executemany(sql, ((path,) for path in paths)).rowcount

    def forget_files(self, paths: Iterable[str]) -> None:
        """These files are gone or were changed by somebody else: their parts must be planned, the pages made."""
        for path in paths:
            self._forget_where("id = (SELECT part FROM output WHERE path = ?)", path)
            self.begin_files([path])

    def keep_problems(self, found: Mapping[str, Sequence[Problem]]) -> None:
        """Remember what is wrong with some hundreds of pages, by their paths, in place of what was.

        "" stands for the site as a whole, "part " and a key for a part of the plan.
        """
        if self._has_problems:
            # Hardly any page has problems, and to ask once is quicker than to delete each in vain.
            sql = f"SELECT path FROM problem WHERE path IN ({','.join('?' * len(found))})"  # noqa: S608
            known = self._db.execute(sql, list(found)).fetchall()
            self._db.executemany("DELETE FROM problem WHERE path = ?", known)
        rows = [(path, _ENCODE(problems)) for path, problems in found.items() if problems]
        if rows:
            self._has_problems = True
            self._db.executemany("INSERT INTO problem VALUES (?, ?)", rows)

    def problems(self) -> list[Problem]:
        """All remembered problems, by path of the page."""
        rows = self._db.execute("SELECT problems FROM problem ORDER BY path")
        return [problem for (blob,) in rows for problem in _PROBLEMS.decode(blob)]

    def unclaimed(self) -> list[str]:
        """Paths that were written once and that no part claims now."""
        sql = "SELECT path FROM output WHERE part IN (SELECT part FROM gone) ORDER BY path"
        return [path for (path,) in self._db.execute(sql)]

    def forget_unclaimed(self, paths: Collection[str]) -> None:
        """Drop all files that no part claims, which are these, from the record."""
        self._db.execute("DELETE FROM gone WHERE part > 0")
        self.begin_files(paths)
        rows = [(path,) for path in paths]
        for table in ("output", "problem", "folded"):
            self._db.executemany(f"DELETE FROM {table} WHERE path = ?", rows)  # noqa: S608 - our own words

    def output_files(self) -> Iterator[OutputFile]:
        """All recorded files by path, in the order of their UTF-8 bytes."""
        rows = self._db.cursor().execute("SELECT path, digest, size FROM output WHERE digest > '' ORDER BY path")
        return (OutputFile(*row) for row in rows)

    def dated_outputs(self, dated: str) -> Iterator[tuple[str, str]]:
        """Path and time of the claimed outputs that sitemaps name as this, by path."""
        # The index is of what is dated, and a value that is not written here is not known to be so; + keeps others off.
        sql = f"SELECT path, lastmod FROM output WHERE dated = ? AND dated > '' AND +{_IS_OWNED} ORDER BY path"  # noqa: S608
        return self._db.cursor().execute(sql, (dated,))

    def count(self) -> int:
        """Number of recorded files."""
        return self._count

    def count_again(self) -> int:
        """The same, with a look at each."""
        self._count = int(self._db.execute("SELECT count(*) FROM output WHERE digest > ''").fetchone()[0])
        return self._count

    def find(self, path: str) -> OutputFile | None:
        """The recorded file of that path."""
        sql = "SELECT path, digest, size FROM output WHERE path = ? AND digest > ''"
        row = self._db.execute(sql, (path,)).fetchone()
        return OutputFile(*row) if row else None

    def is_empty(self) -> bool:
        """Whether nothing was ever recorded, or the record was lost."""
        return self._db.execute("SELECT 1 FROM output LIMIT 1").fetchone() is None

    def get_meta(self, key: str) -> str:
        """A remembered word; "" if there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Remember a word."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def commit(self) -> None:
        """Make what was confirmed last."""
        if self._count != int(self.get_meta(_COUNT) or 0):
            self.set_meta(_COUNT, str(self._count))
        self._drawn_from.put_stamp()
        self._db.commit()


@contextmanager
def open_build_record(path: Path) -> Iterator[BuildRecord]:
    """The record kept in the file `path`; an empty one where it is missing, damaged or of another version."""
    with (
        open_state(path, _VERSION, _SCHEMA, is_disposable=True) as connection,
        open_drawn_from(connection, path.with_name("drawn_from.sqlite")) as drawn_from,
    ):
        yield BuildRecord(connection, drawn_from)


def _built(claim: Claim, known: Known) -> Built:
    return Built(bool(known.digest) and known.fingerprint == claim.fingerprint, known.digest)


def _is_plain(claim: Claim, *, has_odd: bool) -> bool:
    """A page of our own in a folder that only we make: it can clash with its very like alone.

    Another file there could be in the way of a folder of its name, but such odd ones are known.
    """
    path = claim.path
    folder, _, name = path.rpartition("/")
    is_ours = "." not in folder and folder != "media" and not folder.startswith("media/") and _folded(path) == path
    return is_ours and (name == "index.html" or ("." in name and not has_odd))


def _folded(path: str) -> str:
    """What macOS, Windows and some hosts take for the same path."""
    return path if path.isascii() and path.islower() else unicodedata.normalize("NFC", path).casefold()
