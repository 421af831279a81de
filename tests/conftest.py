"""Whole small sites, each written as one block of text."""

import hashlib
import os
import shutil
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from sitegen.commands.build import build
from sitegen.commands.build_report import BuildReport
from sitegen.commands.trees import Tree, site_tree
from sitegen.config import Site, read_site

# How long one example takes says nothing on a busy machine.
settings.register_profile("sitegen", deadline=None)
settings.load_profile("sitegen")

REPOSITORY = Path(__file__).resolve().parent.parent


class SmallSite:
    """A site in a temporary folder, one worker unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write(
            """
            == sitegen.toml ==
            [site]
            title = "Test"
            url = "https://test.example/"
            [build]
            workers = 1
            """
        )

    def write(self, text: str) -> None:
        """Files, each below a line `== path ==`."""
        name, lines = "", []
        for line in [*textwrap.dedent(text).lstrip("\n").split("\n"), "== =="]:
            if line.startswith("== ") and line.endswith(" =="):
                if name:
                    self.path(name).parent.mkdir(parents=True, exist_ok=True)
                    self.path(name).write_text("\n".join(lines) + "\n", "utf-8")
                name, lines = line[3:-3].strip(), []
            else:
                lines.append(line)

    def write_bytes(self, name: str, data: bytes) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(data)

    def add_article(self, name: str, body: str = "Text.", **front_matter: str) -> None:
        """One Markdown article under content/; `tags="a, b"` is a list."""
        lines = [f"{key}: [{value}]" if key == "tags" else f"{key}: {value}" for key, value in front_matter.items()]
        self.write_bytes(f"content/{name}.md", "\n".join(["---", *lines, "---", "", body, ""]).encode())

    def path(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str) -> str:
        """An output file."""
        return self.path(f"output/{name}").read_text("utf-8")

    def remove(self, name: str) -> None:
        self.path(name).unlink()

    @property
    def site(self) -> Site:
        return read_site(self.folder)

    @property
    def tree(self) -> Tree:
        return site_tree(self.site)

    def build(self) -> BuildReport:
        return build(self.site, self.tree)

    def outputs(self) -> dict[str, str]:
        """Path and digest of every file in the output folder."""
        root = self.path("output")
        files = sorted(file for file in root.rglob("*") if file.is_file())
        return {file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    def clean_outputs(self) -> dict[str, str]:
        """What a build from nothing makes of the same content, in another folder."""
        copy = self.clean_copy()
        copy.build()
        return copy.outputs()

    def clean_copy(self) -> "SmallSite":
        """The same content in another folder, not built yet."""
        copy = SmallSite.__new__(SmallSite)
        copy.folder = self.folder.with_name(self.folder.name + "-clean")
        shutil.rmtree(copy.folder, ignore_errors=True)
        shutil.copytree(self.folder, copy.folder, ignore=shutil.ignore_patterns("output", ".sitegen"))
        return copy


def pytest_configure() -> None:
    """Ctrl-C reaches the programs that tests start, also where a shell runs the tests with it switched off."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiled once for all small sites, and not in the home of whoever runs the tests."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    """An empty site."""
    return SmallSite(tmp_path / "site")


@pytest.fixture
def new_site(tmp_path: Path) -> Callable[[str], SmallSite]:
    """As many empty sites as a test needs, each with a name."""
    return lambda name: SmallSite(tmp_path / name)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Real exports and damage vectors, which lie beside a checkout and are no part of it."""
    folder = Path(os.environ.get("SITEGEN_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder.name}/: set SITEGEN_DATA to a folder that has it")
    return folder


@pytest.fixture(scope="session")
def seed_article(data_folder: Path) -> Path:
    """The article that this project was made for."""
    return next((data_folder.parent / "seeds").glob("*.txt"))
