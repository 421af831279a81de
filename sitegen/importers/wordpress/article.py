"""One item of an export becomes an article. It needs the item, its name and the library, and runs in any process."""

from typing import NamedTuple

import msgspec

from sitegen.importers.account import loss_problem
from sitegen.importers.encodings import read_back_all
from sitegen.importers.raw import Imported
from sitegen.importers.report import ArticleReport, Mend
from sitegen.importers.wordpress.body import Body
from sitegen.importers.wordpress.comments import comment_file
from sitegen.importers.wordpress.library import Library
from sitegen.importers.wordpress.matter import matter_of
from sitegen.importers.wordpress.wxr import WxrItem
from sitegen.model import Article


class NamedItem(NamedTuple):
    """An item, the content file that it becomes, and how problems name the part of the export that it stands in."""

    item: WxrItem
    target: str
    path: str


def article_of(library_file: str, languages: tuple[str, ...], without: tuple[str, ...], named: NamedItem) -> Imported:
    """The article of an item, with its comments and polls beside it; `without` names mends that are not made."""
    item, target, path = named
    item, mends = (item, []) if "mojibake" in without else _read_back(item)
    library = _library_of(library_file)
    body = Body(item, library, path, is_mending="shortcode" not in without)
    markdown = body.markdown()
    front_matter = matter_of(item, body, library, path, languages)
    slug = target.rpartition("/")[2].removesuffix(".md")  # another one where two of a year had the same
    front_matter = msgspec.structs.replace(front_matter, slug=slug)
    comments = comment_file(item, target)
    report = ArticleReport(
        source=path, target=target, language=front_matter.lang,
        mends=(*(Mend(kind, what, "", item.line) for kind, what in item.mends), *mends, *body.calls.mends),
        guesses=tuple(body.guesses), shortcodes=tuple(body.calls.kept), polls=body.calls.polls,
        set_aside=tuple(body.set_aside), characters=body.account.characters(),
        losses=(*body.account.losses, *comments.losses),
    )  # fmt: skip
    text = markdown + "\n" if markdown else ""
    lost = (loss_problem(path, loss) for loss in comments.losses)
    problems = (*body.problems, *body.calls.problems, *lost)
    beside = (*comments.beside, *body.poll_files)
    return Imported(Article(front_matter, text), report, problems, target, beside, tuple(body.shown))


def _read_back(item: WxrItem) -> tuple[WxrItem, list[Mend]]:
    """The item, its texts read back where a database had read them in a wrong encoding."""
    texts = [item.content, item.title, item.excerpt, *(term.name for term in item.terms)]
    (content, title, excerpt, *names), mends = read_back_all(texts, item.line)
    if not mends:
        return item, mends
    terms = tuple(msgspec.structs.replace(term, name=name) for term, name in zip(item.terms, names, strict=True))
    return msgspec.structs.replace(item, content=content, title=title, excerpt=excerpt, terms=terms), mends


def forget_library() -> None:
    """Close the library of an export that is done, in this process."""
    while _OPEN:
        _OPEN.popitem()[1].close()


_OPEN: dict[str, Library] = {}  # the library of the export that this process works at, by its file


def _library_of(file: str) -> Library:
    if file not in _OPEN:
        forget_library()
        _OPEN[file] = Library(file)
    return _OPEN[file]
