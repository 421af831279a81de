import base64
import datetime as dt
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from sitegen.importers.blocks import judge, split_blocks
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.raw_text import RawText, _account, _markdown_of, _Piece
from sitegen.importers.report import Loss
from sitegen.model import Problem
from sitegen.render.markdown import markdown_html
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls


def imported(text: str | bytes, path: str = "raw/a.txt") -> Imported:
    data = text.encode() if isinstance(text, str) else text
    (result,) = RawText().read(Raw(path, data, languages=("en", "fr", "de")))
    assert isinstance(result, Imported)
    return result


def payload(json: str) -> str:
    return base64.b64encode(quote(json, safe="-_.!~*'()").encode()).decode()


ARTICLE = """The market hall gets a new roof

Work on the roof of the old market hall begins in May, the council said.

What the traders say

Most of them are glad. “It rained on my cheese,” said one of them.

The market hall gets a new roof

They will move to the square for the summer.

Photo: Ada Winter / The Valley Post

Markets, Old Town
"""


def test_a_raw_article_becomes_markdown() -> None:
    result = imported(ARTICLE)
    assert result.article.front_matter.title == "The market hall gets a new roof"
    assert result.article.front_matter.tags == ("Markets", "Old Town")
    assert result.article.front_matter.lang == "en"
    assert result.article.body == (
        "Work on the roof of the old market hall begins in May, the council said.\n\n"
        "## What the traders say\n\n"
        "Most of them are glad. “It rained on my cheese,” said one of them.\n\n"
        "[caption]The market hall gets a new roof[/caption]\n\n"
        "They will move to the square for the summer.\n\n"
        "[caption]Photo: Ada Winter / The Valley Post[/caption]\n"
    )


def test_every_guess_says_why_and_how_sure_it_is() -> None:
    guesses = {guess.field: guess for guess in imported(ARTICLE).report.guesses}
    assert set(guesses) == {"title", "heading", "caption", "tags", "language"}
    assert all(0 < guess.confidence <= 1 and guess.reason for guess in guesses.values())


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Publié le 14 mars 2016", dt.date(2016, 3, 14)),
        ("Mis en ligne le 1er août 2018 à 18h30", dt.date(2018, 8, 1)),
        ("Posted on June 7, 2013", dt.date(2013, 6, 7)),
        ("Veröffentlicht am 3. März 2014", dt.date(2014, 3, 3)),
        ("03.03.2014", dt.date(2014, 3, 3)),
        ("Publicado el 5 de mayo de 2011", dt.date(2011, 5, 5)),
        ("Опубликовано 9 мая 2017", dt.date(2017, 5, 9)),
        ("2019-02-03", dt.date(2019, 2, 3)),
    ],
)
def test_a_dateline_under_the_title_is_the_date(line: str, date: dt.date) -> None:
    result = imported(ARTICLE.replace("\n\nWork", f"\n\n{line}\n\nWork", 1))
    assert result.article.front_matter.date == date
    assert line not in result.article.body


@pytest.mark.parametrize(
    "line",
    [
        "The bridge was closed on 7 June 2013 after the flood had undermined two of its four piers.",
        "31 février 2016",
        "In 2016",
    ],
)
def test_no_date_is_invented(line: str) -> None:
    assert imported(ARTICLE.replace("\n\nWork", f"\n\n{line}\n\nWork", 1)).article.front_matter.date is None


def test_a_file_name_may_give_the_date() -> None:
    assert imported(ARTICLE, "raw/2024-09-12-roof.txt").article.front_matter.date == dt.date(2024, 9, 12)
    assert imported(ARTICLE, "raw/2024-13-12-roof.txt").article.front_matter.date is None


def test_a_byline_is_the_author() -> None:
    result = imported(ARTICLE.replace("\n\nWork", "\n\nBy Ada Winter and Bo Lund\n\nWork", 1))
    assert result.article.front_matter.authors == ("Ada Winter", "Bo Lund")
    assert (
        imported(ARTICLE.replace("\n\nWork", "\n\nBy the river stands a mill\n\nWork", 1)).article.front_matter.authors
        == ()
    )


@pytest.mark.parametrize("label", ["Tags: ", "Mots-clés : ", "Schlagwörter: ", "Filed under: "])
def test_a_label_before_the_tags_is_no_tag(label: str) -> None:
    result = imported(ARTICLE.replace("Markets, Old", label + "Markets, Old"))
    assert result.article.front_matter.tags == ("Markets", "Old Town")


def test_an_article_may_have_no_tags() -> None:
    text = ARTICLE.split("The market hall gets a new roof\n\nThey")[0] + "The last sentence ends here.\n"
    assert imported(text).article.front_matter.tags == ()


def test_a_poll_in_the_middle_of_a_paragraph_stands_on_its_own() -> None:
    poll = payload('{"title":"Q?","answers":[{"id":"1","text":"A"},{"id":"2","text":"B"}]}')
    result = imported(
        f"A title\n\nBefore it. [expert_review_poll id=”3″ params=”{poll}”] After it.\n\nThe end of the text.\n"
    )
    assert result.article.body.startswith('Before it.\n\n[poll id="3"]\nQ?\n- [1] A\n- [2] B\n[/poll]\n\nAfter it.\n\n')


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("[expert_review_poll id=”3″ params=””]", "poll-without-payload"),
        ("[expert_review_poll id=”3″ params=”!!!!”]", "poll-payload"),
        ("[newsletter_form id=»12″]", "unknown-shortcode"),
    ],
)
def test_a_shortcode_that_cannot_be_read_is_kept_and_told(call: str, code: str) -> None:
    result = imported(f"A title\n\nSome text here.\n\n{call}\n\nMore text, and that was it.\n")
    assert [(problem.code, problem.location.line) for problem in result.problems] == [(code, 5)]
    assert call.split(" ")[0] in result.article.body


def test_a_truncated_poll_gives_what_is_whole() -> None:
    whole = payload(
        '{"title":"Which one?","answers":[{"id":"1","text":"First"},{"id":"2","text":"Second"},{"id":"3","text":"Third"}]}'
    )
    cut = whole[: len(whole) * 3 // 4]
    result = imported(
        f"A title\n\nSome text here.\n\n[expert_review_poll id= »3″ params= »{cut}…\n\nMore text, and that was it.\n"
    )
    assert [problem.code for problem in result.problems] == ["poll-truncated"]
    assert "Which one?\n- [1] First\n" in result.article.body
    assert "More text, and that was it." in result.article.body


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Été à la plage, dit Noël.".encode("cp1252"), "windows-1252"),
        ("Été à la plage, dit Noël.".encode("utf-16"), "utf-16"),
        ("Ete a la plage, dit Noel.".encode("utf-16-le"), "utf-16-le"),
        ("Été à la plage, dit Noël.".encode("utf-8-sig"), "utf-8-sig"),
    ],
)
def test_any_encoding_is_read(data: bytes, encoding: str) -> None:
    result = imported(data)
    assert result.report.encoding == encoding
    assert "plage, dit No" in result.article.body


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u0085"])
def test_any_line_end_gives_the_same_article(newline: str) -> None:
    assert imported(ARTICLE.replace("\n", newline)).article.body == imported(ARTICLE).article.body


def test_mojibake_is_read_back_and_told() -> None:
    garbled = "Un titre\n\nL’été à Noël, l’élève déjà rentré.\n".encode().decode("cp1252")
    result = imported(garbled)
    assert "L’été à Noël, l’élève déjà rentré." in result.article.body
    assert "mojibake" in {mend.kind for mend in result.report.mends}


def test_typographic_quotes_are_never_straightened() -> None:
    text = "“A” ‘b’ «c» „d“ l’été 5″ tall…"
    assert text in imported(f"A title\n\n{text} and more of it.\n").article.body


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"\x00\x01\x02\x03PNG" * 50])
def test_a_file_without_text_is_a_problem(data: bytes) -> None:
    (result,) = RawText().read(Raw("raw/a.txt", data))
    assert isinstance(result, Problem)
    assert result.code in ("empty-raw", "not-text")


@pytest.mark.parametrize(
    "line",
    [
        "# not a heading here, only a number sign.",
        "* a star that begins a line.",
        "1. One sentence that begins with a number.",
        "> quoted by hand.",
        "A *star* and an _underscore_ and a `tick`.",
        "A [link](x) and [ref][1] and ![pic](y).",
        "[1]: looks like a reference",
        "a < b & c &amp;lt; d <script>alert(1)</script> <!-- x -->",
        "path\\*name and C:\\_dir",
        "    indented by four spaces",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        ":   a definition",
        "text {: .class} and {#id}",
        "*[HTML]: abbreviation",
        "2024\\. end",
        "#hashtag at the start of a line.",
        "=== between signs",
        "~~~ waves",
        "a \\| b",
        "<1@1> &#1 and so on.",
        ": not a definition",
    ],
)
def test_plain_text_shows_as_it_was_written(line: str) -> None:
    body = imported(
        f"A title for this\n\nA first paragraph stands here.\n\n{line}\n\nThe last paragraph is the end.\n"
    ).article.body
    shown = Markup(markdown_html(body)).striptags().split()
    assert " ".join(line.replace("&amp;lt;", "<").split()) in " ".join(shown)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200))
def test_any_text_is_imported_or_refused(text: str) -> None:
    for result in RawText().read(Raw("raw/a.txt", text.encode(), languages=("en", "fr"))):
        assert isinstance(result, Imported | Problem)


def letters(text: str) -> int:
    return len("".join(text.split()))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\n\n.«»*_[]<>&#-1 "), max_size=300))
def test_every_character_of_the_input_is_accounted_for(text: str) -> None:
    for result in RawText().read(Raw("raw/a.txt", text.encode(), languages=("en", "fr"))):
        if isinstance(result, Imported):
            assert result.report.losses == ()
            assert result.report.characters["input"] == letters(text.removeprefix("\ufeff"))


def test_what_garbled_text_had_more_than_its_meaning_is_accounted_for() -> None:
    (made,) = RawText().read(Raw("raw/a.txt", "Le dÃ©bat a Ã©tÃ© long au cafÃ©.".encode()))
    assert isinstance(made, Imported)
    assert made.report.characters["mended"] == 4
    assert made.report.characters["input"] == letters("Le débat a été long au café.") + 4
    assert made.report.losses == ()


def test_a_block_that_went_missing_is_told() -> None:
    pieces = [_Piece(judged, _markdown_of(judged, [])) for judged in judge(split_blocks(ARTICLE)).blocks]
    losses, characters = _account(pieces[:2] + pieces[3:], ARTICLE, 0, [])
    assert characters["lost"] == letters(pieces[2].judged.block.text)
    assert len(losses) == 1


def test_markdown_that_does_not_show_a_block_is_told() -> None:
    pieces = [_Piece(judged, _markdown_of(judged, [])) for judged in judge(split_blocks(ARTICLE)).blocks]
    pieces[3] = pieces[3]._replace(markdown="Something else.")
    losses, _ = _account(pieces, ARTICLE, 0, [])
    assert losses == (Loss(pieces[3].judged.block.text, pieces[3].judged.block.line),)


def test_the_report_says_where_the_characters_went() -> None:
    characters = imported(ARTICLE).report.characters
    assert characters["input"] == letters(ARTICLE)
    assert characters["title"] == letters("The market hall gets a new roof")
    assert characters["metadata"] == letters("Markets, Old Town")
    assert characters["body"] == characters["input"] - characters["title"] - characters["metadata"]


@pytest.mark.parametrize("credit", ["(Photo: Ada Winter)", "[Photo: Ada Winter]", "© Ada Winter"])
def test_a_credit_in_brackets_is_a_caption(credit: str) -> None:
    result = imported(ARTICLE.replace("Photo: Ada Winter / The Valley Post", credit))
    calls = find_calls(result.article.body, is_known)
    assert [call.name for call in calls] == ["caption", "caption"]
    assert result.report.losses == ()


def test_the_frame_of_a_page_builder_hides_nothing_from_mending() -> None:
    result = imported(
        "A title\n\n[vc_row width=»1/2″][vc_column_text]The council met on Monday.It voted the budget.\n\n"
        "A second paragraph of the text.[/vc_column_text][/vc_row]\n"
    )
    assert result.article.body == (
        '[vc_row width="1/2"][vc_column_text]The council met on Monday. It voted the budget.\n\n'
        "A second paragraph of the text.[/vc_column_text][/vc_row]\n"
    )
    assert result.problems == ()


@pytest.mark.parametrize("heading", ["Menu", "Twitter", "Comments", "De Gaulle", "Da Vinci", "Pub", "Listen"])
def test_a_word_that_may_be_a_button_or_a_name_stays_a_heading(heading: str) -> None:
    result = imported(ARTICLE.replace("What the traders say", heading))
    assert f"## {heading}\n" in result.article.body
    assert result.article.front_matter.authors == ()


def test_buttons_one_below_the_other_are_set_aside() -> None:
    result = imported(ARTICLE.replace("What the traders say", "Menu\n\nListen\n\nPrint"))
    assert [aside.text for aside in result.report.set_aside] == ["Menu", "Listen", "Print"]


def test_the_dates_of_a_chronicle_are_headings() -> None:
    days = "\n\n".join(
        f"{day} June 2013\n\nThe water rose again, and nobody slept in Selby that night." for day in range(3, 7)
    )
    result = imported(f"Four days of water\n\n{days}\n\nFloods\n")
    assert result.article.front_matter.date is None
    assert result.article.body.count("## ") == 4


def test_the_name_of_an_agency_is_an_author() -> None:
    assert imported(ARTICLE.replace("\n\nWork", "\n\nBy AFP\n\nWork", 1)).article.front_matter.authors == ("AFP",)
