"""A WordPress export: every post and page an article.

The file is read twice, as a stream. First what articles refer to (pictures, polls, parents, reusable blocks) goes
into a small database on disk; then each item becomes an article of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import msgspec

from sitegen.content.permalinks import slug_of
from sitegen.importers.account import loss_problem
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.report import ArticleReport, Mend
from sitegen.importers.wordpress.body import Body
from sitegen.importers.wordpress.comments import LEFT_OUT, comment_file
from sitegen.importers.wordpress.library import Library
from sitegen.importers.wordpress.matter import NAME, matter_of
from sitegen.importers.wordpress.parts import ExportPart, opened_parts, parts_of
from sitegen.importers.wordpress.polls import POLL_TYPE, TITLED_TYPES
from sitegen.importers.wordpress.wxr import Part, WxrItem, read_export
from sitegen.model import Article, FrontMatter, Location, Problem, Severity

# What a site keeps for itself; no reader ever saw a page of these.
_NO_ARTICLES = frozenset(
    """attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block
    wp_global_styles wp_navigation wp_template wp_template_part wp_font_family wp_font_face acf-field acf-field-group
    wpcf7_contact_form wpforms elementor_library et_pb_layout amp_validated_url scheduled-action jp_img_sitemap
    jp_sitemap jp_sitemap_master jp_vid_sitemap feedback""".split()
) | {POLL_TYPE}
_REFERRED_TO = re.compile(
    rb"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*(?:attachment|wp_block|page|"
    + "|".join((POLL_TYPE, *TITLED_TYPES)).encode()
    + rb")\b"
)
# A value's own tags stand outside of CDATA, which an example of this format within an article cannot do.
_TYPE = re.compile(rb"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]*)")


class WordPress:
    """Exports of WordPress (Tools, Export), plain or compressed."""

    name = NAME
    suffixes: tuple[str, ...] = (".xml", ".wxr", ".gz", ".zip")
    is_stream = True

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """Every article of an export, in its order, then what was not taken; of all parts, if it has several."""
        parts: list[ExportPart] = []
        for part in _parts(raw):
            if isinstance(part, Problem):
                yield part
            else:
                parts.append(part)
        with closing(Library()) as library:
            for shown, opened in parts:
                with opened() as file:
                    library.take_in(read_export(file, shown, lambda item: _REFERRED_TO.search(item) is not None))
            site = _Site(raw, library)
            for number, (shown, opened) in enumerate(parts):
                with opened() as file:
                    yield from site.articles(read_export(file, shown, site.is_article), shown, number)
            yield from site.told()

    def parts(self, file: Path) -> tuple[Path, ...]:
        """The file and those beside it that are parts of the same export; the first one stands for all."""
        return parts_of(file)


def _parts(raw: Raw) -> Iterator[ExportPart | Problem]:
    if not raw.file:
        yield ExportPart(raw.path, lambda: BytesIO(raw.data))
        return
    lead = Path(raw.file)
    for file in parts_of(lead):
        yield from opened_parts(file, f"{raw.path.removesuffix(lead.name)}{file.name}")


class _Site:
    """One export on its way, with a tally of what is no article."""

    def __init__(self, raw: Raw, library: Library) -> None:
        self._languages = raw.languages
        self._path = raw.path  # of the part that is read
        self._library = library
        self._twice = 0
        self._not_taken: Counter[str] = Counter()
        self._comments: Counter[str] = Counter()

    def is_article(self, item: bytes) -> bool:
        """Whether an item becomes an article; the others are counted. It is not parsed for this."""
        match = _TYPE.search(item)
        kind = match[1].decode("utf-8", "replace") if match else ""
        if kind in _NO_ARTICLES:
            self._not_taken[kind] += 1
            self._comments["of what is no article"] += item.count(b"<wp:comment>")
        return kind not in _NO_ARTICLES

    def articles(self, parts: Iterator[Part], path: str, number: int) -> Iterator[Imported | Problem]:
        """The articles of one part; an item that stood in an earlier part too is not taken again."""
        self._path = path
        for part in parts:
            if isinstance(part, Problem):
                yield part
            elif isinstance(part, WxrItem) and part.type not in _NO_ARTICLES:
                if self._library.is_new(part, number):
                    yield self._imported(part)
                else:
                    self._twice += 1

    def told(self) -> Iterator[Problem]:
        """What was not taken, when all is read."""
        for poll, line in self._library.polls_without_article():
            votes = poll.total or sum(answer.votes or 0 for answer in poll.answers)
            message = f'no article shows poll {poll.key}, "{poll.question}", with {votes} votes'
            hint = f'write [{POLL_TYPE} id="{poll.key}"] into an article of the site and export it again'
            yield Problem(Location(self._path, line), "poll-unused", message, hint, Severity.WARNING)
        if self._twice:
            message = f"{self._twice} items stand in two places of the export; they are taken once"
            yield Problem(Location(self._path), "item-twice", message, "", Severity.WARNING)
        kinds = [f"{count} {kind}" for kind, count in sorted(self._not_taken.items())]
        comments = [f"{count} comments ({kind})" for kind, count in sorted(self._comments.items()) if count]
        if kinds or comments:
            message = f"not taken as articles: {', '.join(kinds + comments)}"
            hint = "pictures feed captions and featured images; menus and templates have no place in an archive"
            yield Problem(Location(self._path), "not-taken", message, hint, Severity.WARNING)

    def _imported(self, item: WxrItem) -> Imported:
        body = Body(item, self._library, self._path)
        markdown = body.markdown()
        front_matter = matter_of(item, body, self._library, self._path, self._languages)
        target = self._target(item, front_matter)
        slug = target.rpartition("/")[2].removesuffix(".md")  # another one where two of a year had the same
        front_matter = msgspec.structs.replace(front_matter, slug=slug)
        for comment in item.comments:
            if kind := LEFT_OUT.get(comment.approved):
                self._comments[kind] += 1
        comments = comment_file(item, target)
        report = ArticleReport(
            source=self._path, target=target, language=front_matter.lang,
            mends=(*(Mend(kind, what, "", item.line) for kind, what in item.mends), *body.calls.mends),
            guesses=tuple(body.guesses), shortcodes=tuple(body.calls.kept), polls=body.calls.polls,
            set_aside=tuple(body.set_aside), characters=body.account.characters(),
            losses=(*body.account.losses, *comments.losses),
        )  # fmt: skip
        text = markdown + "\n" if markdown else ""
        lost = (loss_problem(self._path, loss) for loss in comments.losses)
        problems = (*body.problems, *body.calls.problems, *lost)
        beside = (*comments.beside, *body.poll_files)
        return Imported(Article(front_matter, text), report, problems, target, beside)

    def _target(self, item: WxrItem, matter: FrontMatter) -> str:
        """Where the article wants to lie: `2011/slug.md`, `pages/parent/slug.md`, `recipe/slug.md`."""
        if item.type == "page":
            stem = f"pages/{self._library.page_path(matter.slug, item.parent)}"
        elif item.type == "post":
            stem = f"{matter.date.year:04d}/{matter.slug}" if matter.date else f"undated/{matter.slug}"
        else:
            stem = f"{slug_of(item.type)}/{matter.slug}"
        number = slug_of(item.id, fallback="0")
        for candidate in (stem, f"{stem}-{number}", f"{stem}-{item.digest[:12]}"):
            if self._library.claim(candidate):
                return f"{candidate}.md"
        return f"{stem}-{item.digest[:12]}-{item.line}.md"
