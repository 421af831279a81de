"""A real `sitegen serve` in a process of its own, and what a test asks of it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeVar

_ADDRESS = re.compile(r"http://\S+:(\d+)/")
_START_SECONDS = 20
Found = TypeVar("Found")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


class RunningPreview:
    """The preview of one site; ended when the block is left."""

    def __init__(self, folder: Path, *arguments: str, is_buffered: bool = False) -> None:
        command = [sys.executable, "-m", "sitegen", "-C", str(folder), "serve", *(arguments or ("--port", "0"))]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONUNBUFFERED": "" if is_buffered else "1"},
        )
        self._said: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._readers = [threading.Thread(target=self._read, args=(name,), daemon=True) for name in self._said]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> "RunningPreview":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for reader in self._readers:
            reader.join(5)

    def wait_until_it_answers(self) -> "RunningPreview":
        until(lambda: self.is_over or self.port, _START_SECONDS, "the preview tells its address")
        assert self.port, f"the preview ended with {self.process.returncode}: {self.stdout}{self.stderr}"
        until(self._is_open, 10, "the preview answers at the address that it told")
        return self

    @property
    def stdout(self) -> str:
        return "".join(self._said["stdout"])

    @property
    def stderr(self) -> str:
        return "".join(self._said["stderr"])

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    @property
    def port(self) -> int:
        """The port that was told; 0 as long as none was."""
        found = _ADDRESS.search(self.stdout)
        return int(found[1]) if found else 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def wait_for_end(self, seconds: float) -> int:
        """The exit code, once all that was said has been read."""
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        return code

    def ask(self, target: str = "/", host: str = "") -> Answer:
        """The answer to a target that is sent as it is, byte for byte."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            head = f"GET {target} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{self.port}'}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode("latin-1"))
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            body = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def token(self, page: str = "/") -> str:
        """The token that was put into a page."""
        found = re.search(r'data-token="([^"]+)"', self.ask(page).body)
        assert found, f"{page} has no token for live reload"
        return found[1]

    def live_address(self, token: str) -> str:
        return f"ws://127.0.0.1:{self.port}/__sitegen/live?token={token}"

    def _is_open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _read(self, name: str) -> None:
        for line in getattr(self.process, name):
            self._said[name].append(line)


def until(look: Callable[[], Found], seconds: float, what: str) -> Found:
    """What `look` finds, as soon as it finds anything; fails when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:g} s: {what}")


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
