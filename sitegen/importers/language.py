"""The language that a text is in, as a suggestion."""

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sitegen.importers.function_words import LANGUAGES_OF_WORD, LETTERS

if TYPE_CHECKING:
    from sitegen.importers.language_model import LanguageModel

_ENOUGH, _PLENTY, _MODEL = 400, 6000, 800
_TOO_SHORT = 20
_SIGNS = 8  # of a script that tells the language by itself
_WORD = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_FEW_HITS, _CLEAR = 6, 1.6
_MANY_HITS, _CLEAR_OF_MANY = 60, 1.4
# Scripts that one language alone uses, near enough; Japanese also writes in Chinese signs.
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]"), 0.1),
    ("ko", re.compile("[\uac00-\ud7a3]"), 0.5),
    ("zh", re.compile("[\u4e00-\u9fff]"), 0.5),
    ("th", re.compile("[\u0e01-\u0e5b]"), 0.5),
    ("ka", re.compile("[\u10d0-\u10ff]"), 0.5),
    ("hy", re.compile("[\u0531-\u0587]"), 0.5),
)
_LANGUAGES = dict(LANGUAGES_OF_WORD)  # read for every word
_BEYOND_WORDS = re.compile("[\u0e01-\u0e5b\u10d0-\u10ff\u0531-\u0587\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")


class Hits(NamedTuple):
    """How many small words of a text belong to the language that has most of them, and to the next."""

    language: str
    most: int
    next: int
    words: int  # of the text, in all


def guess_language(text: str, among: tuple[str, ...] = ()) -> tuple[str, float]:
    """Language tag and confidence; ("", 0.0) for a text too short to tell."""
    sample = text[:_ENOUGH]
    words = words_of(sample)
    letters = sum(map(len, words))
    if letters >= _SIGNS and (language := _by_script(sample, letters)) and language in (among or (language,)):
        return language, 0.99
    if letters < _TOO_SHORT:
        return "", 0.0
    if set(among) <= LETTERS.keys():
        hits = small_words(words, among)
        if not _is_clear(hits) and len(text) > _ENOUGH:
            hits = small_words(words_of(text[:_PLENTY]), among)
        if _is_clear(hits):
            return hits.language, round(min(0.99, 1 - 0.3 * hits.next / hits.most), 2)
    language, confidence = _model(among).classify(text[:_MODEL])
    return language, round(confidence, 2)


def _is_clear(hits: Hits) -> bool:
    needed = _CLEAR if hits.most < _MANY_HITS else _CLEAR_OF_MANY
    return hits.most >= _FEW_HITS and hits.most >= needed * hits.next


def words_of(text: str) -> list[str]:
    """Words of a text in lower case."""
    return _WORD.findall(text.lower())


def small_words(words: list[str], among: tuple[str, ...] = ()) -> Hits:
    """The language whose small words these hold most of."""
    counts: dict[str, int] = {}
    for word, times in Counter(filter(_LANGUAGES.__contains__, words)).items():
        for language in _LANGUAGES[word]:
            counts[language] = counts.get(language, 0) + times
    if among:
        counts = {language: counts.get(language, 0) for language in among}
    ranked = sorted(zip(counts.values(), counts, strict=True), reverse=True)
    (most, best), (following, _) = [*ranked[:2], (0, ""), (0, "")][:2]
    return Hits(best if most else "", most, following, len(words))


def _by_script(sample: str, letters: int) -> str:
    if not _BEYOND_WORDS.search(sample):
        return ""
    return next((language for language, signs, share in _SCRIPTS if len(signs.findall(sample)) > share * letters), "")


@lru_cache(maxsize=2)
def _model(among: tuple[str, ...]) -> "LanguageModel":
    from sitegen.importers.language_model import LanguageModel

    return LanguageModel(among)
