"""Files that were taken out of the output, or changed there, are found while a build is still being loaded."""

import subprocess
import sys

import pytest

from tests.conftest import SmallSite

# In a new interpreter: one with threads, as that of other tests may be, is not forked.
_BUILD = """
import os, sys
from sitegen import cli
from sitegen.commands import look_over
look_over._SMALL = 0
look = look_over._look_over
def noted(record, output):
    told = f"{'here' if os.getpid() == main else 'elsewhere'} {'msgspec' in sys.modules}\\n"
    os.write(1, told.encode())
    return look(record, output)
look_over._look_over = noted
main = os.getpid()
sys.exit(cli.main(sys.argv[1:]))
"""


def build(site: SmallSite, command: str = "build", expect: int = 0) -> list[str]:
    """Build, and tell where the output was looked over, and whether anything else had been loaded there."""
    program = [sys.executable, "-c", _BUILD, "-C", str(site.folder), "-q", command]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def built(site: SmallSite) -> SmallSite:
    """A site that was built by two workers, and has lost a page since."""
    configure(site, "workers = 2")
    for name in "abc":
        site.add_article(name, title=name, date="2011-05-01")
    assert build(site) == ["here True"]
    site.remove("output/2011/05/a/index.html")
    site.write_bytes("output/index.html", b"meddled with")
    return site


def configure(site: SmallSite, build: str, more: str = "") -> None:
    """Other settings of builds."""
    text = f'{more}\n[site]\ntitle = "Test"\nurl = "https://test.example/"\n[build]\n{build}\n'
    site.write_bytes("sitegen.toml", text.encode())


@pytest.mark.parametrize("command", ["build", "check"])
def test_another_process_looks_before_anything_is_loaded(built: SmallSite, command: str) -> None:
    assert build(built, command) == ["elsewhere False"]
    assert built.outputs() == built.clean_outputs()


def test_one_that_is_to_be_alone_looks_itself(built: SmallSite) -> None:
    configure(built, "workers = 1")
    assert build(built) == ["here True"]
    assert built.outputs() == built.clean_outputs()


@pytest.mark.parametrize("damage", [b"", b"garbage " * 500])
def test_a_damaged_record_is_made_anew_and_looked_through_again(built: SmallSite, damage: bytes) -> None:
    built.path(".sitegen/build/record.sqlite").write_bytes(damage)
    assert build(built) == ["elsewhere False", "here True"]
    assert built.outputs() == built.clean_outputs()


def test_the_folder_that_is_configured_now_is_looked_over(built: SmallSite) -> None:
    before = built.outputs()
    configure(built, "workers = 2", '[paths]\noutput = "public"')
    assert build(built) == ["elsewhere False"]
    configure(built, "workers = 2")
    assert build(built) == ["elsewhere False"]
    assert built.outputs() == built.clean_outputs()
    assert built.outputs().keys() - before.keys() == {"2011/05/a/index.html"}


@pytest.mark.parametrize("text", ["[build", "build = 1", "paths = []", "[paths]\noutput = 1"])
def test_what_is_wrong_with_the_configuration_is_told_as_ever(built: SmallSite, text: str) -> None:
    built.write_bytes("sitegen.toml", text.encode())
    assert build(built, expect=2) == []
