"""Words of a text, and what of them counts: without case, without accents, without endings.

What `folded` does, and how a text is cut into words, is done in `templates/static/search.js` too, in the very same
way: there for the words that a reader types. Endings are taken off here alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple, Protocol

LONGEST = 40  # longer ones are no words that anybody types
# Scripts that put no spaces between words, and Hangul, whose particles stand close to them: pairs of signs are indexed.
JOINED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# Signs that stand on letters. Those of Indian scripts are letters here: without them words could not be told apart.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
)
_INDIAN = "\u0900-\u0963\u0966-\u0dff"
# Letters that are no letter with a mark to Unicode, though readers type them as if they were.
SAME = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i",
    "ς": "σ", "ى": "ی", "ي": "ی", "ك": "ک", "ة": "ه",
})  # fmt: skip
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


class _Patterns(NamedTuple):
    word: re.Pattern[str]  # not a letter alone: that is what elision left (l'eau), a genitive or an initial
    run: re.Pattern[str]  # of a joined script, or of another one
    joined: re.Pattern[str]
    mark: re.Pattern[str]
    unseen: re.Pattern[str]  # within words: soft hyphens, spaces without width, tatweel


@cache
def _patterns() -> _Patterns:
    # To compile these takes long beside a build with nothing to do.
    return _Patterns(
        word=re.compile(rf"[\w{MARKS}{_INDIAN}{JOINED}]{{2,}}|\d|[{JOINED}]"),
        run=re.compile(rf"[{JOINED}]+|[^{JOINED}]+"),
        joined=re.compile(f"[{JOINED}]"),
        mark=re.compile(f"[{MARKS}]"),
        unseen=re.compile("[\u00ad\u200b\u2060\ufeff\u0640]"),
    )


class ArticleWords(NamedTuple):
    """The different words of an article, and how many they are."""

    text: str  # four lines, those that say least of the article first; words parted by spaces
    total: int

    def by_weight(self) -> Iterator[tuple[int, list[str]]]:
        """How much words say of the article, and the words."""
        return ((weight, line.split(" ")) for weight, line in enumerate(self.text.split("\n")) if line)

    def with_more(self, text: str) -> "ArticleWords":
        """These and the words of a text that are not among them, which counts no more words than these."""
        found = set(self.text.split())
        more = [word for word in dict.fromkeys(words_of(text)) if word not in found]
        once, rest = self.text.split("\n", 1)
        return self._replace(text=" ".join([*once.split(), *more]) + f"\n{rest}")


class Stemmer(Protocol):
    """Takes endings off the words of one language."""

    def stemWord(self, word: str) -> str:  # noqa: N802 - PyStemmer's name
        """A word without its ending."""


def words_of(text: str) -> list[str]:
    """The words of a text in its order, in small letters; of scripts without spaces, pairs of signs."""
    patterns, text = _patterns(), text.lower().replace("_", " ")
    if not text.isascii():
        text = patterns.unseen.sub("", unicodedata.normalize("NFC", text))
        if patterns.joined.search(text):
            return [part for word in patterns.word.findall(text) for part in _parts(word)]
    return [word for word in patterns.word.findall(text) if len(word) <= LONGEST]


def _parts(word: str) -> Iterator[str]:
    for run in _patterns().run.findall(word):
        if is_joined(run):
            # The last one alone, so that a sign by itself is the beginning of something wherever it stands.
            yield from (run[at : at + 2] for at in range(len(run)))
        elif 1 < len(run) <= LONGEST or run.isdecimal():
            yield run


def is_joined(sign: str) -> bool:
    """Whether a sign is of a script without spaces between words."""
    return _patterns().joined.match(sign) is not None


def folded(word: str) -> str:
    """A word in small letters without its accents, as it is looked up."""
    if word.isascii():
        return word
    plain = _patterns().mark.sub("", unicodedata.normalize("NFKD", word.translate(SAME))).translate(SAME)
    return unicodedata.normalize("NFC", plain.replace(" ", ""))


def stem_of(word: str, language: str) -> str:
    """What a word has in common with its other forms, folded; the folded word in a language that nobody can stem."""
    stemmer = _stemmer(language.partition("-")[0].lower())
    return (folded(stemmer.stemWord(word)) or folded(word)) if stemmer else folded(word)


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer | None:
    import Stemmer as Snowball  # takes longer to load than most builds take to see that nothing changed

    name = _ALGORITHMS.get(language)
    return Snowball.Stemmer(name, 0) if name in Snowball.algorithms() else None
