"""What was read of a raw article, mended, guessed and set aside."""

from msgspec import Struct


class Mend(Struct, frozen=True):
    """Damage that was undone."""

    kind: str  # "glued-sentence", "entity", "invisible", "shortcode", "encoding", "mojibake"
    before: str
    after: str
    line: int = 0  # of the raw file, from 1


class Guess(Struct, frozen=True):
    """Something that the raw file does not say, and why it is taken so."""

    field: str  # "title", "heading", "caption", "tags", "date", "author", "language", "encoding"
    value: str
    reason: str
    confidence: float  # 0 to 1
    line: int = 0


class SetAside(Struct, frozen=True):
    """Text that is not in the article, and why."""

    text: str
    reason: str
    line: int = 0


class KeptShortcode(Struct, frozen=True):
    """A shortcode that nobody knows; it stays in the body."""

    name: str
    named: dict[str, str]
    line: int = 0


class Loss(Struct, frozen=True):
    """Text of the raw file that nobody can find in the article: a fault of the importer."""

    text: str
    line: int = 0


class ArticleReport(Struct, frozen=True, kw_only=True):
    """All that happened to one raw article."""

    source: str
    target: str = ""
    status: str = "new"  # "new", "changed", "unchanged", "conflict"
    encoding: str = "utf-8"
    newline: str = "LF"
    bom: bool = False
    language: str = ""
    mends: tuple[Mend, ...] = ()
    guesses: tuple[Guess, ...] = ()
    shortcodes: tuple[KeptShortcode, ...] = ()
    polls: int = 0
    # Where the characters of the raw file went, spaces not counted: "input" is the sum of the others, which are
    # "title", "body", "metadata", "shortcodes", "mended" (taken away by mends), "set aside" and "lost".
    characters: dict[str, int] = {}
    set_aside: tuple[SetAside, ...] = ()
    losses: tuple[Loss, ...] = ()
