"""Media fetched from the old site: politely, a piece at a time, and never from a private network."""

import hashlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, Queue, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import Struct

from sitegen.config import MediaTable
from sitegen.importers.media import clean_bytes, media_path, original_of
from sitegen.importers.media_types import HEAD, SUFFIXES, fits, media_type
from sitegen.outputs.tree import copy_file, write_file

if TYPE_CHECKING:  # an extra: only those who fetch have it
    import httpx

_MAX_HOPS = 5
_MAX_TRIES = 3
_MAX_WAIT = 60.0
_THREADS = 8
_LANES_A_HOST = 2
_TIMEOUT = 20.0
_MIB = 1 << 20
# An address of IPv4 within one of IPv6 leads where it leads.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


class Fetched(NamedTuple):
    """What became of an address: a file below the content folder, or the reason why there is none."""

    address: str
    path: str = ""
    reason: str = ""
    is_final: bool = False  # asking again would bring the same
    size: int = 0


class _Partial(Struct, frozen=True):
    """What a server said of a file of which only a part is here."""

    etag: str = ""
    modified: str = ""


class _Refused(Exception):  # noqa: N818 - a reason, not a fault
    """An address from which nothing is taken."""

    def __init__(self, reason: str, *, is_final: bool = True) -> None:
        super().__init__(reason)
        self.reason, self.is_final = reason, is_final


class _Again(Exception):  # noqa: N818
    """The server was not there, or asks for a pause."""

    def __init__(self, reason: str, pause: float) -> None:
        super().__init__(reason)
        self.reason, self.pause = reason, pause


def fetch_media(
    by_host: dict[str, list[str]], content: Path, parts: Path, rules: MediaTable, agent: str
) -> Iterator[Fetched]:
    """Fetch the addresses of each host, as they come in; at most two at a time from one host.

    What was broken off goes on where it stopped: the pieces are kept in `parts`.
    """
    fetching = _Fetching(content, parts, rules, agent)
    results: Queue[Fetched | None] = Queue()

    def lane(waiting: SimpleQueue[str]) -> None:
        try:
            while not waiting.empty():
                results.put(fetching.fetched(waiting.get_nowait()))
                time.sleep(rules.seconds_between)
        except Empty:
            pass
        finally:
            results.put(None)

    with ThreadPoolExecutor(_THREADS) as threads:
        running = []
        for addresses in by_host.values():
            waiting: SimpleQueue[str] = SimpleQueue()
            for address in addresses:
                waiting.put(address)
            running += [threads.submit(lane, waiting) for _ in range(_LANES_A_HOST)]
        for _ in running:
            while (result := results.get()) is not None:
                yield result
        for future in running:
            future.result()


def public_addresses(host: str, port: int) -> list[str]:
    """Addresses of a host, if each of them is one of the public Internet; raises OSError for others."""
    found = dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    private = [address for address in found if not is_public(address)]
    if private or not found:
        raise PermissionError(f"{host} is {private[0] if private else 'nowhere'}, which is no public address")
    return list(found)


