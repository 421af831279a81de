"""Bring the catalog in line with the content folder: only what changed is read."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from sitegen.content.catalog import Catalog
from sitegen.content.poll_files import is_poll_file, read_poll_data
from sitegen.content.source_files import (
    ARTICLE_SUFFIX,
    COMMENTS_SUFFIX,
    FileStat,
    ReadingRules,
    Scanned,
    read_entry,
    read_media,
    walk_files,
)
from sitegen.model import Location, Problem
from sitegen.parallel import Died, Mapper, in_batches

_FILES_A_BATCH = 200
_RACY_NS = 20_000_000  # two ticks of a slow kernel clock, which is what stamps files


def scan(
    catalog: Catalog,
    rules: ReadingRules,
    rules_digest: str,
    inbox: str,
    map_: Mapper,
    progress: Callable[[str, int], None],
    now: str = "",
) -> list[Problem]:
    """Read new and changed files into the catalog, and forget those that are gone.

    Articles that are to appear after `now`, a local time of the site as dates sort, are held back; "" holds
    nothing back. What was held back and is due now appears, though its file did not change.

    With another `rules_digest` than last time every file is read anew. `inbox` is a folder below the content
    folder that holds raw articles. Returns the problems of all content files, changed or not.
    """
    if catalog.get_meta("rules") != rules_digest:
        catalog.forget_all()
    racy_since = int(catalog.get_meta("scanned") or 0) - _RACY_NS
    scanned_at = time.time_ns()
    found: list[Problem] = []
    walked = walk_files(Path(rules.folder), rules.shown_folder, frozenset({inbox}))
    files = catalog.changed_files(_without_problems(walked, found), racy_since)
    done = 0
    for batch in map_(partial(_read_batch, rules), in_batches(files, _FILES_A_BATCH)):
        if isinstance(batch, Died):
            found += (_crashed(rules, file) for file in batch.item)
            continue
        for scanned in batch:
            path = scanned.file.path
            is_media = not path.endswith((ARTICLE_SUFFIX, COMMENTS_SUFFIX)) and not is_poll_file(path)
            catalog.put(scanned, is_media=is_media, now=now)
        done += len(batch)
        progress("read", done)
    catalog.forget_unseen()
    if now:
        catalog.release(now)
    catalog.set_meta("rules", rules_digest)
    catalog.set_meta("scanned", str(scanned_at))
    catalog.commit()
    return found + list(catalog.problems())


def _read_batch(rules: ReadingRules, files: list[FileStat]) -> list[Scanned]:
    return [_read(rules, file) for file in files]


def _read(rules: ReadingRules, file: FileStat) -> Scanned:
    if file.path.endswith(ARTICLE_SUFFIX):
        return read_entry(rules, file)
    return read_poll_data(rules, file) if is_poll_file(file.path) else read_media(rules, file)


def is_data(path: str) -> bool:
    """Whether a file of the content folder is data of articles: neither one itself nor shown as it is."""
    return path.startswith("polls/")


def _without_problems(items: Iterable[FileStat | Problem], found: list[Problem]) -> Iterator[FileStat]:
    for item in items:
        if isinstance(item, Problem):
            found.append(item)
        elif is_poll_file(item.path) or not is_data(item.path):
            yield item


def _crashed(rules: ReadingRules, file: FileStat) -> Problem:
    return Problem(Location(rules.shown(file.path)), "crash", "a worker died while reading this", partly=True)
