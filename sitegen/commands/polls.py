"""What polls there are, and votes counted into their data files."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.commands.build import local_time, scanned_catalog
from sitegen.commands.trees import site_tree
from sitegen.config import Site
from sitegen.content.bodies import decode
from sitegen.content.catalog import Catalog
from sitegen.content.folder import POLLS_FOLDER, poll_file_path
from sitegen.content.poll_files import PollFile, parse_poll_file, write_poll_file
from sitegen.content.poll_shelf import PollInArticle
from sitegen.content.poll_tally import Vote, tally_votes
from sitegen.importers.ballots import Ballot, read_ballots
from sitegen.model import Location, PollRecord, Problem, Severity, SiteError
from sitegen.outputs.tree import write_file
from sitegen.shortcodes.poll_backend import PollBackend, backend_of
from sitegen.shortcodes.poll_record import completed, is_open, results_of
from sitegen.shortcodes.poll_values import Poll, PollPlace, closing_day


class ListedPoll(Struct, frozen=True, kw_only=True):
    """A poll as `sitegen polls list` tells of it."""

    key: str  # "" for a place that no data file can complete
    question: str
    state: str  # "open", "closed", "kept" (there is no back end), "hidden", "elsewhere", "not shown"
    closes: str = ""  # the day, past or to come
    votes: int | None = None  # None: unknown
    total: int | None = None
    places: tuple[str, ...] = ()  # file and line
    file: str = ""  # its data


class PollList(Struct, frozen=True):
    """Every poll of a site, and what is wrong with data files."""

    polls: tuple[ListedPoll, ...]
    problems: tuple[Problem, ...]


class TalliedPoll(Struct, frozen=True):
    """What a tally did to one poll."""

    key: str
    counted: int
    known: int  # counted before
    refused: int
    file: str


class TallyReport(Struct):
    """What a tally did."""

    polls: list[TalliedPoll] = []
    problems: list[Problem] = []


def list_polls(site: Site) -> PollList:
    """Every poll of the site, by key; last the places of polls that have no id."""
    folder = f"{site.config.paths.content}/{POLLS_FOLDER}"
    with scanned_catalog(site, site_tree(site)) as (catalog, problems):
        polls = tuple(_listed(site, catalog))
    return PollList(polls, tuple(problem for problem in problems if problem.location.path.startswith(folder)))


def tally(site: Site, export: Path, columns: Mapping[str, str], poll: str = "") -> TallyReport:
    """Count the votes of an export into the data files of their polls; what cannot be counted is told.

    Nothing is written twice: a submission counts once, and each file is written whole or not at all. Raises
    SiteError for an export that cannot be read.
    """
    report = TallyReport()
    ballots: dict[str, list[Ballot]] = {}
    for item in read_ballots(_export_text(export), export.name, columns, poll):
        if isinstance(item, Problem):
            report.problems.append(item)
        else:
            ballots.setdefault(item.poll, []).append(item)
    with scanned_catalog(site, site_tree(site)) as (catalog, _problems):
        shown = {key: places for key, places in catalog.polls.by_key() if key in ballots}
        for key in sorted(ballots):
            _tally_one(site, catalog, export.name, key, shown.get(key, []), ballots[key], report)
    return report


def _listed(site: Site, catalog: Catalog) -> Iterator[ListedPoll]:
    today = local_time(site).date()
    backend = backend_of(site.config.poll, site.config.site.url, today)
    shown: set[str] = set()
    for key, places in catalog.polls.by_key():
        shown.add(key)
        yield _listed_poll(site, key, places, catalog.polls.record(key), backend, today)
    for record in catalog.polls.records():
        if record.key not in shown:
            found = _poll_of_record(record)
            yield _line(site, record.key, found, record, "not shown", ())
    for place in catalog.polls.without_key():
        if nameless := place.found.place:
            name = nameless.title or " ".join(filter(None, (nameless.plugin, nameless.id)))
            yield ListedPoll(key="", question=name, state="elsewhere", places=(_where(site, place),))


def _listed_poll(
    site: Site, key: str, places: list[PollInArticle], record: PollRecord | None, backend: PollBackend, today: dt.date
) -> ListedPoll:
    found = _complete(places, record)
    where = tuple(_where(site, place) for place in places)
    if isinstance(found, PollPlace):
        state = "elsewhere"
    elif record and record.is_hidden:
        state = "hidden"
    elif is_open(found, backend, today):
        state = "open"
    else:
        state = "closed" if backend.takes_votes or found.closed else "kept"
    return _line(site, key, found, record, state, where)


def _line(
    site: Site, key: str, found: Poll | PollPlace, record: PollRecord | None, state: str, where: tuple[str, ...]
) -> ListedPoll:
    results = results_of(found, record) if isinstance(found, Poll) else None
    return ListedPoll(
        key=key,
        question=found.title or (found.plugin if isinstance(found, PollPlace) else ""),
        state=state,
        closes=found.closed if isinstance(found, Poll) and closing_day(found.closed) else "",
        votes=results.votes if results else None,
        total=results.total if results else None,
        places=where,
        file=f"{site.config.paths.content}/{poll_file_path(key)}" if record else "",
    )


def _complete(places: list[PollInArticle], record: PollRecord | None) -> Poll | PollPlace:
    """The first of the calls that is a whole poll, else the first place."""
    found = [
        completed(place.found.poll or place.found.place or PollPlace(plugin="", key=""), record) for place in places
    ]
    return next((poll for poll in found if isinstance(poll, Poll)), found[0])


def _poll_of_record(record: PollRecord) -> Poll | PollPlace:
    return completed(PollPlace(plugin="", key=record.key), record)


def _where(site: Site, place: PollInArticle) -> str:
    return f"{site.config.paths.content}/{place.entry.source}:{place.found.line}"


def _tally_one(
    site: Site, catalog: Catalog, export: str, key: str, places: list[PollInArticle], ballots: list[Ballot],
    report: TallyReport,
) -> None:  # fmt: skip
    record = catalog.polls.record(key)
    found = _complete(places, record) if places else _poll_of_record(record or PollRecord(key=key))
    if not isinstance(found, Poll):
        hint = "show it in an article, or name the right one with --poll; `sitegen polls list` tells what there is"
        message = f'there is no poll "{key}" to count {len(ballots)} votes for'
        report.problems.append(Problem(Location(export, ballots[0].line), "unknown-poll", message, hint))
        return
    path = poll_file_path(key)
    file = _read(site, path, key)
    zone = ZoneInfo(site.config.site.timezone)
    tallied = tally_votes(found, file, [_vote(ballot, zone) for ballot in ballots])
    for vote, reason in tallied.refused:
        place = Location(export, vote.line)
        message = f'vote for poll "{key}" is not counted: {reason}'
        report.problems.append(Problem(place, "vote-refused", message, severity=Severity.WARNING))
    if tallied.counted:
        write_file(site.content, path, write_poll_file(tallied.file).encode())
    shown = f"{site.config.paths.content}/{path}"
    report.polls.append(TalliedPoll(key, tallied.counted, tallied.known, len(tallied.refused), shown))


def _read(site: Site, path: str, key: str) -> PollFile:
    shown = f"{site.config.paths.content}/{path}"
    try:
        return parse_poll_file(decode((site.content / path).read_bytes(), shown), shown)
    except FileNotFoundError:
        return PollFile(PollRecord(key=key))


def _vote(ballot: Ballot, zone: ZoneInfo) -> Vote:
    moment = ballot.date
    if moment and not moment.tzinfo:
        moment = moment.replace(tzinfo=dt.UTC)  # as services write it that say no zone
    return Vote(ballot.id, ballot.answers, moment.astimezone(zone).date() if moment else None, ballot.line)


def _export_text(export: Path) -> str:
    try:
        return export.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        raise SiteError(Problem(Location(str(export)), "unreadable", message)) from None
    except UnicodeDecodeError:
        hint = "save it as UTF-8; spreadsheets call that CSV UTF-8"
        raise SiteError(Problem(Location(str(export)), "encoding", "is not UTF-8", hint)) from None
