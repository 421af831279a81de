"""JSON Lines, one object an article, and JSON files that hold a list of them."""

import hashlib
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from msgspec import structs

from sitegen.importers.raw import Imported, Raw
from sitegen.importers.records import Record, RecordRules, imported_record
from sitegen.importers.repair import NotTextError, decode_raw
from sitegen.importers.target_folder import folder_of
from sitegen.model import Location, Problem, Severity

_MAX_LINE = 20 << 20
_MAX_LIST = 256 << 20
_CHUNK = 1 << 16
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SPACE = re.compile(r"[\s,]*")
# Where a file wraps its articles in an object, they stand under one of these names.
_WRAPPERS = ("items", "articles", "posts", "data", "results", "entries", "documents", "records")


class JsonLines:
    """One JSON object a line."""

    name = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    is_stream = True

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """An article for each line; a line that cannot be read is told, and the rest goes on."""
        rules = RecordRules(self.name, folder_of(raw.below), raw.languages, raw.fields, raw.without)
        with _opened(raw) as file:
            for row in json_rows(file, raw.path):
                if isinstance(row, Problem):
                    yield row
                else:
                    yield imported_record(Record(row.values, raw.path, row.line, row.sha256), rules)


class JsonList:
    """A JSON file with a list of objects, or an object that holds one."""

    name = "json"
    suffixes: tuple[str, ...] = (".json",)
    is_stream = True

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """An article for each object of the list; of a file that breaks off, those before the break."""
        rules = RecordRules(self.name, folder_of(raw.below), raw.languages, raw.fields, raw.without)
        with _opened(raw) as file:
            data = file.read(_MAX_LIST + 1)
        if len(data) > _MAX_LIST:
            hint = "write one object a line and call it .jsonl: such files are read as a stream"
            yield Problem(Location(raw.path), "too-large", f"a JSON file of more than {_MAX_LIST:,} bytes", hint)
            return
        try:
            text = decode_raw(data, mojibake=False).text  # what is garbled is read back record by record
        except NotTextError:
            yield Problem(Location(raw.path), "not-text", "the file is no text in any encoding", "save it as UTF-8")
            return
        line, counted = 1, 0
        for start, end, value in _objects(text):
            line, counted = line + text.count("\n", counted, start), start
            if isinstance(value, Problem):
                yield structs.replace(value, location=Location(raw.path, line))
            elif not isinstance(value, dict):
                yield _no_object(raw.path, line)
            else:
                digest = hashlib.sha256(text[start:end].encode("utf-8", "surrogatepass")).hexdigest()
                yield imported_record(Record(value, raw.path, line, digest), rules)


class JsonRow(NamedTuple):
    """An object of a file with one on each line, and where it stands."""

    values: dict[str, Any]
    line: int
    sha256: str


def json_rows(file: BinaryIO, path: str) -> Iterator[JsonRow | Problem]:
    """The objects of a file with one on each line; what is none is told, and the rest goes on."""
    if file.read(2) in _WIDE_BOMS:
        yield Problem(Location(path), "encoding", "JSON Lines in UTF-16 can't be read by line", "save it as UTF-8")
        return
    file.seek(0)
    for number, line in _lines(file):
        if line is None:
            yield _too_long(path, number)
        elif line.strip(b" \t\r\n\x1e\xef\xbb\xbf"):
            yield _of_line(path, number, line)


def parse_object(text: str) -> Any:
    """A JSON value with its numbers as they are written; raises ValueError, also for one nested too deep."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)


def _opened(raw: Raw) -> BinaryIO:
    return Path(raw.file).open("rb") if raw.file else BytesIO(raw.data)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None for one that is too long to be an article."""
    number = 0
    while line := file.readline(_MAX_LINE):
        number += 1
        if len(line) < _MAX_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        while (more := file.readline(_CHUNK)) and not more.endswith(b"\n"):
            pass
        yield number, None


def _of_line(path: str, number: int, line: bytes) -> JsonRow | Problem:
    place = Location(path, number)
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = decode_raw(line, mojibake=False).text
        except NotTextError:
            return Problem(place, "not-text", "the line is no text in any encoding")
    try:
        value = parse_object(text.strip("\x1e \t\r\n"))
    except ValueError as error:
        return _broken(place, error)
    if not isinstance(value, dict):
        return _no_object(path, number)
    return JsonRow(value, number, hashlib.sha256(line.strip()).hexdigest())


def _objects(text: str) -> Iterator[tuple[int, int, Any]]:
    """The values of the file's list, and where each stands; last a problem, if the file breaks off."""
    start = _list_start(text)
    if start < 0:
        hint = f"a list of objects, or an object with one under {', '.join(_WRAPPERS[:3])} …"
        message = "no list of articles was found in the file"
        yield 0, 0, Problem(Location(""), "no-article", message, hint, Severity.WARNING)
        return
    position = _SPACE.match(text, start)
    while position and position.end() < len(text) and text[position.end()] != "]":
        begin = position.end()
        try:
            value, end = _DECODER.raw_decode(text, begin)
        except (ValueError, RecursionError) as error:
            at = error.pos if isinstance(error, json.JSONDecodeError) else begin
            place = Location("", text.count("\n", 0, at) + 1)
            yield at, at, _broken(place, error, "what stands before it was taken; mend the file and import it again")
            return
        yield begin, end, value
        position = _SPACE.match(text, end)
    if position and position.end() >= len(text):
        yield len(text), len(text), Problem(Location(""), "json", "the file breaks off before its list ends",
                                            "the articles before it were taken")  # fmt: skip


def _list_start(text: str) -> int:
    """Where the first item of the list is; an object alone is a list of one."""
    head = re.match(r"\s*\[", text)
    if head:
        return head.end()
    if not re.match(r"\s*\{", text):
        return -1
    for name in _WRAPPERS:
        # A wrapper stands near the top; below it are the articles.
        if match := re.search(rf'^\s*\{{[^\[]{{0,4000}}?"{name}"\s*:\s*\[', text):
            return match.end()
    return -1


def _broken(place: Location, error: Exception, hint: str = "mend the line; the others were read") -> Problem:
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error) or "nested too deep"
    column = error.colno if isinstance(error, json.JSONDecodeError) and error.lineno == 1 else 0
    return Problem(Location(place.path, place.line, column), "json", f"not JSON: {said[:1].lower()}{said[1:]}", hint)


def _too_long(path: str, line: int) -> Problem:
    message = f"a line of more than {_MAX_LINE:,} bytes is too much for an article"
    return Problem(Location(path, line), "too-large", message, "split it; the other lines were read")


def _no_object(path: str, line: int) -> Problem:
    return Problem(Location(path, line), "json", "an article is an object in braces, and this is none")
