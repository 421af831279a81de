from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers import csv_table
from sitegen.importers.csv_table import CsvTable, Row, table_rows
from sitegen.importers.raw import Imported, Raw
from sitegen.model import Problem


def rows(text: str | bytes) -> list[Row | Problem]:
    return list(table_rows(BytesIO(text if isinstance(text, bytes) else text.encode()), "t.csv"))


def told(found: list[Row | Problem]) -> list[tuple[str, int]]:
    return [(item.code, item.location.line) for item in found if isinstance(item, Problem)]


def values(found: list[Row | Problem]) -> list[dict[str, str]]:
    return [item.values for item in found if isinstance(item, Row)]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_usual_separator_is_found(sign: str) -> None:
    found = rows(f"title{sign}body\nA{sign}a\n")
    assert values(found) == [{"title": "A", "body": "a"}]


def test_cells_hold_lines_quotes_and_separators() -> None:
    assert values(rows('title,body\r\nA,"one, ""two""\r\nthree"\r\n\r\n5" pipe,x\r\n')) == [
        {"title": "A", "body": 'one, "two"\nthree'},
        {"title": '5" pipe', "body": "x"},
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_of_a_spreadsheet_is_read(encoding: str) -> None:
    text = "title;body\n" + "Été;Où est passé le bac de la rivière ? « Là-bas », a répondu le maître d’école.\n" * 20
    found = values(rows(text.encode(encoding)))
    assert len(found) == 20
    assert found[0]["title"] == "Été"


def test_a_row_with_other_columns_costs_itself_alone() -> None:
    found = rows("title,body\nA,a\nB,b,c\nC\nD,d\n")
    assert told(found) == [("csv", 3), ("csv", 4)]
    assert [row["title"] for row in values(found)] == ["A", "D"]


def test_a_quote_that_is_never_closed_costs_its_row_alone() -> None:
    found = rows('title,body\nA,"a\nB,b\nC,c\n')
    assert told(found) == [("csv", 2)]
    assert [row["title"] for row in values(found)] == ["B", "C"]


def test_a_huge_cell_is_refused_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "_MAX_ROW", 1000)
    found = rows("title,body\nA," + "x" * 5000 + "\nB,b\n")
    assert told(found) == [("too-large", 2)]
    assert [row["title"] for row in values(found)] == ["B"]


@pytest.mark.parametrize("head", ["title,title\n", "title,\n"])
def test_columns_without_names_of_their_own_are_told(head: str) -> None:
    assert told(rows(head + "a,b\n")) == [("csv", 1)]


def test_cells_are_text_and_nothing_else() -> None:
    (made,) = CsvTable().read(Raw("in/t.csv", b'title,body\n"=HYPERLINK(""x"")",=1+1\n', below="sub/t.csv"))
    assert isinstance(made, Imported)
    assert made.article.front_matter.title == '=HYPERLINK("x")'
    assert made.article.body == "&#61;1+1\n"
    assert made.target == "sub/t/hy/hyperlink-x.md"


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    for item in table_rows(BytesIO(data), "t.csv"):
        assert isinstance(item, Row | Problem)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), min_size=3, max_size=3),
        max_size=6,
    )
)
def test_what_a_program_wrote_reads_back(table: list[list[str]]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *table])
    found = rows(out.getvalue())
    assert [list(row.values.values()) for row in found if isinstance(row, Row)] == [
        cells for cells in table if any(cell.strip() for cell in cells)
    ]
