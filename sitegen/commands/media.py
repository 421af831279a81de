"""Media of imported articles become files of the archive: copied from a folder, or fetched from the old site."""

import hashlib
import importlib.util
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen import __version__
from sitegen.commands.import_memory import ImportMemory
from sitegen.commands.import_summary import MediaSummary
from sitegen.config import Site
from sitegen.content.bodies import decode
from sitegen.content.front_matter import parse_front_matter, write_front_matter
from sitegen.importers.media import Localized, MediaPlaces, Medium, clean_bytes, host_of, is_media_name, localize
from sitegen.model import Article, Location, Problem, Severity, SiteError
from sitegen.outputs.tree import copy_file, write_file
from sitegen.state import open_state

_ARTICLES_A_BATCH = 50
_MAX_ARTICLES_TOLD = 20
_USES = """
CREATE TABLE medium (address TEXT PRIMARY KEY, status TEXT, path TEXT, reason TEXT) WITHOUT ROWID;
CREATE TABLE used (address TEXT, target TEXT, is_shown INTEGER, PRIMARY KEY (address, target)) WITHOUT ROWID;
"""
_GONE = "CREATE TABLE gone (address TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID;"
_VERSION = 1

Progress = Callable[[str, int], None]


class MediaReport(Struct, frozen=True):
    """A line of the report."""

    address: str
    status: str  # "kept", "other size", "fetched", "missing"
    path: str
    reason: str
    articles: tuple[str, ...]  # content files; the first twenty


class _MadeArticle(NamedTuple):
    target: str
    digest: str


def keep_medium(content: Path, medium: Medium) -> str:
    """Bring a medium into the content folder; "" if it is there now, else why not.

    Another file of its name is never overwritten.
    """
    if not medium.origin:
        return ""
    origin, target = Path(medium.origin), content / medium.path
    try:
        cleaned = clean_bytes(origin)
        if target.exists():
            there = target.read_bytes()
            is_same = there == (origin.read_bytes() if cleaned is None else cleaned)
            return "" if is_same else f"another file is at {content.name}/{medium.path} already"
        if cleaned is None:
            copy_file(content, medium.path, origin)
        else:
            write_file(content, medium.path, cleaned)
    except ValueError as error:
        return str(error)
    except OSError as error:
        return f"can't be copied: {error.strerror or error}"
    return ""


def settle_media(
    site: Site, memory: ImportMemory, uploads: Path | None, *, fetch: bool, progress: Progress
) -> MediaSummary:
    """Look for the media of all imported articles, in a folder and in the archive, and fetch what is still missing."""
    if uploads is not None and not uploads.is_dir():
        raise SiteError(Problem(Location(str(uploads)), "usage", "is no folder", "name a copy of wp-content/uploads"))
    uses = sqlite3.connect("")
    uses.executescript(_USES)
    summary = MediaSummary()
    work = _Settling(site, memory, uses, str(uploads or ""))
    work.run(progress)
    if fetch:
        with open_state(site.state / "media.sqlite", _VERSION, _GONE) as gone:
            _fetch(site, gone, uses, progress, summary)
        work.run(progress, again=True)
    summary.edited = work.edited
    _tell(site, uses, summary)
    uses.close()
    return summary


class _Settling:
    """All imported articles, one after the other."""

    def __init__(self, site: Site, memory: ImportMemory, uses: sqlite3.Connection, uploads: str) -> None:
        self._site, self._memory, self._uses = site, memory, uses
        self._places = MediaPlaces(str(site.content), uploads)
        self.edited = 0

    def run(self, progress: Progress, *, again: bool = False) -> None:
        """Settle every article, or those that lacked something."""
        self.edited = 0
        last, done = "", 0
        while rows := self._memory.articles_after(last, _ARTICLES_A_BATCH):
            last = rows[-1][0]
            articles = [_MadeArticle(*row) for row in rows if not again or self._lacks(row[0])]
            self._write([made for one in articles if (made := self._settled(one, again=again))])
            done += len(rows)
            progress("media", done)

    def _lacks(self, target: str) -> bool:
        sql = "SELECT 1 FROM used JOIN medium USING (address) WHERE target = ? AND status = 'fetched' LIMIT 1"
        return self._uses.execute(sql, (target,)).fetchone() is not None

    def _settled(self, made: _MadeArticle, *, again: bool) -> tuple[str, bytes] | None:
        """The article's new bytes, if they are others than those that lie there."""
        file = self._site.content / made.target
        try:
            data = file.read_bytes()
            content = parse_front_matter(decode(data, made.target), made.target)
        except (OSError, SiteError):
            return None  # a build tells what is wrong with it
        article = Article(content.front_matter, content.body)
        localized = localize(article, made.target, self._places)
        if not again:
            self._note(made.target, localized)
        if localized.article is article:
            return None
        if hashlib.sha256(data).hexdigest() != made.digest:
            self.edited += 1
            return None
        text = write_front_matter(localized.article.front_matter) + localized.article.body
        return made.target, text.encode("utf-8", "replace")

    def _note(self, target: str, localized: Localized) -> None:
        for medium in localized.found:
            reason = keep_medium(self._site.content, medium)
            status = "missing" if reason else "other size" if medium.variant_of else "kept"
            # What is in the archive already is named from each article in another way.
            is_written = not medium.origin and not medium.address.startswith(("http://", "https://", "/"))
            address = medium.path if is_written else medium.address
            self._use(address, target, True, status, "" if reason else medium.path, reason)
        for reference in localized.missing:
            self._use(reference.address, target, reference.is_shown, "missing", "", "")

    def _use(self, address: str, target: str, is_shown: bool, status: str, path: str, reason: str) -> None:
        sql = "INSERT OR IGNORE INTO medium VALUES (?, ?, ?, ?)"
        self._uses.execute(sql, (address, status, path, reason))
        self._uses.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (address, target, is_shown))

    def _write(self, articles: list[tuple[str, bytes]]) -> None:
        waiting = [(target, hashlib.sha256(data).hexdigest()) for target, data in articles]
        self._memory.will_write(waiting)
        for target, data in articles:
            write_file(self._site.content, target, data)
        self._memory.has_written(waiting)


