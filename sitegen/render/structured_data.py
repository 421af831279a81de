"""What a page says of itself to machines, in the words of schema.org."""

from collections.abc import Callable

from msgspec import Struct

from sitegen.contexts import (
    ArchiveContext,
    ArticleContext,
    Link,
    ListingContext,
    OnThisDayContext,
    PeriodContext,
    Row,
    SectionsContext,
    TermsContext,
    TitlesContext,
)
from sitegen.model import ROOT
from sitegen.render.settings import SiteView

_Words = dict[str, object]
_Collection = (
    ArchiveContext | ListingContext | OnThisDayContext | PeriodContext | SectionsContext | TermsContext | TitlesContext
)


def news_article(
    page: ArticleContext, site: SiteView, absolute: Callable[[str], str], moment: Callable[..., str]
) -> _Words:
    """A NewsArticle and its BreadcrumbList, as JSON-LD has them."""
    url = absolute(page.path)
    news: _Words = {
        "@type": "NewsArticle",
        "headline": page.title,
        "mainEntityOfPage": url,
        "url": url,
        "inLanguage": page.lang or site.language,
        "publisher": {"@type": "Organization", "name": site.title},
    }
    if page.description:
        news["description"] = page.description
    if page.image:
        news["image"] = [absolute(page.image.path)]
    if page.date:
        news["datePublished"] = moment(page.date)
    if page.updated or page.date:
        news["dateModified"] = moment(page.updated or page.date)
    if page.authors:
        news["author"] = [{"@type": "Person", "name": author} for author in page.authors]
    if page.section:
        news["articleSection"] = page.section.title
    if page.tags:
        news["keywords"] = [tag.title for tag in page.tags]
    if page.words:
        news["wordCount"] = page.words
    if page.corrections:
        news["correction"] = [correction.text for correction in page.corrections]
    return {"@context": "https://schema.org", "@graph": [news, _breadcrumbs(page, site, absolute)]}


class _ListItem(Struct, frozen=True, tag_field="@type", tag="ListItem"):
    position: int
    url: str


def collection(page: _Collection, site: SiteView, absolute: Callable[[str], str]) -> _Words:
    """A CollectionPage with the ItemList of its articles, and its BreadcrumbList, as JSON-LD has them."""
    listed: _Words = {"@type": "CollectionPage", "name": page.title, "url": absolute(page.path)}
    listed["isPartOf"] = {"@type": "WebSite", "name": site.title, "url": absolute("")}
    if isinstance(page, ListingContext):
        items = [_ListItem(place, absolute(row_path(row))) for place, row in enumerate(page.rows, 1)]
        listed["mainEntity"] = {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
    graph = [listed, _steps(page.title, page.crumbs, site, absolute), *_of_the_day(page, absolute)]
    return {"@context": "https://schema.org", "@graph": graph}


def _of_the_day(page: _Collection, absolute: Callable[[str], str]) -> list[_Words]:
    """The articles of a day's page in short: a day is what people quote a newspaper by."""
    if not isinstance(page, ListingContext) or page.kind != "day":
        return []
    day = "-".join(page.path.split("/")[:3])
    return [
        {"@type": "NewsArticle", "@id": url, "url": url, "headline": row.title, "datePublished": day}
        for row in page.rows
        for url in [absolute(row_path(row))]
    ]


def row_path(row: Row) -> str:
    """Path in the site of the article of a row."""
    return row.href.removeprefix(ROOT).removesuffix("index.html")


def _breadcrumbs(page: ArticleContext, site: SiteView, absolute: Callable[[str], str]) -> _Words:
    return _steps(page.title, page.day or ((page.section,) if page.section else ()), site, absolute)


def _steps(title: str, ways: tuple[Link, ...], site: SiteView, absolute: Callable[[str], str]) -> _Words:
    steps = [(site.title, absolute("")), *((way.title, absolute(way.path)) for way in ways)]
    items: list[_Words] = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": title})
    return {"@type": "BreadcrumbList", "itemListElement": items}
