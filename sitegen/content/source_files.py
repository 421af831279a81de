"""Content files: find them, read one, and make the entry that the catalog keeps of it."""

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sitegen.content.bodies import bytes_of, decode
from sitegen.content.folder import ARTICLE_SUFFIX, FileStat
from sitegen.content.front_matter import ContentText, parse_front_matter
from sitegen.content.permalinks import permalink_of, slug_of
from sitegen.content.pictures import BrokenPictureError, is_picture_name, read_picture
from sitegen.content.reading_rules import ReadingRules
from sitegen.model import ArticleEntry, Location, Picture, PollRecord, Problem, Reference, Severity, SiteError
from sitegen.search.article import article_words
from sitegen.search.words import ArticleWords
from sitegen.shortcodes.code import code_spans
from sitegen.shortcodes.poll_values import POLL_NAMES, FoundPoll
from sitegen.shortcodes.traces import may_have_bare_calls, may_have_calls
from sitegen.typography import french_text, is_french

_SUMMARY_LENGTH = 240
_WHITE = bytes(ord(" " if chr(code).isspace() else "x") for code in range(256))
_LINKED = re.compile(r"\]\(\s*(?:<([^>\n]+)>|([^)\s]+))")
_REFERRING = "href src poster mp3 m4a ogg wav flac mp4 webm ogv".split()  # attributes
_REFERENCE = re.compile(
    rf"""\]\(\s*(?:<([^>\n]+)>|([^)\s]+))|^[ ]{{0,3}}\[[^\]^][^\]]*\]:\s*<?([^\s>]+)
    |(?:{"|".join(_REFERRING)})\s*=\s*["']([^"']+)["']""",
    re.MULTILINE | re.VERBOSE,
)
# More than are calls in the end: whether a name is one is known to whoever draws it.
_CALLED = re.compile(r"\[([A-Za-z][\w-]*)[^\]\n]*\](?!\()")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|/|#|\?")
_GAP = re.compile(r"\n\s*\n")
_CALL_IN_PROSE = re.compile(r"\[/?[a-z][\w-]*[\s\]=]|\(\(|\[\[")
_NOT_PROSE = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|```|~~~|\||:\s|!\[|\[\^|\*\[|<|\[[a-z])")


class Scanned(NamedTuple):
    """A content file as it was read: its entry, or none and the problems that say why."""

    file: FileStat
    digest: str
    entry: ArticleEntry | None
    problems: tuple[Problem, ...]
    polls: tuple[FoundPoll, ...] = ()  # of the body
    record: PollRecord | None = None  # of a poll's data file
    picture: Picture | None = None
    words: ArticleWords | None = None


def read_entries(rules: ReadingRules, files: list[FileStat]) -> list[Scanned]:
    """Read content files, of which all fit into memory. What is wrong with one is told in its `problems`.

    Bytes first, then front matter, then entries: a processor that does one thing for some time does it a fifth faster.
    """
    read = [_read(rules, file) for file in files]
    parsed = [one if isinstance(one, Scanned) else _parsed(rules, one) for one in read]
    return [one if isinstance(one, Scanned) else _scanned(rules, one) for one in parsed]


class _Read(NamedTuple):
    file: FileStat
    digest: str
    data: bytes


class _Parsed(NamedTuple):
    file: FileStat
    digest: str
    content: ContentText
    body_at: int


def _read(rules: ReadingRules, file: FileStat) -> _Read | Scanned:
    path = f"{rules.folder}/{file.path}"
    try:
        # The stamp is taken before the bytes: a file that changes in between is read again next time.
        found = os.stat(path)  # noqa: PTH116 - a hot path: no Path per file
        file = FileStat(file.path, found.st_size, found.st_mtime_ns)
        if file.size > rules.max_bytes:
            hint = "split it, or raise megabytes_per_article in [build]"
            return _failed(
                file,
                "",
                Problem(Location(rules.shown(file.path)), "too-large", f"{file.size:,} bytes are too much", hint),
            )
        data = bytes_of(path)
    except OSError as error:
        return _failed(
            file,
            "",
            Problem(
                Location(rules.shown(file.path)),
                "unreadable",
                f"can't be read: {error.strerror}",
                partly=True,
            ),
        )
    return _Read(file, hashlib.sha256(data).hexdigest(), data)


def _parsed(rules: ReadingRules, read: _Read) -> _Parsed | Scanned:
    shown = rules.shown(read.file.path)
    try:
        content = parse_front_matter(decode(read.data, shown), shown)
    except SiteError as error:
        return _failed(read.file, read.digest, error.problem)
    return _Parsed(read.file, read.digest, content, _start_of(content.body, read.data))


def _scanned(rules: ReadingRules, parsed: _Parsed) -> Scanned:
    file, digest, content, body_at = parsed
    try:
        entry, warnings = entry_of(content, file.path, digest, rules, body_at)
    except SiteError as error:
        return _failed(file, digest, error.problem)
    is_shown = rules.with_drafts or not entry.draft
    has_polls = is_shown and not POLL_NAMES.isdisjoint(entry.shortcodes)
    polls = _polls_in(content) if has_polls else ()
    words = article_words(entry, content.body, polls) if rules.with_words and is_shown else None
    return Scanned(file, digest, entry if is_shown else None, (*content.warnings, *warnings), polls, words=words)


def _polls_in(content: ContentText) -> tuple[FoundPoll, ...]:
    from sitegen.shortcodes.poll_calls import polls_in  # with the grammar, which few articles need

    return polls_in(content.body, content.body_line)


def _start_of(body: str, data: bytes) -> int:
    """Where a body starts in the bytes of its file; -1 if it does not stand there as it is."""
    written = body.encode()
    return len(data) - len(written) if data.endswith(written) else -1


def read_media(rules: ReadingRules, file: FileStat) -> Scanned:
    """Digest a file of the content folder that is no article, and look at a picture."""
    try:
        with Path(rules.folder, file.path).open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        if not is_picture_name(file.path):
            return Scanned(file, digest, None, ())
        return _read_picture(rules, file, digest)
    except OSError as error:
        return _failed(
            file,
            "",
            Problem(
                Location(rules.shown(file.path)),
                "unreadable",
                f"can't be read: {error.strerror}",
                partly=True,
            ),
        )


def _read_picture(rules: ReadingRules, file: FileStat, digest: str) -> Scanned:
    """A picture that is only broken stays, since a part of it may be seen; one that does harm is left out."""
    try:
        picture = read_picture(Path(rules.folder, file.path), rules.megapixels)
    except BrokenPictureError as error:
        severity = Severity.ERROR if error.is_harmful else Severity.WARNING
        place = Location(rules.shown(file.path))
        problem = Problem(place, "picture", error.message, error.hint, severity)
        return Scanned(file, "" if error.is_harmful else digest, None, (problem,))
    return Scanned(file, digest, None, (), picture=picture)


def entry_of(
    content: ContentText, path: str, digest: str, rules: ReadingRules, body_at: int = -1
) -> tuple[ArticleEntry, list[Problem]]:
    """Entry of a content file, and warnings about what had to be guessed."""
    matter, body = content.front_matter, content.body
    shown, warnings = rules.shown(path), []
    title = matter.title or _title_from_name(path)
    if not matter.title:
        hint = "write `title:` in the front matter"
        warnings.append(_warning(shown, "no-title", f'no title; "{title}" is taken from the file name', hint))
    if not body.strip():
        warnings.append(_warning(shown, "empty", "the article has no text", "write some, or mark it `draft: true`"))
    date, section = _local(matter.date, rules.timezone), matter.section or _section_of(path)
    slug = slug_of(matter.slug or title, fallback=_stem(path))
    if matter.slug and slug != matter.slug:
        warnings.append(
            _warning(shown, "slug", f'slug "{matter.slug}" becomes "{slug}"', "use letters, digits and hyphens")
        )
    summary = matter.summary or summary_of(body)
    if is_french(matter.lang or rules.language):
        title, summary = french_text(title), french_text(summary)
    entry = ArticleEntry(
        source=path, digest=digest, body_at=body_at, body_line=content.body_line,
        permalink=permalink_of(rules.permalinks, slug, date, section), title=title,
        date=date, updated=_local(matter.updated, rules.timezone), lang=matter.lang, authors=matter.authors,
        section=section, series=matter.series, tags=matter.tags, summary=summary,
        image=matter.image,
        aliases=matter.aliases, draft=matter.draft, publish_at=_local(matter.publish_at, rules.timezone),
        withdrawn=matter.withdrawn, canonical=matter.canonical, corrections=matter.corrections,
        translations=matter.translations, words=word_count(body),
        links=references_of(body, content.body_line), shortcodes=tuple(sorted(_called(body))),
        origin=matter.source,
    )  # fmt: skip
    return entry, warnings


def summary_of(body: str) -> str:
    """The beginning of the first paragraph of prose as plain text, cut at a word."""
    for written in _blocks(body[:20_000]):
        block = _without_calls(written) if "[" in written or "((" in written else written
        if block.strip() and not _NOT_PROSE.match(block):
            text = _plain_text(block)
            if len(text) <= _SUMMARY_LENGTH:
                return text
            return text[: _SUMMARY_LENGTH + 1].rsplit(" ", 1)[0][:_SUMMARY_LENGTH].rstrip(" ,;:«“„(—–-") + " …"
    return ""


def _blocks(text: str) -> Iterator[str]:
    """What empty lines part; most often the first is all that is asked for."""
    start = 0
    for gap in _GAP.finditer(text):
        yield text[start : gap.start()]
        start = gap.end()
    yield text[start:]


def _without_calls(block: str) -> str:
    """A paragraph without its calls, what frames hold left in; a block that a call begins stays as it is."""
    if not _CALL_IN_PROSE.search(block) or not may_have_calls(block):
        return block
    # They take longer to load than articles without calls take at all.
    from sitegen.shortcodes.bare import bare_calls
    from sitegen.shortcodes.builders import is_frame
    from sitegen.shortcodes.registry import is_known
    from sitegen.shortcodes.syntax import Part, find_calls, literal_text, outermost

    calls = find_calls(block, is_known, by_tag=lambda name: not is_known(name) or is_frame(name))
    pieces, end = [], 0
    for call in outermost(merge(calls, bare_calls(block), key=lambda call: call.start)):
        pieces.append(block[end : call.start])
        end = call.end
        if call.escaped:
            pieces.append(literal_text(call))
        elif call.part is Part.WHOLE and not is_frame(call.name) and not "".join(pieces).strip():
            return block
    return "".join([*pieces, block[end:]])


def references_of(body: str, first_line: int = 1) -> tuple[Reference, ...]:
    """Relative references of a body, sorted: candidates for links inside the site. Code is left out."""
    if "]:" in body or ("=" in body and any(name in body for name in _REFERRING)):
        sought = _REFERENCE
    elif "](" in body:
        sought = _LINKED  # the same without what is not there, in a hundredth of the time
    else:
        return ()
    within = [
        (target, match.start())
        for match in sought.finditer(body)
        if not _ELSEWHERE.match(target := match[match.lastindex or 0])
    ]
    code = code_spans(body) if within else ()
    found: dict[str, int] = {}
    for target, place in within:
        if not any(start <= place < end for start, end in code):
            found.setdefault(target, first_line + body.count("\n", 0, place))
    return tuple(Reference(*pair) for pair in sorted(found.items()))


def _called(body: str) -> set[str]:
    names: set[str] = set(_CALLED.findall(body))
    if may_have_bare_calls(body):
        from sitegen.shortcodes.bare import bare_calls

        names.update(call.name for call in bare_calls(body))
    return names


def word_count(text: str) -> int:
    """Number of words; spaces that Latin-1 does not have, such as the narrow one before a French sign, part none."""
    # A third of the time that it takes to make the words.
    signs = text.encode("latin-1", "replace").translate(_WHITE)
    return signs.count(b" x") + signs.startswith(b"x")


def _failed(file: FileStat, digest: str, problem: Problem) -> Scanned:
    return Scanned(file, digest, None, (problem,))


def _warning(path: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(ARTICLE_SUFFIX)


def _title_from_name(path: str) -> str:
    name = _stem(path).replace("-", " ").replace("_", " ").strip()
    return name[:1].upper() + name[1:] or path


def _section_of(path: str) -> str:
    return path.split("/", 1)[0] if "/" in path else ""


def _local(date: dt.datetime | dt.date | None, timezone: str) -> dt.datetime | None:
    """The site's local time, without a zone: what a reader there saw on the clock."""
    if date is None:
        return None
    if not isinstance(date, dt.datetime):
        return dt.datetime(date.year, date.month, date.day)
    return date.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) if date.tzinfo else date


_INLINE = re.compile(r"!\[[^\[\]]*\]\([^)]*\)|\[\^[^\]]+\]|<[^>]*>|\{:?[^}]*\}$")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_MARKS = re.compile(r"\*(?<!\\\*)\*?|`(?<!\\`)`*|_(?<!\\_)(?:_|(?<!\w_)|(?!\w))")  # the sign first: it is looked for
_MARKUP = re.compile(r"[\[<{*_`\\]")  # without one of these, none of the others finds anything
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|&<])")


def _plain_text(block: str) -> str:
    text = block
    if _MARKUP.search(block):
        text = _LINK.sub(r"\1", _INLINE.sub("", block))
        text = _ESCAPE.sub(r"\1", _MARKS.sub("", text))
    return " ".join(text.replace("&lt;", "<").replace("&amp;", "&").split())
