"""Articles become content files. What a person has edited is never overwritten."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.commands.import_finder import RawFile
from sitegen.commands.import_rules import ImportRules
from sitegen.commands.import_summary import ImportSummary, count_article
from sitegen.commands.media import keep_medium
from sitegen.content.folder import is_poll_file
from sitegen.content.front_matter import write_front_matter
from sitegen.importers.media import MediaPlaces, localize
from sitegen.importers.raw import Imported, Raw, SideFile
from sitegen.model import FrontMatter, Location, Problem, Severity
from sitegen.outputs.tree import write_file

_ENCODE = msgspec.json.Encoder().encode


class MadeFile(NamedTuple):
    """A content file that came of a raw file."""

    target: str
    digest: str  # as an import wrote it last
    report: bytes  # JSON


def raw_of(rules: ImportRules, file: RawFile, data: bytes) -> Raw:
    """What an importer is given of a file."""
    return Raw(file.shown, data, file.file, rules.languages, file.stat.path, rules.fields, rules.without)


def write_article(
    rules: ImportRules, file: RawFile, target: str, known_digest: str, imported: Imported, problems: list[Problem],
    summary: ImportSummary,
) -> MadeFile | None:  # fmt: skip
    """Write one article, unless a person has edited it since; None when it can't be written."""
    content, shown = rules.content, file.shown
    folder = file.file.removesuffix(file.stat.path)
    localized = localize(imported.article, target, MediaPlaces(content, "", folder, file.stat.path))
    imported = imported._replace(article=localized.article)
    text = write_front_matter(_with_mends(imported)) + "\n" + imported.article.body
    data = text.encode("utf-8", "replace")
    digest = _sha256(data)
    status = _status(_digest_of(f"{content}/{target}"), digest, known_digest)
    report = msgspec.structs.replace(imported.report, target=target, status=status)
    if status == "conflict":
        name = f"{Path(content).name}/{target}"
        hint = f"remove {name} to import it anew, or the raw file to keep your edits"
        problems.append(_warning(shown, "conflict", f"{name} was edited since it was imported; it is left alone", hint))
        count_article(summary, report)
        return MadeFile(target, known_digest, _ENCODE(report))
    try:
        if status != "unchanged":
            write_file(Path(content), target, data)
        for beside in imported.beside:
            _write_beside(Path(content), shown, beside, problems)
        for medium in localized.found:
            if reason := keep_medium(Path(content), medium):
                message = f"{medium.address} is not taken: {reason}"
                problems.append(_warning(shown, "media", message, "look at the file"))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        problems.append(Problem(Location(shown), "write", f"can't be written: {said}", partly=True))
        return None
    count_article(summary, report)
    return MadeFile(target, digest, _ENCODE(report))


def _write_beside(content: Path, shown: str, beside: SideFile, problems: list[Problem]) -> None:
    """A file beside an article; votes that were counted or written since the import are left alone."""
    there = _digest_of(content / beside.path)
    if there and there != _sha256(beside.data) and is_poll_file(beside.path):
        name = f"{content.name}/{beside.path}"
        hint = f"remove {name} to import it anew; what was counted or written there since is lost then"
        problems.append(
            _warning(shown, "conflict", f"{name} was changed since it was imported; it is left alone", hint)
        )
    else:
        write_file(content, beside.path, beside.data)


def _with_mends(imported: Imported) -> FrontMatter:
    """The front matter; its source tells how many places were mended."""
    front_matter, mends = imported.article.front_matter, len(imported.report.mends)
    if not (front_matter.source and mends):
        return front_matter
    return msgspec.structs.replace(front_matter, source=msgspec.structs.replace(front_matter.source, mends=mends))


def _status(there: str, new: str, known: str) -> str:
    if not there:
        return "new"
    if there == new:
        return "unchanged"
    return "changed" if there == known else "conflict"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: str | Path) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return _sha256(file.read())
    except OSError:
        return ""


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(Location(path), code, message, hint, Severity.WARNING)
