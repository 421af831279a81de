"""What of an article can be found: its words, each with how much it says of the article."""

import re
from collections import Counter
from collections.abc import Iterable

from sitegen.model import Entry
from sitegen.search.words import ArticleWords, words_of
from sitegen.shortcodes.poll_values import POLL_NAMES, FoundPoll
from sitegen.shortcodes.traces import may_have_calls

# How much a word says of its article: it stands in the body once, twice, often (or it is a tag, an author, the
# series), or in the title.
ONCE, TWICE, OFTEN, TITLE = range(4)
_OFTEN = 3  # times at least
_OFTEN_ONE_IN = 200  # words at least
_SHOWN = ("caption", "title", "alt", "question", "answer", "text", "name", "description", "quote", "label")
# Looked for at each place where a text may hold it, so none may read on over the next such place.
_CALL = r"\[/?[A-Za-z][\w-]*[\s\]=/]"
_TARGET = r"\]\((?:[^()\n]|\([^()\n]*\))*\)"
_DEFINED = r"(?m)^ {0,3}\[[^\[\]^\n][^\[\]\n]*\]:[ \t]*\S.*$"
_NOTE = r"\[\^[^\[\]\n]+\]:?"
_ADDRESS = r"https?://[^\s<>\"'\])]+"
_TAG = r"</?[A-Za-z][^<>]*>"
_ATTRIBUTES = r"\{:?[ \t]*[#.][^{}\n]*\}"


def article_words(entry: Entry, body: str, polls: Iterable[FoundPoll] = ()) -> ArticleWords:
    """The words of an article, `polls` being those of its body. Markup has none."""
    counts = Counter(words_of(_plain_text(body)))
    for found in polls:
        if found.poll:
            counts.update(words_of(" ".join([found.poll.title, *(answer.text for answer in found.poll.answers)])))
    often = max(_OFTEN, counts.total() // _OFTEN_ONE_IN)
    weights = {word: OFTEN if n >= often else TWICE if n > 1 else ONCE for word, n in counts.items()}
    for name in (*entry.tags, *entry.authors, entry.series):
        weights.update(dict.fromkeys(words_of(name), OFTEN))
    weights.update(dict.fromkeys(words_of(entry.title), TITLE))
    lines: list[list[str]] = [[], [], [], []]
    for word, weight in weights.items():
        lines[weight].append(word)
    return ArticleWords("\n".join(map(" ".join, lines)), len(weights))


def _plain_text(body: str) -> str:
    # `re` keeps what it compiled. To do that when this file is loaded would delay builds with nothing to do.
    text = _without_calls(body) if re.search(_CALL, body) and may_have_calls(body) else body
    if "](" in text or "]:" in text:
        text = re.sub(_DEFINED, "", re.sub(_TARGET, "]", text))
    if "[^" in text:
        text = re.sub(_NOTE, "", text)
    if "://" in text:
        text = re.sub(_ADDRESS, " ", text)
    if "<" in text:
        text = re.sub(_TAG, " ", _without_comments(text))
    if "{" in text:
        text = re.sub(_ATTRIBUTES, "", text)
    if "&" in text:
        text = _unescaped(text)
    return text.replace("*", "")


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return "".join([first, *(part[part.find("-->") + 3 :] if "-->" in part else part for part in others)])


def _unescaped(text: str) -> str:
    from html import unescape  # its table of names takes long to load

    return unescape(text)


def _without_calls(body: str) -> str:
    """A body without calls; what one encloses stays, and what it shows. Polls are read by those who know them."""
    # They take longer to load than articles without calls take at all.
    from sitegen.shortcodes.registry import is_known
    from sitegen.shortcodes.syntax import find_calls, literal_text, outermost

    calls = find_calls(body, is_known, by_tag=lambda name: name not in POLL_NAMES)
    pieces, end = [], 0
    for call in outermost(calls):
        pieces += [body[end : call.start], " "]
        end = call.end
        if call.escaped:
            pieces.append(literal_text(call))
        elif call.name not in POLL_NAMES:
            pieces += (f"{call.named[name]} " for name in _SHOWN if name in call.named)
    return "".join([*pieces, body[end:]])
