"""Exports in several parts, and in zip archives."""

import gzip
import stat
import zipfile
from pathlib import Path

import pytest

from sitegen.commands.importing import import_sources
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.wordpress.export import WordPress
from sitegen.importers.wordpress.parts import parts_of
from sitegen.model import Problem
from tests.conftest import SmallSite
from tests.importers.wordpress.test_export import export, item, meta, picture

HOME = "<wp:base_blog_url>https://a.example</wp:base_blog_url>"
AUTHOR = "<wp:author><wp:author_login>ann</wp:author_login><wp:author_display_name>Ann Marsh</wp:author_display_name></wp:author>"
FIRST = export(
    HOME, item(post_id="1", post_name="one", more=meta("_thumbnail_id", "9")), item(post_id="2", post_name="two")
)
SECOND = export(HOME, AUTHOR, picture("9"), item(post_id="2", post_name="two"), item(post_id="3", post_name="three"))


def read(file: Path) -> tuple[list[Imported], list[Problem]]:
    found = list(WordPress().read(Raw(f"raw/{file.name}", b"", str(file))))
    return [one for one in found if isinstance(one, Imported)], [one for one in found if isinstance(one, Problem)]


def titles(articles: list[Imported]) -> list[str]:
    return [one.article.front_matter.slug for one in articles]


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["part1.xml", "part2.xml", "part10.xml"], ["part1.xml", "part2.xml", "part10.xml"]),
        (["site.wordpress.2024-01-01.000.xml", "site.wordpress.2024-01-01.001.xml"], None),
        (["export.xml", "export2.xml"], ["export.xml"]),
        (["site.2024-01-01.xml", "site.2024-01-02.xml"], ["site.2024-01-01.xml"]),
        (["a1.xml", "b2.xml"], ["a1.xml"]),
        (["a1.xml", "a2.xml.gz"], ["a1.xml"]),
    ],
)
def test_files_of_one_site_that_differ_in_a_number_are_parts(tmp_path: Path, names, parts):
    for name in names:
        data = FIRST.encode()
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert [path.name for path in parts_of(tmp_path / names[0])] == (parts or names)


def test_files_of_other_sites_and_no_exports_are_no_parts(tmp_path: Path):
    (tmp_path / "a1.xml").write_text(FIRST)
    (tmp_path / "a2.xml").write_text(FIRST.replace("https://a.example", "https://b.example"))
    (tmp_path / "a3.xml").write_text("<html></html>")
    (tmp_path / "a4.xml").mkdir()
    assert parts_of(tmp_path / "a1.xml") == (tmp_path / "a1.xml",)


def test_one_part_knows_authors_and_pictures_of_another_and_nothing_comes_twice(tmp_path: Path):
    (tmp_path / "part1.xml").write_text(FIRST)
    (tmp_path / "part2.xml").write_text(SECOND)
    articles, problems = read(tmp_path / "part1.xml")
    assert titles(articles) == ["one", "two", "three"]
    matter = articles[0].article.front_matter
    assert matter.authors == ("Ann Marsh",)
    assert matter.image
    assert [one.article.front_matter.source.file for one in articles] == ["raw/part1.xml"] * 2 + ["raw/part2.xml"]
    assert [problem.message for problem in problems if problem.code == "item-twice"] == [
        "1 items stand in two places of the export; they are taken once"
    ]


def test_a_folder_of_parts_is_imported_as_one_and_again_when_one_changes(site: SmallSite):
    site.write_bytes("in/part1.xml", FIRST.encode())
    site.write_bytes("in/part2.xml", SECOND.encode())
    assert import_sources(site.site, [site.path("in")]).new == 3
    assert import_sources(site.site, [site.path("in")]).unchanged == 3
    by_name = import_sources(site.site, [site.path("in/part2.xml"), site.path("in/part1.xml")])
    assert (by_name.unchanged, by_name.failed) == (3, 0)
    site.write_bytes("in/part3.xml", export(HOME, item(post_id="4", post_name="four")).encode())
    assert import_sources(site.site, [site.path("in")]).new == 1


def zipped(path: Path, **entries: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


def test_an_archive_is_read_with_all_that_lies_in_it(tmp_path: Path):
    articles, problems = read(
        zipped(tmp_path / "a.zip", x__part2_xml=SECOND, x__part1_xml=FIRST, readme_txt="no export")
    )
    assert titles(articles) == ["one", "two", "three"]
    assert articles[0].article.front_matter.source.file == "raw/a.zip/part1.xml"
    assert {problem.code for problem in problems} == {"item-twice", "not-taken"}


def test_what_an_archive_must_not_hold_is_left_out_and_told(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../out.xml", "/etc/out.xml", "C:\\out.xml", "good.xml"):
            archive.writestr(name, FIRST)
        link = zipfile.ZipInfo("link.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb.xml", FIRST + " " * (64 << 20))
    articles, problems = read(tmp_path / "a.zip")
    told = [problem.message for problem in problems if problem.code == "zip"]
    assert titles(articles) == ["one", "two"]
    assert sum("leads out of the archive" in message for message in told) == 3
    assert sum("is a link" in message for message in told) == 1
    assert sum("times its size" in message for message in told) == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]


def test_an_encrypted_a_cut_and_a_foreign_archive_are_told(tmp_path: Path):
    whole = zipped(tmp_path / "a.zip", a_xml=FIRST).read_bytes()
    flagged = bytearray(whole)
    flagged[6] |= 1
    flagged[whole.index(b"PK\x01\x02") + 8] |= 1
    for name, data, code in (
        ("encrypted.zip", bytes(flagged), "zip"),
        ("cut.zip", whole[: len(whole) // 2], "zip"),
        ("foreign.zip", zipped(tmp_path / "b.zip", a_txt="x").read_bytes(), "not-wxr"),
        ("empty.zip", b"", "zip"),
    ):
        (tmp_path / name).write_bytes(data)
        articles, problems = read(tmp_path / name)
        assert (articles, [problem.code for problem in problems][:1]) == ([], [code]), name


def test_damaged_bytes_in_an_archive_cost_what_is_behind_them(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.xml", FIRST)
        archive.writestr("b.xml", SECOND)
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(b"A title", b"A tixle", 1))
    articles, problems = read(tmp_path / "a.zip")
    assert "three" in titles(articles)
    assert any(problem.code == "gzip" and "a.zip/a.xml" in str(problem.location) for problem in problems)
