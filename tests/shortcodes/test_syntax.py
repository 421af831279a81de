"""Finding, parsing and writing calls."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.shortcodes.syntax import Call, find_calls, literal_text, parse_attributes, write_call

KNOWN = {"poll", "gallery", "caption", "video"}.__contains__


def names(text: str, **options: bool) -> list[str]:
    return [call.name for call in find_calls(text, KNOWN, **options)]


def only_call(text: str, **options: bool) -> Call:
    (call,) = find_calls(text, KNOWN, **options)
    return call


# WordPress to the letter


def test_every_case_of_wordpress_grammar_is_read_as_wordpress_reads_it(vectors):
    data = vectors("shortcode_cases")
    for case in data["cases"]:
        registered = data["core_registered"] if case["registered"] == "@core" else case["registered"]
        calls = find_calls(case["input"], set(registered).__contains__, unknown=False)
        assert [as_expected(call) for call in calls] == [without_literals(e) for e in case["expected"]], case
        for call in calls:
            assert case["input"][call.start : call.end] == call.source


def test_every_case_of_wordpress_attributes_is_parsed_as_wordpress_parses_it(vectors):
    for case in vectors("shortcode_cases")["attribute_cases"]:
        assert parse_attributes(case["input"]) == (case["named"], tuple(case["positional"])), case


def as_expected(call: Call) -> dict[str, object]:
    common = {"start": call.start, "end": call.end, "escaped": call.escaped}
    if call.escaped:
        return {**common, "renders_as": literal_text(call)}
    return {
        **common,
        "tag": call.name,
        "named": call.named,
        "positional": list(call.positional),
        "self_closing": call.self_closing,
        "content": call.content,
    }


def without_literals(expected: dict[str, object]) -> dict[str, object]:
    """WordPress counts a bracket that it prints as part of the match; a call of ours does not hold it."""
    left = {key: value for key, value in expected.items() if key not in ("match", "note")}
    left["start"] += len(left.pop("literal_before", ""))
    left["end"] -= len(left.pop("literal_after", ""))
    return left


# What is a call in an archive


def test_an_unknown_name_is_a_call_with_an_attribute_or_a_closing_tag():
    assert names('[related_posts count="3"]') == ["related_posts"]
    assert names("[related_posts count=3]") == ["related_posts"]
    assert names('[embed "https://example.org/a b" 16]') == ["embed"]
    assert names("[embed https://example.org/]") == ["embed"]
    assert names("[vc_row]text[/vc_row]") == ["vc_row"]
    assert names("[related_posts]") == []
    assert names("[Related_posts count=3]") == []


@pytest.mark.parametrize(
    "prose",
    [
        "[1]", "[…]", "[...]", "[sic]", "[Lire aussi : le dossier]", "[lire aussi « Le tramway »]", "[Update]",
        "[text](https://example.org/?a=b)", "[text][ref]", "[text][]", "[ref]: https://example.org/?a=b",
        "text[^1]", "[^1]: note", "- [ ] to do", "- [x] done", "<!--[if lt IE 7]>", "a[1] = b[2]",
        "[gallery](https://example.org/)", "[gallery][1]", "[more][gallery]", "[gallery]: https://example.org/",
        "![gallery](a.png)", r"\[gallery id=3]",
    ],
)  # fmt: skip
def test_brackets_of_prose_and_markdown_are_no_calls(prose):
    assert names(prose) == []


def test_known_calls_may_stand_side_by_side():
    assert names("[gallery][video]") == ["gallery", "video"]


def test_code_is_left_alone_unless_the_text_is_raw():
    text = (
        "`[gallery id=1]` [gallery id=2]\n\n```php\n[gallery id=3]\n```\n\n~~~\n[gallery id=4]\n~~~\n\n"
        "    [gallery id=5]\n\n    [gallery id=6]\n\n[gallery id=7]\n    [gallery id=8]\n"
    )
    assert [call.named["id"] for call in find_calls(text, KNOWN)] == ["2", "7", "8"]
    assert len(find_calls(text, KNOWN, code=False)) == 8


def test_backticks_without_a_partner_are_no_code():
    assert names("a ` b [gallery id=1]\n\nanother ` paragraph") == ["gallery"]
    assert names("```\n[gallery id=1]\n") == ["gallery"]
    assert names("`` [gallery id=1] ` [gallery id=2] ``") == []


def test_four_spaces_below_a_list_item_are_no_code():
    assert names("- item\n\n    [gallery id=1]\n\n        [gallery id=2]\n") == ["gallery"]
    assert names("- item\n\nprose\n\n    [gallery id=1]\n") == []


def test_a_closing_tag_in_code_closes_nothing():
    assert only_call("[gallery id=1] `[/gallery]`").content is None


def test_an_unclosed_call_swallows_neither_a_heading_nor_a_poll():
    assert [c.content for c in find_calls("[caption]\n## Heading\n[/caption]", KNOWN)] == [None]
    calls = find_calls("[poll id=2]\n\n[poll id=3]\nQ\n- a\n[/poll]", KNOWN)
    assert [(call.named["id"], call.content is None) for call in calls] == [("2", True), ("3", False)]
    assert only_call("[caption]\n```\n# comment\n```\n[/caption]").content is not None


def test_lines_and_columns_are_counted_from_one():
    text = '[gallery id=1] [video src="a"]\n\nprose [[gallery id=2]]\r\n  [quote id=3]x[/quote][video]'
    places = [(call.line, call.column) for call in find_calls(text, KNOWN)]
    assert places == [(1, 1), (1, 16), (3, 7), (4, 3), (4, 24)]


def test_an_escaped_call_prints_with_one_bracket_pair_less():
    call = only_call('see [[gallery id="1"]x[/gallery]] there')
    assert call.escaped
    assert literal_text(call) == '[gallery id="1"]x[/gallery]'


def test_an_escaped_call_is_printed_in_ascii_quotes_where_typography_had_been_at_it():
    assert literal_text(only_call("[[poll id=\u00a0»5″]]")) == '[poll id="5"]'
    assert literal_text(only_call("[[video src=”a.mp4″ /]]")) == '[video src="a.mp4" /]'


# Cut copies


@pytest.mark.parametrize("end", ["", "…", "...", "… ", "\n", "…\nNext line", "\n\nNext [1] line", "</p>\n<p>Next</p>"])
def test_a_cut_tag_ends_at_the_end_of_its_line(end):
    call = only_call(f"Before\n[poll id=”3″ params=”JTdCJTIy{end}")
    assert call.truncated
    assert call.named == {"id": "3", "params": "JTdCJTIy"}
    assert "truncated" in call.damage
    assert "Next" not in call.source


def test_a_cut_tag_takes_the_wrapped_lines_of_its_payload_with_it():
    line = "JTdCJTIydGl0bGUlMjIlM0ElMjIlQzMlOEF0ZXMtdm91cy"
    call = only_call(f'[poll id="3" params="{line}\n{line}…\nNext line')
    assert call.named["params"] == line + line
    assert call.source.endswith("…")


def test_a_cut_tag_leaves_the_next_call_whole():
    calls = find_calls('[poll id="3" params="JTdC\n[gallery id="4"]', KNOWN)
    assert [(call.name, call.truncated) for call in calls] == [("poll", True), ("gallery", False)]


def test_prose_that_opens_a_bracket_and_forgets_it_is_no_cut_tag():
    assert names("[video from the harbour\n\nand so on") == []


# Writing


def test_a_written_call_is_the_one_that_a_person_would_write():
    assert write_call("poll", {"id": "2", "type": "result"}) == '[poll id="2" type="result"]'
    assert write_call("embed", {}, ("https://e.org/ a", "16"), "x") == '[embed "https://e.org/ a" 16]x[/embed]'


def test_brackets_and_both_quotes_are_written_as_escapes():
    value = """[a] "b" it's \\ 5″\nline"""
    written = write_call("x1", {"v": value})
    assert written == r"""[x1 v="\x5ba\x5d \x22b\x22 it's \\ 5″\nline"]"""
    assert only_call(written).named == {"v": value}


