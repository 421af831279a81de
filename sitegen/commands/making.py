"""From the plan to files: what is stale is made, what nobody wants any more is removed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain

from msgspec import Struct, msgpack

from sitegen.commands.drawing import draw
from sitegen.commands.work import Work
from sitegen.contexts import ArticleContext
from sitegen.mapping import Died, Mapper, in_batches, map_batches
from sitegen.model import Asset, Location, Page, Problem
from sitegen.outputs.build_record import BuildRecord, Claim, Clash
from sitegen.outputs.exchange import PLAIN, Settling
from sitegen.outputs.fingerprint import differing, digest_of, encoded, fingerprint
from sitegen.pages.cards import Part
from sitegen.pages.plan import dated_as
from sitegen.render.jobs import CopyJob, Job, Made
from sitegen.render.json_files import is_json

MAX_TOLD = 20_000  # paths that a report names; beyond, only their number grows
_PAGES_A_BATCH, _PAGES_AT_FIRST = 64, 8  # few, so that somebody is at work soon
_RENDITION = 32  # to make one takes as long as so many pages, and longer
_CLAIMS_AT_ONCE = 200
_BATCHES_A_COMMIT = 8
_BATCHES_A_SETTLING = 32
_TEMPLATES = {"template", "frame"}  # what no body sees
_CLASHES = "clashes"  # whether the last build had any
_ENCODE = msgpack.Encoder().encode
_JOBS = msgpack.Decoder(list[Job])
_BYTES_OF_A_PAGE = 16_000  # that a worker is told of it, in most cases less

_AnyJob = Job | CopyJob
Watch = Callable[[list[Made]], None]
"""Called with what was made, batch by batch."""


class Making(Struct):
    """What became of the pages."""

    settling: Settling  # until it is finished, other pages may lie on the disk where some were replaced
    done: int = 0  # with those that were as they should be
    written: list[str] = []  # the first of them
    written_count: int = 0
    failed: list[str] = []  # outputs that could not be made
    clashes: list[Problem] = []


def make_stale(
    work: Work, kinds: set[str], map_: Mapper, progress: Callable[[int, int], None], watch: Watch = lambda _made: None
) -> Making:
    """Plan every stale part of these kinds, and write what is stale of it.

    Where the site looks otherwise than before, pages of the other parts are drawn again as they were planned.
    Where a page wants a path that another part has, everything is planned again in order, so that who has the path
    depends neither on what was built before nor on who was planned first.
    """
    making = Making(Settling(work.output))
    is_whole = work.record.has_no_parts()
    is_woven = not work.record.get_meta(_CLASHES)
    expected = work.expected_files()
    tell = partial(_tell, progress, making, expected)
    try:
        jobs = _stale_jobs(work, work.parts(kinds, is_woven=is_woven), making)
        _make(work, chain(_redrawn_jobs(work, making), jobs), map_, making, tell, watch)
        if making.clashes and (is_woven or not is_whole):
            work.record.forget_parts()
            making.clashes.clear()
            _make(work, _stale_jobs(work, work.parts(is_woven=False), making), map_, making, tell, watch)
            making.written = list(dict.fromkeys(making.written))
    except BaseException:
        if not work.record.is_new:  # what was replaced until now counts as made
            making.settling.begin()
            with suppress(OSError):
                making.settling.finish()
        raise
    work.record.set_meta(_CLASHES, "1" if making.clashes else "")
    if making.written_count > PLAIN and not work.record.is_new:
        making.settling.begin()
    work.remember_raw_folders()
    work.record.finish_parts(making.failed)
    work.record.set_meta("theme", work.inputs.look.files_digest)
    return making


def _make(
    work: Work, jobs: Iterator[_AnyJob], map_: Mapper, making: Making, tell: Callable[[], None], watch: Watch
) -> None:
    record = work.record
    work_on = partial(draw, work.settings, work.output)
    batches = _begun(record, _batches(jobs))
    for number, batch in enumerate(map_batches(map_, work_on, batches), 1):
        made = [_not_made(batch.item)] if isinstance(batch, Died) else batch
        record.confirm((item.fingerprint, item.file, item.layout) for item in made if item.file)
        record.keep_problems({item.output: item.problems for item in made})
        written = [item.output for item in made if item.was_written]
        making.written_count += len(written)
        making.written += written[: MAX_TOLD - len(making.written)]
        making.failed += (item.output for item in made if not item.file)
        if number % _BATCHES_A_COMMIT == 0:  # what a build that is cut off has not told is made again
            record.commit()
        if number % _BATCHES_A_SETTLING == 0 and not record.is_new:  # so that there is little to wait for in the end
            making.settling.begin()
        watch(made)
        making.done += len(made)
        tell()


def _tell(progress: Callable[[int, int], None], making: Making, expected: int) -> None:
    progress(making.done, max(making.done, expected) if expected else 0)


def _redrawn_jobs(work: Work, making: Making) -> Iterator[Job]:
    """Where the site looks otherwise: of the pages that need not be planned again those that must be drawn again."""
    for pages in work.record.kept_pages() if work.looks_otherwise else ():
        jobs = _JOBS.decode(pages)
        known = work.record.known([job.output for job in jobs])
        for job in jobs:
            was = known[job.output]
            drawn_with = work.drawn_with(job.template, has_calls=job.has_calls, has_polls=job.has_polls)
            made_of = drawn_with.again(job.fingerprint)
            if was.digest and was.fingerprint == made_of:
                making.done += 1
                continue
            job = job._replace(fingerprint=made_of, known_digest=was.digest)
            yield _with_known(job, was.layout, differing(was.fingerprint, made_of))


def _with_known(job: Job, layout: bytes, changed: tuple[str, ...]) -> Job:
    """The job, with what of the page is still the same where nothing but this has changed.

    What a call prints is its template's affair, and of a poll its page sees more than what it prints.
    """
    keeps_blocks = "template" not in changed
    if not _TEMPLATES.issuperset(changed) or job.has_polls or (job.has_calls and not keeps_blocks):
        return job
    return job._replace(known_layout=layout, keeps_blocks=keeps_blocks)


def _stale_jobs(work: Work, parts: Iterable[Part], making: Making) -> Iterator[_AnyJob]:
    """Plan every part that is not known to be unchanged, and let through what must be made."""
    is_unchanged = work.record.unchanged_parts()
    for part in parts:
        if not is_unchanged(part.key):
            kind = part.kind
            number = work.record.start_part(part.key, digest_of(part.args))
            topics = work.catalog.start_reading()
            problems: list[Problem] = []
            for batch in in_batches(work.items(part), _CLAIMS_AT_ONCE):
                problems += (item for item in batch if isinstance(item, Problem))
                jobs = [_job(work, kind, item) for item in batch if not isinstance(item, Problem)]
                yield from _claimed(work, making, number, jobs)
            work.record.keep_problems({f"part {part.key}": problems})
            work.record.note_reads(number, topics)


def _claimed(work: Work, making: Making, part: int, jobs: list[tuple[_AnyJob, Claim]]) -> Iterator[_AnyJob]:
    """Those of the jobs that must be done: whose path is theirs, and whose page is stale."""
    stale = []
    kept = []
    claims = [claim for _job, claim in jobs]
    for (job, _claim), built in zip(jobs, work.record.claim(part, claims), strict=True):
        if isinstance(built, Clash):
            making.clashes.append(_clash(built))
            continue
        if isinstance(job, Job) and not is_json(job.template):  # those see nothing of the theme
            kept.append(job)
        if not built.is_fresh:
            stale.append(job._replace(known_digest=built.known_digest) if built.known_digest else job)
        else:
            making.done += 1
    if kept:
        work.record.keep_pages(part, _ENCODE(kept))
    yield from stale


def _job(work: Work, kind: str, item: Page | Asset) -> tuple[_AnyJob, Claim]:
    """What is to be done for an item of a part of this kind, if it is stale, and its claim."""
    if isinstance(item, Asset):
        copy = CopyJob(item.output, str(item.file), item.digest, "", item.file_digest, item.kind, item.rendition)
        return copy, Claim(item.output, item.digest, item.file.name)
    context, has_calls = encoded(item.context), bool(item.shortcodes)
    has_polls = isinstance(item.context, ArticleContext) and item.context.polls is not None
    drawn_with = work.drawn_with(item.template, has_calls=has_calls, has_polls=has_polls)
    made_of = fingerprint(drawn_with, item, context).text()
    body = (item.body_of, item.body_digest, made_of, "", item.body_at, item.body_line)
    job = Job(item.output, item.template, context, *body, has_calls, has_polls)
    source = item.sources[0] if item.sources else f"the {item.template} page"
    return job, Claim(item.output, made_of, source, *(dated_as(kind, item) or ()))


def _batches(jobs: Iterator[_AnyJob]) -> Iterator[list[_AnyJob]]:
    """Batches of about the same work and size, so that no worker has all the pictures or all the long lists."""
    batch: list[_AnyJob] = []
    weight, most = 0, _PAGES_AT_FIRST
    for job in jobs:
        batch.append(job)
        weight += _weight(job)
        if weight >= most:
            yield batch
            batch, weight, most = [], 0, _PAGES_A_BATCH
    if batch:
        yield batch


def _begun(record: BuildRecord, batches: Iterator[list[_AnyJob]]) -> Iterator[list[_AnyJob]]:
    """The batches; before one is handed on, the record has it for good that its files are about to be written."""
    for batch in batches:
        if known := [job.output for job in batch if job.known_digest]:
            record.begin_files(known)
            record.commit()
        yield batch


def _weight(job: _AnyJob) -> int:
    if isinstance(job, CopyJob):
        return _RENDITION if job.rendition else 1
    return 1 + len(job.context) // _BYTES_OF_A_PAGE


def _not_made(job: _AnyJob) -> Made:
    """A job that ended its worker, with nobody beside it."""
    name = f"content file {job.body_of}" if isinstance(job, Job) and job.body_of else job.output
    message = "a worker died while making this page: it took too much time or memory, or broke what draws it"
    return Made(job.output, job.fingerprint, None, False, (Problem(Location(name), "crash", message, partly=True),))


def _clash(clash: Clash) -> Problem:
    if clash.path == clash.other_path:
        how = "the same path"
    elif clash.path.startswith(f"{clash.other_path}/") or clash.other_path.startswith(f"{clash.path}/"):
        how = "a folder where a file is"
    else:
        how = "a path that many hosts take for the same"
    message = f"wants {how} as {clash.other_source}: /{clash.path}"
    return Problem(Location(clash.source), "clash", message, "give one of the two another `slug:` in its front matter")
