"""Custom fields that an author filled in, as front matter can hold them."""

import json
from typing import Any

from sitegen.importers.wordpress.php import PhpError, is_serialized, unserialize
from sitegen.importers.wordpress.wxr import WxrItem

_MAX_DEPTH = 10


def custom_fields(item: WxrItem, used: frozenset[str]) -> dict[str, Any]:
    """Fields that an author filled in; two of one name are a list."""
    fields: dict[str, list[Any]] = {}
    for key, value in item.meta:
        if key and not key.startswith("_") and key not in used:
            fields.setdefault(key, []).append(_field_value(value))
    return {key: values[0] if len(values) == 1 else values for key, values in fields.items()}


def _field_value(text: str) -> Any:
    if not is_serialized(text):
        return text
    try:
        return _as_text(unserialize(text), 0)
    except PhpError:
        return text


def _as_text(value: Any, depth: int) -> Any:
    """Lists and tables of text: front matter knows no other kind."""
    if depth > _MAX_DEPTH:
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dict):
        return {str(key): _as_text(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part, depth + 1) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
