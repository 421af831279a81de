"""How raw files are read, and where their articles go."""

from msgspec import Struct

from sitegen.config import Site
from sitegen.outputs.fingerprint import digest_of, engine_digest


class ImportRules(Struct, frozen=True):
    """How files are read, and where their articles go."""

    content: str  # folder of the content files
    importer: str  # "" goes by file names
    languages: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    without: tuple[str, ...]  # kinds of mends that are not made
    engine: str

    @property
    def digest(self) -> str:
        """Of all that the same bytes are read by."""
        return digest_of((self.importer, self.languages, self.fields, self.without, self.engine))


def rules_of(site: Site, importer: str = "", without: tuple[str, ...] = ()) -> ImportRules:
    """The rules of a site, with an importer that was named and kinds of mends that are not wanted this time."""
    table = site.config.import_
    no_mends = tuple(dict.fromkeys((*table.without, *without)))
    return ImportRules(str(site.content), importer, table.languages, table.fields.pairs(), no_mends, engine_digest())
