import pytest

from sitegen.content.svg import clean_svg

HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def test_a_plain_drawing_stays_as_it_is() -> None:
    data = b'<?xml version="1.0"?>\n' + HEAD + b'<path d="M0 0h9" fill="url(#a)"/><use xlink:href="#b"/></svg>\n'
    assert clean_svg(data) == data


@pytest.mark.parametrize(
    "bad",
    [
        b"<script>alert(1)</script>",
        b'<path onload="alert(1)"/>',
        b'<a xlink:href="javascript:alert(1)"><text>x</text></a>',
        b'<a href=" JAVASCRIPT:alert(1)"><text>x</text></a>',
        b'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>',
        b'<image href="https://tracker.example/x.png"/>',
        b'<use href="https://elsewhere.example/a.svg#alert"/>',
        b'<a href="#x"><set attributeName="href" to="javascript:alert(1)"/></a>',
        b'<style>@import "https://tracker.example/a.css";</style>',
        b'<path style="fill: url(https://tracker.example/alert)"/>',
        b'<?xml-stylesheet href="https://tracker.example/a.css"?>',
        b'<image href="data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;"/>',
    ],
)
def test_nothing_in_a_drawing_runs_or_reaches_out(bad: bytes) -> None:
    cleaned = clean_svg(HEAD + b'<g id="kept"/>' + bad + b"</svg>")
    assert cleaned is not None
    assert b'id="kept"' in cleaned
    for word in (b"alert", b"tracker", b"javascript", b"elsewhere", b"script"):
        assert word not in cleaned.lower()


def test_an_instruction_above_the_drawing_goes() -> None:
    cleaned = clean_svg(b'<?xml-stylesheet href="https://tracker.example/a.css"?>' + HEAD + b"</svg>")
    assert cleaned is not None
    assert b"tracker" not in cleaned


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg",
        b"<html><body/></html>",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEAD + b"<text>&x;</text></svg>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + HEAD + b"<text>&b;</text></svg>",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_safe_drawing_is_refused(data: bytes) -> None:
    assert clean_svg(data) is None
