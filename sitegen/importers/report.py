"""What was read of a raw article, mended, guessed and set aside. docs/import-report.md says it for users."""

from msgspec import Struct


class Mend(Struct, frozen=True):
    """Damage that was undone."""

    kind: str  # "encoding", "mojibake", "entity", "invisible", "glued-sentence", "shortcode"
    before: str
    after: str
    line: int = 0  # of the raw file, from 1; 0: the whole file
    column: int = 0  # of that line as it was read, from 1; 0: the whole line


class Guess(Struct, frozen=True):
    """Something that the raw file does not say, and why it is taken so."""

    # "title", "heading", "caption", "quotation", "tags", "date", "updated", "author", "language", "encoding"
    field: str
    value: str
    reason: str
    confidence: float  # 0 to 1
    line: int = 0


class SetAside(Struct, frozen=True):
    """Text that is not in the article, and why."""

    text: str
    reason: str
    line: int = 0


class Said(Struct, frozen=True):
    """A field that a side file gives, and the row that does."""

    field: str
    value: str
    file: str
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
    said: tuple[Said, ...] = ()
    shortcodes: tuple[KeptShortcode, ...] = ()
    polls: int = 0
    # Where the characters of the raw file went, spaces not counted: "input" is the sum of the others, which are
    # "title", "body", "metadata", "shortcodes", "mended" (taken away by mends), "set aside" and "lost".
    characters: dict[str, int] = {}
    set_aside: tuple[SetAside, ...] = ()
    losses: tuple[Loss, ...] = ()
