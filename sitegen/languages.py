"""What languages look like: their direction, and the theme's texts in them."""

import gettext
import io
import unicodedata
from functools import lru_cache
from pathlib import Path

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def sort_key(name: str) -> str:
    """What a name sorts by: accents and case do not count."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=256)
def locale_name(language: str) -> str:
    """The CLDR locale for dates and numbers; English for a language that Babel does not know."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"


@lru_cache(maxsize=64)
def translations(folders: tuple[str, ...], language: str) -> gettext.NullTranslations:
    """The theme's texts in a language, from the first of its folders that has them; else as they are written."""
    # Babel's parser takes longer to load than a build with nothing to do takes at all.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for folder in folders:
        for tag in (language.replace("-", "_"), language.split("-")[0]):
            file = Path(folder, "locales", f"{tag}.po")
            if file.is_file():
                compiled = io.BytesIO()
                with file.open("rb") as source:
                    write_mo(compiled, read_po(source, locale=tag))
                compiled.seek(0)
                return gettext.GNUTranslations(compiled)
    return gettext.NullTranslations()
