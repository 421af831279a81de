"""What a worker is told of a stale page, and what it tells of it: light, since whoever plans needs no more."""

from typing import NamedTuple

from sitegen.model import OutputFile, Problem, Rendition


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
    has_calls: bool = False  # of shortcodes, in its body: their templates draw it too
    has_polls: bool = False
    known_layout: bytes = b""  # of the file that lies there, if its body is still the same
    keeps_blocks: bool = False  # whether all that it prints is still the same but for the frame


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
    is_prose: bool | None = None  # whether its body needed no Python-Markdown; None for a page that rendered none
    layout: bytes = b""  # of the page, if that can be told
