"""Media of whole small imports: copied from a folder, and fetched from a real server on this machine."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sitegen.cli import main
from sitegen.commands.fetching import is_public, public_addresses
from sitegen.commands.import_memory import ImportMemory
from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.importing import MediaWish, import_sources
from tests.conftest import SmallSite
from tests.content.test_pictures import photo

JPEG = photo(200, 150)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><path d="M0 0"/></svg>'


class OldSite(ThreadingHTTPServer):
    """A site with pictures, and with the faults that servers have."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: Counter[str] = Counter()
        self.ranges: list[str] = []
        self.agents: set[str] = set()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: OldSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = self.server
        with site.lock:
            site.asked[self.path] += 1
            site.agents.add(self.headers["User-Agent"])
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
        try:
            self._answer(self.path.partition("?")[0])
        finally:
            with site.lock:
                site.at_once -= 1

    def _answer(self, path: str) -> None:
        if path.endswith("broken.jpg"):
            self._in_pieces()
        elif path.endswith("busy.jpg") and self.server.asked[self.path] == 1:
            self._send(b"", 503, {"Retry-After": "0"})
        elif path.endswith("page.jpg"):
            self._send(b"<html><script>alert(1)</script>", 200, {"Content-Type": "image/jpeg"})
        elif path.endswith("away.jpg"):
            self._send(b"", 302, {"Location": "/wp-content/uploads/2019/05/ok.jpg"})
        elif path.endswith("inside.jpg"):
            self._send(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data/x.jpg"})
        elif path.endswith("file.jpg"):
            self._send(b"", 302, {"Location": "file:///etc/passwd"})
        elif path.endswith("loop.jpg"):
            self._send(b"", 301, {"Location": self.path})
        elif path.endswith("big.jpg"):
            self._send(JPEG * 200)
        elif path.endswith("endless.jpg"):
            self._without_length()
        elif path.endswith("drawing.svg"):
            self._send(SVG)
        elif path.endswith(("ok.jpg", "slow.jpg", "image.php", "small.jpg", "busy.jpg")):
            time.sleep(0.05 if path.endswith("slow.jpg") else 0)
            self._send(JPEG)
        else:
            self._send(b"gone", 404)

    def _in_pieces(self) -> None:
        asked = self.headers["Range"]
        self.server.ranges.append(f"{asked} {self.headers['If-Range']}")
        if asked:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            self._send(JPEG[start:], 206, {"Content-Range": f"bytes {start}-{len(JPEG) - 1}/{len(JPEG)}"})
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(JPEG)))
        self.send_header("ETag", '"one"')
        self.end_headers()
        self.wfile.write(JPEG[: len(JPEG) // 2])
        self.close_connection = True

    def _without_length(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for _ in range(400):
            self.wfile.write(JPEG)

    def _send(self, data: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def old_site() -> Iterator[OldSite]:
    server = OldSite()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def article(site: SmallSite, old_site: OldSite, *names: str, url: str = "") -> None:
    pictures = " ".join(
        f"![{name.rpartition('/')[2]}]({name if '/' in name else '/wp-content/uploads/2019/05/' + name})"
        for name in names
    )
    address = url or f"http://{old_site.host}/2019/05/bac/"
    site.write_bytes(
        "in/posts.jsonl", (json.dumps({"title": "Bac", "url": address, "markdown": pictures}) + "\n").encode()
    )


def configure(site: SmallSite, old_site: OldSite, more: str = "") -> None:
    site.write(f"""
        == sitegen.toml ==
        [site]
        url = "https://test.example/"
        [build]
        workers = 1
        [import.media]
        seconds_between = 0.001
        allow_private = ["{old_site.host}"]
        {more}
        """)


def run(site: SmallSite, uploads: Path | None = None, *, fetch: bool = False) -> ImportSummary:
    sources = [site.path("in")] if site.path("in").exists() else []
    return import_sources(site.site, sources, media=MediaWish(uploads, fetch))


def reports(site: SmallSite) -> dict[str, dict[str, Any]]:
    lines = site.path(".sitegen/media-report.jsonl").read_text().splitlines()
    return {line["address"].rpartition("/")[2]: line for line in map(json.loads, lines)}


def body(site: SmallSite) -> str:
    return site.path("content/posts/ba/bac.md").read_text().split("---\n", 2)[2].strip()


def test_media_are_copied_from_a_folder_and_shown_on_pages(site: SmallSite, old_site: OldSite, tmp_path: Path) -> None:
    (tmp_path / "up/2019/05").mkdir(parents=True)
    (tmp_path / "up/2019/05/ok.jpg").write_bytes(JPEG)
    (tmp_path / "up/2019/05/drawing.svg").write_bytes(SVG)
    article(site, old_site, "ok-300x200.jpg", "drawing.svg", "lost.jpg")
    summary = run(site, tmp_path / "up")
    assert summary.media is not None
    assert (summary.media.kept, summary.media.missing, summary.media.fetched) == (2, 1, 0)
    assert body(site).startswith(
        "![ok-300x200.jpg](../../files/2019/05/ok.jpg) ![drawing.svg](../../files/2019/05/drawing.svg)"
    )
    assert b"script" not in site.path("content/files/2019/05/drawing.svg").read_bytes()
    told = reports(site)
    assert (told["ok-300x200.jpg"]["status"], told["ok-300x200.jpg"]["path"]) == ("other size", "files/2019/05/ok.jpg")
    assert (told["lost.jpg"]["status"], told["lost.jpg"]["articles"]) == ("missing", ["posts/ba/bac.md"])
    assert [problem.code for problem in summary.problems] == ["media"]
    report = site.build()
    assert report.problems == []
    assert (site.path("output/media/files/2019/05/ok.jpg")).read_bytes() == JPEG
    assert "media/files/2019/05/ok.jpg" in site.read("articles/bac/index.html")


def test_the_same_import_again_changes_nothing(site: SmallSite, old_site: OldSite, tmp_path: Path) -> None:
    (tmp_path / "up/2019/05").mkdir(parents=True)
    (tmp_path / "up/2019/05/ok.jpg").write_bytes(JPEG)
    article(site, old_site, "ok.jpg", "lost.jpg")
    run(site, tmp_path / "up")
    before = {file: file.read_bytes() for file in site.path("content").rglob("*") if file.is_file()}
    assert run(site, tmp_path / "up").changed == 0
    article(site, old_site, "ok.jpg", "lost.jpg", url=f"http://{old_site.host}/2019/05/bac/#")
    assert run(site).changed == 1  # the raw file has changed, and the archive knows its picture
    assert body(site).startswith("![ok.jpg](../../files/2019/05/ok.jpg)")
    article(site, old_site, "ok.jpg", "lost.jpg")
    run(site)
    assert {file: file.read_bytes() for file in site.path("content").rglob("*") if file.is_file()} == before


def test_an_article_that_a_person_edited_is_left_as_it_is(site: SmallSite, old_site: OldSite, tmp_path: Path) -> None:
    (tmp_path / "up/2019/05").mkdir(parents=True)
    (tmp_path / "up/2019/05/ok.jpg").write_bytes(JPEG)
    article(site, old_site, "ok.jpg")
    run(site)
    file = site.path("content/posts/ba/bac.md")
    file.write_text(file.read_text() + "\nMine.\n")
    edited = file.read_text()
    summary = run(site, tmp_path / "up")
    assert summary.media is not None
    assert (summary.media.edited, file.read_text()) == (1, edited)


def test_a_run_that_was_killed_is_not_taken_for_a_person(
    site: SmallSite, old_site: OldSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "up/2019/05").mkdir(parents=True)
    (tmp_path / "up/2019/05/ok.jpg").write_bytes(JPEG)
    article(site, old_site, "ok.jpg")

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ImportMemory, "has_written", killed)
        with pytest.raises(KeyboardInterrupt):
            run(site, tmp_path / "up")
    assert "files/2019/05/ok.jpg" in body(site)
    article(site, old_site, "ok.jpg", "lost.jpg")
    summary = run(site, tmp_path / "up")
    assert summary.media is not None
    assert (summary.media.edited, summary.conflicts) == (0, 0)
    assert "lost.jpg" in body(site)


def test_a_file_of_the_archive_is_never_overwritten(site: SmallSite, old_site: OldSite) -> None:
    site.write_bytes("in/a.md", b"---\ntitle: A\n---\n![x](x.jpg)\n")
    site.write_bytes("in/x.jpg", JPEG)
    site.write_bytes("content/x.jpg", JPEG + b"mine")
    assert run(site).new == 1
    assert site.path("content/x.jpg").read_bytes() == JPEG + b"mine"


def test_media_are_fetched_once(site: SmallSite, old_site: OldSite) -> None:
    configure(site, old_site)
    outside = f"http://{old_site.host}/image.php?id=7"
    article(site, old_site, "ok.jpg", "away.jpg", "drawing.svg", "small-300x200.jpg", "gone.jpg", outside)
    summary = run(site, fetch=True)
    assert summary.media is not None
    told = reports(site)
    assert {name: (line["status"], line["reason"]) for name, line in told.items() if line["status"] != "fetched"} == {
        "gone.jpg": ("missing", "the server answered 404")
    }
    assert (summary.media.fetched, summary.media.kept, summary.media.missing) == (5, 5, 1)
    assert site.path("content/files/2019/05/ok.jpg").read_bytes() == JPEG
    assert site.path("content/files/2019/05/small.jpg").exists()
    assert b"script" not in site.path("content/files/2019/05/drawing.svg").read_bytes()
    assert "![small-300x200.jpg](../../files/2019/05/small.jpg)" in body(site)
    assert ".php.jpg)" in body(site) or "image-" in body(site)
    assert "![gone.jpg](/wp-content" in body(site)
    assert old_site.agents == {f"sitegen/{_version()} (+https://test.example/)"}
    asked = old_site.asked.total()
    site.path("in/posts.jsonl").unlink()
    again = run(site, fetch=True)
    assert again.media is not None
    assert (again.media.fetched, again.media.kept, old_site.asked.total()) == (
        0,
        0,
        asked,
    ) or old_site.asked.total() == asked
    assert not list(site.path(".sitegen/media").iterdir())
    assert site.build().is_clean


def test_what_was_broken_off_goes_on_where_it_stopped(site: SmallSite, old_site: OldSite) -> None:
    configure(site, old_site)
    article(site, old_site, "broken.jpg", "busy.jpg")
    summary = run(site, fetch=True)
    assert summary.media is not None
    assert {line["reason"] for line in reports(site).values()} == {""}
    assert summary.media.fetched == 2
    assert old_site.ranges == ["None None", f'bytes={len(JPEG) // 2}- "one"']
    assert site.path("content/files/2019/05/broken.jpg").read_bytes() == JPEG


def test_what_is_no_medium_or_too_large_or_private_is_refused(site: SmallSite, old_site: OldSite) -> None:
    configure(site, old_site, "megabytes_per_file = 0.5")
    names = ("page.jpg", "big.jpg", "endless.jpg", "inside.jpg", "file.jpg", "loop.jpg")
    private = (
        "http://10.0.0.1/a.jpg",
        "http://[::ffff:127.0.0.1]/b.jpg",
        "http://localhost:1/c.jpg",
        "ftp://a.example/d.jpg",
        "http://user:x@127.0.0.1/e.jpg",
    )
    article(site, old_site, *names, *private)
    summary = run(site, fetch=True)
    assert summary.media is not None
    assert summary.media.fetched == 0
    reasons = {name: line["reason"] for name, line in reports(site).items()}
    assert "no picture" in reasons["page.jpg"]
    assert "larger" in reasons["big.jpg"]
    assert "larger" in reasons["endless.jpg"]
    assert "no public address" in reasons["inside.jpg"]
    assert "no plain http" in reasons["file.jpg"]
    assert "without end" in reasons["loop.jpg"]
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        assert "no public address" in reasons[name]
    assert not site.path("content/files").exists()


def test_this_machine_is_asked_only_where_its_owner_says_so(site: SmallSite, old_site: OldSite) -> None:
    article(site, old_site, "ok.jpg")
    run(site, fetch=True)
    assert old_site.asked.total() == 0


def test_no_more_than_two_at_once_and_no_more_than_the_limits(site: SmallSite, old_site: OldSite) -> None:
    configure(site, old_site, "files = 6")
    article(site, old_site, *(f"{number}-slow.jpg" for number in range(10)))
    summary = run(site, fetch=True)
    assert summary.media is not None
    assert old_site.most_at_once <= 2
    assert 6 <= summary.media.fetched <= 7
    assert "run again" in max(line["reason"] for line in reports(site).values())
    again = run(site, fetch=True)
    assert again.media is not None
    assert again.media.missing == 0
    assert old_site.asked.total() == 10


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1",
     "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "ff02::1", "fec0::1"],
)  # fmt: skip
def test_private_addresses_are_known_in_any_form(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


def test_a_name_of_this_machine_is_refused() -> None:
    with pytest.raises(PermissionError, match="no public address"):
        public_addresses("localhost", 80)


def test_the_command_goes_through_what_was_imported_before(
    site: SmallSite, old_site: OldSite, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(site, old_site)
    article(site, old_site, "ok.jpg")
    run(site)
    assert main(["-C", str(site.folder), "import", "--media"]) == 0
    assert "1 media in the archive, 1 fetched now, 0 missing" in capsys.readouterr().out
    assert main(["-C", str(site.folder), "import", "--uploads", "nowhere"]) == 2


def _version() -> str:
    from sitegen import __version__

    return __version__


def test_pictures_of_an_export_are_found_wherever_they_stand(site: SmallSite, tmp_path: Path) -> None:
    for name in ("2019/05/lead.jpg", "2019/05/one.jpg", "2019/06/two-300x200.jpg"):
        (tmp_path / "up" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "up" / name).write_bytes(JPEG)
    pictures = "".join(
        f"<item><title>P{number}</title><wp:post_id>{number}</wp:post_id><wp:post_type>attachment</wp:post_type>"
        f"<wp:attachment_url>https://old.example/wp-content/uploads/{name}</wp:attachment_url></item>"
        for number, name in ((7, "2019/05/lead.jpg"), (8, "2019/05/one.jpg"), (9, "2019/06/two.jpg"))
    )
    content = (
        '[caption id="attachment_8" width="300"]<img src="http://old.example/wp-content/uploads/2019/05/one-300x200.jpg" alt="One" /> The ferry[/caption]\n\n'
        '[gallery ids="8,9"]\n\n<a href="/wp-content/uploads/2019/06/two.jpg"><img src="//www.old.example/wp-content/uploads/2019/06/two-300x200.jpg" alt="" /></a>'
    )
    site.write_bytes(
        "in/old.xml",
        f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
        xmlns:wp="http://wordpress.org/export/1.2/"><channel><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
        {pictures}<item><title>Bac</title><link>https://old.example/2019/05/bac/</link><wp:post_id>1</wp:post_id>
        <wp:post_name>bac</wp:post_name><wp:post_date>2019-05-01 10:00:00</wp:post_date><wp:status>publish</wp:status>
        <wp:post_type>post</wp:post_type><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>
        <content:encoded><![CDATA[{content}]]></content:encoded></item></channel></rss>""".encode(),
    )
    summary = run(site, tmp_path / "up")
    assert summary.media is not None
    assert summary.media.missing == 0
    text = site.path("content/2019/05/01/bac.md").read_text()
    assert "image: ../../../files/2019/05/lead.jpg\n" in text
    assert "old.example/wp-content" not in text
    report = site.build()
    assert report.problems == []
    html = site.read("2019/05/bac/index.html")
    assert html.count('media/files/2019/05/one.jpg"') == 2
    assert '<a href="../../../media/files/2019/06/two-300x200.jpg">' in html
    assert 'src="../../../media/files/2019/05/lead.jpg"' in html


def test_the_inbox_brings_the_pictures_of_bundles_and_saved_pages(site: SmallSite) -> None:
    site.write_bytes("content/raw/trip/index.md", b"---\ntitle: Trip\nimage: x.jpg\n---\nText.\n")
    site.write_bytes("content/raw/trip/x.jpg", JPEG)
    words = b"<p>" + b"The ferry runs again on Sundays, and nobody minds. " * 12 + b"</p>"
    page = b'<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1>%s<img src="Ferry_files/y.jpg" alt="Y">%s</article></body></html>'
    site.write_bytes("content/raw/Ferry.html", page % (words, words))
    site.write_bytes("content/raw/Ferry_files/y.jpg", JPEG)
    report = site.build()
    assert report.problems == []
    assert "media/trip/x.jpg" in site.read("articles/trip/index.html")
    assert "media/Ferry_files/y.jpg" in site.read("articles/ferry/index.html")
    assert site.build().written == []
