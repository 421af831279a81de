"""`sitegen init`: a new site builds at once, and has no problems."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def sitegen(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the real program, standing in the folder."""
    command = [sys.executable, "-m", "sitegen", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_new_site_builds_and_has_no_problems(tmp_path: Path) -> None:
    sitegen(tmp_path, "init", "new")
    site = tmp_path / "new"

    built = sitegen(site, "build")
    checked = sitegen(site, "check")

    assert "1 raw article taken in" in built.stdout
    assert "2 articles" in built.stdout
    assert built.stderr == ""
    assert checked.stdout.endswith("No problems.\n")
    assert checked.stderr == ""


def test_a_new_site_shows_what_an_archive_can_do(tmp_path: Path) -> None:
    sitegen(tmp_path, "init")
    sitegen(tmp_path, "build")

    pages = "".join(file.read_text("utf-8") for file in (tmp_path / "output").rglob("*.html"))

    assert "Ferry runs again on Sundays" in pages
    assert 'class="poll' in pages
    assert (tmp_path / "output/tags/ferry/index.html").exists()


def test_what_a_build_makes_is_not_for_git(tmp_path: Path) -> None:
    sitegen(tmp_path, "init")

    assert {"/output/", "/.sitegen/"} <= set((tmp_path / ".gitignore").read_text("utf-8").split())


def test_a_site_is_not_made_twice(tmp_path: Path) -> None:
    sitegen(tmp_path, "init")
    before = files(tmp_path)

    done = sitegen(tmp_path, "init", expect=2)

    assert "there is a site here already" in done.stderr
    assert files(tmp_path) == before


def test_files_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", "utf-8")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "mine.md").write_text("---\ntitle: Mine\n---\n", "utf-8")

    done = sitegen(tmp_path, "init")

    assert ".gitignore" not in done.stdout
    assert (tmp_path / ".gitignore").read_text("utf-8") == "mine\n"
    assert (tmp_path / "content" / "mine.md").exists()


def test_the_command_that_init_names_is_the_right_one(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()

    done = sitegen(tmp_path, "-C", "sites", "init", "new")

    assert (tmp_path / "sites/new/sitegen.toml").exists()
    assert "`sitegen -C sites/new serve`" in done.stdout


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    done = sitegen(tmp_path, "init", "file/new", expect=2)

    assert "can't be written to" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)

    assert "can't be written to" in sitegen(tmp_path, "init", "locked", expect=2).stderr
