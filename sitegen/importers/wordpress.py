"""A WordPress export: every post and page an article, with its terms, pictures, comments, footnotes and polls.

The file is read twice, as a stream. First what articles refer to (pictures, polls, parents, reusable blocks) goes
into a small database on disk; then each item becomes an article of its own.
"""

import base64
import binascii
import datetime as dt
import html
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct

from sitegen.content.permalinks import slug_of
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.calls import CallCleaner, plain_call
from sitegen.importers.html_to_markdown import Picture, markdown_of_html, text_of_fragment
from sitegen.importers.php import PhpError, is_serialized, unserialize
from sitegen.importers.plain_text import markdown_of_text
from sitegen.importers.raw import Imported, Raw, SideFile
from sitegen.importers.report import ArticleReport, Guess, Mend, SetAside
from sitegen.importers.wxr import Author, Channel, Part, Term, WxrComment, WxrItem, read_export
from sitegen.model import Article, FrontMatter, Location, Problem, Severity, Source
from sitegen.shortcodes.poll import Poll, decode_payload, poll_block
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, find_calls, literal_text, write_call

_POLL_TYPE = "expert_review_poll"
# What a site keeps for itself; no reader ever saw a page of these.
_NO_ARTICLES = frozenset(
    """attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block
    wp_global_styles wp_navigation wp_template wp_template_part wp_font_family wp_font_face acf-field acf-field-group
    wpcf7_contact_form wpforms elementor_library et_pb_layout amp_validated_url scheduled-action jp_img_sitemap
    jp_sitemap jp_sitemap_master jp_vid_sitemap feedback""".split()
) | {_POLL_TYPE}
_REFERRED_TO = re.compile(
    rb"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*(?:attachment|wp_block|page|" + _POLL_TYPE.encode() + rb")\b"
)
# A value's own tags stand outside of CDATA, which an example of this format within an article cannot do.
_TYPE = re.compile(rb"<wp:post_type>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]*)")
_FORMATS = frozenset({"post_format"})
_NO_SECTION = "uncategorized"
_LEFT_OUT = {"0": "waiting", "spam": "spam", "trash": "trash", "post-trashed": "trash"}
_MAX_SUMMARY = 500
_MAX_FIELD_DEPTH = 10
_MAX_CALL_DEPTH = 8
_MAX_TOLD = 160

_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_BLOCK_COMMENT = re.compile(r"<!--\s*(/?)wp:([a-z0-9/_-]+)(?:\s+(\{(?:[^-]|-(?!->))*?\}))?\s*(/?)-->")
_LITERAL = re.compile(r"<(pre|code|script|style)\b|<!--", re.IGNORECASE)
_MORE = re.compile(r"<!--more(?:\s[^>]*)?-->")
_PAGE_BREAK = re.compile(r"<!--nextpage-->")
_AUDIO = ("src", "mp3", "m4a", "ogg", "wav", "wma")
_VIDEO = ("src", "mp4", "m4v", "webm", "ogv", "wmv", "flv")
_CODE_CALLS = frozenset(
    "code sourcecode source cc css bash c cpp csharp diff java javascript js perl php python ruby sql xml".split()
)
_NOTE_CALLS = frozenset("footnote footnotes_note ref efn_note mfn fn note_ref".split())
_LAYOUT = re.compile(r"(?:vc|et_pb|fusion|av|wpb|cs|fl|us|nectar|mk|tatsu)_\w+")
_CORE_CALLS = frozenset({"gallery", "audio", "video", "embed", "playlist", *_NOTE_CALLS})


class WordPress:
    """Exports of WordPress (Tools, Export), plain or compressed."""

    name = "wordpress"
    suffixes: tuple[str, ...] = (".xml", ".wxr", ".gz")
    is_stream = True

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """Every article of an export, in its order, then what was not taken."""
        with closing(_Library()) as library:
            with _opened(raw) as file:
                library.take_in(read_export(file, raw.path, lambda item: _REFERRED_TO.search(item) is not None))
            with _opened(raw) as file:
                site = _Site(raw, library)
                yield from site.articles(read_export(file, raw.path, site.is_article))


def _opened(raw: Raw) -> BinaryIO:
    return Path(raw.file).open("rb") if raw.file else BytesIO(raw.data)


# What articles refer to ---------------------------------------------------------------------------------------------


class VotedAnswer(Struct, frozen=True):
    """An answer of a poll and its votes."""

    id: str
    text: str
    votes: int


class PollVotes(Struct, frozen=True):
    """How a poll went."""

    id: str
    title: str
    answers: tuple[VotedAnswer, ...]
    total_votes: int
    percent: tuple[float, ...]
    voting_open: bool
    displayed: bool


class _StoredPoll(Struct, frozen=True):
    poll: Poll
    votes: PollVotes


