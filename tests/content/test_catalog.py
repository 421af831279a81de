import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sitegen.content import terms
from sitegen.content.catalog import Catalog, open_catalog
from sitegen.content.filing import file_away
from sitegen.content.folder import FileStat, FolderPart
from sitegen.content.order import title_key
from sitegen.content.rows import Taxonomy, Term
from sitegen.content.source_files import Scanned
from sitegen.model import ArticleEntry, Location, Problem, Withdrawal


def put(catalog: Catalog, name: str, date: str = "", tags: tuple[str, ...] = (), now: str = "", **more: Any) -> None:
    day = dt.datetime.fromisoformat(date) if date else None
    digest = repr((name, date, tags, more))
    entry = ArticleEntry(source=name, digest=digest, permalink=f"{name}/", title=name, date=day, tags=tags)
    read(catalog, Scanned(FileStat(name, 1, 1), digest, structs.replace(entry, **more), ()), now=now)


def read(catalog: Catalog, scanned: Scanned, now: str = "") -> None:
    intake = catalog.intake()
    intake.put([file_away(scanned, ())], now)
    intake.commit()


def test_entries_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "b", "2011-05-01")
        put(catalog, "c", "2010-01-01T12:00:00")
        put(catalog, "a", "2011-05-01")
        put(catalog, "z")
        put(catalog, "old", "0851-01-01")
        assert [entry.source for entry in catalog.newest(9)] == ["b", "a", "c", "old"]
        assert [entry.source for entry in catalog.undated()] == ["z"]
        assert [entry.source for entry in catalog.newest(2)] == ["b", "a"]
        assert [entry.source for entry in catalog.in_period("2011")] == ["a", "b"]
        assert [entry.source for entry in catalog.in_period("2010-01")] == ["c"]
        assert catalog.months() == [("0851-01", 1), ("2010-01", 1), ("2011-05", 2)]


