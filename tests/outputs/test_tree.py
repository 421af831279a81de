import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sitegen.model import OutputFile
from sitegen.outputs import tree
from sitegen.outputs.manifest import ManifestError, read_manifest, write_manifest
from sitegen.outputs.tree import copy_file, remove_files, remove_torn, write_file


@pytest.fixture(params=[True, False], ids=["nameless", "named"], autouse=True)
def has_nameless(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> bool:
    """Whether files have no name before they are whole; here none has, where the file system knows no such files."""
    monkeypatch.setattr(tree, "_HAS_NAMELESS", request.param)
    handle = tree._nameless(f"{tmp_path}/a")
    if handle is not None:
        os.close(handle)
    return handle is not None


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    made, was_written = write_file(tmp_path, "a/b/index.html", b"x")
    assert was_written
    assert (made.path, made.size) == ("a/b/index.html", 1)
    assert (tmp_path / "a/b/index.html").read_bytes() == b"x"
    assert [file.name for file in (tmp_path / "a/b").iterdir()] == ["index.html"]


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    made, _ = write_file(tmp_path, "a.txt", b"x")
    before = (tmp_path / "a.txt").stat().st_mtime_ns
    assert write_file(tmp_path, "a.txt", b"x", known_digest=made.digest) == (made, False)
    assert (tmp_path / "a.txt").stat().st_mtime_ns == before
    (tmp_path / "a.txt").write_bytes(b"other")
    assert write_file(tmp_path, "a.txt", b"x", known_digest=made.digest) == (made, True)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a//b", "./x", "", "a/\0"])
def test_no_path_leaves_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leaves the folder"):
        write_file(tmp_path / "in", path, b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    write_file(tmp_path, "a.txt", b"old")
    with pytest.raises(IsADirectoryError):
        (tmp_path / "d").mkdir()
        write_file(tmp_path, "d", b"x")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "d"]


def test_files_have_the_same_permissions_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_file(tmp_path, "a/b.txt", b"x")
        write_file(tmp_path, "a/b.txt", b"y")
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("a", "a/b.txt")] == [0o755, 0o644]
    assert (tmp_path / "a/b.txt").read_bytes() == b"y"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_what_a_writer_left_that_had_our_number_is_in_nobodys_way(tmp_path: Path) -> None:
    write_file(tmp_path, "a/b.txt", b"x")
    Path(tree._temporary(str(tmp_path))).write_bytes(b"longer than what is written")
    write_file(tmp_path, "a/b.txt", b"y")
    assert (tmp_path / "a/b.txt").read_bytes() == b"y"


def test_a_system_that_gives_no_names_has_them_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_paths: str, **_options: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    write_file(tmp_path, "a/b.txt", b"x" * 3_000_000)
    assert (tmp_path / "a/b.txt").read_bytes() == b"x" * 3_000_000
    assert stat.S_IMODE((tmp_path / "a/b.txt").stat().st_mode) == 0o644
    assert [file.name for file in tmp_path.rglob("*")] == ["a", "b.txt"]


def test_a_copy_is_whole_and_has_its_own_digest(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"0123456789" * 300_000)
    made, was_written = copy_file(tmp_path / "out", "m/big", tmp_path / "big")
    assert was_written
    assert made.size == 3_000_000
    assert copy_file(tmp_path / "out", "m/big", tmp_path / "big", known_digest=made.digest) == (made, False)


def test_a_writer_that_is_killed_leaves_nothing_but_at_the_top(tmp_path: Path, *, has_nameless: bool) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    code = (
        f"import os, signal; from sitegen.outputs import tree; tree._HAS_NAMELESS = {has_nameless}\n"
        "tree.write_all = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"tree.write_file({str(tmp_path)!r}, 'a/b/c.txt', b'x')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    left = [file.name[:13] for file in tmp_path.iterdir() if file.is_file()]
    assert left == ([] if has_nameless else [".sitegen-tmp-"])
    remove_torn(str(tmp_path))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_folder_on_another_disk_is_written_to(tmp_path: Path) -> None:
    other = Path(tempfile.mkdtemp(dir="/dev/shm"))
    try:
        if other.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("there is only one disk")
        (tmp_path / "media").symlink_to(other)
        write_file(tmp_path, "media/2011/a.txt", b"x")
        write_file(tmp_path, "media/2011/a.txt", b"y")
        assert [file.name for file in (other / "2011").iterdir()] == ["a.txt"]
        assert (other / "2011/a.txt").read_bytes() == b"y"
        assert [file.name for file in tmp_path.iterdir()] == ["media"]
    finally:
        shutil.rmtree(other)


def test_folders_go_with_their_last_file(tmp_path: Path) -> None:
    write_file(tmp_path, "a/b/c.txt", b"x")
    write_file(tmp_path, "a/d.txt", b"x")
    assert remove_files(tmp_path, ["a/b/c.txt", "gone.txt"]) == ["a/b/c.txt"]
    assert not (tmp_path / "a/b").exists()
    assert (tmp_path / "a/d.txt").exists()


def test_a_manifest_reads_back_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    files = [OutputFile("a b é.html", "0" * 64, 5), OutputFile("z", "1" * 64, 0)]
    manifest = tmp_path / "state/manifest.txt"
    assert write_manifest(manifest, files) == 2
    assert list(read_manifest(manifest)) == files
    manifest.write_text("\n".join(manifest.read_text().split("\n")[:-2]))
    with pytest.raises(ManifestError, match="cut off"):
        list(read_manifest(manifest))
    manifest.write_text("something else\n")
    with pytest.raises(ManifestError):
        list(read_manifest(manifest))
