"""A side file, `metadata.csv` or `metadata.jsonl`, says of raw files what they do not say themselves."""

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct, structs

from sitegen.content.permalinks import slug_of
from sitegen.importers.csv_table import table_rows
from sitegen.importers.field_names import fields_of
from sitegen.importers.field_values import as_text, date_of, flag_of, names_of, plain_text_of, text_of
from sitegen.importers.jsonl import json_rows
from sitegen.importers.raw import Imported
from sitegen.importers.records import clean_text, old_path
from sitegen.importers.report import Said, SetAside
from sitegen.importers.web_page.metadata import language_tag
from sitegen.model import FrontMatter, Location, Problem, Severity

SIDE_FILES = ("metadata.csv", "metadata.tsv", "metadata.jsonl", "metadata.ndjson")
_FILE_NAMES = ("file", "filename", "file_name", "path", "raw", "raw_file", "source_file", "fichier", "datei", "archivo")
_NOT_BY_US = ("body", "body_format", "status")


class SideRow(Struct, frozen=True):
    """What a row says: front matter of the keys that it fills in."""

    file: str  # the side file, as problems name it
    line: int
    keys: tuple[str, ...]
    front_matter: FrontMatter
    digest: str  # of what it says

    @property
    def place(self) -> Location:
        """Where the row stands."""
        return Location(self.file, self.line)


class SideTable:
    """The rows of a folder's side file by the names of files, in a database that grows on disk and vanishes."""

    def __init__(self, folder: Path, shown: str) -> None:
        self._rows = sqlite3.connect("")
        self._rows.executescript(
            """
            CREATE TABLE said (name TEXT PRIMARY KEY, file TEXT, line INTEGER, data BLOB, used INTEGER) WITHOUT ROWID;
            CREATE TABLE raw (base TEXT, path TEXT PRIMARY KEY) WITHOUT ROWID;
            CREATE INDEX raw_by_base ON raw (base);
            """
        )
        self.problems: list[Problem] = []
        self.is_empty = True
        for name in SIDE_FILES:
            if (folder / name).is_file() and not (folder / name).is_symlink():
                self._take_in(folder / name, f"{shown}/{name}")

    def close(self) -> None:
        """Forget all of it."""
        self._rows.close()

    def note_file(self, path: str) -> None:
        """A raw file that a row may mean, by its path or by its name alone."""
        self._rows.execute("INSERT OR IGNORE INTO raw VALUES (?, ?)", (PurePosixPath(path).name, path))

    def row_of(self, path: str) -> SideRow | None:
        """What is said of a raw file: by its path below the folder, or by its name if no other file has it."""
        if self.is_empty:
            return None
        base = PurePosixPath(path).name
        found = self._row(path)
        if found is None and base != path and self._is_only_one(base):
            found = self._row(base)
        if found is None:
            return None
        self._rows.execute("UPDATE said SET used = 1 WHERE name = ?", (found[0],))
        return read_row(msgspec.msgpack.decode(found[1]), found[2], found[3])[0]

    def unused(self) -> Iterator[Problem]:
        """Rows that say nothing of any file, and why."""
        for name, file, line in self._rows.execute("SELECT name, file, line FROM said WHERE NOT used ORDER BY line"):
            paths = [path for (path,) in self._rows.execute("SELECT path FROM raw WHERE base = ? LIMIT 3", (name,))]
            if len(paths) > 1:
                hint = f"write the path: {', '.join(paths)}"
                yield _warning(Location(file, line), f'several files are called "{name}"', hint)
            else:
                yield _warning(
                    Location(file, line), f'there is no file "{name}"', "names are as in the folder, with endings"
                )

    def _row(self, name: str) -> tuple[str, bytes, str, int] | None:
        found = self._rows.execute("SELECT name, data, file, line FROM said WHERE name = ?", (name,))
        row: tuple[str, bytes, str, int] | None = found.fetchone()
        return row

    def _is_only_one(self, base: str) -> bool:
        return len(self._rows.execute("SELECT 1 FROM raw WHERE base = ? LIMIT 2", (base,)).fetchall()) == 1

    def _take_in(self, file: Path, shown: str) -> None:
        with file.open("rb") as data:
            rows = table_rows(data, shown) if file.suffix in (".csv", ".tsv") else json_rows(data, shown)
            for row in rows:
                if isinstance(row, Problem):
                    self.problems.append(row)
                    continue
                named = _named(dict(row.values))
                if named is None:
                    hint = "give the file's name in a column called `file`"
                    self.problems.append(_warning(Location(shown, row.line), "the row names no file", hint))
                    continue
                self.problems += read_row(named[1], shown, row.line)[1]
                self._keep(named[0], named[1], Location(shown, row.line))

    def _keep(self, name: str, said: dict[str, Any], place: Location) -> None:
        values = (name, place.path, place.line, msgspec.msgpack.encode(said))
        if self._rows.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, 0)", values).rowcount:
            self.is_empty = False
        else:
            self.problems.append(_warning(place, f'"{name}" has a row already', "the first one counts"))


