"""Why a file was written again, or was not."""

from typing import NamedTuple

from sitegen.commands.work import Work
from sitegen.outputs.fingerprint import FIELDS, differing
from sitegen.outputs.tree import is_in_place
from sitegen.pages.cards import output_of

_MEANING = {
    "template": "its template, or one that it includes",
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
    """Look at a file before its build; `path` is its own, or that of its page ("/2011/05/a/")."""
    output = output_of(path.strip().lstrip("/"))
    known = work.record.about(output)
    is_same = work.record.get_meta("inputs") == work.inputs
    changes = work.catalog.changes_since(work.record.get_meta("planned")) or set()
    if known is None:
        return Before(output, "", "", False, is_same, ())
    touched = tuple(sorted(changes & work.record.topics_of(known.part)))
    return Before(output, known.part, known.fingerprint, is_in_place(work.output, output, known.size), is_same, touched)


def explain(work: Work, before: Before) -> list[str]:
    """The reasons, after the build, in lines for people."""
    after = work.record.about(before.output)
    if after is None or not after.part:
        return [f"{before.output}: " + ("no page wants it any more" if before.part else "there is no such page")]
    source = f", made of {after.source}" if after.source else ""
    lines = [f"{before.output}: planned in the part `{after.part}`{source}"]
    if not before.has_same_inputs:
        lines.append("  configuration, theme or sitegen have changed, so everything was planned again")
    elif before.touched:
        topics = ", ".join(before.touched[:_MAX_TOPICS]) + (" …" if len(before.touched) > _MAX_TOPICS else "")
        lines.append(f"  its part was planned again, since it had read what has changed: {topics}")
    if not before.fingerprint:
        return [*lines, "  written: it was not there before"]
    changed = differing(before.fingerprint, after.fingerprint)
    lines += (f"  written: {name} has changed ({_MEANING[name]})" for name in FIELDS if name in changed)
    if not changed:
        is_there = "not written: it is made of the very same things"
        lines.append(f"  {is_there if before.is_in_place else 'written: it was missing, or somebody else changed it'}")
    return lines
