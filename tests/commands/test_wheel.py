"""What is installed from the wheel, away from the checkout, has all that it needs."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import REPOSITORY

_NOT_COPIED = (".*", "output", "dist", "build", "__pycache__", "*.pyc", "benchmarks")


class Installed(NamedTuple):
    """A wheel, and an environment that has it."""

    wheel: Path
    bin: Path
    packages: Path

    def run(self, program: str, *arguments: str, cwd: Path) -> str:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [str(self.bin / program), *arguments]
        done = subprocess.run(
            command, cwd=cwd, env=plain, capture_output=True, text=True, encoding="utf-8", timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of a copy of the repository in an environment that lends only the dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(REPOSITORY, folder / "copy", ignore=shutil.ignore_patterns(*_NOT_COPIED))
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", folder / "copy")
    (wheel,) = (folder / "dist").glob("*.whl")
    shutil.rmtree(folder / "copy")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    _run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel)
    packages = folder / "venv/lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    # A path in a .pth file comes after the environment's own packages, and .pth files there (that of an editable
    # install of sitegen, say) are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return Installed(wheel, python.parent, packages)


def _run(*command: object) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_comes_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    where = installed.run("python", "-c", "import sitegen; print(sitegen.__file__)", cwd=tmp_path)

    assert Path(where.strip()) == installed.packages / "sitegen" / "__init__.py"


def test_a_new_site_is_built_with_the_default_theme(installed: Installed, tmp_path: Path) -> None:
    installed.run("sitegen", "init", "new", cwd=tmp_path)
    installed.run("sitegen", "build", cwd=tmp_path / "new")

    output = tmp_path / "new" / "output"
    assert 'href="./assets/site-lists.css"' in (output / "index.html").read_text("utf-8")
    static = REPOSITORY / "templates" / "static"
    for file in static.rglob("*"):
        if file.is_file():
            assert (output / "assets" / file.relative_to(static)).read_bytes() == file.read_bytes()


def test_the_theme_speaks_other_languages(installed: Installed, tmp_path: Path) -> None:
    installed.run("sitegen", "init", cwd=tmp_path)
    config = tmp_path / "sitegen.toml"
    config.write_text(config.read_text("utf-8").replace('language = "en"', 'language = "fr"'), "utf-8")

    installed.run("sitegen", "build", cwd=tmp_path)

    assert "Mots-clés" in (tmp_path / "output" / "index.html").read_text("utf-8")


def test_the_wheel_holds_the_whole_theme_and_the_types(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())

    theme = {
        f"sitegen/default_theme/{file.relative_to(REPOSITORY / 'templates').as_posix()}"
        for file in (REPOSITORY / "templates").rglob("*")
        if file.is_file()
    }
    assert theme <= names
    assert {"sitegen/py.typed", "sitegen/preview/client.js"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        tops = {name.partition("/")[0] for name in wheel.namelist()}

    version = importlib.metadata.version("sitegen")
    assert tops == {"sitegen", f"sitegen-{version}.dist-info"}


def test_the_version_is_told(installed: Installed, tmp_path: Path) -> None:
    assert installed.run("sitegen", "--version", cwd=tmp_path) == f"sitegen {importlib.metadata.version('sitegen')}\n"
