"""The language that a text is in, as a suggestion."""

from functools import lru_cache
from typing import Any

_ENOUGH = 800
_TOO_SHORT = 20


def guess_language(text: str, among: tuple[str, ...] = ()) -> tuple[str, float]:
    """Language tag and confidence; ("", 0.0) for a text too short to tell."""
    letters = sum(char.isalpha() for char in text[:_ENOUGH])
    if letters < _TOO_SHORT:
        return "", 0.0
    language, confidence = _identifier(among).classify(text[:_ENOUGH])
    return str(language), round(float(confidence), 2)


@lru_cache(maxsize=2)
def _identifier(among: tuple[str, ...]) -> Any:
    # Its model takes a second to load, so only imports pay for it.
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_modelpath(str(MODEL_DIR / MODEL_FILE), norm_probs=True)
    if among:
        identifier.set_languages(list(among))
    return identifier
