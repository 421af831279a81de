"""Raw articles become content files. What a person has edited is never overwritten."""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple, Self, TypeVar

import msgspec
from msgspec import Struct

from sitegen.commands.import_memory import ImportMemory, open_memory
from sitegen.commands.lock import PATIENT, Patience, locked
from sitegen.commands.media import MediaSummary, keep_medium, settle_media
from sitegen.config import Site, wrong_mend
from sitegen.content.front_matter import write_front_matter
from sitegen.content.poll_files import is_poll_file
from sitegen.content.source_files import ARTICLE_SUFFIX, FileStat, walk_files
from sitegen.importers.markdown_file import SUFFIXES as MARKDOWN_SUFFIXES
from sitegen.importers.markdown_file import content_path
from sitegen.importers.media import MediaPlaces, is_media_name, localize
from sitegen.importers.raw import Imported, MadePieces, Piece, Pieces, Raw, SideFile
from sitegen.importers.registry import Importer, InParts, InPieces, importer_for, importer_named, importers
from sitegen.importers.report import ArticleReport
from sitegen.importers.side_file import SIDE_FILES, SideRow, SideTable, apply_row
from sitegen.mapping import Died, Mapper, in_batches, in_bounded_batches
from sitegen.model import FrontMatter, Location, Problem, Severity, SiteError
from sitegen.outputs.fingerprint import digest_of, engine_digest
from sitegen.outputs.tree import scratch_folder, write_file
from sitegen.parallel import open_mapper

