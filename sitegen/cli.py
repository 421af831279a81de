"""Words in, words out: arguments, what is shown, exit codes.

Exit codes: 0 fine, 1 problems in content, 2 usage or configuration, 3 partly done, 130 interrupted.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sitegen import __version__

if TYPE_CHECKING:  # the commands and their libraries are loaded by the command that needs them
    from sitegen.commands.lock import Patience
    from sitegen.commands.look_over import LookedAhead
    from sitegen.config import Site
    from sitegen.model import Problem
    from sitegen.terminal import Terminal

FINE, PROBLEMS, USAGE, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130
_OBJECTS_A_COLLECTION = 50_000
_TERMINAL = 80  # columns, where nobody can tell


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    # What is loaded and read stays, and hardly anything makes circles.
    gc.set_threshold(_OBJECTS_A_COLLECTION)
    try:
        wanted = sys.argv[1:] if arguments is None else arguments
        options = _parser(wanted).parse_args(wanted)
    except BrokenPipeError:  # of the help; newer Pythons keep it to themselves
        return _unread()
    with _looked_ahead(options) as options.looked_ahead:
        return _run(options)


def _looked_ahead(options: argparse.Namespace) -> "AbstractContextManager[LookedAhead | None]":
    """A build waits for this longest: a process of its own begins with it before anything else is loaded."""
    if options.run not in (_build, _check):
        return nullcontext()
    from sitegen.commands.look_over import looked_ahead

    return looked_ahead(options.folder)


def _run(options: argparse.Namespace) -> int:
    _load_msgspec()
    from sitegen.model import SiteError
    from sitegen.terminal import Terminal

    terminal = Terminal(is_quiet=getattr(options, "quiet", False), is_json=getattr(options, "json", False))
    try:
        code: int = options.run(options, terminal)
        gc.freeze()  # what is left is given back as a whole: to look through it once more takes long
        sys.stdout.flush()
    except SiteError as error:
        terminal.refused(error.problem)
        return USAGE
    except KeyboardInterrupt:
        terminal.note("interrupted; the next run goes on from here")
        return INTERRUPTED
    except BrokenPipeError:
        return _unread()
    return code


def _unread() -> int:
    """Whoever read our output has seen enough: what is left of it goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FINE


def _load_msgspec() -> None:
    """Load msgspec without typing_extensions, which takes as long and is asked only for what typing has."""
    if "typing_extensions" not in sys.modules:
        sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # as if it were not installed
        try:
            import msgspec  # noqa: F401
        finally:
            del sys.modules["typing_extensions"]


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for these arguments. Of the commands it knows the one that they name: to make all takes time."""
    parser = argparse.ArgumentParser(
        prog="sitegen",
        description="Rescue raw articles and turn them into a static archive.",
        epilog="Exit codes: 0 fine, 1 problems in content, 2 usage or configuration, 3 partly done, 130 interrupted.",
        formatter_class=_formatter,
    )
    _add_shared(parser)
    parser.add_argument("-C", dest="folder", type=Path, default=Path(), metavar="DIR", help="the site (default: here)")
    parser.add_argument("--version", action="version", version=f"sitegen {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    wanted = _command_in(arguments)
    for name, command in _COMMANDS.items():
        if wanted in ("", name):
            made = _described(commands, name, command.text)
            made.set_defaults(run=command.run)
            command.add_options(made)
    return parser


def _command_in(arguments: Sequence[str]) -> str:
    """The command that is named; "" for none, or one that there is not."""
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-"):
            return argument if argument in _COMMANDS else ""
        if not argument.startswith("--") and argument.find("C") == len(argument) - 1:  # of -C, or -qC
            next(rest, None)
    return ""


def _described(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    description = text[:1].upper() + text[1:] + "."
    made = commands.add_parser(name, help=text, description=description, formatter_class=_formatter)
    _add_shared(made)
    return made


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help="print problems only")
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Its own way to ask how wide the terminal is takes half as long as the parser; it is asked for each option."""
    return argparse.HelpFormatter(prog, width=_columns() - 2)


