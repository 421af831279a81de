"""Imports as a whole: killed and run again, run twice, with bad files, strictly."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from sitegen.commands.importing import import_sources
from sitegen.commands.lock import Patience, locked
from sitegen.outputs.tree import remove_torn
from tests.conftest import SmallSite

_WORKERS = "== sitegen.toml ==\n[build]\nworkers = 2\n"


def many_articles(site: SmallSite, count: int) -> None:
    site.write(_WORKERS)
    for number in range(count):
        text = f"Article {number}\n\nOne sentence of it.Another one &amp; more.\n\nShare on Facebook\n\nTag {number % 7}, News\n"
        site.write_bytes(f"in/{number % 5}/2020-02-{number % 28 + 1:02d}-a{number}.txt", text.encode())


def articles(site: SmallSite) -> dict[str, bytes]:
    content = site.path("content")
    return {
        file.relative_to(content).as_posix(): file.read_bytes() for file in sorted(content.rglob("*")) if file.is_file()
    }


def articles_so_far(site: SmallSite) -> int:
    return sum(1 for _ in site.path("content").rglob("*.md"))


def reports(site: SmallSite) -> list[dict[str, object]]:
    subprocess.run(sitegen(site, "import", "--report", site.path("all.jsonl")), check=True, capture_output=True)
    return [json.loads(line) for line in site.path("all.jsonl").read_text("utf-8").splitlines()]


def sitegen(site: SmallSite, *words: object) -> list[str]:
    return [sys.executable, "-m", "sitegen", "-C", str(site.folder), *map(str, words)]


def test_an_import_that_is_killed_and_run_again_equals_one_run(new_site: Callable[[str], SmallSite]) -> None:
    killed, whole = new_site("killed"), new_site("whole")
    for site in (killed, whole):
        many_articles(site, 400)
    written = 0
    for _ in range(3):
        process = subprocess.Popen(sitegen(killed, "-q", "import", killed.path("in")), start_new_session=True)
        deadline = time.monotonic() + 30
        while process.poll() is None and articles_so_far(killed) < written + 50 and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
        process.wait()
        time.sleep(0.3)  # its workers miss it and end
        written = articles_so_far(killed)
        assert written
    for site in (killed, whole):
        subprocess.run(sitegen(site, "-q", "import", site.path("in")), check=True)
    assert articles(killed) == articles(whole)
    assert len(articles(whole)) == 400
    status = {"status": ""}
    assert [one | status for one in reports(killed)] == [one | status for one in reports(whole)]


def test_what_a_killed_writer_left_is_removed_and_what_is_being_written_stays(site: SmallSite) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    site.write_bytes(f"content/.sitegen-tmp-{gone.pid}-0123", b"half")
    site.write_bytes("content/.sitegen-tmp-1-0123", b"half")  # process 1 is always there
    remove_torn(str(site.path("content")))
    assert [file.name for file in site.path("content").iterdir()] == [".sitegen-tmp-1-0123"]


def test_importing_twice_changes_no_byte_and_makes_nothing_double(site: SmallSite) -> None:
    many_articles(site, 20)
    site.write_bytes(
        "in/books.jsonl", b'{"title": "One", "text": "Some text of it."}\n{"title": "One", "text": "Other."}\n'
    )
    first = import_sources(site.site, [site.path("in")])
    before = articles(site)
    second = import_sources(site.site, [site.path("in")])
    assert (first.new, second.new, second.changed, second.unchanged) == (22, 0, 0, 22)
    (site.site.state / "imports.sqlite").unlink()
    third = import_sources(site.site, [site.path("in")])
    assert (third.new, third.changed, third.unchanged) == (0, 0, 22)
    assert articles(site) == before


def test_a_loss_is_a_warning_and_with_strict_an_error(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    from sitegen.cli import PROBLEMS, main
    from sitegen.importers import raw_text

    site.write_bytes("in/a.txt", b"A title here\n\nA line of prose that nobody may lose.\n\nAnother line of it.\n")
    # No article is known that loses text; so the writer of Markdown is broken here.
    monkeypatch.setattr(raw_text, "markdown_of_text", lambda text, **_: "" if "nobody" in text else text)
    arguments = ["-C", str(site.folder), "-q", "import", str(site.path("in"))]
    assert main(arguments) == 0
    site.remove("content/a.md")
    assert main([*arguments[:4], "--strict", str(site.path("in"))]) == PROBLEMS


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("surrogate.txt", b"A title\n\nA lone surrogate \xed\xa0\x80 in UTF-8, and the text goes on for a while.\n", ""),
        ("binary.txt", bytes(range(256)) * 20, "not-text"),
        ("pdf.txt", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + bytes(range(32)) * 40, "not-text"),
        ("empty.txt", b"", "empty-raw"),
        ("bom.txt", b"\xef\xbb\xbf", "empty-raw"),
        ("bom16.txt", b"\xff\xfe", "empty-raw"),
        ("spaces.txt", b" \r\n\t\n \n", "empty-raw"),
        ("odd16.txt", "Ein Titel\n\nUnd ein Text.".encode("utf-16") + b"x", ""),
        ("big.txt", b"A title\n\n" + b"x" * (21 << 20), "too-large"),
        ("line.txt", b"A title\n\n" + b"word " * 200_000 + b"end.\n", ""),
        ("brackets.txt", b"A title\n\n" + b"[" * 20_000 + b"\n\n" + b"[a](" * 10_000 + b"\n", ""),
        ("glue.txt", b"A title\n\n" + b"end.Begin" * 20_000 + b"\n", ""),
        ("entities.txt", b"A title\n\n" + b"&amp;" * 20_000 + b"lt;\n", ""),
        ("calls.txt", b"A title\n\n" + b"[xyz y=1]" * 3_000 + b"\n", "unknown-shortcode"),
    ],
)  # fmt: skip
def test_a_bad_file_costs_only_itself(site: SmallSite, name: str, data: bytes, code: str) -> None:
    site.write_bytes(f"in/{name}", data)
    site.write_bytes("in/good.txt", b"A good title\n\nA text that is as it should be.\n")
    summary = import_sources(site.site, [site.path("in")])
    assert site.path("content/good.md").exists()
    assert {problem.code for problem in summary.problems} <= {code, "no-title"}
    assert (code != "") <= any(problem.code == code for problem in summary.problems)
    if code in ("", "unknown-shortcode"):
        assert site.path(f"content/{name}").with_suffix(".md").exists()


@pytest.mark.parametrize(
    "title",
    ["../../etc/passwd", "%2e%2e%2fetc", "..", ".", "🚲🚲", "-", "CON", "nul", "index", "\u202egnp.exe", "a\0b", "x" * 600, "é" * 128],
)  # fmt: skip
def test_no_title_leads_out_of_the_site(site: SmallSite, title: str) -> None:
    site.write_bytes("content/raw/a.txt", f"{title}\n\nA text below it, long enough for an article.\n".encode())
    report = site.build()
    pages = [path for path in site.outputs() if path.startswith("articles/") and path.count("/") > 1]
    assert len(pages) == 1 and ".." not in pages[0]
    slug = pages[0].split("/")[1]
    assert len(slug.encode()) <= 110 and "\u202e" not in slug and slug not in ("con", "nul", "index")
    assert not [problem for problem in report.problems if problem.severity == "error"]


def test_nothing_of_a_raw_article_runs_on_its_page(site: SmallSite) -> None:
    text = (
        "<script>alert(1)</script> in a title\n\n<img src=x onerror=alert(2)> <svg onload=alert(3)> and prose.\n\n"
        "[click](javascript:alert(4)) and <a href='JaVaScRiPt&#58;alert(5)'>x</a>\n\n{{ 7*7 }} {% include '/etc/passwd' %}\n"
    )
    site.write_bytes("content/raw/a.txt", text.encode())
    site.build()
    page = next(site.read(path) for path in site.outputs() if path.startswith("articles/") and path.count("/") > 1)
    for bad in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript', "<a href='Ja", "49 "):
        assert bad not in page
    assert "{{ 7*7 }}" in page


def test_a_poll_of_any_kind_is_read_or_told(site: SmallSite) -> None:
    """None, one or a thousand answers, ids that are double, HTML in an answer."""
    import base64
    from urllib.parse import quote

    def call(answers: list[dict[str, str]], number: int) -> str:
        payload = base64.b64encode(quote(json.dumps({"title": f"Q{number}?", "answers": answers})).encode()).decode()
        return f"[expert_review_poll id=”{number}″ params=”{payload}”]"

    calls = [
        call([], 1),
        call([{"id": "1", "text": "only"}], 2),
        call([{"id": str(n), "text": f"answer {n}"} for n in range(1000)], 3),
        call([{"id": "1", "text": "a"}, {"id": "1", "text": "<script>alert(1)</script>"}], 4),
    ]
    calls.append(calls[3])
    site.write_bytes("content/raw/a.txt", ("A title\n\nSome text here.\n\n" + "\n\n".join(calls) + "\n").encode())
    report = site.build()
    page = next(site.read(path) for path in site.outputs() if path.startswith("articles/") and path.count("/") > 1)
    assert "<script>alert" not in page
    assert "answer 999" in page
    assert {problem.location.path for problem in report.problems} <= {"content/raw/a.txt", "content/a.md"}


def started(site: SmallSite, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sitegen", "-C", str(site.folder), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def write_raw(site: SmallSite, folder: str, count: int) -> None:
    name = folder.rpartition("/")[2]
    for number in range(count):
        site.write_bytes(f"{folder}/{name}-{number}.txt", f"Title {number} of {name}\n\nA text of its own.\n".encode())


@pytest.mark.parametrize("other", ["import", "build"])
def test_an_import_waits_for_what_is_at_work_and_both_are_whole(site: SmallSite, other: str) -> None:
    write_raw(site, "in/one", 400)
    write_raw(site, "in/two" if other == "import" else "content/raw/two", 200)
    words = ("import", str(site.path("in/two"))) if other == "import" else ("build",)
    processes = [started(site, "import", str(site.path("in/one"))), started(site, *words)]
    told = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert sum(file.name.startswith("one-") for file in site.path("content").rglob("*.md")) == 400
    assert sum(file.name.startswith("two-") for file in site.path("content").rglob("*.md")) == 200
    assert site.build().is_clean
    assert site.outputs() == site.clean_outputs()


def test_an_import_that_has_waited_long_enough_says_who_is_at_work(site: SmallSite) -> None:
    write_raw(site, "in", 1)
    with locked(site.site.state / "lock", Patience(0), "import"):
        process = started(site, "import", "--wait", "0.2", str(site.path("in")))
        out, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert f"at work here is the import with process id {os.getpid()} since" in " ".join(out.split())
    assert "--wait SECONDS" in out
    assert not list(site.path("content").rglob("*.md"))
