"""Raw articles become content files: what there is, what of it is new, who reads it, what is remembered."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.commands.import_files import Taken, crashed, take_in_files
from sitegen.commands.import_finder import Finder, Place, RawFile, claimed_problem, owned_problem, reader_of
from sitegen.commands.import_memory import ImportMemory, open_memory
from sitegen.commands.import_reports import REPORT_FILE, Reports
from sitegen.commands.import_rules import rules_of
from sitegen.commands.import_streams import opened_pieces, take_in_stream
from sitegen.commands.import_summary import ImportSummary, Progress
from sitegen.commands.inbox import Inbox, inbox_of
from sitegen.commands.lock import PATIENT, Patience, locked
from sitegen.commands.media import settle_media
from sitegen.config import Site, wrong_mend
from sitegen.importers.registry import importer_named, importers
from sitegen.mapping import Died, Mapper, in_batches, one_by_one
from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.outputs.scratch import scratch_folder
from sitegen.outputs.tree import write_file
from sitegen.parallel import open_mapper

RUN_FILE = "import-run.json"
_FILES_A_BATCH, _FILES_LOOKED_UP = 50, 500
_ENCODE = msgspec.json.Encoder().encode


class MediaWish(NamedTuple):
    """Where to look for the media of articles, beside the archive and the raw files themselves."""

    uploads: Path | None = None  # a copy of wp-content/uploads
    fetch: bool = False  # from the old site


NO_MEDIA = MediaWish()


def take_in_inbox(
    site: Site, inbox: Inbox, map_: Mapper, progress: Progress = lambda _stage, _done: None
) -> ImportSummary:
    """Import what is new or changed in the inbox, for a build that holds the site's lock."""
    return _take_in(site, [_place_of(site, inbox)], "", (), map_, progress, inbox)


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
        places.append(Place(source, source.resolve().name, str(source.resolve())))
    with locked(site.state / "lock", patience, "import"):
        inbox = inbox_of(site) if not places and site.inbox.is_dir() else None
        if inbox:
            places.append(_place_of(site, inbox))
        with open_mapper(site.config.build.workers, site.config.build.scheduler) as map_:
            summary = _take_in(site, places, importer, without, map_, progress, inbox)
        if media.uploads or media.fetch:
            with open_memory(site) as memory:
                summary.media = settle_media(site, memory, media.uploads, fetch=media.fetch, progress=progress)
            summary.problems += summary.media.problems
    return summary


def _place_of(site: Site, inbox: Inbox) -> Place:
    return Place(site.inbox, inbox.name, inbox.name, inbox.files if inbox.digest else None)


def _take_in(
    site: Site, places: list[Place], importer: str, without: tuple[str, ...], map_: Mapper, progress: Progress,
    inbox: Inbox | None,
) -> ImportSummary:  # fmt: skip
    """Import what is new or changed in these places; `inbox` is the only one of them, if it is one."""
    rules = rules_of(site, importer, without)
    summary = ImportSummary()
    with open_memory(site, rules.digest) as memory, Reports(site.state / REPORT_FILE) as reports:
        memory.unsettle()
        streams: list[RawFile] = []
        finder = Finder(importer)
        waiting = _changed(finder.found(places), memory, summary)
        small = _without_streams(waiting, importer, streams)
        for batch in one_by_one(map_, partial(take_in_files, rules), in_batches(small, _FILES_A_BATCH)):
            done = crashed(batch.item) if isinstance(batch, Died) else batch
            for taken in done.files:
                _remember(memory, taken)
                reports.write(made.report for made in taken.made)
            memory.commit()
            summary.add(done.summary)
            progress("import", summary.taken)
        for raw in streams:
            with scratch_folder(site.state) as scratch, opened_pieces(rules, raw, scratch) as pieces:
                take_in_stream(rules, raw, pieces, memory, reports, summary, map_, progress)
        told = [*finder.problems, *_left(site, finder.media)]
        if inbox and inbox.digest and not (told or summary.failed):
            memory.settle(inbox.name, inbox.digest, summary.taken + summary.unchanged, finder.media)
    summary.problems = [*told, *summary.problems]
    summary.report = (site.state / REPORT_FILE).relative_to(site.folder).as_posix()
    if summary.taken or summary.conflicts or summary.failed:
        write_file(site.state, RUN_FILE, msgspec.json.format(_ENCODE(summary)) + b"\n")
    return summary


def _left(site: Site, media: list[str]) -> Iterator[Problem]:
    """That some pictures, sounds or films were not copied into the content folder."""
    if left := [path for path in media if not (site.content / path).exists()]:
        message = f"{len(left):,} pictures, sounds or films are shown by no article that was imported with them"
        hint = "they are not taken; copy into content/ what you want to keep"
        yield Problem(Location(left[0]), "media-files", message, hint, Severity.WARNING)


def _changed(files: Iterable[RawFile], memory: ImportMemory, summary: ImportSummary) -> Iterator[RawFile]:
    """Those that were never taken in as they are now; the others are counted."""
    for batch in in_batches(files, _FILES_LOOKED_UP):
        known = memory.unchanged_articles([(file.key, file.stat, file.said_digest) for file in batch])
        for file, articles in zip(batch, known, strict=True):
            if articles is not None:
                summary.unchanged += articles
            elif problem := _taken_by_another(file, memory):
                summary.failed += 1
                summary.problems.append(problem)
            else:
                yield file._replace(known_digest=memory.digest_of(file.target))


def _taken_by_another(file: RawFile, memory: ImportMemory) -> Problem | None:
    """That another raw file became the same article, or becomes it in this run; this one does from now on if none."""
    if not file.target:
        return None
    if owner := memory.owner_of(file.target, file.key):
        return owned_problem(file.shown, file.target, owner)
    other = memory.claim(file.target, file.shown)
    return claimed_problem(file.shown, file.target, other) if other else None


def _without_streams(files: Iterable[RawFile], importer: str, streams: list[RawFile]) -> Iterator[RawFile]:
    """Files that workers import whole; those of importers that stream are set aside."""
    for file in files:
        reader = reader_of(importer, file.stat.path)
        if reader and reader.is_stream:
            streams.append(file)
        else:
            yield file


def _remember(memory: ImportMemory, taken: Taken) -> None:
    raw, targets = taken.raw, [made.target for made in taken.made]
    memory.remember_file(raw.key, raw.stat, raw.said_digest, targets, taken.problems)
    memory.remember_articles(raw.key, taken.made)
