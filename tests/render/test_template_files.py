"""Planning knows the same templates as Jinja does."""

from pathlib import Path

import pytest

from sitegen.render.template_files import TemplateFiles, page_templates
from sitegen.theme import default_theme


def _files(tmp_path: Path, **texts: str) -> TemplateFiles:
    for name, text in texts.items():
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
    return TemplateFiles((str(tmp_path), str(default_theme())))


def test_a_sites_own_template_stands_in_place_of_the_themes_which_it_can_still_name(tmp_path: Path) -> None:
    theme = TemplateFiles((str(default_theme()),))
    files = _files(tmp_path, article='{% extends "theme/article.html" %}', own="x")
    assert files.names == theme.names | {"own.html"}
    assert files.digests("article.html") != theme.digests("article.html")
    assert files.digests("listing.html") == theme.digests("listing.html")


def test_a_digest_covers_what_is_included_however_deep(tmp_path: Path) -> None:
    texts = {"a": '{% include "b.html" %}', "b": "{% import 'c.html' as c %}", "c": "1"}
    before = _files(tmp_path, **texts).digests("a.html")
    assert _files(tmp_path, **texts).digests("a.html") == before
    assert _files(tmp_path, **{**texts, "c": "2"}).digests("a.html") != before


def test_how_pages_are_drawn_is_kept_under_what_the_templates_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folders = (str(tmp_path), str(default_theme()))
    (tmp_path / "own.html").write_text("1")
    before = page_templates(folders, "one")
    assert before.of("own.html") == TemplateFiles(folders).digests("own.html")
    assert before.of("none.html") != before.of("own.html")
    (tmp_path / "own.html").write_text("2")
    (tmp_path / "shortcodes").mkdir()
    (tmp_path / "shortcodes/poll.html").write_text("2")
    assert page_templates(folders, "one") == before
    after = page_templates(folders, "other")
    assert after.of("own.html") != before.of("own.html")
    assert after.of("article.html") == before.of("article.html")
    assert after.shortcodes != before.shortcodes


def test_a_computed_name_may_mean_any_template(tmp_path: Path) -> None:
    before = _files(tmp_path, a="{% include page.kind %}", b="1").digests("a.html")
    assert _files(tmp_path, b="2").digests("a.html") != before


def test_a_template_that_is_not_there_has_the_digest_of_nothing(tmp_path: Path) -> None:
    files = _files(tmp_path)
    assert files.digests("none.html") == files.digests("../../none.html")