def _fetch(
    site: Site, gone: sqlite3.Connection, uses: sqlite3.Connection, progress: Progress, summary: MediaSummary
) -> None:
    from sitegen.commands.fetching import fetch_media

    if importlib.util.find_spec("httpx") is None:
        hint = "pip install 'sitegen[media]'"
        raise SiteError(Problem(Location("--media"), "usage", "httpx is not installed", hint))
    rules, address = site.config.import_.media, site.config.site.url
    agent = f"sitegen/{__version__}" + (f" (+{address})" if address else "")
    by_host = _wanted(gone, uses)
    for done, result in enumerate(fetch_media(by_host, site.content, site.state / "media", rules, agent), 1):
        progress("fetched", done)
        if result.path:
            summary.fetched += 1
        elif result.is_final:
            gone.execute("INSERT OR REPLACE INTO gone VALUES (?, ?)", (result.address, result.reason))
            gone.commit()
        values = ("fetched" if result.path else "missing", result.path, result.reason, result.address)
        uses.execute("UPDATE medium SET status = ?, path = ?, reason = ? WHERE address = ?", values)


def _wanted(gone: sqlite3.Connection, uses: sqlite3.Connection) -> dict[str, list[str]]:
    """What to fetch from each host: all that pages show, and what they lead to on their own site."""
    wanted: dict[str, list[str]] = {}
    sql = (
        "SELECT address, max(is_shown) FROM medium JOIN used USING (address) WHERE status = 'missing' GROUP BY address"
    )
    for address, is_shown in uses.execute(sql).fetchall():
        row = gone.execute("SELECT reason FROM gone WHERE address = ?", (address,)).fetchone()
        if row:
            uses.execute("UPDATE medium SET reason = ? WHERE address = ?", (row[0], address))
        elif address.startswith(("http://", "https://")) and (is_shown or is_media_name(address)):
            wanted.setdefault(host_of(address), []).append(address)
    return wanted


def _tell(site: Site, uses: sqlite3.Connection, summary: MediaSummary) -> None:
    file = site.state / "media-report.jsonl"
    with file.open("wb") as out:
        for line in _lines(uses):
            out.write(msgspec.json.encode(line) + b"\n")
            summary.missing += line.status == "missing"
            summary.kept += line.status != "missing"
    summary.report = file.relative_to(site.folder).as_posix()
    if summary.missing:
        message = f"{summary.missing:,} media could not be had"
        hint = "the report says which, why, and in which articles"
        summary.problems.append(Problem(Location(summary.report), "media", message, hint, Severity.WARNING))
    if summary.edited:
        message = f"{summary.edited:,} articles were edited since they were imported; their media are as they were"
        hint = "change their references by hand"
        summary.problems.append(Problem(Location(summary.report), "media-edited", message, hint, Severity.WARNING))


def _lines(uses: sqlite3.Connection) -> Iterator[MediaReport]:
    for address, status, path, reason in uses.execute("SELECT * FROM medium ORDER BY address"):
        sql = "SELECT target FROM used WHERE address = ? ORDER BY target LIMIT ?"
        targets = tuple(target for (target,) in uses.execute(sql, (address, _MAX_ARTICLES_TOLD)))
        yield MediaReport(address, status, path, reason, targets)
