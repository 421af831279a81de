import pytest

from sitegen.importers.wordpress.php import PhpError, is_serialized, unserialize


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("N;", None),
        ("b:1;", True),
        ("i:-7;", -7),
        ("d:0.5;", 0.5),
        ('s:5:"h\u00e9ll";', "héll"),
        ('s:4:"a";s";', 'a";s'),
        ('a:2:{i:0;s:1:"a";i:1;s:1:"b";}', ["a", "b"]),
        ('a:2:{i:1;s:1:"a";i:2;s:1:"b";}', {1: "a", 2: "b"}),
        ('a:1:{s:1:"k";a:0:{}}', {"k": []}),
        ('O:8:"stdClass":1:{s:1:"x";i:1;}', {"__class__": "stdClass", "x": 1}),
        ('O:1:"A":1:{s:4:"\0A\0p";i:1;}', {"__class__": "A", "p": 1}),
        ('E:11:"Suit:Hearts";', "Hearts"),
        ("a:2:{i:0;i:5;i:1;R:2;}", [5, 5]),
        ('C:3:"Foo":4:{ab{}}', {"__class__": "Foo", "value": "ab{}"}),
    ],
)
def test_values_are_read_as_php_wrote_them(text, value):
    assert is_serialized(text)
    assert unserialize(text) == value


def test_a_string_of_wrong_length_ends_at_its_closing_quote():
    assert unserialize('a:2:{s:1:"k";s:4:"été";s:1:"l";i:1;}') == {"k": "été", "l": 1}


@pytest.mark.parametrize(
    "text",
    ["", "x", "a:1:{i:0;", 's:9:"abc', "i:x;", "a:99999999999999:{}", "i:1;i:2;", "a:1:{" * 100 + "i:0;" + "}" * 100,
     'O:1:"A', "d:;", "s:3:abc;", "a:1:{a:0:{}i:0;}", "i:" + "9" * 500 + ";"],
)  # fmt: skip
def test_what_is_not_whole_is_refused(text):
    with pytest.raises(PhpError):
        unserialize(text)


def test_a_huge_count_costs_nothing():
    assert unserialize("a:999999999:{i:0;i:1;}") == [1]


def test_references_to_arrays_do_not_grow():
    text = "a:3:{i:0;a:1:{i:0;i:1;}i:1;R:2;i:2;R:2;}"

    assert unserialize(text) == [[1], None, None]


def test_prose_is_not_serialized():
    assert not is_serialized("a: 3 apples;")
    assert not is_serialized("")
    assert not is_serialized("i:e; and so on")
