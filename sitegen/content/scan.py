"""Bring the catalog in line with the content folder: only what changed is read."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path

from sitegen.content.catalog import Catalog
from sitegen.content.collisions import Moved
from sitegen.content.filed import Filed
from sitegen.content.folder import FileStat, FolderPart, is_data, is_poll_file, walk_folders
from sitegen.content.permalinks import Replacements
from sitegen.content.reading_rules import ReadingRules
from sitegen.mapping import Died, Mapper, in_batches, map_batches
from sitegen.model import Location, Problem, Severity

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
    replacements: Replacements = (),
) -> list[Problem]:
    """Read new and changed files into the catalog, and forget those that are gone.

    Articles that are to appear after `now`, a local time of the site as dates sort, are held back; "" holds
    nothing back. What was held back and is due now appears, though its file did not change.

    With another `rules_digest` than last time every file is read anew. `inbox` is a folder below the content
    folder that holds raw articles. Returns the problems of all content files, changed or not.
    """
    intake = catalog.intake()
    intake.begin(rules_digest)
    racy_since = int(catalog.get_meta("scanned") or 0) - _RACY_NS
    scanned_at = time.time_ns()
    found: list[Problem] = []
    changed = intake.changed_files(_folders(rules, inbox, found), racy_since)
    # The first alone, so that it is read while others are looked for.
    batches = chain(in_batches(islice(changed, 1), 1), in_batches(changed, _FILES_A_BATCH))
    done = 0
    for batch in map_batches(map_, partial(_read, rules, replacements), batches):
        if isinstance(batch, Died):
            found.append(_crashed(rules, batch.item))
            continue
        intake.put(batch, now)
        done += len(batch)
        progress("read", done)
    if intake.misses_files():
        intake.forget_all_but(_folders(rules, inbox, []))
    if now:
        intake.release(now)
    catalog.set_meta("scanned", str(scanned_at))
    intake.finish(rules_digest, with_numbers=rules.permalinks.on_collision == "suffix")
    return [*found, *catalog.problems(), *(_collision(rules, moved) for moved in catalog.moved())]


def _read(rules: ReadingRules, replacements: Replacements, files: list[FileStat]) -> list[Filed]:
    # What reads content files takes longer to load than a build with nothing to do takes at all.
    from sitegen.content.filing import read_files

    return read_files(rules, replacements, files)


def _folders(rules: ReadingRules, inbox: str, found: list[Problem]) -> Iterator[FolderPart]:
    """The content files of every folder; what is wrong with a folder goes to `found`."""
    for item in walk_folders(Path(rules.folder), rules.shown_folder, frozenset({inbox})):
        if isinstance(item, Problem):
            found.append(item)
        elif not is_data(item.files[0].path):
            yield item
        elif files := [file for file in item.files if is_poll_file(file.path)]:
            yield FolderPart(item.folder, item.part, files)


def _collision(rules: ReadingRules, moved: Moved) -> Problem:
    message = f"wants the same path as {rules.shown(moved.other)}: /{moved.wanted}; it got /{moved.permalink}"
    hint = "give one of the two another `slug:` in its front matter: a number changes when older articles come or go"
    return Problem(Location(rules.shown(moved.source)), "collision", message, hint, Severity.WARNING)


def _crashed(rules: ReadingRules, file: FileStat) -> Problem:
    message = "a worker died while reading this: it took too much time or memory, or broke what reads it"
    return Problem(Location(rules.shown(file.path)), "crash", message, partly=True)
