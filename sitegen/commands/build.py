"""Bring the output tree in line with the content."""

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import structs

from sitegen.beside import Beside
from sitegen.commands.build_report import BuildReport, Progress, unseen, untimed
from sitegen.commands.inputs import inputs_of, is_up_to_date, look_of, looks_otherwise
from sitegen.commands.lock import PATIENT, Patience, locked
from sitegen.commands.look_over import LookedAhead, looked_over
from sitegen.commands.trees import Tree, open_tree_catalog, open_tree_record, site_mapper, slugs_of
from sitegen.config import Site
from sitegen.content.catalog import Catalog
from sitegen.content.raw_files import RawFiles
from sitegen.content.reading_rules import ReadingRules
from sitegen.content.scan import scan
from sitegen.mapping import Mapper
from sitegen.model import Location, Problem, SiteError
from sitegen.outputs.fingerprint import digest_of, engine_digest
from sitegen.outputs.tree import make_folder

if TYPE_CHECKING:
    from sitegen.commands.import_summary import ImportSummary
    from sitegen.commands.profile import Profile

_MIB = 1 << 20
# What is still so in the Markdown is told there, when it is drawn.
_TOLD_AGAIN = frozenset(
    "unknown-shortcode poll-payload poll-without-payload poll-without-content poll-answers payload form-not-kept "
    "list-not-kept rating-not-kept gallery-without-pictures playlist-without-files embed-without-address "
    "faq-without-questions empty-review".split()
)


def build(
    site: Site,
    tree: Tree,
    progress: Progress = unseen,
    now: dt.datetime | None = None,
    why: str = "",
    profile: "Profile | None" = None,
    patience: Patience = PATIENT,
    looked_ahead: LookedAhead | None = None,
) -> BuildReport:
    """Take in the inbox, then bring the output tree in line with the content.

    Articles that are to appear after `now` (with a zone; the clock's time if None) are nowhere to be seen. The report
    tells why the file `why` was written or not; `profile` is filled with where the time went.
    What was `looked_ahead` need not be looked for again.
    Problems of the content are in the report. Raises SiteError when the output folder can't be written, or
    when another build is at work for longer than there is `patience`.
    """
    started = time.monotonic()
    local, look = local_time(site, now), look_of(site)
    _refuse_strange_output(site, tree)
    with (
        locked(site.state / "lock", patience),
        open_tree_catalog(site, tree) as catalog,
        open_tree_record(tree) as record,
        closing(Beside(partial(_get_ready_to_draw, site, local.date(), look.templates.all))) as drawer,
    ):
        files = looked_over(tree.record, tree.output, looked_ahead)
        stage = profile.stage if profile else untimed
        if looks_otherwise(record, look) and site.config.build.workers != 1 and not site.config.build.scheduler:
            drawer.start()  # there is much to draw
        with site_mapper(site, idle=partial(_prepare, drawer)) as map_:
            with stage("take in raw articles"):
                taken_in = _take_in(site, map_)
            told = taken_in.problems if taken_in else []
            report = BuildReport(taken_in=taken_in, problems=[one for one in told if one.code not in _TOLD_AGAIN])
            with stage("read content files"):
                report.problems += _scan(site, tree, catalog, map_, progress, local)
            report.articles = catalog.count()
        with stage("find what is stale"):
            inputs, raw_files = inputs_of(site, catalog, local.date(), look), RawFiles(site.folder)
            is_whole = report.is_clean and tree.manifest.exists()
            is_done = is_whole and not why and is_up_to_date(record, catalog, inputs, raw_files)
            if is_done:
                report.unchanged = record.count()
                is_done = not files()
        if not is_done:
            from sitegen.commands.bring_in_line import bring_in_line
            from sitegen.commands.work import Work

            work = Work(site, tree.output, catalog, record, local.date(), inputs, raw_files)
            bring_in_line(tree, work, files, drawer, report, progress, profile, why)
        report.problems += record.problems()
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def scanned_catalog(site: Site, tree: Tree, patience: Patience = PATIENT) -> Iterator[tuple[Catalog, list[Problem]]]:
    """The catalog in line with the content, and the problems of its files; nothing is built."""
    tree.state.mkdir(parents=True, exist_ok=True)
    with (
        locked(site.state / "lock", patience),
        site_mapper(site) as map_,
        open_tree_catalog(site, tree) as catalog,
    ):
        yield catalog, _scan(site, tree, catalog, map_, unseen, local_time(site))


def local_time(site: Site, now: dt.datetime | None = None) -> dt.datetime:
    """What the clock of the site says, without a zone; at `now`, or at this moment."""
    return (now or _this_moment()).astimezone(ZoneInfo(site.config.site.timezone)).replace(tzinfo=None)


def _this_moment() -> dt.datetime:
    """The time that SOURCE_DATE_EPOCH gives for builds that must come out the same, else the clock's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC)
    except (ValueError, OverflowError, OSError):
        hint = "give it the seconds since 1970, or unset it"
        raise SiteError(Problem(Location("SOURCE_DATE_EPOCH"), "clock", f'"{given}" is no time', hint)) from None


def _scan(
    site: Site, tree: Tree, catalog: Catalog, map_: Mapper, progress: Progress, local: dt.datetime
) -> list[Problem]:
    rules = _reading_rules(site, tree)
    slugs = slugs_of(site)
    rules_digest = digest_of((structs.replace(rules, folder=""), slugs, engine_digest()))
    shown_until = "" if tree.with_drafts else local.isoformat()
    return scan(catalog, rules, rules_digest, site.config.import_.inbox, map_, progress, shown_until, slugs)


def _prepare(drawer: Beside) -> None:
    """Load what plans pages and what draws them, which takes longer than a build with nothing to do takes at all."""
    drawer.start()
    import sitegen.commands.bring_in_line  # noqa: F401


def _get_ready_to_draw(site: Site, today: dt.date, templates_digest: str) -> None:
    """In the process that draws the first pages."""
    from sitegen.commands.drawing import get_ready

    get_ready(site, today, templates_digest)


def _take_in(site: Site, map_: Mapper) -> "ImportSummary | None":
    if not site.inbox.is_dir():
        return None
    from sitegen.commands.inbox import inbox_of, unchanged_inbox  # many a site has none

    inbox = inbox_of(site)
    if unchanged := unchanged_inbox(site, inbox):
        return unchanged
    # The importers take longer to load than a build with nothing to do takes at all.
    from sitegen.commands.importing import take_in_inbox

    return take_in_inbox(site, inbox, map_)


def _reading_rules(site: Site, tree: Tree) -> ReadingRules:
    config = site.config
    max_bytes = int(config.build.megabytes_per_article * _MIB)
    return ReadingRules(
        str(site.content),
        config.paths.content,
        config.permalinks,
        config.site.timezone,
        max_bytes,
        config.site.language,
        config.images.megapixels,
        tree.with_drafts,
        config.search.engine == "own",
    )


def _refuse_strange_output(site: Site, tree: Tree) -> None:
    place = Location(site.config.paths.output)
    if tree.output.exists() and not tree.output.is_dir():
        raise SiteError(Problem(place, "output", "is a file", "remove it, or name another folder in [paths] output"))
    try:
        make_folder(str(tree.output))
        tree.state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SiteError(Problem(place, "output", f"can't be made: {error.strerror}")) from None
    if not os.access(tree.output, os.W_OK | os.X_OK):
        raise SiteError(Problem(place, "output", "can't be written to", "change its permissions"))
