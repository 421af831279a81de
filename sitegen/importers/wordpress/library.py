"""What the articles of an export refer to, in a database that grows on disk and vanishes."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.importers.html_to_markdown import Picture, text_of_fragment
from sitegen.importers.wordpress.addresses import slug_of_item
from sitegen.importers.wordpress.polls import POLL_TYPE, TITLED_TYPES, StoredPoll, stored_poll
from sitegen.importers.wordpress.wxr import Author, Channel, Part, Term, WxrItem
from sitegen.model import PollRecord


class Library:
    """Pictures, polls, parents and reusable blocks by id, in a database that grows on disk and vanishes."""

    def __init__(self) -> None:
        self.terms: dict[tuple[str, str], Term] = {}
        self.authors: dict[str, str] = {}
        self.channel = Channel()
        self._rows = sqlite3.connect("")
        self._rows.executescript(
            """
            CREATE TABLE picture (id TEXT PRIMARY KEY, parent TEXT, url TEXT, alt TEXT, caption TEXT, title TEXT);
            CREATE INDEX picture_parent ON picture (parent);
            CREATE TABLE page (id TEXT PRIMARY KEY, slug TEXT, parent TEXT);
            CREATE TABLE poll (id TEXT PRIMARY KEY, poll BLOB, line INTEGER, is_shown INTEGER);
            CREATE TABLE poll_title (id TEXT PRIMARY KEY, title TEXT);
            CREATE TABLE block (id TEXT PRIMARY KEY, content TEXT);
            CREATE TABLE target (path TEXT PRIMARY KEY);
            CREATE TABLE taken (id TEXT PRIMARY KEY, part INTEGER, digest TEXT) WITHOUT ROWID;
            """
        )

    def close(self) -> None:
        """Nothing of it is left then."""
        self._rows.close()

    def take_in(self, parts: Iterator[Part]) -> None:
        """Remember all that articles may name; what is broken is told when the file is read again."""
        for part in parts:
            match part:
                case Term():
                    self.terms.setdefault((part.taxonomy, part.slug), part)
                case Author():
                    self.authors.setdefault(part.login, part.display_name)
                case Channel():
                    self.channel = part
                case WxrItem():
                    self._take_in_item(part)

    def _take_in_item(self, item: WxrItem) -> None:
        insert = self._rows.execute
        if item.type == "attachment":
            values = (item.id, item.parent, item.attachment_url, item.meta_value("_wp_attachment_image_alt"),
                      item.excerpt, text_of_fragment(item.title))  # fmt: skip
            insert("INSERT OR IGNORE INTO picture VALUES (?, ?, ?, ?, ?, ?)", values)
        elif item.type == "page":
            insert("INSERT OR IGNORE INTO page VALUES (?, ?, ?)", (item.id, slug_of_item(item), item.parent))
        elif item.type == "wp_block":
            insert("INSERT OR IGNORE INTO block VALUES (?, ?)", (item.id, item.content))
        elif item.type == POLL_TYPE and (poll := stored_poll(item)):
            insert("INSERT OR IGNORE INTO poll VALUES (?, ?, ?, 0)", (item.id, msgspec.json.encode(poll), item.line))

        elif item.type in TITLED_TYPES:
            insert("INSERT OR IGNORE INTO poll_title VALUES (?, ?)", (item.id, text_of_fragment(item.title)))

    def picture(self, number: str) -> Picture:
        """A picture of an id; all empty where the export holds none."""
        row = self._row("SELECT url, alt, caption FROM picture WHERE id = ?", number)
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
        """A poll with its votes; it then counts as shown."""
        row = self._row("SELECT poll FROM poll WHERE id = ?", number)
        if row is None:
            return None
        self._rows.execute("UPDATE poll SET is_shown = 1 WHERE id = ?", (number,))
        return msgspec.json.decode(row[0], type=StoredPoll)

    def poll_title(self, number: str) -> str:
        """Title of a poll that is a post of another plugin; "" if the export has none."""
        row = self._row("SELECT title FROM poll_title WHERE id = ?", number)
        return str(row[0]) if row else ""

    def has_poll(self, number: str) -> bool:
        """Whether a post of that id is a poll."""
        return self._row("SELECT 1 FROM poll WHERE id = ?", number) is not None

    def polls_without_article(self) -> Iterator[tuple[PollRecord, int]]:
        """Polls that no article shows, and their lines."""
        for poll, line in self._rows.execute("SELECT poll, line FROM poll WHERE is_shown = 0 ORDER BY line"):
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

    def is_new(self, item: WxrItem, part: int) -> bool:
        """Whether no earlier part had an item of this number, and no place of this one the very same."""
        if not item.id:
            return True
        insert = "INSERT OR IGNORE INTO taken VALUES (?, ?, ?)"
        if self._rows.execute(insert, (item.id, part, item.digest)).rowcount:
            return True
        known = self._row("SELECT part, digest FROM taken WHERE id = ?", item.id)
        return known is not None and known[0] == part and known[1] != item.digest

    def claim(self, path: str) -> bool:
        """Whether a target is still free; it is taken then."""
        return self._rows.execute("INSERT OR IGNORE INTO target VALUES (?)", (path.casefold(),)).rowcount > 0

    def _row(self, sql: str, number: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._rows.execute(sql, (number,)).fetchone()
        return row
