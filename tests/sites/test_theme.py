"""What a site may change of how it looks."""

import pytest

from sitegen.config import parse_config
from sitegen.model import SiteError
from tests.conftest import SmallSite


def theme(text: str) -> str:
    return f'[site]\ntitle = "Test"\nurl = "https://test.example/"\n[build]\nworkers = 1\n[theme]\n{text}\n'


def test_colours_fonts_and_a_logo_come_from_the_configuration(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-05-01")
    site.write_bytes("templates/static/fonts/own.woff2", b"font")
    site.write_bytes("templates/static/logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    config = 'accent = "#005a9c"\ntext_font = "Own"\nlogo = "logo.svg"\n[theme.fonts]\nOwn = "fonts/own.woff2"'
    site.write_bytes("sitegen.toml", theme(config).encode())

    assert site.build().problems == []

    style = site.read("assets/site.css")
    assert "--accent: light-dark(#005a9c, #" in style
    assert '@font-face { font-family: "Own"; src: url("fonts/own.woff2")' in style
    assert '--serif: "Own", Charter' in style
    assert '<img src="../../../assets/logo.svg" alt=""> Test</a>' in site.read("2024/05/a/index.html")


def test_a_file_that_is_not_there_is_told(site: SmallSite) -> None:
    site.add_article("a", title="A")
    site.write_bytes("sitegen.toml", theme('logo = "logo.svg"').encode())

    problems = site.build().problems

    assert [(problem.code, problem.message) for problem in problems] == [
        ("theme", '[theme] names "logo.svg", which is not there')
    ]


def test_a_style_sheet_of_the_site_stands_in_place_of_the_theme_s(site: SmallSite) -> None:
    site.add_article("a", title="A")
    site.write_bytes("templates/static/site.css", b"h1 { color: red }")

    assert site.build().problems == []

    assert site.read("assets/site.css") == "h1 { color: red }"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('accent = "red"', 7, '"accent" is no colour like #8a1c14'),
        ('accent = "#ffcc00"', 7, '"accent" can\'t be read: its contrast with the page is 1.5, and 4.5 is needed'),
        ('accent_dark = "#331111"', 7, '"accent_dark" can\'t be read'),
        ('text_font = "Comic"', 7, '"text_font" must be "serif", "sans" or a family of [theme.fonts]'),
        ('logo = "../logo.svg"', 7, '"logo" must be a file inside the static folder'),
        ('[theme.fonts]\nOwn = "../x.woff2"', 8, '"Own" must be a file inside the static folder'),
    ],
)
def test_what_cannot_be_is_told_at_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(SiteError) as told:
        parse_config(theme(text))

    assert told.value.problem.message.startswith(message)
    assert told.value.problem.location.line == line
