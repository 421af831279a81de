"""Plain text as Markdown that shows exactly this text."""

import re

# At the start of a line these begin a heading, a list, a quotation, a rule, a definition or a table.
_LINE_START = re.compile(
    r"^([ \t]*)(#|[-+*](?=\s|$)|>|\d{1,9}(?=[.)](?:\s|$))|:(?=\s)|=|-{2,}|~{3}|\|)",
    re.MULTILINE,
)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_ENTITY = re.compile(r"&(?=\w+;|#[\dxX])")
_TAG = re.compile(r"<(?=[A-Za-z0-9/!?])")
# Signs that no backslash escapes are written as character references.
_REFERENCES = {"=": "&#61;", "~": "&#126;", ":": "&#58;"}
_EMPHASIS = re.compile(r"\*|(?<![^\W_])_|_(?![^\W_])|`|\\(?=[\\`*_{}\[\]()>#+\-.!|])|!(?=\[)|\{(?=:|#|\.)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|:=~])")
# A paragraph without any of these is Markdown of itself.
_SIGN = re.compile(r"[\\*_`\[<&!{]")
_START = re.compile(r"^[ \t#\-+>\d:=~|]", re.MULTILINE)


def markdown_of_text(text: str, *, is_start: bool = True) -> str:
    """Markdown of one paragraph, with no more backslashes than needed; or of what follows in one."""
    if not (_SIGN.search(text) or (_START.search(text) if "\n" in text else _START.match(text))):
        return text
    if "&" in text:
        text = _ENTITY.sub("&amp;", text)
    if "<" in text:
        text = _TAG.sub("&lt;", text)
    text = _without_links(_EMPHASIS.sub(_with_backslash, text))
    if "[^" in text:
        text = text.replace("[^", "\\[^")
    head, newline, rest = ("", "", text) if is_start else text.partition("\n")
    return head + newline + _LINE_START.sub(_escaped_start, _INDENT.sub("", rest))


def text_of_markdown(markdown: str) -> str:
    """The text that `markdown_of_text` was given, but for spaces at the start of lines."""
    text = _ESCAPED.sub(r"\1", markdown)
    for sign, reference in (*_REFERENCES.items(), ("<", "&lt;"), ("&", "&amp;")):
        text = text.replace(reference, sign)
    return text


def _without_links(text: str) -> str:
    """The text with a backslash before each bracket that would begin a link."""
    if "](" not in text and "][" not in text and "]:" not in text:
        return text
    parts = text.split("]")
    for number, after in enumerate(parts[1:]):
        if after[:1] in ("(", "[", ":"):
            above, newline, line = parts[number].rpartition("\n")
            parts[number] = above + newline + line.replace("[", "\\[")
    return "]".join(parts)


def _with_backslash(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _escaped_start(match: re.Match[str]) -> str:
    mark = match[2]
    if mark[0] in _REFERENCES:
        return f"{match[1]}{_REFERENCES[mark[0]]}{mark[1:]}"
    # A number's own digits can't be escaped; the full stop behind them can, with the digits kept before it.
    return f"{match[1]}{mark}\\" if mark[0].isdigit() else f"{match[1]}\\{mark}"
