"""What texts sort by in a language: its alphabet, and where letters of others stand in it.

A key has one sign for each letter, in the order of the alphabet, so keys are compared as they are and cut anywhere.
Digits come first, then the alphabet, then ideographs, then other scripts by their code points. Accents that make no
letter of their own do not count. The order of each alphabet is that of the Unicode CLDR, at its first level. In Chinese
and Japanese, ideographs stand where their sound does (see readings.py).
"""

import re
import unicodedata
from functools import lru_cache

from sitegen.readings import read_aloud

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_NORDIC = f"{' '.join(_LATIN)} æ=ä ø=ö å=aa"
_SWEDISH = f"{' '.join(_LATIN)} å ä=æ ö=ø"
_CROATIAN = "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž"

# Letters in order. "ä=æ": what follows the sign sorts as the letter before it. Letters of a to z that a language lacks
# come last. A language that is not here has a to z, and other scripts as they are. "か/きくけこ" is a row of kana: each
# has the sign of the row and its number in it, so that texts are parted by rows first.
_ALPHABETS = {
    "ar": "ء ا ب ت=ة ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك=ک ل م ن ه=ہ و ي=ى=ی",
    "az": "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v w y z",
    "be": "а б в г д е ё ж з і й к л м н о п р с т у ў ф х ц ч ш ы ь э ю я",
    "bg": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я",
    "bs": _CROATIAN,
    "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
    "cy": "a b c ch d dd e f ff g ng h i j k l ll m n o p ph q r rh s t th u v w x y z",
    "da": f"{_NORDIC} y=ü",
    "el": "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω",
    "eo": "a b c ĉ d e f g ĝ h ĥ i j ĵ k l m n o p q r s ŝ t u ŭ v w x y z",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "eu": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "fa": "آ ء ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک=ك گ ل م ن و ه=ة=ہ ی=ي=ى",
    "fi": f"{_SWEDISH} y=ü",
    "fo": "a á b d=đ ð e f g h i í j k l m n o ó p q r s t u ú v w x y=ü ý z æ=ä ø=ö å=aa",
    "gl": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "he": "א ב ג ד ה ו ז ח ט י כ=ך ל מ=ם נ=ן ס ע פ=ף צ=ץ ק ר ש ת",
    "hr": _CROATIAN,
    "hu": "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö=ő p q r s sz t ty u ü=ű v w x y z zs",
    "is": "a á b c d=đ ð e é f g h i í j k l m n o ó p q r s t u ú v w x y ý z þ æ=ä ö=ø å",
    "ja": f"{' '.join(_LATIN)} "
    "あ/いうえお か/きくけこ さ/しすせそ た/ちつてと な/にぬねの は/ひふへほ ま/みむめも や/ゆよ ら/りるれろ わ/を ん",
    "lt": "a b c č d e f g h i=y j k l m n o p q r s š t u v w x z ž",
    "lv": "a b c č d e f g ģ h i=y j k ķ l ļ m n ņ o p q r ŗ s š t u v w x z ž",
    "mk": "а б в г д ѓ е ж з ѕ и ј к л љ м н њ о п р с т ќ у ф х ц ч џ ш",
    "nb": f"{_NORDIC} y=ü",
    "nn": f"{_NORDIC} y=ü",
    "no": f"{_NORDIC} y=ü",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș=ş t ț=ţ u v w x y z",
    "ru": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
    "sk": "a ä b c č d e f g h ch i j k l m n o ô p q r ř s š t u v w x y z ž",
    "sl": "a b c č ć d đ e f g h i j k l m n o p q r s š t u v w x y z ž",
    "sq": "a b c ç d dh e ë f g gj h i j k l ll m n nj o p q r rr s sh t th u v w x xh y z zh",
    "sr": "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш",
    "sr-latn": _CROATIAN,
    "sv": f"{_SWEDISH} y=ü",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "ur": "ا ب پ ت=ة ٹ ث ج چ ح خ د ڈ ذ ر ڑ ز ژ س ش ص ض ط ظ ع غ ف ق ک=ك گ ل م ن ں و ہ=ه ھ ء ی=ي=ى ے",
    "vi": "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z",
}
# What no decomposition of Unicode says, where the language has no such letter of its own.
_FOLDED = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t",
    "\u0640": "", "\u02bc": "",  # an Arabic line, an apostrophe that counts as a letter
}  # fmt: skip
# One for each letter of an alphabet, behind the digits. Paths and parts are named with "-" and "_".
_SIGNS = "".join(chr(code) for code in range(0x3A, 0x7E) if chr(code) != "_")
_FIRST_IDEOGRAPH = "\u2e80"
_ROW = re.compile(r"(\S)/(\S+)")
_IN_KEYS = "~[0-9a-f]{0,5}|[^~]"