@cache
def _columns() -> int:
    try:
        return int(os.environ.get("COLUMNS", "")) or _TERMINAL
    except ValueError:
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _TERMINAL
    except (AttributeError, ValueError, OSError):
        return _TERMINAL


def _init_options(init: argparse.ArgumentParser) -> None:
    init.add_argument("dir", nargs="?", type=Path, metavar="DIR", help="folder of the new site (default: here)")


def _import_options(import_: argparse.ArgumentParser) -> None:
    import_.add_argument(
        "--from", dest="importer", default="", metavar="FORMAT", help="raw-text (default: by file name)"
    )
    import_.add_argument("--review", action="store_true", help="write a page to look the import over, and open it")
    import_.add_argument("--strict", action="store_true", help="a loss of text is an error")
    import_.add_argument(
        "--without", action="append", default=[], metavar="KIND",
        help="leave damage of a kind as it is: mojibake, entity, invisible, glued-sentence, shortcode",
    )  # fmt: skip
    import_.add_argument(
        "--report", type=Path, metavar="FILE", help="write what is known of every article, as JSON lines"
    )
    import_.add_argument("--uploads", type=Path, metavar="DIR", help="take media from a copy of wp-content/uploads")
    import_.add_argument("--media", action="store_true", help="fetch media that are still missing from the old site")
    import_.add_argument(
        "source", nargs="*", type=Path, metavar="SOURCE", help="a file, or a folder of any depth (default: the inbox)"
    )
    _add_wait(import_)


def _build_options(build: argparse.ArgumentParser) -> None:
    build.add_argument("--why", default="", metavar="PATH", help="tell why this file was written, or was not")
    build.add_argument("--profile", action="store_true", help="tell where the time went")
    _add_wait(build)


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--port", type=int, default=None, help="default: 8000, or the next free one")
    serve.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine alone")


def _publish_options(publish: argparse.ArgumentParser) -> None:
    publish.add_argument(
        "target", nargs="?", default="", metavar="TARGET", help="of [publish.TARGET]; default: the only one"
    )
    publish.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    publish.add_argument("--allow-deletes", type=int, default=None, metavar="N", help="remove up to N files")


def _check_options(check: argparse.ArgumentParser) -> None:
    _add_wait(check)


def _polls_options(polls: argparse.ArgumentParser) -> None:
    actions = polls.add_subparsers(dest="action", metavar="ACTION", required=True)
    _described(actions, "list", "every poll: where it stands, whether one can vote, how many votes it has")
    text = "count the votes of an export (Netlify, Formspree, any CSV) into data files; twice changes nothing"
    tally = _described(actions, "tally", text)
    tally.add_argument("file", type=Path, metavar="FILE", help="the export, JSON or CSV")
    tally.add_argument("--poll", default="", metavar="KEY", help="all votes are for this poll")
    tally.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column holds id, poll, answer or date"
    )


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait", type=float, default=60.0, metavar="SECONDS",
        help="how long to wait while another build or import is at work here (default: 60)",
    )  # fmt: skip


