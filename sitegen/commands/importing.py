"""Raw articles become content files. What a person has edited is never overwritten."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen.config import Site
from sitegen.content.front_matter import write_front_matter
from sitegen.content.poll_files import is_poll_file
from sitegen.content.source_files import ARTICLE_SUFFIX, FileStat, walk_files
from sitegen.importers.markdown_file import SUFFIXES as MARKDOWN_SUFFIXES
from sitegen.importers.markdown_file import content_path
from sitegen.importers.raw import Imported, Raw, SideFile
from sitegen.importers.registry import Importer, importer_for, importer_named, importers
from sitegen.importers.report import ArticleReport
from sitegen.importers.side_file import SIDE_FILES, SideRow, SideTable, apply_row
from sitegen.model import FrontMatter, Location, Problem, Severity, SiteError
from sitegen.outputs.fingerprint import digest_of, engine_digest
from sitegen.outputs.tree import write_file
from sitegen.parallel import Died, Mapper, in_batches, open_mapper
from sitegen.state import open_state

_FILES_A_BATCH = 50
_MAX_BYTES = 20 << 20
_IN_THE_WAY = frozenset({"conflict", "clash", "empty-raw", "not-text", "unreadable", "too-large", "write", "crash"})
_VERSION = 3
_SCHEMA = """
CREATE TABLE raw (
    key TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, rules TEXT, said TEXT, articles INTEGER, problems BLOB
) WITHOUT ROWID;
CREATE TABLE made (
    target TEXT PRIMARY KEY, key TEXT, digest TEXT, report BLOB
) WITHOUT ROWID;
CREATE INDEX made_by_key ON made (key);
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
    key: str  # what it is remembered by
    target: str  # content file that it becomes, if it holds one article
    stat: FileStat
    known_digest: str = ""  # of the target as the last import wrote it
    said: SideRow | None = None  # what a side file says of it

    @property
    def said_digest(self) -> str:
        """Of what the side file says; "" for nothing."""
        return self.said.digest if self.said else ""


class MadeFile(NamedTuple):
    """A content file that came of a raw file."""

    target: str
    digest: str  # as an import wrote it last
    report: ArticleReport


class Taken(NamedTuple):
    """What became of a raw file."""

    raw: RawFile
    made: tuple[MadeFile, ...]
    problems: tuple[Problem, ...]


Progress = Callable[[str, int], None]


def take_in_inbox(site: Site, map_: Mapper, progress: Progress = lambda _stage, _done: None) -> ImportSummary:
    """Import what is new or changed in the inbox."""
    if not site.inbox.is_dir():
        return ImportSummary()
    shown = f"{site.config.paths.content}/{site.config.import_.inbox}"
    return _take_in(site, [_Place(site.inbox, shown, shown)], "", map_, progress)


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
        places.append(_Place(source, source.resolve().name, str(source.resolve())))
    with open_mapper(site.config.build.workers) as map_:
        return _take_in(site, places, importer, map_, progress)


class ImportRules(Struct, frozen=True):
    """How files are read, and where their articles go."""

    content: str  # folder of the content files
    importer: str  # "" goes by file names
    languages: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    engine: str

    @property
    def digest(self) -> str:
        """Of all that the same bytes are read by."""
        return digest_of((self.importer, self.languages, self.fields, self.engine))


def take_in_files(rules: ImportRules, files: list[RawFile]) -> list[Taken]:
    """Import a batch of raw files and write their articles. Runs in a worker."""
    return [_take_in_file(rules, file) for file in files]


class _Place(NamedTuple):
    """A file or folder to import: where it is, how problems name it, what its files are remembered by."""

    path: Path
    shown: str
    key: str


