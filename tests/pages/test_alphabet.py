import itertools
import random
from bisect import bisect_left
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sitegen.alphabets import alphabet_of
from sitegen.content.order import title_key
from sitegen.pages.alphabet import Part, Prefixes, divide, label_of, letter_of, linked_parts, pages_of, path_of

LATIN = alphabet_of("en")


def prefixes_of(keys: list[str]) -> Prefixes:
    """What the catalog answers, for keys in a list."""

    def prefixes(prefix: str) -> list[tuple[str, int]]:
        return sorted(Counter(key[: len(prefix) + 1] for key in keys if key.startswith(prefix)).items())

    return prefixes


def leaves(part: Part) -> list[Part]:
    return [leaf for one in part.parts for leaf in leaves(one)] if part.parts else [part]


def keys_of(part: Part, keys: list[str]) -> list[str]:
    return [key for key in keys if (key == part.prefix if part.is_exact else key.startswith(part.prefix))]


def test_a_few_names_stand_on_one_page() -> None:
    assert divide(prefixes_of(["a", "b", "c"]), 3) == Part("", 3)


def test_names_are_divided_by_as_many_letters_as_are_needed() -> None:
    keys = ["bac", "bague", "bal", "ban", "eau"]
    whole = divide(prefixes_of(keys), 2)
    assert [(leaf.prefix, leaf.number) for leaf in leaves(whole)] == [
        ("bac", 1),
        ("bag", 1),
        ("bal", 1),
        ("ban", 1),
        ("e", 1),
    ]


def test_what_is_the_same_to_the_end_stays_together() -> None:
    whole = divide(prefixes_of(["editorial"] * 5 + ["editorial de mai"]), 2)
    assert [(leaf.prefix, leaf.number, leaf.is_exact) for leaf in leaves(whole)] == [
        ("editorial", 5, True),
        ("editorial ", 1, False),
    ]


@given(st.lists(st.text("ab 一é", max_size=6).map(title_key), max_size=60), st.integers(1, 8))
def test_each_name_stands_on_one_page_that_can_be_reached(keys: list[str], size: int) -> None:
    whole = divide(prefixes_of(keys), size)
    shown = [part for part in pages_of(whole) if not part.parts]
    assert sorted(key for part in shown for key in keys_of(part, keys)) == sorted(keys)
    assert all(part.number <= size or part.is_exact for part in shown)
    assert all(part.number == len(keys_of(part, keys)) for part in shown)
    paths = [path_of(LATIN, "t/", part) for part in pages_of(whole)]
    assert len(paths) == len(set(paths))


@given(
    st.lists(st.text("abcd", min_size=1, max_size=6), min_size=4, max_size=60), st.text("abcd", min_size=1, max_size=6)
)
def test_a_new_name_changes_only_the_parts_that_it_stands_in(keys: list[str], new: str) -> None:
    before = {leaf.prefix: leaf for leaf in leaves(divide(prefixes_of(keys), 3))}
    after = leaves(divide(prefixes_of([*keys, new]), 3))
    changed = [leaf for leaf in after if before.get(leaf.prefix) != leaf]
    assert all(leaf.prefix.startswith(new[:1]) for leaf in changed)


def test_the_largest_parts_are_shown_by_their_own_as_long_as_there_is_room() -> None:
    whole = divide(prefixes_of([f"a{n:03d}" for n in range(100)] + ["b"] * 2 + ["c"]), 10)
    assert [part.prefix for part in linked_parts(whole)] == [*(f"a0{n}" for n in range(10)), "b", "c"]
    assert len(list(pages_of(whole))) == 13


def test_parts_are_called_by_their_letters() -> None:
    assert [label_of(LATIN, prefix) for prefix in ("be", "1", "-", "~04e00", "~04e", "~04e00~067", "a ~04e00 b")] == [
        "Be", "1", "#", "一", "一–仿", "一最–柿", "A 一 b",
    ]  # fmt: skip
    assert [letter_of(LATIN, key) for key in ("bell", "1851", "-", "~04e00", "мост")] == ["B", "#", "#", "CJK", "М"]


