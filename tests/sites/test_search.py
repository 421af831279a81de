"""The search index of whole small sites."""

import re

import pytest
from lxml import etree

from sitegen.config import parse_config
from sitegen.model import SiteError
from tests.conftest import SmallSite
from tests.search.reading import BucketReader, values_of


@pytest.fixture
def site(site: SmallSite) -> SmallSite:
    site.write(
        """
        == sitegen.toml ==
        [site]
        title = "The archive of a valley"
        url = "https://test.example/archive/"
        language = "fr"
        [build]
        workers = 1
        [search]
        engine = "own"
        """
    )
    return site


def bucket(site: SmallSite, name: str) -> BucketReader:
    folder = f"search/{name}/"
    return BucketReader(
        {path.removeprefix(folder): site.read(path) for path in site.outputs() if path.startswith(folder)}
    )


def titles(site: SmallSite, name: str, *forms: str) -> list[str]:
    """What a search in a bucket shows."""
    shown = values_of(site.read(f"search/{name}/articles/0.js"))[1]
    return [shown[number][0] for number in sorted(bucket(site, name).search(forms))]


def buckets(site: SmallSite) -> list[str]:
    return [name for name, _, _ in values_of(site.read("search/index.js"))[1]]


def test_articles_lie_in_buckets_of_time_the_newest_first(site: SmallSite) -> None:
    site.add_article("news/a", "Une élection.", title="A", date="2011-05-01")
    site.add_article("news/b", "Des élections.", title="B", date="2019-05-01")
    site.add_article("c", "Le chemin.", title="C", date="1987-01-01")
    site.add_article("d", "Le moulin.", title="D")
    site.add_article("e", "Le parchemin.", title="E", date="0987-02-03")
    assert site.build().problems == []

    assert values_of(site.read("search/index.js")) == [
        "index.js", [["201x", 1, 2], ["198x", 1, 1], ["098x", 1, 1], ["undated", 1, 1]],
    ]  # fmt: skip
    assert titles(site, "201x", "election") == ["A", "B"]
    assert titles(site, "201x", "election", "@2019") == ["B"]
    assert titles(site, "201x", "election", "/news") == ["A", "B"]
    assert titles(site, "undated", "moulin") == ["D"]
    assert values_of(site.read("search/098x/articles/0.js"))[1][0][2] == "0987-02-03"
    assert titles(site, "098x", "parchemin", "@0987") == ["E"]
    assert values_of(site.read("search/201x/articles/0.js"))[1][0] == [
        "A", "2011/05/a/", "2011-05-01", "1 mai 2011", "News", "fr", "Une élection.",
    ]  # fmt: skip


