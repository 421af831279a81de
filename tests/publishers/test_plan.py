"""From two manifests to ordered changes."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import OutputFile
from sitegen.publishers.plan import Change, Files, Stage, changes, in_safe_order, stage_of

PATHS = st.text(
    st.characters(codec="utf-8", exclude_characters="\n\r\0") | st.sampled_from("/-.%é\uffff\U0001f600"),
    min_size=1,
    max_size=6,
)
MANIFESTS = st.dictionaries(PATHS, st.sampled_from("abc"), max_size=12)


def files(contents: dict[str, str]) -> Files:
    """A manifest, as it is read: by path, in the order of bytes."""
    lines = [OutputFile(path, digest, 1) for path, digest in contents.items()]
    return lambda: iter(sorted(lines, key=lambda line: line.path.encode()))


def told(found: Iterator[Change]) -> list[tuple[str, str, str]]:
    return [(change.action, change.path, change.reason) for change in found]


def test_each_change_has_its_reason() -> None:
    built = files({"a.html": "same", "b.html": "now", "d.html": "new"})
    published = files({"a.html": "same", "b.html": "before", "c.html": "old"})

    assert told(changes(built, published)) == [
        ("put", "b.html", "content"),
        ("delete", "c.html", "gone"),
        ("put", "d.html", "new"),
    ]


def test_a_change_brings_the_file_that_is_to_be_put() -> None:
    built = files({"a.html": "now"})

    assert [change.file for change in changes(built, files({}))] == list(built())
    assert [change.file for change in changes(files({}), built)] == [None]


def test_a_size_that_differs_is_a_change_of_content() -> None:
    published = [OutputFile("a.html", "same", 2)]

    assert told(changes(files({"a.html": "same"}), lambda: iter(published))) == [("put", "a.html", "content")]


def test_two_empty_manifests_have_no_differences() -> None:
    assert told(changes(files({}), files({}))) == []
    assert told(in_safe_order(files({}), files({}))) == []


def test_everything_is_new_at_first() -> None:
    built = files({"a": "1", "b": "1"})

    assert told(changes(built, files({}))) == [("put", "a", "new"), ("put", "b", "new")]


def test_everything_is_gone_when_nothing_was_built() -> None:
    published = files({"a": "1", "b": "1"})

    assert told(changes(files({}), published)) == [("delete", "a", "gone"), ("delete", "b", "gone")]


def test_paths_are_compared_by_their_bytes() -> None:
    names = ["a-b", "a/b", "ab", "z", "é", "\uffff", "\U0001f600"]
    built = files(dict.fromkeys(names, "1"))

    found = list(changes(built, files({"a/b": "1", "é": "1"})))

    assert [change.path for change in found] == ["a-b", "ab", "z", "\uffff", "\U0001f600"]
    assert {change.reason for change in found} == {"new"}


@given(MANIFESTS, MANIFESTS)
def test_the_changes_turn_what_was_published_into_what_was_built(
    built: dict[str, str], published: dict[str, str]
) -> None:
    there = dict(published)

    for change in in_safe_order(files(built), files(published)):
        if change.file:
            assert there.get(change.path) != change.file.digest
            there[change.path] = change.file.digest
        else:
            del there[change.path]

    assert there == built


@given(MANIFESTS, MANIFESTS)
def test_the_safe_order_has_the_same_changes(built: dict[str, str], published: dict[str, str]) -> None:
    found = list(changes(files(built), files(published)))
    ordered = list(in_safe_order(files(built), files(published)))

    assert sorted(told(iter(ordered))) == sorted(told(iter(found)))
    assert [change.path for change in found] == sorted((change.path for change in found), key=str.encode)
    assert [change.action for change in ordered] == sorted((change.action for change in ordered), reverse=True)


def test_a_page_goes_up_after_what_it_needs_and_removals_come_last() -> None:
    built = files(
        {
            "404.html": "now",
            "assets/site.css": "now",
            "feed.xml": "now",
            "index.html": "now",
            "media/map.svg": "new",
            "new/index.html": "new",
            "old/index.html": "now",
            "sitemap.xml": "new",
        }
    )
    published = files(
        {
            "404.html": "x",
            "assets/site.css": "x",
            "assets/unused.css": "x",
            "feed.xml": "x",
            "index.html": "x",
            "old/index.html": "x",
        }
    )

    assert told(in_safe_order(built, published)) == [
        ("put", "assets/site.css", "content"),
        ("put", "media/map.svg", "new"),
        ("put", "new/index.html", "new"),
        ("put", "old/index.html", "content"),
        ("put", "404.html", "content"),
        ("put", "feed.xml", "content"),
        ("put", "sitemap.xml", "new"),
        ("put", "index.html", "content"),
        ("delete", "assets/unused.css", "gone"),
    ]


def test_only_the_front_page_is_home() -> None:
    page = Change("put", "tags/index.html", "content")

    assert stage_of(page) is Stage.CHANGED_PAGES
    assert stage_of(Change("put", "index.html", "new")) is Stage.HOME
