"""From the plan to files: what is stale is made, what nobody wants any more is removed."""

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct

from sitegen.config import Site
from sitegen.content.catalog import Catalog
from sitegen.content.topics import ALL, DISK
from sitegen.contexts import ArticleContext, Link
from sitegen.languages import translations
from sitegen.model import Asset, Location, Page, Problem
from sitegen.outputs.build_record import BuildRecord, Claim, Clash
from sitegen.outputs.fingerprint import digest_of, encoded, engine_digest, fingerprint
from sitegen.outputs.tree import is_in_place
from sitegen.pages.assets import theme_files
from sitegen.pages.cards import ARCHIVE, SECTIONS, TAGS, Part, Planner
from sitegen.pages.plan import KINDS, SITEMAPPED, dated_as, plan
from sitegen.parallel import Died, Mapper, in_batches
from sitegen.render.produce import CopyJob, Job, Made, produce
from sitegen.render.settings import RenderSettings, render_settings
from sitegen.render.templates import templates_for

_PAGES_A_BATCH = 64
_CLAIMS_AT_ONCE = 200


class Making(Struct):
    """What became of the pages."""

    written: list[str] = []
    failed: list[str] = []  # outputs that could not be made
    clashes: list[Problem] = []


class Work:
    """One build's fixed points: what the pages are made from, and what was made before."""

    def __init__(self, site: Site, output: Path, catalog: Catalog, record: BuildRecord, today: dt.date) -> None:
        self.catalog, self.record, self.output = catalog, record, str(output)
        self.settings = _settings(site, today)
        templates_for.cache_clear()  # they may have been edited since the last build of this process
        self.templates = templates_for(self.settings)
        self._template_digests: dict[tuple[str, bool, bool], str] = {}
        theme = theme_files(self.settings.template_folders)
        self.theme_digest = digest_of([(asset.output, str(asset.file), asset.digest) for asset in theme])
        texts = translations(self.settings.template_folders, self.settings.site.language)
        self._planner = Planner(
            catalog, site.config, texts, site.folder, self.settings.poll, today,
            theme, record.dated_outputs,
        )  # fmt: skip
        settings = digest_of((self.settings.seen_by_pages(), engine_digest()))
        self.settings_digest = settings[:16]
        config = site.config
        planning = (
            config.site,
            config.permalinks,
            config.listings,
            config.sections,
            config.slugs,
            config.feeds,
            config.data,
            config.redirects,
            config.import_.keep_raw,
            config.poll,
            self.settings.poll,
            catalog.polls.last_closing(today),
        )
        # All that a plan depends on beside the catalog: with other inputs everything is planned again.
        self.inputs = digest_of((planning, settings, self.templates.digest_of_all()))

    def parts(self, kinds: Container[str] = KINDS) -> Iterator[Part]:
        """The plan, of these kinds of parts."""
        return plan(self._planner, kinds)

    def items(self, part: Part) -> Iterable[Page | Problem | Asset]:
        """What a part consists of."""
        return part.items(self._planner)

    def template_digest(self, page: Page) -> str:
        """Hash of the templates that draw a page."""
        has_polls = isinstance(page.context, ArticleContext) and page.context.polls is not None
        key = (page.template, bool(page.shortcodes), has_polls)
        if key not in self._template_digests:
            # Which template draws a call is the shortcode's own affair, so a body with calls depends on them all.
            calls = self.templates.digest_of_all("shortcodes/") if page.shortcodes else ""
            polls = self.settings.poll if has_polls else None
            self._template_digests[key] = digest_of((self.templates.digest(page.template), calls, polls))[:16]
        return self._template_digests[key]


def find_stale_parts(work: Work) -> set[str]:
    """Leave in the record the parts that are known to be unchanged; the kinds of those that must be planned.

    What was made from other inputs is stale as a whole. Files that are missing, or whose size somebody else changed,
    make their parts stale.
    """
    record, catalog = work.record, work.catalog
    is_same = record.get_meta("inputs") == work.inputs
    changes = catalog.changes_since(record.get_meta("planned")) if is_same else None
    record.forget_files([path for path, size in record.sizes() if not is_in_place(work.output, path, size)])
    if changes is None or record.has_no_parts():
        record.forget_parts()
        return set(KINDS)
    record.forget_unfinished_parts()
    record.forget_parts_that_read({*changes, DISK})
    if record.get_meta("theme") != work.theme_digest:
        record.forget_part("asset theme")
    if ALL in changes:  # else there are the same parts as before
        record.keep_parts((part.key, digest_of(part.args)) for part in work.parts())
    if record.stale_kinds() & SITEMAPPED:
        record.forget_part("sitemap-index")
    return record.stale_kinds()


