"""A WordPress export: every post and page an article.

The file is read twice, as a stream. First what articles refer to (pictures, polls, parents, reusable blocks) goes
into a small database on disk; then each item gets its name and becomes an article of its own, in any process.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from sitegen.content.permalinks import slug_of
from sitegen.importers.raw import Imported, Piece, Raw, articles_of
from sitegen.importers.target_folder import shelf_of
from sitegen.importers.wordpress.addresses import slug_of_item
from sitegen.importers.wordpress.article import NamedItem, article_of, forget_library
from sitegen.importers.wordpress.comments import LEFT_OUT
from sitegen.importers.wordpress.library import Library, write_library
from sitegen.importers.wordpress.matter import NAME, date_of
from sitegen.importers.wordpress.parts import ExportPart, opened_parts, parts_of
from sitegen.importers.wordpress.polls import POLL_TYPE, TITLED_TYPES
from sitegen.importers.wordpress.taken import Taken
from sitegen.importers.wordpress.wxr import Part, WxrItem, read_export
from sitegen.model import Location, Problem, Severity

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
        with self.open(raw) as export:
            yield from articles_of(export)

    @contextmanager
    def open(self, raw: Raw) -> Iterator["Export"]:
        """An export whose items are still to be converted; what they refer to is known then."""
        with TemporaryDirectory(prefix="export-", dir=raw.scratch or None) as folder:
            file = f"{folder}/library.sqlite"
            told = list(_parts(raw))
            parts = [part for part in told if isinstance(part, ExportPart)]
            write_library(file, chain.from_iterable(map(_referred_to, parts)))
            problems = [part for part in told if isinstance(part, Problem)]
            try:
                with closing(Library(file)) as library, closing(Taken()) as taken:
                    yield Export(
                        parts, problems, library, taken, partial(article_of, file, raw.languages, raw.without), raw.path
                    )
            finally:
                forget_library()

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


def _referred_to(part: ExportPart) -> Iterator[Part]:
    """What the articles of an export may name."""
    with part.open() as file:
        yield from read_export(file, part.shown, lambda item: _REFERRED_TO.search(item) is not None)


class Export:
    """One export on its way: its items in order, each with its name, and a tally of what is no article."""

    def __init__(
        self, parts: list[ExportPart], problems: list[Problem], library: Library, taken: Taken,
        article: Callable[[NamedItem], Imported], path: str,
    ) -> None:  # fmt: skip
        self.article = article
        self._parts = parts
        self._problems = problems  # of the file as a whole
        self._library = library
        self._taken = taken
        self._path = path  # of the part that is read
        self._twice = 0
        self._not_taken: Counter[str] = Counter()
        self._comments: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Piece | Problem]:
        yield from self._problems
        for number, part in enumerate(self._parts):
            self._path = part.shown
            with part.open() as file:
                yield from self._items(read_export(file, part.shown, self._is_article), number)

    def told(self, shown: Collection[str]) -> Iterator[Problem]:
        """What was not taken, when all is read; `shown` are polls that articles show."""
        for poll, line in self._library.polls_but(shown):
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

    def _is_article(self, item: bytes) -> bool:
        """Whether an item becomes an article; the others are counted. It is not parsed for this."""
        match = _TYPE.search(item)
        kind = match[1].decode("utf-8", "replace") if match else ""
        if kind in _NO_ARTICLES:
            self._not_taken[kind] += 1
            self._comments["of what is no article"] += item.count(b"<wp:comment>")
        return kind not in _NO_ARTICLES

    def _items(self, parts: Iterator[Part], number: int) -> Iterator[Piece | Problem]:
        """The items of one part; one that stood in an earlier part too is not taken again."""
        for part in parts:
            if isinstance(part, Problem):
                yield part
            elif isinstance(part, WxrItem) and part.type not in _NO_ARTICLES:
                if self._taken.is_new(part, number):
                    self._comments.update(filter(None, (LEFT_OUT.get(comment.approved) for comment in part.comments)))
                    target = self._target(part)
                    yield Piece(NamedItem(part, target, self._path), target, len(part.content))
                else:
                    self._twice += 1

    def _target(self, item: WxrItem) -> str:
        """Where the article lies: `2011/05/14/slug.md`, `pages/parent/slug.md`, `recipe/2011/05/14/slug.md`.

        Two posts of a year never have one slug, nor have two of any other type, so that their addresses differ.
        """
        slug, date = slug_of_item(item), date_of(item)
        if item.type == "page":
            stem = f"pages/{self._library.page_path(slug, item.parent)}"
        elif item.type == "post":
            stem = f"{date.year:04d}/{slug}" if date else f"undated/{slug}"
        else:
            stem = f"{slug_of(item.type)}/{slug}"
        stem = self._free(stem, item)
        if item.type == "page":
            return f"{stem}.md"
        folder, _, name = stem.rpartition("/")
        top = f"{folder}/" if item.type != "post" or not date else ""
        return f"{top}{shelf_of(date, name)}/{name}.md"

    def _free(self, stem: str, item: WxrItem) -> str:
        """The stem, with more behind it if another item has it."""
        number = slug_of(item.id, fallback="0")
        for candidate in (stem, f"{stem}-{number}", f"{stem}-{item.digest[:12]}"):
            if self._taken.claim(candidate):
                return candidate
        return f"{stem}-{item.digest[:12]}-{item.line}"
