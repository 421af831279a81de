"""The text around the blocks of a template: where that alone is edited, the blocks of a page stay what they were."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sitegen.render import compiled
from sitegen.render.compiled import Block
from sitegen.render.frames import hands_on, parted
from sitegen.render.settings import RenderSettings, SiteView
from sitegen.render.template_files import TemplateFiles
from sitegen.render.templates import Templates
from sitegen.theme import default_theme

_SITE = SiteView("T", "", "https://test.example/", "en", "ltr", "", ())
_VALUES = {"x": "<1>", "yes": True, "two": ["p", "q"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>{% block a %}1{% endblock %}", "<b>{% block a %}1{% endblock %}</b>"),
        ("{% if yes %}a{% else %}b{% endif %}{% block a %}1{% endblock %}", "{% if yes %}{% else %}c{% endif %}{% block a %}1{% endblock %}"),
        ("{% for x in two %}a{% endfor %}", "{% for x in two %}b{% endfor %}"),
        ('{{ "}} {% block a %}" }}a', '{{ "}} {% block a %}" }}b'),
        ("{% set a = '%}' %}a", "{% set a = '%}' %}b"),
        ("{%- raw -%}{% block a %}{%- endraw -%} a", "{%- raw -%}{% block a %}{%- endraw -%} b"),
        ("{# {% block a %} #}a", "{# {% block a %} #}b"),
        ("{ x } %} {a", "{ x } %} {b"),
        ("{{ a }}{% block a %}1{% endblock %}", "{{ b() }}{% block a %}1{% endblock %}"),
        ("{# a #}{% block a %}1{% endblock %}", "{% block a %}1{% endblock %}"),
        ("{% if a %}{% block a %}1{% endblock %}{% endif %}", "{% block a %}1{% endblock %}{% for x in two %}{{ x }}{% else %}{% endfor %}"),
        ("{% set a = 1 %}{% if a %}{% endif %}", "{% set a = 1 %}{% if b %}{% endif %}"),
    ],
)  # fmt: skip
def test_text_around_blocks_is_apart_from_all_else(one: str, other: str) -> None:
    assert parted(one).code == parted(other).code
    assert parted(one).frame != parted(other).frame


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{% block a %}1{% endblock %}", "{% block a %}2{% endblock %}"),
        ("{% block a %}{% if yes %}1{% endif %}{% endblock %}", "{% block a %}{% if yes %}2{% endif %}{% endblock %}"),
        ("{% if yes %}{% block a %}1{% endblock %}{% endif %}", "{% if yes %}{% block a %}2{% endblock %}{% endif %}"),
        ("{% set a %}1{% endset %}", "{% set a %}2{% endset %}"),
        ("{% set a | replace('1', '=') %}1{% endset %}", "{% set a | replace('1', '=') %}2{% endset %}"),
        ("{% set a | replace(old='1', new='') %}1{% endset %}", "{% set a | replace(old='1', new='') %}2{% endset %}"),
        ("{% macro a() %}1{% endmacro %}", "{% macro a() %}2{% endmacro %}"),
        ("{% set a = 1 %}", "{% set a = 2 %}"),
        ("{% block a %}{{ a }}{% endblock %}", "{% block a %}{{ b }}{% endblock %}"),
        ("{% block a %}{# a #}{% endblock %}", "{% block a %}{# b #}{% endblock %}"),
        ("{% if a %}{% set a = 1 %}{% endif %}", "{% if b %}{% set a = 1 %}{% endif %}"),
        (
            "{% if a %}{% if yes %}{% endif %}{% set a = 1 %}{% endif %}",
            "{% if a %}{% if no %}{% endif %}{% set a = 1 %}{% endif %}",
        ),
        ("{% if a %}{% set a %}{% endset %}{% endif %}", "{% if b %}{% set a %}{% endset %}{% endif %}"),
        ("{% if a %}{% from 'm.html' import a %}{% endif %}", "{% if b %}{% from 'm.html' import a %}{% endif %}"),
        ("{% include 'm.html' %}", ""),
        ("{% with a = 1 %}{% endwith %}", "{% with a = 2 %}{% endwith %}"),
        (
            "{% block a %}{% endblock %}{% extends 'base.html' %}a",
            "{% block a %}{% endblock %}{% extends 'base.html' %}b",
        ),
        ('{{ {"a": {"b": 1}} }}a', '{{ {"a": {"b": 1}} }}b'),  # not understood
        ("{% block a %}1", "{% block a %}2"),
        ("{% if yes %}a{% endfor %}", "{% if yes %}b{% endfor %}"),
        ("{{ 'a }}", "{{ 'b }}"),
        ("a{# b", "c{# b"),
    ],
)
def test_all_else_is_code(one: str, other: str) -> None:
    assert parted(one).code != parted(other).code


@pytest.mark.parametrize(
    "code",
    [
        "{% set n = namespace(a=1) %}",
        "{% set n = two|map('upper') %}",
        "{%- set n = two | reverse -%}",
        "{% set n = ['50%']|map('upper') %}",
        "{% set n = two|list|select('odd')%}",
        "{{ list.append(1) }}",
        "{{ list['append'](1) }}",
        "{{ x|attr('y') }}",
    ],
)
def test_a_block_that_can_tell_the_frame_anything_is_noticed(code: str) -> None:
    assert hands_on(code)


def test_what_is_set_to_a_value_of_its_own_tells_nothing() -> None:
    assert not hands_on("{% set n = two|map(attribute='x')|max %}{% set m = two|select|list %}{{ two|map('upper') }}")


def test_the_themes_own_blocks_tell_nothing() -> None:
    names = ("article.html", "base.html", "listing.html", "macros.html", "rows.html", "period.html", "home.html")
    assert not any(hands_on((default_theme() / name).read_text("utf-8")) for name in names)


def _files(folder: Path, **texts: str) -> TemplateFiles:
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return TemplateFiles((str(folder), str(default_theme())))


BASE = "{% import 'm.html' as m %}<{% block a %}1{% endblock %}>"


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        ("base", BASE + "!", ["frame"]),
        ("base", BASE.replace("1", "2"), ["code"]),
        ("m", "2", ["code"]),
        ("page", "{% extends 'base.html' %}{% block a %}2{% endblock %}", ["code", "frame"]),
        ("page", "more {% extends 'base.html' %}", ["frame"]),
        ("page", "{% extends 'base.html' %}{% include 'base.html' %}", ["code", "frame"]),
        ("page", "{% extends 'base.html' %}{% block a %}{{ x.pop() }}{% endblock %}", ["code", "frame"]),
        ("m", "{% macro a(x) %}{{ x.append(1) }}{% endmacro %}", ["code", "frame"]),
        ("other", "{% include 'page.html' %}", []),
    ],
)
def test_a_page_has_one_digest_of_its_frame_and_one_of_all_else(
    tmp_path: Path, name: str, text: str, changed: list[str]
) -> None:
    texts = {"base": BASE, "page": "{% extends 'base.html' %}", "m": "1"}
    before = _files(tmp_path, **texts).digests("page.html")
    after = _files(tmp_path, **{**texts, name: text}).digests("page.html")
    assert [field for field, was, now in zip(before._fields, before, after, strict=True) if was != now] == changed


@pytest.mark.parametrize("how", ["{% include 'base.html' %}", "{% extends layout %}", "{% include page.kind %}"])
def test_a_frame_that_is_included_too_is_no_frame(tmp_path: Path, how: str) -> None:
    texts = {"base": BASE, "page": "{% extends 'base.html' %}{% block a %}" + how + "{% endblock %}", "m": "1"}
    before = _files(tmp_path, **texts).digests("page.html")
    after = _files(tmp_path, **{**texts, "base": BASE + "!"}).digests("page.html")
    assert before.code != after.code


@pytest.fixture(autouse=True)
def _all_blocks_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "SMALL", 0)


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., list[str | Block]]:
    """Draws a template, with what its blocks print if that is known."""
    folder = tmp_path / "templates"
    folder.mkdir()

    def draw(source: str, known: dict[str, bytes] | None = None, **others: str) -> list[str | Block]:
        for name, text in {"page": source, **others}.items():
            (folder / f"{name}.html").write_text(text, "utf-8")
        templates = Templates(RenderSettings(_SITE, (str(folder), str(default_theme())), "/nowhere", "content"))
        return templates.draw_page("page.html", "en", _VALUES, "a page", known)

    return draw


def _text(pieces: list[str | Block]) -> str:
    return "".join(piece if isinstance(piece, str) else _of(piece) for piece in pieces)


def _of(block: Block) -> str:
    return block.text if isinstance(block.text, str) else block.text.decode()


def _blocks(pieces: list[str | Block]) -> dict[str, str]:
    return {piece.name: _of(piece) for piece in pieces if isinstance(piece, Block)}


def test_blocks_that_stand_in_no_other_are_told_from_the_frame(
    drawn: Callable[..., list[str | Block]], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = (
        "<{% block a %}1{% block b %}2{% endblock %}{% endblock %}>"
        "{% for i in two %}{% block c scoped %}{{ i }}{% endblock %}{% endfor %}"
        "{% if yes %}{% block d %}{{ x }}{% endblock %}{% endif %}{% include 'part.html' without context %}"
        "{{ self.a() }}"
    )
    source = "{% extends 'base.html' %}{% block b %}3{{ super() }}{% endblock %}"
    others = {"base": base, "part": "{% block a %}part{% endblock %}"}
    pieces = drawn(source, **others)
    assert _text(pieces) == "<132>pq&lt;1&gt;part132"
    assert _blocks(pieces) == {"a": "132", "d": "&lt;1&gt;"}
    assert _text(drawn(source, {"a": b"A", "d": b"D"}, **others)) == "<A>pqDpart132"
    assert _text(drawn(source, {"d": b"D"}, **others)) == "<132>pqDpart132"
    monkeypatch.setattr(compiled, "SMALL", 4)
    assert _blocks(drawn(source, **others)) == {"d": "&lt;1&gt;"}


WORDS = st.sampled_from(
    [
        "{{ x }}",
        "{% if not yes %}-{% else %}{{ v }}{% endif %}",
        "{% for i in two %}{{ i }}{% endfor %}",
        "a",
        " b ",
        "\n",
        "\n  <p>",
        "é",
        "{ x }",
        "%}",
        '"',
        "'",
        "",
    ]
)
CODE = st.sampled_from([
    "{{ x }}", "{{ v }}", "{% set v = 'w' %}", "{% set v %}~{% endset %}", "{# ~ #}", "{% raw %}{{ ~ {% endraw %}", "{{- x -}}",
    "{% macro m() %}~{% endmacro %}{{ m() }}", "{{ '%}{{ }}' }}",
])  # fmt: skip


def _around(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Templates, with ~ wherever a text may stand."""
    return st.builds(
        lambda how, one, two: how.replace("1", one).replace("2", two),
        st.sampled_from([
            "{% if yes %}1{% else %}2{% endif %}", "{% if not yes %}1{% else %}2{% endif %}", "1{%- if yes -%}2{%- endif -%}",
            "{% for i in two %}1{% endfor %}2", "<{% block @ %}{{ v }}1{% endblock %}>~2", "{% set v %}1{% endset %}2", "{% filter upper %}1{% endfilter %}2",
            "{% with v = 'u' %}1{% endwith %}2",
        ]),
        inside, inside,
    )  # fmt: skip