def _take_in(site: Site, places: list[_Place], importer: str, map_: Mapper, progress: Progress) -> ImportSummary:
    summary = ImportSummary()
    report_file = site.state / "import-report.jsonl"
    with open_state(site.state / "imports.sqlite", _VERSION, _SCHEMA) as memory:
        streams: list[RawFile] = []
        table = site.config.import_
        rules = ImportRules(str(site.content), importer, table.languages, table.fields.pairs(), engine_digest())
        waiting = _changed(site, rules, _found(places, importer, summary), memory, summary)
        small = _without_streams(waiting, importer, streams)
        for batch in map_(partial(take_in_files, rules), in_batches(small, _FILES_A_BATCH)):
            for taken in _crashed(batch.item) if isinstance(batch, Died) else batch:
                _remember(memory, rules, taken)
                _count(summary, taken)
            memory.commit()
            progress("import", summary.taken)
        for raw in streams:
            _take_in_stream(rules, raw, memory, summary, progress)
        if summary.taken or summary.conflicts or not report_file.exists():
            _write_reports(report_file, memory)
    summary.report = report_file.relative_to(site.folder).as_posix()
    return summary


def _found(places: list[_Place], importer: str, summary: ImportSummary) -> Iterator[RawFile]:
    """Every raw file that an importer takes, with the content file that it becomes."""
    targets: dict[str, str] = {}
    for place in places:
        with closing(SideTable(place.path, place.shown)) as side:
            yield from _found_in(place, importer, side, targets, summary)
            summary.problems += side.problems
            summary.problems += side.unused()


def _found_in(
    place: _Place, importer: str, side: SideTable, targets: dict[str, str], summary: ImportSummary
) -> Iterator[RawFile]:
    is_folder = place.path.is_dir()
    if not side.is_empty:
        for item in _files_of(place.path, place.shown):
            if isinstance(item, FileStat):
                side.note_file(item.path)
    for item in _files_of(place.path, place.shown):
        if isinstance(item, Problem):
            summary.problems.append(item)
            continue
        if is_folder and item.path in SIDE_FILES:
            continue
        shown = f"{place.shown}/{item.path}" if is_folder else place.shown
        reader = _reader(importer, item.path)
        if reader is None:
            known = ", ".join(suffix or "no ending" for known in importers() for suffix in known.suffixes)
            summary.problems.append(_warning(shown, "no-importer", "no importer takes such a file", f"known: {known}"))
            continue
        target = "" if reader.is_stream else target_of(item.path)
        if target and target in targets:
            message = f"becomes the same article as {targets[target]}: {target}"
            summary.problems.append(Problem(Location(shown), "clash", message, "rename one of the two"))
            continue
        targets[target] = shown
        file = place.path / item.path if is_folder else place.path
        key = f"{place.key}/{item.path}" if is_folder else place.key
        said = side.row_of(item.path)
        if said and reader.is_stream:
            summary.problems.append(_many(said, shown))
            said = None
        yield RawFile(str(file), shown, key, target, item, said=said)


def _many(said: SideRow, shown: str) -> Problem:
    message = f"{shown} holds many articles, and a row says something of one"
    hint = "say it in the file itself, or in the articles that come of it"
    return Problem(said.place, "side-file", message, hint, Severity.WARNING)


def target_of(path: str) -> str:
    """Content file of a raw file: the same path with `.md`; endings that other texts have stay in the name."""
    raw = PurePosixPath(path)
    suffix = raw.suffix.lower()
    if suffix in MARKDOWN_SUFFIXES:
        return content_path(path)
    return str(raw.with_suffix(ARTICLE_SUFFIX) if suffix == ".txt" else raw.with_name(raw.name + ARTICLE_SUFFIX))


def _reader(importer: str, path: str) -> Importer | None:
    return importer_named(importer) if importer else importer_for(path)


def _files_of(place: Path, shown: str) -> Iterator[FileStat | Problem]:
    if place.is_dir():
        yield from walk_files(place, shown)
    else:
        found = place.stat()
        yield FileStat(place.name, found.st_size, found.st_mtime_ns)


def _changed(
    site: Site, rules: ImportRules, files: Iterable[RawFile], memory: sqlite3.Connection, summary: ImportSummary
) -> Iterator[RawFile]:
    """Those that were never taken in as they are now; the others are counted."""
    for file in files:
        if owner := _owner(memory, file.target, file.key):
            summary.failed += 1
            summary.problems.append(_owned(file.shown, file.target, owner))
        elif _is_as_it_was(site, rules, file, memory):
            summary.unchanged += memory.execute("SELECT articles FROM raw WHERE key = ?", (file.key,)).fetchone()[0]
        else:
            yield file._replace(known_digest=_known_digest(memory, file.target))


