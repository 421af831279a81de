"""The attributes of a call: read as WordPress reads them, written so that it reads the same."""

import re

SPACES = r"\s\u00a0\u200b"  # WordPress takes runs of these two for a space

_ATTRIBUTE = re.compile(
    rf"""(?: ([\w-]++) [{SPACES}]*+ = [{SPACES}]*+ (?: "([^"]*+)" | '([^']*+)' | ([^{SPACES}'"]++) )
           | "([^"]*+)" | '([^']*+)'
         ) (?=[{SPACES}]|\Z)
       | ([^{SPACES}]++)""",
    re.ASCII | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPED_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "v": "\v", "b": "\b", "f": "\f"}
_WHOLE_HTML = re.compile(r"[^<]*+(?:<[^>]*+>[^<]*+)*+")

_ATTRIBUTE_NAME = re.compile(r"[a-z0-9_-]+")
_BARE_VALUE = re.compile(r"[A-Za-z0-9_-]+")
# What would end the tag or the line is written as a C escape: WordPress undoes it like any other.
_UNSAFE = str.maketrans({"\\": "\\\\", "[": "\\x5b", "]": "\\x5d", "\n": "\\n", "\r": "\\r"})


def parse_attributes(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Named and positional attributes; unlike WordPress, a no-break space inside quotes stays one."""
    named: dict[str, str] = {}
    positional: list[str] = []
    for name, double, single, bare, *unnamed in _ATTRIBUTE.findall(text):
        if name:
            named[name.lower()] = clean_value(double or single or bare)
        elif value := "".join(unnamed):
            positional.append(clean_value(value))
    return named, tuple(positional)


def clean_value(value: str) -> str:
    """A value as WordPress hands it on: C escapes undone, emptied when an HTML tag in it is not closed."""
    if "\\" in value:
        value = _ESCAPE.sub(_unescaped, value)
    if "<" in value and not _WHOLE_HTML.fullmatch(value):
        return ""
    return value


def write_attributes(named: dict[str, str], positional: tuple[str, ...] = ()) -> str:
    """Attributes in ASCII quotes, each with a space in front; ValueError for what cannot be read back."""
    parts = [f" {_checked_name(name)}={_quoted(value)}" for name, value in named.items()]
    parts += [f" {_positional(value)}" for value in positional]
    return "".join(parts)


def _unescaped(match: re.Match[str]) -> str:
    hexadecimal, octal, letter = match.groups()
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    if octal:
        return chr(int(octal, 8) & 0xFF)
    return _ESCAPED_LETTERS.get(letter, letter)


def _checked_name(name: str) -> str:
    if not _ATTRIBUTE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of an attribute: use a-z, 0-9, _ and -")
    return name


def _quoted(value: str) -> str:
    if "<" in value and not _WHOLE_HTML.fullmatch(value):
        raise ValueError(f"{value!r} holds an HTML tag that is not closed: every reader would empty it")
    safe = value.translate(_UNSAFE)
    if '"' in safe and "'" not in safe:
        return f"'{safe}'"
    return '"' + safe.replace('"', "\\x22") + '"'


def _positional(value: str) -> str:
    if not value:
        raise ValueError("an empty positional attribute cannot be written: every reader would drop it")
    return value if _BARE_VALUE.fullmatch(value) else _quoted(value)