def test_many_articles_are_divided_by_year_and_by_month_and_then_by_their_names(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.pages.search.MAX_ARTICLES", 3)
    for number in range(8):
        site.add_article(f"a{number}", "Le pont.", title=f"A{number}", date="2011-05-01")
        site.add_article(f"u{number}", "Le pont.", title=f"U{number}")
    site.add_article("b", "Le pont.", title="B", date="2011-06-01")
    site.add_article("c", "Le pont.", title="C", date="2012-01-01")
    site.add_article("e", "Le pont.", title="E", date="1999-01-01")
    site.build()

    names = buckets(site)
    assert names == [
        "2012", "2011-06", "2011-05-4", "2011-05-3", "2011-05-2", "2011-05-1", "199x",
        "undated-4", "undated-3", "undated-2", "undated-1",
    ]  # fmt: skip
    found = sorted(title for name in names if bucket(site, name).files for title in shown(site, name))
    assert found == sorted([*(f"A{n}" for n in range(8)), *(f"U{n}" for n in range(8)), "B", "C", "E"])
    assert site.outputs() == site.clean_outputs()


def shown(site: SmallSite, name: str) -> list[str]:
    counts = {bucket: count for bucket, _, count in values_of(site.read("search/index.js"))[1]}
    return titles(site, name, "pont") if counts[name] else []


def test_what_a_result_shows_lies_in_pieces(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.pages.search.ARTICLES_A_CHUNK", 2)
    for number in range(5):
        site.add_article(f"a{number}", title=f"A{number}", date="2011-05-01")
    site.build()

    assert [len(values_of(site.read(f"search/201x/articles/{n}.js"))[1]) for n in range(3)] == [2, 2, 1]


def test_what_is_not_shown_is_not_found(site: SmallSite) -> None:
    site.add_article("a", "Tilleul.", title="A", date="2011-05-01")
    site.add_article("b", "Tilleul.", title="B", date="2011-05-01", draft="true")
    site.add_article("c", "Tilleul.", title="C", date="2011-05-01", withdrawn="true")
    site.add_article("d", "Tilleul.", title="D", date="2011-05-01", publish_at="2090-01-01")
    site.build()
    assert titles(site, "201x", "tilleul") == ["A"]

    site.add_article("a", "Tilleul.", title="A", date="2011-05-01", withdrawn="true")
    site.add_article("c", "Tilleul.", title="C", date="2011-05-01")
    site.build()
    assert titles(site, "201x", "tilleul") == ["C"]
    assert site.outputs() == site.clean_outputs()


def test_an_edited_body_writes_its_page_and_the_files_of_its_words_alone(site: SmallSite) -> None:
    for number in range(30):
        words = " ".join(f"mot{chr(97 + (number * 7 + k) % 26)}{k:02}" for k in range(400))
        site.add_article(f"a{number}", f"Début. {words}", title=f"A{number}", date=f"20{10 + number % 20}-05-01")
    site.build()
    assert len(bucket(site, "201x").files) > 1

    body = site.path("content/a3.md").read_text("utf-8")
    site.path("content/a3.md").write_text(body.replace("motq99", "Peuplier"), "utf-8")
    report = site.build()

    assert "2013/05/a3/index.html" in report.written
    assert all(path.startswith("search/201x/words/") for path in report.written if path != "2013/05/a3/index.html")
    assert len(report.written) <= 3
    assert titles(site, "201x", "peuplier") == ["A3"]
    assert site.outputs() == site.clean_outputs()


def test_other_tags_and_another_title_are_found(site: SmallSite) -> None:
    site.add_article("a", "Texte.", title="Le pont", date="2011-05-01", tags="Rivière")
    site.build()
    site.add_article("a", "Texte.", title="Le pont", date="2011-05-01", tags="Lac")
    site.build()
    assert titles(site, "201x", "lac") == ["Le pont"]
    assert titles(site, "201x", "riviere") == []

    site.add_article("a", "Texte.", title="Le gué", date="2011-05-01", tags="Lac")
    site.build()
    assert titles(site, "201x", "gue") == ["Le gué"]
    assert site.outputs() == site.clean_outputs()


def test_a_poll_is_found_by_what_its_data_file_says(site: SmallSite) -> None:
    site.add_article("a", 'Texte. [poll id="7"]', title="A", date="2011-05-01")
    poll = "question: Quel chemin ?\nanswers:\n- id: 1\n  text: Le sentier\n- id: 2\n  text: La digue\n"
    site.write_bytes("content/polls/7.yaml", poll.encode())
    site.build()
    assert titles(site, "201x", "chemin", "digue", "texte") == ["A"]

    site.write_bytes("content/polls/7.yaml", poll.replace("digue", "jetée").encode())
    site.build()
    assert titles(site, "201x", "jetee") == ["A"]
    assert titles(site, "201x", "digue") == []
    assert site.outputs() == site.clean_outputs()


def test_programs_are_told_how_to_search(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2011-05-01")
    site.build()
    root = etree.fromstring(site.read("opensearch.xml").encode())
    names = {etree.QName(child).localname: child for child in root}
    space = "http://a9.com/-/spec/opensearch/1.1/"

    assert root.tag == f"{{{space}}}OpenSearchDescription"
    assert all(child.tag.startswith(f"{{{space}}}") for child in root)
    assert names["ShortName"].text == "The archive of a"  # at most 16 signs
    assert names["LongName"].text == "The archive of a valley"
    assert 0 < len(names["Description"].text or "") <= 1024
    pages = [child for child in root if child.get("type") == "text/html"]
    assert [page.get("template") for page in pages] == ["https://test.example/archive/search/?q={searchTerms}"]
    assert names["Image"].text == "https://test.example/archive/assets/icon.svg"
    assert (names["Language"].text, names["InputEncoding"].text) == ("fr", "UTF-8")
    for path, link in (("index.html", "./opensearch.xml"), ("search/index.html", "../opensearch.xml")):
        assert (
            f'<link rel="search" type="application/opensearchdescription+xml" title="The archive of a valley" href="{link}">'
            in site.read(path)
        )
    action = re.search(r'"urlTemplate":"([^"]*)"', site.read("index.html"))
    assert action and action[1] == "https://test.example/archive/search/?q={words}"


def test_a_site_that_does_not_know_its_address_has_no_description(site: SmallSite) -> None:
    site.write("== sitegen.toml ==\n[build]\nworkers = 1\n")
    site.add_article("a", title="A", date="2011-05-01")
    site.build()
    assert "opensearch.xml" not in site.outputs()
    assert 'rel="search"' not in site.read("index.html") + site.read("search/index.html")
    assert 'role="search"' in site.read("index.html")


def test_without_an_engine_there_is_nothing_of_it(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2011-05-01")
    site.build()
    assert 'href="../../../search/"' in site.read("2011/05/a/index.html")
    site.path("sitegen.toml").write_text(
        site.path("sitegen.toml").read_text("utf-8").replace('"own"', '"none"'), "utf-8"
    )
    report = site.build()

    assert any(path.startswith("search/") for path in report.removed_paths)
    assert not any("search" in path for path in site.outputs())
    assert not any("search/" in site.read(path) for path in site.outputs() if path.endswith((".html", ".xml")))
    assert site.outputs() == site.clean_outputs()


def test_an_engine_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SiteError, match="engine"):
        parse_config('[search]\nengine = "pagefind"\n')
