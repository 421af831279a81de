"""Raw files of one article each, read and written by workers."""

from typing import NamedTuple

from sitegen.commands.import_finder import RawFile, reader_of
from sitegen.commands.import_rules import ImportRules
from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.import_writer import MadeFile, raw_of, write_article
from sitegen.importers.raw import Imported
from sitegen.importers.side_file import apply_row
from sitegen.model import Location, Problem

_MAX_BYTES = 20 << 20


class Taken(NamedTuple):
    """What became of a raw file."""

    raw: RawFile
    made: tuple[MadeFile, ...]
    problems: tuple[Problem, ...]


class TakenBatch(NamedTuple):
    """What became of some raw files, and their sum."""

    files: list[Taken]
    summary: ImportSummary


def take_in_files(rules: ImportRules, files: list[RawFile]) -> TakenBatch:
    """Import a batch of raw files and write their articles. Runs in a worker."""
    # First all are read, then all are written: a processor that does one thing for some time does it faster.
    summary = ImportSummary()
    read = [_read(rules, file) for file in files]
    done = [_written(rules, file, items, summary) for file, items in zip(files, read, strict=True)]
    return TakenBatch(done, summary)


def crashed(files: list[RawFile]) -> TakenBatch:
    """What became of files whose worker died."""
    problems = [
        Problem(Location(file.shown), "crash", "a worker died while importing this", partly=True) for file in files
    ]
    done = [Taken(file, (), (problem,)) for file, problem in zip(files, problems, strict=True)]
    return TakenBatch(done, ImportSummary(failed=len(files), problems=problems))


def _read(rules: ImportRules, file: RawFile) -> list[Imported | Problem]:
    place = Location(file.shown)
    if file.stat.size > _MAX_BYTES:
        return [Problem(place, "too-large", f"{file.stat.size:,} bytes are too much for an article", "split it")]
    try:
        with open(file.file, "rb") as opened:  # noqa: PTH123 - a hot path: no Path per file
            data = opened.read()
    except OSError as error:
        return [Problem(place, "unreadable", f"can't be read: {error.strerror}", partly=True)]
    reader = reader_of(rules.importer, file.stat.path)
    assert reader is not None
    return list(reader.read(raw_of(rules, file, data)))


def _written(rules: ImportRules, file: RawFile, items: list[Imported | Problem], summary: ImportSummary) -> Taken:
    """Write the articles of a raw file; `summary` is added to."""
    made: list[MadeFile] = []
    problems: list[Problem] = []
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        if file.said:
            item = apply_row(item, file.said)
        problems += item.problems
        if written := write_article(rules, file, file.target, file.known_digest, item, problems, summary):
            made.append(written)
    summary.problems += problems
    summary.failed += not made
    return Taken(file, tuple(made), tuple(problems))