class Alphabet:
    """The letters of a language."""

    def __init__(self, language: str) -> None:
        self._language = language
        language, script = (*language.lower().split("-"), "")[:2]
        letters = _ALPHABETS.get(f"{language}-{script}") or _ALPHABETS.get(language, "")
        self._has_dotless = "ı" in letters
        places = _places(letters)
        signs = _signs(places, letters)
        rows = {signs[row][0]: row for row, _ in _ROW.findall(letters)}
        self._written = {sign: letter for letter, sign in signs.items()} if letters else {}
        self._written |= {sign: f"{row}行" for sign, row in rows.items()}
        self._in_keys = re.compile(f"[{re.escape(''.join(rows))}][1-5]?|{_IN_KEYS}" if rows else _IN_KEYS)
        self._signs = _Signs({ord(name): signs[letter] for name, letter in places.items() if len(name) == 1})
        pairs = sorted((name for name in places if len(name) > 1), key=len, reverse=True)
        self._pairs = {name.translate(self._signs): signs[places[name]] for name in pairs}
        self._find_pairs = re.compile("|".join(map(re.escape, self._pairs))) if pairs else None

    def key(self, text: str) -> str:
        """What a text sorts by: its letters and digits, one space between words; "" for one that has none.

        A sign of a script without an alphabet (U+2E80 and above) becomes `~` and its code point in hexadecimal, so
        that the beginnings of keys part such texts into few groups too.
        """
        text = read_aloud(text, self._language)
        if self._has_dotless:
            text = text.replace("I", "ı").replace("İ", "i")
        plain = (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()
        signs = plain.translate(self._signs)
        if self._find_pairs:
            signs = self._find_pairs.sub(lambda match: self._pairs[match[0]], signs)
        return " ".join(signs.split())

    def text_of(self, key: str) -> str:
        """The letters of a key, or of the beginning of one, as they are written."""
        written = self._written
        return self._in_keys.sub(lambda match: written.get(match[0], match[0]), key) if written else key

    def capitalized(self, text: str) -> str:
        """A text with a capital in front."""
        first = "İ" if self._has_dotless and text[:1] == "i" else text[:1].upper()
        return first + text[1:]


@lru_cache(maxsize=64)
def alphabet_of(language: str) -> Alphabet:
    """The alphabet that a language sorts by."""
    return Alphabet(language)


def _places(letters: str) -> dict[str, str]:
    """Each letter, and what sorts as one, with the letter whose place it has; in the order of the alphabet."""
    places: dict[str, str] = {}
    for names in _ROW.sub(lambda row: " ".join(row[1] + row[2]), letters).split():
        first, *alike = names.split("=")
        places |= dict.fromkeys((first, *alike), first)
    return places | {letter: letter for letter in _LATIN if letter not in places}


def _signs(places: dict[str, str], letters: str) -> dict[str, str]:
    """The sign of each letter that has a place of its own: with a number, in a row."""
    rows = {
        kana: (first, number) for first, more in _ROW.findall(letters) for number, kana in enumerate(first + more, 1)
    }
    free = iter(_SIGNS if letters else _LATIN)
    signs: dict[str, str] = {}
    of_rows: dict[str, str] = {}
    for letter in dict.fromkeys(places.values()):
        first, number = rows.get(letter, ("", 0))
        sign = of_rows.get(first) or next(free)
        of_rows |= {first: sign} if first else {}
        signs[letter] = f"{sign}{number}" if first else sign
    return signs


class _Signs(dict[int, str]):
    """What stands in a key for each character of a text in lower case; found when it is first met."""

    def __init__(self, signs: dict[int, str]) -> None:
        super().__init__(signs)
        self._letters = frozenset(map(chr, signs))

    def __missing__(self, code: int) -> str:
        self[code] = sign = self._folded(chr(code))
        return sign

    def _folded(self, char: str) -> str:
        if char in self._letters:
            return self[ord(char)]
        if char in _FOLDED:
            return "".join(map(self._folded, _FOLDED[char]))
        if unicodedata.decomposition(char):
            return "".join(map(self._folded, self._parts(char)))
        if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
            return ""
        if char >= _FIRST_IDEOGRAPH and char.isalnum():
            return f"~{ord(char):05x}"
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            return str(digit)
        return char if char.isalnum() or unicodedata.category(char).startswith("M") else " "

    def _parts(self, char: str) -> list[str]:
        """The letters that a character is made of, with those of its accents that make a letter of the alphabet."""
        parts: list[str] = []
        for part in unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(part) or not parts:
                parts.append(part)
            elif (whole := unicodedata.normalize("NFC", parts[-1] + part)) in self._letters:
                parts[-1] = whole
        return parts
