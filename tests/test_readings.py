"""Ideographs as they sound."""

import re
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.alphabets import alphabet_of
from sitegen.readings import has_readings, read_aloud
from tests.conftest import SmallSite


@pytest.mark.parametrize(
    ("text", "language", "sound"),
    [
        ("重庆的银行 2008", "zh", "chong qing de yin hang 2008"),
        ("紐約的銀行", "zh-Hant-TW", "niu yue de yin xing"),
        ("女儿 BBC", "zh", "nv er BBC"),
        ("東京の橋", "ja", "とうきようのはし"),
        ("ニュース ｱﾒﾘｶ ヴァ", "ja-JP", "にゆうす あめりか ゔあ"),
        ("北京", "fr", "北京"),
        ("𠮷", "zh", "𠮷"),  # in no dictionary
    ],
)
def test_ideographs_are_read_in_the_language_of_the_site(text: str, language: str, sound: str) -> None:
    assert " ".join(read_aloud(text, language).split()) == sound


@given(st.text(st.characters(min_codepoint=1, max_codepoint=0x30000)), st.sampled_from(["zh", "ja"]))
def test_any_text_is_read(text: str, language: str) -> None:
    alphabet = alphabet_of(language)
    assert alphabet.key(text) == alphabet.key(text)
    if text.isascii():
        assert read_aloud(text, language) == text


def test_titles_in_kanji_stand_under_the_row_of_their_sound(site: SmallSite) -> None:
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\nlanguage = "ja"\n')
    for number, title in enumerate(["東京の橋", "柿の木", "カニ", "大阪の祭り", "BBC"]):
        site.add_article(f"news/{number}", title=title, date="2011-05-01")
    assert site.build().problems == []
    shown = re.findall(r">(B|BBC|.行|大阪の祭り|柿の木|カニ|東京の橋)<", site.read("titles/index.html"))
    letters = ["B", "あ行", "か行", "た行"]
    assert shown == [*letters, "B", "BBC", "あ行", "大阪の祭り", "か行", "柿の木", "カニ", "た行", "東京の橋"]


def test_it_is_told_where_no_dictionary_reads_the_titles(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_spec("sudachipy"), "the extra japanese is part of what is tested"
    monkeypatch.setattr("sitegen.pages.titles.has_readings", lambda _language: False)
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\nlanguage = "ja"\n')
    site.add_article("news/a", title="橋", date="2011-05-01")
    assert [(one.code, one.hint) for one in site.build().problems] == [("readings", "pip install 'sitegen[japanese]'")]
    assert has_readings("ja")
