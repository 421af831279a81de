"""Bring the output tree in line with the content."""

import datetime as dt
import time
from typing import TYPE_CHECKING

from sitegen.commands.build_report import BuildReport, Progress, unseen
from sitegen.commands.lock import PATIENT, Patience, locked
from sitegen.commands.look_over import LookedAhead, looked_over
from sitegen.commands.trees import Tree
from sitegen.config import Site

if TYPE_CHECKING:
    from sitegen.commands.profile import Profile


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
    with (
        locked(site.state / "lock", patience),
        looked_over(tree.record, tree.output, site.config.build.workers, looked_ahead) as files,
    ):
        # To load this takes about as long as ten thousand files are looked over.
        from sitegen.commands.steps import take_steps

        report = take_steps(site, tree, files, progress, now, why, profile)
    report.seconds = time.monotonic() - started
    return report
