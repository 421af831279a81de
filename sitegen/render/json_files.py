"""Pages that are JSON or plain lines: feeds, lists, records. There is nothing in them for a template to draw."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from sitegen.contexts import DataIndexContext, FeedContext, LinesContext, ListingContext, Row
from sitegen.model import PageContext
from sitegen.render.settings import SiteView
from sitegen.render.structured_data import row_path

_ENCODE = msgspec.json.Encoder().encode
_FILES = frozenset({"feed.json", "listing.json", "articles.jsonl", "data.json", "redirects.map", "search.js"})
_FEED_VERSION = "https://jsonfeed.org/version/1.1"


class _Author(Struct, frozen=True):
    name: str


class _Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item of a JSON Feed."""

    id: str
    url: str
    title: str
    content_text: str
    summary: str = ""
    date_published: str
    date_modified: str
    authors: tuple[_Author, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""


class _Listed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article of a list."""

    url: str
    title: str
    date: str = ""
    section: str = ""
    language: str = ""


def is_json(template: str) -> bool:
    """Whether a page is made here rather than by a template."""
    return template in _FILES


def json_file(context: PageContext, site: SiteView, absolute: Callable[[str], str]) -> bytes:
    """The bytes of a page that is JSON."""
    match context:
        case FeedContext():
            return _ENCODE(_feed(context, site))
        case ListingContext():
            return _ENCODE(_list(context, absolute))
        case LinesContext():
            return "".join(f"{line}\n" for line in context.lines).encode()
        case DataIndexContext():
            return _ENCODE(
                {"files": [{"url": absolute(file.path) or file.path, "articles": file.count} for file in context.files]}
            )
    raise AssertionError(f"no JSON for {type(context).__name__}")


def _feed(feed: FeedContext, site: SiteView) -> dict[str, object]:
    items = [
        _Item(
            id=entry.url,
            url=entry.url,
            title=entry.title,
            content_text=entry.summary or entry.title,
            summary=entry.summary,
            date_published=entry.published,
            date_modified=entry.updated,
            authors=tuple(map(_Author, entry.authors)),
            tags=entry.tags,
            language=entry.lang,
        )
        for entry in feed.entries
    ]
    head = {"version": _FEED_VERSION, "title": feed.title, "home_page_url": feed.home_url, "feed_url": feed.url}
    if feed.description:
        head["description"] = feed.description
    return {**head, "language": site.language, "authors": [_Author(site.author or site.title)], "items": items}


def _list(listing: ListingContext, absolute: Callable[[str], str]) -> dict[str, object]:
    """A page of a list, with the addresses of the same JSON of its neighbours."""

    def address(path: str | None) -> str | None:
        return None if path is None else (absolute(path) or path) + "index.json"

    return {
        "title": listing.title,
        "url": absolute(listing.path) or listing.path,
        "page": listing.pager.number,
        "newer": address(listing.pager.newer),
        "older": address(listing.pager.older),
        "articles": [_listed(row, absolute) for row in listing.rows],
    }


def _listed(row: Row, absolute: Callable[[str], str]) -> _Listed:
    path = row_path(row)
    return _Listed(url=absolute(path) or path, title=row.title, date=row.iso, section=row.section, language=row.lang)
