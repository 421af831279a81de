"""Old addresses, articles taken back, and articles whose time has not come."""

import datetime as dt

import pytest
from PIL import Image

from sitegen.commands.build import build
from sitegen.commands.trees import preview_tree
from sitegen.model import Severity, SiteError
from tests.conftest import SmallSite


def test_old_addresses_lead_on_as_pages_and_in_maps(site: SmallSite) -> None:
    site.write(
        """
        == sitegen.toml ==
        [site]
        url = "https://test.example/archive/"
        [redirects.moved]
        "/about us/" = "/archive/"
        "/shop/" = "https://shop.example/"
        == content/a.md ==
        ---
        title: A
        date: 2011-05-01
        aliases: [/old/a/, /2011/é.html, '/?p=12', '/index.php?p=12&x="']
        ---
        Text.
        """
    )
    assert site.build().problems == []
    assert "url=../../2011/05/a/" in site.read("old/a/index.html")
    assert "url=../2011/05/a/" in site.read("2011/é.html")
    assert "url=https://shop.example/" in site.read("shop/index.html")
    assert site.read("_redirects").splitlines() == [
        "/archive/old/a/ /archive/2011/05/a/ 301",
        "/archive/2011/%C3%A9.html /archive/2011/05/a/ 301",
        "/archive/about%20us/ /archive/archive/ 301",
        "/archive/shop/ https://shop.example/ 301",
    ]
    assert site.read("redirects/nginx-moved.map").splitlines() == [
        '"/archive/old/a/" "/archive/2011/05/a/";',
        '"/archive/2011/é.html" "/archive/2011/05/a/";',
        '"/archive/about us/" "/archive/archive/";',
        '"/archive/shop/" "https://shop.example/";',
    ]
    assert site.read("redirects/nginx-queries.map").splitlines() == [
        '"/archive/?p=12" "/archive/2011/05/a/";',
        '"/archive/index.php?p=12&x=\\"" "/archive/2011/05/a/";',
    ]
    assert site.read("redirects/apache-moved.map").splitlines()[1:3] == [
        "/archive/2011/%c3%a9.html /archive/2011/05/a/",
        "/archive/?p=12 /archive/2011/05/a/",
    ]
    assert "index.php/index.html" not in site.outputs()


def test_stubs_and_maps_can_be_left_out(site: SmallSite) -> None:
    site.write('== sitegen.toml ==\n[redirects]\nstubs = false\nmaps = ["nginx"]\n')
    site.add_article("a", title="A", aliases="[/old/]")
    site.build()
    assert "old/index.html" not in site.outputs()
    assert {path for path in site.outputs() if "redirects" in path} == {"redirects/nginx-moved.map"}


def test_a_site_without_old_addresses_has_no_maps(site: SmallSite) -> None:
    site.add_article("a", title="A")
    site.build()
    assert not any("redirects" in path for path in site.outputs())


def test_loops_and_chains_are_told_and_chains_are_cut_short(site: SmallSite) -> None:
    site.write(
        """
        == sitegen.toml ==
        [redirects.moved]
        "/a/" = "/b/"
        "/b/" = "/c/"
        "/x/" = "/y/"
        "/y/" = "/x/"
        "/self/" = "/self/"
        "/two/" = "/old/"
        "relative" = "../up"
        == content/d.md ==
        ---
        title: D
        aliases: [/old/, /c/]
        ---
        Text.
        """
    )
    problems = {problem.message: problem.severity for problem in site.build().problems}
    assert problems == {
        '"relative" = "../up" are no paths of this site': Severity.ERROR,
        '"/self/" leads back to itself': Severity.ERROR,
        '"/x/" leads back to itself': Severity.ERROR,
        '"/y/" leads back to itself': Severity.ERROR,
        'something leads to "/old/", which leads on to "/articles/d/"': Severity.WARNING,
        'something leads to "/c/", which leads on to "/articles/d/"': Severity.WARNING,
        'something leads to "/b/", which leads on to "/articles/d/"': Severity.WARNING,
    }
    for old in ("a", "b", "c", "two", "old"):
        assert "url=../articles/d/" in site.read(f"{old}/index.html")


