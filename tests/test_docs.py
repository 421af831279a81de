"""The documentation says what the code does."""

import importlib.util
from types import ModuleType

import pytest

from sitegen.theme import default_theme
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that writes the tables."""
    spec = importlib.util.spec_from_file_location("make_templates", REPOSITORY / "docs" / "make_templates.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_context_of_every_template_is_documented_as_it_is(maker: ModuleType) -> None:
    written = maker.TARGET.read_text("utf-8")

    assert written == maker.whole(written), "run `python docs/make_templates.py`"


def test_every_template_of_a_page_has_a_table(maker: ModuleType) -> None:
    pieces = {"base.html", "macros.html", "rows.html"}
    pages = {file.name for file in default_theme().glob("*.html")} - pieces

    told = {line.removeprefix("### ") for line in maker.reference().splitlines() if line.startswith("### ")}
    assert sorted(pages - told) == []
