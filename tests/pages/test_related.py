import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.content.catalog import Catalog, open_catalog
from sitegen.content.filing import file_away
from sitegen.content.folder import FileStat
from sitegen.content.source_files import Scanned
from sitegen.contexts import Link
from sitegen.model import ArticleEntry
from sitegen.pages.related import SHOWN, Kinship


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / "c.sqlite") as opened:
        yield opened


def put(catalog: Catalog, name: str, day: int, *tags: str) -> None:
    date = dt.datetime(2020, 1, 1) + dt.timedelta(days=day - 1) if day else None
    entry = ArticleEntry(source=name, digest=name, permalink=f"{name}/", title=name, date=date, tags=tags)
    intake = catalog.intake()
    intake.put([file_away(Scanned(FileStat(name, 1, 1), name, entry, ()), ())])
    intake.commit()


def related(catalog: Catalog, *, alone: bool = False) -> dict[str, list[str]]:
    """What each article is related to, in one walk, or with nothing remembered from one to the next."""
    kinship = Kinship()
    found: dict[str, tuple[Link, ...]] = {}
    for bucket in catalog.buckets():
        for entry in catalog.articles_in(bucket):
            found[entry.title] = (Kinship() if alone else kinship).meet(catalog, entry).nearest
    return {name: [link.title for link in links] for name, links in found.items()}


def test_the_rarer_tag_brings_nearer(catalog: Catalog) -> None:
    put(catalog, "a", 1, "Common", "Rare")
    for day in range(2, 9):
        put(catalog, f"b{day}", day, "Common")
    put(catalog, "z", 9, "Common", "Rare")
    assert related(catalog)["z"] == ["a", "b8", "b7", "b6"]


def test_only_older_articles_are_related_and_only_a_few(catalog: Catalog) -> None:
    for day in range(1, 12):
        put(catalog, f"n{day}", day, "One")
    found = related(catalog)
    assert found["n1"] == []
    assert found["n2"] == ["n1"]
    assert found["n11"] == ["n10", "n9", "n8", "n7"]
    assert len(found["n11"]) == SHOWN


def test_an_undated_article_is_related_to_the_newest_dated_ones(catalog: Catalog) -> None:
    put(catalog, "a", 1, "One")
    put(catalog, "b", 2, "One")
    put(catalog, "u", 0, "One")
    put(catalog, "other", 0, "Two")
    found = related(catalog)
    assert (found["u"], found["other"]) == (["b", "a"], [])


def test_what_is_looked_up_is_what_would_be_remembered(catalog: Catalog) -> None:
    for number in range(80):
        put(catalog, f"n{number}", number * 37 % 80 + 1, f"T{number % 3}", f"T{number % 7}", "All")
    assert related(catalog) == related(catalog, alone=True)


def test_it_is_the_same_however_few_tags_are_remembered(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 13):
        put(catalog, f"n{day}", day, *(f"t{day % number}" for number in (2, 3, 4, 5)))
    expected = related(catalog)

    monkeypatch.setattr("sitegen.pages.related._REMEMBERED", 3)

    assert related(catalog) == expected


def test_the_article_before_in_the_first_tag_is_told(catalog: Catalog) -> None:
    put(catalog, "a", 1, "One")
    put(catalog, "b", 2, "Two", "One")
    put(catalog, "c", 3, "One")
    kinship = Kinship()
    met = [kinship.meet(catalog, entry) for bucket in catalog.buckets() for entry in catalog.articles_in(bucket)]

    assert [one.before_in_tag for one in met] == [None, None, Link("b", "b/")]
