"""Clean articles, damaged at random as WordPress, feeds, editors and copying do it, come back as they were."""

import base64
import html
import json
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sitegen.importers.language import small_words, words_of
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.raw_text import RawText
from sitegen.importers.repair import decode_entities, remove_invisible, unglue_sentences

SOME = settings(max_examples=40)


class Locale(NamedTuple):
    """How WordPress quotes in a language, and words to make up articles of."""

    open: str
    close: str
    prime: str  # after a digit
    words: str
    encoding: str  # beside Unicode


LOCALES = {
    "en": Locale("“", "”", "″", "harbour keeper wind the of a lantern stays behind until morning nobody asks for", "cp1252"),
    "fr": Locale("«\u00a0", "\u00a0»", "″", "écluse gardien vent la des une lanterne reste derrière jusqu’au matin où personne", "cp1252"),
    "de": Locale("„", "“", "″", "Schleuse Wärter Wind die und eine Laterne bleibt hinter bis zum Morgen niemand fragt", "cp1252"),
    "es": Locale("«", "»", "″", "esclusa guardián viento la de una linterna queda detrás hasta mañana nadie pregunta", "cp1252"),
    "pl": Locale("„", "”", "″", "śluza strażnik wiatr na się jedna latarnia zostaje aż do świtu nikt nie pyta", "cp1250"),
    "sv": Locale("”", "”", "″", "slussen vakten vinden och den lyktan stannar till morgonen ingen frågar efter på", "cp1252"),
    "ru": Locale("«", "»", "″", "шлюз сторож ветер на не что фонарь остаётся позади до утра никто спросит", "cp1251"),
    "uk": Locale("“", "”", "″", "шлюз сторож вітер на не що ліхтар лишається позаду до ранку ніхто питає", "cp1251"),
}  # fmt: skip
ENTITIES = {
    "é": "&eacute;",
    "è": "&#232;",
    "ä": "&auml;",
    "ñ": "&ntilde;",
    "ś": "&#x15B;",
    "’": "&#8217;",
    "в": "&#1074;",
    "å": "&aring;",
}
INVISIBLE = "\u00ad\u200b\u2060\ufeff\u200c\u200e"


class Piece(NamedTuple):
    """A clean article: its blocks, each a row of sentences; the call of its poll."""

    locale: str
    title: str
    paragraphs: tuple[tuple[str, ...], ...]
    poll: str  # payload
    tag: str

    def text(self, glue: str = "", call: str = "") -> str:
        """The raw article; `glue` says of each gap between sentences, in turn, whether it is lost."""
        gaps = iter(glue)
        blocks = [
            "".join(f"{one}{'' if next(gaps, ' ') == '-' else ' '}" for one in row).strip() for row in self.paragraphs
        ]
        call = call or f'[expert_review_poll id="334" params="{self.poll}"]'
        return "\n\n".join([self.title, *blocks, call, self.tag]) + "\n"


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    locale = draw(st.sampled_from(sorted(LOCALES)))
    words = st.sampled_from([word for word in LOCALES[locale].words.split() if len(word) > 2])
    sentences = st.lists(words, min_size=5, max_size=9).map(lambda row: " ".join(row).capitalize() + ".")
    rows = st.lists(sentences, min_size=2, max_size=5).map(tuple)
    answers = draw(st.lists(words, min_size=2, max_size=4))
    poll = {"title": "Oui ?", "show_title": "1", "multiple": False,
            "answers": [{"id": str(number), "text": text} for number, text in enumerate(answers, 1)]}  # fmt: skip
    return Piece(
        locale,
        draw(st.lists(words, min_size=3, max_size=5).map(lambda row: " ".join(row).capitalize())),
        tuple(draw(st.lists(rows, min_size=2, max_size=4))),
        base64.b64encode(quote(json.dumps(poll, ensure_ascii=False)).encode()).decode(),
        draw(words).capitalize(),
    )


def imported(data: bytes | str) -> Imported:
    (result,) = RawText().read(Raw("raw/a.txt", data.encode() if isinstance(data, str) else data))
    assert isinstance(result, Imported)
    assert result.report.losses == ()
    return result


def same(one: Imported, other: Imported) -> bool:
    a, b = one.article, other.article
    return (a.body, a.front_matter.title, a.front_matter.tags) == (b.body, b.front_matter.title, b.front_matter.tags)


@SOME
@given(pieces())
def test_a_clean_article_stays_as_it_is(piece: Piece) -> None:
    result = imported(piece.text())
    assert result.article.front_matter.title == piece.title
    for row in piece.paragraphs:
        assert " ".join(row) in result.article.body
    assert {mend.kind for mend in result.report.mends} == {"shortcode"}  # its poll, in the legible form


@SOME
@given(pieces(), st.data())
def test_glued_sentences_come_apart(piece: Piece, data: st.DataObject) -> None:
    gaps = sum(len(row) for row in piece.paragraphs)
    glue = "".join(data.draw(st.lists(st.sampled_from(" -"), min_size=gaps, max_size=gaps)))
    result = imported(piece.text(glue))
    assert same(result, imported(piece.text()))
    lost = sum(len(row) - 1 for row in piece.paragraphs) and piece.text().count(" ") - piece.text(glue).count(" ")
    assert sum(mend.kind == "glued-sentence" for mend in result.report.mends) == lost


