"""Front matter of an item: dates, authors, terms, old addresses, custom fields."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import Any

from sitegen.importers.html_to_markdown import Picture, text_of_fragment
from sitegen.importers.wordpress.addresses import old_addresses, slug_of_item
from sitegen.importers.wordpress.body import Body
from sitegen.importers.wordpress.custom_fields import custom_fields
from sitegen.importers.wordpress.library import Library
from sitegen.importers.wordpress.terms import name_of, other_terms, section_of, tags_of
from sitegen.importers.wordpress.wxr import WxrItem, moment_of
from sitegen.model import FrontMatter, Source

NAME = "wordpress"  # of the importer, in an article's source


def matter_of(item: WxrItem, body: Body, library: Library, path: str, languages: tuple[str, ...]) -> FrontMatter:
    """All that an export says of an item, where a site looks for it."""
    date = date_of(item)
    picture = library.picture(item.meta_value("_thumbnail_id"))
    updated = moment_of(item.modified)
    return FrontMatter(
        title=text_of_fragment(item.title) or body.title_of_text(),
        date=date,
        updated=updated if updated and updated != date else None,
        slug=slug_of_item(item),
        lang=_language(item, library, languages),
        authors=_authors(item, library),
        section=section_of(item, library.terms),
        tags=tags_of(item),
        summary=text_of_fragment(item.excerpt) or body.teaser(),
        image=picture.url,
        aliases=tuple(dict.fromkeys(old_addresses(item, library.channel.link))),
        draft=bool(_status(item)),
        source=Source(NAME, path, item.digest, item.link),
        extra=dict(_extra(item, body, library, picture)),
    )


def date_of(item: WxrItem) -> dt.datetime | None:
    """When an item appeared, by the clock of its site; by that of Greenwich where nothing else is told."""
    return moment_of(item.date) or moment_of(item.date_gmt)


def _extra(item: WxrItem, body: Body, library: Library, picture: Picture) -> Iterator[tuple[str, Any]]:
    """What front matter of our own has no field for."""
    yield "post_id", item.id
    if status := _status(item):
        yield "status", status
    if item.type not in ("post", "page"):
        yield "type", item.type
    gmt = moment_of(item.date_gmt)
    if gmt and gmt != (moment_of(item.date) or gmt):
        yield "date_gmt", gmt.isoformat()
    if item.sticky:
        yield "sticky", "true"
    if item.order not in ("", "0"):
        yield "order", item.order
    if item.parent not in ("", "0"):
        yield "parent_id", item.parent
    yield from other_terms(item, library.terms)
    if picture.alt:
        yield "image_alt", picture.alt
    if caption := text_of_fragment(picture.caption):
        yield "image_caption", caption
    if fields := custom_fields(item, body.used_fields):
        yield "fields", fields


def _status(item: WxrItem) -> str:
    """Why an article is no public one; "" if it is."""
    if item.password and item.status == "publish":
        return "password"
    return "" if item.status == "publish" else item.status or "unknown"


def _authors(item: WxrItem, library: Library) -> tuple[str, ...]:
    together = [name_of(term) for term in item.terms if term.taxonomy == "author" and term.name]
    name = library.authors.get(item.creator) or item.creator
    authors = together or ([" ".join(html.unescape(name).split())] if name else [])
    return tuple(dict.fromkeys(authors))


def _language(item: WxrItem, library: Library, known: tuple[str, ...]) -> str:
    told = next((term.slug for term in item.terms if term.taxonomy == "language"), "")
    code = re.split(r"[-_]", told or library.channel.language)[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) and (not known or code in known) else ""
