"""The YAML block above a body, and YAML of data files: the only room that knows its syntax.

Every scalar is read as text and typed by its key, so that `no`, `012` or `1e3` as a title stay what
was written. Aliases, tags and second documents have no use here and are refused.
"""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from sitegen.content.plain_matter import plain_pairs
from sitegen.model import ROOT, Correction, FrontMatter, Location, Problem, Severity, SiteError, Source, Withdrawal
from sitegen.spelling import did_you_mean

_FENCE = "---"
# What the parser's nodes call themselves.
SCALAR, SEQUENCE, MAPPING = "scalar", "sequence", "mapping"
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0", ""})
# What YAML takes for a plain text and nothing else: it starts with a letter, behind a number or quotation mark at most,
# and holds no sign that begins something.
_BEYOND = r"\U00010000-\U0010ffff"  # libyaml writes these as escapes
_PLAIN = re.compile(rf"(?:[0-9]+[ -]|« ?)?[^\W\d_{_BEYOND}](?:[^\W{_BEYOND}]|[’'«»“”().!?/+%;,–—… -])*(?<! )")
_ADDRESS = re.compile(r"(?:https?:/)?(?:/[\w.~?=&%+-]*)+(?<![.?=&%+~-])", re.ASCII)
_READ_AS_OTHERS = re.compile(r"[1-9]\d{0,17}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)  # a number, a moment
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")
_MAX_TAGS = 500
_SOURCE_TEXTS = ("kind", "file", "sha256", "url", "retrieved")
_MAX_DEPTH = 20


class ContentText(NamedTuple):
    """A content file taken apart."""

    front_matter: FrontMatter
    body: str
    body_line: int  # line of the file on which the body starts, from 1
    warnings: list[Problem]


def parse_front_matter(text: str, path: str) -> ContentText:
    """Take a content file apart; `path` is named in problems.

    A file that does not start with `---` is all body. Raises SiteError at its line for a block that
    is not closed or not YAML, a key that stands twice, or a value of the wrong kind.
    """
    text = text.removeprefix("\ufeff")
    if not _is_fence(text.split("\n", 1)[0]):
        return ContentText(FrontMatter(), text, 1, [])
    block, body, body_line = _split(text, path)
    if plain := plain_pairs(block):
        try:
            return _taken_apart(plain, path, body, body_line)
        except SiteError:
            pass  # YAML's own reader tells where
    return _taken_apart(_pairs(block, path), path, body, body_line)


def _taken_apart(pairs: list[tuple[str, Any]], path: str, body: str, body_line: int) -> ContentText:
    warnings: list[Problem] = []
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, node in pairs:
        place = Location(path, node.start_mark.line + 2, node.start_mark.column + 1)
        if reader := _KEYS.get(key):
            name, read = reader
            values[name] = (*values.get(name, ()), *read(node, place)) if name == "authors" else read(node, place)
        else:
            extra[key] = _plain(node, place)
            hint = did_you_mean(key, _KEYS, likeness=0.75)
            place = Location(path, place.line)
            warnings.append(
                Problem(place, "front-matter-key", f'unknown front matter key "{key}"', hint, Severity.WARNING)
            )
    if "source" in values:  # an importer keeps what has no key of its own; a slip of the pen still shows
        warnings = [warning for warning in warnings if warning.hint]
    return ContentText(FrontMatter(**values, extra=extra), body, body_line, warnings)


def read_yaml(text: str, path: str) -> list[tuple[str, Any]]:
    """Keys and value nodes of a data file, in its order; `text_of` and `boolean_of` read them.

    Raises SiteError at its line for what is no YAML or no list of keys, or a key that stands twice.
    """
    try:
        return _pairs(text, path, offset=0)
    except SiteError as error:
        told = error.problem
        message = told.message.replace("front matter", "the file", 1)
        raise SiteError(msgspec.structs.replace(told, code="data-file", message=message)) from None


def write_front_matter(front_matter: FrontMatter) -> str:
    """The block with both `---` lines: keys in a fixed order, those without a value left out."""
    table: dict[str, Any] = {}
    for key in _ORDER:
        value = getattr(front_matter, key)
        if value is None or value == "" or value == () or value is False:
            continue
        table["author" if key == "authors" and len(value) == 1 else key] = _writable(key, value)
    if not table and not front_matter.extra:
        return f"{_FENCE}\n{_FENCE}\n"
    block = "".join(_yaml_of(key, value) for key, value in table.items())
    if front_matter.extra:
        block += "".join(_yaml_of(key, value) for key, value in front_matter.extra.items())
    return f"{_FENCE}\n{block}{_FENCE}\n"


def _yaml_of(key: str, value: Any) -> str:
    """A key with its value in YAML. What nearly every article has is written here; libyaml takes far longer."""
    return _simple_yaml(key, value, "") or write_yaml({key: value})


def _simple_yaml(key: str, value: Any, indent: str) -> str:
    """A key with texts, lists and tables of texts below it, as libyaml writes them; "" for all else."""
    name = _yaml_of_text(key)
    if not name or (not value and value != 0):
        return ""
    if isinstance(value, str):
        text = _yaml_of_text(value)
        return text and f"{indent}{name}: {text}\n"
    if isinstance(value, list):
        items = [_simple_item(item, indent) for item in value]
        return f"{indent}{name}:\n" + "".join(items) if all(items) else ""
    if isinstance(value, dict):
        lines = [_simple_yaml(below, one, f"{indent}  ") for below, one in value.items() if isinstance(below, str)]
        return f"{indent}{name}:\n" + "".join(lines) if all(lines) and len(lines) == len(value) else ""
    if type(value) in (dt.date, int):
        return f"{indent}{name}: {value}\n"
    return f"{indent}{name}: {value.isoformat(' ')}\n" if type(value) is dt.datetime else ""


def _simple_item(value: Any, indent: str) -> str:
    """An item of a list; its sign stands where a table's keys are indented."""
    if isinstance(value, dict) and value:
        lines = [_simple_yaml(below, one, f"{indent}  ") for below, one in value.items() if isinstance(below, str)]
        whole = all(lines) and len(lines) == len(value)
        return f"{indent}- " + "".join(lines)[len(indent) + 2 :] if whole else ""
    text = _yaml_of_text(value) if isinstance(value, str) else ""
    return text and f"{indent}- {text}\n"


def write_yaml(table: dict[str, Any]) -> str:
    """A table as YAML, its keys in their order."""
    import yaml  # takes longer to load than all front matter of a small site does to read

    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(table, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1_000_000))


