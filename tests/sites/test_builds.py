"""Whole small sites: what is written, and what is left alone."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sitegen.commands.build import build
from sitegen.commands.lock import Patience
from sitegen.commands.profile import Profile
from sitegen.commands.trees import preview_tree
from sitegen.model import Severity, SiteError
from tests.conftest import SmallSite
from tests.content.test_pictures import photo

SEARCH = "../assets/search.js"  # the only script that belongs to a page
THREE = """
    == content/news/a.md ==
    ---
    title: A
    date: 2011-05-01
    tags: [Rivers, Ferries]
    ---
    First.

    Second.
    == content/news/b.md ==
    ---
    title: B
    date: 2011-06-01
    tags: [Rivers]
    ---
    Text of B.
    == content/culture/c.md ==
    ---
    title: C
    ---
    Text of C, [see A](../news/a.md#second).
"""


def test_every_kind_of_page_is_there(site: SmallSite) -> None:
    site.write(THREE)
    report = site.build()
    assert report.problems == []
    assert set(site.outputs()) >= {
        "index.html", "archive/index.html", "2011/index.html", "2011/05/index.html", "2011/05/a/index.html",
        "2011/06/b/index.html", "articles/c/index.html", "undated/index.html", "sections/index.html",
        "sections/news/index.html", "sections/culture/index.html", "tags/index.html", "tags/rivers/index.html",
        "tags/ferries/index.html", "feed.xml", "sections/news/feed.xml", "sitemap.xml", "sitemap-2011-05.xml",
        "sitemap-undated.xml", "sitemap-periods.xml", "sitemap-pages.xml", "robots.txt", "404.html", "assets/site.css",
    }  # fmt: skip
    assert '<a href="../../2011/05/a/#second">see A</a>' in site.read("articles/c/index.html")


def test_a_second_build_writes_nothing(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    before = {file: file.stat().st_mtime_ns for file in site.path("output").rglob("*")}
    report = site.build()
    assert (report.written, report.removed_paths) == ([], [])
    assert report.unchanged == len(site.outputs())
    assert {file: file.stat().st_mtime_ns for file in site.path("output").rglob("*")} == before


def test_an_edit_of_a_body_rewrites_its_own_page_alone(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    site.path("content/news/a.md").write_text(site.path("content/news/a.md").read_text().replace("Second.", "Later."))
    report = site.build()
    assert report.written == ["2011/05/a/index.html", "search/201x/words/0.js"]
    assert "Later." in site.read("2011/05/a/index.html")
    assert site.outputs() == site.clean_outputs()


def test_a_new_article_leaves_older_pages_alone(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    site.add_article("news/d", title="D", date="2012-01-01", tags="Bridges")
    report = site.build()
    assert "2011/06/b/index.html" in report.written  # its new neighbour
    assert "2011/05/a/index.html" not in report.written
    assert "2011/05/index.html" not in report.written
    assert "tags/rivers/index.html" not in report.written
    assert site.outputs() == site.clean_outputs()


def test_a_removed_article_is_gone_everywhere(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    site.remove("content/news/a.md")
    site.path("content/culture/c.md").write_text("---\ntitle: C\n---\nText of C.\n")
    report = site.build()
    assert "2011/05/a/index.html" in report.removed_paths
    assert "tags/ferries/index.html" in report.removed_paths
    assert not site.path("output/2011/05").exists()
    assert site.outputs() == site.clean_outputs()


def test_many_edits_in_a_row_give_what_a_clean_build_gives(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    edits: list[Callable[[], object]] = [
        lambda: site.add_article("news/b", title="B again", date="2010-01-01", tags="Ferries"),
        lambda: site.path("content/culture/c.md").rename(site.path("content/news/c.md")),
        lambda: site.write(
            "== content/news/c.md ==\n---\ntitle: C\ndate: 2011-05-03\naliases: [/old/c/]\n---\nDated now.\n"
        ),
        lambda: site.write(
            '== templates/article.html ==\n{% extends "theme/article.html" %}\n{% block body_class %} class="own"{% endblock %}\n'
        ),
        lambda: site.write(
            '== sitegen.toml ==\n[site]\ntitle = "Other"\nurl = "https://test.example/"\n[listings]\npage_size = 1\n'
        ),
        lambda: site.remove("templates/article.html"),
        lambda: site.remove("content/news/a.md"),
        lambda: site.write_bytes(
            "content/raw/news/r.txt", "Un titre\n\nUne phrase.Une autre phrase ici.\n\nÉtiquette\n".encode()
        ),
    ]
    for edit in edits:
        edit()
        site.build()
        assert site.outputs() == site.clean_outputs()


def test_processes_give_the_same_bytes_as_one_process(new_site: Callable[[str], SmallSite]) -> None:
    trees = []
    for workers in (1, 2, 5):
        site = new_site(f"w{workers}")
        site.write(
            f'== sitegen.toml ==\n[site]\ntitle = "T"\nurl = "https://test.example/"\n[build]\nworkers = {workers}\n[listings]\npage_size = 7\n'
        )
        for number in range(150):
            site.add_article(
                f"n/a{number}",
                f"Text **{number}**.",
                title=f"Title {number}",
                date=f"2011-{number % 12 + 1:02d}-03",
                tags=f"T{number % 9}, All",
            )
        assert site.build().problems == []
        trees.append(site.outputs())
    assert trees[0] == trees[1] == trees[2]


def test_the_bytes_do_not_depend_on_time_place_or_umask(
    new_site: Callable[[str], SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = []
    for name, zone, mask in (("one", "UTC", 0o022), ("other place", "Asia/Tokyo", 0o077)):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        site = new_site(name)
        site.write(THREE)
        old = os.umask(mask)
        try:
            site.build()
        finally:
            os.umask(old)
        trees.append(site.outputs())
        found = [site.path("output"), *site.path("output").rglob("*")]
        assert {oct(file.stat().st_mode & 0o777) for file in found if file.is_file()} == {"0o644"}
        assert {oct(folder.stat().st_mode & 0o777) for folder in found if folder.is_dir()} == {"0o755"}
    assert trees[0] == trees[1]


def test_pages_count_from_the_oldest(site: SmallSite) -> None:
    site.write("== sitegen.toml ==\n[listings]\npage_size = 2\n")
    for number in range(1, 6):
        site.add_article(f"news/a{number}", title=f"Title {number}", date=f"2011-05-{number:02d}")
    site.build()
    first = site.read("sections/news/page/1/index.html")
    assert "Title 1" in first and "Title 2" in first and "Title 3" not in first
    front = site.read("sections/news/index.html")
    assert front.index("Title 5") < front.index("Title 4") < front.index("Title 3")
    site.add_article("news/a6", title="Title 6", date="2011-05-06")
    report = site.build()
    assert "sections/news/page/2/index.html" in report.written  # full from now on
    site.add_article("news/a7", title="Title 7", date="2011-05-07")
    report = site.build()
    assert "sections/news/page/1/index.html" not in report.written
    assert "sections/news/page/2/index.html" not in report.written


@pytest.mark.parametrize("day", ["2001-01-01", "2012-12-31"])
def test_an_article_has_its_path_before_a_list_wherever_it_stands_in_the_plan(site: SmallSite, day: str) -> None:
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\n[permalinks]\ndated = "/tags/{slug}/"\n')
    for month in range(1, 13):
        site.add_article(f"a{month}", title=f"Number {month}", date=f"2005-{month:02d}-03", tags="Wind")
    site.add_article("wind", title="Wind", date=day)
    for _ in range(2):  # the second time it is known that there are clashes
        (problem,) = site.build().problems
        assert (problem.code, problem.location.path) == ("clash", "the listing.html page")
        assert "content/wind.md" in problem.message
        assert "<article" in site.read("tags/wind/index.html")
    site.remove("content/wind.md")
    assert site.build().problems == []
    assert site.outputs() == site.clean_outputs()


def test_two_pages_with_one_path_are_both_named(site: SmallSite) -> None:
    site.write(THREE)
    site.add_article("news/twin", title="A", date="2011-05-09")
    site.add_article("news/fine", title="Fine", date="2011-05-10")
    report = site.build()
    (problem,) = report.problems
    assert str(problem.location) == "content/news/twin.md"
    assert problem.message == "wants the same path as content/news/a.md: /2011/05/a/index.html"
    assert problem.severity is Severity.ERROR
    assert site.path("output/2011/05/fine/index.html").exists()
    assert not site.tree.manifest.exists()


def test_articles_with_one_path_get_numbers_if_wanted(site: SmallSite) -> None:
    site.write_bytes(
        "sitegen.toml", site.path("sitegen.toml").read_bytes() + b'[permalinks]\non_collision = "suffix"\n'
    )
    site.add_article("news/late", "Late.", title="T", slug="a", date="2011-05-09", tags="x")
    site.add_article("news/z", "First, and linked: [late](late.md).", title="T", slug="a", date="2011-05-01", tags="x")
    site.add_article("news/number", title="T", slug="a-2", date="2011-05-10", tags="x")
    site.add_article(
        "news/y", "Same day as late, and before it by name.", title="T", slug="a", date="2011-05-09", tags="x"
    )
    site.add_article("news/gone", title="T", slug="a", date="2011-05-02", withdrawn="2014-01-01")

    report = site.build()

    assert [(str(one.location), one.message, one.severity) for one in report.problems] == [
        (
            f"content/news/{name}.md",
            f"wants the same path as content/news/z.md: /2011/05/a/; it got /{path}",
            Severity.WARNING,
        )
        for name, path in (("gone", "2011/05/a-3/"), ("late", "2011/05/a-4/"), ("y", "2011/05/a-5/"))
    ]
    assert "First, and linked" in site.read("2011/05/a/index.html")
    assert 'href="../../../2011/05/a-4/">late</a>' in site.read("2011/05/a/index.html")
    assert "Late." in site.read("2011/05/a-4/index.html")
    assert "2011/05/a-4/" in site.read("tags/x/index.html")
    assert site.outputs() == site.clean_outputs()

    site.remove("content/news/z.md")
    assert site.build().problems != []
    assert "Late." in site.read("2011/05/a-3/index.html")  # the one that was withdrawn has the path now
    assert site.outputs() == site.clean_outputs()

    site.add_article("news/late", "Late.", title="T", slug="a-3", date="2011-05-09", tags="x")  # the number that it got
    assert [str(one.location) for one in site.build().problems] == ["content/news/y.md"]
    assert "Late." in site.read("2011/05/a-3/index.html")
    assert site.outputs() == site.clean_outputs()

    site.add_article("news/late", "Late.", title="T", slug="a", date="2011-05-09", tags="x")
    for name in ("y", "gone"):
        site.remove(f"content/news/{name}.md")
    assert site.build().problems == []
    assert "Late." in site.read("2011/05/a/index.html")
    assert site.outputs() == site.clean_outputs()


def test_paths_that_differ_in_case_alone_clash(site: SmallSite) -> None:
    site.add_article("a", title="A", aliases="[/Old/Path/]")
    site.add_article("b", title="B", aliases="[/old/path/]")
    (problem,) = site.build().problems
    assert "a path that many hosts take for the same" in problem.message


def test_no_manifest_without_a_clean_build(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    assert site.tree.manifest.exists()
    site.add_article("news/bad", title="[a")
    report = site.build()
    assert not report.is_clean
    assert not site.tree.manifest.exists()
    site.remove("content/news/bad.md")
    assert site.build().is_clean
    assert site.tree.manifest.exists()


def test_problems_are_told_again_as_long_as_they_last(site: SmallSite) -> None:
    site.add_article(
        "a", 'See [x](missing.md).\n\n[weather town="x"]\n\n[poll id="1"]\nQ?\n- [1] A\n[/poll]', title="A"
    )
    told = [(p.code, str(p.location)) for p in site.build().problems]
    assert sorted(told) == [
        ("broken-link", "content/a.md:5"), ("poll-answers", "content/a.md:9:1"), ("unknown-shortcode", "content/a.md:7:1"),
    ]  # fmt: skip
    assert [(p.code, str(p.location)) for p in site.build().problems] == told
    site.add_article("b", title="B")
    assert sorted((p.code, str(p.location)) for p in site.build().problems) == sorted(told)


def test_foreign_files_in_the_output_are_left_alone(site: SmallSite) -> None:
    site.write(THREE)
    site.write_bytes("output/CNAME", b"test.example")
    site.build()
    site.remove("content/news/b.md")
    site.build()
    assert site.path("output/CNAME").read_bytes() == b"test.example"


def test_a_file_missing_from_the_output_comes_back(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    before = site.outputs()
    site.remove("output/2011/05/a/index.html")
    assert site.build().written == ["2011/05/a/index.html"]
    assert site.outputs() == before


@pytest.mark.parametrize("name", ["catalog.sqlite", "record.sqlite"])
@pytest.mark.parametrize("damage", [b"", b"garbage " * 500])
def test_a_damaged_state_is_made_anew_and_old_files_are_still_ours(site: SmallSite, name: str, damage: bytes) -> None:
    site.write(THREE)
    site.build()
    for suffix in ("-wal", "-shm"):
        (site.tree.state / (name + suffix)).unlink(missing_ok=True)
    (site.tree.state / name).write_bytes(damage)
    site.remove("content/news/b.md")
    site.build()
    assert site.outputs() == site.clean_outputs()


def test_a_second_build_waits_for_the_first_and_goes_on(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    lock, told = site.site.state / "lock", []
    with lock.open("a+") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        threading.Timer(1.5, fcntl.flock, (holder, fcntl.LOCK_UN)).start()
        build(site.site, site.tree, patience=Patience(60, told.append))
    assert re.fullmatch(rf"waiting up to 60 s for the build with process id {os.getpid()} since 20[-0-9]+ .+", told[0])


def test_a_build_that_has_waited_long_enough_says_who_is_at_work(site: SmallSite) -> None:
    site.write(THREE)
    site.build()
    holding = "import fcntl, sys, time; f = open(sys.argv[1], 'a+'); fcntl.flock(f, 2); f.truncate(0); "
    holding += "f.write('the build with process id 1 since noon'); f.flush(); print(flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", holding, site.site.state / "lock"], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline()
        with pytest.raises(SiteError, match="at work here is the build with process id 1 since noon"):
            build(site.site, site.tree, patience=Patience(0.2))
        holder.kill()
    assert site.build().is_clean


def test_an_output_that_is_a_file_is_refused_before_any_work(site: SmallSite) -> None:
    site.write_bytes("output", b"mine")
    with pytest.raises(SiteError, match="is a file"):
        site.build()
    assert site.path("output").read_bytes() == b"mine"


def test_drafts_are_in_the_preview_only(site: SmallSite) -> None:
    site.add_article("news/draft", title="Secret", draft="true")
    site.build()
    assert not any("secret" in path for path in site.outputs())
    assert "Secret" not in site.read("index.html")
    tree = preview_tree(site.site)
    build(site.site, tree)
    assert (tree.output / "articles/secret/index.html").exists()


def test_a_page_that_breaks_in_the_template_names_template_line_and_article(site: SmallSite) -> None:
    site.write(THREE)
    site.write("== templates/article.html ==\n<p>{{ page.title }}</p>\n<p>{{ page.titel }}</p>\n")
    problems = site.build().problems
    assert {str(problem.location) for problem in problems} == {"templates/article.html:2"}
    assert any("content/news/a.md" in problem.message or "news/a.md" in problem.message for problem in problems)


def test_a_template_with_a_syntax_error_is_told_once(site: SmallSite) -> None:
    site.write(THREE)
    site.write("== templates/article.html ==\n<p>\n{% if %}\n")
    problems = site.build().problems
    assert {str(problem.location) for problem in problems} == {"templates/article.html:2"}


def test_content_is_never_run_as_a_template(site: SmallSite) -> None:
    site.add_article("a", "{{ 7*7 }} {% include '/etc/passwd' %}", title='"{{ site.url }} {{ 7*7 }}"')
    site.build()
    (page,) = [path for path in site.outputs() if path.startswith("articles/")]
    html = site.read(page)
    assert "{{ 7*7 }} {% include" in html
    assert "<h1" in html and "{{ site.url }} {{ 7*7 }}" in html


def test_no_script_from_content_reaches_a_page(site: SmallSite) -> None:
    site.write(
        """
        == content/a.md ==
        ---
        title: '<img src=x onerror=alert(1)> </script><script>alert(2)</script> ]]>'
        date: 2020-01-01
        tags: ['<b onclick=x>', 'plain']
        authors: ['<script>alert(3)</script>']
        summary: '</title><script>alert(4)</script>'
        ---
        <script>alert(5)</script> <p onclick="alert(6)">p</p> [x](javascript:alert(7)) <svg><style><img onerror=alert(8)>

        <a href="JaVaScRiPt&#58;alert(9)">y</a> <iframe src="https://evil.example/"></iframe> <img src="data:text/html,x">
        == content/b.md ==
        ---
        title: Poll
        ---
        [poll id="<script>"]
        <script>alert(10)</script>Q?
        - [x" onclick="y] <b onmouseover=alert(11)>A</b>
        - [2] B
        [/poll]
        [what a="<script>alert(12)</script>"]
        """
    )
    site.build()
    for path in site.outputs():
        if path.endswith(".html"):
            assert list(running_parts(site.read(path))) == [], path
        if path.endswith(".xml"):
            ElementTree.fromstring(site.read(path))


def running_parts(html: str) -> Iterator[str]:
    """Whatever a browser would run, or fetch from elsewhere."""
    found: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            if tag in ("iframe", "object", "embed", "style", "base"):
                found.append(tag)
            if tag == "script" and attrs not in ([("type", "application/ld+json")], [("src", SEARCH), ("defer", None)]):
                found.append("script")
            for name, value in values.items():
                address = (value or "").strip().lower()
                if name.startswith("on") or name == "style":
                    found.append(f"{tag} {name}")
                if name in ("href", "src", "action") and address.startswith(("javascript:", "data:", "vbscript:")):
                    found.append(f"{tag} {name}={value}")

    Parser().feed(html)
    yield from found


def test_one_bad_article_costs_only_itself(site: SmallSite) -> None:
    site.write(THREE)
    site.write_bytes("content/latin.md", b"---\ntitle: A\n---\ncaf\xe9\n")
    site.write_bytes("content/empty.md", b"")
    site.write("== content/unclosed.md ==\n---\ntitle: X\n")
    site.path("content/folder.md").mkdir()
    site.write_bytes(
        "content/nested.md", ("---\ntitle: Deep\n---\n" + "".join("  " * 2 * n + "- x\n" for n in range(400))).encode()
    )
    codes = {str(problem.location): problem.code for problem in site.build().problems}
    assert codes["content/latin.md:4"] == "encoding"
    assert codes["content/unclosed.md:1"] == "front-matter"
    assert codes["content/empty.md"] in ("empty", "no-title")
    assert site.path("output/2011/05/a/index.html").exists()


def test_an_article_that_takes_too_long_is_stopped(site: SmallSite) -> None:
    site.write(THREE)
    site.write("== sitegen.toml ==\n[build]\nworkers = 1\nseconds_per_article = 0.5\n")
    site.add_article("slow", "[" * 30_000, title="Slow")
    (problem,) = site.build().problems
    assert (problem.code, problem.location.path) == ("time", "content/slow.md")
    assert site.path("output/2011/05/a/index.html").exists()


def test_an_unreadable_file_leaves_the_others(site: SmallSite) -> None:
    if os.geteuid() == 0:
        site.write_bytes("content/broken.md", b"x")
        site.path("content/broken.md").unlink()
        site.path("content/broken.md").symlink_to("nowhere")
        (problem,) = site.build().problems
        assert problem.code == "symlink"
        return
    site.write(THREE)
    site.path("content/news/a.md").chmod(0)
    problems = site.build().problems
    assert any(problem.partly for problem in problems)
    assert site.path("output/2011/06/b/index.html").exists()


def test_files_beside_articles_are_copied_and_linked(site: SmallSite) -> None:
    site.write_bytes("content/news/map of é.png", photo(9, 6, "PNG"))
    site.add_article("news/a", "![The map](map%20of%20é.png) and [the file](<map of é.png>)", title="A")
    report = site.build()
    assert site.path("output/media/news/map of é.png").read_bytes() == photo(9, 6, "PNG")
    assert "../../media/news/map%20of%20" in site.read("articles/a/index.html")
    assert [problem.code for problem in report.problems] == []


def test_an_alias_leads_to_its_article(site: SmallSite) -> None:
    site.add_article("a", title="A", aliases="[/2009/old-name/, '../../up', /index.html/x.html, '/?p=12']")
    report = site.build()
    assert "url=../../articles/a/" in site.read("2009/old-name/index.html")
    assert sorted(problem.code for problem in report.problems) == ["alias", "alias-taken"]
    assert not (site.folder.parent / "up").exists()


def test_a_moved_site_is_not_rebuilt_from_nothing(site: SmallSite, tmp_path: Path) -> None:
    site.write(THREE)
    site.build()
    shutil.move(site.folder, tmp_path / "elsewhere")
    site.folder = tmp_path / "elsewhere"
    report = site.build()
    assert report.written == []


def test_without_an_address_there_is_neither_feed_nor_sitemap(site: SmallSite) -> None:
    site.write(THREE)
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\n')
    site.build()
    assert not {"feed.xml", "sitemap.xml"} & set(site.outputs())
    assert "feed.xml" not in site.read("index.html") + site.read("sections/news/index.html")


def test_links_lead_to_the_top_from_every_depth_and_content_cannot_write_its_sign(site: SmallSite) -> None:
    site.add_article("news/a", "Sign \x01, sign &#1; and [c](c.md).", title='"A\\x01"', date="2011-05-01")
    site.add_article("news/c", title="C", tags="Rivers")
    site.build()
    assert 'href="./2011/05/a/"' in site.read("index.html")
    assert "<h1>A</h1>" in site.read("2011/05/a/index.html")
    assert "<p>Sign , sign  and" in site.read("2011/05/a/index.html")
    assert 'href="../../../articles/c/"' in site.read("2011/05/a/index.html")
    assert 'href="../../articles/c/"' in site.read("tags/rivers/index.html")
    assert 'href="/tags/"' in site.read("404.html")
    assert not any("\x01" in site.read(path) for path in site.outputs() if path.endswith((".html", ".xml", ".txt")))


def test_a_portable_archive_names_its_index_files(site: SmallSite) -> None:
    site.write("== sitegen.toml ==\n[site]\nportable = true\n")
    site.add_article("a", title="A", date="2011-05-01")
    site.build()
    assert 'href="./2011/05/a/index.html"' in site.read("index.html")
    assert 'href="../2011/05/a/index.html"' in site.read("2011/index.html")


def why(site: SmallSite, path: str) -> str:
    return "\n".join(build(site.site, site.tree, why=path).why)


def test_a_build_tells_why_a_file_was_written(site: SmallSite) -> None:
    site.write(THREE)
    assert "written: it was not there before" in why(site, "/2011/05/a/")
    assert "not written: it is made of the very same things" in why(site, "2011/05/a/index.html")
    site.path("content/news/a.md").write_text(site.path("content/news/a.md").read_text().replace("Second.", "Later."))
    told = why(site, "2011/05/a/")
    assert "bucket:2011-05" in told and "written: body has changed" in told
    site.add_article("news/d", title="D", date="2012-01-01")
    assert "context has changed" in why(site, "2011/06/b/")  # its new neighbour
    site.remove("output/2011/05/a/index.html")
    assert "it was missing" in why(site, "2011/05/a/")
    site.write_bytes("templates/article.html", b'{% extends "theme/article.html" %}{% block cite %}{% endblock %}')
    told = why(site, "2011/05/a/")
    assert "written: template has changed" in told and "planned again" not in told
    site.write('== sitegen.toml ==\n[site]\ntitle = "Other"\n')
    assert "everything was planned again" in why(site, "2011/05/a/")
    assert "there is no such page" in why(site, "nowhere/")
    told = why(site, "2011/05/a/index.html")
    assert told.startswith("2011/05/a/index.html: planned in the part")
    for name in ("output/2011/05/a/index.html", "/2011/05/a/", "content/news/a.md"):
        assert why(site, name) == told


def test_a_build_tells_where_its_time_went(site: SmallSite) -> None:
    site.write(THREE)
    profile = Profile()
    build(site.site, site.tree, profile=profile)
    assert (profile.bodies, profile.prose_bodies) == (3, 3)
    assert profile.templates["article.html"].pages == 3
    told = "\n".join(profile.lines())
    assert (
        "plan, draw and write pages" in told
        and "Bodies of plain prose, which need no Python-Markdown: 3 of 3 (100%)" in told
    )
