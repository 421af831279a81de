"""French spaces."""

import pytest

from sitegen.typography import french_html, french_text, is_french
from tests.conftest import SmallSite


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le tram : pour ou contre ?", "Le tram\u00a0: pour ou contre\u202f?"),
        ("« Oui ! » dit-elle ; lui, non.", "«\u00a0Oui\u202f!\u00a0» dit-elle\u202f; lui, non."),
        ("Vraiment ?!", "Vraiment\u202f?!"),
        ("déjà\u00a0: juste\u202f?", "déjà\u00a0: juste\u202f?"),
        ("collé: non? «Oui»", "collé: non? «Oui»"),
        ("un sourire :-) et :p", "un sourire :-) et :p"),
        ("le chemin :/a/b", "le chemin :/a/b"),
        ("Fin :", "Fin\u00a0:"),
    ],
)
def test_spaces_become_unbreakable_and_none_comes_or_goes(text: str, expected: str) -> None:
    assert french_text(text) == expected


def test_html_keeps_its_tags_and_code() -> None:
    html = '<p title="a : b">Prix : <em>« dix »</em> !</p>\n<pre><code>x ? y : z</code></pre>\n<p>fin <code>a : b</code> ;</p>'

    assert french_html(html) == (
        '<p title="a : b">Prix\u00a0: <em>«\u00a0dix\u00a0»</em>\u202f!</p>\n'
        "<pre><code>x ? y : z</code></pre>\n<p>fin <code>a : b</code>\u202f;</p>"
    )


def test_a_space_after_a_tag_is_seen() -> None:
    assert french_html("<p><b>Note</b> : oui</p>") == "<p><b>Note</b>\u00a0: oui</p>"


@pytest.mark.parametrize(("language", "expected"), [("fr", True), ("fr-CA", True), ("frr", False), ("en", False)])
def test_only_french_is_french(language: str, expected: bool) -> None:
    assert is_french(language) is expected


def test_a_french_article_reads_so_in_its_page_and_in_lists(site: SmallSite) -> None:
    site.add_article("a", "Pour : « oui » ! `x : y`", title='"Le tram : oui ?"', lang="fr", date="2024-09-12")
    site.add_article("b", "For : this ?", title='"The tram : yes ?"', lang="en", date="2024-09-13")

    site.build()

    page = site.read("2024/09/le-tram-oui/index.html")
    assert "<p>Pour\u00a0: «\u00a0oui\u00a0»\u202f! <code>x : y</code></p>" in page
    assert "<h1>Le tram\u00a0: oui\u202f?</h1>" in page
    assert "Le tram\u00a0: oui\u202f?</a>" in site.read("index.html")
    assert "<p>For : this ?</p>" in site.read("2024/09/the-tram-yes/index.html")
