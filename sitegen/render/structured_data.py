"""What an article says of itself to machines, in the words of schema.org."""

from collections.abc import Callable

from sitegen.contexts import ArticleContext
from sitegen.render.settings import SiteView

_Words = dict[str, object]


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


def _breadcrumbs(page: ArticleContext, site: SiteView, absolute: Callable[[str], str]) -> _Words:
    ways = page.day or ((page.section,) if page.section else ())
    steps = [(site.title, absolute("")), *((way.title, absolute(way.path)) for way in ways)]
    items: list[_Words] = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": page.title})
    return {"@type": "BreadcrumbList", "itemListElement": items}
