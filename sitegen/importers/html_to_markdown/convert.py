"""A fragment of HTML as Markdown, with what is not in it."""

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from sitegen.importers.blocks import MARK_OPEN
from sitegen.importers.html_to_markdown.blocks import Blocks
from sitegen.importers.html_to_markdown.inline import Picture
from sitegen.importers.html_to_markdown.layout import joined
from sitegen.importers.html_to_markdown.pieces import plain_paragraph
from sitegen.importers.html_to_markdown.tally import Tally
from sitegen.importers.html_to_markdown.tree import tree_of
from sitegen.importers.plain_text import markdown_of_text
from sitegen.importers.report import SetAside

_PLAIN_PARAGRAPH = re.compile(r"<p>([^<&]*)</p>")
_PLAIN_PARAGRAPHS = re.compile(r"\s*+(?:<p>[^<&]*+</p>\s*+)++")
_TARGET = re.compile(r"""href=["']?#([^"'\s>]+)""")


class Converted(NamedTuple):
    """Markdown, and what is not in it."""

    markdown: str
    set_aside: tuple[SetAside, ...] = ()
    aside: tuple[str, ...] = ()  # all that is not in the Markdown, whole: for the account of characters


def _no_picture(_id: str) -> Picture:
    return Picture()


def markdown_of_html(
    source: str,
    *,
    block_marks: frozenset[int] = frozenset(),
    footnotes: dict[str, str] | None = None,
    picture: Callable[[str], Picture] = _no_picture,
) -> Converted:
    """Markdown of an HTML fragment.

    Numbered marks (see `importers.blocks`) come out as they are; those of `block_marks` stand on lines of their
    own. `footnotes` are texts by id, for the block editor's `<sup data-fn>`. `picture` knows attachments by id.
    """
    if not source.strip():
        return Converted("")
    if _PLAIN_PARAGRAPHS.fullmatch(source) and MARK_OPEN not in source:
        return Converted("\n\n".join(filter(None, map(plain_paragraph, _PLAIN_PARAGRAPH.findall(source)))))
    tally, tree = Tally(), tree_of(source)
    if tree is None:
        tally.drop_text("nested too deep", "tags nested too deep; their text is kept")
        return Converted(_plain_blocks(source), tuple(tally.told), tuple(tally.whole))
    targets = frozenset(_TARGET.findall(source)) if "#" in source else frozenset()
    blocks = Blocks(tree, tally, block_marks, targets, footnotes or {}, picture, _written_note)
    return Converted(joined(blocks.written()), tuple(tally.told), tuple(tally.whole))


def _written_note(source: str) -> str:
    return markdown_of_html(source).markdown


def _plain_blocks(source: str) -> str:
    text = html.unescape(re.sub(r"<[^<>]*>", "\n\n", source))
    return joined(markdown_of_text(" ".join(part.split())) for part in re.split(r"\n\s*\n", text) if part.strip())