Item = TypeVar("Item")
Result = TypeVar("Result")
RUN_FILE, REPORT_FILE = "import-run.json", "import-report.jsonl"
_ARTICLES_A_BATCH = 25
_BYTES_A_BATCH = 1 << 20
_FILES_A_BATCH = 50
_MAX_BYTES = 20 << 20
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
    set_aside: int = 0  # texts that are in no article, each with a reason
    report: str = ""  # file of this import's article reports, one JSON object a line
    media: MediaSummary | None = None

    @property
    def taken(self) -> int:
        """Articles that were written."""
        return self.new + self.changed

    def add(self, other: "ImportSummary") -> None:
        """Count in what another part of the same import did."""
        for name in ("new", "changed", "unchanged", "conflicts", "failed", "polls", "guesses", "doubtful", "set_aside"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for kind, count in other.mends.items():
            self.mends[kind] = self.mends.get(kind, 0) + count
        for name, met in other.unknown_shortcodes.items():
            known = self.unknown_shortcodes.get(name)
            together = UnknownName(name, known.count + met.count, known.first) if known else met
            self.unknown_shortcodes[name] = together
        self.problems += other.problems


class MediaWish(NamedTuple):
    """Where to look for the media of articles, beside the archive and the raw files themselves."""

    uploads: Path | None = None  # a copy of wp-content/uploads
    fetch: bool = False  # from the old site


NO_MEDIA = MediaWish()


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
    report: bytes  # JSON


class Taken(NamedTuple):
    """What became of a raw file."""

    raw: RawFile
    made: tuple[MadeFile, ...]
    problems: tuple[Problem, ...]


class TakenBatch(NamedTuple):
    """What became of some raw files, and their sum."""

    files: list[Taken]
    summary: ImportSummary


Progress = Callable[[str, int], None]


def take_in_inbox(site: Site, map_: Mapper, progress: Progress = lambda _stage, _done: None) -> ImportSummary:
    """Import what is new or changed in the inbox, for a build that holds the site's lock."""
    if not site.inbox.is_dir():
        return ImportSummary()
    shown = f"{site.config.paths.content}/{site.config.import_.inbox}"
    return _take_in(site, [_Place(site.inbox, shown, shown)], "", (), map_, progress)


def import_sources(
    site: Site,
    sources: Iterable[Path],
    importer: str = "",
    progress: Progress = lambda _stage, _done: None,
    without: tuple[str, ...] = (),
    media: MediaWish = NO_MEDIA,
    patience: Patience = PATIENT,
) -> ImportSummary:
    """Import files, and folders with all that is below them; without any, the inbox.

    `importer` names one, "" goes by file names; `without` names kinds of mends that are not made. Raises SiteError
    for a source that does not exist, for an importer or a kind of mend that nobody knows, and when a build or another
    import is at work for longer than there is `patience`.
    """
    if wrong := wrong_mend(without):
        raise SiteError(Problem(Location("--without"), "usage", *wrong))
    if importer and not importer_named(importer):
        known = ", ".join(known.name for known in importers())
        raise SiteError(Problem(Location("--from"), "usage", f'there is no importer "{importer}"', f"known: {known}"))
    places = []
    for source in sources:
        if not source.exists():
            raise SiteError(Problem(Location(str(source)), "usage", "does not exist"))
        places.append(_Place(source, source.resolve().name, str(source.resolve())))
    if not places and site.inbox.is_dir():
        shown = f"{site.config.paths.content}/{site.config.import_.inbox}"
        places.append(_Place(site.inbox, shown, shown))
    with locked(site.state / "lock", patience, "import"):
        with open_mapper(site.config.build.workers, site.config.build.scheduler) as map_:
            summary = _take_in(site, places, importer, without, map_, progress)
        if media.uploads or media.fetch:
            with open_memory(site) as memory:
                summary.media = settle_media(site, memory, media.uploads, fetch=media.fetch, progress=progress)
            summary.problems += summary.media.problems
    return summary


class ImportRules(Struct, frozen=True):
    """How files are read, and where their articles go."""

    content: str  # folder of the content files
    importer: str  # "" goes by file names
    languages: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    without: tuple[str, ...]  # kinds of mends that are not made
    engine: str

    @property
    def digest(self) -> str:
        """Of all that the same bytes are read by."""
        return digest_of((self.importer, self.languages, self.fields, self.without, self.engine))


def take_in_files(rules: ImportRules, files: list[RawFile]) -> TakenBatch:
    """Import a batch of raw files and write their articles. Runs in a worker."""
    summary = ImportSummary()
    return TakenBatch([_take_in_file(rules, file, summary) for file in files], summary)


class _Place(NamedTuple):
    """A file or folder to import: where it is, how problems name it, what its files are remembered by."""

    path: Path
    shown: str
    key: str


def _take_in(
    site: Site, places: list[_Place], importer: str, without: tuple[str, ...], map_: Mapper, progress: Progress
) -> ImportSummary:
    table = site.config.import_
    without = tuple(dict.fromkeys((*table.without, *without)))
    rules = ImportRules(str(site.content), importer, table.languages, table.fields.pairs(), without, engine_digest())
    summary = ImportSummary()
    with open_memory(site, rules.digest) as memory, _Reports(site.state / REPORT_FILE) as reports:
        streams: list[RawFile] = []
        finder = _Finder(importer, summary)
        waiting = _changed(finder.found(places), memory, summary)
        small = _without_streams(waiting, importer, streams)
        for batch in _one_by_one(map_, partial(take_in_files, rules), in_batches(small, _FILES_A_BATCH)):
            done = _crashed(batch.item) if isinstance(batch, Died) else batch
            for taken in done.files:
                _remember(memory, taken)
                reports.write(made.report for made in taken.made)
            memory.commit()
            summary.add(done.summary)
            progress("import", summary.taken)
        for raw in streams:
            with scratch_folder(site.state) as scratch, _opened_pieces(rules, raw, scratch) as pieces:
                _take_in_stream(rules, raw, pieces, memory, reports, summary, map_, progress)
    if left := [path for path in finder.media if not (site.content / path).exists()]:
        message = f"{len(left):,} pictures, sounds or films are shown by no article that was imported with them"
        hint = "they are not taken; copy into content/ what you want to keep"
        summary.problems.append(_warning(left[0], "media-files", message, hint))
    summary.report = (site.state / REPORT_FILE).relative_to(site.folder).as_posix()
    if summary.taken or summary.conflicts or summary.failed:
        write_file(site.state, RUN_FILE, msgspec.json.format(_ENCODE(summary)) + b"\n")
    return summary


class _Reports:
    """The file of an import's reports, begun with the first one; an import without any leaves the file alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._temporary = file.with_suffix(".tmp")
        self._out: BinaryIO | None = None

    def write(self, reports: Iterable[bytes]) -> None:
        for report in reports:
            self._out = self._out or self._temporary.open("wb")
            self._out.write(report + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._out:
            self._out.close()
            self._temporary.replace(self._file)
        elif not self._file.exists():
            self._file.touch()


class _Finder:
    """Looks for raw files in the sources, with a tally of what is none."""

    def __init__(self, importer: str, summary: ImportSummary) -> None:
        # Paths of pictures, sounds and films: they come along where an article shows them.
        self.media: list[str] = []
        self._importer, self._summary = importer, summary
        self._in_parts = {known.name: known for known in importers() if isinstance(known, InParts)}
        self._targets: dict[str, str] = {}
        self._wholes: set[str] = set()  # first parts of what came in several

    def found(self, places: list[_Place]) -> Iterator[RawFile]:
        """Every raw file that an importer takes, with the content file that it becomes."""
        for place in places:
            with closing(SideTable(place.path, place.shown)) as side:
                yield from self._found_in(place, side)
                self._summary.problems += side.problems
                self._summary.problems += side.unused()

    def _found_in(self, place: _Place, side: SideTable) -> Iterator[RawFile]:
        if not side.is_empty:
            for item in _files_of(place.path, place.shown):
                if isinstance(item, FileStat):
                    side.note_file(item.path)
        is_folder = place.path.is_dir()
        for item in _files_of(place.path, place.shown):
            if isinstance(item, Problem):
                self._summary.problems.append(item)
            elif not (item.path in SIDE_FILES and is_folder):
                yield from self._raw_file(place, is_folder, side, item)

    def _raw_file(self, place: _Place, is_folder: bool, side: SideTable, item: FileStat) -> Iterator[RawFile]:
        """One file, if an importer takes it and no other became its article."""
        shown = f"{place.shown}/{item.path}" if is_folder else place.shown
        reader = _reader(self._importer, item.path)
        if reader is None:
            self._tell_strange(shown, item)
            return
        target = "" if reader.is_stream else target_of(item.path)
        if target and target in self._targets:
            message = f"becomes the same article as {self._targets[target]}: {target}"
            self._summary.problems.append(Problem(Location(shown), "clash", message, "rename one of the two"))
            return
        self._targets[target] = shown
        file = place.path / item.path if is_folder else place.path
        key = f"{place.key}/{item.path}" if is_folder else place.key
        if (in_parts := self._in_parts.get(reader.name)) and len(parts := in_parts.parts(file)) > 1:
            if (is_folder and parts[0] != file) or str(parts[0].resolve()) in self._wholes:
                return  # the first part stands for all of them
            self._wholes.add(str(parts[0].resolve()))
            item, shown = _stat_of_parts(parts, item), f"{shown.removesuffix(file.name)}{parts[0].name}"
            file, key = parts[0], key if is_folder else str(parts[0].resolve())
        said = side.row_of(item.path)
        if said and reader.is_stream:
            self._summary.problems.append(_many(said, shown))
            said = None
        yield RawFile(str(file), shown, key, target, item, said=said)

    def _tell_strange(self, shown: str, item: FileStat) -> None:
        if is_media_name(item.path):
            self.media.append(item.path)
            return
        known = ", ".join(suffix or "no ending" for known in importers() for suffix in known.suffixes)
        problem = _warning(shown, "no-importer", "no importer takes such a file", f"known: {known}")
        self._summary.problems.append(problem)


def _stat_of_parts(parts: tuple[Path, ...], stat: FileStat) -> FileStat:
    """What changes as soon as one of the parts does, or another one comes."""
    stats = [part.stat() for part in parts]
    return FileStat(stat.path, sum(each.st_size for each in stats), max(each.st_mtime_ns for each in stats))


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


def _changed(files: Iterable[RawFile], memory: ImportMemory, summary: ImportSummary) -> Iterator[RawFile]:
    """Those that were never taken in as they are now; the others are counted."""
    for file in files:
        known = memory.unchanged_articles(file.key, file.stat, file.said_digest)
        if known is not None:
            summary.unchanged += known
        elif owner := memory.owner_of(file.target, file.key):
            summary.failed += 1
            summary.problems.append(_owned(file.shown, file.target, owner))
        else:
            yield file._replace(known_digest=memory.digest_of(file.target))


def _without_streams(files: Iterable[RawFile], importer: str, streams: list[RawFile]) -> Iterator[RawFile]:
    """Files that workers import whole; those of importers that stream are set aside."""
    for file in files:
        reader = _reader(importer, file.stat.path)
        if reader and reader.is_stream:
            streams.append(file)
        else:
            yield file


def _take_in_file(rules: ImportRules, file: RawFile, summary: ImportSummary) -> Taken:
    """Import one raw file; `summary` is added to."""
    made, problems = _made(rules, file, summary)
    summary.problems += problems
    summary.failed += not made
    return Taken(file, tuple(made), tuple(problems))


def _made(rules: ImportRules, file: RawFile, summary: ImportSummary) -> tuple[list[MadeFile], list[Problem]]:
    place = Location(file.shown)
    if file.stat.size > _MAX_BYTES:
        return [], [Problem(place, "too-large", f"{file.stat.size:,} bytes are too much for an article", "split it")]
    try:
        with open(file.file, "rb") as opened:  # noqa: PTH123 - a hot path: no Path per file
            data = opened.read()
    except OSError as error:
        return [], [Problem(place, "unreadable", f"can't be read: {error.strerror}", partly=True)]
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
        if written := _write(rules, file, file.target, file.known_digest, item, problems, summary):
            made.append(written)
    return made, problems


def _raw(rules: ImportRules, file: RawFile, data: bytes) -> Raw:
    return Raw(file.shown, data, file.file, rules.languages, file.stat.path, rules.fields, rules.without)


def _take_in_stream(
    rules: ImportRules, file: RawFile, pieces: Pieces, memory: ImportMemory, reports: _Reports,
    summary: ImportSummary, map_: Mapper, progress: Progress,
) -> None:  # fmt: skip
    """Import a file of many articles: this process reads it and names them, others make and write them."""
    problems: list[Problem] = []
    shown: set[str] = set()
    stream = _Stream(pieces, file, memory)
    work = partial(write_articles, rules, file, pieces.article)
    batches = in_bounded_batches(stream.named(), _ARTICLES_A_BATCH, _size_of, _BYTES_A_BATCH)
    for batch in _one_by_one(map_, work, batches):
        done = _not_written(file, batch.item) if isinstance(batch, Died) else batch
        problems += done.problems
        shown.update(done.shown)
        memory.remember_articles(file.key, done.made)
        memory.commit()
        reports.write(made.report for made in done.made)
        summary.add(done.summary)
        progress("import", summary.taken)
    problems += (*stream.problems, *pieces.told(shown))
    memory.remember_file(file.key, file.stat, file.said_digest, list(stream.targets), problems)
    memory.commit()
    summary.problems += problems
    summary.failed += not stream.targets


class Named(NamedTuple):
    """A piece of a stream on its way to a worker."""

    piece: Piece
    target: str  # content file that it becomes
    known_digest: str  # of the target as the last import wrote it


class WrittenBatch(NamedTuple):
    """What became of some articles of a stream, and their sum."""

    made: list[MadeFile]
    problems: list[Problem]
    summary: ImportSummary
    shown: tuple[str, ...] = ()  # by the articles, of what belongs to the raw file


def write_articles(
    rules: ImportRules, file: RawFile, article: Callable[[Any], Imported], pieces: list[Named]
) -> WrittenBatch:
    """Make and write a batch of articles of one raw file. Runs in a worker."""
    made: list[MadeFile] = []
    problems: list[Problem] = []
    shown: dict[str, None] = {}
    summary = ImportSummary()
    for piece, target, known_digest in pieces:
        imported = article(piece.content)
        problems += imported.problems
        shown.update(dict.fromkeys(imported.shown))
        if written := _write(rules, file, target, known_digest, imported, problems, summary):
            made.append(written)
    return WrittenBatch(made, problems, summary, tuple(shown))


class _Stream:
    """The pieces of one file in its order, each with the content file that it becomes."""

    def __init__(self, pieces: Pieces, file: RawFile, memory: ImportMemory) -> None:
        self.targets: dict[str, None] = {}
        self.problems: list[Problem] = []  # of the file, and of what becomes no article
        self._pieces, self._file, self._memory = pieces, file, memory

    def named(self) -> Iterator[Named]:
        file = self._file
        for piece in self._pieces:
            if isinstance(piece, Problem):
                self.problems.append(piece)
                continue
            target = _free_target(piece.target or target_of(file.stat.path), self.targets)
            self.targets[target] = None
            if owner := self._memory.owner_of(target, file.key):
                self.problems.append(_owned(file.shown, target, owner))
            else:
                yield Named(piece, target, self._memory.digest_of(target))


def _opened_pieces(rules: ImportRules, file: RawFile, scratch: str) -> AbstractContextManager[Pieces]:
    reader = _reader(rules.importer, file.stat.path)
    assert reader is not None
    raw = msgspec.structs.replace(_raw(rules, file, b""), scratch=scratch)
    return reader.open(raw) if isinstance(reader, InPieces) else nullcontext(MadePieces(reader.read(raw)))


def _size_of(named: Named) -> int:
    return named.piece.size


def _one_by_one(
    map_: Mapper, work: Callable[[list[Item]], Result], batches: Iterable[list[Item]]
) -> Iterator[Result | Died[list[Item]]]:
    """Results batch by batch. After a worker's death its batch is done item by item, so only what kills is lost."""
    for batch in map_(work, batches):
        if isinstance(batch, Died):
            yield from map_(work, ([item] for item in batch.item))
        else:
            yield batch


def _not_written(file: RawFile, pieces: list[Named]) -> WrittenBatch:
    """After a worker's death."""
    problems = [
        Problem(Location(file.shown), "crash", f"a worker died while writing {named.target}", partly=True)
        for named in pieces
    ]
    return WrittenBatch([], problems, ImportSummary())


def _free_target(target: str, taken: Container[str]) -> str:
    """Two articles of one file that want one name are numbered in their order."""
    stem, number, free = target.removesuffix(ARTICLE_SUFFIX), 1, target
    while free in taken:
        number += 1
        free = f"{stem}-{number}{ARTICLE_SUFFIX}"
    return free


def _write(
    rules: ImportRules, file: RawFile, target: str, known_digest: str, imported: Imported, problems: list[Problem],
    summary: ImportSummary,
) -> MadeFile | None:  # fmt: skip
    """Write one article, unless a person has edited it since; None when it can't be written."""
    content, shown = rules.content, file.shown
    folder = file.file.removesuffix(file.stat.path)
    localized = localize(imported.article, target, MediaPlaces(content, "", folder, file.stat.path))
    imported = imported._replace(article=localized.article)
    text = write_front_matter(_with_mends(imported)) + "\n" + imported.article.body
    data = text.encode("utf-8", "replace")
    digest = _sha256(data)
    status = _status(_digest_of(f"{content}/{target}"), digest, known_digest)
    report = msgspec.structs.replace(imported.report, target=target, status=status)
    if status == "conflict":
        name = f"{Path(content).name}/{target}"
        hint = f"remove {name} to import it anew, or the raw file to keep your edits"
        problems.append(_warning(shown, "conflict", f"{name} was edited since it was imported; it is left alone", hint))
        _count_article(summary, report)
        return MadeFile(target, known_digest, _ENCODE(report))
    try:
        if status != "unchanged":
            write_file(Path(content), target, data)
        for beside in imported.beside:
            _write_beside(Path(content), shown, beside, problems)
        for medium in localized.found:
            if reason := keep_medium(Path(content), medium):
                message = f"{medium.address} is not taken: {reason}"
                problems.append(_warning(shown, "media", message, "look at the file"))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        problems.append(Problem(Location(shown), "write", f"can't be written: {said}", partly=True))
        return None
    _count_article(summary, report)
    return MadeFile(target, digest, _ENCODE(report))


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


def _digest_of(path: str | Path) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return _sha256(file.read())
    except OSError:
        return ""


def _crashed(files: list[RawFile]) -> TakenBatch:
    problems = [
        Problem(Location(file.shown), "crash", "a worker died while importing this", partly=True) for file in files
    ]
    done = [Taken(file, (), (problem,)) for file, problem in zip(files, problems, strict=True)]
    return TakenBatch(done, ImportSummary(failed=len(files), problems=problems))


def _owned(shown: str, target: str, owner: str) -> Problem:
    message = f"becomes the same article as {PurePosixPath(owner).name}, which was imported before: {target}"
    return Problem(Location(shown), "clash", message, "rename it")


def _remember(memory: ImportMemory, taken: Taken) -> None:
    raw, targets = taken.raw, [made.target for made in taken.made]
    memory.remember_file(raw.key, raw.stat, raw.said_digest, targets, taken.problems)
    memory.remember_articles(raw.key, taken.made)


def _count_article(summary: ImportSummary, report: ArticleReport) -> None:
    summary.new += report.status == "new"
    summary.changed += report.status == "changed"
    summary.unchanged += report.status == "unchanged"
    summary.conflicts += report.status == "conflict"
    summary.polls += report.polls
    summary.guesses += len(report.guesses)
    summary.doubtful += sum(guess.confidence < 0.7 for guess in report.guesses)
    summary.set_aside += len(report.set_aside)
    for mend in report.mends:
        summary.mends[mend.kind] = summary.mends.get(mend.kind, 0) + 1
    for kept in report.shortcodes:
        known = summary.unknown_shortcodes.get(kept.name)
        summary.unknown_shortcodes[kept.name] = UnknownName(
            kept.name, known.count + 1 if known else 1, known.first if known else f"{report.source}:{kept.line}"
        )


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)
