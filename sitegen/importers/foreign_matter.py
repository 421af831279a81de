"""Front matter as other generators write it: YAML, TOML, JSON, or Pelican's lines of `Key: value`."""

import json
import re
import tomllib
from typing import Any, NamedTuple

import yaml

from sitegen.importers.jsonl import parse_object
from sitegen.model import Location, Problem, SiteError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_NODES = 20_000
_MAX_DEPTH = 20
_HEADER = re.compile(r"([A-Za-z][\w-]{0,40}):(?:[ \t]+(.*))?")
_MORE = re.compile(r"(?: {4}|\t)\s*(\S.*)")
# A file that starts with one of these words and a colon has Pelican's header, and not prose.
_HEADER_WORDS = frozenset(
    "title date modified category tags keywords slug author authors summary status lang url save_as".split()
)


class Matter(NamedTuple):
    """A file taken apart: the values above its body, the body, and the line on which that starts."""

    values: dict[str, Any]
    body: str
    body_line: int


def read_matter(text: str, path: str) -> Matter:
    """Take a file of any generator apart; one without front matter is all body.

    Raises SiteError at the line of a block that is not closed, or that cannot be read.
    """
    first = text.split("\n", 1)[0].rstrip()
    if first == "---":
        block, body, line = _fenced(text, path, ("---", "..."))
        return Matter(_yaml(block, path), body, line)
    if first == "+++":
        block, body, line = _fenced(text, path, ("+++",))
        return Matter(_toml(block, path), body, line)
    if first.startswith("{") and (found := _json(text)):
        return found
    return _header(text)


def _fenced(text: str, path: str, ends: tuple[str, ...]) -> tuple[str, str, int]:
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ends:
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 2
    raise _problem(path, 1, "front matter is not closed", f"write a line {ends[0]} below the last key")


def _yaml(block: str, path: str) -> dict[str, Any]:
    """Values of a YAML block; scalars are text, so that nothing is read as what it is not."""
    try:
        root = yaml.compose(block, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        hint = "put quotes around a value that holds a colon or quotes"
        raise _problem(path, line, f"front matter is not YAML: {error.problem}", hint) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise _problem(path, 1, f"front matter is not YAML: {error}") from None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise _problem(path, 2, "front matter is no list of keys", "write one `key: value` a line")
    value = _Plain(path).value(root, 0)
    assert isinstance(value, dict)
    return value


class _Plain:
    """Nodes of YAML as plain values; those that aliases would multiply without end are refused."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._count = 0

    def value(self, node: Any, depth: int) -> Any:
        self._count += 1
        if self._count > _MAX_NODES or depth > _MAX_DEPTH:
            raise _problem(self._path, node.start_mark.line + 2, "front matter is too large, or nested too deep")
        if isinstance(node, yaml.MappingNode):
            return {str(self.value(key, depth + 1)): self.value(part, depth + 1) for key, part in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(part, depth + 1) for part in node.value]
        return "" if node.style is None and node.value in ("~", "null", "Null", "NULL") else node.value


def _toml(block: str, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(block)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise _problem(path, int(line[1]) + 1 if line else 1, f"front matter is not TOML: {error}") from None
    except RecursionError:
        raise _problem(path, 1, "front matter is nested too deep") from None


def _json(text: str) -> Matter | None:
    """JSON front matter is an object that the body follows; a body may start with a brace too."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    try:
        _, end = decoder.raw_decode(text)
        values = parse_object(text[:end])
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or not values:
        return None
    rest = text[end:]
    body = rest.lstrip(" \t").removeprefix("\n")
    return Matter(values, body, text.count("\n", 0, len(text) - len(body)) + 1)


def _header(text: str) -> Matter:
    """Pelican's header: lines of `Key: value` up to a blank one; a value goes on over indented lines."""
    lines = text.split("\n")
    first = _HEADER.fullmatch(lines[0].rstrip())
    if not first or first[1].lower() not in _HEADER_WORDS:
        return Matter({}, text, 1)
    values: dict[str, Any] = {}
    key = ""
    for number, line in enumerate(lines):
        if not line.strip():
            return Matter(values, "\n".join(lines[number + 1 :]), number + 2)
        if match := _HEADER.fullmatch(line.rstrip()):
            key = match[1].lower()
            values[key] = match[2] or ""
        elif key and (more := _MORE.fullmatch(line.rstrip())):
            values[key] = f"{values[key]}\n{more[1]}".strip()
        else:
            return Matter({}, text, 1)  # prose after all
    return Matter(values, "", len(lines))


def _problem(path: str, line: int, message: str, hint: str = "") -> SiteError:
    return SiteError(Problem(Location(path, line), "front-matter", message, hint))
