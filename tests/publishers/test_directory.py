"""The target `directory`."""

import hashlib
from pathlib import Path

import pytest

from sitegen.config import PublishTable
from sitegen.model import OutputFile, SiteError
from sitegen.outputs.manifest import write_manifest
from sitegen.publishers.directory import Directory, open_directory


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An empty target."""
    folder = tmp_path / "public"
    folder.mkdir()
    return folder


def made(tmp_path: Path, path: str, data: bytes) -> tuple[OutputFile, Path]:
    """A built file: its line of the manifest, and where it lies."""
    file = tmp_path / "output" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return OutputFile(path, hashlib.sha256(data).hexdigest(), len(data)), file


def refusal(table: PublishTable, site: Path) -> str:
    with pytest.raises(SiteError) as refused:
        open_directory(table, site)
    return refused.value.problem.message


def test_the_path_is_relative_to_the_site_and_made_if_need_be(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()

    open_directory(PublishTable(path="../deep/public"), site)

    assert (tmp_path / "deep" / "public").is_dir()


@pytest.mark.parametrize(
    "path",
    [
        ".",
        "..",
        "/",
        "content",
        "content/raw",
        "templates",
        "output",
        "output/public",
        ".sitegen",
        ".sitegen/build",
        "public/../content",
    ],
)
def test_a_target_that_is_part_of_the_site_is_refused(tmp_path: Path, path: str) -> None:
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)

    assert refusal(PublishTable(path=path), site) == f"{path} is part of the site itself"


def test_a_link_into_the_site_is_refused_too(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    (tmp_path / "public").symlink_to(site / "content")

    assert "part of the site itself" in refusal(PublishTable(path="../public"), site)


def test_a_target_without_a_path_is_refused(tmp_path: Path) -> None:
    assert refusal(PublishTable(), tmp_path) == "the target has no path"


def test_a_file_where_the_target_should_be_is_a_problem(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "public").write_text("a file", "utf-8")

    assert "can't be made" in refusal(PublishTable(path="../public"), site)
    assert (tmp_path / "public").read_text("utf-8") == "a file"


def test_nothing_is_published_at_first(target: Path) -> None:
    assert list(Directory(target).published()) == []


def test_what_was_finished_is_what_is_published(tmp_path: Path, target: Path) -> None:
    file, _ = made(tmp_path, "a b/é+100%#.html", b"text")
    write_manifest(tmp_path / "manifest.txt", [file])

    Directory(target).finish(tmp_path / "manifest.txt")

    assert list(Directory(target).published()) == [file]


@pytest.mark.parametrize("text", ["", "something else\n", "sitegen-manifest 1\n0 1 a\n", "sitegen-manifest 1\nend 5\n"])
def test_a_damaged_manifest_at_the_target_is_a_problem_with_a_hint(target: Path, text: str) -> None:
    (target / ".sitegen-manifest.txt").write_text(text, "utf-8")

    with pytest.raises(SiteError) as refused:
        list(Directory(target).published())

    assert "remove it" in refused.value.problem.hint


def test_a_file_is_put_whole_into_folders_of_its_own(tmp_path: Path, target: Path) -> None:
    file, data = made(tmp_path, "2024/09/tram/index.html", b"text")

    Directory(target).put(file, data)

    assert (target / file.path).read_bytes() == b"text"
    files = [one for one in target.rglob("*") if one.is_file() and not one.name.startswith(".sitegen-")]
    assert files == [target / file.path]


def test_a_file_that_was_changed_since_the_build_is_not_put(tmp_path: Path, target: Path) -> None:
    file, data = made(tmp_path, "a.html", b"as it was built")
    directory = Directory(target)
    directory.put(file, data)
    data.write_bytes(b"as somebody left it")

    with pytest.raises(OSError, match="not what was built"):
        directory.put(file, data)

    assert (target / "a.html").read_bytes() == b"as it was built"


def test_an_emptied_folder_goes_with_its_last_file(tmp_path: Path, target: Path) -> None:
    directory = Directory(target)
    for path in ("2024/09/a/index.html", "2024/10/b/index.html"):
        directory.put(*made(tmp_path, path, b"text"))

    directory.delete("2024/09/a/index.html")

    assert not (target / "2024/09").exists()
    assert (target / "2024/10/b/index.html").exists()


def test_a_folder_with_a_foreign_file_stays(tmp_path: Path, target: Path) -> None:
    directory = Directory(target)
    directory.put(*made(tmp_path, "a/index.html", b"text"))
    (target / "a" / "notes.txt").write_text("mine", "utf-8")

    directory.delete("a/index.html")

    assert (target / "a" / "notes.txt").read_text("utf-8") == "mine"


def test_a_file_that_is_gone_already_can_be_removed(target: Path) -> None:
    Directory(target).delete("a/index.html")

    assert target.is_dir()


@pytest.mark.parametrize("path", ["../outside.txt", "/outside.txt", "a/../../outside.txt"])
def test_a_manifest_that_was_tampered_with_leads_nowhere_else(tmp_path: Path, target: Path, path: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", "utf-8")

    with pytest.raises(ValueError, match="leaves the folder"):
        Directory(target).delete(path)

    assert outside.read_text("utf-8") == "mine"
