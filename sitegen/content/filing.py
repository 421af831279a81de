"""Content files as rows for the catalog, made in workers."""

import msgspec

from sitegen.content.filed import Filed
from sitegen.content.folder import ARTICLE_SUFFIX, FileStat, is_media, is_poll_file
from sitegen.content.order import publication_time, sort_date, title_key
from sitegen.content.permalinks import Replacements, term_slug
from sitegen.content.poll_files import read_poll_data
from sitegen.content.reading_rules import ReadingRules
from sitegen.content.source_files import Scanned, read_entry, read_media

_ENCODE = msgspec.msgpack.Encoder().encode


def read_files(rules: ReadingRules, replacements: Replacements, files: list[FileStat]) -> list[Filed]:
    """The rows of these files."""
    return [file_away(_read(rules, file), replacements, rules.language) for file in files]


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


def _read(rules: ReadingRules, file: FileStat) -> Scanned:
    if file.path.endswith(ARTICLE_SUFFIX):
        return read_entry(rules, file)
    return read_poll_data(rules, file) if is_poll_file(file.path) else read_media(rules, file)
