"""`sitegen publish`, from the command line to a folder."""

import functools
import http.server
import re
import subprocess
import sys
import threading
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin
from urllib.request import urlopen

import pytest

from tests.conftest import SmallSite

CONFIG = """
== sitegen.toml ==
[site]
title = "Test"
url = "https://test.example/"
[build]
workers = 1
[publish.web]
type = "directory"
path = "../public"
max_deletes = {max_deletes}
"""


@pytest.fixture
def published(site: SmallSite) -> SmallSite:
    """A site of two articles, built and published."""
    site.write(CONFIG.format(max_deletes=256))
    site.add_article("a", "Text of A.", title="A")
    site.add_article("b", "Text of B.", title="B")
    run(site, "build")
    run(site, "publish")
    return site


def run(site: SmallSite, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `sitegen` on the site; its exit code must be as expected."""
    command = [sys.executable, "-m", "sitegen", "-C", str(site.folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def public(site: SmallSite, path: str = "") -> Path:
    return site.folder.parent / "public" / path


def contents(folder: Path) -> dict[str, bytes]:
    """All files, but for the target's own manifest."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".sitegen-manifest.txt"
    }


def is_in_line(site: SmallSite) -> bool:
    """Whether the target holds what was built, no more and no less."""
    return contents(public(site)) == contents(site.path("output"))


def test_the_first_publication_puts_everything(site: SmallSite) -> None:
    site.write(CONFIG.format(max_deletes=256))
    site.add_article("a", title="A")
    run(site, "build")

    done = run(site, "publish")

    count = len(contents(site.path("output")))
    assert done.stdout == f"web: {count} files were put, 0 removed, 0 are as they should be\n"
    assert is_in_line(site)


def test_there_is_nothing_to_do_twice(published: SmallSite) -> None:
    before = {file: file.stat().st_mtime_ns for file in public(published).rglob("*.html")}

    done = run(published, "publish")

    assert re.fullmatch(r"web: 0 files were put, 0 removed, \d+ are as they should be\n", done.stdout)
    assert {file: file.stat().st_mtime_ns for file in public(published).rglob("*.html")} == before


def test_one_edit_puts_only_what_changed(published: SmallSite) -> None:
    published.add_article("a", "Text of A, mended.", title="A")
    run(published, "build")

    done = run(published, "publish", "--dry-run")
    changed = re.findall(r"^put +(\S+)  \(content\)$", done.stdout, re.MULTILINE)

    assert "articles/a/index.html" in changed
    assert "articles/b/index.html" not in changed
    assert "assets/site.css" not in changed
    run(published, "publish")
    assert is_in_line(published)


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(published: SmallSite) -> None:
    before = contents(public(published))
    published.remove("content/b.md")
    published.add_article("c", title="C")
    run(published, "build")

    done = run(published, "publish", "--dry-run")

    assert re.search(r"^put +articles/c/index\.html  \(new\)$", done.stdout, re.MULTILINE)
    assert re.search(r"^delete +articles/b/index\.html  \(gone\)$", done.stdout, re.MULTILINE)
    assert "would be put" in done.stdout
    assert contents(public(published)) == before


def test_a_removed_article_is_removed_with_its_folder(published: SmallSite) -> None:
    published.remove("content/b.md")
    run(published, "build")

    done = run(published, "publish")

    assert "1 removed" in done.stdout
    assert not public(published, "articles/b").exists()
    assert is_in_line(published)


def test_foreign_files_are_never_touched(published: SmallSite) -> None:
    foreign = {"CNAME": b"test.example", "articles/b/notes.txt": b"mine", "other/index.html": b"<p>mine</p>"}
    for name, data in foreign.items():
        public(published, name).parent.mkdir(exist_ok=True)
        public(published, name).write_bytes(data)
    published.remove("content/b.md")
    run(published, "build")

    run(published, "publish")

    assert {name: public(published, name).read_bytes() for name in foreign} == foreign
    assert not public(published, "articles/b/index.html").exists()


