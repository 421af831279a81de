"""Which field of other people's data is which of ours: the usual names, and those that a site's owner gives."""

import re
from typing import Any, NamedTuple

# In the order in which they are looked for; letters and digits count alone, in any case.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "heading", "post_title", "name", "subject", "titre", "titel", "título", "titolo"),
    "body": (
        "content_html", "body_html", "html", "content_markdown", "body_markdown", "markdown", "md", "content_md",
        "body", "content", "content:encoded", "post_content", "article_body", "content_text", "body_text", "full_text",
        "plaintext", "text", "story", "article", "texte", "inhalt",
    ),
    "body_format": ("body_format", "content_format", "markup", "format"),
    "date": (
        "date", "date_published", "published_at", "published", "published_on", "publication_date", "pub_date",
        "publish_date", "post_date", "created", "created_at", "date_created", "timestamp", "datum", "fecha",
    ),
    "updated": (
        "updated", "date_modified", "modified", "updated_at", "modified_at", "lastmod", "last_modified",
        "date_updated", "post_modified",
    ),
    "authors": ("authors", "author", "byline", "creator", "dc:creator", "writer", "auteur", "autor"),
    "section": ("section", "article_section", "category", "categories", "rubric", "rubrique", "rubrik", "channel"),
    "tags": ("tags", "keywords", "tag", "labels", "topics", "schlagworte"),
    "lang": ("lang", "language", "locale", "in_language", "langue", "sprache"),
    "slug": ("slug", "post_name", "url_slug"),
    "url": ("url", "link", "canonical_url", "permalink", "canonical", "original_url", "source_url", "external_url"),
    "summary": (
        "summary", "excerpt", "description", "abstract", "post_excerpt", "custom_excerpt", "lead", "teaser",
        "standfirst", "dek", "chapo",
    ),
    "image": (
        "image", "image_url", "feature_image", "featured_image", "lead_image", "thumbnail", "thumbnail_url", "cover",
        "banner_image", "picture", "photo",
    ),
    "aliases": ("aliases", "redirect_from", "old_urls"),
    "draft": ("draft", "is_draft"),
    "status": ("status", "post_status", "state"),
}  # fmt: skip
_SIGNS = re.compile(r"[^\w]|_")


class Fields(NamedTuple):
    """The fields of one record under our names, the names that they had, and what is left."""

    ours: dict[str, Any]
    names: dict[str, str]
    rest: dict[str, Any]


def fields_of(record: dict[str, Any], given: tuple[tuple[str, str], ...] = ()) -> Fields:
    """Fields of a record under our names.

    `given` pairs our names with theirs and goes before the usual ones; a full stop in theirs leads into a nested
    value. A field that is missing or empty gives way to the next that may be meant.
    """
    rest = dict(record)
    ours: dict[str, Any] = {}
    names: dict[str, str] = {}
    for key, name in given:
        found = _taken(rest, name)
        if not _is_empty(found):
            ours[key], names[key] = found, name
    written = {_folded(name): name for name in reversed(list(rest))}
    for key, usual in USUAL_NAMES.items():
        if key in ours:
            continue
        for name in usual:
            theirs = written.get(_folded(name), "")
            if theirs in rest and not _is_empty(rest[theirs]):
                ours[key], names[key] = rest.pop(theirs), theirs
                break
    return Fields(ours, names, {name: value for name, value in rest.items() if not _is_empty(value)})


def _taken(record: dict[str, Any], name: str) -> Any:
    """A field by its name, or by a way into nested values; it is taken out of the record."""
    if name in record:
        return record.pop(name)
    head, _, tail = name.partition(".")
    inner = record.get(head)
    if not tail or not isinstance(inner, dict):
        return None
    inner = dict(inner)
    found = _taken(inner, tail)
    record[head] = inner
    return found


def _folded(name: str) -> str:
    return _SIGNS.sub("", name).casefold()


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}
