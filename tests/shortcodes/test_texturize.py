"""Undoing what typography did to a call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.shortcodes.syntax import Call, find_calls, write_call

PAYLOAD = "JTdCJTIydGl0bGUlMjIlM0ElMjIlQzMlOEF0ZXMtdm91cyUyMGQlRTIlODAlOTlhY2NvcmQlMjAlM0YlMjIlN0Q="


def only_call(text: str) -> Call:
    (call,) = find_calls(text)
    return call


# The vectors, made by WordPress itself


def test_every_damaged_call_is_read_as_its_undamaged_original(vectors):
    for vector in vectors("texturize_damage")["vectors"]:
        fold = folded if vector["compare"] == "folded" else str
        texts = [vector["html"], vector["text"], *(variant["text"] for variant in vector["variants"])]
        for text in texts:
            call = only_call(text)
            assert call.source == text
            assert call.name == vector["tag"]
            assert {k: fold(v) for k, v in call.named.items()} == {k: fold(v) for k, v in vector["named"].items()}
            assert [fold(v) for v in call.positional] == [fold(v) for v in vector["positional"]]
            assert call.content == vector.get("content")
            assert call.self_closing == vector.get("self_closing", False)


def test_every_undamaged_original_is_left_as_it_is(vectors):
    for vector in vectors("texturize_damage")["vectors"]:
        call = only_call(vector["original"])
        assert (call.named, list(call.positional)) == (vector["named"], vector["positional"])
        assert call.damage == ()


def folded(text: str) -> str:
    for marks, ascii_form in (("’‘", "'"), ("–", "--"), ("—", "---"), ("…", "..."), ("×", "x")):
        for mark in marks:
            text = text.replace(mark, ascii_form)
    return text.replace("---", "--")  # Russian has one dash for both


# Kinds of damage


def test_french_spaces_belong_to_the_marks():
    call = only_call(
        "[poll id=\u00a0»334″ title=\u00a0»Il a dit\u00a0: «\u00a0Oui\u00a0» hier\u00a0» empty=\u00a0»\u00a0»]"
    )
    assert call.named == {"id": "334", "title": "Il a dit\u00a0: «\u00a0Oui\u00a0» hier", "empty": ""}
    assert call.damage == ("quotes", "spaces")


@pytest.mark.parametrize(
    "mark", ["″", "′′", "''", "’’", "&#8243;", "&amp;#8243;", "&Prime;", "?", "”", '"', "〃", "＂"]
)
def test_a_number_ends_at_whatever_its_mark_became(mark):
    assert only_call(f"[poll id=”334{mark} type=”result”]").named == {"id": "334", "type": "result"}


def test_an_apostrophe_does_not_end_a_value():
    assert only_call("[quote author=\u00a0»Anne O’Neil\u00a0» n=’12′]").named == {"author": "Anne O’Neil", "n": "12"}
    assert only_call("[quote x=’l’été d’Anne’ n=”1″]").named == {"x": "l’été d’Anne", "n": "1"}


def test_a_quotation_inside_a_value_stays_whole():
    assert (
        only_call("[list title=»Читайте «Войну и мир» сейчас» n=»3″]").named["title"] == "Читайте «Войну и мир» сейчас"
    )
    assert only_call("[list title=”« Guerre » et paix” n=”3″]").named["title"] == "« Guerre » et paix"
    assert only_call("[list title=„Das „Nein“ zählt“ n=„3“]").named["title"] == "Das „Nein“ zählt"


def test_invisible_characters_are_taken_out_of_a_tag():
    call = only_call(f"[poll\u200b id=\u200e”3\ufeff3\u00ad4″\u200f params=”{PAYLOAD[:20]}\u200b{PAYLOAD[20:]}\u2069”]")
    assert call.named == {"id": "334", "params": PAYLOAD}
    assert call.damage == ("quotes", "invisible")


def test_invisible_characters_are_taken_out_of_a_name():
    call = only_call('[expert\u00ad_review\u200b_poll id="3"]x[/expert_review_poll]')
    assert (call.name, call.content, call.damage) == ("expert_review_poll", "x", ("invisible",))


def test_joiners_between_letters_stay():
    assert only_call("[quote x=”می\u200cخواهم” n=”1″]").named["x"] == "می\u200cخواهم"


def test_a_wrapped_payload_is_joined():
    for end in ("\n", "\r\n", " ", "\n    ", "\u00a0"):
        wrapped = end.join((PAYLOAD[:30], PAYLOAD[30:60], PAYLOAD[60:]))
        call = only_call(f"[poll id=”3″ params=”{wrapped}”]")
        assert call.named["params"] == PAYLOAD
        assert call.damage == ("quotes", "wrapped")
        assert only_call(f'[poll id="3" params="{wrapped}"]').named["params"] == PAYLOAD


def test_words_are_no_wrapped_payload():
    title = "a sentence of ordinary words that are only made of the letters of base64"
    assert only_call(f'[quote title="{title}"]').named["title"] == title


def test_a_space_behind_the_bracket_is_forgiven_for_known_names():
    (call,) = find_calls("[ poll id=”3″ ]", {"poll"}.__contains__)
    assert (call.named, call.damage) == ({"id": "3"}, ("quotes", "spaces"))


def test_a_size_is_written_with_a_letter_again():
    assert only_call("[map size=”640×480″ note=”3 × 4 = 12”]").named == {"size": "640x480", "note": "3 × 4 = 12"}


def test_entities_are_decoded_once_or_twice():
    call = only_call("[quote x=&amp;#8221;a &amp;amp; b&amp;#8221; u=&#8221;?a=1&#038;copy=2&#8221;]")
    assert call.named == {"x": "a & b", "u": "?a=1&copy=2"}
    assert call.damage == ("quotes", "entities")


# What a person wrote


@pytest.mark.parametrize(
    "value",
    ["5″ disk", "« Bonjour »", "\u00a0» odd «\u00a0", "l’été", "“quoted”", "640×480", "a – b … c", "Fish &amp; chips",
     "&#8221;", "می\u200cخواهم", "no\u00a0break", "5′ 10″", " ", "‘x’"],
)  # fmt: skip
def test_a_clean_call_is_not_changed(value):
    for text in (f'[quote x="{value}" n=1]', f"[quote x='{value}' \"two words\"]"):
        call = only_call(text)
        assert (call.named["x"], call.damage) == (value, ())


def test_one_damaged_attribute_does_not_harm_a_clean_one():
    call = only_call("[quote title=\"5″ disk, “new”\" note='it″s' id=”5″]")
    assert call.named == {"title": "5″ disk, “new”", "note": "it″s", "id": "5"}


# WordPress's rules, restated: quotes after "=" become the closing mark, after a digit the double prime.

LOCALES = {
    "en_US": ("“", "”", "″"),
    "fr_FR": ("«\u00a0", "\u00a0»", "″"),
    "es_ES": ("«", "»", "″"),
    "de_DE": ("„", "“", "″"),
    "pl_PL": ("„", "”", "″"),
    "sv_SE": ("”", "”", "″"),
}
FURTHER = {
    "as it is": str,
    "plain spaces": lambda text: text.replace("\u00a0", " "),
    "narrow spaces": lambda text: text.replace("\u00a0", "\u202f"),
    "lost spaces": lambda text: text.replace("\u00a0", ""),
    "split primes": lambda text: text.replace("″", "′′"),
    "entities": lambda text: "".join(c if c.isascii() else f"&#{ord(c)};" for c in text),
    "double entities": lambda text: "".join(c if c.isascii() else f"&amp;#{ord(c)};" for c in text),
    "invisible": lambda text: text.replace("=", "=\u200b").replace("_", "_\u200b"),
}

word = st.text("abcdefABCDEF0123456789_./:é", min_size=1, max_size=8)
value = st.lists(word, min_size=0, max_size=4).map(" ".join)


def texturized(call: str, marks: tuple[str, str, str]) -> str:
    opening, closing, prime = marks
    written = []
    for index, character in enumerate(call):
        before = call[index - 1] if index else ""
        if character != '"':
            written.append(character)
        elif before.isdigit():
            written.append(prime)
        elif before == " " and call[index + 1] != " ":
            written.append(opening)
        else:
            written.append(closing)
    return "".join(written)


@given(
    named=st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), value, min_size=1, max_size=4),
    locale=st.sampled_from(sorted(LOCALES)),
    further=st.sampled_from(sorted(FURTHER)),
)
def test_damage_by_wordpress_rules_is_undone(named, locale, further):
    # ASCII alone: non-ASCII letters would be entities too, which the values are compared without.
    damaged = FURTHER[further](texturized(write_call("some_call", named), LOCALES[locale]))
    call = only_call(damaged)
    assert (call.name, call.named, call.positional) == ("some_call", named, ())
