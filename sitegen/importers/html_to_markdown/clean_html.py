"""Elements that Markdown has no form for stay HTML, of few tags and attributes."""

import html
import re

from lxml import etree

from sitegen.importers.html_to_markdown.addresses import RUNS_CODE, embedded_address, escaped_value, is_tracker
from sitegen.importers.html_to_markdown.pieces import SPACES
from sitegen.importers.html_to_markdown.tables import column_sign
from sitegen.importers.html_to_markdown.tally import DROPPED, MAX_TOLD, Tally
from sitegen.importers.html_to_markdown.tree import BLOCKS, EMBEDS, MAX_DEPTH, PLAYERS, is_tag, text_in
from sitegen.importers.report import SetAside

INLINE_HTML = frozenset(
    """abbr acronym bdi bdo cite data del dfn ins kbd mark q rp rt rtc ruby s samp small strike sub sup time tt u
    var""".split()
)
_KEPT_TAGS = (
    INLINE_HTML
    | PLAYERS
    | frozenset(
        """a b blockquote br caption code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p
        pre source span strong summary table tbody td tfoot th thead tr track ul""".split()
    )
)
_KEPT_ATTRIBUTES = {
    "*": frozenset({"lang", "dir", "title"}), "a": frozenset({"href", "hreflang"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "td": frozenset({"colspan", "rowspan", "headers"}), "th": frozenset({"colspan", "rowspan", "scope", "headers"}),
    "ol": frozenset({"start", "type", "reversed"}), "li": frozenset({"value"}), "details": frozenset({"open"}),
    "audio": frozenset({"src", "controls", "loop"}), "source": frozenset({"src", "type"}),
    "video": frozenset({"src", "controls", "loop", "muted", "poster", "width", "height"}),
    "track": frozenset({"src", "kind", "srclang", "label", "default"}), "time": frozenset({"datetime"}),
    "data": frozenset({"value"}), "q": frozenset({"cite"}), "blockquote": frozenset({"cite"}),
    "del": frozenset({"cite", "datetime"}), "ins": frozenset({"cite", "datetime"}),
}  # fmt: skip
_OWN_LINE = frozenset("tr thead tbody tfoot table caption li ul ol p details summary figcaption dt dd".split())
_VOID = frozenset({"br", "hr", "img", "source", "track"})
_COLUMN_SIDES = {":---:": "center", "---:": "right"}


class CleanHtml:
    """Writes elements as HTML; text in them is no Markdown."""

    def __init__(self, tally: Tally, targets: frozenset[str]) -> None:
        self._tally = tally
        self._targets = targets  # ids that links of the fragment lead to

    def write(self, element: etree._Element) -> str:
        """An element as clean HTML; text in it is no Markdown."""
        parts: list[str] = []
        self._write(element, parts, in_pre=False, depth=0)
        text = "".join(parts).strip()
        return text if "<pre" in text else re.sub(r"\n\s*\n", "\n", text)

    def _write(self, element: etree._Element, parts: list[str], in_pre: bool, depth: int) -> None:
        tag = str(element.tag)
        if tag in DROPPED:
            self._tally.drop(element, tag)
            return
        if tag in EMBEDS:
            self._write_embed(element, parts)
            return
        if tag == "img" and is_tracker(element, element.get("src") or ""):
            self._tally.drop(element, tag, "a tracking pixel")
            return
        if depth > MAX_DEPTH:
            parts.append(_html_text(text_in(element, " ")))
            return
        in_pre = in_pre or tag == "pre"
        is_kept = tag in _KEPT_TAGS
        if is_kept:
            parts.append(f"<{tag}{self.attributes(element, tag)}>")
        elif tag in BLOCKS:
            parts.append(" ")
        if element.text:
            parts.append(_html_text(element.text, in_pre))
        for child in element:
            if is_tag(child):
                self._write(child, parts, in_pre, depth + 1)
            else:
                self._tally.comment(child)
            if child.tail:
                parts.append(_html_text(child.tail, in_pre))
        if is_kept and tag not in _VOID:
            parts.append(f"</{tag}>\n" if tag in _OWN_LINE and not in_pre else f"</{tag}>")
        elif tag in BLOCKS:
            parts.append(" ")

    def _write_embed(self, element: etree._Element, parts: list[str]) -> None:
        address = embedded_address(element)
        if address and not RUNS_CODE.match(address):
            told = html.escape(element.get("title") or address)
            parts.append(f' <a href="{html.escape(address)}">{told}</a> ')
        else:
            self._tally.drop(element, str(element.tag), "a frame without an address")

    def attributes(self, element: etree._Element, tag: str) -> str:
        """The attributes that may stay, each with a space before it."""
        allowed = _KEPT_ATTRIBUTES.get(tag, frozenset())
        written = []
        for name, value in element.attrib.items():
            name, text = str(name), str(value)
            is_anchor = name == "id" and text in self._targets
            if name in allowed or name in _KEPT_ATTRIBUTES["*"] or is_anchor:
                if name in ("href", "src", "poster", "cite") and RUNS_CODE.match(text.strip()):
                    self._tally.told.append(SetAside(text[:MAX_TOLD], "an address that runs code", 0))
                    continue
                written.append(f' {name}="{escaped_value(SPACES.sub(" ", text))}"')
        if tag in ("td", "th") and (side := _COLUMN_SIDES.get(column_sign(element))):
            written.append(f' align="{side}"')
        if tag == "pre" and "verse" in (element.get("class") or ""):
            written.append(' class="verse"')
        return "".join(written)


def _html_text(text: str, in_pre: bool = False) -> str:
    written = html.escape(text, quote=False)
    if "[" in written:
        written = written.replace("[", "&#91;")
    return written if in_pre else SPACES.sub(" ", written)
