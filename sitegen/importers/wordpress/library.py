"""What the articles of an export refer to, in a file: one process writes it, then any number of them read it."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.importers.html_to_markdown import Picture, text_of_fragment
from sitegen.importers.wordpress.addresses import slug_of_item
from sitegen.importers.wordpress.polls import POLL_TYPE, TITLED_TYPES, StoredPoll, stored_poll
from sitegen.importers.wordpress.wxr import Author, Channel, Part, Term, WxrItem
from sitegen.model import PollRecord

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
BEGIN;
CREATE TABLE picture (id TEXT PRIMARY KEY, parent TEXT, url TEXT, alt TEXT, caption TEXT, title TEXT);
CREATE INDEX picture_parent ON picture (parent);
CREATE TABLE page (id TEXT PRIMARY KEY, slug TEXT, parent TEXT);
CREATE TABLE poll (id TEXT PRIMARY KEY, poll BLOB, line INTEGER);
CREATE TABLE poll_title (id TEXT PRIMARY KEY, title TEXT);
CREATE TABLE block (id TEXT PRIMARY KEY, content TEXT);
CREATE TABLE head (head BLOB);
"""


class _Head(Struct):
    """What stands above the items of an export."""

    terms: list[Term]
    authors: dict[str, str]
    channel: Channel


def write_library(file: str, parts: Iterable[Part]) -> None:
    """Keep all that articles may name in a new file; what is broken is told when the export is read again."""
    terms: dict[tuple[str, str], Term] = {}
    head = _Head([], {}, Channel())
    with closing(sqlite3.connect(file, isolation_level=None)) as rows:
        rows.executescript(_SCHEMA)
        for part in parts:
            match part:
                case Term():
                    terms.setdefault((part.taxonomy, part.slug), part)
                case Author():
                    head.authors.setdefault(part.login, part.display_name)
                case Channel():
                    head.channel = part
                case WxrItem():
                    _keep(rows, part)
        head.terms = list(terms.values())
        rows.execute("INSERT INTO head VALUES (?)", (msgspec.msgpack.encode(head),))
        rows.execute("COMMIT")


def _keep(rows: sqlite3.Connection, item: WxrItem) -> None:
    insert = rows.execute
    if item.type == "attachment":
        values = (item.id, item.parent, item.attachment_url, item.meta_value("_wp_attachment_image_alt"),
                  item.excerpt, text_of_fragment(item.title))  # fmt: skip
        insert("INSERT OR IGNORE INTO picture VALUES (?, ?, ?, ?, ?, ?)", values)
    elif item.type == "page":
        insert("INSERT OR IGNORE INTO page VALUES (?, ?, ?)", (item.id, slug_of_item(item), item.parent))
    elif item.type == "wp_block":
        insert("INSERT OR IGNORE INTO block VALUES (?, ?)", (item.id, item.content))
    elif item.type == POLL_TYPE and (poll := stored_poll(item)):
        insert("INSERT OR IGNORE INTO poll VALUES (?, ?, ?)", (item.id, msgspec.json.encode(poll), item.line))
    elif item.type in TITLED_TYPES:
        insert("INSERT OR IGNORE INTO poll_title VALUES (?, ?)", (item.id, text_of_fragment(item.title)))


class Library:
    """Pictures, polls, parents and reusable blocks by id, from a file that `write_library` wrote."""

    def __init__(self, file: str) -> None:
        # Nobody writes to it any more, so nobody has to lock it.
        self._rows = sqlite3.connect(
            f"{Path(file).absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        (head,) = self._rows.execute("SELECT head FROM head").fetchone()
        told = msgspec.msgpack.decode(head, type=_Head)
        self.terms = {(term.taxonomy, term.slug): term for term in told.terms}
        self.authors = told.authors
        self.channel = told.channel

    def close(self) -> None:
        """The file can be removed then."""
        self._rows.close()

    def picture(self, number: str) -> Picture:
        """A picture of an id; all empty where the export holds none."""
        row = self._row("SELECT url, alt, caption FROM picture WHERE id = ?", number) if number else None
        return Picture(*row) if row else Picture()

    def title(self, number: str) -> str:
        """Title of an attachment."""
        row = self._row("SELECT title FROM picture WHERE id = ?", number)
        return str(row[0]) if row else ""

    def attached_to(self, number: str) -> list[str]:
        """Ids of what was uploaded to an article, in their order."""
        rows = self._rows.execute("SELECT id FROM picture WHERE parent = ? ORDER BY CAST(id AS INTEGER)", (number,))
        return [row[0] for row in rows] if number not in ("", "0") else []

    def block(self, number: str) -> str:
        """Content of a reusable block."""
        row = self._row("SELECT content FROM block WHERE id = ?", number)
        return str(row[0]) if row else ""

    def poll(self, number: str) -> StoredPoll | None:
        """A poll with its votes."""
        row = self._row("SELECT poll FROM poll WHERE id = ?", number)
        return msgspec.json.decode(row[0], type=StoredPoll) if row else None

    def poll_title(self, number: str) -> str:
        """Title of a poll that is a post of another plugin; "" if the export has none."""
        row = self._row("SELECT title FROM poll_title WHERE id = ?", number)
        return str(row[0]) if row else ""

    def has_poll(self, number: str) -> bool:
        """Whether a post of that id is a poll."""
        return self._row("SELECT 1 FROM poll WHERE id = ?", number) is not None

    def polls_but(self, shown: Collection[str]) -> Iterator[tuple[PollRecord, int]]:
        """Polls whose ids are not among those shown, and their lines."""
        for number, poll, line in self._rows.execute("SELECT id, poll, line FROM poll ORDER BY line"):
            if number not in shown:
                yield msgspec.json.decode(poll, type=StoredPoll).record, line

    def page_path(self, slug: str, parent: str) -> str:
        """Slugs of a page and of those above it, with slashes between."""
        slugs, seen = [slug], set()
        while parent not in ("", "0") and parent not in seen and len(slugs) < 12:
            seen.add(parent)
            row = self._row("SELECT slug, parent FROM page WHERE id = ?", parent)
            if row is None:
                break
            slugs.append(row[0])
            parent = row[1]
        return "/".join(reversed(slugs))

    def _row(self, sql: str, number: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._rows.execute(sql, (number,)).fetchone()
        return row