def test_foreign_files_are_never_overwritten(published: SmallSite) -> None:
    public(published, "articles/c").mkdir()
    public(published, "articles/c/index.html").write_bytes(b"mine")
    before = contents(public(published))
    published.add_article("c", title="C")
    run(published, "build")

    done = run(published, "publish", expect=2)

    assert "articles/c/index.html: error: lies at the target already" in done.stderr
    assert contents(public(published)) == before


def test_more_removals_than_is_plausible_are_refused(published: SmallSite) -> None:
    published.write(CONFIG.format(max_deletes=1))
    for name in "defg":
        published.add_article(name, title=name.upper())
    run(published, "build")
    run(published, "publish")
    for name in "abdefg":
        published.remove(f"content/{name}.md")
    published.add_article("c", title="C")
    run(published, "build")
    before = contents(public(published))

    done = run(published, "publish", expect=2)

    assert re.search(r"6 of \d+ published files would be removed; nothing was done", done.stderr)
    assert "--allow-deletes 6" in done.stderr
    assert contents(public(published)) == before


def test_many_removals_are_done_when_they_are_allowed(published: SmallSite) -> None:
    published.write(CONFIG.format(max_deletes=1))
    published.remove("content/a.md")
    published.remove("content/b.md")
    published.add_article("c", title="C")
    run(published, "build")

    run(published, "publish", "--allow-deletes", "1", expect=2)
    done = run(published, "publish", "--allow-deletes", "2")

    assert "2 removed" in done.stdout
    assert is_in_line(published)


def test_an_archive_that_lost_most_of_its_articles_is_not_published_by_default(site: SmallSite) -> None:
    site.write(CONFIG.replace("max_deletes = {max_deletes}\n", ""))
    for number in range(30):
        site.add_article(f"article-{number}", title=f"Article {number}")
    run(site, "build")
    run(site, "publish")
    for number in range(1, 30):
        site.remove(f"content/article-{number}.md")
    run(site, "build")

    done = run(site, "publish", expect=2)

    assert "would be removed; nothing was done" in done.stderr
    assert public(site, "articles/article-29/index.html").exists()


def test_without_a_build_nothing_is_published(site: SmallSite) -> None:
    site.write(CONFIG.format(max_deletes=256))

    done = run(site, "publish", expect=2)

    assert "there is no clean build to publish" in done.stderr
    assert "sitegen build" in done.stderr
    assert not public(site, "index.html").exists()


def test_a_build_with_errors_is_not_published(published: SmallSite) -> None:
    before = contents(public(published))
    published.add_article("a", title="A", date="yesterday")
    run(published, "build", expect=1)

    done = run(published, "publish", expect=2)

    assert "there is no clean build to publish" in done.stderr
    assert contents(public(published)) == before
    published.add_article("a", title="A", date="2024-05-01")
    run(published, "build")
    run(published, "publish")
    assert is_in_line(published)


@pytest.mark.parametrize("path", ["output", "content/public", ".", ".."])
def test_a_target_inside_the_site_is_refused(site: SmallSite, path: str) -> None:
    site.write(CONFIG.format(max_deletes=256).replace("../public", path))
    site.add_article("a", title="A")
    run(site, "build")
    before = contents(site.folder)

    done = run(site, "publish", expect=2)

    assert "is part of the site itself" in done.stderr
    assert contents(site.folder) == before


def test_a_file_that_cannot_be_put_leaves_the_rest_for_the_next_run(published: SmallSite) -> None:
    published.add_article("a", "Text of A, mended.", title="A")
    published.add_article("c", "Text of C.", title="C")
    published.remove("content/b.md")
    run(published, "build")
    # A folder in the way of a page: no right would stop root.
    in_the_way = public(published, "articles/a/index.html")
    in_the_way.unlink()
    in_the_way.mkdir()

    done = run(published, "publish", expect=3)

    assert "articles/a/index.html: error: can't put" in done.stderr
    assert "publish again to go on" in done.stderr
    assert public(published, "articles/b/index.html").exists()
    in_the_way.rmdir()
    run(published, "publish")
    assert is_in_line(published)


