"""py3langid's model, asked for texts whose small words don't tell their language; its large tables stay on disk."""

import mmap
import tempfile


class LanguageModel:
    """Tells the language of a text, one of those in `among`; of all that it knows if there are none.

    Its tables take 70 MB, of which a text needs little: they lie in files without a name, and what was looked up of
    them is let go of, so that many workers can have a model each.
    """

    def __init__(self, among: tuple[str, ...] = ()) -> None:
        # What it is made of takes a second to load, so only texts that ask for it pay for that.
        import numpy as np
        from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
        from py3langid.modelio import load_model

        weights, priors, languages, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
        self._tables = [_on_disk(memoryview(table).cast("B")) for table in (weights, moves)]
        self._identifier = LanguageIdentifier(
            np.frombuffer(self._tables[0], weights.dtype).reshape(weights.shape), priors, languages,
            memoryview(self._tables[1]).cast(moves.typecode), features, norm_probs=True, tk_row=rows,
        )  # fmt: skip
        if among:
            self._identifier.set_languages(list(among))

    def classify(self, text: str) -> tuple[str, float]:
        """Language tag and confidence."""
        language, confidence = self._identifier.classify(text)
        if hasattr(mmap, "MADV_DONTNEED"):
            for table in self._tables:
                table.madvise(mmap.MADV_DONTNEED)
        return str(language), float(confidence)


def _on_disk(table: memoryview) -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        file.write(table)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
