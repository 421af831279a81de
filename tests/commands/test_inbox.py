"""An inbox that is as it was is left alone; whatever is otherwise is noticed."""

import os
from collections.abc import Callable

import pytest

from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.importing import import_sources
from sitegen.commands.inbox import inbox_of, unchanged_inbox
from sitegen.content.folder import walk_files
from tests.conftest import SmallSite

RAW = b"A title here\n\nA first sentence stands here. And a second one.\n\nNews, Rivers\n"
JSON = b'{"title": "One", "body": "Words."}\n{"title": "Two", "body": "More words."}\n'


def unchanged(site: SmallSite) -> ImportSummary | None:
    return unchanged_inbox(site.site, inbox_of(site.site))


@pytest.fixture
def settled(site: SmallSite) -> SmallSite:
    site.write_bytes("content/raw/a.txt", RAW)
    site.write_bytes("content/raw/news/b.txt", RAW.replace(b"title", b"heading"))
    site.write_bytes("content/raw/news/many.jsonl", JSON)
    site.write_bytes("content/raw/metadata.csv", b"file,title\na.txt,Another title\n")
    assert unchanged(site) is None
    assert site.build().problems == []
    return site


def test_an_unchanged_inbox_says_what_an_import_of_it_says(settled: SmallSite) -> None:
    found = unchanged(settled)
    assert found
    assert found.unchanged == 4
    assert found == import_sources(settled.site, [])
    assert unchanged(settled) == found


EDITS: dict[str, Callable[[SmallSite], object]] = {
    "a file came": lambda site: site.write_bytes("content/raw/c.txt", RAW),
    "a folder came with a file": lambda site: site.write_bytes("content/raw/x/y/c.txt", RAW),
    "a file changed": lambda site: site.write_bytes("content/raw/a.txt", RAW + b"x\n"),
    "a file was touched": lambda site: os.utime(site.path("content/raw/a.txt"), ns=(1, 1)),
    "a file went": lambda site: site.remove("content/raw/a.txt"),
    "a file was renamed": lambda site: site.path("content/raw/a.txt").rename(site.path("content/raw/z.txt")),
    "a folder was renamed": lambda site: site.path("content/raw/news").rename(site.path("content/raw/new")),
    "a side file changed": lambda site: site.write_bytes("content/raw/metadata.csv", b"file,title\na.txt,Fourth\n"),
    "an article went": lambda site: site.remove("content/a.md"),
    "one article of many went": lambda site: next(site.path("content").rglob("two*.md")).unlink(),
    "a mend is not wanted": lambda site: site.write("== sitegen.toml ==\n[import]\nwithout = ['entity']\n"),
    "it was imported by another importer": lambda site: import_sources(site.site, [], "markdown"),
    "a link came": lambda site: site.path("content/raw/l.txt").symlink_to("a.txt"),
    "a file came that nobody takes": lambda site: site.write_bytes("content/raw/c.exe", b"MZ"),
    "a picture came that nobody shows": lambda site: site.write_bytes("content/raw/c.png", b"\x89PNG"),
    "the memory was lost": lambda site: (site.site.state / "imports.sqlite").unlink(),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_inbox_is_looked_at_when(settled: SmallSite, edit: str) -> None:
    EDITS[edit](settled)
    assert unchanged(settled) is None


def test_other_content_does_not_matter(settled: SmallSite) -> None:
    settled.add_article("mine", title="Mine")
    settled.path("content/a.md").write_text(settled.path("content/a.md").read_text() + "\nBy hand.\n")
    assert unchanged(settled)
    settled.remove("content/raw/a.txt")
    settled.write_bytes("content/raw/metadata.csv", b"")
    settled.build()
    settled.remove("content/a.md")
    assert unchanged(settled)  # both are gone, so nothing is missing


def test_what_is_in_the_way_is_told_again(settled: SmallSite) -> None:
    settled.path("content/a.md").write_text("By hand.\n")
    settled.write_bytes("content/raw/a.txt", RAW + b"x\n")
    for _ in range(2):
        assert "conflict" in [problem.code for problem in settled.build().problems]
        assert unchanged(settled) is None
    settled.write_bytes("content/raw/a.txt", RAW)
    settled.build()
    assert unchanged(settled) is None  # the article is not what it would become


def test_a_picture_that_lost_its_copy_is_told(settled: SmallSite) -> None:
    settled.write_bytes("content/raw/p.png", b"\x89PNG")
    settled.write_bytes("content/p.png", b"\x89PNG")
    import_sources(settled.site, [])
    assert unchanged(settled)
    settled.remove("content/p.png")
    assert unchanged(settled) is None
    assert [problem.code for problem in import_sources(settled.site, []).problems] == ["media-files"]
    assert unchanged(settled) is None


def test_what_lies_in_an_inbox_is_as_it_was_found(settled: SmallSite) -> None:
    inbox = inbox_of(settled.site)
    assert list(inbox.files()) == list(walk_files(settled.site.inbox, inbox.name))


def test_an_inbox_that_nobody_can_note_down_is_taken_in_all_the_same(site: SmallSite) -> None:
    site.write_bytes("content/raw/a.txt", RAW)
    (site.site.state / "inbox.jsonl").mkdir(parents=True)
    for new, old in ((1, 0), (0, 1)):
        taken_in = site.build().taken_in
        assert taken_in
        assert (taken_in.new, taken_in.unchanged) == (new, old)
        assert unchanged(site) is None
