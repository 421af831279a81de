"""A bucket of articles becomes files in which a browser finds them, each a call of one function.

A word's file goes by the beginning of the word. A file of words holds *stems* with the forms that stand for each and
the articles that have one of them; and the forms whose stem lies in another file. See docs/search.md.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from sitegen.search.words import ArticleWords, folded, is_joined, stem_of

ARTICLES_A_CHUNK = 128
MAX_ARTICLES = 4096  # of a bucket; beyond, it is divided
FILES_A_FOLDER = 256
_WORDS_A_FILE = 4096  # words of articles, on average
_KEY_LENGTH = 3
_WEIGHT_BITS = 2
_SECTION, _YEAR = "/", "@"  # in front of a section's slug and of a year: no word has them
_MAX_REMEMBERED = 200_000  # words with their stems
_ENCODE = msgspec.json.Encoder().encode


class Indexed(NamedTuple):
    """What the index of words must know of an article."""

    words: ArticleWords
    language: str
    section: str  # slug; "" for none
    year: str  # "" for none


class Stem(NamedTuple):
    """A stem, its forms, and its articles: place in the bucket and weight in one number, in order."""

    forms: set[str]
    places: list[int]


def shards_for(count: int) -> int:
    """How many files of words a bucket has whose articles have so many words, each article's counted by itself."""
    shards = 1
    while shards * _WORDS_A_FILE < count:
        shards *= 2
    return shards


def key_of(word: str) -> str:
    """The beginning of a word that says in which file it is: three letters, or one sign of a joined script."""
    return word[0] if is_joined(word[0]) else word[:_KEY_LENGTH]


def shard_of(word: str, shards: int) -> int:
    """The number of a word's file: FNV-1a of the key's code points."""
    state = 2166136261
    for sign in key_of(word):
        state = (state ^ ord(sign)) * 16777619 & 0xFFFFFFFF
    return (state ^ state >> 15) & (shards - 1)


def words_path(shard: int, shards: int) -> str:
    """Where a file of words lies in its bucket's folder, of which none has more than FILES_A_FOLDER files."""
    if shards <= FILES_A_FOLDER:
        return f"words/{shard}.js"
    return f"words/{shard // FILES_A_FOLDER}/{shard % FILES_A_FOLDER}.js"


def index_files(bucket: str, articles: Iterable[Indexed]) -> Iterator[tuple[str, str]]:
    """Path below the bucket's folder and text of each file of words of a bucket, whose articles come in order."""
    count, by_language = _inverted(articles)
    stems = _stems(by_language)
    shards = shards_for(count)
    shard = _Shards(shards)
    lines: list[list[tuple[str, str, list[int]]]] = [[] for _ in range(shards)]
    elsewhere: list[list[tuple[str, str]]] = [[] for _ in range(shards)]
    for stem in sorted(stems):
        found, own = stems[stem], shard[key_of(stem)]
        forms = []
        for form in sorted(found.forms - {stem}):
            if (of_form := shard[key_of(form)]) == own:
                forms.append(form[len(stem) :] if form.startswith(stem) else f"={form}")
            else:
                elsewhere[of_form].append((form, stem))
        lines[own].append((stem, " ".join(forms), _gaps(found.places)))
    for number in range(shards):
        path = words_path(number, shards)
        yield path, call(f"{bucket}/{path}", lines[number], elsewhere[number])


def call(name: str, *values: object) -> str:
    """A script that hands values over under a name; nothing in it can end a script element."""
    text = ",".join(_ENCODE(value).decode() for value in (name, *values))
    for sign, escaped in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(sign, escaped)
    return f"sitegen({text})"


class _Shards(dict[str, int]):
    """The number of the file of each key, found once."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __missing__(self, key: str) -> int:
        number = self[key] = shard_of(key, self._count)
        return number


def _inverted(articles: Iterable[Indexed]) -> tuple[int, dict[str, dict[str, list[int]]]]:
    """The number of words, and by language and word the places of its articles."""
    count = 0
    by_language: dict[str, dict[str, list[int]]] = {}
    for number, article in enumerate(articles):
        count += article.words.total
        by_word = by_language.setdefault(article.language, {})
        for weight, words in article.words.by_weight():
            place = number << _WEIGHT_BITS | weight
            for word in words:
                if word in by_word:
                    by_word[word].append(place)
                else:
                    by_word[word] = [place]
        for mark, name in ((_SECTION, article.section), (_YEAR, article.year)):
            if name:
                by_language.setdefault("", {}).setdefault(mark + name, []).append(number << _WEIGHT_BITS)
    return count, by_language


def _stems(by_language: dict[str, dict[str, list[int]]]) -> dict[str, Stem]:
    stems: dict[str, Stem] = {}
    merged = set()
    for language, by_word in by_language.items():
        for word, places in by_word.items():
            form, stem = looked_up(word, language)
            if stem in stems:
                stems[stem].forms.add(form)
                stems[stem].places.extend(places)
                merged.add(stem)
            else:
                stems[stem] = Stem({form}, places)
    for stem in merged:
        stems[stem].places[:] = _one_an_article(stems[stem].places)
    return stems


def _one_an_article(places: list[int]) -> list[int]:
    """In order, and of an article with several forms the greatest weight."""
    greatest: dict[int, int] = {}
    for place in sorted(places):
        greatest[place >> _WEIGHT_BITS] = place
    return list(greatest.values())


def _gaps(places: list[int]) -> list[int]:
    """The same numbers, each article's place as its distance from the next one after the article before."""
    gaps, after = [], 0
    for place in places:
        gaps.append(place - (after << _WEIGHT_BITS))
        after = (place >> _WEIGHT_BITS) + 1
    return gaps


@lru_cache(maxsize=_MAX_REMEMBERED)
def looked_up(word: str, language: str) -> tuple[str, str]:
    """A word as it is looked up, and its stem; a section or a year stays as it is."""
    return (word, word) if word.startswith((_SECTION, _YEAR)) else (folded(word), stem_of(word, language))
