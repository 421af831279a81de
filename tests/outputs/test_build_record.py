import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sitegen.model import OutputFile
from sitegen.outputs.build_record import BuildRecord, Built, Claim, Clash, open_build_record


@pytest.fixture
def record(tmp_path: Path) -> Iterator[BuildRecord]:
    with open_build_record(tmp_path / "record.sqlite") as opened:
        yield opened


def claim(record: BuildRecord, part: str, *paths: str) -> list[str]:
    """The paths that clash with a claim of these by a part."""
    number = record.start_part(part, "")
    claims = [Claim(path, "made of", f"{part}'s {path}") for path in paths]
    return [built.path for built in record.claim(number, claims) if isinstance(built, Clash)]


PAIRS = [
    ("tags/a/feed.xml", "tags/a/feed.xml"),
    ("tags/a/feed.xml", "tags/a/feed.xml/index.html"),
    ("tags/a/feed.xml", "tags/a/Feed.xml"),
    ("old.html", "old.html/more/index.html"),
    ("media/a", "media/a/b.png"),
    ("tags/a/index.html", "tags/A/index.html"),
]


@pytest.mark.parametrize(("first", "second"), [*PAIRS, *((second, first) for first, second in PAIRS)])
def test_a_path_clashes_with_its_like_and_with_a_folder_of_its_name(
    record: BuildRecord, first: str, second: str
) -> None:
    assert claim(record, "one", "a/index.html", first) == []
    assert claim(record, "two", "b/c.xml", second) == [second]


def test_files_beside_pages_are_claimed_with_them(record: BuildRecord) -> None:
    assert claim(record, "one", "tags/a/index.html", "tags/a/feed.xml", "robots.txt", "tags/b/feed.xml") == []
    assert claim(record, "two", "tags/c/feed.xml", "robots.txt") == ["robots.txt"]


def test_a_record_that_was_told_of_files_asks_what_it_knew_of_them(record: BuildRecord) -> None:
    record.remember([OutputFile("a.xml", "0" * 64, 1)])
    number = record.start_part("one", "")
    (built,) = record.claim(number, [Claim("a.xml", "made of", "a")])
    assert not isinstance(built, Clash)
    assert built.known_digest == "0" * 64


@pytest.mark.parametrize("seed", range(20))
def test_what_nobody_claims_and_how_many_there_are_is_known_without_a_look_at_each(tmp_path: Path, seed: int) -> None:
    chance, paths = random.Random(seed), [f"{number}/index.html" for number in range(12)]
    keys = ["one", "two", "three", "four"]
    file = tmp_path / "record.sqlite"
    for _ in range(5):
        with open_build_record(file) as record:
            for _ in range(chance.randrange(6)):
                key = chance.choice(keys)
                what = chance.randrange(6)
                if what == 0:
                    record.forget_parts()
                elif what == 1:
                    record.forget_part(key)
                elif what == 2:
                    record.forget_files(chance.sample(paths, 2))
                elif what == 3:
                    record.forget_unclaimed(record.unclaimed())
                elif not record.unchanged_parts()(key):
                    wanted = [Claim(path, str(seed), key) for path in chance.sample(paths, 4)]
                    built = record.claim(record.start_part(key, ""), wanted)
                    stale = [claim.path for claim, found in zip(wanted, built, strict=True) if isinstance(found, Built)]
                    record.begin_files(stale)
                    stale = [path for path in stale if chance.random() < 0.8]  # the others fail
                    record.confirm(("made of", OutputFile(path, "0" * 64, 1), b"") for path in stale)
            if chance.random() < 0.8:
                record.commit()
                unclaimed, count = record.unclaimed(), record.count()
                with closing(sqlite3.connect(file)) as look:
                    sql = "SELECT path FROM output WHERE part NOT IN (SELECT id FROM part) ORDER BY path"
                    assert unclaimed == [path for (path,) in look.execute(sql)]
                    assert count == record.count_again()
                    assert [count] == [*look.execute("SELECT count(*) FROM output WHERE digest > ''").fetchone()]


def test_what_is_forgotten_leaves_no_large_journal(tmp_path: Path) -> None:
    file = tmp_path / "record.sqlite"
    with open_build_record(file) as record:
        for key in map(str, range(40)):
            record.keep_pages(record.start_part(key, ""), bytes(200_000))
        record.commit()
        record.forget_parts()
        record.commit()
    with open_build_record(file) as record:
        assert list(record.kept_pages()) == []
        record.keep_pages(record.start_part("another", ""), b"pages")
        record.commit()
    assert sum(path.stat().st_size for path in tmp_path.glob("*-journal")) < 2_000_000
