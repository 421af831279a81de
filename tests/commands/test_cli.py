"""The command line as a whole: exit codes, streams, help, JSON."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SmallSite
from tests.preview.running import until

COMMANDS = ("init", "import", "build", "serve", "publish", "check")
HEAVY = ("babel", "ftfy", "jinja2", "markdown", "nh3", "numpy", "py3langid", "pygments", "rich", "starlette",
         "uvicorn", "watchfiles", "websockets", "yaml")  # fmt: skip
BROKEN = {"title": "Broken", "date": "yesterday"}


def sitegen(*arguments: object, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the real program; its exit code must be as expected, and it never shows its entrails."""
    command = [sys.executable, "-m", "sitegen", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def good_site(site: SmallSite) -> SmallSite:
    """A site without problems, with a target."""
    with site.path("sitegen.toml").open("a", encoding="utf-8") as config:
        config.write('[publish.web]\npath = "../public"\n')
    site.add_article("a", "Text of A.", title="A")
    return site


def test_a_good_build_exits_with_0(good_site: SmallSite) -> None:
    done = sitegen("-C", good_site.folder, "build")

    assert done.stdout.startswith("1 article; ")
    assert done.stderr == ""


def test_a_problem_of_the_content_exits_with_1(good_site: SmallSite) -> None:
    good_site.add_article("broken", **BROKEN)

    done = sitegen("-C", good_site.folder, "build", expect=1)

    assert re.search(r'^content/broken\.md:3:\d+: error: "yesterday" is no date$', done.stderr, re.MULTILINE)
    assert "    hint: write it as 2024-09-14" in done.stderr
    assert "can't be published" in done.stderr


def test_a_warning_alone_exits_with_0(good_site: SmallSite) -> None:
    good_site.add_article("strange", "[pigeon id=1]", title="Strange")

    done = sitegen("-C", good_site.folder, "build")

    assert "content/strange.md:5:1: warning: unknown shortcode pigeon" in done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["bild"], ["build", "--fast"], ["import", "--strict=1"], ["serve", "--port", "x"]]
)
def test_a_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    done = sitegen(*arguments, expect=2)

    assert done.stderr.startswith("usage: sitegen")
    assert done.stdout == ""


def test_a_folder_without_a_site_exits_with_2(tmp_path: Path) -> None:
    done = sitegen("-C", tmp_path, "build", expect=2)

    assert "no sitegen.toml here" in done.stderr
    assert "sitegen init" in done.stderr


def test_an_unknown_key_is_told_with_its_line_and_what_was_meant(good_site: SmallSite) -> None:
    good_site.write(
        """
        == sitegen.toml ==
        [site]
        title = "Test"

        [listings]
        page_sise = 20
        """
    )

    done = sitegen("-C", good_site.folder, "build", expect=2)

    assert done.stderr == (
        'sitegen.toml:5: error: unknown key "page_sise" in [listings]\n    hint: did you mean "page_size"?\n'
    )


def test_a_file_that_cannot_be_put_exits_with_3(good_site: SmallSite) -> None:
    sitegen("-C", good_site.folder, "build")
    public = good_site.folder.parent / "public"
    public.mkdir()
    (public / "articles").write_bytes(b"a file where a folder should be")

    done = sitegen("-C", good_site.folder, "publish", expect=3)

    assert "articles/a/index.html: error: can't put" in done.stderr


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_ctrl_c_exits_with_130(good_site: SmallSite, seconds: float) -> None:
    # Longer than any test lasts: only the signal ends it.
    good_site.write(
        """
        == templates/home.html ==
        {% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}
        """
    )
    command = [sys.executable, "-m", "sitegen", "-C", str(good_site.folder), "build"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        state = good_site.path(".sitegen/build/record.sqlite")
        until(lambda: state.exists() or process.poll() is not None, 20, "the build is at work")
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    finally:
        process.kill()
        process.wait(10)

    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    good_site.remove("templates/home.html")
    sitegen("-C", good_site.folder, "build")
    assert good_site.outputs() == good_site.clean_outputs()


def test_the_help_names_every_command() -> None:
    done = sitegen("--help")

    for command in COMMANDS:
        assert re.search(rf"^    {command}\b", done.stdout, re.MULTILINE)
    assert "130 interrupted" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help(command: str) -> None:
    assert sitegen(command, "--help").stdout.startswith(f"usage: sitegen {command}")


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_the_help_comes_without_heavy_libraries(argument: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "sitegen", argument]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}

    assert done.returncode == 0
    assert "sitegen" in loaded
    assert not loaded.intersection(HEAVY)


