"""What machines read: feeds, sitemaps, data, and what pages say of themselves."""

import datetime as dt
import json
import re
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from lxml import etree

from tests.conftest import SmallSite
from tests.sites.test_ways_in import MAX_HTML, VALLEY

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# The rules of the protocol at sitemaps.org, as far as they concern what is written here.
SITEMAP_RULES = """
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">
  <xsd:simpleType name="loc"><xsd:restriction base="xsd:anyURI">
    <xsd:minLength value="12"/><xsd:maxLength value="2048"/></xsd:restriction></xsd:simpleType>
  <xsd:simpleType name="lastmod"><xsd:union>
    <xsd:simpleType><xsd:restriction base="xsd:date"/></xsd:simpleType>
    <xsd:simpleType><xsd:restriction base="xsd:dateTime"/></xsd:simpleType></xsd:union></xsd:simpleType>
  <xsd:complexType name="place"><xsd:sequence>
    <xsd:element name="loc" type="loc"/><xsd:element name="lastmod" type="lastmod" minOccurs="0"/>
  </xsd:sequence></xsd:complexType>
  <xsd:element name="urlset"><xsd:complexType><xsd:sequence>
    <xsd:element name="url" type="place" maxOccurs="50000"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="sitemapindex"><xsd:complexType><xsd:sequence>
    <xsd:element name="sitemap" type="place" maxOccurs="50000"/></xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>
"""
HARD = """
    == sitegen.toml ==
    [site]
    title = "News & <Views>"
    description = "All of it"
    url = "https://test.example/archive/"
    timezone = "Europe/Paris"
    language = "en"
    == content/news/hard.md ==
    ---
    title: '</title> ]]> & <b>"quotes"</b>'
    date: 1905-03-04T10:00:00
    updated: 2020-07-01T08:30:00+02:00
    lang: fr
    authors: ['A & B <c>']
    tags: [Rivers, 'R&D']
    summary: "A vertical tab \\x0b and an end \\x00 of text"
    ---
    Text.
"""


@pytest.fixture
def valley(site: SmallSite) -> SmallSite:
    site.write(VALLEY)
    site.write(HARD)
    assert site.build().problems == []
    return site


def feeds_of(site: SmallSite, name: str) -> list[str]:
    found = [path for path in site.outputs() if path.rpartition("/")[2] == name]
    assert {name, f"sections/news/{name}", f"tags/rivers/{name}", f"authors/ada-blum/{name}"} <= set(found)
    return found


