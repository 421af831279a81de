"""Look for what a reader would stumble over: broken links, unknown shortcodes, tags that fell together."""

import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from sitegen.commands.build import build
from sitegen.commands.build_report import Progress, unseen
from sitegen.commands.lock import PATIENT, Patience, locked
from sitegen.commands.look_over import LookedAhead
from sitegen.commands.trees import open_tree_catalog, open_tree_record, site_tree
from sitegen.config import Site
from sitegen.model import Location, OutputFile, Problem, Severity
from sitegen.outputs.build_record import BuildRecord

_MAX_PROBLEMS = 1000
_NOT_KEPT = frozenset({"form-not-kept", "list-not-kept", "rating-not-kept"})
_NAMED = re.compile(r"^\[([^\]]*)\]|(\S+)$")  # "[wpforms] was a form …", "unknown shortcode weather"


class Places(Struct):
    """How often something was met, where first, and how often in which file."""

    first: str
    count: int = 0
    files: dict[str, int] = {}


class CheckReport(Struct):
    """What a check found."""

    pages: int = 0
    links: int = 0
    unknown_shortcodes: dict[str, Places] = {}
    shortcodes_not_kept: dict[str, Places] = {}  # forms, lists and ratings, which no archive can keep
    merged_tags: dict[str, tuple[str, ...]] = {}  # slug -> spellings
    problems: list[Problem] = []


def check(
    site: Site, progress: Progress = unseen, patience: Patience = PATIENT, looked_ahead: LookedAhead | None = None
) -> CheckReport:
    """Build the site, then read all of its pages. What was `looked_ahead` need not be looked for again."""
    built = build(site, site_tree(site), progress, patience=patience, looked_ahead=looked_ahead)
    report = CheckReport()
    for problem in built.problems:
        if problem.code == "unknown-shortcode":
            _count(report.unknown_shortcodes, problem)
        elif problem.code in _NOT_KEPT:
            _count(report.shortcodes_not_kept, problem)
        else:
            report.problems.append(problem)
    report.unknown_shortcodes = dict(sorted(report.unknown_shortcodes.items()))
    report.shortcodes_not_kept = dict(sorted(report.shortcodes_not_kept.items()))
    with locked(site.state / "lock", patience, "check"):
        with open_tree_catalog(site, site_tree(site)) as catalog:
            report.merged_tags = dict(catalog.terms.spellings())
        with open_tree_record(site_tree(site)) as record:
            report.problems += _broken_links(site, record, report)
    return report


def _count(found: dict[str, Places], problem: Problem) -> None:
    match = _NAMED.search(problem.message)
    name = match[1] or match[2] if match else problem.message
    places = found.setdefault(name, Places(first=str(problem.location)))
    places.count += 1
    places.files[problem.location.path] = places.files.get(problem.location.path, 0) + 1


def _broken_links(site: Site, record: BuildRecord, report: CheckReport) -> Iterator[Problem]:
    """Links to pages and files that the site does not have; at most a thousand."""
    output, base = site_tree(site).output, urlsplit(site.config.site.url).path.strip("/")
    found = 0
    for file in record.output_files():
        if not file.path.endswith(".html"):
            continue
        report.pages += 1
        for link, line in _links(output, file):
            report.links += 1
            if found < _MAX_PROBLEMS and not _leads_somewhere(record, file.path, link, base):
                found += 1
                place = Location(f"{site.config.paths.output}/{file.path}", line)
                yield Problem(place, "dead-link", f"links to {link}, which is not there", severity=Severity.WARNING)


def _links(output: Path, file: OutputFile) -> list[tuple[str, int]]:
    collector = _LinkCollector()
    collector.feed((output / file.path).read_text("utf-8"))
    return collector.links


def _leads_somewhere(record: BuildRecord, page: str, link: str, base: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return True
    path = unquote(parts.path)
    if path.startswith("/"):
        target = posixpath.normpath(path).strip("/").removeprefix(base).strip("/")
    else:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    if target.startswith(".."):
        return False
    target = "" if target == "." else target
    if path.endswith("/") or not target or path in (".", ".."):
        return record.find(posixpath.join(target, "index.html")) is not None
    return record.find(target) is not None or record.find(f"{target}/index.html") is not None


class _LinkCollector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        for name, value in attrs:
            if name in ("href", "src", "poster") and value:
                self.links.append((value, line))
            elif name == "srcset" and value:
                self.links += ((part.split()[0], line) for part in value.split(",") if part.strip())