@pytest.mark.parametrize(
    ("name", "named", "positional", "content"),
    [
        ("a b", {}, (), None),
        ("", {}, (), None),
        ("ab", {"É": "1"}, (), None),
        ("ab", {"v": "5 < 6"}, (), None),
        ("ab", {}, ("",), None),
        ("ab", {}, (), "x[/ab]y"),
    ],
)
def test_what_no_reader_gets_back_is_refused(name, named, positional, content):
    with pytest.raises(ValueError, match=r"cannot be|holds"):
        write_call(name, named, positional, content)


plain_text = st.text(st.characters(exclude_characters="<", exclude_categories=["Cs"]))


@given(
    named=st.dictionaries(st.from_regex(r"[a-z_-][a-z0-9_-]*", fullmatch=True), plain_text),
    positional=st.lists(plain_text.filter(bool)),
    content=st.none() | st.text(st.characters(exclude_characters="[#", exclude_categories=["Cs"])),
)
def test_reading_a_written_call_gives_the_same_call(named, positional, content):
    written = write_call("x1", named, tuple(positional), content)
    (call,) = find_calls(written, {"x1"}.__contains__, unknown=False)
    assert (call.named, call.positional, call.content) == (named, tuple(positional), content)
    assert call.source == written


soup = st.lists(
    st.sampled_from(
        ["[", "]", "[[", "]]", "/", "[/", "=", '"', "'", "”", "«", "»", "\u00a0", "″", "′", "…", "\n", "\n\n", " ", "`",
         "```", "\n```\n", "    ", "#", "\n# ", "poll", "gallery", "x1", " id=", "a", "1", "\u200b", "&#8221;", "<",
         ">", "\\", "[poll id=", '="v"', "[/poll]", "[/gallery]", "- ", "(", ")", "!", ":", "http://", "é", "\t", "\r"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(soup, st.booleans(), st.booleans())
def test_any_soup_of_brackets_gives_calls_that_stand_where_they_say(text, unknown, code):
    calls = find_calls(text, KNOWN, unknown=unknown, code=code)
    end = 0
    for call in calls:
        assert end <= call.start < call.end <= len(text)
        assert text[call.start : call.end] == call.source
        assert call.line == text.count("\n", 0, call.start) + 1
        assert call.column == call.start - (text.rfind("\n", 0, call.start) + 1) + 1
        if call.escaped:
            literal_text(call)
        end = call.end


# Hostile input: at these sizes anything quadratic would take minutes.

HOSTILE = {
    "brackets": "[" * 100_000,
    "names": "[a " * 50_000,
    "double brackets": "[[" * 50_000,
    "known names": "[poll " * 50_000,
    "known names, bracket far off": "[poll " * 50_000 + "\n\n]",
    "gaps": "[ poll " * 50_000 + "]",
    "unclosed tags": '[gallery id="1"] ' * 20_000,
    "unclosed tags, one heading": "[gallery]" * 20_000 + "\n# Heading\n" + "[/gallery]" * 20_000,
    "closing tags": "[gallery]" * 20_000 + "[/gallery]" * 20_000,
    "cut tags": '[poll id="1" params="JTd…\n' * 10_000,
    "cut tags with payload": ("[poll x\n" + ("A" * 40 + "\n") * 5) * 5_000,
    "backticks": "".join("`" * length + "a[gallery]" for length in range(1_000)),
    "code spans": '`[gallery id="1"]' * 20_000,
    "fences": '```\n[gallery id="1"]\n~~~\n' * 10_000,
    "spaces": '[gallery id="1"' + " " * 200_000 + "”b]",
    "spaces in a value": "[gallery id=”1" + " " * 200_000 + "b”]",
    "one long word": "[gallery " + "a" * 200_000 + "”]",
    "opening marks": "[gallery x=1 " + "“b " * 50_000 + "]",
    "opening single marks": "[gallery x=”1” " + "’b " * 50_000 + "]",
    "nested guillemets": "[gallery x=”1” " + "« a « " * 50_000 + "]",
    "empty names": "[gallery " + "a= ” " * 30_000 + "]",
    "entities": "[gallery x=”&" + "&amp;" * 50_000 + "”]",
    "invisible": "[gallery x=”é" + "\u200b" * 200_000 + "é”]",
    "invisible name": "[" + "a\u200b" * 100_000 + ' x="1"]',
    "line ends": '[gallery id="1"' + "\n " * 100_000 + "]",
    "half tags": '[gallery id="' + "<" * 100_000 + '"]',
    "backslashes": '[gallery id="' + "\\" * 100_001 + '"]',
    "list items": '- a\n\n    [gallery id="1"]\n' * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_linear_time(text):
    for options in ({}, {"code": False}, {"unknown": False}):
        find_calls(text, KNOWN, **options)


# Tags that pair up


def test_tags_of_one_name_pair_up_like_brackets():
    (outer,) = find_calls("[box][box]a[/box] b[/box]")
    assert outer.content == "[box]a[/box] b"
    calls = find_calls("[gallery id=1] text\n\n[gallery id=2]x[/gallery]", KNOWN)
    assert [(call.named["id"], call.content) for call in calls] == [("1", None), ("2", "x")]
    assert only_call("[box][box /]a[[box]]b\\[box]c[/box]").content == "[box /]a[[box]]b\\[box]c"
    assert only_call("[caption]![a](a.png) a [caption](b.html) love[/caption]").content.endswith("love")


def test_an_enclosing_call_of_prose_may_hold_headings_and_polls():
    assert only_call("[box]\n## Heading\n\n[poll id=2]\n[/box]").content == "\n## Heading\n\n[poll id=2]\n"


def test_frames_are_found_tag_by_tag_however_deep():
    text = "[row][column width=”1/2″]\na [gallery id=1] [/column] [row][/row][/row] [single n=1] [[row]x[/row]] [/b]"
    calls = find_calls(text, KNOWN, by_tag={"row", "column", "single"}.__contains__)
    assert [(call.source, call.part.value) for call in calls] == [
        ("[row]", "opening"), ("[column width=”1/2″]", "opening"), ("[gallery id=1]", "whole"),
        ("[/column]", "closing"), ("[row]", "opening"), ("[/row]", "closing"), ("[/row]", "closing"),
        ("[single n=1]", "whole"), ("[[row]x[/row]]", "whole"),
    ]  # fmt: skip
    assert calls[1].named == {"width": "1/2"}
    assert calls[-1].escaped
    for call in calls:
        assert text[call.start : call.end] == call.source


def test_a_closing_tag_of_a_known_name_that_closes_nothing_is_found_with_the_frames():
    calls = find_calls("a [/gallery] [/other] [caption]\n## H\n[/caption]", KNOWN, by_tag=lambda _name: False)
    assert [(call.name, call.part.value) for call in calls] == [
        ("gallery", "closing"), ("caption", "whole"), ("caption", "closing"),
    ]  # fmt: skip


def test_what_a_call_encloses_has_its_place():
    (call,) = find_calls('Text.\n  [box\n a="1"]x\n[gallery][/box]', KNOWN, line=10)
    assert (call.line, call.column, call.content_line, call.content_column) == (11, 3, 12, 8)
    (inner,) = find_calls(call.content, KNOWN, line=call.content_line, column=call.content_column)
    assert (inner.line, inner.column) == (13, 1)
    (one,) = find_calls("ab[box]c[gallery][/box]", KNOWN, line=4, column=5)
    (inner,) = find_calls(one.content, KNOWN, line=one.content_line, column=one.content_column)
    assert (inner.line, inner.column) == (4, 13)


# Listings


def test_nothing_in_a_listing_is_a_call_or_pairs_with_a_backtick_outside():
    text = "a b [code]x ` [gallery id=1]\n```\n[/code] c ` [gallery id=2] ` [gallery id=3]"
    assert [call.source[:9] for call in find_calls(text, {"code", "gallery"}.__contains__)] == [
        "[code]x `", "[gallery ",
    ]  # fmt: skip
    assert [call.named for call in find_calls("```\n[php]\n```\n[gallery id=1]\n[/php]", KNOWN)] == [{"id": "1"}]
    assert names("`[code]` [gallery] `[/code]`") == ["gallery"]
    assert names("[code] [gallery id=1]") == ["gallery"]


PIECES = {
    "brackets": "[", "openings": "[a ", "double brackets": "[[", "unclosed quotes": '[poll a="', "names": "[poll",
    "tags": "[box]", "closings": "[/box]", "pairs": "[box][/box]", "attributes": " a=b", "code": "[code]",
    "backticks": "`[poll] ", "lines": "[poll a=1\n", "french": "[poll a=»", "slashes": "[poll /", "equal": "[poll =",
    "escapes": "[[box]", "two names": "[box][code][/box]", "entities": "[poll a=&quot;",
}  # fmt: skip


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("tail", ["", '"]', "[/box][/code]"])
def test_work_grows_with_the_text_and_not_with_its_square(piece, tail):
    def steps(times: int) -> int:
        return work_of(lambda: find_calls(piece * times + tail, KNOWN, by_tag=lambda name: name == "box"))

    steps(1)  # patterns are compiled once
    assert steps(160) < 2.5 * steps(80) + 800


def work_of(act) -> int:
    """Lines of Python that an act runs, with those that C code went over: a measure that no busy machine moves."""
    count = 0

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def test_known_calls_with_attributes_may_stand_side_by_side():
    assert names("[gallery][video src=a.mp4]") == ["gallery", "video"]
