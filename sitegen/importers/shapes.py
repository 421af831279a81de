"""What a stretch of raw text looks like by itself: a list, verse, a quotation, a credit, a title, a copy of another."""

import difflib
import re
import unicodedata
from itertools import pairwise

_CLOSERS = '»”“"’)] \u00a0\u202f'
_SENTENCE_END = frozenset(".!?…;:,،؛。؟।")
_HARD_END = frozenset(".;:,…،؛。।")
BULLET = re.compile(r"[•·‣▪●◦○■□➤►✓✔–—*-]\s+\S")
_LIST_SIGNS = "•‣▪●◦○■□➤►✓✔"
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+\S")
_SPEECH_END = re.compile(r"[.!?…»”]$")
_CREDIT_WORD = (
    r"(?i:photos?|fotos?|images?|pictures?|crédits?(?: photo)?|credits?|bild(?:er)?|fot\.|foto(?:graf)?|фото|صورة|תמונה"
    r"|צילום|写真|图)\s*(?:[:/©：]|(?i:by|von|de|di|av|par)\b)\s*"
)
_CREDIT_AT_END = re.compile(
    rf"^(?P<text>.{{8,}}?)(?:\s*[.(\[–—|/-]\s*|\s+)(?:{_CREDIT_WORD}|©\s*)(?P<credit>[^\n.]{{2,70}}?)[.)\]]*$"
)
_CREDIT_WORDS = "photo foto image picture crédit credit bild fot. фото صورة תמונה צילום 写真 图 ©".split()
_MAY_BE_CREDIT = re.compile("|".join(map(re.escape, _CREDIT_WORDS)))
_CREDIT_LENGTH = 100
QUOTE_ENDS = {"«": "»", "“": "”", "„": "“”", "‘": "’", '"': '"', "”": "”", "»": "«", "「": "」", "『": "』"}
TWO_SENTENCES = re.compile(r"(?:[!?…]|\w{4}\.)[»”\"]?\s+[¿¡«“„\"]?[A-ZÀ-ÖØ-ÞА-ЯЁ]")
_SHORT_LINE, _VERSE_LINE = 45, 60
_NEAR = 0.93
_NOT_A_LETTER = re.compile(r"[\W_]+")


def is_list(text: str) -> bool:
    """Whether each line begins with the sign of a list, or with the next number; speech behind dashes is none."""
    if not (BULLET.match(text) or _NUMBERED.match(text)):
        return False
    lines = text.split("\n")
    if all(map(BULLET.match, lines)):
        if text[0] in "–—":  # speech has dashes too
            return len(lines) > 1 and not any(map(_SPEECH_END.search, lines[:-1]))
        return len(lines) > 1 or text[0] in _LIST_SIGNS
    numbers = [int(match[1]) for line in lines if (match := _NUMBERED.match(line))]
    return len(numbers) == len(lines) > 1 and numbers == list(range(numbers[0], numbers[0] + len(lines)))


def is_verse(text: str) -> bool:
    """Lines too short to have been cut at a margin, or short ones with room for the next word."""
    lines = text.split("\n")
    longest = max(map(len, lines))
    if longest > _VERSE_LINE:
        return False
    return longest <= _SHORT_LINE or any(
        len(line) + len(after.split()[0]) < longest - 2 for line, after in pairwise(lines)
    )


def is_quoted(text: str) -> bool:
    """Whether quotation marks open at the start of a text and close at its end, and not before."""
    ends = QUOTE_ENDS.get(text[:1], "")
    bare = text.rstrip(" .!?…,")
    return bool(ends) and len(text) > 3 and bare[-1:] in ends and not any(end in bare[1:-1] for end in ends)


def ends_in_credit(text: str) -> bool:
    """Whether a caption ends in the credit of its picture: "The old roof in 2012. Photo: Ada Winter"."""
    tail = text[-_CREDIT_LENGTH:].lower()
    return _MAY_BE_CREDIT.search(tail) is not None and _CREDIT_AT_END.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a text ends in a mark of punctuation, closing marks and brackets left aside."""
    return text.rstrip(_CLOSERS)[-1:] in _SENTENCE_END


def ends_hard(text: str) -> bool:
    """Whether a text ends as no title does; a question or an exclamation may be one, but not `this is it !`."""
    return text.rstrip(_CLOSERS)[-1:] in _HARD_END or (text[-1:] == "!" and text[-2:-1].isspace())


def starts_like_a_title(text: str) -> bool:
    """Whether the first letter is no small one."""
    first = text.lstrip("«“„\"'‘¿¡(「『 \u00a0\u202f")[:1]
    return bool(first) and (not first.isalpha() or not first.islower())


def repeated_line(text: str, earlier: dict[str, str]) -> str:
    """The earlier line, by its bare letters, that a line is a copy of, near enough; "" for none."""
    if not any(abs(len(text) - len(line)) <= 8 + len(line) // 4 for line in earlier.values()):
        return ""  # of copies no more than accents, spaces and punctuation differ
    folded = bare_letters(text)
    if not folded:
        return ""
    if folded in earlier:
        return earlier[folded]
    for other, line in earlier.items():
        shorter, longer = sorted((len(folded), len(other)))
        if shorter > 20 and 2 * shorter >= _NEAR * (shorter + longer) and _is_near(folded, other):
            return line
    return ""


def bare_letters(text: str) -> str:
    """What two copies of one line share: no accents, no case, no spaces, no punctuation."""
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKD", text).casefold())


def _is_near(one: str, other: str) -> bool:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR
