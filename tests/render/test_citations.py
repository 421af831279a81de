"""Citations of an article."""

import datetime as dt
import json

import pytest

from sitegen.contexts import ArticleContext
from sitegen.render.citations import Name, citations, name_of

URL = "https://gazette.example/2024/09/le-tram/"


def article(**values: object) -> ArticleContext:
    given = {"path": "2024/09/le-tram/", "title": "Le tram", "date": dt.datetime(2024, 9, 12), "lang": "fr", **values}
    return ArticleContext(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anke Reinholt", Name("Anke", "Reinholt")),
        ("Jean-Marie Le Goff", Name("Jean-Marie", "Le Goff")),
        ("Ludwig van Beethoven", Name("Ludwig", "van Beethoven")),
        ("Vries, Anne de", Name("Anne de", "Vries")),
        ("Homer", Name("", "Homer")),
        ("De Gaulle", Name("De", "Gaulle")),
    ],
)
def test_names_are_taken_apart(text: str, expected: Name) -> None:
    assert name_of(text) == expected


def test_the_styles_of_the_handbooks() -> None:
    cited = citations(article(authors=("Anke Reinholt", "Jean-Marie Le Goff")), "La Gazette", URL)

    assert cited.apa == f"Reinholt, A., & Le Goff, J.-M. (2024, September 12). Le tram. La Gazette. {URL}"
    assert cited.mla == (
        "Reinholt, Anke, and Jean-Marie Le Goff. “Le tram.” La Gazette, 12 Sept. 2024, gazette.example/2024/09/le-tram/."
    )
    assert cited.chicago == (
        f"Reinholt, Anke, and Jean-Marie Le Goff. “Le tram.” La Gazette, September 12, 2024. {URL}."
    )


def test_without_author_date_and_address() -> None:
    cited = citations(article(date=None, lang=""), "La Gazette", "")

    assert cited.apa == "Le tram. (n.d.). La Gazette."
    assert cited.mla == "“Le tram.” La Gazette."
    assert cited.chicago == "“Le tram.” La Gazette."
    assert cited.bibtex == "@article{le-tram,\n  title = {{Le tram}},\n  journal = {La Gazette}\n}"
    assert cited.ris == "TY  - NEWS\nTI  - Le tram\nT2  - La Gazette\nER  - "


def test_many_authors_are_one_and_others() -> None:
    cited = citations(article(authors=("A B", "C D", "E F", "G H")), "S", URL)

    assert cited.mla.startswith("B, A, et al. “")
    assert cited.chicago.startswith("B, A, et al. “")
    assert cited.apa.startswith("B, A., D, C., F, E., & H, G. (")


def test_what_programs_read_is_whole() -> None:
    title = 'Fish & "chips": 100 % {new}\nTY  - BOOK'
    cited = citations(article(title=title, authors=("Homer",)), "S_1", URL)

    (item,) = json.loads(cited.csl_json)
    assert item["title"] == 'Fish & "chips": 100 % {new} TY - BOOK'
    assert item["author"] == [{"literal": "Homer"}]
    assert item["issued"] == {"date-parts": [[2024, 9, 12]]}
    assert r"title = {{Fish \& " in cited.bibtex
    assert r"100 \% \{new\}" in cited.bibtex
    assert r"journal = {S\_1}" in cited.bibtex
    assert [line[:5] for line in cited.ris.splitlines()] == [
        "TY  -", "AU  -", "TI  -", "T2  -", "PY  -", "DA  -", "LA  -", "UR  -", "ER  -",
    ]  # fmt: skip
