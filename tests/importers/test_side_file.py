import datetime as dt
import json
from pathlib import Path

import pytest

from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.importing import import_sources
from sitegen.content.front_matter import parse_front_matter
from sitegen.importers.side_file import SideTable, read_row
from sitegen.model import FrontMatter
from tests.conftest import SmallSite

RAW = "Le bac reprend\n\nLe bac reprend son service en mai, et les horaires ne changent pas.\n\nTransports\n"


def run(site: SmallSite) -> ImportSummary:
    return import_sources(site.site, [site.path("in")], "")


def matter(site: SmallSite, name: str) -> FrontMatter:
    return parse_front_matter(site.path(f"content/{name}").read_text(), name).front_matter


def told(summary: ImportSummary) -> list[tuple[str, int]]:
    return [
        (problem.location.path, problem.location.line) for problem in summary.problems if problem.code == "side-file"
    ]


CSV = """file,date,url,author,section,tags,title,lang,slug,note
a.txt,2019-03-04,https://old.example/2019/bac/,Ada Winter; Ben Low,Rivers,"Bac, Loire",The ferry,en,,typed by hand
"""


def test_a_row_goes_before_what_was_read_and_guessed(site: SmallSite) -> None:
    site.write_bytes("in/2020-01-01/a.txt", RAW.encode())
    site.write_bytes("in/metadata.csv", CSV.encode())
    assert told(run(site)) == []
    made = matter(site, "2020-01-01/a.md")
    assert (made.title, made.slug, made.date, made.lang) == ("The ferry", "the-ferry", dt.date(2019, 3, 4), "en")
    assert (made.authors, made.section, made.tags) == (("Ada Winter", "Ben Low"), "Rivers", ("Bac", "Loire"))
    assert made.aliases == ("/2019/bac/",)
    assert made.extra == {"fields": {"note": "typed by hand"}}
    assert made.source is not None
    assert made.source.url == "https://old.example/2019/bac/"


def test_the_report_names_the_row_and_keeps_what_was_replaced(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    site.write_bytes(
        "in/metadata.jsonl", b'\n{"path": "./a.txt", "title": "The ferry", "tags": ["Loire"], "date": "2019-03-04"}\n'
    )
    summary = run(site)
    report = json.loads(site.path(summary.report).read_text())
    assert {"field": "title", "value": "The ferry", "file": "in/metadata.jsonl", "line": 2} in report["said"]
    assert [aside["text"] for aside in report["set_aside"]] == ["Le bac reprend", "Transports"]
    assert {guess["field"] for guess in report["guesses"]} == {"language"}


def test_rows_that_change_import_their_articles_anew_and_no_others(site: SmallSite) -> None:
    for name in ("a", "b", "c"):
        site.write_bytes(f"in/{name}.txt", RAW.encode())
    site.write_bytes("in/metadata.csv", b"file,date\na.txt,2019-03-04\nb.txt,2019-03-05\n")
    assert run(site).new == 3
    assert run(site).unchanged == 3
    site.write_bytes("in/metadata.csv", b"file,date\na.txt,2019-03-04\nb.txt,2020-01-01\n")
    summary = run(site)
    assert (summary.changed, summary.unchanged) == (1, 2)
    assert matter(site, "b.md").date == dt.date(2020, 1, 1)
    site.remove("in/metadata.csv")
    assert run(site).changed == 2
    assert matter(site, "a.md").date is None


def test_rows_without_a_file_and_names_of_several_files_are_told(site: SmallSite) -> None:
    for name in ("a.txt", "sub/b.txt", "other/b.txt", "other/c.txt", "other/d.txt"):
        site.write_bytes(f"in/{name}", RAW.encode())
    rows = [
        "file,date",
        "b.txt,2019-01-01",
        "c.txt,2019-01-02",
        "gone.txt,2019-01-03",
        "a.txt,soon",
        ",2019-01-01",
        "c.txt,2018-01-01",
        "other\\d.txt,2019-01-05",
    ]
    site.write_bytes("in/metadata.csv", "\n".join(rows).encode())
    assert sorted(told(run(site))) == [("in/metadata.csv", line) for line in (2, 4, 5, 6, 7)]
    assert [matter(site, name).date for name in ("other/b.md", "other/c.md", "other/d.md")] == [
        None,
        dt.date(2019, 1, 2),
        dt.date(2019, 1, 5),
    ]


def test_a_name_at_the_top_is_a_path(site: SmallSite) -> None:
    site.write_bytes("in/b.txt", RAW.encode())
    site.write_bytes("in/sub/b.txt", RAW.encode())
    site.write_bytes("in/metadata.csv", b"file,date\nb.txt,2019-01-01\n")
    assert told(run(site)) == []
    assert (matter(site, "b.md").date, matter(site, "sub/b.md").date) == (dt.date(2019, 1, 1), None)


def test_the_inbox_has_a_side_file_too_and_pages_and_markdown_have_rows(site: SmallSite) -> None:
    site.write_bytes(
        "content/raw/p.html",
        b"<html><head><title>P</title></head><body><article><p>"
        + b"Some text here. " * 30
        + b"</p></article></body></html>",
    )
    site.write_bytes("content/raw/m.md", b"---\ntitle: M\n---\nText.\n")
    site.write_bytes("content/raw/metadata.csv", b"fichier;titre;draft\np.html;Page;\nm.md;Markdown;yes\n")
    report = site.build()
    assert [problem.message for problem in report.problems] == []
    assert matter(site, "p.html.md").title == "Page"
    assert (matter(site, "m.md").title, matter(site, "m.md").draft) == ("Markdown", True)


def test_a_file_of_many_articles_has_no_row(site: SmallSite) -> None:
    site.write_bytes("in/a.jsonl", b'{"title": "A", "text": "a"}\n')
    site.write_bytes("in/metadata.csv", b"file,date\na.jsonl,2019-01-01\n")
    assert told(run(site)) == [("in/metadata.csv", 2)]


def test_an_edited_article_is_left_alone(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", RAW.encode())
    run(site)
    site.path("content/a.md").write_text("---\ntitle: Mine\n---\nMine.\n")
    site.write_bytes("in/metadata.csv", b"file,title\na.txt,Theirs\n")
    assert run(site).conflicts == 1
    assert matter(site, "a.md").title == "Mine"


@pytest.mark.parametrize("link", [True, False])
def test_a_side_file_lies_in_the_folder_itself(tmp_path: Path, link: bool) -> None:
    if link:
        (tmp_path / "elsewhere").write_text("file,date\na.txt,2019-01-01\n")
        (tmp_path / "metadata.csv").symlink_to(tmp_path / "elsewhere")
    assert SideTable(tmp_path, "in").is_empty


def test_a_slug_of_a_row_is_a_slug() -> None:
    row, _ = read_row({"slug": "../../etc", "lang": "en_us"}, "m.csv", 2)
    assert (row.front_matter.slug, row.front_matter.lang) == ("etc", "en-US")