def test_paths_of_parts_are_safe_names() -> None:
    assert path_of(LATIN, "titles/", Part("", 1)) == "titles/"
    assert path_of(LATIN, "titles/", Part("le", 1)) == "titles/le/"
    assert path_of(LATIN, "titles/", Part("le b", 1)) == "titles/le/le-b/"
    assert path_of(LATIN, "titles/", Part("com1 x", 1, is_exact=True)) == "titles/co/com1--/com1-x_/"
    assert path_of(LATIN, "titles/", Part("a", 1, is_exact=True)) == "titles/a_/"
    assert path_of(LATIN, "titles/", Part("con", 1)) == "titles/co/con--/"


def test_no_folder_holds_very_many_parts() -> None:
    signs = "abcdefghijklmnopqrstuvwxyz "
    prefixes = ["".join(signs_of) for length in (1, 2, 3) for signs_of in itertools.product(signs, repeat=length)]
    prefixes += [f"{first}{second}" for first in ("le", "la") for second in prefixes]
    paths = {path_of(LATIN, "titles/", Part(prefix, 1)) for prefix in prefixes if prefix.strip() == prefix}
    folders = {(folder, name) for path in paths for folder, name in itertools.pairwise(_above(path))}
    assert max(Counter(folder for folder, _ in folders).values()) <= 1000


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def test_any_title_of_a_hundred_thousand_is_at_most_five_clicks_from_home() -> None:
    chance = random.Random(7)
    letters = "eeeaaiinnrrtssoulldmcpvbfgh "
    keys = sorted("".join(chance.choices(letters, k=30)) for _ in range(100_000))

    def prefixes(prefix: str) -> list[tuple[str, int]]:
        first, last = bisect_left(keys, prefix), bisect_left(keys, prefix + "\U0010ffff")
        return list(Counter(key[: len(prefix) + 1] for key in keys[first:last]).items())

    def clicks(part: Part) -> int:
        return 1 + max(map(clicks, linked_parts(part)), default=0)

    # Home, the index, then parts, then the title itself; ten times as many titles need one part more.
    assert 1 + clicks(divide(prefixes, 150)) <= 4
    assert len(linked_parts(divide(prefixes, 150))) <= 400


@given(st.text(min_size=1))
def test_whatever_a_title_is_it_has_a_letter_and_its_parts_have_names(title: str) -> None:
    key = title_key(title)
    assert letter_of(LATIN, key)
    assert all(label_of(LATIN, key[:length]) for length in range(1, len(key) + 1))


@given(st.text("abcdhijlnoszåäöæçıňş chdžlj", max_size=8), st.sampled_from(["cs", "da", "hr", "hu", "sv", "tr"]))
def test_letters_that_count_as_one_are_never_cut(title: str, language: str) -> None:
    alphabet = alphabet_of(language)
    key = title_key(title, language)
    paths = {path_of(alphabet, "t/", Part(key[:length], 1)) for length in range(1, len(key) + 1)}
    assert len(paths) == len(key)


def test_parts_are_in_the_order_of_the_language_and_called_by_its_letters() -> None:
    swedish, czech, turkish = alphabet_of("sv"), alphabet_of("cs"), alphabet_of("tr")
    keys = [title_key(title, "sv") for title in ("Ö", "Ås", "Zebra", "Ask", "Är", "Älg")]
    whole = divide(prefixes_of(keys), 2)
    assert [label_of(swedish, part.prefix) for part in whole.parts] == ["A", "Z", "Å", "Ä", "Ö"]
    assert [path_of(swedish, "t/", part) for part in whole.parts] == ["t/a/", "t/z/", "t/å/", "t/ä/", "t/ö/"]
    assert [letter_of(czech, title_key(title, "cs")) for title in ("chata", "Čáp", "12", "一")] == [
        "Ch", "Č", "#", "CJK",
    ]  # fmt: skip
    assert [letter_of(turkish, title_key(title, "tr")) for title in ("ısı", "İzmir", "Irmak")] == ["I", "İ", "I"]
