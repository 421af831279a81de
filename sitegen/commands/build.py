"""Bring the output tree in line with the content."""

import datetime as dt
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field, structs

from sitegen.commands.importing import ImportSummary, take_in_inbox
from sitegen.config import Site
from sitegen.content.catalog import Catalog, open_catalog
from sitegen.content.scan import scan
from sitegen.content.source_files import ReadingRules
from sitegen.contexts import ArticleContext, Link
from sitegen.languages import translations
from sitegen.model import Asset, Location, Page, Problem, Severity, SiteError
from sitegen.outputs.build_record import BuildRecord, Claim, Clash, open_build_record
from sitegen.outputs.fingerprint import digest_of, engine_digest, fingerprint
from sitegen.outputs.manifest import ManifestError, read_manifest, write_manifest
from sitegen.outputs.tree import is_in_place, remove_files
from sitegen.pages.articles import raw_copies
from sitegen.pages.assets import asset_files
from sitegen.pages.cards import ARCHIVE, SECTIONS, TAGS, Planner
from sitegen.pages.plan import plan
from sitegen.parallel import Died, Mapper, in_batches, open_mapper
from sitegen.render.produce import CopyJob, Job, Made, produce
from sitegen.render.settings import render_settings
from sitegen.render.templates import templates_for

_PAGES_A_BATCH = 64
_LOCK_SECONDS = 2.0
_MIB = 1 << 20
# What is still so in the Markdown is told there, when it is drawn.
_TOLD_AGAIN = frozenset(
    "unknown-shortcode poll-payload poll-without-payload poll-without-content poll-answers payload form-not-kept "
    "list-not-kept rating-not-kept gallery-without-pictures playlist-without-files embed-without-address "
    "faq-without-questions empty-review".split()
)
_ENCODE = msgspec.msgpack.Encoder().encode

Progress = Callable[[str, int], None]
"""Called with a stage ("read", "pages") and how many items of it are done."""


class Tree(Struct, frozen=True):
    """An output tree and what is remembered of it. A preview has a tree of its own."""

    output: Path
    state: Path
    with_drafts: bool = False

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
    written: list[str] = []
    unchanged: int = 0
    removed_paths: list[str] = []
    seconds: float = 0.0
    taken_in: ImportSummary = field(default_factory=ImportSummary)
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
    return open_catalog(tree.state / "catalog.sqlite", tuple(sorted(site.config.slugs.items())))


def open_tree_record(tree: Tree) -> AbstractContextManager[BuildRecord]:
    """The record of a tree."""
    return open_build_record(tree.state / "record.sqlite")


def build(
    site: Site,
    tree: Tree,
    progress: Progress = lambda _stage, _done: None,
    now: dt.datetime | None = None,
) -> BuildReport:
    """Take in the inbox, then bring the output tree in line with the content.

    Articles that are to appear after `now` (with a zone; the clock's time if None) are nowhere to be seen.
    Problems of the content are in the report. Raises SiteError when the output folder can't be written, or
    when another build is at work.
    """
    started = time.monotonic()
    _refuse_strange_output(site, tree)
    with (
        _lock(site.state / "lock"),
        open_mapper(site.config.build.workers) as map_,
        open_tree_catalog(site, tree) as catalog,
        open_tree_record(tree) as record,
    ):
        taken_in = take_in_inbox(site, map_)
        told_once = [problem for problem in taken_in.problems if problem.code not in _TOLD_AGAIN]
        report = BuildReport(taken_in=taken_in, problems=told_once)
        local = local_time(site, now)
        report.problems += _scan(site, tree, catalog, map_, progress, local)
        report.articles = catalog.count()
        work = _Work(site, tree, catalog, record, local.date())
        if work.is_done(report):
            report.unchanged = record.count()
        else:
            _bring_in_line(work, map_, report, progress)
        report.problems += record.problems()
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def scanned_catalog(site: Site, tree: Tree) -> Iterator[tuple[Catalog, list[Problem]]]:
    """The catalog in line with the content, and the problems of its files; nothing is built."""
    tree.state.mkdir(parents=True, exist_ok=True)
    with (
        _lock(site.state / "lock"),
        open_mapper(site.config.build.workers) as map_,
        open_tree_catalog(site, tree) as catalog,
    ):
        yield catalog, _scan(site, tree, catalog, map_, lambda _stage, _done: None, local_time(site))


