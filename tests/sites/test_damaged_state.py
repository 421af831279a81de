"""What sitegen remembers is cut off, emptied or overwritten: it is noticed, made anew, and the tree is as it should be."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.theme import default_theme
from tests.conftest import SmallSite
from tests.content.test_pictures import photo

KINDS = ("catalog.sqlite", "record.sqlite", "drawn_from.sqlite", "manifest.txt", "imports.sqlite", "lock", "import-run.json", ".avif", ".webp",
         ".jsonl", ".cache")  # fmt: skip


def _cut_off(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _emptied(_data: bytes) -> bytes:
    return b""


def _noise(data: bytes) -> bytes:
    return random.Random(len(data)).randbytes(len(data))


def _spoiled(data: bytes) -> bytes:
    """The start as it was, noise behind it."""
    return data[:200] + _noise(data[200:])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallSite, dict[str, str]]:
    """A site with something in every file of its state, and what a build with an article more makes of it."""
    site = SmallSite(tmp_path_factory.mktemp("built") / "site")
    site.write_bytes("content/news/p.jpg", photo())
    site.add_article("news/a", "![x](p.jpg)", title="A", date="2011-05-01")
    site.write_bytes("content/raw/news/r.txt", b"A title here\n\nA first sentence here.And a second one.\n\nNews\n")
    assert site.build().is_clean
    grown = site.clean_copy()
    _grow(grown)
    grown.build()
    return site, grown.outputs()


def _grow(site: SmallSite) -> None:
    site.add_article("news/b", "Words.", title="B", date="2011-05-02")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", [_cut_off, _emptied, _noise, _spoiled])
def test_damaged_state_is_noticed_and_made_anew(
    built: tuple[SmallSite, dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    damage: Callable[[bytes], bytes],
) -> None:
    source, wanted = built
    site = SmallSite(tmp_path / "site")
    shutil.copytree(source.folder, site.folder, dirs_exist_ok=True)
    caches = tmp_path / "cache"
    if kind == ".cache":
        shutil.copytree(os.environ["XDG_CACHE_HOME"], caches)
        monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
    files = [file for top in (site.path(".sitegen"), caches) for file in top.rglob(f"*{kind}") if file.is_file()]
    assert files
    for file in files:
        file.write_bytes(damage(file.read_bytes()))
    if kind in (".avif", ".webp"):  # what is kept is asked for when an output is missing
        for file in site.path("output").rglob(f"*{kind}"):
            file.unlink()
    site.write_bytes("output/CNAME", b"test.example")
    _grow(site)
    report = site.build()
    assert report.problems == []
    outputs = site.outputs()
    assert outputs.pop("CNAME")
    assert outputs == wanted
    assert site.tree.manifest.read_text("utf-8").endswith(f"end {len(wanted)}\n")


@pytest.mark.parametrize("damage", [_cut_off, _emptied, _noise, _spoiled, "missing", "of another time"])
def test_pages_that_nobody_knows_any_more_what_they_were_drawn_from_are_planned_again(
    built: tuple[SmallSite, dict[str, str]], tmp_path: Path, damage: Callable[[bytes], bytes] | str
) -> None:
    site = SmallSite(tmp_path / "site")
    shutil.copytree(built[0].folder, site.folder, dirs_exist_ok=True)
    file = site.tree.state / "drawn_from.sqlite"
    before = file.read_bytes()
    _grow(site)
    site.build()
    if damage == "missing":
        file.unlink()
    elif isinstance(damage, str):  # as it is where a build is killed after it has committed the record alone
        file.write_bytes(before)
    else:
        file.write_bytes(damage(file.read_bytes()))
    site.write_bytes("templates/base.html", (default_theme() / "base.html").read_bytes() + b"<!-- another -->")
    assert site.build().is_clean
    assert site.outputs() == site.clean_outputs()
    assert "<!-- another -->" in site.path("output/2011/05/b/index.html").read_text("utf-8")
