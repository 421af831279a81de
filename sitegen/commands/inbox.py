"""Whether the inbox holds what it held when all of it had been taken in: if so, nothing that imports is loaded."""

import hashlib
from typing import NamedTuple

import msgspec

from sitegen.commands.import_memory import memory_as_it_is
from sitegen.commands.import_reports import REPORT_FILE
from sitegen.commands.import_rules import rules_of
from sitegen.commands.import_summary import ImportSummary
from sitegen.config import Site
from sitegen.content.folder import walk_files
from sitegen.mapping import in_batches
from sitegen.model import Problem

_FILES_A_BATCH = 500
_ENCODE = msgspec.msgpack.Encoder().encode


class Inbox(NamedTuple):
    """The folder of raw articles that a build takes in, as it is before any of them is read."""

    name: str  # how problems name it, and what its files are remembered by
    digest: str  # of all that lies in it; "" where something is no raw file


def inbox_of(site: Site) -> Inbox:
    """The inbox of a site that has one."""
    name = f"{site.config.paths.content}/{site.config.import_.inbox}"
    state = hashlib.sha256()
    for batch in in_batches(walk_files(site.inbox, name), _FILES_A_BATCH):
        if any(isinstance(item, Problem) for item in batch):
            return Inbox(name, "")
        state.update(_ENCODE(batch))
    return Inbox(name, state.hexdigest())


def unchanged_inbox(site: Site, inbox: Inbox) -> ImportSummary | None:
    """What an import would say of an inbox that is as it was when all of it had been taken in; None for another one."""
    with memory_as_it_is(site, rules_of(site).digest) as memory:
        articles = memory.settled_articles(inbox.name, inbox.digest, site.inbox)
    if articles is None:
        return None
    return ImportSummary(unchanged=articles, report=(site.state / REPORT_FILE).relative_to(site.folder).as_posix())