@lru_cache(maxsize=4096)
def _yaml_of_text(text: str) -> str:
    """A text as libyaml writes it, without quotes or in single ones; "" for one that is not as simple as that."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    if _ADDRESS.fullmatch(text):
        return text
    if _READ_AS_OTHERS.fullmatch(text):
        return f"'{text}'"
    if _HEXADECIMAL.fullmatch(text) and not text.isdigit() and not text.startswith("0b"):
        return text
    if ": " in text and _PLAIN.fullmatch(text.replace(": ", " ")):
        return "'" + text.replace("'", "''") + "'"
    return ""


def _is_fence(line: str) -> bool:
    return line.rstrip() == _FENCE


def _split(text: str, path: str) -> tuple[str, str, int]:
    end = text.find("\n---\n", 3)
    if text.startswith("---\n") and end >= 0 and "\n---" not in (block := text[4 : end + 1]) and block[:3] != "---":
        return block, text[end + 5 :], block.count("\n") + 3
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 1):
        if _is_fence(line):
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 2
    raise _problem(Location(path, 1), "front matter is not closed", "write a line --- below the last key")


def _pairs(block: str, path: str, offset: int = 1) -> list[tuple[str, Any]]:
    """Keys and value nodes of the block, in order; `offset` lines of the file stand above it."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root: Any = yaml.compose(block, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Location(path, mark.line + 1 + offset, mark.column + 1) if mark else Location(path, 1)
        raise _problem(place, f"front matter is not YAML: {error.problem}", _yaml_hint(str(error.problem))) from None
    except yaml.YAMLError as error:
        raise _problem(Location(path, 1), f"front matter is not YAML: {error}") from None
    if root is None:
        return []
    if root.id != MAPPING:
        raise _problem(Location(path, 1 + offset), "front matter is no list of keys", "write one `key: value` a line")
    _refuse_aliases(root, path, offset)
    pairs: dict[str, Any] = {}
    for key_node, node in root.value:
        place = Location(path, key_node.start_mark.line + 1 + offset, key_node.start_mark.column + 1)
        key = text_of(key_node, place)
        if key in pairs:
            raise _problem(place, f'front matter key "{key}" stands twice', "keep one of the two")
        pairs[key] = node
    return list(pairs.items())


def _yaml_hint(problem: str) -> str:
    if "'\\t'" in problem or "token" in problem:
        return "indent with spaces, and put quotes around a value that holds special characters"
    return "put quotes around a value that holds a colon or quotes" if "mapping values" in problem else ""


def _refuse_aliases(root: Any, path: str, offset: int) -> None:
    seen: set[int] = set()
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        place = Location(path, node.start_mark.line + 1 + offset, node.start_mark.column + 1)
        if id(node) in seen:
            raise _problem(place, "front matter holds a YAML alias", "write the value out")
        if depth > _MAX_DEPTH:
            raise _problem(place, "front matter is nested too deep")
        seen.add(id(node))
        if node.id == MAPPING:
            waiting += [(part, depth + 1) for pair in node.value for part in pair]
        elif node.id == SEQUENCE:
            waiting += [(part, depth + 1) for part in node.value]


def _plain(node: Any, place: Location) -> Any:
    if node.id == MAPPING:
        return {text_of(key, place): _plain(value, place) for key, value in node.value}
    if node.id == SEQUENCE:
        return [_plain(part, place) for part in node.value]
    return node.value


def text_of(node: Any, place: Location) -> str:
    """A value of one line, as it was written."""
    if node.id != SCALAR:
        raise _problem(place, "expected one line of text here")
    if node.tag.startswith("tag:yaml.org,2002:python"):
        raise _problem(place, "front matter holds a YAML tag", "write plain text")
    return "" if node.value in ("~", "null") and node.style is None else node.value.replace(ROOT, "")


