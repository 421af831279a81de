"""Bring a target in line with the built site: only what changed, removals last, or not at all."""

from functools import partial
from pathlib import Path

from msgspec import Struct

from sitegen.commands.trees import site_tree
from sitegen.config import PublishTable, Site
from sitegen.model import Location, Problem, SiteError
from sitegen.outputs.manifest import ManifestError, read_manifest
from sitegen.publishers.plan import Change, changes, in_safe_order
from sitegen.publishers.registry import Publisher, opener_of, types

_SHARE = 0.1  # of the published files that may be removed without being asked for
_MOST = 0.5  # however few that is: an archive that lost half of its pages was built from the wrong folder
_SHOWN = 200


class Outcome(Struct):
    """What a publication did, or would do."""

    target: str
    dry_run: bool = False
    put: int = 0
    deleted: int = 0
    unchanged: int = 0
    plan: list[Change] = []  # of a dry run: the first 200
    problems: list[Problem] = []


def publish(site: Site, target: str, *, dry_run: bool = False, allow_deletes: int | None = None) -> Outcome:
    """Publish the last clean build.

    Raises SiteError when there is none, when the target is unknown, or when more would be removed than is
    plausible. A file that can't be put ends the publication before anything is removed.
    """
    name, table = _table_of(site, target)
    manifest = site_tree(site).manifest
    built = partial(read_manifest, manifest)
    total = _count_built(manifest)
    publisher = _open(site, name, table)
    outcome = Outcome(target=name, dry_run=dry_run)
    deletes = _survey(publisher, built, outcome)
    outcome.unchanged = total - outcome.put
    _refuse_too_many(name, table, deletes, total - outcome.put + deletes, allow_deletes)
    if dry_run:
        return outcome
    outcome.put = 0
    _carry_out(site_tree(site).output, publisher, built, outcome)
    if not outcome.problems:
        publisher.finish(manifest)
    return outcome


def _survey(publisher: Publisher, built: partial, outcome: Outcome) -> int:  # type: ignore[type-arg]
    """Count what would be done, and look whether it may be."""
    deletes = 0
    for change in changes(built, publisher.published):
        if change.action == "delete":
            deletes += 1
        else:
            outcome.put += 1
            if change.reason == "new" and publisher.holds_foreign(change.path):
                hint = "remove it there first, or publish to another place"
                message = "lies at the target already, and sitegen has not put it there"
                raise SiteError(Problem(Location(change.path), "foreign", message, hint))
        if outcome.dry_run:
            outcome.deleted = deletes
            if len(outcome.plan) < _SHOWN:
                outcome.plan.append(change)
    return deletes


def _carry_out(output: Path, publisher: Publisher, built: partial, outcome: Outcome) -> None:  # type: ignore[type-arg]
    for change in in_safe_order(built, publisher.published):
        try:
            if change.file:
                publisher.put(change.file, output / change.path)
                outcome.put += 1
            else:
                publisher.delete(change.path)
                outcome.deleted += 1
        except OSError as error:
            hint = "nothing was removed; publish again to go on" if change.file else "publish again to go on"
            message = f"can't {change.action}: {error.strerror or error}"
            outcome.problems.append(Problem(Location(change.path), "publish", message, hint, partly=True))
            return


def _refuse_too_many(name: str, table: PublishTable, deletes: int, published: int, allowed: int | None) -> None:
    limit = allowed if allowed is not None else max(table.max_deletes, int(published * _SHARE))
    if deletes > limit or (allowed is None and deletes > published * _MOST):
        message = f"{deletes:,} of {published:,} published files would be removed; nothing was done"
        hint = f"look at `sitegen publish --dry-run`; if it is right, add --allow-deletes {deletes}"
        raise SiteError(Problem(Location(name), "refused", message, hint))


def _table_of(site: Site, target: str) -> tuple[str, PublishTable]:
    tables = site.config.publish
    place = Location("sitegen.toml")
    if not tables:
        hint = 'write [publish.web] with type = "directory" and path = "…"'
        raise SiteError(Problem(place, "publish", "no target is configured", hint))
    if not target and len(tables) > 1:
        raise SiteError(
            Problem(place, "publish", "several targets are configured", f"name one: {', '.join(sorted(tables))}")
        )
    name = target or next(iter(tables))
    if name not in tables:
        raise SiteError(
            Problem(place, "publish", f'there is no target "{name}"', f"known: {', '.join(sorted(tables))}")
        )
    return name, tables[name]


def _open(site: Site, name: str, table: PublishTable) -> Publisher:
    opener = opener_of(table.type)
    if opener is None:
        message = f'[publish.{name}] has an unknown type "{table.type}"'
        raise SiteError(Problem(Location("sitegen.toml"), "publish", message, f"known: {', '.join(types())}"))
    return opener(table, site.folder)


def _count_built(manifest: Path) -> int:
    hint = "run `sitegen build` and mend what it tells"
    try:
        return sum(1 for _ in read_manifest(manifest))
    except FileNotFoundError:
        raise SiteError(
            Problem(Location(str(manifest.name)), "no-build", "there is no clean build to publish", hint)
        ) from None
    except (ManifestError, ValueError) as error:
        raise SiteError(Problem(Location(str(manifest.name)), "no-build", str(error), hint)) from None
