"""Where an item of an export lived: its slug, and the old addresses that lead to it."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from sitegen.content.permalinks import slug_of
from sitegen.importers.html_to_markdown import text_of_fragment
from sitegen.importers.wordpress.wxr import WxrItem


def slug_of_item(item: WxrItem) -> str:
    """The slug of an item, from its title or its number where it has none."""
    fallback = f"{item.type or 'post'}-{item.id}"
    return slug_of(unquote(item.slug) or text_of_fragment(item.title)[:200] or fallback, fallback=fallback)


def old_addresses(item: WxrItem, home: str) -> Iterator[str]:
    """Paths of the link, of the same with former slugs, and the short links by number (`/?p=12`).

    `home` is the address of the site. A short link has no page of its own on a static host; the maps for
    servers that a build can write take it from here.
    """
    path = _path_of(item.link)
    if path:
        yield path
        folder, _, _last = path.rstrip("/").rpartition("/")
        for key, value in item.meta:
            if key == "_wp_old_slug" and value and "/" not in value:
                yield f"{folder}/{value}/"
    if item.id.isdigit():
        root = _path_of(home).rstrip("/")
        yield f"{root}/?p={item.id}"
        if item.type == "page":
            yield f"{root}/?page_id={item.id}"


def _path_of(address: str) -> str:
    """The path of an address that is more than a question."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path if not parts.query and len(parts.path) > 1 and parts.path[0] == "/" else ""
