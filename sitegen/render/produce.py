"""Stale pages become files, in whatever process the work is done."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.content.bodies import bytes_of, read_body
from sitegen.contexts import AnyContext, ArticleContext
from sitegen.limits import allow_processor_time, interruptible
from sitegen.model import Location, OutputFile, Page, Problem, SiteError
from sitegen.outputs.tree import copy_file, write_file
from sitegen.render import markdown
from sitegen.render.body import Body, render_body
from sitegen.render.body_source import BodySource
from sitegen.render.comments import DrawnComment, drawn_comments
from sitegen.render.jobs import CopyJob, Job, Made
from sitegen.render.layout import NO_LAYOUT, Layout, layout_of
from sitegen.render.page import render_page
from sitegen.render.pictures import cleaned_file, make_rendition
from sitegen.render.settings import RenderSettings
from sitegen.render.templates import Templates, templates_for

_LAST_RESORT = 2  # times what an article may take, in code that can't be interrupted
_CHARACTERS_AT_ONCE = 1 << 20  # of bodies that wait for their pages
_NO_HTML = Body("")
_CONTEXT = msgspec.msgpack.Decoder(AnyContext)


def prepare(settings: RenderSettings) -> None:
    """Load what most pages of a site are drawn with; what is wrong with it is told when one is drawn."""
    templates_for(settings).warm_up()


def produce(settings: RenderSettings, output: str, jobs: list[Job | CopyJob]) -> list[Made]:
    """Render and write stale pages. Runs in a worker.

    Bodies first, then pages, then files: a processor that does one thing for some time does it a fifth faster.
    """
    templates = templates_for(settings)
    tasks = [_Task(job) for job in jobs]
    read = partial(_read, templates, output)
    draw, write = partial(_draw, templates), partial(_write, output, Path(settings.pictures_folder))
    with interruptible():
        for group in _read_groups(tasks, partial(_step, templates, read)):
            for task in group:
                _step(templates, draw, task)
            allow_processor_time(0)
            for task in group:
                _step(templates, write, task)
    return [task.made() for task in tasks]


class _Task(Struct):
    """A job, and how far it has come."""

    job: Job | CopyJob
    page: Page | None = None
    body: Body = _NO_HTML
    comments: tuple[DrawnComment, ...] = ()
    data: bytes = b""
    file: OutputFile | None = None
    was_written: bool = False
    problems: tuple[Problem, ...] = ()
    has_failed: bool = False
    seconds: float = 0.0
    is_prose: bool | None = None
    known_blocks: Mapping[str, bytes] | None = None  # what they print, as far as that is known
    layout: bytes = b""

    def made(self) -> Made:
        """What became of the job."""
        job = self.job
        template = job.template if isinstance(job, Job) else ""
        done = (self.file, self.was_written, self.problems, template, self.seconds, self.is_prose, self.layout)
        return Made(job.output, job.fingerprint, *done)

    def fail(self, problem: Problem) -> None:
        """Nothing more is done for the job."""
        self.has_failed, self.problems = True, (problem,)


def _read_groups(tasks: list[_Task], read: Callable[[_Task], None]) -> Iterator[list[_Task]]:
    """The tasks, their bodies read; as many at once as fit into memory without being noticed."""
    group, size = [], 0
    for task in tasks:
        read(task)
        group.append(task)
        size += len(task.body.html)
        if size >= _CHARACTERS_AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


def _step(templates: Templates, work: Callable[[_Task], None], task: _Task) -> None:
    """A part of the work for a task, unless it has failed before."""
    if task.has_failed:
        return
    started = time.perf_counter()
    try:
        work(task)
    except SiteError as error:
        task.fail(error.problem)
    except OSError as error:
        task.fail(_unwritable(task.job.output, error))
    except MemoryError:
        task.fail(Problem(_place(templates, task.job), "memory", "takes more memory than is allowed"))
    task.seconds += time.perf_counter() - started


def _read(templates: Templates, output: str, task: _Task) -> None:
    job = task.job
    if isinstance(job, CopyJob):
        return
    _allow_time(templates)
    context = _CONTEXT.decode(job.context)
    task.page = Page(output=job.output, template=job.template, context=context, body_of=job.body_of)
    known, layout = _known_page(output, job)
    body = layout.body_in(known)
    if job.keeps_blocks and (body or not job.body_of):
        task.known_blocks = layout.blocks_in(known)
    if job.body_of and isinstance(context, ArticleContext):
        task.comments = _comments(templates, context)
        if body:
            task.body = Body(body)
            return
        before = markdown.converted()
        task.body = render_body(_body_source(templates, context, job), templates)
        task.is_prose = markdown.converted() == before
        task.problems = task.body.problems


def _allow_time(templates: Templates) -> None:
    allow_processor_time(_LAST_RESORT * templates.settings.seconds_per_article)


def _draw(templates: Templates, task: _Task) -> None:
    if task.page:
        _allow_time(templates)
        drawn = render_page(task.page, task.body, templates, task.comments, task.known_blocks)
        task.data = drawn.data
        if not task.problems and drawn.layout != NO_LAYOUT:  # from a page that is kept, problems would be told no more
            task.layout = drawn.layout.encoded()
        task.page, task.body, task.comments, task.known_blocks = None, _NO_HTML, (), None


def _known_page(output: str, job: Job) -> tuple[bytes, Layout]:
    """The page that is to be replaced, and its layout; nothing if it is not what it was."""
    if job.known_layout:
        with suppress(OSError):
            data = bytes_of(f"{output}/{job.output}")
            if hashlib.sha256(data).hexdigest() == job.known_digest:
                return data, layout_of(job.known_layout)
    return b"", NO_LAYOUT


def _write(output: str, pictures: Path, task: _Task) -> None:
    job = task.job
    if isinstance(job, CopyJob):
        task.file, task.was_written = _copy(output, job, pictures)
    else:
        task.file, task.was_written = write_file(output, job.output, task.data, known_digest=job.known_digest)
        task.data = b""


def _place(templates: Templates, job: Job | CopyJob) -> Location:
    content_file = job.body_of if isinstance(job, Job) else ""
    return Location(f"{templates.settings.content_name}/{content_file}" if content_file else job.output)


def _body_source(templates: Templates, context: ArticleContext, job: Job) -> BodySource:
    settings = templates.settings
    shown = f"{settings.content_name}/{job.body_of}"
    text, line = read_body(
        f"{settings.content_folder}/{job.body_of}", shown, job.body_digest, job.body_at, job.body_line
    )
    return BodySource(
        source=shown, line=line, text=text, language=context.lang, output=job.output, path=context.path,
        links=context.links, pictures=context.pictures, polls=context.polls,
    )  # fmt: skip


def _comments(templates: Templates, context: ArticleContext) -> tuple[DrawnComment, ...]:
    if not context.comments_of:
        return ()
    settings = templates.settings
    shown = f"{settings.content_name}/{context.comments_of}"
    language = context.lang or settings.site.language
    return drawn_comments(Path(settings.content_folder, context.comments_of), shown, language)


def _copy(output: str, job: CopyJob, pictures: Path) -> tuple[OutputFile, bool]:
    source = Path(job.file)
    if not job.kind:
        return copy_file(Path(output), job.output, source, known_digest=job.known_digest)
    data = (
        make_rendition(source, job.file_digest, job.rendition, pictures)
        if job.rendition
        else cleaned_file(source, job.file_digest, job.kind)
    )
    return write_file(output, job.output, data, known_digest=job.known_digest)


def _unwritable(path: str, error: OSError) -> Problem:
    return Problem(Location(f"output/{path}"), "write", f"can't be written: {error.strerror or error}", partly=True)
