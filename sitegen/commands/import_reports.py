"""The file of an import's article reports."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Self

REPORT_FILE = "import-report.jsonl"


class Reports:
    """The file of an import's reports, begun with the first one; an import without any leaves the file alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._temporary = file.with_suffix(".tmp")
        self._out: BinaryIO | None = None

    def write(self, reports: Iterable[bytes]) -> None:
        """Add reports, one a line."""
        for report in reports:
            self._out = self._out or self._temporary.open("wb")
            self._out.write(report + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._out:
            self._out.close()
            self._temporary.replace(self._file)
        elif not self._file.exists():
            self._file.touch()
