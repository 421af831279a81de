"""Raw articles become content files. What a person has edited is never overwritten."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen.config import Site
from sitegen.content.front_matter import write_front_matter
from sitegen.content.source_files import ARTICLE_SUFFIX, FileStat, walk_files
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.registry import importer_for, importer_named, importers
from sitegen.importers.report import ArticleReport
from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.outputs.fingerprint import engine_digest
from sitegen.outputs.tree import write_file
from sitegen.parallel import Died, Mapper, in_batches, open_mapper
from sitegen.state import open_state

_FILES_A_BATCH = 50
_MAX_BYTES = 20 << 20
_IN_THE_WAY = frozenset({"conflict", "empty-raw", "not-text", "unreadable", "too-large", "write", "crash"})
_VERSION = 1
_SCHEMA = """
CREATE TABLE taken (
    raw TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, engine TEXT, target TEXT, digest TEXT, report BLOB, problems BLOB
) WITHOUT ROWID;
"""
_PROBLEMS = msgspec.json.Decoder(tuple[Problem, ...])
_ENCODE = msgspec.json.Encoder().encode


class UnknownName(Struct, frozen=True):
    """A shortcode that nobody knows: how often it was met, and where first."""

    name: str
    count: int
    first: str


class ImportSummary(Struct):
    """What an import did. Articles that were taken in before and have not changed are only counted."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0
    failed: int = 0
    polls: int = 0
    mends: dict[str, int] = {}
    guesses: int = 0
    doubtful: int = 0  # guesses with a confidence below 0.7
    unknown_shortcodes: dict[str, UnknownName] = {}
    problems: list[Problem] = []
    report: str = ""  # file of the article reports, one JSON object a line

    @property
    def taken(self) -> int:
        """Articles that were written."""
        return self.new + self.changed


class RawFile(NamedTuple):
    """A raw file on its way to a worker."""

    file: str
    shown: str  # how problems and the article's source name it
    target: str  # below the content folder
    stat: FileStat
    known_digest: str  # of the target as the last import wrote it


class Taken(NamedTuple):
    """What became of a raw file."""

    raw: RawFile
    report: ArticleReport | None
    digest: str  # of the target as it was written
    problems: tuple[Problem, ...]


Progress = Callable[[str, int], None]


def take_in_inbox(site: Site, map_: Mapper, progress: Progress = lambda _stage, _done: None) -> ImportSummary:
    """Import what is new or changed in the inbox."""
    if not site.inbox.is_dir():
        return ImportSummary()
    shown = f"{site.config.paths.content}/{site.config.import_.inbox}"
    return _take_in(site, [(site.inbox, shown)], "", map_, progress)


def import_sources(
    site: Site, sources: Iterable[Path], importer: str, progress: Progress = lambda _stage, _done: None
) -> ImportSummary:
    """Import files, and folders with all that is below them; `importer` names one, "" goes by file names.

    Raises SiteError for a source that does not exist and for an importer that nobody knows.
    """
    if importer and not importer_named(importer):
        known = ", ".join(known.name for known in importers())
        raise SiteError(Problem(Location("--from"), "usage", f'there is no importer "{importer}"', f"known: {known}"))
    places = []
    for source in sources:
        if not source.exists():
            raise SiteError(Problem(Location(str(source)), "usage", "does not exist"))
        places.append((source, source.resolve().name))
    with open_mapper(site.config.build.workers) as map_:
        return _take_in(site, places, importer, map_, progress)


def take_in_files(content: str, importer: str, languages: tuple[str, ...], files: list[RawFile]) -> list[Taken]:
    """Import a batch of raw files and write their articles. Runs in a worker."""
    return [_take_in_file(Path(content), importer, languages, file) for file in files]


def _take_in(
    site: Site, places: list[tuple[Path, str]], importer: str, map_: Mapper, progress: Progress
) -> ImportSummary:
    summary = ImportSummary()
    report_file = site.state / "import-report.jsonl"
    with open_state(site.state / "imports.sqlite", _VERSION, _SCHEMA) as memory:
        waiting = _changed(site, _found(places, importer, summary), memory, summary)
        work = partial(take_in_files, str(site.content), importer, site.config.import_.languages)
        for batch in map_(work, in_batches(waiting, _FILES_A_BATCH)):
            for taken in _crashed(batch.item) if isinstance(batch, Died) else batch:
                _remember(memory, taken)
                _count(summary, taken)
            memory.commit()
            progress("import", summary.taken)
        if summary.taken or summary.conflicts or not report_file.exists():
            _write_reports(report_file, memory)
    summary.report = report_file.relative_to(site.folder).as_posix()
    return summary


def _found(places: list[tuple[Path, str]], importer: str, summary: ImportSummary) -> Iterator[RawFile]:
    """Every raw file that an importer takes, with the content file that it becomes."""
    targets: dict[str, str] = {}
    for place, shown in places:
        for item in _files_of(place, shown):
            if isinstance(item, Problem):
                summary.problems.append(item)
                continue
            name = f"{shown}/{item.path}" if place.is_dir() else shown
            if not (importer or importer_for(item.path)):
                known = ", ".join(suffix or "no ending" for known in importers() for suffix in known.suffixes)
                summary.problems.append(
                    _warning(name, "no-importer", "no importer takes such a file", f"known: {known}")
                )
                continue
            target = target_of(item.path)
            if target in targets:
                message = f"becomes the same article as {targets[target]}: {target}"
                summary.problems.append(Problem(Location(name), "clash", message, "rename one of the two"))
                continue
            targets[target] = name
            yield RawFile(str(place / item.path if place.is_dir() else place), name, target, item, "")


