"""Why a file was written again, or was not."""

from typing import NamedTuple

from sitegen.commands.work import Work
from sitegen.outputs.fingerprint import FIELDS, differing
from sitegen.outputs.tree import is_in_place
from sitegen.pages.cards import output_of

_MEANING = {
    "template": "its template, or one that it includes",
    "frame": "what its template prints around its blocks",
    "settings": "what all pages see of the site, or sitegen itself",
    "context": "what is said around its text: title, links, neighbours, lists",
    "body": "the content file that it shows",
}
_MAX_TOPICS = 12


class Before(NamedTuple):
    """What was known of a file before a build."""

    output: str
    part: str  # of the plan, "" for none
    fingerprint: str
    is_in_place: bool
    has_same_inputs: bool
    touched: tuple[str, ...]  # topics that its part had read, and that have changed


def look_before(work: Work, path: str) -> Before:
    """Look at a file before its build; `path` is as a person names it.

    That is its own path, with or without the output folder, its page's ("/2011/05/a/"), its address, or the content
    file that it is made of.
    """
    output = output_of(_path_in_site(work, path.strip()))
    known = work.record.about(output)
    is_same = work.record.get_meta("inputs") == work.inputs.digest
    changes = work.catalog.changes_since(work.record.get_meta("planned")) or set()
    if known is None:
        return Before(output, "", "", False, is_same, ())
    touched = tuple(sorted(changes & work.record.topics_of(known.part)))
    return Before(output, known.part, known.fingerprint, is_in_place(work.output, output, known.size), is_same, touched)


def _path_in_site(work: Work, named: str) -> str:
    config = work.site.config
    url = config.site.url.rstrip("/") + "/"
    if len(url) > 1 and named.startswith(url):
        return named.removeprefix(url)
    path = named.removeprefix("./").lstrip("/")
    if path.startswith(f"{config.paths.content}/"):
        return work.catalog.permalink_of(path.removeprefix(f"{config.paths.content}/")) or path
    return path.removeprefix(f"{config.paths.output}/")


def explain(work: Work, before: Before, is_same: bool) -> list[str]:
    """The reasons, after the build, in lines for people; `is_same` if nothing new was written to the file."""
    after = work.record.about(before.output)
    if after is None or not after.part:
        return [f"{before.output}: " + ("no page wants it any more" if before.part else "there is no such page")]
    source = f", made of {after.source}" if after.source else ""
    lines = [f"{before.output}: planned in the part `{after.part}`{source}"]
    if not before.has_same_inputs:
        lines.append("  configuration, texts or sitegen have changed, so everything was planned again")
    elif before.touched:
        topics = ", ".join(before.touched[:_MAX_TOPICS]) + (" …" if len(before.touched) > _MAX_TOPICS else "")
        lines.append(f"  its part was planned again, since it had read what has changed: {topics}")
    if not before.fingerprint:
        return [*lines, "  written: it was not there before"]
    changed = differing(before.fingerprint, after.fingerprint)
    what = "drawn again, to the very same bytes" if is_same else "written"
    lines += (f"  {what}: {name} has changed ({_MEANING[name]})" for name in FIELDS if name in changed)
    if not changed:
        is_there = "not written: it is made of the very same things"
        lines.append(f"  {is_there if before.is_in_place else 'written: it was missing, or somebody else changed it'}")
    return lines
