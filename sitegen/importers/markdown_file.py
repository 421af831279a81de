"""A Markdown file of another generator: Hugo, Jekyll, Pelican, Zola and their like."""

import hashlib
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import structs

from sitegen.content.permalinks import slug_of
from sitegen.importers.dates import date_of_file_name
from sitegen.importers.field_values import flag_of, text_of
from sitegen.importers.foreign_calls import Translated, reference_to, translate_calls
from sitegen.importers.foreign_matter import Matter, read_matter
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.records import Record, RecordRules, clean_text, imported_record
from sitegen.importers.repair import NotTextError, decode_raw
from sitegen.importers.report import Guess
from sitegen.model import Location, Problem, Severity, SiteError

SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
# No generator can write a key with a space in front, so none is in the way of it.
_BODY = " body"
_FIELDS = (("body", _BODY), ("body_format", "markdown"))
_HEADING = re.compile(r"\s*(?:# +(\S.*?)(?: +#+)?|(\S.*)\n=+)[ \t]*(?:\n|$)")
_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")
_BUNDLES = ("index", "_index")
_DRAFT_FOLDERS = ("_drafts",)
_FOLDERS = ("_posts", "_drafts")
# Which theme draws a page, and how, says nothing of the article; it is kept with the other fields.
_PATHS = ("permalink", "url", "save_as")


class MarkdownFile:
    """Markdown with front matter in YAML, TOML or JSON, or with Pelican's header."""

    name = "markdown"
    suffixes: tuple[str, ...] = SUFFIXES
    is_stream = False

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """The one article of a file."""
        place = Location(raw.path)
        if not raw.data.strip(b" \t\r\n\0"):
            yield Problem(place, "empty-raw", "the file is empty", "remove it", Severity.WARNING)
            return
        try:
            decoded = decode_raw(raw.data, mojibake="mojibake" not in raw.without)
            matter = read_matter(clean_text(decoded.text), raw.path)
        except NotTextError:
            yield Problem(place, "not-text", "the file is not text in any encoding", "save it as UTF-8")
            return
        except SiteError as error:
            yield error.problem
            return
        imported = _imported(raw, matter)
        if isinstance(imported, Imported):
            report = structs.replace(
                imported.report, encoding=decoded.encoding, newline=decoded.newline, bom=decoded.bom,
                mends=(*decoded.mends, *imported.report.mends), guesses=(*decoded.guesses, *imported.report.guesses),
            )  # fmt: skip
            imported = imported._replace(report=report)
        yield imported


def content_path(below: str) -> str:
    """The content file of a Markdown file: Jekyll's `_posts` is no folder of the archive."""
    path = PurePosixPath(below)
    return str(PurePosixPath(*(part for part in path.parts[:-1] if part not in _FOLDERS), path.stem + ".md"))


def _imported(raw: Raw, matter: Matter) -> Imported | Problem:
    target = content_path(raw.below or raw.path)
    calls = translate_calls(
        matter.body, matter.body_line, lambda name: _found(raw, target, name), is_mending="shortcode" not in raw.without
    )
    values, guesses = _values(raw, matter)
    body, body_line = calls.text, matter.body_line
    if not text_of(values.get("title")) and (heading := _HEADING.match(body)):
        values["title"] = heading[1] or heading[2]
        body, body_line = body[heading.end() :], body_line + heading[0].count("\n")
        guesses.append(Guess("title", values["title"], "no title; the heading that the body starts with", 0.9))
    values[_BODY] = body
    digest = hashlib.sha256(raw.data).hexdigest()
    record = Record(values, raw.path, 1, digest, body_line)
    made = imported_record(record, RecordRules(MarkdownFile.name, ".", raw.languages, _FIELDS, raw.without))
    if isinstance(made, Problem) or (not body.strip() and PurePosixPath(raw.path).stem == "_index"):
        message = "the file has no text; lists of articles are made anew"
        return Problem(Location(raw.path), "no-article", message, "", Severity.WARNING)
    report = structs.replace(
        made.report, target=target, mends=(*calls.mends, *made.report.mends),
        guesses=(*guesses, *made.report.guesses), shortcodes=(*calls.kept, *_others(made, calls)),
        set_aside=(*calls.set_aside, *made.report.set_aside),
    )  # fmt: skip
    front_matter = structs.replace(made.article.front_matter, slug=_slug(raw, values, made))
    article = structs.replace(made.article, front_matter=front_matter)
    return Imported(article, report, (*made.problems, *_told(raw.path, calls)), target)


