"""Comments of an item in the order of their threads, without mail and network addresses."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.content.comments import Comment, Comments
from sitegen.importers.account import Account
from sitegen.importers.html_to_markdown import markdown_of_html, text_of_fragment
from sitegen.importers.raw import SideFile, side_file
from sitegen.importers.report import Loss
from sitegen.importers.wordpress.paragraphs import autop
from sitegen.importers.wordpress.wxr import WxrComment, WxrItem, moment_of

LEFT_OUT = {"0": "waiting", "spam": "spam", "trash": "trash", "post-trashed": "trash"}


def threaded(comments: Sequence[WxrComment]) -> Iterator[tuple[WxrComment, int]]:
    """Public comments and how deep they stand, each followed by its answers.

    An answer to one that is not public starts a thread.
    """
    public = _by_number([comment for comment in comments if comment.approved not in LEFT_OUT])
    answers: dict[str, list[WxrComment]] = {}
    for comment in public.values():
        answers.setdefault(comment.parent if comment.parent in public else "", []).append(comment)
    for each in answers.values():
        each.sort(key=lambda comment: (comment.date, int(comment.id) if comment.id.isdigit() else 0), reverse=True)
    written: set[int] = set()

    def thread(first: list[tuple[WxrComment, int]]) -> Iterator[tuple[WxrComment, int]]:
        waiting = first
        while waiting:
            comment, depth = waiting.pop()
            if id(comment) not in written:
                written.add(id(comment))
                yield comment, depth
                if public.get(comment.id) is comment:
                    waiting += [(answer, depth + 1) for answer in answers.get(comment.id, ())]

    yield from thread([(comment, 0) for comment in answers.get("", ())])
    # Comments that answer each other in a circle hang on no other.
    yield from thread([(comment, 0) for comment in reversed(public.values()) if id(comment) not in written])


def _by_number(comments: Sequence[WxrComment]) -> dict[str, WxrComment]:
    """Comments by their numbers; one without a number of its own is kept too."""
    found: dict[str, WxrComment] = {}
    for place, comment in enumerate(comments):
        is_free = comment.id and comment.id not in found
        found[comment.id if is_free else f"{comment.id}, {place}"] = comment
    return found


def _comment(comment: WxrComment, depth: int, content: str) -> Comment:
    gmt = comment.date_gmt.replace(" ", "T") if comment.date_gmt != comment.date and moment_of(comment.date_gmt) else ""
    return Comment(
        id=comment.id,
        author=text_of_fragment(comment.author),
        date=comment.date.replace(" ", "T") if moment_of(comment.date) else "",
        content=content,
        parent=comment.parent if depth else "",
        depth=depth,
        url=comment.url if re.match(r"https?://", comment.url) else "",
        date_gmt=gmt,
        type=comment.type or "comment",
    )


class CommentFile(NamedTuple):
    """The public comments of an article, and what of their texts nobody can find in it."""

    beside: tuple[SideFile, ...] = ()  # one file, or none
    losses: tuple[Loss, ...] = ()


def comment_file(item: WxrItem, target: str) -> CommentFile:
    """The file of comments beside an article; none without public comments."""
    if not item.comments:
        return CommentFile()
    left_out = Counter(kind for comment in item.comments if (kind := LEFT_OUT.get(comment.approved)))
    comments: list[Comment] = []
    losses: list[Loss] = []
    for comment, depth in threaded(item.comments):
        converted = markdown_of_html(autop(comment.content))
        account = Account(converted.markdown, converted.aside)
        account.book_html(comment.content, item.line)
        losses += account.losses
        comments.append(_comment(comment, depth, converted.markdown))
    if not comments:
        return CommentFile()
    told = Comments(tuple(comments), dict(sorted(left_out.items())))
    return CommentFile((side_file(f"{target.removesuffix('.md')}.comments.json", told),), tuple(losses))