@SOME
@given(
    pieces(),
    st.sampled_from(["marks", "numeric", "named", "twice", "split", "lost space", "wide space"]),
    st.booleans(),
)
def test_the_marks_of_a_call_are_read_in_any_locale(piece: Piece, form: str, wrapped: bool) -> None:
    """After = the opening mark is the locale's closing one; after a digit the closing one is a prime."""
    locale = LOCALES[piece.locale]
    payload = "\n".join(piece.poll[at : at + 76] for at in range(0, len(piece.poll), 76)) if wrapped else piece.poll
    prime = "′′" if form == "split" else locale.prime
    call = f"[expert_review_poll id={locale.close}334{prime} params={locale.close}{payload}{locale.close}]"
    if form in ("numeric", "twice"):
        call = "".join(char if char.isascii() else f"&#{ord(char)};" for char in call)
    if form == "twice":
        call = call.replace("&", "&amp;")
    if form == "named":
        call = (
            call.encode("ascii", "xmlcharrefreplace").decode().replace("&#171;", "&laquo;").replace("&#187;", "&raquo;")
        )
        call = call.replace("&#8243;", "&Prime;").replace("&#8221;", "&rdquo;").replace("&#8220;", "&ldquo;")
    if form == "lost space":
        call = call.replace("\u00a0", "")
    if form == "wide space":
        call = call.replace("\u00a0", "\u202f")
    assert same(imported(piece.text(call=call)), imported(piece.text()))


@SOME
@given(pieces(), st.data())
def test_invisible_marks_go(piece: Piece, data: st.DataObject) -> None:
    text = piece.text()
    end = text.index("[expert_review_poll")
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(1, end - 2))
        text = (
            text[:place]
            + data.draw(st.sampled_from(INVISIBLE if text[place - 1].isascii() else INVISIBLE[:4]))
            + text[place:]
        )
    assert same(imported(text), imported(piece.text()))


@SOME
@given(pieces(), st.integers(1, 3))
def test_entities_are_decoded_however_often_they_were_encoded(piece: Piece, times: int) -> None:
    text = piece.text()
    for char, entity in ENTITIES.items():
        text = text.replace(char, entity.replace("&", "&" + "amp;" * (times - 1)))
    assert same(imported(text), imported(piece.text()))


@SOME
@given(
    pieces(),
    st.sampled_from(["\n", "\r\n", "\r", "\u0085"]),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
)
def test_any_unicode_encoding_and_line_end_gives_the_same_article(piece: Piece, newline: str, encoding: str) -> None:
    assert same(imported(piece.text().replace("\n", newline).encode(encoding)), imported(piece.text()))


@SOME
@given(pieces(), st.sampled_from(["\n", "\r\n"]))
def test_the_encoding_of_old_windows_is_found(piece: Piece, newline: str) -> None:
    data = piece.text().replace("\n", newline).encode(LOCALES[piece.locale].encoding)
    words = words_of(" ".join(" ".join(row) for row in piece.paragraphs))
    assume(sum(byte > 0x7F for byte in data) > 6 and small_words(words).most > max(3, len(words) / 8))
    assert same(imported(data), imported(piece.text()))


@SOME
@given(pieces())
def test_mojibake_is_read_back(piece: Piece) -> None:
    text = piece.text()
    try:
        garbled = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return  # bytes that Windows-1252 has no sign for are lost, and nobody can bring them back
    if sum(char > "\x7f" for char in text) > 3:
        assert same(imported(garbled), imported(text))


@SOME
@given(pieces(), st.data())
def test_all_damage_at_once_is_undone(piece: Piece, data: st.DataObject) -> None:
    locale = LOCALES[piece.locale]
    gaps = sum(len(row) for row in piece.paragraphs)
    glue = "".join(data.draw(st.lists(st.sampled_from(" -"), min_size=gaps, max_size=gaps)))
    call = f"[expert_review_poll id={locale.close}334{locale.prime} params={locale.close}{piece.poll}{locale.close}]"
    text = piece.text(glue, call)
    place = data.draw(st.integers(1, len(piece.title) - 1))
    text = text[:place] + "\u00ad" + text[place:]
    text = text.replace("é", "&amp;eacute;").replace("’", "&#8217;").replace("\n", "\r\n")
    assert same(imported(text.encode("utf-8-sig")), imported(piece.text()))


@SOME
@given(st.text(st.sampled_from("aB.é&;#8217 \u200b\u00adamp»«!\n"), max_size=80))
def test_a_mend_is_made_once(text: str) -> None:
    for mend in (decode_entities, remove_invisible, unglue_sentences):
        once, _ = mend(text)
        if mend is decode_entities and html.unescape(once) != once:
            continue  # what is left is an entity of a line end or the like
        assert mend(once)[0] == once


@pytest.mark.parametrize(
    "text", ["5″ × 7″", "l’été « chaud »", "“A” ‘b’ „c“ »d«", "it’s 5′ long", "a -- b … c", "“Yes.” “No.”"]
)
def test_typography_is_never_straightened(text: str) -> None:
    assert imported(f"A title here\n\n{text} and so on and on.\n").article.body.startswith(text)
