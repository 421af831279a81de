"""Planning knows the same templates as Jinja does."""

from pathlib import Path

from sitegen.render.template_files import TemplateFiles
from sitegen.theme import default_theme


def _files(tmp_path: Path, **texts: str) -> TemplateFiles:
    for name, text in texts.items():
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
    return TemplateFiles((str(tmp_path), str(default_theme())))


def test_a_sites_own_template_stands_in_place_of_the_themes_which_it_can_still_name(tmp_path: Path) -> None:
    theme = TemplateFiles((str(default_theme()),))
    files = _files(tmp_path, article='{% extends "theme/article.html" %}', own="x")
    assert files.names == theme.names | {"own.html"}
    assert files.digest("article.html") != theme.digest("article.html")
    assert files.digest("listing.html") == theme.digest("listing.html")


def test_a_digest_covers_what_is_included_however_deep(tmp_path: Path) -> None:
    texts = {"a": '{% include "b.html" %}', "b": "{% import 'c.html' as c %}", "c": "1"}
    before = _files(tmp_path, **texts).digest("a.html")
    assert _files(tmp_path, **texts).digest("a.html") == before
    assert _files(tmp_path, **{**texts, "c": "2"}).digest("a.html") != before


def test_a_computed_name_may_mean_any_template(tmp_path: Path) -> None:
    before = _files(tmp_path, a="{% include page.kind %}", b="1").digest("a.html")
    assert _files(tmp_path, b="2").digest("a.html") != before


def test_a_template_that_is_not_there_has_the_digest_of_nothing(tmp_path: Path) -> None:
    files = _files(tmp_path)
    assert files.digest("none.html") == files.digest("../../none.html")
