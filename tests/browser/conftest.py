"""Real Chromium, the sample archive, and a plain web server."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import REPOSITORY

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")


class WebSite(NamedTuple):
    """A built site and where it is served."""

    folder: Path
    url: str

    def page(self, path: str = "") -> str:
        """Address of a page: `tags/ferry/`."""
        return f"{self.url}/{path}"

    def file(self, path: str = "") -> str:
        """The same page, opened from the disk."""
        return (self.folder / path / "index.html").as_uri()


class BallotBox(NamedTuple):
    """A poll's back end: the fields of each vote, in the order in which they came."""

    url: str
    votes: list[list[tuple[str, str]]]


# Not for the session: Playwright keeps an event loop running, and tests elsewhere have their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or whichever is on PATH."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        reason = f"no Chromium on PATH ({', '.join(_NAMES)}); tests/setup.sh installs one"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browser windows with a memory of their own; options as Playwright has them."""
    opened: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        context = chromium.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        context.set_default_timeout(_PATIENCE_MS)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """An empty page."""
    return new_context().new_page()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    """The repository's own archive, built elsewhere."""
    folder = tmp_path_factory.mktemp("sample")
    copy_sample(folder)
    build(folder)
    with served(folder / "output") as url:
        yield WebSite(folder / "output", url)


@pytest.fixture(scope="session")
def ballot_box() -> Iterator[BallotBox]:
    """A back end on this machine that writes down what browsers send."""
    votes: list[list[tuple[str, str]]] = []

    class Box(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
            votes.append(parse_qsl(sent, keep_blank_values=True, strict_parsing=True))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<title>Counted</title>")

        def log_message(self, *_: object) -> None:
            pass

    with running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Box)) as url:
        yield BallotBox(f"{url}/vote", votes)


@pytest.fixture(scope="session")
def voting_sample(tmp_path_factory: pytest.TempPathFactory, ballot_box: BallotBox) -> Iterator[WebSite]:
    """The archive with open polls."""
    folder = tmp_path_factory.mktemp("voting")
    copy_sample(folder)
    with (folder / "sitegen.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[poll]\nendpoint = "{ballot_box.url}"\n')
    build(folder)
    with served(folder / "output") as url:
        yield WebSite(folder / "output", url)


def copy_sample(folder: Path) -> None:
    """What the archive is made from; never build inside the repository."""
    for name in ("content", "templates"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copy(REPOSITORY / "sitegen.toml", folder)


def build(folder: Path) -> None:
    """`sitegen build`, which must succeed."""
    command = [sys.executable, "-m", "sitegen", "-C", str(folder), "build"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A plain web server that shows 404.html for what is not there."""

    class Files(http.server.SimpleHTTPRequestHandler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            text = (folder / "404.html").read_bytes() if code == 404 else b""
            self.send_response(code, message)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Files, directory=str(folder))
    with running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as url:
        yield url


@contextmanager
def running(server: http.server.ThreadingHTTPServer) -> Iterator[str]:
    """The address of a server that runs as long as the block does."""
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