def test_a_first_publication_that_was_stopped_goes_on(site: SmallSite) -> None:
    site.write(CONFIG.format(max_deletes=256))
    site.add_article("a", title="A")
    run(site, "build")
    public(site).mkdir()
    public(site, "articles").write_bytes(b"a file where a folder should be")

    run(site, "publish", expect=3)
    public(site, "articles").unlink()
    run(site, "publish")

    assert is_in_line(site)


def test_a_page_that_somebody_changed_since_the_build_is_not_published(published: SmallSite) -> None:
    published.add_article("a", "Text of A, mended.", title="A")
    run(published, "build")
    page = published.path("output/articles/a/index.html")
    page.write_bytes(page.read_bytes().replace(b"mended", b"forged"))

    done = run(published, "publish", expect=3)

    assert "build again" in done.stderr
    assert b"forged" not in public(published, "articles/a/index.html").read_bytes()


def test_a_damaged_manifest_at_the_target_stops_the_publication(published: SmallSite) -> None:
    public(published, ".sitegen-manifest.txt").write_bytes(b"sitegen-manifest 1\n")
    before = contents(public(published))
    published.remove("content/b.md")
    run(published, "build")

    done = run(published, "publish", expect=2)

    assert ".sitegen-manifest.txt" in done.stderr
    assert contents(public(published)) == before


@pytest.mark.parametrize(
    "name", ["a plan.svg", "café.svg", "1+1.svg", "100%.svg", "map #1.svg", "what's new.svg", "a & b.svg", "%41.svg"]
)
def test_a_file_name_survives_publishing_and_its_link_works(site: SmallSite, name: str) -> None:
    site.write(CONFIG.format(max_deletes=256))
    site.write_bytes(f"content/{name}", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    site.add_article("a", f"![A drawing]({quote(name)})", title="A")
    run(site, "build")

    run(site, "publish")

    assert is_in_line(site)
    assert [path for path in contents(public(site)) if path.endswith("/" + name)]
    page = public(site, "articles/a/index.html").read_text("utf-8")
    link = unescape(re.search(r'<img[^>]* src="([^"]*)"', page)[1])  # type: ignore[index]
    assert fetched(public(site), "articles/a/", link).startswith(b"<svg")


def fetched(folder: Path, page: str, link: str) -> bytes:
    """What a plain web server gives for a link of a page."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            with urlopen(urljoin(f"http://127.0.0.1:{server.server_port}/{page}", link), timeout=5) as answer:
                return answer.read()
        finally:
            server.shutdown()
            thread.join(5)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_no_target_is_a_problem(site: SmallSite) -> None:
    done = run(site, "publish", expect=2)

    assert "no target is configured" in done.stderr
    assert "[publish.web]" in done.stderr


def test_an_unknown_target_is_a_problem_that_names_the_known_ones(published: SmallSite) -> None:
    done = run(published, "publish", "wbe", expect=2)

    assert 'there is no target "wbe"' in done.stderr
    assert "known: web" in done.stderr


def test_one_of_several_targets_must_be_named(published: SmallSite) -> None:
    text = published.path("sitegen.toml").read_text("utf-8")
    published.path("sitegen.toml").write_text(text + '\n[publish.copy]\npath = "../copy"\n', "utf-8")

    done = run(published, "publish", expect=2)

    assert "name one: copy, web" in done.stderr
    run(published, "publish", "copy")
    assert contents(published.folder.parent / "copy") == contents(published.path("output"))


def test_an_unknown_type_is_a_problem(site: SmallSite) -> None:
    site.write(CONFIG.format(max_deletes=256).replace('"directory"', '"pigeon"'))
    site.add_article("a", title="A")
    run(site, "build")

    done = run(site, "publish", expect=2)

    assert 'unknown type "pigeon"' in done.stderr
    assert "known: directory" in done.stderr
