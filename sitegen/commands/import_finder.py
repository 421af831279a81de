"""Raw files in the sources of an import, each with the content file that it becomes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from posixpath import splitext
from typing import NamedTuple

from sitegen.content.folder import ARTICLE_SUFFIX, FileStat, walk_files
from sitegen.importers.markdown_file import SUFFIXES as MARKDOWN_SUFFIXES
from sitegen.importers.markdown_file import content_path
from sitegen.importers.media import is_media_name
from sitegen.importers.registry import Importer, InParts, importer_for, importer_named, importers
from sitegen.importers.side_file import SIDE_FILES, SideRow, SideTable
from sitegen.model import Location, Problem, Severity


class Place(NamedTuple):
    """A file or folder to import: where it is, how problems name it, what its files are remembered by."""

    path: Path
    shown: str
    key: str
    files: Callable[[], Iterator[FileStat]] | None = None  # what lies in a folder, if somebody has looked


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


class Finder:
    """Looks for raw files in the sources, with a tally of what is none."""

    def __init__(self, importer: str) -> None:
        self.problems: list[Problem] = []
        # Paths of pictures, sounds and films: they come along where an article shows them.
        self.media: list[str] = []
        self._importer = importer
        self._in_parts = {known.name: known for known in importers() if isinstance(known, InParts)}
        self._wholes: set[str] = set()  # first parts of what came in several

    def found(self, places: list[Place]) -> Iterator[RawFile]:
        """Every raw file that an importer takes, with the content file that it becomes."""
        for place in places:
            with closing(SideTable(place.path, place.shown)) as side:
                yield from self._found_in(place, side)
                self.problems += side.problems
                self.problems += side.unused()

    def _found_in(self, place: Place, side: SideTable) -> Iterator[RawFile]:
        if not side.is_empty:
            for item in _files_of(place):
                if isinstance(item, FileStat):
                    side.note_file(item.path)
        is_folder = place.path.is_dir()
        for item in _files_of(place):
            if isinstance(item, Problem):
                self.problems.append(item)
            elif not (item.path in SIDE_FILES and is_folder):
                yield from self._raw_file(place, is_folder, side, item)

    def _raw_file(self, place: Place, is_folder: bool, side: SideTable, item: FileStat) -> Iterator[RawFile]:
        """One file, if an importer takes it."""
        shown = f"{place.shown}/{item.path}" if is_folder else place.shown
        reader = reader_of(self._importer, item.path)
        if reader is None:
            self._tell_strange(shown, item)
            return
        target = "" if reader.is_stream else target_of(item.path)
        file = f"{place.path}/{item.path}" if is_folder else str(place.path)
        key = f"{place.key}/{item.path}" if is_folder else place.key
        if (in_parts := self._in_parts.get(reader.name)) and len(parts := in_parts.parts(Path(file))) > 1:
            if (is_folder and parts[0] != Path(file)) or str(parts[0].resolve()) in self._wholes:
                return  # the first part stands for all of them
            self._wholes.add(str(parts[0].resolve()))
            item, shown = _stat_of_parts(parts, item), f"{shown.removesuffix(Path(file).name)}{parts[0].name}"
            file, key = str(parts[0]), key if is_folder else str(parts[0].resolve())
        said = side.row_of(item.path)
        if said and reader.is_stream:
            self.problems.append(_many(said, shown))
            said = None
        yield RawFile(file, shown, key, target, item, said=said)

    def _tell_strange(self, shown: str, item: FileStat) -> None:
        if is_media_name(item.path):
            self.media.append(item.path)
            return
        known = ", ".join(suffix or "no ending" for known in importers() for suffix in known.suffixes)
        problem = _warning(shown, "no-importer", "no importer takes such a file", f"known: {known}")
        self.problems.append(problem)


def target_of(path: str) -> str:
    """Content file of a raw file: the same path with `.md`; endings that other texts have stay in the name."""
    stem, suffix = splitext(path)
    if suffix.lower() in MARKDOWN_SUFFIXES:
        return content_path(path)
    return (stem if suffix.lower() == ".txt" else path) + ARTICLE_SUFFIX


def reader_of(importer: str, path: str) -> Importer | None:
    """The importer of that name, without one the first that takes such files."""
    return importer_named(importer) if importer else importer_for(path)


def owned_problem(shown: str, target: str, owner: str) -> Problem:
    """That a content file came of another raw file."""
    message = f"becomes the same article as {PurePosixPath(owner).name}, which was imported before: {target}"
    return Problem(Location(shown), "clash", message, "rename it")


def claimed_problem(shown: str, target: str, other: str) -> Problem:
    """That another raw file becomes the same content file."""
    message = f"becomes the same article as {other}: {target}"
    return Problem(Location(shown), "clash", message, "rename one of the two")


def _stat_of_parts(parts: tuple[Path, ...], stat: FileStat) -> FileStat:
    """What changes as soon as one of the parts does, or another one comes."""
    stats = [part.stat() for part in parts]
    return FileStat(stat.path, sum(each.st_size for each in stats), max(each.st_mtime_ns for each in stats))


def _many(said: SideRow, shown: str) -> Problem:
    message = f"{shown} holds many articles, and a row says something of one"
    hint = "say it in the file itself, or in the articles that come of it"
    return Problem(said.place, "side-file", message, hint, Severity.WARNING)


def _files_of(place: Place) -> Iterator[FileStat | Problem]:
    if place.files:
        return place.files()
    if place.path.is_dir():
        return walk_files(place.path, place.shown)
    found = place.path.stat()
    return iter((FileStat(place.path.name, found.st_size, found.st_mtime_ns),))


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)
