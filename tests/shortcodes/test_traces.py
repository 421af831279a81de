from hypothesis import given
from hypothesis import strategies as st

from sitegen.shortcodes.bare import bare_calls
from sitegen.shortcodes.builders import is_frame
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls
from sitegen.shortcodes.traces import may_have_calls

_SIGNS = list('[]()/\\!="\n `:^<1\u00a0')
_WORDS = ["gallery", "poll", "vc_row", "word", "[/poll]", "[/word]", "[a](b)", "((a note here))", "id=3"]
_PIECES = st.sampled_from([*_SIGNS, *_WORDS, "https://youtu.be/dQw4w9WgXcQ"])
_TEXTS = st.lists(_PIECES, max_size=30).map("".join)


@given(_TEXTS)
def test_a_text_without_traces_has_no_calls(text: str) -> None:
    if may_have_calls(text):
        return
    assert find_calls(text, is_known) == []
    assert find_calls(text, lambda _name: True, by_tag=is_frame) == []
    assert find_calls(text, is_known, by_tag=lambda name: not is_known(name)) == []
    assert bare_calls(text) == []


def test_links_pictures_and_prose_leave_no_traces() -> None:
    assert not may_have_calls("A [link](https://a.example/), ![a picture](p.jpg) (see [gallery](g/)).\n\n## Title")


def test_calls_leave_traces() -> None:
    written = (
        "[gallery]",
        "[gallery](x)[/gallery]",
        "[note](x) [/note]",
        "A.\n\nhttps://a.example/",
        "((a note here))",
    )
    assert [text for text in written if not may_have_calls(text)] == []
