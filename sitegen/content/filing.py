"""Content files as rows for the catalog, made in workers."""

from collections.abc import Iterator
from itertools import chain

import msgspec

from sitegen.content.filed import Filed
from sitegen.content.folder import ARTICLE_SUFFIX, FileStat, is_media, is_poll_file
from sitegen.content.order import publication_time, sort_date, title_key
from sitegen.content.permalinks import Replacements, term_slug
from sitegen.content.reading_rules import ReadingRules
from sitegen.content.source_files import Scanned, read_entries, read_media

_BYTES_AT_ONCE = 1 << 20
_ENCODE = msgspec.msgpack.Encoder().encode


def read_files(rules: ReadingRules, replacements: Replacements, files: list[FileStat]) -> list[Filed]:
    """The rows of these files."""
    scanned = chain.from_iterable(_read(rules, group) for group in _groups(files))
    return [file_away(one, replacements, rules.language) for one in scanned]


def file_away(scanned: Scanned, replacements: Replacements, language: str = "en") -> Filed:
    """The rows of a file that was read, for a site of a language."""
    stat, entry = scanned.file, scanned.entry
    problems = _ENCODE(scanned.problems) if scanned.problems else None
    picture = _ENCODE(scanned.picture) if scanned.picture else None
    file = (stat.path, stat.size, stat.mtime_ns, scanned.digest, is_media(stat.path), problems, picture)
    if entry is None:
        return Filed(file, record=scanned.record)
    date = sort_date(entry)
    section = term_slug(entry.section, replacements) if entry.section else ""
    key, data = title_key(entry.title, language), _ENCODE(entry)
    row = (entry.source, entry.permalink, date, entry.title, key, entry.lang, section, data)
    names = [*(("tag", tag) for tag in entry.tags), *(("author", author) for author in entry.authors)]
    names += [("series", entry.series)] if entry.series else []
    first = {(kind, term_slug(name, replacements)): name for kind, name in reversed(names)}
    terms = tuple((kind, slug, name) for (kind, slug), name in first.items())
    is_timed, is_withdrawn = entry.publish_at is not None, entry.withdrawn is not None
    return Filed(
        file, row, terms, publication_time(entry), is_timed, is_withdrawn, scanned.polls, None, entry.aliases,
        scanned.words,
    )  # fmt: skip


def _groups(files: list[FileStat]) -> Iterator[list[FileStat]]:
    """The files in order, those of one kind together; as many as fit into memory without being noticed."""
    group: list[FileStat] = []
    size = 0
    for file in files:
        if group and (size >= _BYTES_AT_ONCE or _is_article(file) != _is_article(group[0])):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.size
    if group:
        yield group


def _read(rules: ReadingRules, files: list[FileStat]) -> list[Scanned]:
    if _is_article(files[0]):
        return read_entries(rules, files)
    return [_read_poll_data(rules, file) if is_poll_file(file.path) else read_media(rules, file) for file in files]


def _read_poll_data(rules: ReadingRules, file: FileStat) -> Scanned:
    from sitegen.content.poll_files import read_poll_data  # with what reads polls, which few sites have

    return read_poll_data(rules, file)


def _is_article(file: FileStat) -> bool:
    return file.path.endswith(ARTICLE_SUFFIX)