@pytest.mark.parametrize("is_first", [True, False], ids=["before the command", "after the command"])
def test_every_command_gives_one_json_document(good_site: SmallSite, tmp_path: Path, is_first: bool) -> None:
    def document(*arguments: object) -> dict[str, object]:
        words = ["--json", *arguments] if is_first else [*arguments, "--json"]
        done = sitegen("-C", good_site.folder, *words)
        assert done.stderr == ""
        return json.loads(done.stdout)

    raw = tmp_path / "raw.txt"
    raw.write_text("A raw article\n\nIt has one sentence.\n", "utf-8")

    assert "sitegen.toml" in document("init", tmp_path / "new")["made"]
    assert document("import", raw)["new"] == 1
    assert document("build")["articles"] == 2
    assert document("check")["problems"] == []
    assert document("publish", "--dry-run")["dry_run"] is True
    assert document("publish")["target"] == "web"


def test_problems_of_the_content_are_in_the_json_document(good_site: SmallSite) -> None:
    good_site.add_article("broken", **BROKEN)

    done = sitegen("-C", good_site.folder, "build", "--json", expect=1)

    problem = json.loads(done.stdout)["problems"][0]
    assert problem["location"]["path"] == "content/broken.md"
    assert problem["location"]["line"] == 3
    assert problem["severity"] == "error"
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["build", "check", "publish"])
def test_a_site_that_cannot_be_read_is_told_in_json_too(tmp_path: Path, command: str) -> None:
    done = sitegen("-C", tmp_path, command, "--json", expect=2)

    assert "no sitegen.toml here" in done.stdout
    assert json.loads(done.stdout)


@pytest.mark.parametrize("is_first", [True, False], ids=["before the command", "after the command"])
@pytest.mark.parametrize("command", ["build", "check", "publish"])
def test_a_quiet_command_without_problems_says_nothing(good_site: SmallSite, command: str, is_first: bool) -> None:
    good_site.build()
    done = sitegen("-C", good_site.folder, *(("-q", command) if is_first else (command, "--quiet")))

    assert done.stdout == ""
    assert done.stderr == ""


def test_a_quiet_build_tells_problems_all_the_same(good_site: SmallSite) -> None:
    good_site.add_article("broken", **BROKEN)

    done = sitegen("-C", good_site.folder, "build", "-q", expect=1)

    assert done.stdout == ""
    assert "content/broken.md:3" in done.stderr


@pytest.mark.parametrize(
    "words", ["build", "build --json", "check", "check --json", "publish --dry-run", "--help", "--version"]
)
def test_a_reader_that_went_away_causes_no_noise(good_site: SmallSite, words: str) -> None:
    good_site.build()
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sitegen", "-C", str(good_site.folder), *words.split()]
    try:
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
    finally:
        os.close(writing)

    assert done.stderr == ""
    assert done.returncode == 0


def test_the_first_line_of_a_long_answer_can_be_taken_alone(good_site: SmallSite) -> None:
    for number in range(60):
        good_site.add_article(f"article-{number}", title=f"Article {number}")
    command = f'"{sys.executable}" -m sitegen -C "{good_site.folder}" build --json | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)

    assert done.stdout == "{\n"
    assert done.stderr == ""


def test_the_program_runs_where_nothing_but_ascii_can_be_shown(good_site: SmallSite) -> None:
    good_site.add_article("é", "[pigeon id=1]", title="Élan “quoted”", date="« hier »")
    command = [sys.executable, "-m", "sitegen", "-C", str(good_site.folder), "build"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(command, capture_output=True, timeout=60, env=plain | {"PYTHONIOENCODING": "ascii"})

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"is no date" in done.stderr