PIECES = st.recursive(
    st.lists(st.one_of(CODE, st.just("~")), max_size=3).map("".join),
    lambda inside: st.lists(_around(inside), min_size=1, max_size=3).map("~".join),
    max_leaves=6,
)
TEMPLATES = st.builds(
    "{{% set v = 'v' %}}{{% set v %}}~{{% endset %}}~{}<{{% block @ %}}{{{{ v }}}}~{}{{% endblock %}}>~{}".format,
    PIECES,
    PIECES,
    PIECES,
)
CONDITIONS = st.sampled_from([("", ""), ("{% if yes %}", "{% endif %}"), ("{% if not yes %}", "{% endif %}")])


def _filled(template: str, words: list[str], condition: tuple[str, str]) -> str:
    """A template whose blocks have names, with texts in their places and this around blocks."""
    for number in range(template.count("@")):
        template = template.replace("@", f"b{number}", 1)
    pieces = template.replace("<{", condition[0] + "{").replace("}>", "}" + condition[1]).split("~")
    return "".join(piece + words[number % len(words)] for number, piece in enumerate(pieces[:-1])) + pieces[-1]


@settings(deadline=None, max_examples=150)
@given(data=st.data(), template=TEMPLATES)
def test_a_page_with_known_blocks_is_what_it_would_be(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, template: str
) -> None:
    count = max(1, template.count("~"))
    words = data.draw(st.lists(WORDS, min_size=count, max_size=count))
    changed = data.draw(st.sets(st.integers(0, count - 1), max_size=2))
    other_words = [data.draw(WORDS) if number in changed else word for number, word in enumerate(words)]
    before, after = (_filled(template, some, data.draw(CONDITIONS)) for some in (words, other_words))
    assume(parted(before).code == parted(after).code)
    folder = tmp_path_factory.mktemp("t")
    (folder / "before.html").write_text(before, "utf-8")
    (folder / "after.html").write_text(after, "utf-8")
    templates = Templates(RenderSettings(_SITE, (str(folder), str(default_theme())), "/nowhere", "content"))
    blocks = _blocks(templates.draw_page("before.html", "en", _VALUES, ""))
    known = {name: text.encode() for name, text in blocks.items()}
    whole = templates.draw_page("after.html", "en", _VALUES, "")
    assert _text(whole) == templates.render("after.html", "en", _VALUES)
    assert _text(templates.draw_page("after.html", "en", _VALUES, "", known)) == _text(whole)
