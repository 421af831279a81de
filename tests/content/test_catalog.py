import datetime as dt
from pathlib import Path

from sitegen.content.catalog import Catalog, Term, open_catalog
from sitegen.content.source_files import FileStat, Scanned
from sitegen.model import Entry, Location, Problem


def put(catalog: Catalog, name: str, date: str = "", tags: tuple[str, ...] = (), section: str = "") -> None:
    day = dt.datetime.fromisoformat(date) if date else None
    entry = Entry(source=name, digest=name, permalink=f"{name}/", title=name, date=day, tags=tags, section=section)
    catalog.put(Scanned(FileStat(name, 1, 1), name, entry, ()))


def test_entries_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "b", "2011-05-01")
        put(catalog, "c", "2010-01-01T12:00:00")
        put(catalog, "a", "2011-05-01")
        put(catalog, "z")
        put(catalog, "old", "0851-01-01")
        assert [entry.source for entry in catalog.entries()] == ["old", "c", "a", "b"]
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
        assert list(catalog.terms()) == [
            Term("c", "C", 1),
            Term("c-plus-plus", "C++", 1),
            Term("election", "Élection", 3),
        ]
        assert catalog.frequent_terms(1) == [Term("election", "Élection", 3)]
        assert list(catalog.term_spellings()) == [("election", ("Élection", "election"))]


def test_what_is_put_again_takes_the_place_of_what_was(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a", "2011-05-01", tags=("One",))
        put(catalog, "a", "2012-05-01", tags=("Two",))
        assert [term.name for term in catalog.terms()] == ["Two"]
        assert catalog.months() == [("2012-05", 1)]


def test_files_that_are_seen_no_more_are_forgotten(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a")
        put(catalog, "b")
        assert list(catalog.changed_files([FileStat("a", 1, 1)], racy_since=2)) == []
        assert catalog.forget_unseen() == 1
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
            assert bool(list(catalog.changed_files([stat], racy_since))) == is_read


def test_the_generation_changes_with_the_files_alone(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        put(catalog, "a")
        catalog.commit()
        first = catalog.generation()
        put(catalog, "a")  # the same bytes
        catalog.commit()
        assert catalog.generation() == first
        put(catalog, "b")
        catalog.commit()
        assert catalog.generation() != first


def test_problems_last_until_their_file_is_read_anew(tmp_path: Path) -> None:
    problem = Problem(Location("content/a.md", 2), "front-matter", "is odd")
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        catalog.put(Scanned(FileStat("a", 1, 1), "", None, (problem,)))
        catalog.commit()
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        assert list(catalog.problems()) == [problem]
        put(catalog, "a")
        assert list(catalog.problems()) == []
