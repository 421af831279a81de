import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slugify import slugify

from sitegen.config import PermalinksTable
from sitegen.content.permalinks import (
    _BACKEND,
    _REPLACEMENTS,
    MAX_SLUG_BYTES,
    _slugified,
    permalink_of,
    slug_of,
    term_slug,
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("La stratégie de l’Ukraine : cibler", "la-strategie-de-l-ukraine-cibler"),
        ("Qu'est-ce que c'est ?", "qu-est-ce-que-c-est"),
        ("jusqu’à l’eau", "jusqu-a-l-eau"),
        ("It's a trial", "its-a-trial"),
        ("../../etc/passwd", "etc-passwd"),
        ("%2e%2e%2fetc", "2e-2e-2fetc"),
        ("CON", "con-1"),
        ("index", "index-1"),
        ("Ünïcode", "unicode"),
        ("Здравствуй", "zdravstvui"),
    ],
)
def test_a_slug_is_made_of_letters_digits_and_hyphens(text: str, slug: str) -> None:
    assert slug_of(text) == slug


def test_three_languages_stay_three_tags() -> None:
    assert {term_slug(name) for name in ("C", "C++", "C#")} == {"c", "c-plus-plus", "c-sharp"}


def test_a_site_can_name_its_own_slugs() -> None:
    assert term_slug("日本", (("日本", "nihon"),)) == "nihon"


@pytest.mark.parametrize("text", ["", "..", ".", "🎉", "-", "\u202e\x00\n"])
def test_text_without_letters_takes_the_fallback(text: str) -> None:
    assert slug_of(text, fallback="014 abc") == "014-abc"
    assert slug_of(text)


def test_long_titles_with_one_beginning_stay_apart() -> None:
    one, other = slug_of("long " * 60 + "one"), slug_of("long " * 60 + "other")
    assert one != other
    assert len(one.encode()) <= MAX_SLUG_BYTES


@given(st.text(max_size=300))
def test_no_text_makes_an_unsafe_segment(text: str) -> None:
    slug = slug_of(text)
    assert 0 < len(slug.encode()) <= MAX_SLUG_BYTES + 2
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_permalink_has_no_slash_in_front_and_one_at_the_end() -> None:
    date = dt.datetime(1851, 9, 18)
    assert permalink_of(PermalinksTable(), "x", date, "news") == "1851/09/x/"
    assert permalink_of(PermalinksTable(), "x", None, "news") == "articles/x/"
    assert permalink_of(PermalinksTable(undated="/{section}/{slug}/"), "x", None, "../up") == "up/x/"


@given(st.text(st.sampled_from("abzAZ09éÉçñßœŒæÆøØþÐÿ '’«»:;!?,-\u00a0\u202f.×"), max_size=30))
@example("1,000 fois")
@example("L’Europe d'hier : « oui » !")
def test_a_slug_is_what_python_slugify_makes_of_the_text(text: str) -> None:
    assert _slugified(text) == slugify(text, replacements=_REPLACEMENTS, backend=_BACKEND)


@pytest.mark.parametrize("letter", [*map(chr, range(0xC0, 0x100)), "œ", "Œ"])
def test_letters_are_in_ascii_what_python_slugify_makes_of_them(letter: str) -> None:
    assert _slugified(f"a{letter}b") == slugify(f"a{letter}b", replacements=_REPLACEMENTS, backend=_BACKEND)


def test_undated_articles_can_be_parted_by_the_first_signs_of_their_slugs() -> None:
    patterns = PermalinksTable(undated="/articles/{initials}/{slug}/")
    assert permalink_of(patterns, "le-pont", None, "") == "articles/le/le-pont/"
    assert permalink_of(patterns, "a-propos", None, "") == "articles/a/a-propos/"