def test_spellings_of_one_tag_fall_together_under_the_most_frequent(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a", tags=("Élection", "C"))
        put(catalog, "b", tags=("election", "C++"))
        put(catalog, "c", tags=("Élection", "ELECTION"))
        assert list(catalog.terms.every()) == [
            Term("c", "C", 1),
            Term("c-plus-plus", "C++", 1),
            Term("election", "Élection", 3),
        ]
        assert catalog.terms.frequent(1) == [Term("election", "Élection", 3)]
        assert list(catalog.terms.spellings()) == [("election", ("Élection", "election"))]


def test_what_is_put_again_takes_the_place_of_what_was(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a", "2011-05-01", tags=("One",))
        put(catalog, "a", "2012-05-01", tags=("Two",))
        assert [term.name for term in catalog.terms.every()] == ["Two"]
        assert catalog.months() == [("2012-05", 1)]


def test_files_that_are_seen_no_more_are_forgotten(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a")
        put(catalog, "b")
        intake = catalog.intake()
        intake.begin("")
        assert list(intake.changed_files([FolderPart("", 0, [FileStat("a", 1, 1)])], racy_since=2)) == []
        assert intake.misses_files()
        assert intake.forget_all_but([FolderPart("", 0, [FileStat("a", 1, 1)])]) == 1
        assert [entry.source for entry in catalog.undated()] == ["a"]


def test_a_file_of_another_size_time_or_too_young_an_age_is_read_again(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a")
        for stat, racy_since, is_read in (
            (FileStat("a", 1, 1), 2, False),
            (FileStat("a", 2, 1), 2, True),
            (FileStat("a", 1, 0), 2, True),
            (FileStat("a", 1, 1), 1, True),
            (FileStat("new", 1, 1), 2, True),
        ):
            assert bool(list(catalog.intake().changed_files([FolderPart("", 0, [stat])], racy_since))) == is_read


def test_the_generation_changes_with_the_files_alone(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a")
        first = catalog.generation()
        put(catalog, "a")  # the same bytes
        assert catalog.generation() == first
        put(catalog, "b")
        assert catalog.generation() != first


def test_problems_last_until_their_file_is_read_anew(tmp_path: Path) -> None:
    problem = Problem(Location("content/a.md", 2), "front-matter", "is odd")
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        read(catalog, Scanned(FileStat("a", 1, 1), "", None, (problem,)))
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        assert list(catalog.problems()) == [problem]
        put(catalog, "a")
        assert list(catalog.problems()) == []


def test_an_article_of_the_future_appears_when_its_time_has_come(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "later", "2030-01-01", now="2029-12-31T10:00:00")
        put(catalog, "embargoed", "2020-01-01", now="2029-12-31T10:00:00", publish_at=dt.datetime(2030, 1, 1, 6))
        put(catalog, "today", "2029-12-31", now="2029-12-31T10:00:00")
        shown = []
        for now in ("2029-12-31T10:00:00", "2030-01-01T05:59:59", "2030-01-01T06:00:00", "2029-12-31T10:00:00"):
            before = catalog.generation()
            intake = catalog.intake()
            intake.release(now)
            intake.commit()
            shown.append(([entry.source for entry in catalog.newest(9)][::-1], catalog.generation() != before))
        assert shown == [
            (["today"], False),
            (["today", "later"], True),
            (["embargoed", "today", "later"], True),
            (["today"], True),
        ]


def test_a_withdrawn_article_is_in_no_list_but_can_be_linked_to(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "gone", "2020-01-01", tags=("One",), withdrawn=Withdrawal(reason="asked for"))
        assert (catalog.count(), list(catalog.terms.every()), list(catalog.titles(""))) == (0, [], [])
        assert [entry.source for entry in catalog.withdrawn()] == ["gone"]
        assert catalog.permalink_of("gone") == "gone/"
        put(catalog, "gone", "2020-01-01")
        assert (catalog.count(), list(catalog.withdrawn())) == (1, [])


def test_authors_and_series_are_taxonomies_of_their_own(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a", "2020-01-01", tags=("Ada",), authors=("Ada", "Bo"), series="Ada")
        put(catalog, "b", "2021-01-01", authors=("Bo",), series="Ada")
        put(catalog, "c", "2021-02-01", authors=("Bo",), series="Ada")
        counts = {kind: [(term.slug, term.count) for term in catalog.terms.every(kind)] for kind in Taxonomy}
        assert counts == {
            Taxonomy.TAG: [("ada", 1)], Taxonomy.AUTHOR: [("ada", 1), ("bo", 3)], Taxonomy.SERIES: [("ada", 3)],
        }  # fmt: skip
        assert [title.title for title in catalog.terms.titles("bo", Taxonomy.AUTHOR)] == ["a", "b", "c"]
        assert [e.source for e in catalog.terms.newest("bo", 2, Taxonomy.AUTHOR)] == ["c", "b"]
        assert catalog.terms.years("bo", Taxonomy.AUTHOR) == [("2020", 1), ("2021", 2)]
        middle = next(entry for entry in catalog.newest(9) if entry.source == "b")
        before, after = (find(middle, "ada", Taxonomy.SERIES) for find in (catalog.terms.before, catalog.terms.after))
        assert before and after and (before.permalink, after.permalink) == ("a/", "c/")


def test_the_tags_beside_a_tag_come_with_the_most_frequent_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a", tags=("One", "Two", "Three"))
        put(catalog, "b", tags=("One", "Two"))
        put(catalog, "c", tags=("Two", "Four"))
        assert catalog.terms.beside("one") == [("two", 2), ("three", 1)]
        monkeypatch.setattr(terms, "MOST_BESIDE", 1)
        assert catalog.terms.beside("two") == [("one", 2)]
        assert catalog.terms.spelling("two") == "Two"


def test_titles_are_found_by_their_beginnings(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        for title in ("École", "Eau", "Bac", "1851", "…", "一月", "Мост"):
            put(catalog, title, "2020-01-01")
        put(catalog, "Ebbe")
        shown = [title.title for title in catalog.titles("")]
        assert shown == ["…", "1851", "Bac", "Eau", "Ebbe", "École", "一月", "Мост"]
        assert [title.title for title in catalog.titles("e")] == ["Eau", "Ebbe", "École"]
        assert [title.title for title in catalog.titles("", undated=True)] == ["Ebbe"]
        assert catalog.title_prefixes("e") == [("ea", 1), ("eb", 1), ("ec", 1)]
        assert catalog.title_prefixes("", undated=True) == [("e", 1)]


def test_a_title_sorts_without_case_accents_and_punctuation() -> None:
    assert title_key("  L’Été, à Nîmes ! ") == "l ete a nimes"
    assert title_key("一月") == "~04e00~06708"
    assert title_key("?!") == "-"


def test_days_are_counted(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        for name, date in (("a", "2011-05-01"), ("b", "2011-05-01T12:00:00"), ("c", "2012-05-01"), ("d", "2012-05-02")):
            put(catalog, name, date)
        assert list(catalog.days()) == [("2011-05-01", 2), ("2012-05-01", 1), ("2012-05-02", 1)]
        assert catalog.days_of_year() == [("05-01", 3), ("05-02", 1)]
        assert [title.title for title in catalog.titles_of_day("05-01")] == ["a", "b", "c"]
        assert [title.title for title in catalog.titles_of_period("2012-05")] == ["c", "d"]


def test_other_tags_of_an_article_touch_the_terms_that_come_or_go_and_no_list_of_titles(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        for number in range(60):
            day = f"20{number // 28:02d}-01-{number % 28 + 1:02d}"
            put(catalog, f"a{number:02d}", day, tags=("Kept", "Gone"), section="News", authors=("Ada",))
        newest, oldest = (put_otherwise(catalog, name) for name in ("a59", "a00"))
        assert [(term.slug, term.count) for term in catalog.terms.every()] == [("gone", 58), ("kept", 60), ("new", 2)]
        assert [title.title for title in catalog.terms.titles("new")] == ["a00", "a59"]
    lists = {"all", "section:news", "term:tag:kept", "term:author:ada", "titles:a", "period:2000", "day:01-01"}
    for touched in (newest, oldest):
        assert {"terms", "term:tag:gone", "term:tag:new", "beside:kept"} <= touched
        assert not touched & lists
    tags_of = {"newest in all", "newest in section:news", "newest in term:tag:kept", "newest in term:author:ada"}
    assert tags_of <= newest
    assert not tags_of & oldest  # too far from the newest for anybody to look at


def test_tags_that_a_tag_does_not_show_beside_it_touch_nothing_of_it(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        more = {"section": "News", "authors": ("Ada",)}
        for number in range(24):  # twelve tags that go with it twice
            put(catalog, f"a{number:02d}", "2000-01-01", tags=("Kept", f"T{number % 12}"), **more)
        put(catalog, "b", "2000-01-01", tags=("Kept", "Gone"), **more)
        assert "beside:kept" not in put_otherwise(catalog, "b")
        put(catalog, "c", "2000-01-01", tags=("Kept", "New"), **more)
        put(catalog, "d", "2000-01-01", tags=("Kept", "Gone"), **more)
        assert "beside:kept" in put_otherwise(catalog, "d")
        assert ("new", 3) in catalog.terms.beside("kept")


def put_otherwise(catalog: Catalog, name: str) -> set[str]:
    """Give an article another tag; the topics that this touches."""
    catalog.acknowledge()
    entry = catalog.entry_of(name)
    assert entry and entry.date
    put(catalog, name, entry.date.isoformat(), tags=("Kept", "New"), section="News", authors=("Ada",))
    touched = catalog.changes_since(catalog.get_meta("base"))
    assert touched
    return touched