def local_time(site: Site, now: dt.datetime | None = None) -> dt.datetime:
    """What the clock of the site says, without a zone; at `now`, or at this moment."""
    return (now or dt.datetime.now(dt.UTC)).astimezone(ZoneInfo(site.config.site.timezone)).replace(tzinfo=None)


def _scan(
    site: Site, tree: Tree, catalog: Catalog, map_: Mapper, progress: Progress, local: dt.datetime
) -> list[Problem]:
    rules = _reading_rules(site, tree)
    rules_digest = digest_of((structs.replace(rules, folder=""), engine_digest()))
    shown_until = "" if tree.with_drafts else local.isoformat()
    return scan(catalog, rules, rules_digest, site.config.import_.inbox, map_, progress, shown_until)


class _Work:
    """One build's fixed points: what the pages are made from, and what was made before."""

    def __init__(self, site: Site, tree: Tree, catalog: Catalog, record: BuildRecord, today: dt.date) -> None:
        self.site, self.tree, self.catalog, self.record, self.today = site, tree, catalog, record, today
        self.settings = render_settings(site, _nav(site), today)
        templates_for.cache_clear()  # they may have been edited since the last build of this process
        self.templates = templates_for(self.settings)
        self.settings_digest = digest_of(self.settings.seen_by_pages())
        self.polls_digest = digest_of(self.settings.poll)
        self.assets = list(asset_files(catalog, site.content, self.settings.template_folders))
        config = site.config
        planning = (
            config.site,
            config.permalinks,
            config.listings,
            config.sections,
            config.slugs,
            config.import_.keep_raw,
            config.poll,
        )
        assets = tuple((asset.output, asset.digest) for asset in self.assets)
        self.inputs = digest_of(
            (
                catalog.generation(),
                planning,
                self.settings_digest,
                self.polls_digest,
                catalog.polls.last_closing(today),
                self.templates.digest_of_all(),
                engine_digest(),
                assets,
            )
        )

    def is_done(self, report: BuildReport) -> bool:
        """Whether the tree is whole and was made from the very same things: then nothing need be planned."""
        is_same = self.record.get_meta("inputs") == self.inputs and self.tree.manifest.exists() and report.is_clean
        output = str(self.tree.output)
        return is_same and all(is_in_place(output, file) for file in self.record.output_files())


def _bring_in_line(work: _Work, map_: Mapper, report: BuildReport, progress: Progress) -> None:
    tree, record = work.tree, work.record
    record.set_meta("inputs", "")
    if record.is_empty():
        _remember_manifest(record, tree)
    record.commit()
    if tree.manifest.exists():
        # From here on the tree is in motion, and nothing may be published until it is whole again.
        tree.manifest.replace(tree.previous_manifest)
    problems = work.templates.check()
    problems += _write_stale(work, map_, report, progress)
    record.keep_problems("", problems)
    if report.is_clean and not any(problem.severity is Severity.ERROR for problem in record.problems()):
        gone = record.unclaimed()
        remove_files(tree.output, gone)
        report.removed_paths = gone
        record.forget(gone)
        record.commit()
        write_manifest(tree.manifest, record.output_files())
        record.set_meta("inputs", work.inputs)
    record.commit()


def _write_stale(work: _Work, map_: Mapper, report: BuildReport, progress: Progress) -> list[Problem]:
    """Write every stale page and asset; problems of the plan, as long as nobody else keeps them."""
    problems: list[Problem] = []
    record, output = work.record, str(work.tree.output)
    work.tree.output.mkdir(parents=True, exist_ok=True)
    jobs = _stale_jobs(work, report, problems)
    work_on = partial(produce, work.settings, output)
    for batch in map_(work_on, in_batches(jobs, _PAGES_A_BATCH)):
        made = list(_one_by_one(map_, work_on, batch.item)) if isinstance(batch, Died) else batch
        for item in made:
            record.keep_problems(item.output, item.problems)
            if item.file:
                record.confirm(item.fingerprint, item.file)
            if item.was_written:
                report.written.append(item.output)
            elif item.file:
                report.unchanged += 1
        record.commit()
        progress("pages", len(report.written) + report.unchanged)
    return problems


