"""Preview: build in a loop, into a tree of its own, and show it."""

import socket
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from watchfiles import watch

from sitegen.commands.build import build
from sitegen.commands.build_report import BuildReport
from sitegen.commands.lock import Patience
from sitegen.commands.trees import Tree, preview_tree
from sitegen.config import Site, read_site
from sitegen.model import Location, Problem, Severity, SiteError
from sitegen.places import CONFIG_FILE
from sitegen.preview.server import PreviewServer, own_hosts
from sitegen.theme import default_theme

_FIRST_PORT = 8000
_TRIES = 10
_LOOK_MS = 500


class Told(Protocol):
    """Where the words of a running preview go."""

    def say(self, text: str) -> None:
        """A line of the result."""

    def note(self, text: str) -> None:
        """A line beside it."""

    def problems(self, problems: Sequence[Problem]) -> None:
        """What is wrong."""


def serve(site: Site, host: str, port: int | None, terminal: Told, stop: threading.Event | None = None) -> None:
    """Serve until interrupted, or until `stop` is set. Raises SiteError when no port is to be had."""
    listener = _listen(host, port)
    tree = preview_tree(site)
    base = urlsplit(site.config.site.url).path or "/"
    server = PreviewServer(
        tree.output,
        _Outputs(tree).holds,
        listener,
        base=base if base.endswith("/") else base + "/",
        hosts=own_hosts(host),
    )
    # The first build is done before there is a second thread: only then may workers be forked.
    _build(site, tree, server, terminal)
    server.start()
    shown = f"[{host}]" if ":" in host else host
    terminal.say(f"http://{shown}:{listener.getsockname()[1]}{base}  (Ctrl-C ends it)")
    if host not in ("127.0.0.1", "::1", "localhost"):
        terminal.note("Everyone who reaches this machine can see the preview, drafts included.")
    try:
        _loop(site, tree, server, terminal, stop or threading.Event())
    except KeyboardInterrupt:
        terminal.note("stopped")
    finally:
        server.stop()
        listener.close()


def _loop(site: Site, tree: Tree, server: PreviewServer, terminal: Told, stop: threading.Event) -> None:
    while not stop.is_set():
        watched, stamp = _watched(site), _stamp(site)
        is_first = True  # something may have changed after the last build and before the watch began
        for changes in watch(
            *watched, debounce=50, step=10, stop_event=stop, rust_timeout=_LOOK_MS, yield_on_timeout=True
        ):
            # The configuration is looked at rather than watched: editors replace it, and its folder holds the
            # output. So are the folders themselves, since a site may get its first template at any time.
            is_same = _stamp(site) == stamp and _watched(site) == watched
            if changes or is_first or not is_same:
                site, is_first = _rebuild(site, tree, server, terminal), False
            if not is_same:
                break


def _rebuild(site: Site, tree: Tree, server: PreviewServer, terminal: Told) -> Site:
    """Build from what is configured now; the site as it was while the configuration can't be read."""
    try:
        site = read_site(site.folder)
    except SiteError as error:
        _tell(server, terminal, BuildReport(problems=[error.problem]))
        return site
    _build(site, tree, server, terminal)
    return site


def _build(site: Site, tree: Tree, server: PreviewServer, terminal: Told) -> None:
    try:
        report = build(site, tree, patience=Patience(tell=terminal.note))
    except SiteError as error:
        report = BuildReport(problems=[error.problem])
    _tell(server, terminal, report)


def _tell(server: PreviewServer, terminal: Told, report: BuildReport) -> None:
    errors = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    if report.written or report.removed:
        files = "1 file" if report.written_count == 1 else f"{report.written_count:,} files"
        terminal.say(f"built {files} in {report.seconds:.2f} s")
    terminal.problems(errors)
    server.tell([*report.written, *report.removed_paths], errors)


def _watched(site: Site) -> list[Path]:
    folders = [site.content, site.templates, default_theme()]
    return list(dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()))


def _stamp(site: Site) -> tuple[int, int]:
    try:
        found = (site.folder / CONFIG_FILE).stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _listen(host: str, port: int | None) -> socket.socket:
    """A socket on the port, or on the first free one from 8000 on when none is asked for."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ports = [port] if port is not None else range(_FIRST_PORT, _FIRST_PORT + _TRIES)
    for number in ports:
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
            listener.listen(128)  # at once: only a port that is listened on is taken for others too
        except (OSError, OverflowError) as error:
            listener.close()
            reason = getattr(error, "strerror", None) or str(error)
            continue
        return listener
    hint = "name another with --port" if port is not None else "name a free one with --port"
    raise SiteError(Problem(Location(f"{host}:{ports[0]}"), "port", f"can't be listened on: {reason}", hint))


class _Outputs:
    """Which outputs the preview tree has, as its record tells; asked from the server's thread."""

    def __init__(self, tree: Tree) -> None:
        self._file = tree.state / "record.sqlite"
        self._local = threading.local()

    def holds(self, path: str) -> bool:
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)
        try:
            row = self._local.connection.execute("SELECT 1 FROM output WHERE path = ?", (path,)).fetchone()
        except sqlite3.DatabaseError:  # made anew since it was opened
            del self._local.connection
            return False
        return row is not None
