"""Bring the output tree in line with the content."""

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from sitegen.commands.lock import PATIENT, Patience, locked
from sitegen.commands.why import explain, look_before
from sitegen.commands.work import Work, find_stale_parts, looked_over
from sitegen.config import Site
from sitegen.content.catalog import Catalog, open_catalog
from sitegen.content.permalinks import Replacements
from sitegen.content.scan import scan
from sitegen.content.source_files import ReadingRules
from sitegen.mapping import Mapper
from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.outputs.build_record import BuildRecord, open_build_record
from sitegen.outputs.fingerprint import digest_of, engine_digest
from sitegen.outputs.manifest import ManifestError, amend_manifest, read_manifest, write_manifest
from sitegen.outputs.tree import make_folder, remove_files, remove_torn
from sitegen.parallel import open_mapper

if TYPE_CHECKING:
    from sitegen.commands.import_summary import ImportSummary
    from sitegen.commands.profile import Profile

_FEW = 1_000  # changed files that are written into the manifest one by one
_MIB = 1 << 20
# What is still so in the Markdown is told there, when it is drawn.
_TOLD_AGAIN = frozenset(
    "unknown-shortcode poll-payload poll-without-payload poll-without-content poll-answers payload form-not-kept "
    "list-not-kept rating-not-kept gallery-without-pictures playlist-without-files embed-without-address "
    "faq-without-questions empty-review".split()
)


class Progress(Protocol):
    """Hears how far a stage ("read", "pages") is."""

    def __call__(self, stage: str, done: int, total: int = 0, /) -> None:
        """So many items are done, of about so many; 0 where nobody knows."""


def unseen(_stage: str, _done: int, _total: int = 0, /) -> None:
    """Progress that nobody looks at."""


class Tree(Struct, frozen=True):
    """An output tree and what is remembered of it. A preview has a tree of its own."""

    output: Path
    state: Path
    with_drafts: bool = False

    @property
    def record(self) -> Path:
        """The database of what was built from what."""
        return self.state / "record.sqlite"

    @property
    def manifest(self) -> Path:
        """The list of the tree's files; there is none while the tree is not whole."""
        return self.state / "manifest.txt"

    @property
    def previous_manifest(self) -> Path:
        """The list of what the tree held when it was whole last."""
        return self.state / "manifest.previous.txt"


