"""An index as a browser reads it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sitegen.search.index import shard_of, words_path

_CALL = re.compile(r"sitegen\((.*)\)\s*", re.DOTALL)


def values_of(text: str) -> list[Any]:
    """The name and the values that a file hands over."""
    match = _CALL.fullmatch(text)
    assert match
    return json.loads(f"[{match[1]}]")  # type: ignore[no-any-return]


class BucketReader:
    """The files of one bucket, by their paths in its folder."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {path: values_of(text)[1:] for path, text in files.items() if path.startswith("words/")}

    def stems(self, form: str) -> set[str]:
        """The stems that a form stands for."""
        found = set()
        lines, elsewhere = self._file(form)
        for stem, ends, _ in lines:
            forms = {end[1:] if end.startswith("=") else stem + end for end in ends.split(" ")}
            if form == stem or form in forms:
                found.add(stem)
        return found | {stem for other, stem in elsewhere if other == form}

    def places(self, stem: str) -> dict[int, int]:
        """Weight of a stem by number of the article."""
        found = {}
        for other, _, gaps in self._file(stem)[0]:
            if other == stem:
                after = 0
                for gap in gaps:
                    found[after + (gap >> 2)] = gap & 3
                    after += (gap >> 2) + 1
        return found

    def search(self, forms: Iterable[str]) -> set[int]:
        """Numbers of the articles that have all of the forms, or others of their stems."""
        sets = [{one for stem in self.stems(form) for one in self.places(stem)} for form in forms]
        return set.intersection(*sets)

    def _file(self, word: str) -> tuple[list[tuple[str, str, list[int]]], list[tuple[str, str]]]:
        lines, elsewhere = self.files[words_path(shard_of(word, len(self.files)), len(self.files))]
        return lines, elsewhere
