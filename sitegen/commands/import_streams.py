"""Raw files of many articles: one process reads and names them, workers make and write them."""

from collections.abc import Callable, Container, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NamedTuple

import msgspec

from sitegen.commands.import_finder import RawFile, owned_problem, reader_of, target_of
from sitegen.commands.import_memory import ImportMemory
from sitegen.commands.import_reports import Reports
from sitegen.commands.import_rules import ImportRules
from sitegen.commands.import_summary import ImportSummary, Progress
from sitegen.commands.import_writer import MadeFile, raw_of, write_article
from sitegen.content.folder import ARTICLE_SUFFIX
from sitegen.importers.raw import Imported, MadePieces, Piece, Pieces
from sitegen.importers.registry import InPieces
from sitegen.mapping import Died, Mapper, in_bounded_batches, one_by_one
from sitegen.model import Location, Problem

_ARTICLES_A_BATCH = 25
_BYTES_A_BATCH = 1 << 20


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


def take_in_stream(
    rules: ImportRules, file: RawFile, pieces: Pieces, memory: ImportMemory, reports: Reports,
    summary: ImportSummary, map_: Mapper, progress: Progress,
) -> None:  # fmt: skip
    """Import a file of many articles: this process reads it and names them, others make and write them."""
    problems: list[Problem] = []
    shown: set[str] = set()
    stream = _Stream(pieces, file, memory)
    work = partial(write_articles, rules, file, pieces.article)
    batches = in_bounded_batches(stream.named(), _ARTICLES_A_BATCH, _size_of, _BYTES_A_BATCH)
    for batch in one_by_one(map_, work, batches):
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
        if written := write_article(rules, file, target, known_digest, imported, problems, summary):
            made.append(written)
    return WrittenBatch(made, problems, summary, tuple(shown))


def opened_pieces(rules: ImportRules, file: RawFile, scratch: str) -> AbstractContextManager[Pieces]:
    """A file of many articles that is open; `scratch` is a folder that all workers see."""
    reader = reader_of(rules.importer, file.stat.path)
    assert reader is not None
    raw = msgspec.structs.replace(raw_of(rules, file, b""), scratch=scratch)
    return reader.open(raw) if isinstance(reader, InPieces) else nullcontext(MadePieces(reader.read(raw)))


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
                self.problems.append(owned_problem(file.shown, target, owner))
            else:
                yield Named(piece, target, self._memory.digest_of(target))


def _size_of(named: Named) -> int:
    return named.piece.size


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