def read_row(values: dict[str, Any], file: str, line: int) -> tuple[SideRow, list[Problem]]:
    """What a row says, and what of it cannot be understood."""
    fields = fields_of(values)
    said: dict[str, Any] = {}
    problems: list[Problem] = []
    extra = {name: as_text(value) for name, value in fields.rest.items()}
    for key, value in fields.ours.items():
        if key in _NOT_BY_US:
            extra[fields.names[key]] = as_text(value)
            continue
        understood = _READERS[key](value)
        if understood in (None, "", ()):
            message = f'"{text_of(value)[:80]}" is no {key} that can be read for sure'
            hint = "write a date as 2024-09-14" if key in ("date", "updated") else ""
            problems.append(_warning(Location(file, line), message, hint))
        else:
            said[key] = understood
    if url := said.pop("url", ""):
        said["canonical"] = url  # on its way; an article says where it came from in its source
    matter = FrontMatter(**said, extra=extra)
    digest = hashlib.sha256(msgspec.msgpack.encode((file, matter))).hexdigest()
    return SideRow(file, line, tuple(said), matter, digest), problems


def apply_row(imported: Imported, row: SideRow) -> Imported:
    """The article with what its row says in place of what was read or guessed; the report names the row."""
    before, said = imported.article.front_matter, row.front_matter
    changes = {key: getattr(said, key) for key in row.keys if key != "canonical"}
    if "title" in changes and "slug" not in changes and before.slug == slug_of(before.title, fallback=before.slug):
        changes["slug"] = slug_of(said.title, fallback=before.slug)
    if url := said.canonical:
        changes["source"] = structs.replace(before.source, url=url) if before.source and "://" in url else before.source
        aliases = (*changes.get("aliases", before.aliases), old_path(url))
        changes["aliases"] = tuple(dict.fromkeys(alias for alias in aliases if alias))
    if said.extra:
        kept = before.extra.get("fields", {})
        changes["extra"] = {**before.extra, "fields": {**kept, **said.extra}}
    article = structs.replace(imported.article, front_matter=structs.replace(before, **changes))
    shown = {**{key: getattr(said, key) for key in row.keys}, **said.extra}
    names = {"canonical": "url", "lang": "language", "authors": "author"}
    told = tuple(Said(names.get(key, key), _shown(value), row.file, row.line) for key, value in shown.items())
    stated = {one.field for one in told}
    report = structs.replace(
        imported.report,
        language=article.front_matter.lang or imported.report.language,
        guesses=tuple(guess for guess in imported.report.guesses if guess.field not in stated),
        said=told,
        set_aside=(*imported.report.set_aside, *_replaced(before, changes, row)),
    )
    problems = tuple(p for p in imported.problems if not (p.code == "no-title" and "title" in stated))
    return imported._replace(article=article, report=report, problems=problems)


def _replaced(before: FrontMatter, changes: dict[str, Any], row: SideRow) -> Iterator[SetAside]:
    for key in ("title", "date", "authors", "section", "tags", "summary"):
        old = getattr(before, key)
        if key in changes and old and old != changes[key]:
            yield SetAside(_shown(old), f"{key} of the raw file; {row.place} says another")


def _named(values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The file that a row names, as a path with forward slashes, and the other values."""
    written = {re.sub(r"[^\w]|_", "", name).casefold(): name for name in values}
    for name in _FILE_NAMES:
        key = written.get(name.replace("_", ""))
        if key is not None and (path := text_of(values[key]).strip()):
            parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
            return "/".join(parts), {other: value for other, value in values.items() if other != key}
    return None


def _date(value: Any) -> dt.datetime | dt.date | None:
    dated = date_of(value)
    return dated.date if dated else None


def _text(value: Any) -> str:
    return clean_text(plain_text_of(value))


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _warning(place: Location, message: str, hint: str = "") -> Problem:
    return Problem(place, "side-file", message, hint, Severity.WARNING)


_READERS: dict[str, Any] = {
    "title": _text, "date": _date, "updated": _date, "authors": names_of, "tags": names_of, "summary": _text,
    "section": lambda value: next(iter(names_of(value)), ""), "lang": lambda value: language_tag(text_of(value)),
    "slug": lambda value: slug_of(text_of(value)), "url": lambda value: text_of(value).strip(),
    "image": lambda value: text_of(value).strip(), "aliases": names_of, "draft": flag_of,
}  # fmt: skip
