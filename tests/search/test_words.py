"""Words as readers of each language type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.search.words import folded, stem_of, words_of


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("fr", "élections", "election"),
        ("fr", "chevaux", "cheval"),
        ("fr-CA", "Éoliennes", "eolienne"),
        ("de", "Häuser", "hauser"),
        ("de", "Brücken", "brücke"),
        ("en", "studies", "study"),
        ("es", "canciones", "cancion"),
        ("it", "città", "citta"),
        ("pt", "eleições", "eleicoes"),
        ("nl", "bruggen", "brug"),
        ("pl", "łódź", "lodz"),
        ("ru", "выборов", "выборы"),
        ("ar", "الكتاب", "كتاب"),
        ("fa", "كتاب", "کتاب"),
        ("uk", "її", "іі"),
        ("he", "שָׁלוֹם", "שלום"),
    ],
)
def test_other_forms_of_a_word_have_its_stem(language: str, written: str, typed: str) -> None:
    assert stem_of(written.lower(), language) == stem_of(typed, language)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’eau qu'on boit, aujourd’hui", ["eau", "qu", "on", "boit", "aujourd", "hui"]),
        ("Plan B, Gleis 9 und 3,50 €", ["plan", "gleis", "9", "und", "3", "50"]),
        ("snake_case and co\u00adoperate", ["snake", "case", "and", "cooperate"]),
        ("東京都", ["東京", "京都", "都"]),
        ("水。カメラ", ["水", "カメ", "メラ", "ラ"]),
        ("第3回", ["第", "3", "回"]),
        ("แม่น้ำ", ["แม", "ม่", "่น", "น้", "้ำ", "ำ"]),
        ("Привет, мир", ["привет", "мир"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("x" * 41, []),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("word", "plain"),
    [("œuvre", "oeuvre"), ("straße", "strasse"), ("ærø", "aero"), ("ёлка", "елка"), ("ﬁn", "fin"), ("ガ", "ガ")],
)
def test_accents_and_joined_letters_do_not_count(word: str, plain: str) -> None:
    assert folded(word) == plain


@given(st.text())
def test_a_word_that_was_folded_stays_as_it_is(text: str) -> None:
    for word in words_of(text):
        assert folded(folded(word)) == folded(word)
        assert " " not in folded(word)
