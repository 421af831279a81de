"""The theme's texts are whole in every language that it speaks."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from sitegen.languages import translations
from sitegen.theme import default_theme
from sitegen.typography import french_text
from tests.conftest import REPOSITORY, SmallSite

LANGUAGES = ["ar", "de", "es", "fa", "fr", "he", "it", "ja", "nl", "pl", "pt", "ru", "uk", "zh"]  # and English
PLACEHOLDER = re.compile(r"\{\w+\}")
COUNTS = [*range(0, 31), 99, 100, 101, 102, 111, 121, 1000, 1001]

Text = str | tuple[str, str]


def catalog(language: str) -> Catalog:
    with (default_theme() / "locales" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def texts_of_the_theme() -> frozenset[Text]:
    """All that templates and the planner say."""
    return frozenset([*texts_of_templates(), *texts_of_the_planner()])


def texts_of_templates() -> Iterator[Text]:
    for file in sorted(default_theme().rglob("*")):
        if file.suffix in (".html", ".xml", ".txt"):
            with file.open("rb") as source:
                options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
                for _, function, message, _ in babel_extract(source, ["_", "ngettext"], [], options):
                    yield message[:2] if function == "ngettext" else message


def texts_of_the_planner() -> Iterator[str]:
    """What is given to `say`; where that is a variable, the words that it may hold."""
    yield from ("Authors", "Series", "Tags", "Archive", "Sections", "Titles A to Z", "On this day")
    for file in sorted((REPOSITORY / "sitegen" / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                yield from (word.value for word in node.args if isinstance(word, ast.Constant))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated_and_nothing_is_left_over(language: str) -> None:
    known = {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalog(language)} - {""}

    assert sorted(map(str, texts_of_the_theme() - known)) == []
    assert sorted(map(str, known - texts_of_the_theme())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_as_many_forms_as_its_language(language: str) -> None:
    whole = catalog(language)
    for message in whole:
        if message.id and message.pluralizable:
            assert len(message.string) == whole.num_plurals, message.id
        assert all(message.string if isinstance(message.string, tuple) else (message.string,)), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_chosen_as_the_unicode_tables_say(language: str) -> None:
    forms = translations((str(default_theme()),), language)
    rule = Locale.parse(language).plural_form
    chosen: dict[str, set[str]] = {}
    for count in COUNTS:
        said = forms.ngettext("{n} article", "{n} articles", count)
        chosen.setdefault(rule(count), set()).add(said)

    assert {category: len(said) for category, said in chosen.items()} == dict.fromkeys(chosen, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_every_language(language: str) -> None:
    for message in catalog(language):
        if isinstance(message.id, str):
            assert set(PLACEHOLDER.findall(message.string)) == set(PLACEHOLDER.findall(message.id)), message.id
            continue
        one, many = (set(PLACEHOLDER.findall(text)) for text in message.id)
        forms = [set(PLACEHOLDER.findall(text)) for text in message.string]
        # A form for one thing, or for two or for none, may do without the number.
        assert all(form <= many for form in forms), message.id
        assert many in forms, message.id
        assert one <= many, message.id


def test_french_keeps_its_spaces() -> None:
    for message in catalog("fr"):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert text == french_text(text)


@pytest.mark.parametrize("language", [*LANGUAGES, "en", "pt-BR", "fr-CA", "zh-Hant", "sr"])
def test_a_site_is_built_in_the_language(site: SmallSite, language: str) -> None:
    site.write(
        f"""
        == sitegen.toml ==
        [site]
        title = "Test"
        url = "https://test.example/"
        language = "{language}"
        [build]
        workers = 1
        """
    )
    site.add_article("a", title="One", date="2024-09-12", tags="x, y")
    site.add_article("b", title="Two", date="2023-01-02", tags="x")

    assert site.build().problems == []

    page = site.read("2024/09/one/index.html")
    assert f'<html lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language in ("ar", "fa", "he"))


def test_every_catalog_is_asked_for() -> None:
    assert sorted(file.stem for file in Path(default_theme(), "locales").glob("*.po")) == LANGUAGES
