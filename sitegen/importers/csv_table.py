"""A table in CSV or TSV, one row an article; the first row names the fields."""

import csv
import hashlib
from collections import deque
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from sitegen.importers.raw import Imported, Raw
from sitegen.importers.records import Record, RecordRules, imported_record
from sitegen.importers.repair import NotTextError, decode_raw
from sitegen.importers.target_folder import folder_of
from sitegen.model import Location, Problem

_MAX_ROW = 8 << 20
_MAX_TOLD = 500
_SAMPLE = 1 << 16
_SIGNS = ("\t", ";", ",", "|")


class CsvTable:
    """Tables with a row of names at the top."""

    name = "csv"
    suffixes: tuple[str, ...] = (".csv", ".tsv")
    is_stream = True

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """An article for each row; a row that cannot be read is told, and the rest goes on."""
        rules = RecordRules(self.name, folder_of(raw.below), raw.languages, raw.fields, raw.without)
        with _opened(raw) as file:
            for row in table_rows(file, raw.path):
                if isinstance(row, Problem):
                    yield row
                else:
                    yield imported_record(Record(dict(row.values), raw.path, row.line, row.sha256), rules)


class Row(NamedTuple):
    """A row of a table: its values by the names of the first row, and the line on which it starts."""

    values: dict[str, str]
    line: int
    sha256: str


def table_rows(file: BinaryIO, path: str) -> Iterator[Row | Problem]:
    """The rows of a table below the one that names its columns."""
    sample = file.read(_SAMPLE)
    file.seek(0)
    try:
        encoding = _encoding(sample)
    except NotTextError:
        yield Problem(Location(path), "not-text", "the file is no text in any encoding", "save it as CSV in UTF-8")
        return
    names: list[str] = []
    more_broken = 0
    for row in _Rows(TextIOWrapper(file, encoding, errors="replace", newline=None), path).rows():
        if isinstance(row, Problem):
            more_broken += 1
            if more_broken <= _MAX_TOLD:
                yield row
        elif not names:
            names = [name.strip().lstrip("\ufeff") for name in row.cells]
            if problem := _wrong_names(names, path, row.line):
                yield problem
                return
        elif len(row.cells) != len(names):
            more_broken += 1
            if more_broken <= _MAX_TOLD:
                yield _wrong_number(row, len(names), path)
        else:
            digest = hashlib.sha256("\0".join(row.cells).encode("utf-8", "replace")).hexdigest()
            yield Row(dict(zip(names, row.cells, strict=True)), row.line, digest)
    if more_broken > _MAX_TOLD:
        message = f"{more_broken - _MAX_TOLD:,} more rows could not be read"
        yield Problem(Location(path), "csv", message, "look at the first that is told")


class _Cells(NamedTuple):
    cells: list[str]
    line: int


class _Rows:
    """Rows of a table, each over as many lines as its quotes ask for.

    A quote that is never closed costs the row that it stands in, and not those below.
    """

    def __init__(self, file: TextIO, path: str) -> None:
        self._file = file
        self._path = path
        self._again: deque[str] = deque()  # lines to be read once more
        self._row: list[str] = []  # lines of the row that is being read
        self._line = 0  # lines of rows that are done
        self._given_up = 0
        csv.field_size_limit(_MAX_ROW)

    def rows(self) -> Iterator[_Cells | Problem]:
        separator = ""
        while first := self._next_line():
            self._again.appendleft(first)
            separator = separator or _separator(first)
            self._row = []
            reader = csv.reader(self._lines(), delimiter=separator)
            start = self._line + 1
            try:
                cells = next(reader)
            except (_Unclosed, csv.Error):
                yield self._broken(start)
                continue
            self._line += len(self._row)
            if any(cell.strip() for cell in cells):
                yield _Cells(cells, start)

    def _lines(self) -> Iterator[str]:
        size = 0
        while line := self._next_line():
            self._row.append(line)
            size += len(line)
            if size >= _MAX_ROW:
                raise _Unclosed
            yield line
        if self._row:
            raise _Unclosed  # the reader asks for more, and there is no more

    def _broken(self, start: int) -> Problem:
        is_one_line = len(self._row[0]) >= _MAX_ROW
        if is_one_line:
            while (more := self._file.readline(_MAX_ROW)) and not more.endswith("\n"):
                pass
        elif self._given_up < _MAX_TOLD:
            self._again.extendleft(reversed(self._row[1:]))
        self._given_up += 1
        self._line += 1 if is_one_line or self._given_up <= _MAX_TOLD else len(self._row)
        if is_one_line:
            return Problem(Location(self._path, start), "too-large", f"the row has more than {_MAX_ROW:,} characters")
        message = "a quotation mark opens a cell here and is never closed"
        hint = "close it, or double it where it is part of the text"
        return Problem(Location(self._path, start), "csv", message, hint)

    def _next_line(self) -> str:
        return self._again.popleft() if self._again else self._file.readline(_MAX_ROW)


class _Unclosed(Exception):  # noqa: N818 - not an error yet
    pass


def _opened(raw: Raw) -> BinaryIO:
    return Path(raw.file).open("rb") if raw.file else BytesIO(raw.data)


def _encoding(sample: bytes) -> str:
    try:
        sample[: max(1, len(sample) - 4)].decode("utf-8")
    except UnicodeDecodeError:
        return decode_raw(sample).encoding
    if sample.count(0) > len(sample) // 20:
        raise NotTextError("zero bytes")
    return "utf-8-sig"


def _separator(names: str) -> str:
    """What stands between the names of the first row."""
    return max(_SIGNS, key=names.count)


def _wrong_names(names: list[str], path: str, line: int) -> Problem | None:
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if not twice and "" not in names:
        return None
    message = f'two columns are called "{twice[0]}"' if twice and twice[0] else "a column has no name"
    return Problem(Location(path, line), "csv", message, "the first row names each column")


def _wrong_number(row: _Cells, columns: int, path: str) -> Problem:
    message = f"the row has {len(row.cells)} cells, and there are {columns} columns"
    hint = "put quotes around a cell that holds a separator or a line end, and double the quotes in it"
    return Problem(Location(path, row.line), "csv", message, hint)