def _values(raw: Raw, matter: Matter) -> tuple[dict[str, Any], list[Guess]]:
    """The values of a block, with what other generators say by other means brought into them."""
    values = dict(matter.values)
    guesses: list[Guess] = []
    taxonomies = values.get("taxonomies")
    if isinstance(taxonomies, dict):  # Zola
        del values["taxonomies"]
        values = {**{str(key): value for key, value in taxonomies.items()}, **values}
    if "published" in values and (is_public := flag_of(values["published"])) is not None:  # Jekyll
        del values["published"]
        values.setdefault("draft", "false" if is_public else "true")
    if set(PurePosixPath(raw.below).parts) & set(_DRAFT_FOLDERS):
        values["draft"] = "true"
    for name in _PATHS:  # where the page was: ours is made anew, and the old one leads to it
        path = text_of(values.get(name)).strip()
        if not path or re.match(r"https?://", path):
            continue
        del values[name]
        if re.search(r"[:{}]", path):
            values[f"{name}_pattern"] = path
        else:
            aliases = values.get("aliases", [])
            values["aliases"] = [*(aliases if isinstance(aliases, list) else [aliases]), "/" + path.lstrip("/")]
    date = date_of_file_name(raw.path)
    if date and not any(text_of(values.get(name)) for name in ("date", "publishDate", "created")):
        values["date"] = date.isoformat()
        guesses.append(Guess("date", date.isoformat(), "the file name starts with it", 0.9))
    cover = values.get("cover")
    if isinstance(cover, dict) and text_of(cover.get("image")):
        values["image"] = text_of(cover["image"])
    images = values.get("images")
    if isinstance(images, list) and images and not values.get("image"):
        values["image"] = text_of(images[0])
    return values, guesses


def _slug(raw: Raw, values: dict[str, Any], made: Imported) -> str:
    """The slug that is given; else the file's name, as addresses had it; of a bundle, its folder's."""
    if text_of(values.get("slug")):
        return made.article.front_matter.slug
    path = PurePosixPath(raw.below or raw.path)
    name = path.parent.name if path.stem in _BUNDLES else path.stem
    dated = _DATED_NAME.fullmatch(name)
    return slug_of(dated[2] if dated else name, fallback=made.article.front_matter.slug)


def _found(raw: Raw, target: str, name: str) -> str:
    """How an article names another file of the same folder tree; where there is none, as it would name it.

    A build tells of a link to a file that is not there.
    """
    name, _, fragment = name.partition("#")
    ending = f"#{fragment}" if fragment else ""
    if not raw.file or not raw.below or not name or "://" in name:
        return name + ending
    root = Path(raw.file).parents[raw.below.count("/")]
    here = posixpath.dirname(raw.below)
    for base in ("", here, "_posts"):
        for suffix in ("", ".md", ".markdown", "/index.md"):
            path = posixpath.normpath(posixpath.join(base, name.lstrip("/") + suffix))
            if path.startswith("../") or PurePosixPath(path).suffix not in SUFFIXES:
                continue
            if (root / path).is_file():
                return reference_to(target, content_path(path)) + ending
    lost = posixpath.normpath(name.lstrip("/"))
    return reference_to(target, lost if lost.endswith(SUFFIXES) else f"{lost}.md") + ending


def _others(made: Imported, calls: Translated) -> Iterator[Any]:
    """Unknown shortcodes that the body had before; those made of other generators' calls are told already."""
    ours = {kept.name for kept in calls.kept}
    return (kept for kept in made.report.shortcodes if kept.name not in ours)


def _told(path: str, calls: Translated) -> Iterator[Problem]:
    for text, line in calls.left:
        hint = "it stands in the text as it is; take it out, or write what it should show"
        message = f"a call of another generator that nobody understands: {text}"
        yield Problem(Location(path, line), "foreign-call", message, hint, Severity.WARNING)
