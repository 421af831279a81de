"""Stale pages of a tree are made, what nobody wants is removed, and the manifest says what there is then."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from sitegen.beside import Beside
from sitegen.commands.build_report import BuildReport, Progress, untimed
from sitegen.commands.look_over import LookedOver
from sitegen.commands.making import make_stale
from sitegen.commands.trees import Tree, site_mapper
from sitegen.commands.why import explain, look_before
from sitegen.commands.work import Work, find_stale_parts
from sitegen.model import Location, OutputFile, Problem, Severity
from sitegen.outputs.build_record import BuildRecord
from sitegen.outputs.manifest import ManifestError, amend_manifest, read_manifest, write_manifest
from sitegen.outputs.tree import make_folder, remove_files, remove_spares, remove_torn

if TYPE_CHECKING:
    from sitegen.commands.profile import Profile

_FEW = 1_000  # changed files that are written into the manifest one by one


def bring_in_line(
    tree: Tree,
    work: Work,
    looked_over: LookedOver,
    drawer: Beside,
    report: BuildReport,
    progress: Progress,
    profile: "Profile | None" = None,
    why: str = "",
) -> None:
    """Bring a tree in line with its catalog, and fill in the report.

    Files that are gone, as `looked_over` says once it has looked, are made again. `drawer` draws the first pages.
    """
    stage = profile.stage if profile else untimed
    with stage("find what is stale"):
        before = look_before(work, why) if why else None
        stale = find_stale_parts(work, looked_over)
        report.unchanged = work.record.count()
    if stale or work.looks_otherwise or not tree.manifest.exists() or not report.is_clean:
        with stage("plan, draw and write pages"):
            _make(tree, work, stale, drawer, report, progress, profile)
    if before:
        is_same = report.written_count == len(report.written) and before.output not in report.written
        report.why = explain(work, before, is_same)


def _make(
    tree: Tree,
    work: Work,
    stale: set[str],
    drawer: Beside,
    report: BuildReport,
    progress: Progress,
    profile: "Profile | None",
) -> None:
    record = work.record
    if record.is_empty():
        _remember_manifest(record, tree)
    if record.has_no_parts():
        record.set_meta("inputs", "")
    if record.has_no_parts() or work.looks_otherwise:
        record.set_meta("look", "")
        record.keep_problems({"": work.templates.check()})
    record.commit()
    was_whole = tree.manifest.exists()
    if was_whole:
        # From here on the tree is in motion, and nothing may be published until it is whole again.
        tree.manifest.replace(tree.previous_manifest)
    make_folder(str(tree.output))
    watch = profile.add if profile else lambda _made: None
    # Workers of its own: those that read were started before what plans pages was loaded.
    with site_mapper(work.site, drawer, before_pool=work.load_what_draws) as map_:
        making = make_stale(work, stale, map_, partial(progress, "pages"), watch)
    report.written, report.written_count = making.written, making.written_count
    report.problems += making.clashes
    record.set_meta("inputs", "" if making.clashes else work.inputs.digest)
    record.set_meta("look", work.inputs.look.digest)
    record.set_meta("planned", work.catalog.generation())
    is_whole = report.is_clean and not any(problem.severity is Severity.ERROR for problem in record.problems())
    gone = record.unclaimed() if is_whole else []
    if is_whole:
        report.removed_paths = remove_files(tree.output, gone)
        record.forget_unclaimed(gone)
        record.commit()
    count = record.count()
    drawer.close()  # it has had time to end: only then nobody takes its files for those of somebody at work
    remove_spares(str(tree.output))
    remove_torn(str(tree.output))  # a worker may have died, in this build or with one that was killed
    report.unchanged = count - report.written_count
    try:
        making.settling.finish()
        if is_whole:
            _commit(tree, record, making.written if was_whole and making.written_count <= _FEW else None, gone, count)
    except OSError as error:
        place = Location(tree.manifest.parent.name)
        told = f"files can't be brought to the disk, or their list can't be written: {error.strerror}"
        report.problems.append(Problem(place, "write", told, "make room on the disk", partly=True))
    record.commit()
    work.catalog.acknowledge()


def _commit(tree: Tree, record: BuildRecord, written: list[str] | None, gone: list[str], count: int) -> None:
    """Write the manifest: what the last whole tree became by a few files, where `written` names them, or all of it."""
    if written is not None and len(gone) <= _FEW:
        changes = {**dict.fromkeys(gone), **{path: record.find(path) for path in written}}
        with suppress(FileNotFoundError, ManifestError, ValueError):
            amend_manifest(tree.manifest, tree.previous_manifest, changes, count)
            return
    if write_manifest(tree.manifest, record.output_files()) != count:
        record.count_again()


def _remember_manifest(record: BuildRecord, tree: Tree) -> None:
    """A lost record still knows which files are ours."""
    for manifest in (tree.manifest, tree.previous_manifest):
        try:
            is_whole = manifest == tree.manifest
            files = read_manifest(manifest)
            record.remember(file if is_whole else OutputFile(file.path, "", 0) for file in files)
        except FileNotFoundError:
            continue
        except (ManifestError, ValueError):
            continue
        return