def test_an_old_address_that_two_articles_want_is_told(site: SmallSite) -> None:
    site.add_article("a", title="A", aliases="[/old/]")
    site.add_article("b", title="B", aliases="[/old/]")
    problems = [(str(problem.location), problem.code, problem.message) for problem in site.build().problems]
    assert problems == [("content/b.md", "clash", "wants the same path as content/a.md: /old/index.html")]


def test_an_old_address_gives_way_to_a_page(site: SmallSite) -> None:
    site.write(
        '== sitegen.toml ==\n[site]\nurl = "https://t.example"\n[redirects.moved]\n"/archive/" = "/articles/a/"\n"/x/" = "/tags/"\n'
    )
    site.add_article("a", title="A", tags="T", aliases="[/articles/b/, /Tags/, /sitemap.xml, /robots.txt/x/, /old/]")
    site.add_article("b", title="B")
    problems = site.build().problems
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    assert [(str(problem.location), problem.code, problem.message) for problem in problems] == [
        (place, "alias-taken", f'the old address "/{path}" is taken by {holder}; it leads nowhere else')
        for place, path, holder in (
            ("sitegen.toml", "archive/", "the archive.html page"),
            ("content/a.md", "articles/b/", "content/b.md"),
            ("content/a.md", "Tags/", "the terms.html page"),
            ("content/a.md", "sitemap.xml", "the sitemap-index.xml page"),
            ("content/a.md", "robots.txt/x/", "the robots.txt page"),
        )
    ]
    assert site.read("_redirects").splitlines() == ["/old/ /articles/a/ 301", "/x/ /tags/ 301"]
    assert len(site.read("redirects/nginx-moved.map").splitlines()) == 2
    assert len(site.read("redirects/apache-moved.map").splitlines()) == 2
    assert "http-equiv" not in site.read("articles/b/index.html") + site.read("tags/index.html")
    assert site.build().written == []


@pytest.mark.parametrize("stubs", ["true", "false"])
def test_an_old_address_gives_way_when_a_page_comes_and_leads_on_again_when_it_is_gone(
    site: SmallSite, stubs: str
) -> None:
    site.write(f"== sitegen.toml ==\n[redirects]\nstubs = {stubs}\n")
    site.add_article("a", title="A", aliases="[/articles/b/, /tags/t/]")
    assert site.build().problems == []
    assert len(site.read("_redirects").splitlines()) == 2
    for step, expected in (("b comes", 1), ("t comes", 0), ("b goes", 1), ("t goes", 2)):
        match step:
            case "b comes":
                site.add_article("b", title="B")
            case "t comes":
                site.add_article("c", title="C", tags="T")
            case "b goes":
                site.path("content/b.md").unlink()
            case "t goes":
                site.path("content/c.md").unlink()
        problems = site.build().problems
        assert [problem.code for problem in problems] == ["alias-taken"] * (2 - expected), step
        built = site.outputs()
        assert (site.read("_redirects").count(" 301") if "_redirects" in built else 0) == expected, step
        assert built == site.clean_outputs(), step


SECRET = """
    == content/news/secret.md ==
    ---
    title: Secret
    slug: secret
    date: 2011-05-01
    tags: [Hidden]
    author: Nobody
    series: Whispers
    aliases: [/old/secret/, '/?p=7']
    {key}
    ---
    ![The picture](secret.png) Concealed words. [Shared](shared.png)
    == content/news/open.md ==
    ---
    title: Open
    date: 2011-06-01
    tags: [Seen]
    ---
    [Another](secret.md), ![shared](shared.png)
"""


def write_secret(site: SmallSite, key: str) -> None:
    site.write(SECRET.format(key=key))
    for name in ("secret", "shared"):
        Image.new("RGB", (90, 60)).save(site.path(f"content/news/{name}.png"))