def make_stale(work: Work, kinds: set[str], map_: Mapper, progress: Callable[[int], None]) -> Making:
    """Plan every stale part of these kinds, and write what is stale of it.

    Where a page wants a path that another part has, everything is planned again, so that who has the path does not
    depend on what was built before.
    """
    making = Making()
    is_whole = work.record.has_no_parts()
    _make(work, kinds, map_, making, progress)
    if making.clashes and not is_whole:
        work.record.forget_parts()
        making.clashes.clear()
        _make(work, set(KINDS), map_, making, progress)
        making.written = list(dict.fromkeys(making.written))
    work.record.finish_parts(making.failed)
    work.record.set_meta("theme", work.theme_digest)
    return making


def _make(work: Work, kinds: set[str], map_: Mapper, making: Making, progress: Callable[[int], None]) -> None:
    record = work.record
    work_on = partial(produce, work.settings, work.output)
    for batch in map_(work_on, in_batches(_stale_jobs(work, kinds, making), _PAGES_A_BATCH)):
        made = list(_one_by_one(map_, work_on, batch.item)) if isinstance(batch, Died) else batch
        record.confirm((item.fingerprint, item.file) for item in made if item.file)
        for item in made:
            record.keep_problems(item.output, item.problems)
        making.written += (item.output for item in made if item.was_written)
        making.failed += (item.output for item in made if not item.file)
        record.commit()
        progress(len(making.written))


def _stale_jobs(work: Work, kinds: set[str], making: Making) -> Iterator[Job | CopyJob]:
    """Plan every part that is not known to be unchanged, and let through what must be made."""
    for part in work.parts(kinds):
        if not work.record.has_part(part.key):
            number = work.record.start_part(part.key, digest_of(part.args))
            topics = work.catalog.start_reading()
            problems: list[Problem] = []
            for batch in in_batches(work.items(part), _CLAIMS_AT_ONCE):
                problems += (item for item in batch if isinstance(item, Problem))
                jobs = [_job(work, part, item) for item in batch if not isinstance(item, Problem)]
                yield from _claimed(work, making, number, jobs)
            work.record.keep_problems(f"part {part.key}", problems)
            work.record.note_reads(number, topics)


def _claimed(work: Work, making: Making, part: int, jobs: list[tuple[Job | CopyJob, Claim]]) -> Iterator[Job | CopyJob]:
    """Those of the jobs that must be done: whose path is theirs, and whose page is stale."""
    stale = []
    claims = [claim for _job, claim in jobs]
    for (job, _claim), built in zip(jobs, work.record.claim(part, claims), strict=True):
        if isinstance(built, Clash):
            making.clashes.append(_clash(built))
        elif not built.is_fresh:
            stale.append(job._replace(known_digest=built.known_digest) if built.known_digest else job)
    work.record.begin_files(job.output for job in stale if job.known_digest)
    work.record.commit()
    yield from stale


def _job(work: Work, part: Part, item: Page | Asset) -> tuple[Job | CopyJob, Claim]:
    """What is to be done for an item, if it is stale, and its claim."""
    if isinstance(item, Asset):
        return CopyJob(item.output, str(item.file), item.digest, ""), Claim(item.output, item.digest, item.file.name)
    context = encoded(item.context)
    made_of = fingerprint(work.template_digest(item), work.settings_digest, item, context).text()
    job = Job(item.output, item.template, context, item.body_of, item.body_digest, made_of, "")
    source = item.sources[0] if item.sources else f"the {item.template} page"
    return job, Claim(item.output, made_of, source, *(dated_as(part, item) or ()))


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


def _settings(site: Site, today: dt.date) -> RenderSettings:
    settings = render_settings(site, (), today)
    say = translations(settings.template_folders, site.config.site.language).gettext
    nav = (Link(say("Archive"), ARCHIVE), Link(say("Sections"), SECTIONS), Link(say("Tags"), TAGS))
    return render_settings(site, nav, today)


def _clash(clash: Clash) -> Problem:
    if clash.path == clash.other_path:
        how = "the same path"
    elif clash.path.startswith(f"{clash.other_path}/") or clash.other_path.startswith(f"{clash.path}/"):
        how = "a folder where a file is"
    else:
        how = "a path that many hosts take for the same"
    message = f"wants {how} as {clash.other_source}: /{clash.path}"
    return Problem(Location(clash.source), "clash", message, "give one of the two another `slug:` in its front matter")