def _is_as_it_was(site: Site, rules: ImportRules, file: RawFile, memory: sqlite3.Connection) -> bool:
    """Whether the file, what is said of it, this program and what came of it are the same as at the last import."""
    sql = "SELECT size, mtime, rules, said, problems FROM raw WHERE key = ?"
    row = memory.execute(sql, (file.key,)).fetchone()
    if row is None or row[:4] != (file.stat.size, file.stat.mtime_ns, rules.digest, file.said_digest):
        return False
    if any(problem.code in _IN_THE_WAY for problem in _PROBLEMS.decode(row[4])):
        return False  # as long as it is in the way, look whether it still is
    made = memory.execute("SELECT target FROM made WHERE key = ?", (file.key,))
    return all((site.content / target).exists() for (target,) in made)


def _without_streams(files: Iterable[RawFile], importer: str, streams: list[RawFile]) -> Iterator[RawFile]:
    """Files that workers import whole; those of importers that stream are set aside."""
    for file in files:
        reader = _reader(importer, file.stat.path)
        if reader and reader.is_stream:
            streams.append(file)
        else:
            yield file


def _take_in_file(rules: ImportRules, file: RawFile) -> Taken:
    place = Location(file.shown)
    if file.stat.size > _MAX_BYTES:
        problem = Problem(place, "too-large", f"{file.stat.size:,} bytes are too much for an article", "split it")
        return Taken(file, (), (problem,))
    try:
        data = Path(file.file).read_bytes()
    except OSError as error:
        problem = Problem(place, "unreadable", f"can't be read: {error.strerror}", partly=True)
        return Taken(file, (), (problem,))
    reader = _reader(rules.importer, file.stat.path)
    assert reader is not None
    made: list[MadeFile] = []
    problems: list[Problem] = []
    for item in reader.read(_raw(rules, file, data)):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        if file.said:
            item = apply_row(item, file.said)
        problems += item.problems
        if written := _write(Path(rules.content), file.shown, file.target, file.known_digest, item, problems):
            made.append(written)
    return Taken(file, tuple(made), tuple(problems))


def _raw(rules: ImportRules, file: RawFile, data: bytes) -> Raw:
    return Raw(file.shown, data, file.file, rules.languages, file.stat.path, rules.fields)


def _take_in_stream(
    rules: ImportRules, file: RawFile, memory: sqlite3.Connection, summary: ImportSummary, progress: Progress
) -> None:
    """Import a file of many articles, one at a time."""
    reader = _reader(rules.importer, file.stat.path)
    assert reader is not None
    problems: list[Problem] = []
    targets: set[str] = set()
    for item in reader.read(_raw(rules, file, b"")):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        problems += item.problems
        target = _free_target(item.target or target_of(file.stat.path), targets)
        targets.add(target)
        if owner := _owner(memory, target, file.key):
            problems.append(_owned(file.shown, target, owner))
        elif made := _write(Path(rules.content), file.shown, target, _known_digest(memory, target), item, problems):
            taken = Taken(file, (made,), ())
            _remember_made(memory, taken)
            _count(summary, taken)
            if len(targets) % _FILES_A_BATCH == 0:
                memory.commit()
                progress("import", summary.taken)
    _remember_raw(memory, rules, Taken(file, (), tuple(problems)), len(targets))
    memory.commit()
    summary.problems += problems
    summary.failed += not targets


def _free_target(target: str, taken: set[str]) -> str:
    """Two articles of one file that want one name are numbered in their order."""
    stem, number, free = target.removesuffix(ARTICLE_SUFFIX), 1, target
    while free in taken:
        number += 1
        free = f"{stem}-{number}{ARTICLE_SUFFIX}"
    return free


def _write(
    content: Path, shown: str, target: str, known_digest: str, imported: Imported, problems: list[Problem]
) -> MadeFile | None:
    """Write one article, unless a person has edited it since; None when it can't be written."""
    text = write_front_matter(_with_mends(imported)) + "\n" + imported.article.body
    data = text.encode("utf-8", "replace")
    digest = _sha256(data)
    status = _status(_digest_of(content / target), digest, known_digest)
    report = msgspec.structs.replace(imported.report, target=target, status=status)
    if status == "conflict":
        name = f"{content.name}/{target}"
        hint = f"remove {name} to import it anew, or the raw file to keep your edits"
        problems.append(_warning(shown, "conflict", f"{name} was edited since it was imported; it is left alone", hint))
        return MadeFile(target, known_digest, report)
    try:
        if status != "unchanged":
            write_file(content, target, data)
        for beside in imported.beside:
            _write_beside(content, shown, beside, problems)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        problems.append(Problem(Location(shown), "write", f"can't be written: {said}", partly=True))
        return None
    return MadeFile(target, digest, report)


