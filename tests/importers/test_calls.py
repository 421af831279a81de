"""Cleaning the shortcode calls of a raw article."""

import pytest

from sitegen.importers.calls import CallCleaner
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls


def cleaned(text: str) -> tuple[list[str], CallCleaner]:
    cleaner = CallCleaner("a.txt")
    return [cleaner.clean(call, call.line, call.column) for call in find_calls(text, is_known, code=False)], cleaner


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[x-map a= »1″ b=”two”]", '[x-map a="1" b="two"]'),
        ("[[poll id=»7″]]", '[[poll id="7"]]'),
        ('[x-map a="1"]inner [b] text[/x-map]', '[x-map a="1"]inner [b] text[/x-map]'),
    ],
)
def test_a_call_is_written_in_plain_quotes(text, written):
    assert cleaned(text)[0] == [written]


def test_what_was_met_is_told_with_its_place():
    _written, cleaner = cleaned('First.\n\n[x-map a=”1″] and [x-map b="2"]')
    assert [(kept.name, kept.line) for kept in cleaner.kept] == [("x-map", 3), ("x-map", 3)]
    assert [(problem.code, problem.location.line, problem.location.column) for problem in cleaner.problems] == [
        ("unknown-shortcode", 3, 1),
        ("unknown-shortcode", 3, 19),
    ]
    assert [mend.after for mend in cleaner.mends] == ['[x-map a="1"]']


def test_a_poll_becomes_legible_and_is_counted():
    written, cleaner = cleaned("[poll id=”5″]\nTea?\n- [1] Yes\n- [2] No\n[/poll]")
    assert written == ['[poll id="5"]\nTea?\n- [1] Yes\n- [2] No\n[/poll]']
    assert cleaner.polls == 1