class _Library:
    """Pictures, polls, parents and reusable blocks by id, in a database that grows on disk and vanishes."""

    def __init__(self) -> None:
        self.terms: dict[tuple[str, str], Term] = {}
        self.authors: dict[str, str] = {}
        self.channel = Channel()
        self._rows = sqlite3.connect("")
        self._rows.executescript(
            """
            CREATE TABLE picture (id TEXT PRIMARY KEY, parent TEXT, url TEXT, alt TEXT, caption TEXT, title TEXT);
            CREATE INDEX picture_parent ON picture (parent);
            CREATE TABLE page (id TEXT PRIMARY KEY, slug TEXT, parent TEXT);
            CREATE TABLE poll (id TEXT PRIMARY KEY, poll BLOB, line INTEGER, is_shown INTEGER);
            CREATE TABLE block (id TEXT PRIMARY KEY, content TEXT);
            CREATE TABLE target (path TEXT PRIMARY KEY);
            """
        )

    def close(self) -> None:
        self._rows.close()

    def take_in(self, parts: Iterator[Part]) -> None:
        """Remember all that articles may name; what is broken is told when the file is read again."""
        for part in parts:
            match part:
                case Term():
                    self.terms.setdefault((part.taxonomy, part.slug), part)
                case Author():
                    self.authors.setdefault(part.login, part.display_name)
                case Channel():
                    self.channel = part
                case WxrItem():
                    self._take_in_item(part)

    def _take_in_item(self, item: WxrItem) -> None:
        insert = self._rows.execute
        if item.type == "attachment":
            values = (item.id, item.parent, item.attachment_url, item.meta_value("_wp_attachment_image_alt"),
                      item.excerpt, text_of_fragment(item.title))  # fmt: skip
            insert("INSERT OR IGNORE INTO picture VALUES (?, ?, ?, ?, ?, ?)", values)
        elif item.type == "page":
            insert("INSERT OR IGNORE INTO page VALUES (?, ?, ?)", (item.id, _slug(item), item.parent))
        elif item.type == "wp_block":
            insert("INSERT OR IGNORE INTO block VALUES (?, ?)", (item.id, item.content))
        elif item.type == _POLL_TYPE and (poll := _stored_poll(item)):
            insert("INSERT OR IGNORE INTO poll VALUES (?, ?, ?, 0)", (item.id, msgspec.json.encode(poll), item.line))

    def picture(self, number: str) -> Picture:
        """A picture of an id; all empty where the export holds none."""
        row = self._row("SELECT url, alt, caption FROM picture WHERE id = ?", number)
        return Picture(*row) if row else Picture()

    def title(self, number: str) -> str:
        """Title of an attachment."""
        row = self._row("SELECT title FROM picture WHERE id = ?", number)
        return str(row[0]) if row else ""

    def attached_to(self, number: str) -> list[str]:
        """Ids of what was uploaded to an article, in their order."""
        rows = self._rows.execute("SELECT id FROM picture WHERE parent = ? ORDER BY CAST(id AS INTEGER)", (number,))
        return [row[0] for row in rows] if number not in ("", "0") else []

    def block(self, number: str) -> str:
        """Content of a reusable block."""
        row = self._row("SELECT content FROM block WHERE id = ?", number)
        return str(row[0]) if row else ""

    def poll(self, number: str) -> _StoredPoll | None:
        """A poll with its votes; it then counts as shown."""
        row = self._row("SELECT poll FROM poll WHERE id = ?", number)
        if row is None:
            return None
        self._rows.execute("UPDATE poll SET is_shown = 1 WHERE id = ?", (number,))
        return msgspec.json.decode(row[0], type=_StoredPoll)

    def polls_without_article(self) -> Iterator[tuple[PollVotes, int]]:
        """Polls that no article shows, and their lines."""
        for poll, line in self._rows.execute("SELECT poll, line FROM poll WHERE is_shown = 0 ORDER BY line"):
            yield msgspec.json.decode(poll, type=_StoredPoll).votes, line

    def page_path(self, slug: str, parent: str) -> str:
        """Slugs of a page and of those above it, with slashes between."""
        slugs, seen = [slug], set()
        while parent not in ("", "0") and parent not in seen and len(slugs) < 12:
            seen.add(parent)
            row = self._row("SELECT slug, parent FROM page WHERE id = ?", parent)
            if row is None:
                break
            slugs.append(row[0])
            parent = row[1]
        return "/".join(reversed(slugs))

    def claim(self, path: str) -> bool:
        """Whether a target is still free; it is taken then."""
        return self._rows.execute("INSERT OR IGNORE INTO target VALUES (?)", (path.casefold(),)).rowcount > 0

    def _row(self, sql: str, number: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._rows.execute(sql, (number,)).fetchone()
        return row


def _stored_poll(item: WxrItem) -> _StoredPoll | None:
    params, answers = (_meta_object(item, f"{_POLL_TYPE}_{name}") for name in ("params", "answers"))
    answers = list(answers.values()) if isinstance(answers, dict) else answers
    if not isinstance(params, dict):
        params = {}
    if not isinstance(answers, list):
        answers = []
    params = {"title": text_of_fragment(item.title), **params}
    try:
        poll, _truncated = decode_payload(json.dumps({**params, "answers": answers}, default=str))
    except ValueError:
        return None
    votes = [answer.get("votes", 0) if isinstance(answer, dict) else 0 for answer in answers]
    return _StoredPoll(msgspec.structs.replace(poll, id=item.id), _votes(item, poll, votes))


def _votes(item: WxrItem, poll: Poll, votes: list[Any]) -> PollVotes:
    counts = [_count(value) for value in votes]
    counts += [0] * (len(poll.answers) - len(counts))
    told = item.meta_value(f"{_POLL_TYPE}_total_votes")
    total = _count(told) if told else sum(counts)
    return PollVotes(
        id=item.id,
        title=poll.title,
        answers=tuple(VotedAnswer(a.id, a.text, count) for a, count in zip(poll.answers, counts, strict=False)),
        total_votes=total,
        percent=tuple(round(count / total * 100, 2) if total else 0.0 for count in counts[: len(poll.answers)]),
        voting_open=item.meta_value(f"{_POLL_TYPE}_can_vote") != "0",
        displayed=item.meta_value(f"{_POLL_TYPE}_display") != "0",
    )


def _count(value: object) -> int:
    return int(str(value)) if re.fullmatch(r"\d{1,12}", str(value)) else 0


def _meta_object(item: WxrItem, key: str) -> Any:
    try:
        return unserialize(item.meta_value(key))
    except PhpError:
        return None


# One article after the other ----------------------------------------------------------------------------------------


class _Site:
    """One export on its way, with a tally of what is no article."""

    def __init__(self, raw: Raw, library: _Library) -> None:
        self._raw = raw
        self._library = library
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

    def articles(self, parts: Iterator[Part]) -> Iterator[Imported | Problem]:
        for part in parts:
            if isinstance(part, Problem):
                yield part
            elif isinstance(part, WxrItem) and part.type not in _NO_ARTICLES:
                yield self._imported(part)
        yield from self._told()

    def _told(self) -> Iterator[Problem]:
        for poll, line in self._library.polls_without_article():
            message = f'no article shows poll {poll.id}, "{poll.title}", with {poll.total_votes} votes'
            hint = f'write [{_POLL_TYPE} id="{poll.id}"] into an article of the site and export it again'
            yield Problem(Location(self._raw.path, line), "poll-unused", message, hint, Severity.WARNING)
        kinds = [f"{count} {kind}" for kind, count in sorted(self._not_taken.items())]
        comments = [f"{count} comments ({kind})" for kind, count in sorted(self._comments.items()) if count]
        if kinds or comments:
            message = f"not taken as articles: {', '.join(kinds + comments)}"
            hint = "pictures feed captions and featured images; menus and templates have no place in an archive"
            yield Problem(Location(self._raw.path), "not-taken", message, hint, Severity.WARNING)

    def _imported(self, item: WxrItem) -> Imported:
        body = _Body(item, self._library, self._raw.path)
        markdown = body.markdown()
        front_matter = self._front_matter(item, body)
        target = self._target(item, front_matter)
        for comment in item.comments:
            if kind := _LEFT_OUT.get(comment.approved):
                self._comments[kind] += 1
        report = ArticleReport(
            source=self._raw.path, target=target, language=front_matter.lang,
            mends=(*(Mend(kind, what, "", item.line) for kind, what in item.mends), *body.calls.mends),
            guesses=tuple(body.guesses), shortcodes=tuple(body.calls.kept), polls=body.calls.polls,
            set_aside=tuple(body.set_aside),
        )  # fmt: skip
        text = markdown + "\n" if markdown else ""
        beside = (*_comment_file(item, target), *body.poll_files)
        return Imported(Article(front_matter, text), report, (*body.problems, *body.calls.problems), target, beside)

    def _front_matter(self, item: WxrItem, body: "_Body") -> FrontMatter:
        date = _date(item.date) or _date(item.date_gmt)
        updated = _date(item.modified)
        title = text_of_fragment(item.title) or body.title_of_text()
        slug = _slug(item)
        extra = self._extra(item, date, body)
        return FrontMatter(
            title=title,
            date=date,
            updated=updated if updated and updated != date else None,
            slug=slug,
            lang=self._language(item),
            authors=self._authors(item),
            section=self._section(item),
            tags=tuple(dict.fromkeys(_name(term) for term in item.terms if term.taxonomy == "post_tag")),
            summary=text_of_fragment(item.excerpt) or body.teaser(),
            image=self._library.picture(item.meta_value("_thumbnail_id")).url,
            aliases=tuple(_aliases(item)),
            draft="status" in extra,
            source=Source(WordPress.name, self._raw.path, item.digest, item.link),
            extra=extra,
        )

    def _extra(self, item: WxrItem, date: dt.datetime | None, body: "_Body") -> dict[str, Any]:
        extra: dict[str, Any] = {"post_id": item.id}
        if status := _status(item):
            extra["status"] = status
        if item.type not in ("post", "page"):
            extra["type"] = item.type
        gmt = _date(item.date_gmt)
        if gmt and gmt != date:
            extra["date_gmt"] = gmt.isoformat()
        if item.sticky:
            extra["sticky"] = "true"
        if item.order not in ("", "0"):
            extra["order"] = item.order
        if item.parent not in ("", "0"):
            extra["parent_id"] = item.parent
        extra |= self._terms(item)
        if fields := _custom_fields(item, body.used_fields):
            extra["fields"] = fields
        return extra

    def _terms(self, item: WxrItem) -> dict[str, Any]:
        """Names, slugs and parents of terms, where `section` and `tags` do not say all of it."""
        found: dict[str, Any] = {}
        by_taxonomy: dict[str, list[Term]] = {}
        for term in item.terms:
            by_taxonomy.setdefault(term.taxonomy, []).append(self._library.terms.get((term.taxonomy, term.slug), term))
        for taxonomy, terms in by_taxonomy.items():
            told = [
                {key: value for key, value in (("name", _name(term)), ("slug", unquote(term.slug)),
                                               ("parent", unquote(term.parent))) if value}
                for term in terms
            ]  # fmt: skip
            if taxonomy in _FORMATS:
                found["format"] = terms[0].slug.removeprefix("post-format-")
            elif taxonomy == "category":
                if len(told) > 1 or terms[0].parent or _says_more(terms[0]) or not self._section(item):
                    found["categories"] = told
            elif taxonomy == "post_tag":
                if any(_says_more(term) or term.parent for term in terms):
                    found["tag_slugs"] = {_name(term): unquote(term.slug) for term in terms if _says_more(term)}
            elif taxonomy not in ("author", "language"):
                found.setdefault("terms", {})[taxonomy] = told
        return found

    def _section(self, item: WxrItem) -> str:
        """Name of the topmost category above the first one; nothing for what was never sorted."""
        categories = [term for term in item.terms if term.taxonomy == "category"]
        for term in categories:
            if term.slug == _NO_SECTION:
                continue
            seen = set()
            known = self._library.terms.get(("category", term.slug), term)
            while known.parent and known.parent not in seen:
                seen.add(known.parent)
                above = self._library.terms.get(("category", known.parent))
                if above is None:
                    break
                known = above
            return _name(known)
        return ""

    def _authors(self, item: WxrItem) -> tuple[str, ...]:
        together = [_name(term) for term in item.terms if term.taxonomy == "author" and term.name]
        name = self._library.authors.get(item.creator) or item.creator
        authors = together or ([" ".join(html.unescape(name).split())] if name else [])
        return tuple(dict.fromkeys(authors))

    def _language(self, item: WxrItem) -> str:
        told = next((term.slug for term in item.terms if term.taxonomy == "language"), "")
        code = re.split(r"[-_]", told or self._library.channel.language)[0].lower()
        known = self._raw.languages
        return code if re.fullmatch(r"[a-z]{2,3}", code) and (not known or code in known) else ""

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


def _name(term: Term) -> str:
    return text_of_fragment(term.name) or unquote(term.slug)


def _says_more(term: Term) -> bool:
    return unquote(term.slug) != slug_of(_name(term))


def _slug(item: WxrItem) -> str:
    fallback = f"{item.type or 'post'}-{item.id}"
    return slug_of(unquote(item.slug) or text_of_fragment(item.title)[:200] or fallback, fallback=fallback)


def _status(item: WxrItem) -> str:
    """Why an article is no public one; "" if it is."""
    if item.password and item.status == "publish":
        return "password"
    return "" if item.status == "publish" else item.status or "unknown"


def _date(text: str) -> dt.datetime | None:
    """A time as WordPress writes it; the zero date and others that never were are None."""
    if len(text) != 19:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _aliases(item: WxrItem) -> Iterator[str]:
    """Old paths: of the link, and the same with former slugs; `?p=1` is none."""
    try:
        parts = urlsplit(item.link)
    except ValueError:
        return
    path = parts.path
    if parts.query or len(path) < 2 or not path.startswith("/"):
        return
    yield path
    folder, _, _last = path.rstrip("/").rpartition("/")
    for key, value in item.meta:
        if key == "_wp_old_slug" and value and "/" not in value:
            yield f"{folder}/{value}/"


def _custom_fields(item: WxrItem, used: frozenset[str]) -> dict[str, Any]:
    """Fields that an author filled in; two of one name are a list."""
    fields: dict[str, list[Any]] = {}
    for key, value in item.meta:
        if key and not key.startswith("_") and key not in used:
            fields.setdefault(key, []).append(_field_value(value))
    return {key: values[0] if len(values) == 1 else values for key, values in fields.items()}


def _field_value(text: str) -> Any:
    if not is_serialized(text):
        return text
    try:
        return _as_text(unserialize(text), 0)
    except PhpError:
        return text


def _as_text(value: Any, depth: int) -> Any:
    """Lists and tables of text: front matter knows no other kind."""
    if depth > _MAX_FIELD_DEPTH:
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dict):
        return {str(key): _as_text(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part, depth + 1) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


# Comments -----------------------------------------------------------------------------------------------------------


class Comment(Struct, frozen=True, omit_defaults=True):
    """A comment as readers saw it."""

    id: str
    author: str
    date: str  # local time of the site
    content: str  # Markdown
    type: str  # "comment", "pingback", "trackback"
    parent: str = ""  # id of the comment that it answers
    depth: int = 0  # 0: answers the article
    url: str = ""  # of the author
    date_gmt: str = ""


class Comments(Struct, frozen=True):
    """The comments of an article in the order of their threads, and how many are not among them."""

    comments: tuple[Comment, ...]
    left_out: dict[str, int] = {}  # "spam", "trash", "waiting"


def threaded(comments: Sequence[WxrComment]) -> Iterator[Comment]:
    """Public comments, each followed by its answers; an answer to one that is not public starts a thread."""
    public = {comment.id: comment for comment in comments if comment.approved not in _LEFT_OUT}
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
    gmt = comment.date_gmt.replace(" ", "T") if comment.date_gmt != comment.date and _date(comment.date_gmt) else ""
    return Comment(
        id=comment.id,
        author=text_of_fragment(comment.author),
        date=comment.date.replace(" ", "T") if _date(comment.date) else "",
        content=markdown_of_html(autop(comment.content)).markdown,
        parent=parent,
        depth=depth,
        url=comment.url if re.match(r"https?://", comment.url) else "",
        date_gmt=gmt,
        type=comment.type or "comment",
    )


def _comment_file(item: WxrItem, target: str) -> Iterator[SideFile]:
    if not item.comments:
        return
    left_out = Counter(kind for comment in item.comments if (kind := _LEFT_OUT.get(comment.approved)))
    told = Comments(tuple(threaded(item.comments)), dict(sorted(left_out.items())))
    if told.comments:
        yield SideFile(f"{target.removesuffix('.md')}.comments.json", _json(told))


def _json(value: Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


# The body -----------------------------------------------------------------------------------------------------------


class _Written(NamedTuple):
    """A call as it stands in the Markdown."""

    text: str
    is_block: bool = True
    is_call: bool = True  # our shortcode; other Markdown follows the indentation around it


class _Body:
    """The content of one item on its way to Markdown, with a tally of what was done."""

    def __init__(self, item: WxrItem, library: _Library, path: str) -> None:
        self.guesses: list[Guess] = []
        self.calls = CallCleaner(path)
        self.problems: list[Problem] = []
        self.set_aside: list[SetAside] = []
        self.poll_files: list[SideFile] = []
        self.used_fields: frozenset[str] = frozenset()
        self._item = item
        self._library = library
        self._path = path
        self._notes: list[str] = []
        self._footnotes: dict[str, str] = {}
        self._depth = 0

    def markdown(self) -> str:
        content = self._item.content.replace("\r\n", "\n").replace("\r", "\n")
        if "data-fn" in content:
            self._footnotes = _footnotes(self._item.meta_value("footnotes"))
            self.used_fields = frozenset({"footnotes"}) if self._footnotes else frozenset()
        markdown = self._converted(content, self._item.content_line)
        if self._item.password and self._item.status == "publish":
            message = f'"{self._item.title}" was behind a password; it is a draft now'
            place = Location(self._path, self._item.line)
            self.problems.append(Problem(place, "password", message, "take out `draft`", Severity.WARNING))
        return "\n\n".join(part for part in (markdown, *self._notes) if part)

    def title_of_text(self) -> str:
        """The first words, for an article without a title."""
        words = text_of_fragment(_MARK.sub("", self._item.content.replace("[", " [")))[:400].split()
        words = [word for word in words if word[0] not in "[<"]
        if not words:
            return self._item.slug and unquote(self._item.slug).replace("-", " ")
        title = " ".join(words[:10]) + ("…" if len(words) > 10 else "")
        self.guesses.append(Guess("title", title, "no title; the first words of the text", 0.3, self._item.line))
        return title

    def teaser(self) -> str:
        """What stood before "Read more", where that is short."""
        more = _MORE.search(self._item.content)
        if not more or find_calls(self._item.content[: more.start()], _is_taken_out, code=False):
            return ""
        text = text_of_fragment(self._item.content[: more.start()])
        return text if len(text) <= _MAX_SUMMARY else ""

    def _converted(self, content: str, line: int) -> str:
        """Markdown of content: calls out, blocks and paragraphs to HTML, HTML to Markdown, calls back."""
        self._depth += 1
        text, calls = _without_calls(content)
        written = [self._written(call, line) for call in calls]
        source = self._blocks(text, line) if "<!-- wp:" in text else autop(text)
        if "<!--nextpage" in source:
            self._tell(_PAGE_BREAK.findall(source), "a page break; the article stands on one page", line)
        blocks = frozenset(number for number, each in enumerate(written) if each.is_block)
        converted = markdown_of_html(
            source, block_marks=blocks, footnotes=self._footnotes, picture=self._library.picture
        )
        self.set_aside += (SetAside(aside.text, aside.reason, line) for aside in converted.set_aside)
        self._depth -= 1
        return _put_back(converted.markdown, written)

    # Blocks of the block editor

    def _blocks(self, text: str, line: int) -> str:
        """HTML without the block editor's comments; loose text between blocks becomes paragraphs."""
        parts: list[str] = []
        depth, end, language = 0, 0, ""
        for match in _BLOCK_COMMENT.finditer(text):
            between = text[end : match.start()]
            end = match.end()
            parts.append(_with_language(between, language) if depth else autop(between) if between.strip() else "\n")
            language = ""
            if match[1]:
                depth = max(depth - 1, 0)
            elif match[4]:
                parts.append(self._dynamic_block(match, line))
            else:
                depth += 1
                language = _language_of(match[3])
        rest = text[end:]
        return "".join([*parts, rest if depth else autop(rest) if rest.strip() else ""])

    def _dynamic_block(self, match: re.Match[str], line: int) -> str:
        """A block that holds no text of its own: reusable ones are put in, others are told."""
        found = re.search(r'"ref":(\d+)', match[3] or "")
        if match[2] in ("block", "core/block") and found and self._depth < _MAX_CALL_DEPTH:
            content = self._library.block(found[1])
            if content:
                self._depth += 1
                inner = self._blocks(content, line) if "<!-- wp:" in content else autop(content)
                self._depth -= 1
                return inner
        if match[2] not in ("spacer", "separator", "footnotes", "more", "nextpage"):
            reason = "a block that WordPress filled in anew whenever the page was shown"
            self._tell([match[0]], reason, line)
        return "\n"

    def _tell(self, texts: list[str], reason: str, line: int) -> None:
        self.set_aside += (SetAside(text[:_MAX_TOLD], reason, line) for text in texts)

    # Shortcodes

    def _written(self, call: Call, line: int) -> _Written:
        place = line + call.line - 1
        if call.escaped:
            return _escaped_call(call)
        if done := self._core_call(call, place):
            return done
        shortcode = shortcode_for(call.name)
        if call.name in ("poll", _POLL_TYPE):
            return self._poll(call, place)
        if shortcode is None:
            self.calls.read(call, Location(self._path, place))
        is_block = shortcode.block if shortcode else call.content is not None
        return _Written(self._rewritten(call, place), is_block)

    def _poll(self, call: Call, line: int) -> _Written:
        stored = self._library.poll(call.named.get("id", ""))
        if stored and call.name == _POLL_TYPE:
            self.calls.polls += 1
            self.poll_files.append(SideFile(f"polls/{stored.votes.id}.json", _json(stored.votes)))
            return _Written(poll_block(stored.poll))
        value = self.calls.read(call, Location(self._path, line))
        return _Written(poll_block(value) if isinstance(value, Poll) else plain_call(call))

    def _rewritten(self, call: Call, line: int) -> str:
        """A call in plain quotes, what it encloses in Markdown."""
        if call.content is None or self._depth > _MAX_CALL_DEPTH:
            return self._mended(call, plain_call(call), line)
        inner = self._converted(call.content, line)
        if call.name in ("caption", "wp_caption"):
            inner = re.sub(r"(?:  |<br>)?\n+", " ", inner)
        elif "\n" in inner:
            inner = f"\n\n{inner}\n\n"
        try:
            return write_call(call.name, call.named, call.positional, inner)
        except ValueError:
            return self._mended(call, call.source, line)

    def _mended(self, call: Call, clean: str, line: int) -> str:
        if call.damage:
            self.calls.tell_mend(call, clean, line)
        return clean

    def _core_call(self, call: Call, line: int) -> _Written | None:
        """What WordPress and its builders draw themselves; None where it cannot be told in Markdown."""
        if call.name == "gallery":
            return self._gallery(call)
        if call.name == "playlist":
            return self._playlist(call)
        if call.name in ("audio", "video"):
            return self._player(call)
        if call.name in _NOTE_CALLS:
            return self._note(call, line)
        if call.name == "embed":
            address = (call.content or call.named.get("src", "")).strip()
            is_address = re.fullmatch(r"https?://[^\s<>]+", address)
            return _Written(f"<{html.unescape(address)}>", False, False) if is_address else None
        if call.name in _CODE_CALLS:
            return _code(call)
        return self._layout(call, line) if _LAYOUT.fullmatch(call.name) else None

    def _gallery(self, call: Call) -> _Written | None:
        told = call.named.get("ids") or call.named.get("include") or ""
        left = set(re.findall(r"\d+", call.named.get("exclude", "")))
        numbers = re.findall(r"\d+", told) or self._library.attached_to(call.named.get("id") or self._item.id)
        pictures = [(number, self._library.picture(number)) for number in numbers if number not in left]
        figures = [_figure(number, picture) for number, picture in pictures if picture.url]
        missing = [number for number, picture in pictures if not picture.url]
        if not figures:
            return None
        if missing:
            place = Location(self._path, self._item.content_line + call.line - 1)
            message = f"{len(missing)} pictures of a gallery are not in the export: {', '.join(missing[:20])}"
            hint = "export all content of the site"
            self.problems.append(Problem(place, "gallery", message, hint, Severity.WARNING))
        return _Written("\n\n".join(figures), True, False)

    def _playlist(self, call: Call) -> _Written | None:
        numbers = re.findall(r"\d+", call.named.get("ids", "")) or self._library.attached_to(self._item.id)
        links = [
            f"- [{markdown_of_text(self._library.title(number) or picture.url)}]({picture.url.replace(' ', '%20')})"
            for number in numbers
            if (picture := self._library.picture(number)).url
        ]
        return _Written("\n".join(links), True, False) if links else None

    def _player(self, call: Call) -> _Written | None:
        names = _AUDIO if call.name == "audio" else _VIDEO
        address = next((call.named[name] for name in names if call.named.get(name)), "")
        address = address or next((value for value in call.positional if "://" in value), "")
        if not re.match(r"https?://|/", address):
            return None
        if re.search(r"//(?:www\.)?(?:youtube\.com|youtu\.be|vimeo\.com)/", address):
            return _Written(f"<{address}>", True, False)
        return _Written(f'<{call.name} controls src="{html.escape(address)}"></{call.name}>', True, False)

    def _note(self, call: Call, line: int) -> _Written | None:
        if not (call.content or "").strip() or self._depth > _MAX_CALL_DEPTH:
            return None
        number = len(self._notes) + 1
        self._notes.append("")
        text = self._converted((call.content or "").strip(), line)
        self._notes[number - 1] = f"[^note-{number}]: " + text.replace("\n", "\n    ")
        return _Written(f"[^note-{number}]", False, False)

    def _layout(self, call: Call, line: int) -> _Written | None:
        """A page builder's call: what it encloses stays, the frame is told."""
        text = _text_of_layout(call, self._library)
        if text is None and (call.content is None or self._depth > _MAX_CALL_DEPTH):
            return None
        opening = call.source.partition("]")[0] + "]"
        self._tell([opening], "the frame of a page builder; its content is kept", line)
        return _Written(self._converted(call.content or "", line) if text is None else text, True, False)


def _footnotes(stored: str) -> dict[str, str]:
    """The block editor's footnotes by id."""
    try:
        notes = json.loads(stored)
        return {str(note["id"]): str(note["content"]) for note in notes}
    except (ValueError, TypeError, KeyError):
        return {}


def _is_taken_out(name: str) -> bool:
    return is_known(name) or name in _CORE_CALLS


def _without_calls(text: str) -> tuple[str, list[Call]]:
    """The text with numbered marks in place of its calls; what is code or a comment is left alone."""
    text = text.replace(MARK_OPEN, "").replace(MARK_CLOSE, "")
    if "[" not in text:
        return text, []
    masked = _masked(text)
    calls = [
        msgspec.structs.replace(call, source=text[call.start : call.end], content=_unmasked(call, text))
        for call in find_calls(masked, _is_taken_out, code=False)
        if "\ufdd2" not in f"{call.named}{call.positional}"
    ]
    pieces, end = [], 0
    for number, call in enumerate(calls):
        pieces += [text[end : call.start], f"{MARK_OPEN}{number}{MARK_CLOSE}"]
        end = call.end
    return "".join([*pieces, text[end:]]), calls


def _unmasked(call: Call, text: str) -> str | None:
    if call.content is None or "\ufdd2" not in call.content:
        return call.content
    return call.content and text[call.start : call.end].partition("]")[2].rpartition("[/")[0]


def _masked(text: str) -> str:
    """The text, as long as before, without the brackets of code and comments."""
    if not _LITERAL.search(text):
        return text
    folded, pieces, end = text.lower(), [], 0
    missing: set[str] = set()
    while match := _LITERAL.search(text, end):
        closing = f"</{match[1].lower()}" if match[1] else "-->"
        close = folded.find(closing, match.end()) if closing not in missing else -1
        if close < 0:
            missing.add(closing)
            close = match.end()
        pieces += [text[end : match.start()], text[match.start() : close].replace("[", "\ufdd2").replace("]", "\ufdd2")]
        end = close
    return "".join([*pieces, text[end:]])


def _put_back(markdown: str, written: list[_Written]) -> str:
    """Calls in place of their marks; Markdown of several lines keeps to the quotation or list it stands in."""
    if not written:
        return markdown

    def replaced(match: re.Match[str]) -> str:
        number = int(match[1])
        if number >= len(written):
            return ""
        done = written[number]
        if done.is_call or "\n" not in done.text:
            return done.text
        line = markdown[markdown.rfind("\n", 0, match.start()) + 1 : match.start()]
        prefix = re.sub(r"[^>\s]", " ", line)
        if not prefix:
            return done.text
        return done.text.replace("\n", f"\n{prefix}")

    return _MARK.sub(replaced, markdown)


def _escaped_call(call: Call) -> _Written:
    """A call that prints literally: in double brackets where ours would be one too."""
    doubled = f"[{literal_text(call)}]"
    if find_calls(doubled, is_known):
        return _Written(doubled, False)
    return _Written(markdown_of_text(literal_text(call), is_start=False), False, False)


def _figure(number: str, picture: Picture) -> str:
    alt = html.escape(picture.alt).replace("[", "&#91;").replace("]", "&#93;")
    image = f"![{alt}]({picture.url.replace(' ', '%20').replace('(', '%28').replace(')', '%29')})"
    words = re.sub(r"\s+", " ", markdown_of_html(picture.caption).markdown)
    try:
        return write_call("caption", {"id": f"attachment_{number}"}, (), f"{image} {words}") if words else image
    except ValueError:
        return f"{image}\n\n{words}"


def _code(call: Call) -> _Written | None:
    if call.content is None:
        return None
    language = call.named.get("language") or call.named.get("lang") or ""
    if call.name not in ("code", "sourcecode", "source"):
        language = language or call.name
    text = re.sub(r"\A(?:[ \t]*\n)+", "", call.content).rstrip()
    if "&" in text and "<" not in text:
        text = html.unescape(text)  # the visual editor stores code with its signs escaped
    if not re.fullmatch(r"[\w#+.-]*", language):
        language = ""
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", text, re.MULTILINE)), default=2)
    fence = "`" * max(3, longest + 1)
    return _Written(f"{fence}{language.lower()}\n{text}\n{fence}", True, False)


def _text_of_layout(call: Call, library: _Library) -> str | None:
    """What a builder's call without content says."""
    if call.name in ("vc_raw_html", "vc_raw_js") and call.content:
        try:
            source = unquote(base64.b64decode(call.content.strip(), validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            return None
        return markdown_of_html(source).markdown
    if call.name == "vc_custom_heading" and call.named.get("text"):
        return "## " + markdown_of_text(text_of_fragment(call.named["text"]), is_start=False)
    if call.name == "vc_single_image" and (picture := library.picture(call.named.get("image", ""))).url:
        return _figure(call.named["image"], picture)
    if call.name in ("et_pb_image", "av_image") and re.match(r"https?://", call.named.get("src", "")):
        return _figure("0", Picture(call.named["src"], call.named.get("alt", "")))
    return None


def _language_of(attributes: str | None) -> str:
    """The language of a code block, as plug-ins write it into the block's comment."""
    if not attributes or "lang" not in attributes.lower():
        return ""
    match = re.search(r'"(?:code)?lang(?:uage)?"\s*:\s*"([\w#+.-]{1,30})"', attributes, re.IGNORECASE)
    return match[1] if match else ""


def _with_language(text: str, language: str) -> str:
    return text.replace("<pre", f'<pre data-lang="{language}"', 1) if language else text


# Paragraphs of the classic editor -----------------------------------------------------------------------------------

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
