"""Listings of WordPress's code plugins are fenced code: not a sign in them is touched."""

import re

from msgspec import Struct

from sitegen.shortcodes.code import CODE_NAMES
from sitegen.shortcodes.syntax import Call
from sitegen.shortcodes.written import Written, literally

_NO_LANGUAGE = frozenset({"code", "sourcecode", "source", "cc", "crayon", "plain", "text"})
_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]{1,20}")
_TICKS = re.compile(r"`+")


class SourceCodeShortcode:
    """`[code lang="php"]`, `[php]` and the like."""

    names: tuple[str, ...] = tuple(sorted(CODE_NAMES))
    template: str = ""
    block: bool = True

    def read(self, call: Call) -> Struct:
        """Fenced code, or a code span for what stands within a line; without a closing tag it is no call."""
        if call.content is None:
            return literally(call)
        code = call.content
        longest = max((len(ticks) for ticks in _TICKS.findall(code)), default=0)
        if "\n" not in code and not call.named:
            ticks = "`" * (longest + 1)
            return Written(f"{ticks} {code.strip()} {ticks}" if longest else f"`{code.strip()}`")
        fence = "`" * max(3, longest + 1)
        return Written(f"{fence}{_language(call)}\n{code.strip(chr(10))}\n{fence}", is_block=True)


def _language(call: Call) -> str:
    told = call.named.get("lang") or call.named.get("language") or call.named.get("brush") or ""
    told = told or (call.positional[0].strip('="') if call.positional else "")
    if _LANGUAGE.fullmatch(told):
        return told.lower()
    return "" if call.name in _NO_LANGUAGE else call.name
