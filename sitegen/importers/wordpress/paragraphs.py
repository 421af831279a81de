"""Paragraphs of the classic editor, as WordPress makes them when it shows a page (wpautop)."""

import re
from collections.abc import Callable
from typing import NamedTuple

_ALL_BLOCKS = (
    "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote"
    "|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption"
    "|details|menu|summary)"
)
_PRE = re.compile(r"<pre\b.*?</pre>", re.DOTALL | re.IGNORECASE)


def _on_one_line(match: re.Match[str]) -> str:
    return match[0].replace("\n", " ")


class _Step(NamedTuple):
    """A replacement, and what a text must hold for it."""

    needs: str
    pattern: re.Pattern[str]
    value: str | Callable[[re.Match[str]], str]


def _step(needs: str, pattern: str, value: str | Callable[[re.Match[str]], str]) -> _Step:
    return _Step(needs, re.compile(pattern, re.DOTALL | re.IGNORECASE), value)


_BEFORE = (
    _step("\n", r"<[a-z/!][^<>]*\n[^<>]*>", _on_one_line),
    _step(" \n", r" +\n", "\n"),
    _step("\t", r"[ \t]+\n", "\n"),
    _step("<br", r"<br\s*/?>\s*<br\s*/?>", "\n\n"),
    _step("<", rf"<{_ALL_BLOCKS}[\s/>]", lambda match: f"\n\n{match[0]}"),
    _step("</", rf"</{_ALL_BLOCKS}>", lambda match: f"{match[0]}\n\n"),
    _step("<hr", r"(<hr\s*?/?>)", r"\1\n\n"),
    _step("<option", r"\s*(<option)", r"\1"),
    _step("<source", r"\s*(<source)", r"\1"),
    _step("<track", r"\s*(<track)", r"\1"),
    _step("<param", r"\s*(<param)", r"\1"),
    _step("<figcaption", r"\s*(<figcaption)", r"\1"),
    _step("</option", r"(</option>)\s*", r"\1"),
    _step("</figcaption", r"(</figcaption>)\s*", r"\1"),
    _step("</object", r"(</object>)\s*", r"\1"),
)
_AFTER = (
    _step("", r"<p>\s*</p>", ""),
    _step("</div", r"<p>([^<]+)</div>", r"<p>\1</p></div>"),
    _step("</address", r"<p>([^<]+)</address>", r"<p>\1</p></address>"),
    _step("", rf"<p>\s*(</?{_ALL_BLOCKS}[^<>]*>)\s*</p>", r"\1"),
    _step("<li", r"<p>(<li[^<]*(?:<(?!/p>)[^<]*)*)</p>", r"\1"),
    _step("<blockquote", r"<p><blockquote([^>]*)>", r"<blockquote\1><p>"),
    _step("</blockquote", r"</blockquote></p>", "</p></blockquote>"),
    _step("", rf"<p>\s*(</?{_ALL_BLOCKS}[^<>]*>)", r"\1"),
    _step("", rf"(</?{_ALL_BLOCKS}[^<>]*>)\s*</p>", r"\1"),
    _step("<br", r"<br\s*/?>\s*", "<br />"),
    _step("<script", r"<script\b.*?</script>", _on_one_line),
    _step("<style", r"<style\b.*?</style>", _on_one_line),
    _step("<svg", r"<svg\b.*?</svg>", _on_one_line),
    _step("", r"\n", "<br />\n"),
    _step("", rf"(</?{_ALL_BLOCKS}[^<>]*>)\s*<br />", r"\1"),
    _step("", r"<br />(\s*</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)[^<>]*>)", r"\1"),
)
_BLOCK_TAG = re.compile(rf"</?{_ALL_BLOCKS}[\s/>]|<(?:script|svg)\b")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BREAK = re.compile(r"<br\s*/?>\s*|\n", re.IGNORECASE)
_NO_MARKUP = re.compile(r"[<\n]")


def autop(text: str) -> str:
    """HTML paragraphs of text in which blank lines part them, as WordPress makes them when it shows a page."""
    text = text.strip("\n")
    if not text.strip():
        return ""
    if not _NO_MARKUP.search(text):
        return f"<p>{text}</p>"
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"<pre wp-pre-{len(kept) - 1}></pre>"

    if "<pre" in text.lower() and "</pre" in text.lower():
        text = _PRE.sub(put_aside, text)
    folded = text.lower()
    for step in _BEFORE:
        if step.needs in folded:
            text = step.pattern.sub(step.value, text)
    paragraphs = [part for each in _BLANK_LINES.split(text) if (part := each.strip("\n"))]
    if not _BLOCK_TAG.search(folded):
        return "".join(f"<p>{_with_line_breaks(part)}</p>\n" for part in paragraphs if not part.isspace())
    text = "".join(f"<p>{part}</p>\n" for part in paragraphs)
    for step in _AFTER:
        if step.needs in folded:
            text = step.pattern.sub(step.value, text)
    return re.sub(r"<pre wp-pre-(\d+)></pre>", lambda match: kept[int(match[1])], text) if kept else text


def _with_line_breaks(text: str) -> str:
    return _BREAK.sub("<br />\n", text) if "\n" in text or "<" in text else text
