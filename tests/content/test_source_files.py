import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import PermalinksTable
from sitegen.content.folder import FileStat, walk_files
from sitegen.content.reading_rules import ReadingRules
from sitegen.content.source_files import Scanned, read_entries, references_of, summary_of, word_count
from sitegen.model import Problem, Reference


def read(folder: Path, data: bytes, name: str = "news/a.md") -> Scanned:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return read_entries(rules_of(folder), [FileStat(name, 0, 0)])[0]


def rules_of(folder: Path) -> ReadingRules:
    return ReadingRules(str(folder), "content", PermalinksTable(), "Europe/Paris", 100_000)


def test_an_entry_knows_what_lists_need(tmp_path: Path) -> None:
    scanned = read(
        tmp_path,
        b"---\ntitle: A title\ndate: 2024-01-31T23:30:00+00:00\ntags: [One, Two]\n---\n\nFirst *words* here.\n\nMore.\n",
    )
    entry = scanned.entry
    assert entry is not None
    assert (entry.permalink, entry.section, entry.tags) == ("2024/02/a-title/", "news", ("One", "Two"))
    assert str(entry.date) == "2024-02-01 00:30:00"  # in Paris it was February already
    assert entry.summary == "First words here."
    assert scanned.problems == ()


def test_line_ends_and_byte_order_marks_make_no_difference(tmp_path: Path) -> None:
    plain = "---\ntitle: Été\n---\n\nUn.\n\nDeux.\n"
    forms = [
        plain.encode(),
        plain.encode("utf-8-sig"),
        plain.replace("\n", "\r\n").encode(),
        plain.replace("\n", "\x85").encode(),
        plain.replace("\n", "\r").encode(),
    ]
    entries = [read(tmp_path, data).entry for data in forms]
    assert len({(e.title, e.summary, e.words) for e in entries if e}) == 1
    assert all(entries)


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, b"---\ntitle: A\n---\ncaf\xe9\n").problems
    assert str(problem.location) == "content/news/a.md:4"
    assert problem.message == "byte 20 is not UTF-8"


def test_an_article_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    scanned = read(tmp_path, b"x" * 100_001)
    assert scanned.entry is None
    assert scanned.problems[0].code == "too-large"


@pytest.mark.parametrize("data", [b"", b" \n\n", b"---\ntitle: A\n---\n"])
def test_an_article_without_text_is_a_warning(tmp_path: Path, data: bytes) -> None:
    scanned = read(tmp_path, data)
    assert scanned.entry is not None
    assert "empty" in {problem.code for problem in scanned.problems}


def test_an_unsafe_slug_is_cleaned_and_told(tmp_path: Path) -> None:
    scanned = read(tmp_path, b"---\ntitle: A\nslug: ../../etc/x\n---\nText\n")
    assert scanned.entry is not None
    assert scanned.entry.permalink == "articles/etc-x/"
    assert [problem.message for problem in scanned.problems] == ['slug "../../etc/x" becomes "etc-x"']


def test_links_fifos_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.md").write_text("b")
    (tmp_path / "link.md").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    found = list(walk_files(tmp_path, "content"))
    assert [item.path for item in found if isinstance(item, FileStat)] == ["a.md", "sub/b.md"]
    told = {str(item.location): item.code for item in found if isinstance(item, Problem)}
    assert told == {"content/link.md": "symlink", "content/loop": "symlink", "content/pipe": "no-file"}


def test_a_summary_is_the_first_prose_without_its_marks() -> None:
    body = '## Heading\n\n![pic](a.png)\n\n[poll id="1"]\nQ?\n- [1] A\n[/poll]\n\nSome **bold** [link](x.md) and 5 \\* 3.\n\nNext.'
    assert summary_of(body) == "Some bold link and 5 * 3."


def test_a_long_summary_ends_at_a_word() -> None:
    summary = summary_of("mot " * 200)
    assert summary.endswith("mot …")
    assert len(summary) < 250


def test_references_are_found_outside_code() -> None:
    body = '[a](b.md) `[c](d.md)`\n\n```\n[e](f.md)\n```\n\n<img src="g.png"> [h](https://x.example/) [i](#top)\n\n[j]: k.md\n[^1]: Le'
    assert references_of(body, 5) == (Reference("b.md", 5), Reference("g.png", 11), Reference("k.md", 13))


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("[vc_row][vc_column width=”1/2”]First words.\n\nMore.[/vc_column][/vc_row]", "First words."),
        ("[poll id=1]\nQ?\n- a\n[/poll]\n\nWords[ref]a note[/ref] and ((more notes)) here.", "Words and here."),
        ("[caption]![x](x.png) y[/caption]\n\nA [highlight c=1]marked[/highlight] word, [sic], [[gallery]].", "A marked word, [sic], [gallery]."),
        ("[vc_row]\n\n[vc_column_text]\nText.\n[/vc_column_text]", "Text."),
    ],
)  # fmt: skip
def test_a_summary_holds_words_and_no_calls(body: str, summary: str) -> None:
    assert summary_of(body) == summary


@given(st.text("[](<>)!a/#:. \n`", max_size=40))
def test_a_body_of_links_alone_has_the_references_that_any_body_has(body: str) -> None:
    # An attribute at the end makes the reader look for everything.
    assert {*references_of(body)} <= {*references_of(f"{body}\n\nsrc='z'")}


@given(st.text("aé’\u2014中 \t\n\x0b\x1c\xa0", max_size=40))
def test_words_are_counted_without_being_made(text: str) -> None:
    assert word_count(text) == len(text.split())


def test_a_narrow_space_before_a_sign_makes_no_word() -> None:
    assert word_count("Vraiment\u202f? Oui\u202f!") == 2


def test_a_file_that_can_not_be_read_costs_none_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\nText.\n")
    (tmp_path / "b.md").write_bytes(b"\xff\xfe")
    (tmp_path / "d.md").write_text("---\ntitle: D\n---\nText.\n")
    files = [FileStat(name, 0, 0) for name in ("a.md", "b.md", "c.md", "d.md")]

    scanned = read_entries(rules_of(tmp_path), files)

    assert [one.file.path for one in scanned] == ["a.md", "b.md", "c.md", "d.md"]
    assert [one.entry.title if one.entry else "" for one in scanned] == ["A", "", "", "D"]
    assert [[problem.code for problem in one.problems] for one in scanned] == [[], ["encoding"], ["unreadable"], []]
