"""What pages say of themselves to machines, read back as JSON."""

import json
import re

from tests.conftest import SmallSite


def graph(html: str) -> dict[str, dict]:
    """The nodes of a page's JSON-LD by their type; of several of one type, the last."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    words = json.loads(found[1])
    assert words["@context"] == "https://schema.org"
    return {node["@type"]: node for node in words["@graph"]}


def test_a_day_lists_its_articles_and_says_what_they_are(site: SmallSite) -> None:
    site.add_article("a", title="Morning", date="2024-05-17T08:00")
    site.add_article("b", title="Evening & night", date="2024-05-17T20:00")
    site.build()

    day = graph(site.read("2024/05/17/index.html"))

    urls = [item["url"] for item in day["CollectionPage"]["mainEntity"]["itemListElement"]]
    assert urls == ["https://test.example/2024/05/evening-night/", "https://test.example/2024/05/morning/"]
    assert day["NewsArticle"]["@id"] == "https://test.example/2024/05/morning/"
    assert day["NewsArticle"]["headline"] == "Morning"
    assert day["NewsArticle"]["datePublished"] == "2024-05-17"
    assert day["BreadcrumbList"]["itemListElement"][0]["name"] == "Test"


def test_a_month_names_its_articles_by_address_alone(site: SmallSite) -> None:
    site.add_article("a", title="Morning", date="2024-05-17")
    site.build()
    assert "NewsArticle" not in graph(site.read("2024/05/index.html"))


def test_an_article_is_a_news_article_with_its_way_from_home(site: SmallSite) -> None:
    site.add_article("a", title="Q </script> & R", slug="q", date="2024-05-17", author="Ann", tags="Ferry, Tram")
    site.build()

    article = graph(site.read("2024/05/q/index.html"))

    assert article["NewsArticle"]["headline"] == "Q </script> & R"
    assert article["NewsArticle"]["author"] == [{"@type": "Person", "name": "Ann"}]
    assert article["NewsArticle"]["keywords"] == ["Ferry", "Tram"]
    assert article["BreadcrumbList"]["itemListElement"][-1]["name"] == "Q </script> & R"
