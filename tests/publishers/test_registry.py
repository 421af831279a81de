"""The publishers there are."""

from sitegen.publishers.directory import open_directory
from sitegen.publishers.registry import opener_of, types


def test_a_directory_is_among_the_types() -> None:
    assert "directory" in types()
    assert types() == sorted(types())
    assert opener_of("directory") is open_directory


def test_an_unknown_type_has_no_opener() -> None:
    assert opener_of("carrier-pigeon") is None
