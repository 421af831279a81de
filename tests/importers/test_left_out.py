"""Kinds of mends that are switched off are not made, whatever the articles come in."""

import json

import pytest

from sitegen.config import MENDS
from sitegen.importers.raw import Imported, Raw
from sitegen.importers.registry import importer_named

CALL = "[gallery ids=”1,2″ columns=’3′]"
MENDED_CALL = '[gallery ids="1,2" columns="3"]'
GARBLED = "Le dÃ©bat a Ã©tÃ© long au cafÃ©, et personne ne l’a regrettÃ© depuis."
READ_BACK = "Le débat a été long au café, et personne ne l’a regretté depuis."
WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><wp:wxr_version>1.2</wp:wxr_version><item><title>The ferry</title><wp:post_id>7</wp:post_id>
<wp:post_name>the-ferry</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<content:encoded><![CDATA[{}]]></content:encoded></item></channel></rss>
"""
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>The ferry</title></head>
<body><article><h1>The ferry</h1><p>{}</p></article></body></html>"""


def as_html(*paragraphs: str) -> str:
    return "</p><p>".join(paragraphs)


# Importer, file name, and a file that holds paragraphs.
KINDS = {
    "raw text": ("raw-text", "a.txt", lambda *parts: "The ferry\n\n" + "\n\n".join(parts) + "\n"),
    "saved page": ("html", "a.html", lambda *parts: PAGE.format(as_html(*parts))),
    "export": ("wordpress", "a.xml", lambda *parts: WXR.format("\n\n".join(parts))),
    "markdown": ("markdown", "a.md", lambda *parts: "---\ntitle: The ferry\n---\n" + "\n\n".join(parts) + "\n"),
    "json lines": (
        "jsonl",
        "a.jsonl",
        lambda *parts: json.dumps({"title": "The ferry", "body": "\n\n".join(parts)}, ensure_ascii=False) + "\n",
    ),
    "json list": ("json", "a.json", lambda *parts: json.dumps([{"title": "The ferry", "body": "\n\n".join(parts)}])),
    "table": ("csv", "a.csv", lambda *parts: 'title,body\n"The ferry","' + "\n\n".join(parts) + '"\n'),
}
MORE = "The boat leaves from the lower bridge every morning, and it comes back when the light is gone."


def made_of(kind: str, *parts: str, without: tuple[str, ...] = ()) -> Imported:
    name, file, text = KINDS[kind]
    importer = importer_named(name)
    assert importer is not None
    raw = Raw(f"in/{file}", text(*parts).encode(), below=file, without=without)
    (made,) = [item for item in importer.read(raw) if isinstance(item, Imported)]
    return made


def mended(made: Imported) -> set[str]:
    return {mend.kind for mend in made.report.mends}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "export"])
def test_calls_stay_as_they_are_where_shortcodes_are_not_mended(kind: str) -> None:
    on = made_of(kind, MORE, CALL, MORE)
    assert MENDED_CALL in on.article.body
    assert "shortcode" in mended(on)
    off = made_of(kind, MORE, CALL, MORE, without=("shortcode",))
    assert CALL in off.article.body
    assert "shortcode" not in mended(off)


def test_calls_of_an_export_stay_as_they_are_and_what_they_enclose_is_converted() -> None:
    alone, around = "[toc depth=”2″]", "[caption align=”alignleft″]<img src='a.jpg'> It <em>runs</em>.[/caption]"
    on = made_of("export", alone, around)
    assert '[toc depth="2"]' in on.article.body
    assert '[caption align="alignleft"]![](a.jpg) It *runs*.[/caption]' in on.article.body
    off = made_of("export", alone, around, without=("shortcode",))
    assert alone in off.article.body
    assert "[caption align=”alignleft″]![](a.jpg) It *runs*.[/caption]" in off.article.body
    assert not mended(off)


def test_calls_of_other_generators_stay_as_they_are_where_shortcodes_are_not_mended() -> None:
    call = "{{< youtube dQw4w9WgXcQ >}}"
    assert call not in made_of("markdown", MORE, call).article.body
    off = made_of("markdown", MORE, call, without=("shortcode",))
    assert call in off.article.body
    assert "foreign-call" in {problem.code for problem in off.problems}


@pytest.mark.parametrize("kind", KINDS)
def test_garbled_text_stays_as_it_is_where_it_is_not_read_back(kind: str) -> None:
    on = made_of(kind, GARBLED, MORE)
    assert READ_BACK in on.article.body
    assert "mojibake" in mended(on)
    off = made_of(kind, GARBLED, MORE, without=("mojibake",))
    assert GARBLED in off.article.body
    assert "mojibake" not in mended(off)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_does_not_apply_to_an_input_does_nothing(kind: str) -> None:
    assert MORE in made_of(kind, MORE, without=MENDS).article.body
    assert made_of(kind, MORE, without=MENDS).article == made_of(kind, MORE).article
