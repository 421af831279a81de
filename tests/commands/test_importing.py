import json
import os
from pathlib import Path

import pytest

from sitegen.commands.import_finder import target_of
from sitegen.commands.import_memory import open_memory
from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.importing import import_sources
from sitegen.model import SiteError
from tests.conftest import SmallSite

RAW = "Le bac reprend\n\nLe bac reprend son service en mai.Les horaires ne changent pas.\n\nTransports\n"


def run(site: SmallSite, *names: str) -> ImportSummary:
    return import_sources(site.site, [site.path(name) for name in names], "")


def test_a_build_takes_in_the_inbox(site: SmallSite) -> None:
    site.write_bytes("content/raw/news/2024-05-01-bac.txt", RAW.encode())
    report = site.build()
    assert report.taken_in
    assert (report.taken_in.new, report.taken_in.mends) == (1, {"glued-sentence": 1})
    assert site.path("content/news/2024-05-01-bac.md").exists()
    assert site.path("output/2024/05/le-bac-reprend/index.html").exists()
    again = site.build()
    assert again.taken_in
    assert (again.taken_in.taken, again.taken_in.unchanged) == (0, 1)


def test_importing_twice_gives_the_same_bytes(site: SmallSite) -> None:
    site.write_bytes("elsewhere/a.txt", RAW.encode())
    assert run(site, "elsewhere").new == 1
    first = site.path("content/a.md").read_bytes()
    (site.site.state / "imports.sqlite").unlink()
    assert run(site, "elsewhere").unchanged == 1
    assert site.path("content/a.md").read_bytes() == first


