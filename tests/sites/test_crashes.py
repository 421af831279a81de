"""Builds that are cut off at any moment: the next one goes on, and ends where an uninterrupted one would."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.theme import default_theme
from tests.conftest import SmallSite


def big_site(site: SmallSite) -> None:
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\nurl = "https://test.example/"\n[build]\nworkers = 2\n')
    for number in range(160):
        site.write_bytes(
            f"content/raw/news/2011-{number % 12 + 1:02d}-{number % 27 + 1:02d}-n{number}.txt",
            f"Title number {number}\n\nA first sentence here.And a second one, number {number}.\n\nTag {number % 9}, News\n".encode(),
        )


def test_a_build_that_is_killed_again_and_again_ends_like_a_clean_one(site: SmallSite) -> None:
    big_site(site)
    chance = random.Random(7)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "sitegen", "-C", str(site.folder), "-q", "build"], start_new_session=True
        )
        time.sleep(chance.uniform(0.15, 2.0))
        process.kill()
        process.wait()
        manifest = site.tree.manifest
        if manifest.exists():  # it was quick enough to finish: then it is whole
            assert len(manifest.read_text("utf-8").splitlines()) - 2 == len(site.outputs())
            site.write_bytes("content/raw/news/more.txt", f"More {chance.random()}\n\nA text of its own.\n".encode())
    # The workers of a killed build end by themselves, as soon as they miss it.
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        report = site.build()
        if site.outputs() == site.clean_outputs():
            break
        time.sleep(0.5)
    assert report.is_clean
    assert site.outputs() == site.clean_outputs()
    assert not [path for path in site.outputs() if ".sitegen-tmp" in path]


def test_a_build_that_is_killed_while_pages_are_replaced_leaves_whole_pages(site: SmallSite) -> None:
    big_site(site)
    assert site.build().is_clean
    chance, ends = random.Random(3), set()
    for turn in range(4):
        site.write_bytes("templates/base.html", _base_template() + f"<!-- {turn} -->".encode())
        process = subprocess.Popen([sys.executable, "-m", "sitegen", "-C", str(site.folder), "-q", "build"])
        time.sleep(chance.uniform(0.3, 1.5))
        process.kill()
        process.wait()
        pages = [page for page in site.path("output").rglob("*.html") if "<body" in page.read_text("utf-8")]
        ends |= {page.read_text("utf-8").rstrip()[-12:] for page in pages}
    # The pages of each theme have their own end, and every page has one of these.
    assert {end.rpartition("<")[2] for end in ends} <= {"/html>", *(f"!-- {turn} -->" for turn in range(4))}
    assert site.build().is_clean
    assert site.outputs() == site.clean_outputs()


def _base_template() -> bytes:
    return (default_theme() / "base.html").read_bytes()


def test_pages_that_the_disk_may_have_missed_are_written_again(site: SmallSite) -> None:
    """A build was replacing pages when the machine went down, and its theme is taken back then."""
    big_site(site)
    assert site.build().is_clean
    whole = site.outputs()
    state = site.tree.state
    site.tree.manifest.rename(site.tree.previous_manifest)
    (state / "record.sqlite.open").write_text("an earlier start of the machine", "utf-8")
    page = next(page for page in site.path("output").rglob("index.html") if "number 7" in page.read_text("utf-8"))
    page.write_text(page.read_text("utf-8").replace("number 7", "number 8"), "utf-8")  # as long as it was
    assert site.build().is_clean
    assert site.outputs() == whole


@pytest.mark.parametrize("limit", [9_000, 90_000, 300_000])
def test_a_full_disk_is_told_and_the_next_build_goes_on(site: SmallSite, limit: int) -> None:
    site.write_bytes("content/news/large.bin", bytes(400_000))
    for number in range(30):
        site.add_article(
            f"news/a{number}", "Text. " * 300, title=f"Title {number}", date=f"2011-05-{number % 28 + 1:02d}"
        )
    limited = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from sitegen.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", limited, "-C", str(site.folder), "-q", "build"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode not in (0, -25)
    assert "can't be written" in run.stderr and "Traceback" not in run.stderr
    assert not site.tree.manifest.exists()
    assert site.build().is_clean
    assert site.outputs() == site.clean_outputs()


def test_state_that_was_open_when_the_machine_went_down_is_made_anew(site: SmallSite) -> None:
    site.add_article("news/a", title="A")
    site.build()
    for name in ("catalog.sqlite", "record.sqlite"):
        file = site.tree.state / name
        data = bytearray(file.read_bytes())
        data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)  # what the disk had not got yet
        file.write_bytes(data)
        (site.tree.state / f"{name}.open").write_text("an earlier start of the machine", "utf-8")
    site.add_article("news/b", title="B")
    assert site.build().is_clean
    assert site.outputs() == site.clean_outputs()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_that_is_killed_costs_a_repetition_and_no_page(site: SmallSite, seed: int) -> None:
    big_site(site)
    chance = random.Random(seed)
    process = subprocess.Popen([sys.executable, "-m", "sitegen", "-C", str(site.folder), "-q", "build"])
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers: list[str] = []
    while process.poll() is None and not workers:
        workers = children.read_text("ascii").split()
        if workers:
            time.sleep(chance.uniform(0.0, 0.6))
            with contextlib.suppress(ProcessLookupError):
                workers = children.read_text("ascii").split() or workers
                os.kill(int(chance.choice(workers)), signal.SIGKILL)
    assert workers
    assert process.wait() == 0
    assert site.outputs() == site.clean_outputs()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk to be had here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full_is_told_and_with_room_the_build_goes_on(small_disk: Path, tmp_path: Path) -> None:
    site = SmallSite(small_disk / "site")
    for number in range(20):
        site.add_article(f"news/a{number}", "Text. " * 300, title=f"Title {number}", date=f"2011-05-{number + 1:02d}")
    for free in (100_000, 300_000, 600_000):
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - free))
        run = subprocess.run(
            [sys.executable, "-m", "sitegen", "-C", str(site.folder), "-q", "build"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode not in (0, 1), run.stderr
        assert "disk" in run.stderr and "Traceback" not in run.stderr
        assert not site.tree.manifest.exists()
        ballast.unlink()
    assert site.build().is_clean
    assert not [path for path in site.outputs() if ".sitegen-tmp" in path]
    roomy = SmallSite(tmp_path / "roomy")
    shutil.copytree(site.path("content"), roomy.path("content"))
    roomy.build()
    assert site.outputs() == roomy.outputs()