def _init(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.init import init

    folder = options.folder / options.dir if options.dir else options.folder
    made = init(folder)
    terminal.initialised(folder, made)
    return FINE


def _import(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.importing import MediaWish, import_sources

    site, media = _site(options), MediaWish(options.uploads, options.media)
    with terminal.progress() as progress:
        summary = import_sources(
            site, options.source, options.importer, progress, tuple(options.without), media,
            _patience(options, terminal),
        )  # fmt: skip
    if options.strict:
        summary.problems = [_as_error(problem) if problem.code == "loss" else problem for problem in summary.problems]
    terminal.imported(summary)
    if options.review:
        from sitegen.commands.review import write_review

        raw_files = {source.resolve().name: source.resolve() for source in options.source}
        terminal.reviewed(write_review(site, raw_files))
    if options.report:
        from sitegen.commands.import_memory import write_reports

        write_reports(site, options.report)
    terminal.problems(summary.problems)
    return _code(summary.problems)


def _build(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.build import build
    from sitegen.commands.trees import site_tree

    site = _site(options)
    profile = None
    if options.profile:
        from sitegen.commands.profile import Profile

        profile = Profile()
    with terminal.progress() as progress:
        report = build(
            site, site_tree(site), progress, why=options.why, profile=profile, patience=_patience(options, terminal),
            looked_ahead=options.looked_ahead,
        )  # fmt: skip
    terminal.problems(report.problems)
    terminal.built(report, site.config.paths.output)
    terminal.lines(report.why)
    terminal.lines(profile.lines() if profile else ())
    return _code(report.problems)


def _patience(options: argparse.Namespace, terminal: "Terminal") -> "Patience":
    from sitegen.commands.lock import Patience

    return Patience(options.wait, terminal.aside)


def _serve(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.serve import serve

    serve(_site(options), options.host, options.port, terminal)
    return FINE


def _publish(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.publish import publish

    outcome = publish(_site(options), options.target, dry_run=options.dry_run, allow_deletes=options.allow_deletes)
    terminal.published(outcome)
    terminal.problems(outcome.problems)
    return PARTLY if outcome.problems else FINE


def _check(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.check import check

    with terminal.progress() as progress:
        report = check(_site(options), progress, _patience(options, terminal), options.looked_ahead)
    terminal.checked(report)
    terminal.problems(report.problems, limit=100)
    return _code(report.problems)


def _polls(options: argparse.Namespace, terminal: "Terminal") -> int:
    from sitegen.commands.polls import list_polls, tally
    from sitegen.importers.ballots import FIELDS

    site = _site(options)
    if options.action == "list":
        listed = list_polls(site)
        terminal.polls_listed(listed)
        terminal.problems(listed.problems)
        return _code(listed.problems)
    pairs = [pair.partition("=") for pair in options.map]
    if wrong := next((field for field, equals, name in pairs if field not in FIELDS or not equals or not name), None):
        terminal.note(f'sitegen polls tally: "{wrong}" in --map: write FIELD=COLUMN, with one of {", ".join(FIELDS)}')
        return USAGE
    report = tally(site, options.file, {field: name for field, _, name in pairs}, options.poll)
    terminal.tallied(report)
    terminal.problems(report.problems)
    return _code(report.problems)


class _Command(NamedTuple):
    text: str
    run: Callable[[argparse.Namespace, "Terminal"], int]
    add_options: Callable[[argparse.ArgumentParser], None]


_COMMANDS = {
    "init": _Command("make a new site that builds at once", _init, _init_options),
    "import": _Command("turn raw articles into Markdown under content/", _import, _import_options),
    "build": _Command("take in the inbox and build the site into output/", _build, _build_options),
    "serve": _Command("preview the site, with drafts, and reload pages as files change", _serve, _serve_options),
    "publish": _Command("bring a target in line with the built site", _publish, _publish_options),
    "check": _Command("build, then look for what a reader would stumble over", _check, _check_options),
    "polls": _Command("list polls, and count votes into their data files", _polls, _polls_options),
}


def _site(options: argparse.Namespace) -> "Site":
    from sitegen.config import read_site

    return read_site(options.folder)


def _as_error(problem: "Problem") -> "Problem":
    from msgspec.structs import replace

    from sitegen.model import Severity

    return replace(problem, severity=Severity.ERROR)


def _code(problems: Sequence[object]) -> int:
    from sitegen.model import Problem, Severity

    errors = [problem for problem in problems if isinstance(problem, Problem) and problem.severity is Severity.ERROR]
    if any(problem.partly for problem in errors):
        return PARTLY
    return PROBLEMS if errors else FINE