def _write_beside(content: Path, shown: str, beside: SideFile, problems: list[Problem]) -> None:
    """A file beside an article; votes that were counted or written since the import are left alone."""
    there = _digest_of(content / beside.path)
    if there and there != _sha256(beside.data) and is_poll_file(beside.path):
        name = f"{content.name}/{beside.path}"
        hint = f"remove {name} to import it anew; what was counted or written there since is lost then"
        problems.append(
            _warning(shown, "conflict", f"{name} was changed since it was imported; it is left alone", hint)
        )
    else:
        write_file(content, beside.path, beside.data)


def _with_mends(imported: Imported) -> FrontMatter:
    """The front matter; its source tells how many places were mended."""
    front_matter, mends = imported.article.front_matter, len(imported.report.mends)
    if not (front_matter.source and mends):
        return front_matter
    return msgspec.structs.replace(front_matter, source=msgspec.structs.replace(front_matter.source, mends=mends))


def _status(there: str, new: str, known: str) -> str:
    if not there:
        return "new"
    if there == new:
        return "unchanged"
    return "changed" if there == known else "conflict"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: Path) -> str:
    try:
        return _sha256(path.read_bytes())
    except OSError:
        return ""


def _crashed(files: list[RawFile]) -> Iterator[Taken]:
    for file in files:
        problem = Problem(Location(file.shown), "crash", "a worker died while importing this", partly=True)
        yield Taken(file, (), (problem,))


def _owner(memory: sqlite3.Connection, target: str, key: str) -> str:
    """The other raw file that a content file came of; "" if there is none."""
    row = memory.execute("SELECT key FROM made WHERE target = ? AND key != ?", (target, key)).fetchone()
    return row[0] if row else ""


def _owned(shown: str, target: str, owner: str) -> Problem:
    message = f"becomes the same article as {PurePosixPath(owner).name}, which was imported before: {target}"
    return Problem(Location(shown), "clash", message, "rename it")


def _known_digest(memory: sqlite3.Connection, target: str) -> str:
    row = memory.execute("SELECT digest FROM made WHERE target = ?", (target,)).fetchone()
    return row[0] if row else ""


def _remember(memory: sqlite3.Connection, rules: ImportRules, taken: Taken) -> None:
    _remember_raw(memory, rules, taken, len(taken.made))
    _remember_made(memory, taken)


def _remember_raw(memory: sqlite3.Connection, rules: ImportRules, taken: Taken, articles: int) -> None:
    raw = taken.raw
    values = (raw.key, raw.stat.size, raw.stat.mtime_ns, rules.digest, raw.said_digest, articles)
    memory.execute("INSERT OR REPLACE INTO raw VALUES (?, ?, ?, ?, ?, ?, ?)", (*values, _ENCODE(taken.problems)))


def _remember_made(memory: sqlite3.Connection, taken: Taken) -> None:
    memory.executemany(
        "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?)",
        ((made.target, taken.raw.key, made.digest, _ENCODE(made.report)) for made in taken.made),
    )


def _count(summary: ImportSummary, taken: Taken) -> None:
    summary.problems += taken.problems
    summary.failed += not taken.made
    for made in taken.made:
        _count_article(summary, made.report)


def _count_article(summary: ImportSummary, report: ArticleReport) -> None:
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
            kept.name, known.count + 1 if known else 1, known.first if known else f"{report.source}:{kept.line}"
        )


def _write_reports(file: Path, memory: sqlite3.Connection) -> None:
    """The reports of all articles ever taken in, by raw file."""
    temporary = file.with_suffix(".tmp")
    with temporary.open("wb") as out:
        for (report,) in memory.execute("SELECT report FROM made ORDER BY target"):
            out.write(report + b"\n")
    temporary.replace(file)


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)
