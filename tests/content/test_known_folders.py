import os
import random
from pathlib import Path

import pytest

from sitegen.commands.build import scanned_catalog
from sitegen.content import folder as folders
from sitegen.content.folder import FileStat
from sitegen.content.intake import Intake
from sitegen.model import Problem
from tests.conftest import SmallSite


def _put(site: SmallSite, name: str, title: str, time: int) -> None:
    file = site.path(f"content/{name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\ntitle: {title}\n---\n\nWords.\n", "utf-8")
    os.utime(file, (time, time))


def _titles(site: SmallSite) -> dict[str, str]:
    with scanned_catalog(site.site, site.tree) as (catalog, problems):
        assert problems == []
        return {entry.source: entry.title for entry in catalog.undated()}


def _written(site: SmallSite) -> dict[str, str]:
    top = site.path("content")
    return {file.relative_to(top).as_posix(): file.read_text("utf-8").split("\n")[1][7:] for file in top.rglob("*.md")}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("most", [2, 2_000])
def test_every_change_is_seen(site: SmallSite, monkeypatch: pytest.MonkeyPatch, seed: int, most: int) -> None:
    monkeypatch.setattr(folders, "_MOST", most)
    site.path("content").mkdir(exist_ok=True)
    chance = random.Random(seed)
    names = [f"{folder}{number}.md" for folder in ("", "a/", "a/b/", "c/") for number in range(3)]
    for _ in range(12):
        for _ in range(chance.randrange(4)):
            name = chance.choice(names)
            if chance.random() < 0.3:
                site.path(f"content/{name}").unlink(missing_ok=True)
            else:  # of the same length, and one of two times: an earlier state comes back as it was
                version = chance.randrange(2)
                _put(site, name, f"Title {version}", 1_000_000_000 + version)
        assert _titles(site) == _written(site)


def test_files_of_a_folder_that_is_as_it_was_are_not_looked_for(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        _put(site, f"{'ab'[number % 2]}/{number}.md", f"Title {number}", 1_000_000_000)
    _titles(site)
    looked: list[str] = []
    look = Intake._known_as

    def noted(intake: Intake, batch: list[FileStat]) -> set[tuple[str, int, int]]:
        looked.extend(file.path for file in batch)
        return look(intake, batch)

    monkeypatch.setattr(Intake, "_known_as", noted)
    assert _titles(site) == _written(site)
    assert looked == []
    _put(site, "b/1.md", "Another", 1_000_000_001)
    assert _titles(site) == _written(site)
    assert looked == ["b/1.md", "b/3.md", "b/5.md"]
    looked.clear()
    assert _titles(site) == _written(site)
    assert looked == []


@pytest.mark.parametrize("away", [["b"], ["a", "b"]])
def test_a_folder_that_comes_back_as_it_was_is_read(site: SmallSite, tmp_path: Path, away: list[str]) -> None:
    _put(site, "a/1.md", "One", 1_000_000_000)
    _put(site, "b/2.md", "Two", 1_000_000_000)
    before = _titles(site)
    for folder in away:
        site.path(f"content/{folder}").rename(tmp_path / folder)
    assert _titles(site) == _written(site)
    for folder in away:
        (tmp_path / folder).rename(site.path(f"content/{folder}"))
    assert _titles(site) == before


def test_files_are_taken_folder_by_folder_and_very_many_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_MOST", 2)
    for path in ("1", "2", "3", "a/1", "a/b/1", "a/b/2", "c/1", "d/e/1", "é/1"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    parts = [
        item for item in folders.walk_folders(tmp_path, "content", frozenset({"c"})) if not isinstance(item, Problem)
    ]
    assert [(part.folder, part.part, [file.path for file in part.files]) for part in parts] == [
        ("", 0, ["1", "2"]),
        ("", 1, ["3"]),
        ("a", 0, ["a/1"]),
        ("a/b", 0, ["a/b/1", "a/b/2"]),
        ("d/e", 0, ["d/e/1"]),
        ("é", 0, ["é/1"]),
    ]
