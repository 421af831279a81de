"""Which raw files are there, folder by folder, so that it is noticed when a folder has others than before."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_MAX_NAMES = 20_000  # of a folder


class RawFiles:
    """The files below a site's folder, as they are when first asked for."""

    def __init__(self, site: Path) -> None:
        self._site = site
        # Articles come by date, and the files of a time mostly lie in few folders.
        self._names = lru_cache(maxsize=16)(self._listed)
        self._digests: dict[str, str] = {}

    def holds(self, file: str) -> bool:
        """Whether a file is there, by its path below the site."""
        folder, _, name = file.rpartition("/")
        names = self._names(folder)
        return (self._site / file).is_file() if names is None else name in names

    def digest(self, folder: str) -> str:
        """A word for the names of a folder's files: another one when others are there."""
        if folder not in self._digests:
            self._names(folder)
        return self._digests[folder]

    def _listed(self, folder: str) -> frozenset[str] | None:
        """Names of a folder's files; None where they are too many to be kept."""
        names: set[str] = set()
        total = count = 0
        for name in self._files(folder):
            # A sum, so that neither their order counts nor all of them need be kept.
            total += int.from_bytes(hashlib.blake2b(os.fsencode(name), digest_size=16).digest())
            count += 1
            if count <= _MAX_NAMES:
                names.add(name)
        # What was answered first counts: when the folder has changed since, the next build finds another digest.
        self._digests.setdefault(folder, f"{total % 2**128:x}")
        return frozenset(names) if count <= _MAX_NAMES else None

    def _files(self, folder: str) -> Iterator[str]:
        with contextlib.suppress(OSError), os.scandir(self._site / folder) as found:
            yield from (entry.name for entry in found if entry.is_file())