def _stale_jobs(work: _Work, report: BuildReport, problems: list[Problem]) -> Iterator[Job | CopyJob]:
    """Plan everything and let through what must be made."""
    texts = translations(work.settings.template_folders, work.settings.site.language)
    planner = Planner(work.catalog, work.site.config, texts, work.site.folder, work.settings.poll, work.today)
    output = str(work.tree.output)
    for item in chain(plan(planner), work.assets, raw_copies(planner)):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        claim = _claim_of_asset(item) if isinstance(item, Asset) else _claim_of_page(item, work)
        built = work.record.claim(claim)
        if isinstance(built, Clash):
            problems.append(_clash(built))
        elif built.is_fresh and built.file and is_in_place(output, built.file):
            report.unchanged += 1
        elif isinstance(item, Asset):
            yield CopyJob(item.output, str(item.file), claim.fingerprint, built.file.digest if built.file else "")
        else:
            known = built.file.digest if built.file else ""
            yield Job(item.output, item.template, _ENCODE(item.context), item.body_of, item.body_digest,
                      claim.fingerprint, known)  # fmt: skip


def _claim_of_page(page: Page, work: _Work) -> Claim:
    templates = work.templates
    template_digest = templates.digest(page.template)
    if page.shortcodes:
        # Which template draws a call is the shortcode's own affair, so a body with calls depends on them all.
        template_digest += templates.digest_of_all("shortcodes/")
    if isinstance(page.context, ArticleContext) and page.context.polls:
        template_digest += work.polls_digest
    source = page.sources[0] if page.sources else f"the {page.template} page"
    return Claim(page.output, fingerprint(page, template_digest, work.settings_digest), source)


def _claim_of_asset(asset: Asset) -> Claim:
    return Claim(asset.output, asset.digest, asset.file.name)


def _one_by_one(
    map_: Mapper, work_on: Callable[[list[Job | CopyJob]], list[Made]], jobs: list[Job | CopyJob]
) -> Iterator[Made]:
    """After a worker's death: each job alone, so that only the one that kills costs its page."""
    for result in map_(work_on, ([job] for job in jobs)):
        if isinstance(result, Died):
            job = result.item[0]
            name = f"content file {job.body_of}" if isinstance(job, Job) and job.body_of else job.output
            problem = Problem(Location(name), "crash", "a worker died while making this page", partly=True)
            yield Made(job.output, job.fingerprint, None, False, (problem,))
        else:
            yield from result


def _reading_rules(site: Site, tree: Tree) -> ReadingRules:
    config = site.config
    max_bytes = int(config.build.megabytes_per_article * _MIB)
    return ReadingRules(
        str(site.content), config.paths.content, config.permalinks, config.site.timezone, max_bytes, tree.with_drafts
    )


def _nav(site: Site) -> tuple[Link, ...]:
    settings = render_settings(site, (), dt.date.min)
    say = translations(settings.template_folders, site.config.site.language).gettext
    return (Link(say("Archive"), ARCHIVE), Link(say("Sections"), SECTIONS), Link(say("Tags"), TAGS))


def _clash(clash: Clash) -> Problem:
    if clash.path == clash.other_path:
        how = "the same path"
    elif clash.path.startswith(f"{clash.other_path}/") or clash.other_path.startswith(f"{clash.path}/"):
        how = "a folder where a file is"
    else:
        how = "a path that many hosts take for the same"
    message = f"wants {how} as {clash.other_source}: /{clash.path}"
    return Problem(Location(clash.source), "clash", message, "give one of the two another `slug:` in its front matter")


def _remember_manifest(record: BuildRecord, tree: Tree) -> None:
    """A lost record still knows which files are ours."""
    for manifest in (tree.manifest, tree.previous_manifest):
        try:
            for file in read_manifest(manifest):
                record.confirm("", file)
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
        tree.output.mkdir(parents=True, exist_ok=True)
        tree.state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SiteError(Problem(place, "output", f"can't be made: {error.strerror}")) from None
    if not os.access(tree.output, os.W_OK | os.X_OK):
        raise SiteError(Problem(place, "output", "can't be written to", "change its permissions"))


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """One build of a site at a time; the lock ends with its process, however that ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        if not _locked(file):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            message = f"another build is at work here (process {holder})"
            raise SiteError(Problem(Location(path.parent.name), "locked", message, "wait until it is done"))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _locked(file: TextIO) -> bool:
    """Take the lock. The workers of a build that was killed hold it for a moment longer, so it is waited for."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            return True
