"""The same content gives the same bytes, whoever builds it, where, when and how."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY, SmallSite

_DAY = (
    1_790_000_000  # the sample has polls that close, so what day it is matters: in September 2026 all are as they were
)
_PARTS = ("content", "templates", "sitegen.toml")


def _copied(target: Path, seed: int) -> SmallSite:
    """The sample, its files made in another order, so that its folders list them in another order too."""
    files = [file for part in _PARTS for file in (REPOSITORY / part).rglob("*") if file.is_file()]
    files += [REPOSITORY / "sitegen.toml"]
    files = [file for file in files if file.relative_to(REPOSITORY).parts[:2] != ("content", "imported")]
    random.Random(seed).shuffle(files)
    for file in files:
        place = target / file.relative_to(REPOSITORY)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
        os.utime(place, (_DAY - seed * 10_000, _DAY - seed * 10_000))
    site = SmallSite.__new__(SmallSite)
    site.folder = target
    return site


def _build(site: SmallSite, umask: int, **environment: str) -> None:
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    subprocess.run(
        [sys.executable, "-m", "sitegen", "-C", str(site.folder), "-q", "build"],
        check=True,
        cwd=REPOSITORY,
        umask=umask,
        env={**known, "SOURCE_DATE_EPOCH": str(_DAY), "XDG_CACHE_HOME": str(site.folder / "cache"), **environment},
    )


def test_the_sample_comes_out_the_same_whoever_builds_it(tmp_path: Path) -> None:
    one = _copied(tmp_path / "one", 1)
    _build(one, 0o022, PYTHONHASHSEED="1", LC_ALL="C", TZ="Pacific/Kiritimati")
    other = _copied(tmp_path / "somewhere else" / "deep — below", 2)
    _set_workers(other, 1)
    _build(other, 0o077, PYTHONHASHSEED="77", LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8", TZ="Pacific/Pago_Pago")
    assert other.outputs() == one.outputs()
    assert one.tree.manifest.read_bytes() == other.tree.manifest.read_bytes()
    assert _texts(one) == _texts(other)


def test_years_and_eight_workers_change_nothing(tmp_path: Path) -> None:
    trees = []
    for name, workers, year in (("a", 1, 2012), ("b", 2, 2026), ("c", 8, 2090)):
        site = SmallSite(tmp_path / name)
        _set_workers(site, workers)
        with site.path("sitegen.toml").open("a", encoding="utf-8") as config:
            config.write('[search]\nengine = "own"\n')
        for number in range(300):
            date = f"2011-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            site.add_article(
                f"n/a{number}", f"Text **{number}**.", title=f"T {number}", date=date, tags=f"t{number % 9}"
            )
        _build(site, 0o022, SOURCE_DATE_EPOCH=str((year - 1970) * 31_557_600))
        trees.append(site.outputs())
    assert trees[0] == trees[1] == trees[2]


def _set_workers(site: SmallSite, workers: int) -> None:
    file = site.path("sitegen.toml")
    text = file.read_text("utf-8")
    if "workers = " in text:
        text = "\n".join(f"workers = {workers}" if line.startswith("workers") else line for line in text.split("\n"))
    else:
        text += f"\n[build]\nworkers = {workers}\n"
    file.write_text(text, "utf-8")


def _texts(site: SmallSite) -> dict[str, bytes]:
    """What the inbox has become."""
    top = site.path("content")
    return {str(file.relative_to(top)): file.read_bytes() for file in sorted(top.rglob("*.md"))}
