"""Whether the inbox holds what it held when all of it had been taken in: if so, nothing that imports is loaded."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.commands.import_memory import memory_as_it_is
from sitegen.commands.import_reports import REPORT_FILE
from sitegen.commands.import_rules import rules_of
from sitegen.commands.import_summary import ImportSummary
from sitegen.config import Site
from sitegen.content.folder import FileStat, walk_files
from sitegen.mapping import in_batches
from sitegen.model import Problem

_LIST = "inbox.jsonl"
_FILES_A_LINE = 500
_ENCODE = msgspec.json.Encoder().encode
_FILES = msgspec.json.Decoder(list[FileStat])


class Inbox(NamedTuple):
    """The folder of raw articles that a build takes in, as it is before any of them is read."""

    name: str  # how problems name it, and what its files are remembered by
    digest: str  # of all that lies in it; "" where something is no raw file
    listed: Path  # all that lies in it, where it has a digest, so that nobody has to look again

    def files(self) -> Iterator[FileStat]:
        """What lies in it."""
        with self.listed.open("rb") as lines:
            for line in lines:
                yield from _FILES.decode(line)


def inbox_of(site: Site) -> Inbox:
    """The inbox of a site that has one. Only who holds the site's lock may ask."""
    name = f"{site.config.paths.content}/{site.config.import_.inbox}"
    listed = site.state / _LIST
    state = hashlib.sha256()
    with suppress(OSError):  # no room on the disk: whoever needs the list looks again
        site.state.mkdir(parents=True, exist_ok=True)
        with listed.open("wb") as lines:
            for batch in in_batches(walk_files(site.inbox, name), _FILES_A_LINE):
                if any(isinstance(item, Problem) for item in batch):
                    return Inbox(name, "", listed)
                line = _ENCODE(batch) + b"\n"
                state.update(line)
                lines.write(line)
        return Inbox(name, state.hexdigest(), listed)
    return Inbox(name, "", listed)


def unchanged_inbox(site: Site, inbox: Inbox) -> ImportSummary | None:
    """What an import would say of an inbox that is as it was when all of it had been taken in; None for another one."""
    with memory_as_it_is(site, rules_of(site).digest) as memory:
        articles = memory.settled_articles(inbox.name, inbox.digest, site.inbox)
    if articles is None:
        return None
    return ImportSummary(unchanged=articles, report=(site.state / REPORT_FILE).relative_to(site.folder).as_posix())
