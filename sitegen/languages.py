"""What languages look like: their direction, and the theme's texts in them."""

import gettext
import hashlib
import io
from functools import lru_cache, partial
from pathlib import Path

from sitegen.cache import kept

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=64)
def own_name(language: str) -> str:
    """A language's name in itself: "français"; the tag where nobody knows it."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language


@lru_cache(maxsize=64)
def translations(folders: tuple[str, ...], language: str) -> gettext.NullTranslations:
    """The theme's texts in a language, from the first of its folders that has them; else as they are written."""
    for folder in folders:
        for tag in (language.replace("-", "_"), language.split("-")[0]):
            file = Path(folder, "locales", f"{tag}.po")
            if file.is_file():
                source = file.read_bytes()
                name = f"{tag}-{hashlib.sha256(source).hexdigest()[:32]}.mo"
                return gettext.GNUTranslations(io.BytesIO(kept(name, partial(_compiled, source, tag))))
    return gettext.NullTranslations()


def _compiled(source: bytes, tag: str) -> bytes:
    # Babel's parser takes longer to load than a build with nothing to do takes at all.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=tag))
    return compiled.getvalue()
