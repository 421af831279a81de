"""The model that is asked for a language when small words don't tell it."""

import pytest
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from sitegen.importers.language_model import LanguageModel

TEXTS = (
    "Abendbrot",
    "Hafenrundfahrt mit Musik",
    "Mercado municipal",
    "Nyíregyháza",
    "Съезд садоводов",
    "",
    "Ñ",
    "\ud800",
)


@pytest.mark.parametrize("among", [(), ("de", "es"), ("es", "ru", "hu")])
def test_its_tables_on_disk_say_what_they_say_in_memory(among: tuple[str, ...]) -> None:
    usual = LanguageIdentifier.from_modelpath(str(MODEL_DIR / MODEL_FILE), norm_probs=True)
    if among:
        usual.set_languages(list(among))
    model = LanguageModel(among)

    assert [model.classify(text) for text in TEXTS] == [usual.classify(text) for text in TEXTS]