def test_feeds_hold_to_the_rules_of_atom(valley: SmallSite) -> None:
    for path in feeds_of(valley, "feed.xml"):
        root = etree.fromstring(valley.read(path).encode())
        assert root.tag == f"{ATOM}feed"
        for element in (root, *root.iter(f"{ATOM}entry")):
            assert [len(element.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
            assert MOMENT.fullmatch(element.findtext(f"{ATOM}updated") or "")
            relations = [link.get("rel") for link in element.findall(f"{ATOM}link")]
            assert relations.count("alternate") == 1
        assert root.find(f"{ATOM}author/{ATOM}name") is not None
        own = next(link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self")
        assert own == root.findtext(f"{ATOM}id") == f"https://test.example/archive/{path}"
        ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
        assert len(ids) == len(set(ids)) > 0
        for entry in root.iter(f"{ATOM}entry"):
            assert (entry.findtext(f"{ATOM}published") or "") <= (entry.findtext(f"{ATOM}updated") or "")


def test_feeds_hold_to_the_rules_of_rss(valley: SmallSite) -> None:
    for path in feeds_of(valley, "rss.xml"):
        root = etree.fromstring(valley.read(path).encode())
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        (channel,) = root
        assert all((channel.findtext(name) or "").strip() for name in ("title", "link", "description"))
        for item in channel.iter("item"):
            assert item.findtext("title")
            assert (item.findtext("guid") or "").startswith("https://test.example/archive/")
            moment = parsedate_to_datetime(item.findtext("pubDate") or "")
            assert moment.utcoffset() == dt.timedelta()


def test_feeds_hold_to_the_rules_of_json_feed(valley: SmallSite) -> None:
    for path in feeds_of(valley, "feed.json"):
        feed = json.loads(valley.read(path))
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == f"https://test.example/archive/{path}"
        for item in feed["items"]:
            assert item["id"] == item["url"]
            assert item["title"] and "content_text" in item
            assert MOMENT.fullmatch(item["date_published"]) and MOMENT.fullmatch(item["date_modified"])


def test_feed_readers_see_the_same_articles_in_every_format(valley: SmallSite) -> None:
    for folder in ("", "sections/news/", "tags/rivers/", "authors/ada-blum/"):
        atom, rss = (feedparser.parse(valley.read(folder + name).encode()) for name in ("feed.xml", "rss.xml"))
        items = json.loads(valley.read(f"{folder}feed.json"))["items"]
        assert not atom.bozo and not rss.bozo
        assert [entry.link for entry in atom.entries] == [entry.link for entry in rss.entries]
        assert [entry.link for entry in atom.entries] == [item["url"] for item in items]
        assert [entry.title for entry in rss.entries] == [item["title"] for item in items]
        assert [entry.published_parsed for entry in atom.entries] == [entry.published_parsed for entry in rss.entries]
    hard = feedparser.parse(valley.read("feed.xml").encode()).entries[-1]
    assert hard.title.startswith("</title> ]]> &")
    assert hard.published == "1905-03-04T09:50:39Z"  # Paris kept its own time until 1911
    assert hard.updated == "2020-07-01T06:30:00Z"
    assert [tag.term for tag in hard.tags] == ["Rivers", "R&D"]
    assert [author.name for author in hard.authors] == ["A & B <c>"]


def test_pages_lead_to_their_feeds(valley: SmallSite) -> None:
    html = valley.read("tags/rivers/index.html")
    assert re.findall(r'<link rel="alternate" type="application/([a-z+]+)"[^>]* href="\.\./\.\./([^"]+)"', html) == [
        ("atom+xml", "tags/rivers/feed.xml"), ("rss+xml", "tags/rivers/rss.xml"), ("feed+json", "tags/rivers/feed.json"),
    ]  # fmt: skip
    article = valley.read("2012/05/concert/index.html")
    assert re.findall(r'type="application/atom\+xml"[^>]* href="([^"]+)"', article) == ["../../../feed.xml"]


def test_feeds_can_be_chosen(site: SmallSite) -> None:
    site.write(VALLEY)
    site.write(
        """
        == sitegen.toml ==
        [site]
        url = "https://test.example/"
        [feeds]
        site = ["json"]
        sections = []
        tags = ["rss"]
        authors = ["atom"]
        min_articles = 3
        """
    )
    assert site.build().problems == []
    feeds = {path for path in site.outputs() if path.rpartition("/")[2] in ("feed.xml", "rss.xml", "feed.json")}
    assert feeds == {"feed.json", "tags/rivers/rss.xml"}


def test_sitemaps_hold_to_the_schema_and_name_every_page_once(valley: SmallSite) -> None:
    schema = etree.XMLSchema(etree.fromstring(SITEMAP_RULES))
    index = etree.fromstring(valley.read("sitemap.xml").encode())
    schema.assertValid(index)
    named: list[str] = []
    for place in index:
        path = (place[0].text or "").removeprefix("https://test.example/archive/")
        sitemap = etree.fromstring(valley.read(path).encode())
        schema.assertValid(sitemap)
        named += [url[0].text or "" for url in sitemap]
        newest = [url[1].text or "" for url in sitemap if len(url) > 1]
        assert (place[1].text if len(place) > 1 else "") == max(newest, default="")
    pages = {path.removesuffix("index.html") for path in valley.outputs() if path.endswith("/index.html")} | {""}
    assert sorted(named) == sorted(f"https://test.example/archive/{path}" for path in pages)
    assert "<lastmod>2020-07-01T06:30:00Z</lastmod>" in valley.read("sitemap-1905-03.xml")
    assert "<lastmod>2012-05-01</lastmod>" in valley.read("sitemap-2012-05.xml")
    assert "Sitemap: https://test.example/archive/sitemap.xml" in valley.read("robots.txt")


def test_a_sitemap_never_names_too_many_addresses(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.pages.sitemaps.MAX_URLS", 2)
    site.write(VALLEY)
    site.build()
    sitemaps = {path: site.read(path).count("<url>") for path in site.outputs() if path.startswith("sitemap-")}
    assert max(sitemaps.values()) == 2
    assert {"sitemap-2012-05.xml", "sitemap-pages.xml", "sitemap-pages-part2.xml"} <= set(sitemaps)


def scripts_of(html: str) -> list[dict[str, object]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(text) for text in found]


def test_pages_say_what_they_are_in_json_ld(valley: SmallSite) -> None:
    (article,) = scripts_of(valley.read("1905/03/title-b-quotes-b/index.html"))
    news, steps = article["@graph"]  # type: ignore[misc]
    assert news["@type"] == "NewsArticle" and news["headline"].startswith("</title> ]]> &")
    assert news["datePublished"] == "1905-03-04T09:50:39Z"
    assert [step["position"] for step in steps["itemListElement"]] == [1, 2, 3, 4, 5]
    (listing,) = scripts_of(valley.read("tags/rivers/index.html"))
    collection, steps = listing["@graph"]  # type: ignore[misc]
    items = collection["mainEntity"]["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3, 4]
    assert items[0]["@type"] == "ListItem"
    assert items[-1]["url"] == "https://test.example/archive/1905/03/title-b-quotes-b/"
    assert [step["name"] for step in steps["itemListElement"]] == ["News & <Views>", "Tags", "Rivers"]
    for path in valley.outputs():
        if path.endswith("index.html"):
            assert '<meta name="twitter:card" content="summary">' in valley.read(path), path
            assert len(scripts_of(valley.read(path))) == 1, path
            assert len(valley.read(path).encode()) <= MAX_HTML


def test_records_of_all_articles_are_there_by_year(valley: SmallSite) -> None:
    index = json.loads(valley.read("data/index.json"))
    assert [(file["url"], file["articles"]) for file in index["files"]] == [
        (f"https://test.example/archive/data/{name}.jsonl", count)
        for name, count in (("1905", 1), ("2011", 1), ("2012", 2), ("undated", 1))
    ]
    records = [json.loads(line) for line in valley.read("data/2012.jsonl").splitlines()]
    assert records[1] == {
        "url": "https://test.example/archive/2012/05/after-the-flood/", "title": "After the flood",
        "date": "2012-05-01T00:00:00", "language": "en", "authors": ["Ada Blum", "Bo Li"], "section": "news",
        "series": "The flood", "tags": ["Rivers"], "summary": "Second.", "words": 1,
    }  # fmt: skip


def test_a_year_with_very_many_articles_has_several_files(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.pages.data.LINES_A_FILE", 2)
    for number in range(5):
        site.add_article(f"a{number}", title=f"T {number}", date="2012-01-01")
    site.build()
    assert [site.read(f"data/{name}.jsonl").count("\n") for name in ("2012", "2012-2", "2012-3")] == [2, 2, 1]


def test_lists_come_as_json_and_a_guide_for_models_if_wanted(site: SmallSite) -> None:
    site.write(VALLEY)
    site.build()
    assert not {"tags/rivers/index.json", "llms.txt"} & set(site.outputs())
    site.write(
        """
        == sitegen.toml ==
        [site]
        title = "Valley"
        url = "https://test.example/"
        [listings]
        page_size = 1
        [data]
        listings = true
        llms = true
        years = false
        """
    )
    site.build()
    front = json.loads(site.read("tags/rivers/index.json"))
    assert (front["page"], front["newer"]) == (3, None)
    assert front["older"] == "https://test.example/tags/rivers/page/2/index.json"
    assert [article["title"] for article in front["articles"]] == ["After the flood"]
    assert json.loads(site.read("tags/rivers/page/1/index.json"))["articles"] == [
        {"url": "https://test.example/2011/05/flood/", "title": "Flood", "date": "2011-05-01", "section": "News"}
    ]
    assert "- [News](https://test.example/sections/news/): 2" in site.read("llms.txt")
    assert not any(path.startswith("data/") for path in site.outputs())
