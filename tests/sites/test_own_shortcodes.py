"""The examples of docs/shortcodes.md do what the page says."""

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from sitegen.shortcodes import registry
from tests.conftest import REPOSITORY, SmallSite


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    """Language and text of each listing on the page."""
    text = (REPOSITORY / "docs/shortcodes.md").read_text("utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def of(examples: list[tuple[str, str]], language: str) -> list[str]:
    return [text for kind, text in examples if kind == language]


def test_a_template_alone_makes_a_shortcode(site: SmallSite, examples: list[tuple[str, str]]) -> None:
    template, drawn, _hours = of(examples, "html")
    (markdown,) = of(examples, "markdown")
    site.write_bytes("templates/shortcodes/note.html", template.encode())
    site.add_article("a", markdown, title="A")
    assert site.build().problems == []
    assert drawn in site.read("articles/a/index.html")


def test_a_changed_template_draws_its_pages_anew(site: SmallSite) -> None:
    site.write_bytes("templates/shortcodes/note.html", b"<p>one</p>")
    site.add_article("a", "[note]", title="A")
    site.add_article("b", "Words.", title="B")
    site.build()
    site.write_bytes("templates/shortcodes/note.html", b"<p>two</p>")
    assert site.build().written == ["articles/a/index.html"]
    assert "<p>two</p>" in site.read("articles/a/index.html")


def test_a_template_takes_the_place_of_a_form_and_of_a_builder(site: SmallSite) -> None:
    site.write_bytes("templates/shortcodes/wpforms.html", b'<p><a href="mailto:a@b.example">Write</a></p>')
    site.write_bytes("templates/shortcodes/vc_row.html", b"<div>{{ inner }}</div>")
    site.add_article("a", "[wpforms id=1]\n\n[vc_row][vc_column]**x**[/vc_column][/vc_row]", title="A")
    assert site.build().problems == []
    html = site.read("articles/a/index.html")
    assert '<a href="mailto:a@b.example">Write</a>' in html
    assert "<div><p><strong>x</strong></p></div>" in html


def test_what_the_theme_draws_with_is_no_shortcode(site: SmallSite) -> None:
    site.add_article("a", "[unknown n=1] [placeholder n=1] [note-reference n=1] [poll-place n=1]", title="A")
    assert [problem.code for problem in site.build().problems] == ["unknown-shortcode"] * 4


@pytest.fixture
def hours(site: SmallSite, examples: list[tuple[str, str]], monkeypatch, tmp_path) -> Iterator[None]:
    """The class of the page as a package would offer it, and its template."""
    (module,) = of(examples, "python")
    (tmp_path / "valley_hours.py").write_text(module, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    point = EntryPoint("hours", "valley_hours:HoursShortcode", registry.GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if group == registry.GROUP else [])
    registry._installed.cache_clear()
    site.write_bytes("templates/shortcodes/hours.html", of(examples, "html")[2].encode())
    yield
    registry._installed.cache_clear()
    sys.modules.pop("valley_hours", None)


@pytest.mark.usefixtures("hours")
def test_a_class_of_a_package_reads_what_a_template_draws(site: SmallSite) -> None:
    site.add_article("a", 'Open [hours open="9" close="17"] daily.', title="A")
    assert site.build().problems == []
    assert "<p>Open <time>9</time>–<time>17</time> daily.</p>" in site.read("articles/a/index.html")


@pytest.mark.usefixtures("hours")
def test_what_such_a_class_refuses_is_told_at_its_place(site: SmallSite) -> None:
    site.add_article("a", 'Open [hours open="9" close="17"], or [hours open="never"].', title="A")
    (problem,) = site.build().problems
    assert (str(problem.location), problem.message) == ("content/a.md:5:38", "open and close are hours")
