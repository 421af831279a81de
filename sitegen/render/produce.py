"""Stale pages become files, in whatever process the work is done."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.content.source_files import read_body
from sitegen.contexts import AnyContext, ArticleContext
from sitegen.limits import allow_processor_time, interruptible
from sitegen.model import Location, OutputFile, Page, Problem, Rendition, SiteError
from sitegen.outputs.tree import copy_file, write_file
from sitegen.render import markdown
from sitegen.render.body import Body, BodySource, render_body
from sitegen.render.comments import DrawnComment, drawn_comments
from sitegen.render.page import render_page
from sitegen.render.pictures import cleaned_file, make_rendition
from sitegen.render.settings import RenderSettings
from sitegen.render.templates import Templates, templates_for

_LAST_RESORT = 2  # times what an article may take, in code that can't be interrupted
_CONTEXT = msgspec.msgpack.Decoder(AnyContext)


class Job(NamedTuple):
    """A stale page on its way to a worker: small, and without live objects."""

    output: str
    template: str
    context: bytes
    body_of: str
    body_digest: str
    fingerprint: str
    known_digest: str = ""  # of the file that lies there from an earlier build
    body_at: int = -1
    body_line: int = 1


class CopyJob(NamedTuple):
    """A stale asset on its way to a worker."""

    output: str
    file: str
    fingerprint: str
    known_digest: str
    file_digest: str = ""
    kind: str = ""  # of a picture that is not copied as it is
    rendition: Rendition | None = None


class Made(NamedTuple):
    """What became of a job: a file, or none and the problems that say why."""

    output: str
    fingerprint: str
    file: OutputFile | None
    was_written: bool
    problems: tuple[Problem, ...]
    template: str = ""
    seconds: float = 0.0
    is_prose: bool | None = None  # whether its body needed no Python-Markdown; None for a page without one


def produce(settings: RenderSettings, output: str, jobs: list[Job | CopyJob]) -> list[Made]:
    """Render and write stale pages. Runs in a worker."""
    templates = templates_for(settings)
    pictures = Path(settings.pictures_folder)
    with interruptible():
        made = [
            _timed(partial(_copy, output, job, pictures), job)
            if isinstance(job, CopyJob)
            else _timed(partial(_produce_page, templates, output, job), job)
            for job in jobs
        ]
    allow_processor_time(0)
    return made


def _timed(make: Callable[[], Made], job: Job | CopyJob) -> Made:
    started, full = time.perf_counter(), markdown.converted()
    made = make()
    seconds = time.perf_counter() - started
    if isinstance(job, CopyJob):
        return made._replace(seconds=seconds)
    is_prose = markdown.converted() == full if job.body_of else None
    return made._replace(template=job.template, seconds=seconds, is_prose=is_prose)


def _produce_page(templates: Templates, output: str, job: Job) -> Made:
    allow_processor_time(_LAST_RESORT * templates.settings.seconds_per_article)
    try:
        page = Page(
            output=job.output,
            template=job.template,
            context=_CONTEXT.decode(job.context),
            body_of=job.body_of,
        )
        body = Body("")
        comments: tuple[DrawnComment, ...] = ()
        if job.body_of and isinstance(page.context, ArticleContext):
            body = render_body(_body_source(templates, page.context, job), templates)
            comments = _comments(templates, page.context)
        data = render_page(page, body, templates, comments)
        file, was_written = write_file(output, job.output, data, known_digest=job.known_digest)
    except SiteError as error:
        return Made(job.output, job.fingerprint, None, False, (error.problem,))
    except OSError as error:
        return Made(job.output, job.fingerprint, None, False, (_unwritable(job.output, error),))
    except MemoryError:
        place = Location(f"{templates.settings.content_name}/{job.body_of}" if job.body_of else job.output)
        return Made(
            job.output, job.fingerprint, None, False, (Problem(place, "memory", "takes more memory than is allowed"),)
        )
    return Made(job.output, job.fingerprint, file, was_written, body.problems)


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


def _copy(output: str, job: CopyJob, pictures: Path) -> Made:
    allow_processor_time(0)
    source = Path(job.file)
    try:
        if job.kind:
            data = (
                make_rendition(source, job.file_digest, job.rendition, pictures)
                if job.rendition
                else cleaned_file(source, job.file_digest, job.kind)
            )
            file, was_written = write_file(output, job.output, data, known_digest=job.known_digest)
        else:
            file, was_written = copy_file(Path(output), job.output, source, known_digest=job.known_digest)
    except OSError as error:
        return Made(job.output, job.fingerprint, None, False, (_unwritable(job.output, error),))
    return Made(job.output, job.fingerprint, file, was_written, ())


def _unwritable(path: str, error: OSError) -> Problem:
    return Problem(Location(f"output/{path}"), "write", f"can't be written: {error.strerror or error}", partly=True)
