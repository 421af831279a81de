import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers import media_references
from sitegen.importers.media_references import MediaReference, references_in, with_references


@pytest.mark.parametrize(
    ("markdown", "addresses"),
    [
        ("![a](x.jpg)", [("x.jpg", True)]),
        ('[![a [b]](x.jpg "t")](y.jpg)', [("x.jpg", False), ("y.jpg", False)]),
        ('[![a](x.jpg "t")](y.jpg)', [("x.jpg", True), ("y.jpg", False)]),
        ("[a](<x y.jpg>)", [("x y.jpg", False)]),
        ("![](a_(b).jpg)", [("a_(b).jpg", True)]),
        ("![a][r]\n\n[r]: x.jpg 'T'", [("x.jpg", False)]),
        ('<img src="x.jpg?a=1&amp;b=2" alt="">', [("x.jpg?a=1&b=2", True)]),
        ('<img srcset="x.jpg 300w, y.jpg 2x">', [("x.jpg", True), ("y.jpg", True)]),
        ('[audio mp3="x.mp3"][/audio]', [("x.mp3", True)]),
        ("[video]https://a.example/x.mp4[/video]", [("https://a.example/x.mp4", True)]),
        ("<https://a.example/x.pdf>", [("https://a.example/x.pdf", False)]),
        ("`![a](x.jpg)` and\n\n```\n![a](x.jpg)\n```", []),
        ("A sentence about x.jpg, and a = b.", []),
    ],
)
def test_references_are_found_where_they_lead_somewhere(markdown: str, addresses: list[tuple[str, bool]]) -> None:
    assert list(references_in(markdown)) == [MediaReference(*pair) for pair in addresses]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[![x.jpg](x.jpg "x.jpg")](x.jpg) x.jpg', '[![x.jpg](../f/a%20b.jpg "x.jpg")](../f/a%20b.jpg) x.jpg'),
        ("![](<x.jpg>)", "![](<../f/a%20b.jpg>)"),
        (
            '<img src="x.jpg" srcset="x.jpg 300w, other.jpg 2x">',
            '<img src="../f/a%20b.jpg" srcset="../f/a%20b.jpg 300w, other.jpg 2x">',
        ),
        ("<https://a.example/x.jpg>", "[a b.jpg](../f/a%20b.jpg)"),
        ("[r]: x.jpg", "[r]: ../f/a%20b.jpg"),
    ],
)
def test_references_are_replaced_and_nothing_else(before: str, after: str) -> None:
    assert (
        with_references(before, lambda reference: "../f/a b.jpg" if reference.address.endswith("x.jpg") else "")
        == after
    )


@given(st.text("![]()<>\"'= \n`x.jpgsrcset:,/\\", max_size=60))
def test_a_text_without_replacements_stays_as_it_is(text: str) -> None:
    assert with_references(text, lambda _reference: "") == text


@pytest.mark.parametrize(
    "piece", ["![", "](", "![a](", "[audio ", 'src="', 'srcset="a ', "<http://", "]: ", "(", "![](a(("]
)
def test_no_text_takes_long(piece: str) -> None:
    list(references_in(piece * 20_000))


@given(
    st.lists(
        st.sampled_from(
            ["src", "href", "SRC", "srcset", "poster", "x", "_", "-", "=", " = ", '="a.jpg', '"', "'", "\n"]
        )
    )
)
def test_attributes_are_found_from_their_signs_as_from_their_names(parts: list[str]) -> None:
    markdown = "".join(parts)
    from_names = [match.span() for match in media_references._ATTRIBUTE.finditer(markdown)]
    assert [match.span() for match in media_references._attribute_matches(markdown)] == from_names
