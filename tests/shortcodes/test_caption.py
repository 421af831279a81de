"""Captions in both of WordPress's forms."""

import pytest

from sitegen.shortcodes.caption import Caption, CaptionShortcode
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls


def read(text: str) -> Caption:
    (call,) = find_calls(text, is_known)
    return CaptionShortcode().read(call)


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="a.jpg" alt="x" />',
        '<a href="b.jpg"><img src="a.jpg"></a>',
        "![alt](a.jpg)",
        '![alt](a.jpg "Title")',
        "![a](b_(c).jpg){: width=640}",
        "[![alt](a.jpg)](b.html)",
    ],
)
def test_the_words_stand_behind_the_picture(picture):
    caption = read(f'[caption id="attachment_88" align="aligncenter" width="640"]{picture} Une *légende*[/caption]')
    assert caption == Caption(picture, "Une *légende*", "center", 640, "attachment_88")


def test_the_words_stand_in_the_attribute_of_the_old_form():
    caption = read("[wp_caption width='300px' caption='Two words']<img src=\"a.jpg\">[/wp_caption]")
    assert caption == Caption('<img src="a.jpg">', "Two words", width=300)


def test_a_lost_picture_leaves_the_words():
    assert read("[caption id=”attachment_88″ width=”640″]Une légende[/caption]") == Caption(
        "", "Une légende", width=640, id="attachment_88"
    )


def test_what_is_no_alignment_or_width_is_left_out():
    assert read('[caption align="x onload" width="wide"]a[/caption]') == Caption("", "a")


def test_hostile_content_takes_linear_time():
    for content in ("<a " * 100_000, "![a](" * 50_000, "![" * 100_000, "<img " * 100_000, "![a](" + "(" * 100_000):
        (call,) = find_calls(f"[caption]{content}[/caption]", is_known)
        CaptionShortcode().read(call)
