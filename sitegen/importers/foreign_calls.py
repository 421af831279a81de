"""Calls that other generators know in Markdown: Hugo's shortcodes and Jekyll's Liquid tags.

What Markdown or our own shortcodes can say exactly becomes that. Any other call becomes a shortcode of ours, with
`hugo-` or `liquid-` before its name, so that a page shows a note in its place and `templates/shortcodes/` can draw it.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sitegen.importers.report import KeptShortcode, Mend, SetAside
from sitegen.shortcodes.code import code_spans, span_at
from sitegen.shortcodes.syntax import find_calls, write_call

_HUGO = re.compile(
    r"""\{\{(?P<sign>[<%])\s*+(?P<comment>/\*)?\s*+(?P<slash>/)?\s*+(?P<name>[\w./-]++)
        (?P<values>(?:[^"`{}<>%]++|"(?:[^"\\]|\\.)*+"|`[^`]*+`|[<>%](?!\}\}))*+)[>%]\}\}""",
    re.VERBOSE,
)
_LIQUID = re.compile(r"\{%-?\s*+(?P<name>\w++)(?P<values>(?:[^%\n]|%(?!\}))*+)%\}")
_BLOCK = re.compile(r"\{%-?[ \t]*+(end)?(raw|comment|highlight)\b([^%\n]*+)%\}")
_LANGUAGE = re.compile(r"\s*([\w+#.-]+)")
_SITE_ADDRESS = re.compile(r"\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\}(?:\{\{-?\s*site\.baseurl\s*-?\}\})?")
_FILTERED_ADDRESS = re.compile(r"""\{\{-?\s*["']([^"'{}]*)["']\s*\|\s*(?:relative_url|absolute_url)\s*-?\}\}""")
_OUTPUT = re.compile(r"\{\{-?(?!<|%)[^{}\n]{1,300}\}\}")
_VALUE = re.compile(r"""(?:([\w-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*+)"|'([^']*+)'|`([^`]*+)`|([^\s"'`]++))""")
_ADDRESSES = {
    "youtube": "https://www.youtube.com/watch?v={0}",
    "vimeo": "https://vimeo.com/{0}",
    "instagram": "https://www.instagram.com/p/{0}/",
    "gist": "https://gist.github.com/{0}/{1}",
    "tweet": "https://twitter.com/{0}/status/{1}",
    "twitter": "https://twitter.com/{0}/status/{1}",
    "x": "https://x.com/{0}/status/{1}",
}
_ADDRESS_KEYS = {"gist": ("user", "id"), "tweet": ("user", "id"), "twitter": ("user", "id"), "x": ("user", "id")}
_IDS = re.compile(r"[\w.-]+")
_CONTROL = frozenset(
    "if elsif else endif unless endunless case when endcase for endfor assign capture endcapture increment decrement"
    " cycle tablerow endtablerow break continue liquid echo endraw endcomment endhighlight".split()
)
_BLOCKS = ("raw", "comment", "highlight")
_MAX_TOLD = 120
_MAX_DEPTH = 8


class Translated(NamedTuple):
    """Markdown without another generator's calls, and what became of each."""

    text: str
    mends: tuple[Mend, ...]
    kept: tuple[KeptShortcode, ...]
    set_aside: tuple[SetAside, ...]
    left: tuple[tuple[str, int], ...]  # what stays as it was written, and its line


Find = Callable[[str], str]
"""The reference of a content file that is named by its path; "" where there is none."""


def translate_calls(text: str, line: int, find: Find, *, is_mending: bool = True) -> Translated:
    """Calls of Hugo and Liquid in a body that starts on `line`; code is left alone, and so is all without mending."""
    if "{{" not in text and "{%" not in text:
        return Translated(text, (), (), (), ())
    work = _Work(line, find)
    for step in (work.liquid_blocks, work.addresses, work.hugo, work.liquid) if is_mending else ():
        text = step(text)
    return Translated(text, tuple(work.mends), tuple(work.kept), tuple(work.set_aside), tuple(work.left(text)))


class _Work:
    """One body, with a tally of what was done. Lines are those of the text as each step finds it."""

    def __init__(self, line: int, find: Find) -> None:
        self.mends: list[Mend] = []
        self.kept: list[KeptShortcode] = []
        self.set_aside: list[SetAside] = []
        self._line = line
        self._find = find
        self._depth = 0

    def liquid_blocks(self, text: str) -> str:
        """Code, comments and literal text of Liquid."""
        tokens = list(self._outside_code(_BLOCK, text)) if "{%" in text else []
        closings = {name: [match for match in tokens if match[1] and match[2] == name] for name in _BLOCKS}
        pieces, end = [], 0
        for token in tokens:
            waiting = closings[token[2]]
            while waiting and waiting[0].start() < token.end():
                waiting.pop(0)
            if token.start() < end or token[1] or not waiting:
                continue
            closing = waiting.pop(0)
            line = self._line + text.count("\n", 0, token.start())
            written = self._liquid_block(token, text[token.end() : closing.start()], line)
            pieces += [text[end : token.start()], written]
            end = closing.end()
        return "".join([*pieces, text[end:]])

    def _liquid_block(self, token: re.Match[str], inner: str, line: int) -> str:
        if token[2] == "comment":
            if inner.strip():
                self.set_aside.append(SetAside(inner.strip()[:_MAX_TOLD], "a comment of Liquid", line))
            return ""
        language = _LANGUAGE.match(token[3])
        written = inner if token[2] == "raw" else _fenced(language[1] if language else "", inner.strip("\n"))
        self._tell(token[0], written, line)
        return written

    def addresses(self, text: str) -> str:
        """`{{ site.baseurl }}/a` is /a."""
        text = self._sub(_SITE_ADDRESS, text, lambda _match: "")
        return self._sub(_FILTERED_ADDRESS, text, lambda match: "/" + match[1].lstrip("/"))

    def hugo(self, text: str) -> str:
        """Hugo's shortcodes, an outer one with what it encloses."""
        tokens = list(self._outside_code(_HUGO, text))
        pairs = _pairs(tokens)
        pieces, end, index = [], 0, 0
        while index < len(tokens):
            token = tokens[index]
            closing = pairs.get(index)
            last = tokens[closing] if closing else token
            inner = text[token.end() : last.start()] if closing else None
            written = self._hugo_call(token, inner, self._line + text.count("\n", 0, token.start()))
            pieces += [text[end : token.start()], written]
            end = last.end()
            index = (closing or index) + 1
        return "".join([*pieces, text[end:]])

    def liquid(self, text: str) -> str:
        """Liquid's tags that stand alone; those that steer what is shown stay as they are."""

        def written(match: re.Match[str]) -> str:
            name, values = match["name"], match["values"].strip().removesuffix("-").strip()
            if name in _CONTROL:
                return match[0]
            if name in ("link", "post_url") and (reference := self._find(values.split(" ")[0] if values else "")):
                return reference
            return self._as_ours(f"liquid-{name}", values, None, self._line + text.count("\n", 0, match.start()))

        return self._sub(_LIQUID, text, written)

    def left(self, text: str) -> Iterator[tuple[str, int]]:
        """What no one here understands, and what is still there."""
        for pattern in (_LIQUID, _OUTPUT, _HUGO):
            for match in self._outside_code(pattern, text):
                yield match[0][:_MAX_TOLD], self._line + text.count("\n", 0, match.start())

    def _hugo_call(self, token: re.Match[str], inner: str | None, line: int) -> str:
        if token["comment"]:
            literal = token[0].replace("/*", "", 1).replace("*/", "", 1)
            return literal.replace("{{<", "{{&lt;", 1)
        named, positional = _values(token["values"].removesuffix("/"))
        name = token["name"]
        done = "" if token["slash"] else self._hugo_form(name, named, positional, inner)
        if done:
            self._tell(token[0], done, line)
            return done
        if token["slash"]:
            return token[0]  # it closes nothing
        if inner is not None and self._depth < _MAX_DEPTH:
            self._depth += 1
            inner = self.hugo(inner)
            self._depth -= 1
        return self._as_ours(f"hugo-{name.replace('/', '-').replace('.', '-').lower()}", token["values"], inner, line)

    def _hugo_form(self, name: str, named: dict[str, str], positional: list[str], inner: str | None) -> str:
        """The form in Markdown or in our shortcodes, where one says exactly the same."""
        if name == "highlight" and inner is not None:
            return _fenced(positional[0] if positional else named.get("lang", ""), inner.strip("\n"))
        if name == "figure" and named.get("src"):
            return _figure(named)
        if name in ("ref", "relref"):
            return self._find(positional[0] if positional else named.get("path", ""))
        if name in _ADDRESSES and inner is None:
            keys = _ADDRESS_KEYS.get(name, ("id",))
            ids = [named[key] for key in keys if key in named] or positional
            if len(ids) >= len(keys) and all(_IDS.fullmatch(one) for one in ids[: len(keys)]):
                return f"<{_ADDRESSES[name].format(*ids)}>"
        return ""

    def _as_ours(self, name: str, values: str, inner: str | None, line: int) -> str:
        named, positional = _values(values.removesuffix("/"))
        self.kept.append(KeptShortcode(name, named, line))
        bare = tuple(value for value in positional if value)
        try:
            # With a closing tag even a call without values is told from words in brackets.
            written = write_call(name, named, bare, inner if inner is not None or named else "")
            if not find_calls(written):  # bare words alone are no evidence of a call; numbered, they are
                numbered = {str(number): value for number, value in enumerate(bare, 1)}
                written = write_call(name, {**numbered, **named}, (), inner)
        except ValueError:
            return f"[{name}][/{name}]"
        return written

    def _tell(self, before: str, after: str, line: int) -> None:
        self.mends.append(Mend("shortcode", before[:_MAX_TOLD], after[:_MAX_TOLD], line))

    def _sub(self, pattern: re.Pattern[str], text: str, written: Callable[[re.Match[str]], str]) -> str:
        pieces, end = [], 0
        for match in self._outside_code(pattern, text):
            after = written(match)
            if after != match[0] and not after.startswith("[liquid-"):
                self._tell(match[0], after, self._line + text.count("\n", 0, match.start()))
            pieces += [text[end : match.start()], after]
            end = match.end()
        return "".join([*pieces, text[end:]])

    def _outside_code(self, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        spans = code_spans(text)
        return (match for match in pattern.finditer(text) if not span_at(spans, match.start()))


def _pairs(tokens: list[re.Match[str]]) -> dict[int, int]:
    """Opening tokens and their closing ones; the same name may stand alone, too."""
    open_: dict[str, list[int]] = {}
    pairs: dict[int, int] = {}
    for number, token in enumerate(tokens):
        if token["comment"] or token["values"].rstrip().endswith("/"):
            continue
        waiting = open_.setdefault(token["name"], [])
        if not token["slash"]:
            waiting.append(number)
        elif waiting:
            pairs[waiting.pop()] = number
    return pairs


def _values(text: str) -> tuple[dict[str, str], list[str]]:
    named: dict[str, str] = {}
    positional: list[str] = []
    for match in _VALUE.finditer(text):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        value = value.replace('\\"', '"') if match[2] is not None else value
        if match[1]:
            named[match[1].lower()] = value
        else:
            positional.append(value)
    return named, positional


def _fenced(language: str, code: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _figure(named: dict[str, str]) -> str:
    alt = re.sub(r"([\[\]\\])", r"\\\1", named.get("alt", ""))
    picture = f"![{alt}]({_address(named['src'])})"
    if link := named.get("link", ""):
        picture = f"[{picture}]({_address(link)})"
    title = f"**{named['title']}**" if named.get("title") else ""
    words = " ".join(part for part in (title, named.get("caption", ""), named.get("attr", "")) if part)
    return f"[caption]{picture} {words}[/caption]" if words else picture


def _address(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def reference_to(target: str, file: str) -> str:
    """How the content file `target` names another one."""
    # Below a made-up folder deep enough for every "..", so that it matters not where the program runs.
    deep = "/" + "_/" * (file.count("..") + target.count(".."))
    return posixpath.relpath(deep + file, posixpath.dirname(deep + target))
