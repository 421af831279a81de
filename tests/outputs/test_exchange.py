import os
import random
import resource
import sys
from pathlib import Path

import pytest

from sitegen.outputs.exchange import PLAIN, Settling, Spares
from sitegen.outputs.tree import remove_spares, write_file

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone exchanges files")
MANY = 600


@pytest.fixture
def spares(tmp_path: Path) -> Spares:
    """Spares that have replaced so many files that they are at it."""
    made = Spares(f"{tmp_path}/.spare-")
    for _ in range(PLAIN):
        assert not made.replace(f"{tmp_path}/a", b"the common way")
    return made


def _pages(folder: Path, text: str = "old") -> list[Path]:
    files = [folder / f"{number}.html" for number in range(MANY)]
    for number, file in enumerate(files):
        file.write_text(f"{text} {number} " * 2000, "utf-8")
        file.chmod(0o644)
    return files


def test_pages_are_replaced_by_longer_and_shorter_ones(tmp_path: Path, spares: Spares) -> None:
    files = _pages(tmp_path)
    lengths = [0, 1, 4095, 4096, 4097, 30_000]
    nodes = {file.stat().st_ino for file in files}
    for number, file in enumerate(files):
        assert spares.replace(str(file), bytes([number % 256]) * lengths[number % 6])
    for number, file in enumerate(files):
        assert file.read_bytes() == bytes([number % 256]) * lengths[number % 6]
        assert file.stat().st_mode & 0o777 == 0o644
    assert len(nodes & {file.stat().st_ino for file in files}) > MANY / 2  # no more files than before, but for a few
    assert len(list(tmp_path.glob(".spare-*"))) < MANY / 4
    spares.remove()
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_a_page_takes_the_room_of_one_that_was_as_long(tmp_path: Path, spares: Spares) -> None:
    """To give room back is what takes long, where the disk is told of it."""
    files = [tmp_path / f"{number}.html" for number in range(MANY)]
    long = [5_000 * random.Random(number).randint(1, 3) for number in range(MANY)]
    for file, length in zip(files, long, strict=True):
        file.write_bytes(bytes(length))
    lengths = {file.stat().st_ino: file.stat().st_size for file in files}
    for file, length in zip(files, long, strict=True):
        assert spares.replace(str(file), b"x" * length)
    known = [file.stat() for file in files if file.stat().st_ino in lengths]
    assert len(known) > MANY / 2
    assert all(lengths[found.st_ino] == found.st_size for found in known)


def test_who_has_a_page_open_goes_on_reading_it(tmp_path: Path, spares: Spares) -> None:
    files = _pages(tmp_path)
    with files[20].open("rb") as reader:
        begun = reader.read(10)
        for file in files:
            assert spares.replace(str(file), b"new")
        for file in files:
            assert spares.replace(str(file), b"newer")
        assert begun + reader.read() == b"old 20 " * 2000
    assert {file.read_bytes() for file in files} == {b"newer"}


def test_another_name_of_a_page_keeps_its_bytes(tmp_path: Path, spares: Spares) -> None:
    files = _pages(tmp_path)
    (tmp_path / "snapshot").hardlink_to(files[5])
    replaced = [spares.replace(str(file), b"new") for file in files]
    assert replaced == [file != files[5] for file in files]
    assert (tmp_path / "snapshot").read_text("utf-8") == "old 5 " * 2000


@pytest.mark.parametrize("what", ["folder", "link", "pipe", "nothing"])
def test_what_is_no_file_is_not_touched(tmp_path: Path, spares: Spares, what: str) -> None:
    target = tmp_path / "odd"
    if what == "folder":
        target.mkdir()
    elif what == "link":
        (tmp_path / "other").write_bytes(b"other")
        target.symlink_to(tmp_path / "other")
    elif what == "pipe":
        os.mkfifo(target)
    before = sorted(tmp_path.iterdir())
    assert not spares.replace(str(target), b"new")
    assert sorted(tmp_path.iterdir()) == before


def test_without_room_nothing_is_done(tmp_path: Path, spares: Spares) -> None:
    files = _pages(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        assert spares.replace(str(files[0]), b"fits")
        assert not spares.replace(str(files[1]), bytes(30_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files[0].read_bytes() == b"fits"
    assert files[1].read_text("utf-8") == "old 1 " * 2000
    spares.remove()
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_a_tree_replaces_many_files_so_and_forked_processes_do_not_share_them(tmp_path: Path) -> None:
    def rewrite(word: str, known: str) -> None:
        for number in range(MANY):
            write_file(tmp_path, f"{number}/index.html", f"{word} {number}".encode() * 100, known_digest=known)

    rewrite("old", "")
    assert not list(tmp_path.glob(".sitegen-tmp-*"))
    rewrite("new", "0" * 64)
    mine = sorted(tmp_path.glob(".sitegen-tmp-*"))
    assert mine
    child = os.fork()
    if not child:
        rewrite("child's", "0" * 64)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    theirs = sorted(set(tmp_path.glob(".sitegen-tmp-*")) - set(mine))
    assert theirs
    remove_spares(str(tmp_path))
    assert sorted(tmp_path.glob(".sitegen-tmp-*")) == theirs
    for number in range(MANY):
        assert (tmp_path / f"{number}/index.html").read_text("utf-8") == f"child's {number}" * 100


def test_what_was_written_is_brought_to_the_disk_beside_other_work(tmp_path: Path) -> None:
    settling = Settling(str(tmp_path))
    settling.finish()  # there was nothing to wait for
    _pages(tmp_path)
    settling.begin()
    settling.begin()
    settling.finish()
    lost = Settling(str(tmp_path / "lost"))
    lost.begin()
    with pytest.raises(FileNotFoundError):
        lost.finish()