def _texts(node: Any, place: Location) -> tuple[str, ...]:
    parts = node.value if node.id == SEQUENCE else [node]
    if len(parts) > _MAX_TAGS:
        raise _problem(place, f"{len(parts)} values are too many for one key", f"keep at most {_MAX_TAGS}")
    texts = (text_of(part, place).strip() for part in parts)
    return tuple(dict.fromkeys(text for text in texts if text))


def boolean_of(node: Any, place: Location) -> bool:
    """A value that is true or false."""
    word = text_of(node, place).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise _problem(place, f'"{word}" is neither true nor false')


def _date(node: Any, place: Location) -> dt.datetime | dt.date | None:
    text = text_of(node, place).strip()
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        raise _problem(place, f'"{text}" is no date', "write it as 2024-09-14 or 2024-09-14T18:30:00+02:00") from None


def parse_date(text: str) -> dt.datetime | dt.date:
    """Date or time in ISO 8601; raises ValueError."""
    return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)


def _source(node: Any, place: Location) -> Source:
    table = _plain(node, place)
    if not isinstance(table, dict):
        raise _problem(place, "source is no list of keys")
    known = {key: str(table.get(key, "")) for key in _SOURCE_TEXTS}
    mends = str(table.get("mends", "0"))
    if not mends.isdecimal() or len(mends) > 9:
        raise _problem(place, f'"{mends[:20]}" is no number of mends')
    return Source(**known, mends=int(mends))


def _corrections(node: Any, place: Location) -> tuple[Correction, ...]:
    """A list of what was put right: each a line of text, or a text with its date."""
    parts = node.value if node.id == SEQUENCE else [node]
    if len(parts) > _MAX_TAGS:
        raise _problem(place, f"{len(parts)} corrections are too many", f"keep at most {_MAX_TAGS}")
    read = (_correction(part, place) for part in parts)
    return tuple(correction for correction in read if correction.text)


def _correction(node: Any, place: Location) -> Correction:
    if node.id != MAPPING:
        return Correction(text_of(node, place).strip())
    values = {text_of(key, place): value for key, value in node.value}
    if unknown := values.keys() - {"text", "date"}:
        raise _problem(place, f'a correction has no key "{min(unknown)}"', "write `text:` and, if it is known, `date:`")
    date = _date(values["date"], place) if "date" in values else None
    day = date.date() if isinstance(date, dt.datetime) else date
    return Correction(text_of(values["text"], place).strip() if "text" in values else "", day)


def _withdrawal(node: Any, place: Location) -> Withdrawal | None:
    """A date, a reason, or a date and then a reason; `false` and nothing say that it is shown."""
    text = text_of(node, place).strip()
    if text.lower() in _FALSE:
        return None
    if text.lower() in _TRUE:
        return Withdrawal()
    first, _, rest = text.partition(" ")
    try:
        return Withdrawal(dt.date.fromisoformat(first.rstrip(":,")), rest.strip())
    except ValueError:
        return Withdrawal(None, text)


def _writable(key: str, value: Any) -> Any:
    if isinstance(value, Withdrawal):
        return f"{value.date or ''} {value.reason}".strip() or "true"
    if isinstance(value, Source):
        pairs = {name: getattr(value, name) for name in (*_SOURCE_TEXTS, "mends")}
        return {name: text for name, text in pairs.items() if text}
    if key == "corrections":
        return [{"date": one.date, "text": one.text} if one.date else one.text for one in value]
    if key == "authors" and len(value) == 1:
        return value[0]
    if isinstance(value, dt.datetime):
        # A plain scalar with T and zone: what other generators read as a time too.
        return value
    return list(value) if isinstance(value, tuple) else value


def _problem(place: Location, message: str, hint: str = "") -> SiteError:
    return SiteError(Problem(place, "front-matter", message, hint))


_ORDER = (
    "title", "date", "updated", "slug", "lang", "authors", "section", "series", "tags", "summary", "image", "aliases",
    "draft", "publish_at", "withdrawn", "canonical", "corrections", "translations", "source",
)  # fmt: skip

_Reader = Callable[[Any, Location], Any]
_KEYS: dict[str, tuple[str, _Reader]] = {
    "title": ("title", text_of),
    "date": ("date", _date),
    "updated": ("updated", _date),
    "slug": ("slug", text_of),
    "lang": ("lang", text_of),
    "author": ("authors", _texts),
    "authors": ("authors", _texts),
    "section": ("section", text_of),
    "series": ("series", text_of),
    "tags": ("tags", _texts),
    "summary": ("summary", text_of),
    "image": ("image", text_of),
    "aliases": ("aliases", _texts),
    "draft": ("draft", boolean_of),
    "publish_at": ("publish_at", _date),
    "embargo": ("publish_at", _date),
    "withdrawn": ("withdrawn", _withdrawal),
    "canonical": ("canonical", text_of),
    "corrections": ("corrections", _corrections),
    "translations": ("translations", _texts),
    "source": ("source", _source),
}
