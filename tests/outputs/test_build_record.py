from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.model import OutputFile
from sitegen.outputs.build_record import BuildRecord, Claim, Clash, open_build_record


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
