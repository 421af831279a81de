"""How ideographs are read aloud, which is what Chinese and Japanese texts are sorted by.

Chinese by pinyin without tones, a word a syllable (pypinyin); Japanese by kana, with the Sudachi dictionary, which is
large and comes with the extra "japanese". Names of people and places can be read in several ways: what a dictionary
says is a guess, but one that is the same every time.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sudachipy import Tokenizer

# Compiled where it is needed: that takes a millisecond, and most sites have none.
_IDEOGRAPHS = "[\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}  # to hiragana
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゐゑゕゖ", "あいうえおつやゆよわいえかけ")
_LONG = re.compile("([ぁ-ゖ])ー+")
_VOWELS = {"A": "あ", "I": "い", "U": "う", "E": "え", "O": "お"}
_MAX_TEXT = 2_000  # signs; a sentence longer than that is no title


def has_readings(language: str) -> bool:
    """Whether texts of this language can be read, if it has ideographs at all."""
    return _base(language) != "ja" or _japanese() is not None


def read_aloud(text: str, language: str) -> str:
    """A text with its ideographs as they sound in that language; in another one, or without a dictionary, as it is."""
    base = _base(language)
    if base == "zh":
        return re.sub(_IDEOGRAPHS, _in_pinyin, text)
    return _in_kana(text) if base == "ja" else text


def _base(language: str) -> str:
    return language.lower().split("-")[0]


def _in_pinyin(match: re.Match[str]) -> str:
    from pypinyin import lazy_pinyin  # takes long to load

    return f" {' '.join(lazy_pinyin(match[0]))} "


def _in_kana(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:_MAX_TEXT].encode("utf-8", "replace").decode())
    tokenizer = _japanese() if re.search(_IDEOGRAPHS, text) else None
    if tokenizer:
        words = tokenizer.tokenize(text)
        text = "".join(
            word.reading_form() if re.search(_IDEOGRAPHS, word.surface()) else word.surface() for word in words
        )
    text = text.translate(_KATAKANA)
    return _LONG.sub(lambda match: match[1] + _vowel(match[1]), text).translate(_SMALL)


def _vowel(kana: str) -> str:
    """What a line behind a kana prolongs."""
    return _VOWELS.get(unicodedata.name(kana)[-1], "")


@lru_cache(maxsize=1)
def _japanese() -> "Tokenizer | None":
    try:
        from sudachipy import Dictionary
    except ImportError:
        return None
    return Dictionary(dict="small").tokenizer()