def mentions(site: SmallSite) -> set[str]:
    """Output files in whose path or text any of it stands."""
    found = set()
    for path in site.outputs():
        text = site.path(f"output/{path}").read_bytes().decode("utf-8", "replace")
        if any(word in text + path for word in ("ecret", "Hidden", "Nobody", "Whispers", "Concealed", "hidden/")):
            found.add(path)
    return found


def test_an_article_that_was_taken_back_leaves_a_sign_at_its_address_and_is_nowhere_else(site: SmallSite) -> None:
    write_secret(site, "withdrawn: 2014-01-01 Asked for by the family.")
    assert site.build().problems == []
    sign = site.read("2011/05/secret/index.html")
    assert "Asked for by the family." in sign and 'datetime="2014-01-01"' in sign and 'content="noindex"' in sign
    assert "Secret" not in sign and "Concealed" not in sign and "Hidden" not in sign
    assert "../../2011/05/secret/" in site.read("old/secret/index.html")
    assert site.read("redirects/nginx-gone.map").splitlines() == ['"/old/secret/" 1;', '"/2011/05/secret/" 1;']
    assert site.read("redirects/apache-gone.map").splitlines() == ["/old/secret/ 1", "/2011/05/secret/ 1"]
    assert mentions(site) == {
        "2011/05/secret/index.html", "old/secret/index.html", "redirects/nginx-gone.map",
        "redirects/apache-gone.map", "_redirects", "2011/06/open/index.html",  # links to it
    }  # fmt: skip
    assert "media/news/shared.png" in site.outputs()


def test_an_article_taken_back_later_vanishes_from_every_page_that_showed_it(site: SmallSite) -> None:
    write_secret(site, "lang: fr")
    site.build()
    assert "sections/news/feed.xml" in mentions(site)
    write_secret(site, "withdrawn: true")
    site.build()
    assert "sections/news/feed.xml" not in mentions(site)
    assert site.outputs() == site.clean_outputs()


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_an_embargoed_article_is_nowhere_before_its_time_and_everywhere_after(site: SmallSite) -> None:
    write_secret(site, "embargo: 2030-01-01T06:00:00Z")
    site.path("content/news/open.md").write_text("---\ntitle: Open\ndate: 2011-06-01\n---\n![s](shared.png)\n")
    early = build(site.site, site.tree, now=at("2030-01-01T05:59:59+00:00"))
    assert early.problems == []
    assert mentions(site) == set()
    again = build(site.site, site.tree, now=at("2030-01-01T05:59:59+00:00"))
    assert again.written == []
    build(site.site, site.tree, now=at("2030-01-01T08:00:00+02:00"))
    assert {"2011/05/secret/index.html", "feed.xml", "tags/hidden/index.html", "media/news/secret.png"} <= mentions(
        site
    )
    assert build(site.site, site.tree, now=at("2030-01-02T00:00:00+00:00")).written == []


def test_an_article_of_tomorrow_appears_tomorrow_by_the_clock_of_the_site(site: SmallSite) -> None:
    site.write('== sitegen.toml ==\n[site]\ntimezone = "Asia/Tokyo"\n')
    site.add_article("a", title="A", date="2030-01-01")
    build(site.site, site.tree, now=at("2029-12-31T14:59:59+00:00"))
    assert "2030/01/a/index.html" not in site.outputs()
    build(site.site, site.tree, now=at("2029-12-31T15:00:00+00:00"))
    assert "2030/01/a/index.html" in site.outputs()


def test_the_preview_shows_what_is_still_to_come(site: SmallSite) -> None:
    write_secret(site, "embargo: 2090-01-01")
    tree = preview_tree(site.site)
    build(site.site, tree)
    assert (tree.output / "2011/05/secret/index.html").exists()


def test_the_time_of_a_build_can_be_given(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    site.add_article("a", title="A", date="2001-09-10")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")  # 9 September 2001
    site.build()
    assert "2001/09/a/index.html" not in site.outputs()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000086400")
    site.build()
    assert "2001/09/a/index.html" in site.outputs()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(SiteError, match="no time"):
        site.build()
