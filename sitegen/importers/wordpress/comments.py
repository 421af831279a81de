"""Comments of an item in the order of their threads, without mail and network addresses."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sitegen.content.comments import Comment, Comments
from sitegen.importers.html_to_markdown import markdown_of_html, text_of_fragment
from sitegen.importers.raw import SideFile, side_file
from sitegen.importers.wordpress.paragraphs import autop
from sitegen.importers.wordpress.wxr import WxrComment, WxrItem, moment_of

LEFT_OUT = {"0": "waiting", "spam": "spam", "trash": "trash", "post-trashed": "trash"}


def threaded(comments: Sequence[WxrComment]) -> Iterator[Comment]:
    """Public comments, each followed by its answers; an answer to one that is not public starts a thread."""
    public = {comment.id: comment for comment in comments if comment.approved not in LEFT_OUT}
    answers: dict[str, list[WxrComment]] = {}
    for comment in public.values():
        answers.setdefault(comment.parent if comment.parent in public else "", []).append(comment)
    for each in answers.values():
        each.sort(key=lambda comment: (comment.date, int(comment.id) if comment.id.isdigit() else 0), reverse=True)
    written: set[str] = set()

    def thread(first: list[tuple[WxrComment, int]]) -> Iterator[Comment]:
        waiting = first
        while waiting:
            comment, depth = waiting.pop()
            if comment.id not in written:
                written.add(comment.id)
                yield _comment(comment, comment.parent if depth else "", depth)
                waiting += [(answer, depth + 1) for answer in answers.get(comment.id, ())]

    yield from thread([(comment, 0) for comment in answers.get("", ())])
    # Comments that answer each other in a circle hang on no other.
    yield from thread([(comment, 0) for comment in reversed(public.values()) if comment.id not in written])


def _comment(comment: WxrComment, parent: str, depth: int) -> Comment:
    gmt = comment.date_gmt.replace(" ", "T") if comment.date_gmt != comment.date and moment_of(comment.date_gmt) else ""
    return Comment(
        id=comment.id,
        author=text_of_fragment(comment.author),
        date=comment.date.replace(" ", "T") if moment_of(comment.date) else "",
        content=markdown_of_html(autop(comment.content)).markdown,
        parent=parent,
        depth=depth,
        url=comment.url if re.match(r"https?://", comment.url) else "",
        date_gmt=gmt,
        type=comment.type or "comment",
    )


def comment_files(item: WxrItem, target: str) -> Iterator[SideFile]:
    """The file of comments beside an article; none without public comments."""
    if not item.comments:
        return
    left_out = Counter(kind for comment in item.comments if (kind := LEFT_OUT.get(comment.approved)))
    told = Comments(tuple(threaded(item.comments)), dict(sorted(left_out.items())))
    if told.comments:
        yield side_file(f"{target.removesuffix('.md')}.comments.json", told)
