import gzip
import io
import resource
import sys
import tracemalloc
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.wordpress import elements
from sitegen.importers.wordpress.window import Window
from sitegen.importers.wordpress.wxr import Author, Channel, Part, Term, WxrItem, read_export
from sitegen.model import Problem, Severity

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Site</title>
<link>https://a.example</link>
<language>fr-FR</language>
<wp:wxr_version>1.2</wp:wxr_version>
"""
TAIL = "</channel>\n</rss>\n"


def item(number: int, content: str = "<![CDATA[Text.]]>", more: str = "") -> str:
    return f"""<item>
<title>Title {number}</title>
<content:encoded>{content}</content:encoded>
<wp:post_id>{number}</wp:post_id>
<wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
{more}</item>
"""


def parts_of(text: str | bytes) -> list[Part]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_export(io.BytesIO(data), "export.xml"))


def items_of(text: str | bytes) -> list[WxrItem]:
    return [part for part in parts_of(text) if isinstance(part, WxrItem)]


def problems_of(text: str | bytes) -> list[Problem]:
    return [part for part in parts_of(text) if isinstance(part, Problem)]


def exports(folder: Path) -> list[Path]:
    return sorted((folder / "wxr").glob("*.xml"))


def test_every_export_gives_every_item_comment_field_and_term(data_folder):
    files = exports(data_folder)
    assert len(files) >= 8
    for file in files:
        source = file.read_bytes()
        expected = Counter(
            {
                "item": source.count(b"<item>"),
                "comment": source.count(b"<wp:comment>"),
                "meta": source.count(b"<wp:postmeta>"),
                "category": source.count(b"<category "),
                "author": source.count(b"<wp:author>"),
                "term": sum(source.count(tag) for tag in (b"<wp:category>", b"<wp:tag>", b"<wp:term>")),
            }
        )
        found: Counter[str] = Counter()
        for part in parts_of(source):
            found["author"] += isinstance(part, Author)
            found["term"] += isinstance(part, Term)
            if isinstance(part, WxrItem):
                found.update(item=1, comment=len(part.comments), meta=len(part.meta), category=len(part.terms))
        assert found == expected, file.name


def test_values_are_those_of_an_xml_parser(data_folder):
    names = {
        "title": "title", "link": "link", "id": "{wp}post_id", "type": "{wp}post_type", "status": "{wp}status",
        "date": "{wp}post_date", "slug": "{wp}post_name", "content": "{content}encoded",
    }  # fmt: skip
    for file in exports(data_folder):
        try:
            root = ET.fromstring(file.read_bytes())
        except ET.ParseError:
            continue
        wanted = []
        for element in root.iter("item"):
            values = {}
            for child in element:
                space, _, local = child.tag.rpartition("}")
                prefix = {"content/": "content", "2/": "wp", "1/": "wp", "excerpt/": "excerpt"}.get(
                    next((end for end in ("content/", "excerpt/", "2/", "1/") if space.endswith(end)), ""), ""
                )
                values[f"{{{prefix}}}{local}" if prefix else local] = child.text or ""
            wanted.append(tuple(values.get(tag, "").strip() for tag in names.values()))
        found = [tuple(getattr(each, name).strip() for name in names) for each in items_of(file.read_bytes())]
        assert found == wanted, file.name


def test_the_channel_comes_before_the_items_and_says_what_the_site_is():
    channel, first = parts_of(HEAD + item(1) + TAIL)

    assert channel == Channel("Site", "https://a.example", "fr-FR", "1.2")
    assert isinstance(first, WxrItem)
    assert (first.id, first.title, first.content, first.line, first.content_line) == ("1", "Title 1", "Text.", 8, 10)


def test_split_cdata_is_one_text():
    (found,) = items_of(HEAD + item(1, "<![CDATA[a ]]]]><![CDATA[> b]]>") + TAIL)

    assert found.content == "a ]]> b"
    assert not found.mends


def test_cdata_in_cdata_is_read_up_to_its_own_closing_tag(data_folder):
    (found,) = items_of((data_folder / "wxr" / "crazy-cdata.xml").read_bytes())

    assert found.content == "Content with nested <![CDATA[ tags ]]> :)"
    assert found.meta == (
        ("Plain string", "Foo"),
        ("Closing CDATA", "]]>"),
        ("Alot of CDATA", "This has <![CDATA[ opening and ]]> closing <![CDATA[ tags like this: ]]>"),
    )
    assert [kind for kind, _what in found.mends] == ["xml"]


def test_an_item_within_cdata_is_text():
    example = "<![CDATA[<pre><item>\n<title>x</title></item></pre>]]>"

    (found,) = items_of(HEAD + item(1, example) + TAIL)

    assert "<item>" in found.content


def test_markup_that_nobody_escaped_belongs_to_the_text():
    (found,) = items_of(HEAD + item(1, "<p>a <b>b</b> &amp; c</p>") + TAIL)

    assert found.content == "<p>a <b>b</b> &amp; c</p>"


def test_control_characters_are_taken_out_and_told():
    (found,) = items_of((HEAD + item(1, "<![CDATA[a\x0b\x00b\x1f]]>") + TAIL).encode())

    assert found.content == "ab"
    assert [kind for kind, _what in found.mends] == ["control"]


def test_references_to_characters_that_xml_forbids_do_not_break_an_item():
    (found,) = items_of(HEAD + item(1, "a&#11;b&#x1F;c&#0;d") + TAIL)

    assert found.content == "abcd"


def test_bytes_that_are_no_utf_8_are_read_as_windows_1252():
    (found,) = items_of((HEAD + item(1, "<![CDATA[caf\u00e9 \u20ac]]>") + TAIL).encode("cp1252"))

    assert found.content == "café €"
    assert [kind for kind, _what in found.mends] == ["encoding"]


@pytest.mark.parametrize(
    ("encoding", "codec"), [("UTF-16", "utf-16"), ("ISO-8859-1", "latin-1"), ("windows-1251", "cp1251")]
)
def test_declared_encodings_are_undone(encoding, codec):
    text = "Ж" if codec == "cp1251" else "é"
    source = HEAD.replace("UTF-8", encoding) + item(1, f"<![CDATA[{text}]]>") + TAIL

    (found,) = items_of(source.encode(codec))

    assert found.content == text


def test_a_byte_order_mark_does_no_harm():
    assert len(items_of(b"\xef\xbb\xbf" + (HEAD + item(1) + TAIL).encode())) == 1


def test_html_entities_outside_of_cdata_are_resolved():
    (found,) = items_of(HEAD + item(1, "a&nbsp;&eacute;&hellip;b") + TAIL)

    assert found.content == "a\u00a0é…b"


def test_an_undeclared_prefix_does_not_break_an_item():
    (found,) = items_of(HEAD + item(1, more="<yoast:seo>x</yoast:seo>\n") + TAIL)

    assert found.id == "1"
    assert not found.mends


def test_mail_and_network_addresses_are_not_read():
    comment = (
        "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author_email>a@b.example</wp:comment_author_email>"
        "<wp:comment_author_IP>192.0.2.1</wp:comment_author_IP></wp:comment>\n"
    )
    text = repr(parts_of(HEAD + item(1, more=comment) + TAIL))

    assert "a@b.example" not in text
    assert "192.0.2.1" not in text


# Broken files


def test_a_file_that_ends_in_an_item_gives_the_others_and_says_where():
    source = HEAD + item(1) + item(2)
    cut = source[: source.index("Title 2") + 5]

    parts = parts_of(cut)

    assert [part.id for part in parts if isinstance(part, WxrItem)] == ["1"]
    (problem,) = (part for part in parts if isinstance(part, Problem))
    assert problem.partly
    assert problem.location.line == cut.count("\n") + 1
    assert "line 15" in problem.message


def test_an_item_cut_behind_its_text_is_kept_and_its_whole_comments_with_it():
    comment = "<wp:comment><wp:comment_id>{}</wp:comment_id><wp:comment_content>Hi</wp:comment_content></wp:comment>\n"
    source = HEAD + item(1, more=comment.format(7) + comment.format(8))
    cut = source[: source.index("Hi", source.index(">8<")) + 1]

    (found,) = items_of(cut)
    (problem,) = problems_of(cut)

    assert found.content == "Text."
    assert [comment.id for comment in found.comments] == ["7"]
    assert '"Title 1"' in problem.message


def test_cdata_that_is_never_closed_costs_its_own_item_only():
    source = HEAD + item(1, "<![CDATA[no end") + item(2) + item(3) + TAIL

    parts = parts_of(source)

    found = [(part.id, part.content) for part in parts if isinstance(part, WxrItem)]
    assert found == [("1", "no end"), ("2", "Text."), ("3", "Text.")]
    assert sum(isinstance(part, Problem) for part in parts) == 1


def test_an_item_without_its_closing_tag_costs_its_own_only():
    source = HEAD + item(1).replace("</item>", "") + item(2) + TAIL

    assert [found.id for found in items_of(source)] == ["1", "2"]
    assert len(problems_of(source)) == 1


def test_no_cut_of_a_file_crashes():
    source = (HEAD + item(1) + item(2, "<![CDATA[a]]]]><![CDATA[>b]]>") + TAIL).encode()
    for end in range(0, len(source), 3):
        parts_of(source[:end])


def test_an_export_of_nothing_is_told(data_folder):
    (problem,) = problems_of((data_folder / "wxr" / "malformed.xml").read_bytes())

    assert problem.code == "no-items"
    assert '"abc"' in problem.message


@pytest.mark.parametrize(
    "text", ["", "<html><body>x</body></html>", "<feed xmlns='http://www.w3.org/2005/Atom'/>", "\0"]
)
def test_other_files_are_no_export(text):
    (problem,) = problems_of(text)

    assert problem.code == "not-wxr"
    assert problem.severity is Severity.ERROR


def test_problems_without_number_are_counted():
    source = HEAD + "<item>\n<title>x\n" * 500

    problems = problems_of(source)

    assert len(problems) == 101
    assert "not listed" in problems[-1].message


# Attacks

XXE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a '" + "ha" * 1000 + "'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)  # fmt: skip


@pytest.mark.parametrize(
    "dtd",
    [XXE, LAUGHS, '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">', "<!doctype rss [<!ENTITY % p 'x'> %p;]>"],
)
def test_document_types_are_refused_before_anything_is_resolved(dtd, monkeypatch):
    opened = []
    monkeypatch.setattr("socket.socket.connect", lambda *_: opened.append("net"))
    source = HEAD.replace("<rss", dtd + "\n<rss") + item(1, "&x;&i;") + TAIL

    parts = parts_of(source)

    assert [part.code for part in parts if isinstance(part, Problem)] == ["doctype"]
    assert not [part for part in parts if isinstance(part, WxrItem)]
    assert not opened


@pytest.mark.parametrize("dtd", [XXE, LAUGHS])
def test_a_document_type_within_an_item_is_text_at_most(dtd):
    tracemalloc.start()
    found = items_of(HEAD + item(1, dtd + "&x;&i;") + TAIL)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert all("root:" not in each.content for each in found)
    assert peak < 20 << 20


def test_a_gzip_bomb_is_refused():
    bomb = gzip.compress((HEAD + "<item>").encode() + b" " * (64 << 20), 9)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    problems = problems_of(bomb)

    assert any(problem.code == "too-large" for problem in problems)
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_a_compressed_export_is_read_and_a_cut_one_gives_what_is_whole():
    source = (HEAD + "".join(item(n, f"<![CDATA[{hash(n)} {n * 7919}]]>") for n in range(400)) + TAIL).encode()
    packed = gzip.compress(source)

    assert len(items_of(packed)) == 400
    cut = parts_of(packed[:-200])
    assert any(isinstance(part, Problem) and part.partly for part in cut)


def test_an_item_without_end_is_left_out_in_little_memory():
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.left = [b"x" * (1 << 20)] * 40 + [(HEAD + "<item><title>").encode()]
            self.head = self.left[-1][:2]

        def read(self, size: int = -1) -> bytes:
            if size == 2:
                return self.head
            return self.left.pop() if self.left else b""

        def seek(self, *_: int) -> int:
            return 0

    tracemalloc.start()
    parts = list(read_export(Endless(), "x.xml"))  # type: ignore[arg-type]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert next(part.code for part in parts if isinstance(part, Problem)) == "too-large"
    assert peak < 120 << 20


def elements_of(source: bytes) -> list[object]:
    window = Window("x.xml")
    window.open(io.BytesIO(source))
    return list(elements.elements_of(window))


@given(st.lists(st.sampled_from(
    ["<item>", "</item>", "</item >", "<item x='1'>", "<itemx>", "<![CDATA[", "]]>", "]]", ">", "a ", "<title>", "<!--", "-->"]
)))  # fmt: skip
def test_a_whole_item_is_cut_out_in_one_go_as_step_by_step(signs: list[str]) -> None:
    source = f"<rss>{''.join(signs)}".encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "_plain_end", lambda _data, _start: 0)
        step_by_step = elements_of(source)
    assert elements_of(source) == step_by_step
