"""What reading a content file depends on."""

from msgspec import Struct

from sitegen.config import PermalinksTable


class ReadingRules(Struct, frozen=True):
    """All that reading a content file depends on, beside its bytes."""

    folder: str
    shown_folder: str  # how problems name it
    permalinks: PermalinksTable
    timezone: str
    max_bytes: int
    language: str = "en"  # of articles that do not name theirs
    megapixels: float = 100.0  # of a picture
    with_drafts: bool = False  # else a draft has no entry
    with_words: bool = False  # of articles, for the search

    def shown(self, path: str) -> str:
        """A file as problems name it."""
        return f"{self.shown_folder}/{path}"