def target_of(path: str) -> str:
    """Content file of a raw file: the same path with `.md`; endings other than `.txt` stay in the name."""
    raw = PurePosixPath(path)
    return str(
        raw.with_suffix(ARTICLE_SUFFIX) if raw.suffix.lower() == ".txt" else raw.with_name(raw.name + ARTICLE_SUFFIX)
    )


def _files_of(place: Path, shown: str) -> Iterator[FileStat | Problem]:
    if place.is_dir():
        yield from walk_files(place, shown)
    else:
        found = place.stat()
        yield FileStat(place.name, found.st_size, found.st_mtime_ns)


def _changed(
    site: Site, files: Iterable[RawFile], memory: sqlite3.Connection, summary: ImportSummary
) -> Iterator[RawFile]:
    """Those that were never taken in as they are now; the others are counted, and their problems told again."""
    cursor = memory.cursor()
    sql = "SELECT size, mtime, engine, target, digest, problems FROM taken WHERE raw = ?"
    for file in files:
        row = cursor.execute(sql, (file.shown,)).fetchone()
        if row is None:
            yield file
        elif row[:4] != (file.stat.size, file.stat.mtime_ns, engine_digest(), file.target):
            yield file._replace(known_digest=row[4])
        elif row[4] and not (site.content / file.target).exists():
            yield file
        elif _is_in_the_way(_PROBLEMS.decode(row[5])):
            yield file._replace(known_digest=row[4])  # as long as it is in the way, look whether it still is
        else:
            summary.unchanged += 1


def _is_in_the_way(problems: tuple[Problem, ...]) -> bool:
    return any(problem.code in _IN_THE_WAY for problem in problems)


def _take_in_file(content: Path, importer: str, languages: tuple[str, ...], file: RawFile) -> Taken:
    place = Location(file.shown)
    if file.stat.size > _MAX_BYTES:
        problem = Problem(place, "too-large", f"{file.stat.size:,} bytes are too much for an article", "split it")
        return Taken(file, None, "", (problem,))
    try:
        data = Path(file.file).read_bytes()
    except OSError as error:
        return Taken(file, None, "", (Problem(place, "unreadable", f"can't be read: {error.strerror}", partly=True),))
    reader = importer_named(importer) if importer else importer_for(file.stat.path)
    assert reader is not None
    for item in reader.read(Raw(file.shown, data, languages)):
        if isinstance(item, Problem):
            return Taken(file, None, "", (item,))
        return _write(content, file, item)
    return Taken(file, None, "", ())


def _write(content: Path, file: RawFile, imported: Imported) -> Taken:
    text = write_front_matter(imported.article.front_matter) + "\n" + imported.article.body
    data = text.encode("utf-8", "replace")
    digest = hashlib.sha256(data).hexdigest()
    there = _digest_of(content / file.target)
    status = _status(there, digest, file.known_digest)
    report = msgspec.structs.replace(imported.report, target=file.target, status=status)
    if status == "conflict":
        shown = f"{content.name}/{file.target}"
        hint = f"remove {shown} to import it anew, or the raw file to keep your edits"
        message = f"{shown} was edited since it was imported; it is left alone"
        problem = _warning(file.shown, "conflict", message, hint)
        return Taken(file, report, file.known_digest, (*imported.problems, problem))
    if status != "unchanged":
        try:
            write_file(content, file.target, data)
        except OSError as error:
            problem = Problem(Location(file.shown), "write", f"can't be written: {error.strerror}", partly=True)
            return Taken(file, None, "", (problem,))
    return Taken(file, report, digest, imported.problems)


def _status(there: str, new: str, known: str) -> str:
    if not there:
        return "new"
    if there == new:
        return "unchanged"
    return "changed" if there == known else "conflict"


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _crashed(files: list[RawFile]) -> Iterator[Taken]:
    for file in files:
        problem = Problem(Location(file.shown), "crash", "a worker died while importing this", partly=True)
        yield Taken(file, None, "", (problem,))


def _remember(memory: sqlite3.Connection, taken: Taken) -> None:
    raw = taken.raw
    memory.execute(
        "INSERT OR REPLACE INTO taken VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (raw.shown, raw.stat.size, raw.stat.mtime_ns, engine_digest(), raw.target, taken.digest,
         _ENCODE(taken.report) if taken.report else None, _ENCODE(taken.problems)),
    )  # fmt: skip


def _count(summary: ImportSummary, taken: Taken) -> None:
    summary.problems += taken.problems
    report = taken.report
    if report is None:
        summary.failed += 1
        return
    summary.new += report.status == "new"
    summary.changed += report.status == "changed"
    summary.unchanged += report.status == "unchanged"
    summary.conflicts += report.status == "conflict"
    summary.polls += report.polls
    summary.guesses += len(report.guesses)
    summary.doubtful += sum(guess.confidence < 0.7 for guess in report.guesses)
    for kind, count in Counter(mend.kind for mend in report.mends).items():
        summary.mends[kind] = summary.mends.get(kind, 0) + count
    for kept in report.shortcodes:
        known = summary.unknown_shortcodes.get(kept.name)
        summary.unknown_shortcodes[kept.name] = UnknownName(
            kept.name,
            known.count + 1 if known else 1,
            known.first if known else f"{report.source}:{kept.line}",
        )


def _write_reports(file: Path, memory: sqlite3.Connection) -> None:
    """The reports of all articles ever taken in, by raw file."""
    temporary = file.with_suffix(".tmp")
    with temporary.open("wb") as out:
        for (report,) in memory.execute("SELECT report FROM taken WHERE report IS NOT NULL ORDER BY raw"):
            out.write(report + b"\n")
    temporary.replace(file)


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)