def test_a_raw_file_that_changed_is_imported_anew(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    run(site, "in")
    site.write_bytes("in/a.txt", RAW.replace("mai", "avril").encode())
    assert run(site, "in").changed == 1
    assert "avril" in site.path("content/a.md").read_text()


def test_a_file_that_a_person_edited_is_never_overwritten(site: SmallSite) -> None:
    site.write_bytes("content/raw/a.txt", RAW.encode())
    site.build()
    edited = site.path("content/a.md").read_text() + "\nMy own line.\n"
    site.path("content/a.md").write_text(edited)
    assert [problem.code for problem in site.build().problems] == []  # the raw file has not changed
    site.write_bytes("content/raw/a.txt", RAW.replace("mai", "avril").encode())
    for _ in range(2):
        (problem,) = site.build().problems
        assert (problem.code, str(problem.location)) == ("conflict", "content/raw/a.txt")
        assert site.path("content/a.md").read_text() == edited
    site.remove("content/a.md")
    assert site.build().problems == []
    assert "avril" in site.path("content/a.md").read_text()


def test_a_markdown_file_of_that_name_is_never_overwritten(site: SmallSite) -> None:
    site.add_article("a", title="Mine")
    mine = site.path("content/a.md").read_text()
    site.write_bytes("content/raw/a.txt", RAW.encode())
    assert [problem.code for problem in site.build().problems] == ["conflict"]
    assert site.path("content/a.md").read_text() == mine


def test_every_mend_and_guess_is_in_the_report(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    site.write_bytes(
        "in/sub/b.txt", b"Ein Titel\n\nEin Text mit [wetter ort=\xe2\x80\x9dx\xe2\x80\x9d] darin, ganz ruhig.\n"
    )
    summary = run(site, "in")
    reports = [json.loads(line) for line in site.path(summary.report).read_text().splitlines()]
    assert [report["source"] for report in reports] == ["in/a.txt", "in/sub/b.txt"]
    assert reports[0]["mends"] == [
        {"kind": "glued-sentence", "before": "mai.Les", "after": "mai. Les", "line": 3, "column": 35}
    ]
    assert {guess["field"] for guess in reports[0]["guesses"]} == {"title", "tags", "language"}
    assert summary.unknown_shortcodes["wetter"].first == "in/sub/b.txt:3"


def test_bad_files_cost_only_themselves(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    site.write_bytes("in/empty.txt", b"")
    site.write_bytes("in/binary.txt", b"\x00\x01\x02" * 400)
    site.write_bytes("in/photo.jpeg", b"\xff\xd8")
    site.write_bytes("in/program.exe", b"MZ")
    site.path("in/folder.txt").mkdir()
    (site.path("in/link.txt")).symlink_to("/etc/passwd")
    os.mkfifo(site.path("in/pipe.txt"))
    summary = run(site, "in")
    assert (summary.new, summary.failed) == (1, 2)
    assert {str(p.location): p.code for p in summary.problems} == {
        "in/empty.txt": "empty-raw",
        "in/binary.txt": "not-text",
        "photo.jpeg": "media-files",
        "in/program.exe": "no-importer",
        "in/link.txt": "symlink",
        "in/pipe.txt": "no-file",
    }


def test_files_that_would_be_one_article_are_both_named(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    site.write_bytes("other/a.txt", RAW.encode())
    (problem,) = run(site, "in", "other").problems
    assert (problem.code, str(problem.location)) == ("clash", "other/a.txt")
    assert "in/a.txt" in problem.message


def test_processes_import_the_same_as_one_process(site: SmallSite, tmp_path: Path) -> None:
    for number in range(120):
        site.write_bytes(f"in/{number}.txt", RAW.replace("Le bac", f"Le bac {number}").encode())
    run(site, "in")
    one = {file.name: file.read_bytes() for file in site.path("content").glob("*.md")}
    other = SmallSite(tmp_path / "other")
    other.write("== sitegen.toml ==\n[build]\nworkers = 2\n")
    import_sources(other.site, [site.path("in")], "raw-text")
    assert {file.name: file.read_bytes() for file in other.path("content").glob("*.md")} == one
    assert len(one) == 120


@pytest.mark.parametrize(
    ("raw", "target"), [("a/b.txt", "a/b.md"), ("a.text", "a.text.md"), ("README", "README.md"), ("a.TXT", "a.md")]
)
def test_a_raw_file_keeps_its_path(raw: str, target: str) -> None:
    assert target_of(raw) == target


def test_a_raw_file_keeps_its_article_when_another_one_that_comes_before_it_wants_it(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    run(site, "in")
    site.write_bytes("in/a.TXT", RAW.encode())
    site.write_bytes("in/a.txt", RAW.replace("mai", "avril").encode())
    for changed, unchanged in ((1, 0), (0, 1)):
        summary = run(site, "in")
        assert (summary.changed, summary.unchanged, summary.failed) == (changed, unchanged, 1)
        assert [(problem.code, str(problem.location)) for problem in summary.problems] == [("clash", "in/a.TXT")]
    assert "avril" in site.path("content/a.md").read_text()


def test_a_source_or_format_that_does_not_exist_is_refused(site: SmallSite) -> None:
    with pytest.raises(SiteError, match="does not exist"):
        run(site, "nowhere")
    with pytest.raises(SiteError, match='no importer "docx"'):
        import_sources(site.site, [site.folder], "docx")


def test_two_sources_with_one_name_never_overwrite_each_other(site: SmallSite) -> None:
    site.write_bytes("one/posts/a.txt", RAW.encode())
    site.write_bytes("two/posts/a.txt", RAW.replace("mai", "avril").encode())
    run(site, "one/posts")
    first = site.path("content/a.md").read_text()
    (problem,) = run(site, "two/posts").problems
    assert problem.code == "clash"
    assert site.path("content/a.md").read_text() == first


EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old site</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name><![CDATA[Ada Winter]]></wp:author_display_name></wp:author>
%s
</channel></rss>
"""
ITEM = """<item><title>%(title)s</title><link>https://old.example/2011/05/%(name)s/</link><dc:creator>ada</dc:creator>
<content:encoded><![CDATA[<p>Text of <em>%(title)s</em>.</p>]]></content:encoded><excerpt:encoded></excerpt:encoded>
<wp:post_id>%(id)d</wp:post_id><wp:post_date>2011-05-0%(id)d 10:00:00</wp:post_date><wp:post_name>%(name)s</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><category domain="post_tag" nicename="r"><![CDATA[Rivers]]></category></item>
"""


def test_an_export_becomes_as_many_articles_as_it_holds(site: SmallSite) -> None:
    items = "".join(ITEM % {"title": f"Title {n}", "name": f"name-{n}", "id": n} for n in (1, 2, 3))
    site.write_bytes("old.xml", (EXPORT % items).encode())
    assert run(site, "old.xml").new == 3
    report = site.build()
    assert report.problems == []
    assert "<em>Title 2</em>" in site.read("2011/05/name-2/index.html")
    assert "Ada Winter" in site.read("2011/05/name-2/index.html")
    assert "tags/rivers/index.html" in site.outputs()
    again = run(site, "old.xml")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


def test_an_edited_article_of_an_export_is_never_overwritten(site: SmallSite) -> None:
    items = [ITEM % {"title": f"Title {n}", "name": f"name-{n}", "id": n} for n in (1, 2)]
    site.write_bytes("old.xml", (EXPORT % "".join(items)).encode())
    run(site, "old.xml")
    (edited,) = site.path("content").rglob("name-1.md")
    edited.write_text(edited.read_text() + "\nMine.\n")
    site.write_bytes("old.xml", (EXPORT % "".join(items).replace("Text of", "Words of")).encode())
    summary = run(site, "old.xml")
    assert (summary.conflicts, summary.changed) == (1, 1)
    assert "Mine." in edited.read_text()


def test_without_sources_the_inbox_is_taken_in(site: SmallSite) -> None:
    site.write_bytes("content/raw/a.txt", RAW.encode())
    assert import_sources(site.site, []).new == 1
    assert site.path("content/a.md").exists()


def test_kinds_of_mends_can_be_left_out(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.replace("Les", "L&#233;s").encode())
    summary = import_sources(site.site, [site.path("in")], without=("glued-sentence",))
    assert summary.mends == {"entity": 1}
    assert "mai.Lés" in site.path("content/a.md").read_text()
    site.write("== sitegen.toml ==\n[import]\nwithout = ['entity', 'glued-sentence']\n")
    assert import_sources(site.site, [site.path("in")]).mends == {}
    assert "mai.L&amp;#233;s" in site.path("content/a.md").read_text()


def test_a_kind_of_mend_that_nobody_knows_is_refused(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    with pytest.raises(SiteError, match="no kind of mend") as caught:
        import_sources(site.site, [site.path("in")], without=("glued-sentences",))
    assert caught.value.problem.hint == 'did you mean "glued-sentence"?'


def test_a_report_tells_of_one_import_and_the_memory_of_all(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    site.write_bytes("in/b.txt", RAW.replace("Le bac", "Le pont").encode())
    run(site, "in")
    site.write_bytes("in/b.txt", RAW.replace("Le bac", "Le quai").encode())
    summary = run(site, "in")
    reports = [json.loads(line) for line in site.path(summary.report).read_text().splitlines()]
    assert [(report["source"], report["status"]) for report in reports] == [("in/b.txt", "changed")]
    assert run(site, "in").unchanged == 2
    assert site.path(summary.report).read_text().count("\n") == 1
    with open_memory(site.site) as memory:
        assert [report.source for report in memory.articles()] == ["in/a.txt", "in/b.txt"]