class BuildReport(Struct):
    """What a build did."""

    articles: int = 0
    written: list[str] = []  # the first of them
    written_count: int = 0
    unchanged: int = 0
    removed_paths: list[str] = []
    seconds: float = 0.0
    why: list[str] = []  # reasons for the file that was asked for
    taken_in: "ImportSummary | None" = None  # None: there is no inbox
    problems: list[Problem] = []

    @property
    def removed(self) -> int:
        """Files that no page wants any more."""
        return len(self.removed_paths)

    @property
    def is_clean(self) -> bool:
        """Whether the tree is whole and may be published."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def site_tree(site: Site) -> Tree:
    """The tree that gets published."""
    return Tree(site.folder / site.config.paths.output, site.state / "build")


def preview_tree(site: Site) -> Tree:
    """The tree of the preview server: drafts never lie where publishing looks."""
    return Tree(site.state / "preview" / "output", site.state / "preview", with_drafts=True)


def open_tree_catalog(site: Site, tree: Tree) -> AbstractContextManager[Catalog]:
    """The catalog of a tree, as its last build left it."""
    return open_catalog(tree.state / "catalog.sqlite", _slugs(site))


def open_tree_record(tree: Tree) -> AbstractContextManager[BuildRecord]:
    """The record of a tree."""
    return open_build_record(tree.record)


def build(
    site: Site,
    tree: Tree,
    progress: Progress = unseen,
    now: dt.datetime | None = None,
    why: str = "",
    profile: "Profile | None" = None,
    patience: Patience = PATIENT,
) -> BuildReport:
    """Take in the inbox, then bring the output tree in line with the content.

    Articles that are to appear after `now` (with a zone; the clock's time if None) are nowhere to be seen. The report
    tells why the file `why` was written or not; `profile` is filled with where the time went.
    Problems of the content are in the report. Raises SiteError when the output folder can't be written, or
    when another build is at work for longer than there is `patience`.
    """
    started = time.monotonic()
    _refuse_strange_output(site, tree)
    with (
        locked(site.state / "lock", patience),
        open_tree_catalog(site, tree) as catalog,
        open_tree_record(tree) as record,
    ):
        stage = profile.stage if profile else _untimed
        local = local_time(site, now)
        with _mapper(site) as map_, looked_over(record, tree.record, tree.output, site.config.build.workers) as gone:
            with stage("take in raw articles"):
                taken_in = _take_in(site, map_)
            told = taken_in.problems if taken_in else []
            report = BuildReport(taken_in=taken_in, problems=[one for one in told if one.code not in _TOLD_AGAIN])
            with stage("read content files"):
                report.problems += _scan(site, tree, catalog, map_, progress, local)
            report.articles = catalog.count()
            with stage("find what is stale"):
                work = Work(site, tree.output, catalog, record, local.date())
                before = look_before(work, why) if why else None
                stale = find_stale_parts(work, gone())
        if stale or not tree.manifest.exists() or not report.is_clean:
            with stage("plan, draw and write pages"):
                _bring_in_line(tree, work, stale, report, progress, profile)
        if before:
            is_same = report.written_count == len(report.written) and before.output not in report.written
            report.why = explain(work, before, is_same)
        report.unchanged = record.count() - report.written_count
        report.problems += record.problems()
    report.seconds = time.monotonic() - started
    return report


def _mapper(site: Site) -> AbstractContextManager[Mapper]:
    return open_mapper(site.config.build.workers, site.config.build.scheduler)


@contextmanager
def scanned_catalog(site: Site, tree: Tree, patience: Patience = PATIENT) -> Iterator[tuple[Catalog, list[Problem]]]:
    """The catalog in line with the content, and the problems of its files; nothing is built."""
    tree.state.mkdir(parents=True, exist_ok=True)
    with (
        locked(site.state / "lock", patience),
        _mapper(site) as map_,
        open_tree_catalog(site, tree) as catalog,
    ):
        yield catalog, _scan(site, tree, catalog, map_, unseen, local_time(site))


def local_time(site: Site, now: dt.datetime | None = None) -> dt.datetime:
    """What the clock of the site says, without a zone; at `now`, or at this moment."""
    return (now or _this_moment()).astimezone(ZoneInfo(site.config.site.timezone)).replace(tzinfo=None)


def _this_moment() -> dt.datetime:
    """The time that SOURCE_DATE_EPOCH gives for builds that must come out the same, else the clock's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC)
    except (ValueError, OverflowError, OSError):
        hint = "give it the seconds since 1970, or unset it"
        raise SiteError(Problem(Location("SOURCE_DATE_EPOCH"), "clock", f'"{given}" is no time', hint)) from None


def _scan(
    site: Site, tree: Tree, catalog: Catalog, map_: Mapper, progress: Progress, local: dt.datetime
) -> list[Problem]:
    rules = _reading_rules(site, tree)
    slugs = _slugs(site)
    rules_digest = digest_of((structs.replace(rules, folder=""), slugs, engine_digest()))
    shown_until = "" if tree.with_drafts else local.isoformat()
    return scan(catalog, rules, rules_digest, site.config.import_.inbox, map_, progress, shown_until, slugs)


def _untimed(_stage: str) -> AbstractContextManager[None]:
    return nullcontext()


def _take_in(site: Site, map_: Mapper) -> "ImportSummary | None":
    if not site.inbox.is_dir():
        return None
    # The importers take longer to load than a build with nothing to do takes at all.
    from sitegen.commands.importing import take_in_inbox

    return take_in_inbox(site, map_)


def _bring_in_line(
    tree: Tree,
    work: Work,
    stale: set[str],
    report: BuildReport,
    progress: Progress,
    profile: "Profile | None",
) -> None:
    # What renders pages takes longer to load than a build with nothing to do takes at all.
    from sitegen.commands.making import make_stale

    record = work.record
    if record.is_empty():
        _remember_manifest(record, tree)
    if record.has_no_parts():
        record.set_meta("inputs", "")
        record.keep_problems("", work.templates.check())
    record.commit()
    was_whole = tree.manifest.exists()
    if was_whole:
        # From here on the tree is in motion, and nothing may be published until it is whole again.
        tree.manifest.replace(tree.previous_manifest)
    make_folder(str(tree.output))
    watch = profile.add if profile else lambda _made: None
    # Workers of its own: those that read were started before what renders pages was loaded.
    with _mapper(work.site) as map_:
        making = make_stale(work, stale, map_, partial(progress, "pages"), watch)
    remove_torn(str(tree.output))  # a worker may have died, in this build or with one that was killed
    report.written, report.written_count = making.written, making.written_count
    report.problems += making.clashes
    record.set_meta("inputs", "" if making.clashes else work.inputs)
    record.set_meta("planned", work.catalog.generation())
    if report.is_clean and not any(problem.severity is Severity.ERROR for problem in record.problems()):
        gone = record.unclaimed()
        report.removed_paths = remove_files(tree.output, gone)
        record.forget(gone)
        record.commit()
        try:
            _commit(tree, record, making.written if was_whole and making.written_count <= _FEW else None, gone)
        except OSError as error:
            place = Location(tree.manifest.parent.name)
            told = f"the list of files can't be written: {error.strerror}"
            report.problems.append(Problem(place, "write", told, "make room on the disk", partly=True))
    record.commit()
    work.catalog.acknowledge()


def _commit(tree: Tree, record: BuildRecord, written: list[str] | None, gone: list[str]) -> None:
    """Write the manifest: what the last whole tree became by a few files, where `written` names them, or all of it."""
    if written is not None and len(gone) <= _FEW:
        changes = {**dict.fromkeys(gone), **{path: record.find(path) for path in written}}
        with suppress(FileNotFoundError, ManifestError, ValueError):
            amend_manifest(tree.manifest, tree.previous_manifest, changes, record.count())
            return
    write_manifest(tree.manifest, record.output_files())


def _reading_rules(site: Site, tree: Tree) -> ReadingRules:
    config = site.config
    max_bytes = int(config.build.megabytes_per_article * _MIB)
    return ReadingRules(
        str(site.content),
        config.paths.content,
        config.permalinks,
        config.site.timezone,
        max_bytes,
        config.site.language,
        config.images.megapixels,
        tree.with_drafts,
        config.search.engine == "own",
    )


def _slugs(site: Site) -> Replacements:
    return tuple(sorted(site.config.slugs.items()))


def _remember_manifest(record: BuildRecord, tree: Tree) -> None:
    """A lost record still knows which files are ours."""
    for manifest in (tree.manifest, tree.previous_manifest):
        try:
            record.remember(read_manifest(manifest))
        except FileNotFoundError:
            continue
        except (ManifestError, ValueError):
            continue
        return


def _refuse_strange_output(site: Site, tree: Tree) -> None:
    place = Location(site.config.paths.output)
    if tree.output.exists() and not tree.output.is_dir():
        raise SiteError(Problem(place, "output", "is a file", "remove it, or name another folder in [paths] output"))
    try:
        make_folder(str(tree.output))
        tree.state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SiteError(Problem(place, "output", f"can't be made: {error.strerror}")) from None
    if not os.access(tree.output, os.W_OK | os.X_OK):
        raise SiteError(Problem(place, "output", "can't be written to", "change its permissions"))
