"""The preview server: shows the files that the last build recorded, and tells open pages what changed.

Requests are untrusted. A file is never found by a path made from a request: the request's path is looked up
among the recorded outputs, so nothing else can be reached. Only names of this machine are answered, and a
page may listen only with the token that was put into it.
"""

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from sitegen.model import Problem

_PREFIX = "/__sitegen"
_CLIENT = Path(__file__).with_name("client.js")
_MAX_PATH = 4096
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
    ".json": "application/json", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".avif": "image/avif", ".pdf": "application/pdf", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
}  # fmt: skip
_MAX_TOLD = 500

IsOutput = Callable[[str], bool]


class PreviewServer:
    """Serves one output tree on a socket, in a thread of its own."""

    def __init__(
        self, folder: Path, is_output: IsOutput, listener: socket.socket, *, base: str, hosts: frozenset[str]
    ) -> None:
        self._folder = folder
        self._is_output = is_output
        self._listener = listener
        self._base = base  # "/" or "/archive/": where the site will stand on its host
        self._hosts = hosts
        self._token = secrets.token_urlsafe(18)
        self._open: set[WebSocket] = set()
        self._build = 0  # counts what was told; a page knows the number that it was served under
        self._changed_at: dict[str, int] = {}
        self._problems: list[Problem] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        routes = [
            Route(f"{_PREFIX}/client.js", self._client),
            WebSocketRoute(f"{_PREFIX}/live", self._live),
            Route("/{path:path}", self._page),
        ]
        app: ASGIApp = _OwnHostsOnly(Starlette(routes=routes, lifespan=self._lifespan), hosts)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="on", ws_max_size=1 << 16, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Close all connections."""
        self._server.should_exit = True
        self._thread.join(5)

    def tell(self, changed: list[str], problems: list[Problem]) -> None:
        """Say to all open pages which outputs changed (those that were removed too), and what is wrong."""
        self._problems = problems
        self._build += 1
        self._changed_at.update(dict.fromkeys(changed, self._build))
        if self._loop:
            asyncio.run_coroutine_threadsafe(self._send_all(self._message(changed)), self._loop)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        yield

    async def _client(self, _request: Request) -> Response:
        return FileResponse(_CLIENT, headers=_HEADERS, media_type="text/javascript; charset=utf-8")

    async def _page(self, request: Request) -> Response:
        path = request.path_params["path"]
        if len(path) > _MAX_PATH or "\0" in path or "\\" in path:
            return PlainTextResponse("not a path of this site", 400, headers=_HEADERS)
        base = self._base.strip("/")
        if base and path.split("/")[0] != base:
            return RedirectResponse(self._base, headers=_HEADERS) if not path else self._not_found()
        name = path[len(base) :].lstrip("/")
        for output in (name, f"{name}index.html") if not name or name.endswith("/") else (name,):
            if output and self._is_output(output):
                return self._answer(output)
        if name and not name.endswith("/") and self._is_output(f"{name}/index.html"):
            return RedirectResponse(f"{self._base}{name}/", headers=_HEADERS)
        return self._not_found()

    def _answer(self, output: str, status: int = 200) -> Response:
        file = self._folder / output
        kind = _TYPES.get(file.suffix.lower(), "application/octet-stream")
        if file.suffix != ".html":
            return FileResponse(file, status, headers=_HEADERS, media_type=kind)
        try:
            return HTMLResponse(self._with_client(file.read_text("utf-8"), output), status, headers=_HEADERS)
        except OSError:  # removed while it was asked for
            return PlainTextResponse("this page is being built", 503, headers=_HEADERS)

    def _not_found(self) -> Response:
        if self._is_output("404.html"):
            return self._answer("404.html", 404)
        return PlainTextResponse("there is no such page", 404, headers=_HEADERS)

    def _with_client(self, html: str, output: str) -> str:
        page = f'data-token="{self._token}" data-build="{self._build}" data-page="{_attribute(output)}"'
        tag = f'<script src="{_PREFIX}/client.js" {page} defer></script>'
        head, end, tail = html.rpartition("</body>")
        return head + tag + end + tail if end else html + tag

    async def _live(self, socket: WebSocket) -> None:
        origin = urlsplit(socket.headers.get("origin", ""))
        is_own = _host_name(origin.netloc) in self._hosts and origin.netloc == socket.headers.get("host")
        if not is_own or not secrets.compare_digest(socket.query_params.get("token", ""), self._token):
            await socket.close(1008)
            return
        await socket.accept()
        self._open.add(socket)
        try:
            missed = self._missed(socket)
            if self._problems or missed:
                await socket.send_text(self._message(missed))
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            self._open.discard(socket)

    def _missed(self, socket: WebSocket) -> list[str]:
        """The page itself, if it changed between the moment it was served and this one."""
        page, build = socket.query_params.get("page", ""), socket.query_params.get("build", "")
        return [page] if build.isdecimal() and self._changed_at.get(page, 0) > int(build) else []

    def _message(self, changed: list[str]) -> str:
        shown = [
            {"place": str(problem.location), "message": problem.message, "hint": problem.hint}
            for problem in self._problems
        ]
        message = {"changed": changed[:_MAX_TOLD], "all": len(changed) > _MAX_TOLD, "problems": shown[:50]}
        return msgspec.json.encode(message).decode()

    async def _send_all(self, message: str) -> None:
        for listener in list(self._open):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # a page that went away in this very moment
                await listener.send_text(message)


class _OwnHostsOnly:
    """Answers only requests that name this machine: a foreign name that leads here is an attack (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_own(scope):
            answer = PlainTextResponse("this preview answers to localhost only; see --host", 403, headers=_HEADERS)
            await answer(scope, receive, send)
            return
        if scope["type"] == "websocket" and not self._is_own(scope):
            await WebSocket(scope, receive, send).close(1008)
            return
        await self._app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        headers: dict[bytes, Any] = dict(scope["headers"])
        return _host_name(headers.get(b"host", b"").decode("latin-1")) in self._hosts


def own_hosts(host: str) -> frozenset[str]:
    """Names by which the server may be asked."""
    return frozenset({"localhost", "127.0.0.1", "[::1]", host.lower()})


def _host_name(authority: str) -> str:
    name, colon, port = authority.rpartition(":")
    return (name if colon and port.isdigit() else authority).lower()


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