def is_public(address: str) -> bool:
    """Whether an IP address leads to the public Internet, also where one is packed in another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        packed = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if packed is None and ip in _NAT64:
            packed = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip in _NAT64_LOCAL or (packed is not None and not is_public(str(packed))):
            return False
        if packed is not None:
            return True
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Fetching:
    """One run, with what it has left to spend."""

    def __init__(self, content: Path, parts: Path, rules: MediaTable, agent: str) -> None:
        self._content = content
        self._parts = parts
        self._rules = rules
        self._agent = agent
        self._lock = threading.Lock()
        self._bytes = 0
        self._files = 0
        self._ends = time.monotonic() + rules.seconds if rules.seconds else float("inf")
        parts.mkdir(parents=True, exist_ok=True)

    def fetched(self, address: str) -> Fetched:
        """One address, or the original of a small picture that is gone."""
        result = self._fetched(address, media_path(address))
        original = original_of(address)
        if not result.path and result.is_final and original:
            instead = self._fetched(original, media_path(original))
            if instead.path:
                return instead._replace(address=address)
        return result

    def _fetched(self, address: str, path: str) -> Fetched:
        reason = ""
        for attempt in range(_MAX_TRIES):
            if spent := self._spent():
                return Fetched(address, "", spent)
            try:
                return self._whole(address, path)
            except _Refused as refused:
                return Fetched(address, "", refused.reason, refused.is_final)
            except _Again as again:
                reason = again.reason
                if again.pause > _MAX_WAIT or attempt + 1 == _MAX_TRIES:
                    break
                time.sleep(max(again.pause, self._rules.seconds_between * 2**attempt))
        return Fetched(address, "", reason)

    def _spent(self) -> str:
        with self._lock:
            if self._bytes >= self._rules.megabytes * _MIB:
                return f"the limit of {self._rules.megabytes:g} MB is reached; run again to go on"
            if self._files >= self._rules.files:
                return f"the limit of {self._rules.files:,} files is reached; run again to go on"
        return "the time is up; run again to go on" if time.monotonic() > self._ends else ""

    def _whole(self, address: str, path: str) -> Fetched:
        """Fetch one file to its end and keep it, if it is a medium."""
        import httpx

        name = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:32]
        part, note = self._parts / f"{name}.part", self._parts / f"{name}.json"
        try:
            self._receive(address, part, note)
        except httpx.HTTPError as error:
            raise _Again(f"the server broke off: {type(error).__name__}", 0) from None
        except (PermissionError, UnicodeError, httpx.InvalidURL) as error:
            raise _Refused(str(error)) from None
        except OSError as error:
            raise _Again(f"the server can't be reached: {error.strerror or error}", 0) from None
        try:
            return self._kept(address, path, part)
        finally:
            part.unlink(missing_ok=True)
            note.unlink(missing_ok=True)

    def _kept(self, address: str, path: str, part: Path) -> Fetched:
        with part.open("rb") as data:
            kind = media_type(data.read(HEAD))
        if not kind:
            raise _Refused("it is no picture, sound, film or PDF")
        if not fits(path, kind):
            path += SUFFIXES[kind][0]
        try:
            cleaned = clean_bytes(part)
        except ValueError as error:
            raise _Refused(str(error)) from None
        if cleaned is None:
            made, _ = copy_file(self._content, path, part)
        else:
            made, _ = write_file(self._content, path, cleaned)
        with self._lock:
            self._files += 1
        return Fetched(address, path, "", True, made.size)

    def _receive(self, address: str, part: Path, note: Path) -> None:
        """Bring the file of an address into `part`, from where an earlier run left off."""
        for _ in range(_MAX_HOPS + 1):
            redirect = self._receive_from(address, part, note)
            if not redirect:
                return
            address = urljoin(address, redirect)
        raise _Refused("it leads from one address to the next without end")

    def _receive_from(self, address: str, part: Path, note: Path) -> str:
        """Receive from one address; where it leads, if it leads elsewhere."""
        import httpx

        url, host = self._checked(address)
        headers = {"Host": host, "User-Agent": self._agent, "Accept-Encoding": "identity", "Accept": "*/*"}
        known = _partial(note)
        start = part.stat().st_size if part.exists() and (known.etag or known.modified) else 0
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": known.etag or known.modified}
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=_TIMEOUT) as client,
            client.stream("GET", url, headers=headers, extensions={"sni_hostname": _host_alone(host)}) as response,
        ):
            if response.is_redirect:
                return str(response.headers.get("Location", ""))
            self._refuse(response)
            is_rest = response.status_code == 206 and _starts_at(response, start)
            if response.status_code == 206 and not is_rest:
                part.unlink(missing_ok=True)
                raise _Again("the server sent another part than was asked for", 0)
            self._write(response, part, note, start if is_rest else 0)
        return ""

    def _checked(self, address: str) -> "tuple[httpx.URL, str]":
        """The URL of the very address that was looked up and found public, and the host to name there."""
        import httpx

        url = httpx.URL(address)
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise _Refused("it is no plain http or https address")
        host = url.netloc.decode("ascii", "replace").rpartition("@")[2]
        if host in self._rules.allow_private:
            return url, host
        port = url.port or (443 if url.scheme == "https" else 80)
        return url.copy_with(host=public_addresses(url.host, port)[0]), host

    def _refuse(self, response: "httpx.Response") -> None:
        status = response.status_code
        if status in (429, 502, 503, 504) or status == 500:
            raise _Again(f"the server answered {status}", _pause(response.headers.get("Retry-After", "")))
        if status == 416:
            raise _Again("the server has less of it than before", 0)
        if status not in (200, 206):
            raise _Refused(f"the server answered {status}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml"):
            raise _Refused("the server sent a page in its place")
        if int(response.headers.get("Content-Length") or 0) > self._rules.megabytes_per_file * _MIB:
            raise _Refused(f"it is larger than {self._rules.megabytes_per_file:g} MB", is_final=False)

    def _write(self, response: "httpx.Response", part: Path, note: Path, start: int) -> None:
        headers = response.headers
        etag = headers.get("ETag", "")
        said = _Partial("" if etag.startswith("W/") else etag, headers.get("Last-Modified", ""))
        note.write_bytes(msgspec.json.encode(said))
        size, ends = start, time.monotonic() + self._rules.seconds_per_file
        with part.open("ab" if start else "wb") as out:
            for chunk in response.iter_bytes():
                if size == 0 and not media_type(chunk[:HEAD]):
                    raise _Refused("it is no picture, sound, film or PDF")
                size += len(chunk)
                if size > self._rules.megabytes_per_file * _MIB:
                    raise _Refused(f"it is larger than {self._rules.megabytes_per_file:g} MB", is_final=False)
                if time.monotonic() > ends:
                    raise _Again("the server is too slow", _MAX_WAIT + 1)
                out.write(chunk)
                with self._lock:
                    self._bytes += len(chunk)
        if size == 0:
            raise _Refused("it is empty")


def _partial(note: Path) -> _Partial:
    try:
        return msgspec.json.decode(note.read_bytes(), type=_Partial)
    except (OSError, msgspec.DecodeError):
        return _Partial()


def _starts_at(response: "httpx.Response", start: int) -> bool:
    return bool(start) and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def _pause(said: str) -> float:
    """Seconds of a Retry-After; a date is more than anyone waits here."""
    return float(said) if said.isdigit() else _MAX_WAIT + 1 if said else 0.0


def _host_alone(netloc: str) -> str:
    return (urlsplit(f"//{netloc}").hostname or netloc).strip("[]")
