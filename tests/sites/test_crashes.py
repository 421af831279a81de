"""Builds that are cut off at any moment: the next one goes on, and ends where an uninterrupted one would."""

import random
import subprocess
import sys
import time

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
