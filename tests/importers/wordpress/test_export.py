import gzip
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sitegen.content.front_matter import parse_front_matter, write_front_matter
from sitegen.content.poll_files import parse_poll_file
from sitegen.importers.raw import Imported, Raw, SideFile
from sitegen.importers.wordpress.export import WordPress
from sitegen.importers.wordpress.paragraphs import autop
from sitegen.importers.wordpress.wxr import WxrItem, read_export
from sitegen.model import Problem
from sitegen.render.markdown import markdown_html
from sitegen.shortcodes.poll_record import results_of
from sitegen.shortcodes.poll_values import Poll
from sitegen.shortcodes.registry import is_known
from sitegen.shortcodes.syntax import find_calls, literal_text

NO_ARTICLES = {"attachment", "nav_menu_item", "wp_navigation", "expert_review_poll", "revision"}


def raw_of(data: bytes, path: str = "raw/export.xml") -> Raw:
    """The one place that knows how an export gets into a `Raw`."""
    return Raw(path, data)


def read(source: str | bytes | Path) -> list[Imported | Problem]:
    if isinstance(source, Path):
        return list(WordPress().read(raw_of(source.read_bytes(), source.name)))
    return list(WordPress().read(raw_of(source.encode() if isinstance(source, str) else source)))


def articles(source: str | bytes | Path) -> list[Imported]:
    return [part for part in read(source) if isinstance(part, Imported)]


def problems(source: str | bytes | Path) -> list[Problem]:
    return [part for part in read(source) if isinstance(part, Problem)]


def the_article(source: str) -> Imported:
    (found,) = articles(source)
    return found


def body_of(content: str, *more: str) -> str:
    return articles(export(item(content), *more))[0].article.body.rstrip("\n")


def export(*parts: str, language: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">\n'
        f"<channel><title>T</title><language>{language}</language><wp:wxr_version>1.2</wp:wxr_version>\n"
        + "".join(parts)
        + "</channel></rss>\n"
    )


def item(content: str = "Text.", more: str = "", **values: str) -> str:
    fields = {
        "post_id": "7", "post_date": "2011-05-01 10:00:00", "post_date_gmt": "2011-05-01 10:00:00",
        "post_name": "a-slug", "status": "publish", "post_type": "post",
    } | values  # fmt: skip
    title = fields.pop("title", "A title")
    link = fields.pop("link", "https://a.example/2011/05/a-slug/")
    creator = fields.pop("creator", "ann")
    leaves = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>\n" for name, value in fields.items())
    return (
        f"<item>\n<title><![CDATA[{title}]]></title>\n<link>{link}</link>\n<dc:creator>{creator}</dc:creator>\n"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>\n{leaves}{more}</item>\n"
    )


def meta(key: str, value: str) -> str:
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>\n"


def picture(number: str, **values: str) -> str:
    alt = meta("_wp_attachment_image_alt", values.pop("alt", ""))
    caption = f"<excerpt:encoded><![CDATA[{values.pop('caption', '')}]]></excerpt:encoded>\n"
    given = {"post_id": number, "post_type": "attachment", "status": "inherit", "post_name": f"p{number}",
             "attachment_url": f"https://a.example/{number}.jpg"} | values  # fmt: skip
    return item("", alt + caption, title=f"Picture {number}", **given)


def comment(number: str, **values: str) -> str:
    fields = {"id": number, "author": "Nadia", "date": "2011-05-02 10:00:00", "content": "Hi",
              "approved": "1", "type": "comment", "parent": "0"} | values  # fmt: skip
    leaves = "".join(f"<wp:comment_{name}><![CDATA[{value}]]></wp:comment_{name}>" for name, value in fields.items())
    return f"<wp:comment>{leaves}</wp:comment>\n"


def comments_of(found: Imported) -> dict:
    return next((json.loads(file.data) for file in found.beside if file.path.endswith(".comments.json")), {})


# Every export of the data folder


def exports(folder: Path) -> list[Path]:
    return sorted((folder / "wxr").glob("*.xml"))


def items_of(file: Path) -> list[WxrItem]:
    with file.open("rb") as stream:
        return [part for part in read_export(stream, file.name) if isinstance(part, WxrItem)]


def test_every_item_is_an_article_or_counted(data_folder):
    for file in exports(data_folder):
        source = file.read_text("utf-8")
        kinds = re.findall(r"<wp:post_type>(?:<!\[CDATA\[)?([^<\]]*)", source)
        found = read(file)
        told = " ".join(part.message for part in found if isinstance(part, Problem) and part.code == "not-taken")
        left = sum(
            int(count) for count in re.findall(r"(\d+) (?:attachment|nav_menu_item|wp_\w+|expert_review_poll)", told)
        )

        assert sum(isinstance(part, Imported) for part in found) == sum(kind not in NO_ARTICLES for kind in kinds)
        assert left == sum(kind in NO_ARTICLES for kind in kinds), file.name


def test_every_comment_is_kept_or_counted(data_folder):
    for file in exports(data_folder):
        wanted = [each for each in items_of(file) if each.type not in NO_ARTICLES]
        for each, found in zip(wanted, articles(file), strict=True):
            told = comments_of(found)
            kept = {entry["id"] for entry in told.get("comments", [])}
            assert kept == {c.id for c in each.comments if c.approved == "1"}, found.target
            if told:
                assert len(kept) + sum(told["left_out"].values()) == len(each.comments)


def test_every_term_of_every_article_is_somewhere(data_folder):
    for file in exports(data_folder):
        wanted = [each for each in items_of(file) if each.type not in NO_ARTICLES]
        for each, found in zip(wanted, articles(file), strict=True):
            matter = found.article.front_matter
            text = json.dumps(matter.extra, ensure_ascii=False)
            for term in each.terms:
                name = term.slug.removeprefix("post-format-") if term.taxonomy == "post_format" else term.name
                name = re.sub(r"\s+", " ", name.replace("&amp;", "&")).strip()
                assert name in (*matter.tags, matter.section) or name in text, (found.target, term)


def test_front_matter_of_every_article_is_read_back(data_folder):
    for file in exports(data_folder):
        for found in articles(file):
            matter = found.article.front_matter
            assert parse_front_matter(write_front_matter(matter), "a.md").front_matter == matter, found.target


def test_targets_are_clean_paths_and_no_two_are_equal(data_folder):
    for file in exports(data_folder):
        targets = [found.target for found in articles(file)]
        assert len({target.casefold() for target in targets}) == len(targets)
        assert all(re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)+\.md", target) for target in targets)


def test_the_same_export_gives_the_same_bytes(data_folder):
    for file in exports(data_folder):
        assert read(file) == read(file)


INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup"
    " time tt u var wbr".split()
)


class _Words(HTMLParser):
    """Visible text; a frame of another site counts as its address, since it becomes a link to it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style", "svg")
        if tag not in INLINE:
            self.parts.append(" ")
        given = dict(attrs)
        if tag in ("iframe", "embed") and given.get("src"):
            address = re.sub(r"^//", "https://", given["src"])
            address = re.sub(r".*youtube\.com/(?:embed|v)/([\w-]+).*", r"https://www.youtube.com/watch?v=\1", address)
            self.parts.append(f" {given.get('title') or address} ")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "svg")
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def words(html: str) -> list[str]:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return re.findall(r"\w+", "".join(parser.parts))


def captions_of_gallery(call, each: WxrItem, attachments: dict[str, tuple[str, str]]) -> str:
    numbers = re.findall(r"\d+", call.named.get("ids", ""))
    numbers = numbers or [
        n for n, (parent, _caption) in sorted(attachments.items(), key=lambda a: int(a[0])) if parent == each.id
    ]
    return "".join(f" <p>{attachments[number][1]}</p> " for number in numbers if number in attachments)


def without_calls(text: str, *, code: bool, gallery) -> str:
    for call in reversed(find_calls(text, lambda name: is_known(name) or name == "gallery", code=code)):
        inner = (
            f"{call.content or ''} {call.named.get('caption', '')}" if call.name in ("caption", "wp_caption") else " "
        )
        if call.escaped:
            inner = literal_text(call)
        elif call.name == "gallery":
            inner = gallery(call)
        text = text[: call.start] + inner + text[call.end :]
    return text


def test_markdown_of_every_item_shows_the_words_of_its_html(data_folder):
    compared = 0
    for file in exports(data_folder):
        items = items_of(file)
        attachments = {each.id: (each.parent, each.excerpt) for each in items if each.type == "attachment"}
        wanted = [each for each in items if each.type not in NO_ARTICLES]
        for each, found in zip(wanted, articles(file), strict=True):
            source = without_calls(
                each.content,
                code=False,
                gallery=lambda call, each=each, known=attachments: captions_of_gallery(call, each, known),
            )
            if "data-fn" in source:  # notes stand in a field of their own
                source += " ".join(f"<p>{note['content']}</p>" for note in json.loads(each.meta_value("footnotes")))
            shown = markdown_html(
                without_calls(found.article.body, code=True, gallery=lambda call: call.content or "?")
            )
            assert words(shown) == words(source), found.target
            compared += 1
    assert compared >= 150


def test_the_poll_export_is_what_was_expected(data_folder):
    expected = json.loads((data_folder / "wxr" / "wxr-expert-review-poll.expected.json").read_text("utf-8"))
    file = data_folder / "wxr" / expected["file"]
    by_id = {int(found.article.front_matter.extra["post_id"]): found for found in articles(file)}
    (post,), (draft,) = expected["posts"], expected["drafts"]
    found = by_id[post["id"]]
    matter, body = found.article.front_matter, found.article.body
    said = comments_of(found)

    assert {
        "id": int(matter.extra["post_id"]),
        "title": matter.title,
        "slug": matter.slug,
        "permalink": matter.aliases[0],
        "date": matter.date.isoformat(),
        "author": ", ".join(matter.authors),
        "categories": [matter.section],
        "tags": list(matter.tags),
        "featured_attachment": 21 if matter.image.endswith("/2024/10/quai.jpg") else 0,
        "headings": re.findall(r"^## (.+)$", body, re.MULTILINE),
        "captions": re.findall(r"\) ([^\]\n]+)\[/caption\]", body),
        "image_alt": re.findall(r"!\[([^\]]*)\]", body)[0],
        "comments": [
            {"id": int(c["id"]), "author": c["author"], "parent": int(c.get("parent", 0))} for c in said["comments"]
        ],
        "polls": [poll_of(side) for side in found.beside if side.path == "polls/334.yaml"],
    } == post
    assert (by_id[draft["id"]].article.front_matter.title, by_id[draft["id"]].article.front_matter.draft) == (
        draft["title"], True,
    )  # fmt: skip
    assert set(by_id) == {post["id"], draft["id"]}
    assert said["left_out"] == {"spam": len(expected["spam_comments_not_published"])}
    everything = repr(read(file))
    assert not [text for text in expected["must_not_appear_in_html"] if text in everything]
    assert "params=" not in body
    assert "- [1] Oui, pour la sécurité." in body


def test_a_file_that_holds_no_item_is_told(data_folder):
    assert [problem.code for problem in problems(data_folder / "wxr" / "malformed.xml")] == ["no-items"]


# Front matter


@pytest.mark.parametrize(
    ("status", "draft", "told"),
    [
        ("publish", False, None), ("draft", True, "draft"), ("pending", True, "pending"), ("future", True, "future"),
        ("private", True, "private"), ("trash", True, "trash"), ("wc-done", True, "wc-done"),
    ],
)  # fmt: skip
def test_only_what_was_public_is_no_draft(status, draft, told):
    matter = the_article(export(item(status=status))).article.front_matter

    assert matter.draft is draft
    assert matter.extra.get("status") == told


def test_what_was_behind_a_password_is_a_draft_and_the_password_is_not_kept():
    found = the_article(export(item(post_password="geheim")))

    assert found.article.front_matter.draft
    assert found.article.front_matter.extra["status"] == "password"
    assert [problem.code for problem in found.problems] == ["password"]
    assert "geheim" not in repr(found)


def test_dates_that_never_were_are_none():
    found = the_article(export(item(post_date="0000-00-00 00:00:00", post_date_gmt="0000-00-00 00:00:00")))

    assert found.article.front_matter.date is None
    assert found.target == "undated/a/a-slug.md"


def test_local_time_counts_and_gmt_is_kept_where_it_differs():
    matter = the_article(export(item(post_date_gmt="2011-05-01 08:00:00", post_modified="2012-01-01 00:00:00")))
    matter = matter.article.front_matter

    assert matter.date.isoformat() == "2011-05-01T10:00:00"
    assert matter.extra["date_gmt"] == "2011-05-01T08:00:00"
    assert matter.updated.isoformat() == "2012-01-01T00:00:00"


TERMS = """<wp:author><wp:author_login>ann</wp:author_login><wp:author_email>a@a.example</wp:author_email>
<wp:author_display_name><![CDATA[Ann &amp; Co]]></wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>news</wp:category_nicename><wp:category_parent></wp:category_parent>
<wp:cat_name><![CDATA[News]]></wp:cat_name></wp:category>
<wp:category><wp:category_nicename>local</wp:category_nicename><wp:category_parent>news</wp:category_parent>
<wp:cat_name><![CDATA[Local &amp; near]]></wp:cat_name></wp:category>
"""


def test_the_section_is_the_topmost_category_and_nothing_of_the_others_is_lost():
    terms = (
        '<category domain="category" nicename="local"><![CDATA[Local &amp; near]]></category>'
        '<category domain="post_tag" nicename="eclairage"><![CDATA[Éclairage public]]></category>'
        '<category domain="post_tag" nicename="tram"><![CDATA[Tram]]></category>'
        '<category domain="post_format" nicename="post-format-aside"><![CDATA[Aside]]></category>'
        '<category domain="place" nicename="quay"><![CDATA[The quay]]></category>\n'
    )

    matter = the_article(export(TERMS, item(more=terms))).article.front_matter

    assert matter.authors == ("Ann & Co",)
    assert matter.section == "News"
    assert matter.tags == ("Éclairage public", "Tram")
    assert matter.extra["categories"] == [{"name": "Local & near", "slug": "local", "parent": "news"}]
    assert matter.extra["tag_slugs"] == {"Éclairage public": "eclairage"}
    assert matter.extra["format"] == "aside"
    assert matter.extra["terms"] == {"place": [{"name": "The quay", "slug": "quay"}]}


def test_categories_that_are_each_others_parents_do_not_hang():
    loop = "".join(
        f"<wp:category><wp:category_nicename>{a}</wp:category_nicename><wp:category_parent>{b}</wp:category_parent>"
        f"<wp:cat_name>{a}</wp:cat_name></wp:category>\n"
        for a, b in (("a", "b"), ("b", "a"))
    )
    term = '<category domain="category" nicename="a">a</category>\n'

    assert the_article(export(loop, item(more=term))).article.front_matter.section in ("a", "b")


def test_old_addresses_become_aliases():
    matter = the_article(export(item(more=meta("_wp_old_slug", "older")))).article.front_matter

    assert matter.aliases == ("/2011/05/a-slug/", "/2011/05/older/", "/?p=7")
    assert matter.extra["post_id"] == "7"


@pytest.mark.parametrize(
    ("link", "kind", "home", "aliases"),
    [
        ("https://a.example/?p=7", "post", "https://a.example", ("/?p=7",)),
        ("https://a.example/?page_id=7", "page", "https://a.example", ("/?p=7", "/?page_id=7")),
        ("https://a.example/blog/?p=7", "post", "https://a.example/blog", ("/blog/?p=7",)),
        ("https://a.example/blog/x/", "post", "https://a.example/blog/", ("/blog/x/", "/blog/?p=7")),
        ("https://[a", "post", "https://[a", ("/?p=7",)),
    ],
)
def test_short_links_by_number_are_kept_for_the_maps_of_servers(link, kind, home, aliases):
    channel = f"<wp:base_blog_url>{home}</wp:base_blog_url>"
    found = the_article(export(channel, item(link=link, post_type=kind)))
    assert found.article.front_matter.aliases == aliases


def test_custom_fields_are_kept_and_unserialized_and_cannot_replace_a_key():
    fields = (
        meta("title", "evil") + meta("colours", 'a:2:{i:0;s:3:"red";i:1;b:1;}') + meta("source", "one")
        + meta("source", "two") + meta("_edit_last", "1")
    )  # fmt: skip

    matter = the_article(export(item(more=fields))).article.front_matter

    assert matter.title == "A title"
    assert matter.extra["fields"] == {"title": "evil", "colours": ["red", "true"], "source": ["one", "two"]}


def test_a_title_has_no_markup_and_a_lost_one_is_guessed():
    assert the_article(export(item(title="A <em>b</em> &amp; c"))).article.front_matter.title == "A b & c"
    found = the_article(export(item("<p>One two three.</p>", title="")))
    assert found.article.front_matter.title == "One two three."
    assert [guess.field for guess in found.report.guesses] == ["title"]


def test_pages_lie_below_their_parents_and_types_in_folders():
    source = export(
        item(post_id="1", post_type="page", post_name="about"),
        item(post_id="2", post_type="page", post_name="team", post_parent="1"),
        item(post_id="3", post_type="recipe", post_name="soup"),
        item(post_id="4"),
        item(post_id="5"),
        item(post_id="6", post_name="%d9%86%d8%b5", title="نص"),
    )

    found = articles(source)

    assert [each.target for each in found] == [
        "pages/about.md", "pages/about/team.md", "recipe/2011/05/01/soup.md", "2011/05/01/a-slug.md",
        "2011/05/01/a-slug-5.md", "2011/05/01/ns.md",
    ]  # fmt: skip
    assert found[2].article.front_matter.extra["type"] == "recipe"


def test_the_featured_picture_summary_and_language_are_front_matter():
    more = meta("_thumbnail_id", "9") + "<excerpt:encoded><![CDATA[A <b>short</b> one.]]></excerpt:encoded>\n"

    matter = articles(export(item(more=more), picture("9"), language="fr-FR"))[0].article.front_matter

    assert (matter.image, matter.summary, matter.lang) == ("https://a.example/9.jpg", "A short one.", "fr")


def test_the_source_names_the_export_and_the_items_own_digest():
    first, second = articles(export(item(post_id="1"), item(post_id="2")))

    assert first.article.front_matter.source.kind == "wordpress"
    assert first.article.front_matter.source.file == "raw/export.xml"
    assert first.article.front_matter.source.url == "https://a.example/2011/05/a-slug/"
    assert first.article.front_matter.source.sha256 != second.article.front_matter.source.sha256


# Bodies


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("One.\n\nTwo\nlines.", "One.\n\nTwo  \nlines."),
        ("<h2>Head</h2>\nText\n<ul>\n<li>a</li>\n</ul>\nend", "## Head\n\nText\n\n- a\n\nend"),
        ("a<br />\n<br />\nb", "a\n\nb"),
        ("<pre>a\n\nb</pre>", "```\na\n\nb\n```"),
        ("<blockquote>a\n\nb</blockquote>", "> a\n>\n> b"),
        ("a * b _c_ [d](e)", "a \\* b \\_c\\_ \\[d\\](e)"),
        ("https://video.example/1\n\nText", "<https://video.example/1>\n\nText"),
        ("<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->\n\nloose\n\ntext", "a\n\nloose\n\ntext"),
        ('<!-- wp:code {"language":"php"} -->\n<pre class="wp-block-code"><code>x</code></pre>\n<!-- /wp:code -->',
         "```php\nx\n```"),
        ("a\r\n\r\nb", "a\n\nb"),
    ],
)  # fmt: skip
def test_content_becomes_markdown(content, expected):
    assert body_of(content) == expected


def test_paragraphs_are_those_of_wordpress():
    assert autop("a\nb\n\nc") == "<p>a<br />\nb</p>\n<p>c</p>\n"
    assert autop("") == ""
    assert autop("<div>a</div>\nb") == "<div>a</div>\n<p>b</p>\n"
    assert autop("<ul>\n<li>a</li>\n</ul>") == "<ul>\n<li>a</li>\n</ul>\n"


def test_blocks_that_wordpress_fills_in_are_told():
    found = the_article(
        export(
            item(
                '<!-- wp:latest-posts {"postsToShow":3} /-->\n\n<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->'
            )
        )
    )

    assert found.article.body == "a\n"
    assert [aside.text for aside in found.report.set_aside] == ['<!-- wp:latest-posts {"postsToShow":3} /-->']


def test_reusable_blocks_are_put_in():
    block = item("<!-- wp:paragraph -->\n<p>Shared.</p>\n<!-- /wp:paragraph -->", post_id="50", post_type="wp_block")

    assert body_of('<!-- wp:block {"ref":50} /-->', block) == "Shared."


def test_a_reusable_block_that_holds_itself_does_not_hang():
    block = item(
        '<!-- wp:paragraph -->\n<p>x</p>\n<!-- /wp:paragraph --><!-- wp:block {"ref":50} /-->',
        post_id="50",
        post_type="wp_block",
    )

    assert "x" in body_of('<!-- wp:block {"ref":50} /-->', block)


def test_the_text_before_more_is_the_summary():
    matter = the_article(export(item("Short <b>intro</b>.\n\n<!--more-->\n\nRest."))).article.front_matter

    assert matter.summary == "Short intro."


def test_a_caption_keeps_words_and_alt():
    content = (
        '[caption id="attachment_9" align="alignleft" width="300"]<a href="/f"><img class="wp-image-9" src="a.jpg"'
        " /></a> Words <em>here</em>[/caption]"
    )

    assert body_of(content, picture("9", alt="Alt")) == (
        '[caption id="attachment_9" align="alignleft" width="300"][![Alt](a.jpg)](/f) Words *here*[/caption]'
    )


def test_a_gallery_becomes_its_pictures():
    body = body_of('[gallery ids="9,10,11"]', picture("9", alt="A", caption="One <b>b</b>"), picture("10"))

    assert body == ("[gallery]\n![A](https://a.example/9.jpg) One **b**\n![](https://a.example/10.jpg)\n[/gallery]")


def test_a_gallery_without_ids_holds_what_was_uploaded_to_the_article():
    assert body_of("[gallery]", picture("12", post_parent="7"), picture("13", post_parent="8")) == (
        "[gallery]\n![](https://a.example/12.jpg)\n[/gallery]"
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[code lang="php"]$a = "*";\n\n&lt;?php[/code]', '```php\n$a = "*";\n\n<?php\n```'),
        ("[embed]https://v.example/1[/embed]", "<https://v.example/1>"),
        ('[audio src="https://a.example/x.mp3"]', '<audio controls src="https://a.example/x.mp3"></audio>'),
        ("a[ref]The <i>note</i>.[/ref] b", "a[^note-1] b\n\n[^note-1]: The *note*."),
        ("[vc_row][vc_column]\n\nText\n\n[/vc_column][/vc_row]", "Text"),
        ('[vc_custom_heading text="Head"]', "## Head"),
        ('[own_call a="b c" d=e_f_g]', '[own_call a="b c" d="e_f_g"]'),
        ('[own_box a="b"]Some <b>text</b>[/own_box]', '[own_box a="b"]Some **text**[/own_box]'),
        ("<pre>[gallery ids=1]</pre>", "```\n[gallery ids=1]\n```"),
        ("as [[gallery]] says", "as [[gallery]] says"),
        ('x = a[0] and b[i] [sic]', "x = a[0] and b[i] [sic]"),
    ],
)  # fmt: skip
def test_shortcodes_come_out_clean_and_unescaped(content, expected):
    assert body_of(content) == expected


def test_unknown_shortcodes_are_told_with_their_line():
    found = the_article(export(item('One.\n\n[own_call a="b"]')))

    assert [(kept.name, kept.named) for kept in found.report.shortcodes] == [("own_call", {"a": "b"})]
    assert [problem.code for problem in found.problems] == ["unknown-shortcode"]
    assert (
        found.problems[0].location.line
        == export(item('One.\n\n[own_call a="b"]')).split("[own_call")[0].count("\n") + 1
    )


def poll_of(side: SideFile) -> dict[str, object]:
    """A poll's data file in the words of the plugin."""
    record = parse_poll_file(side.data.decode(), side.path).record
    results = results_of(Poll(id=record.key, title=record.question, answers=record.answers), record)
    assert results
    return {
        "id": record.key,
        "title": record.question,
        "answers": [{"id": a.id, "text": a.text, "votes": a.votes} for a in record.answers],
        "total_votes": results.total,
        "percent": [row.percent for row in results.rows],
        "voting_open": record.closed != "1",
        "displayed": not record.is_hidden,
    }


def poll_post(number: str = "334") -> str:
    answers = 'a:2:{i:0;a:3:{s:2:"id";s:1:"1";s:4:"text";s:3:"Yes";s:5:"votes";i:3;}i:1;a:3:{s:2:"id";s:1:"2";s:4:"text";s:2:"No";s:5:"votes";i:1;}}'
    return item(
        "",
        meta("expert_review_poll_params", 'a:1:{s:5:"title";s:4:"Why?";}')
        + meta("expert_review_poll_answers", answers),
        post_id=number,
        post_type="expert_review_poll",
        post_name="",
    )


def test_a_poll_is_completed_from_its_own_post_even_without_a_payload():
    found = articles(export(item('[expert_review_poll id="334"]'), poll_post()))[0]

    assert found.article.body == '[poll id="334"]\nWhy?\n- [1] Yes\n- [2] No\n[/poll]\n'
    assert found.report.polls == 1
    (side,) = found.beside
    assert isinstance(side, SideFile)
    told = poll_of(side)
    assert (side.path, told["total_votes"], told["percent"]) == ("polls/334.yaml", 4, [75.0, 25.0])


def test_votes_that_an_export_does_not_tell_stay_unknown():
    side = articles(
        export(item('[expert_review_poll id="334"]'), poll_post().replace('s:5:"votes";i:1;', 's:1:"x";i:1;'))
    )[0].beside[0]
    record = parse_poll_file(side.data.decode(), side.path).record
    assert [answer.votes for answer in record.answers] == [3, None]
    assert results_of(Poll(id="334", title="Why?", answers=record.answers), record) is None


def test_two_plugins_may_number_their_polls_alike():
    found = articles(export(item('[poll id="334"]\n\n[expert_review_poll id="334"]'), poll_post()))[0]
    assert found.article.body.startswith('[poll id="wp-polls-334"]\n\n[poll id="334"]\nWhy?\n')
    assert len(found.beside) == 1


def test_a_poll_of_another_plugin_is_named_by_its_post():
    post = item("", post_id="41", post_type="poll", post_name="").replace("<title>", "<title>Where to? ", 1)
    found = articles(export(item('[totalpoll id="41"]\n\n[totalpoll id="42"]'), post))[0]
    (side,) = found.beside
    record = parse_poll_file(side.data.decode(), side.path).record
    assert (side.path, record.answers) == ("polls/totalpoll-41.yaml", ())
    assert record.question.startswith("Where to?")
    assert found.article.body.startswith('[totalpoll id="41"]')


def test_a_poll_that_no_article_shows_is_told():
    told = problems(export(item(), poll_post()))

    assert [problem.code for problem in told] == ["poll-unused", "not-taken"]
    assert "4 votes" in told[0].message


def test_a_poll_that_is_nowhere_keeps_its_call_and_is_told():
    found = the_article(export(item('[expert_review_poll id="9"]')))

    assert found.article.body == '[expert_review_poll id="9"]\n'
    assert [problem.code for problem in found.problems] == ["poll-without-content"]


# Comments


def test_comments_are_threaded_and_in_order():
    source = export(
        item(
            more=comment("3", date="2011-05-04 00:00:00")
            + comment("2", parent="1", date="2011-05-03 00:00:00", content="a * b\n\nc <b>d</b>")
            + comment("1", date="2011-05-02 00:00:00")
            + comment("4", parent="2", type="pingback", author="Site", url="https://b.example/")
            + comment("5", approved="spam")
            + comment("6", approved="0")
            + comment("7", parent="5")
            + comment("8", approved="trash")
        )
    )

    told = comments_of(the_article(source))

    shape = [(entry["id"], entry.get("depth", 0), entry.get("parent", "")) for entry in told["comments"]]
    assert shape == [("1", 0, ""), ("2", 1, "1"), ("4", 2, "2"), ("7", 0, ""), ("3", 0, "")]
    assert told["comments"][1]["content"] == "a \\* b\n\nc **d**"
    assert (told["comments"][2]["type"], told["comments"][2]["url"]) == ("pingback", "https://b.example/")
    assert told["left_out"] == {"spam": 1, "trash": 1, "waiting": 1}
    assert any("1 comments (spam)" in problem.message for problem in problems(source))


def test_comments_that_answer_each_other_in_a_circle_are_all_kept():
    source = export(item(more=comment("1", parent="2") + comment("2", parent="1")))

    assert {entry["id"] for entry in comments_of(the_article(source))["comments"]} == {"1", "2"}


def test_comments_lie_beside_their_article():
    found = the_article(export(item(more=comment("1"))))

    assert [file.path for file in found.beside] == ["2011/05/01/a-slug.comments.json"]


# Files


def test_a_compressed_export_is_read():
    assert len(articles(gzip.compress(export(item()).encode()))) == 1


def test_a_cut_export_gives_what_is_whole_and_says_so():
    source = export(item(post_id="1"), item(post_id="2"))

    found = read(source[: source.index("<content", source.index("<wp:post_id><![CDATA[1]")) + 30])

    assert sum(isinstance(part, Imported) for part in found) == 1
    assert any(isinstance(part, Problem) and part.partly for part in found)


def test_an_export_is_read_from_disk(tmp_path):
    (tmp_path / "x.xml").write_text(export(item()), "utf-8")

    found = list(WordPress().read(Raw("raw/x.xml", file=str(tmp_path / "x.xml"))))

    assert isinstance(found[0], Imported)


def generated(megabytes: int) -> Iterator[str]:
    """A big export, for measuring by hand: `"".join(generated(100))`."""
    yield export().removesuffix("</channel></rss>\n")
    size, number = 0, 0
    while size < megabytes << 20:
        number += 1
        paragraph = "The harbour loop reopens in <strong>May</strong>, the council said, and nobody knows why. " * 8
        text = item("\n\n".join([paragraph] * 6), post_id=str(number), post_name=f"post-{number}")
        size += len(text)
        yield text
    yield "</channel></rss>\n"


def test_a_generated_export_is_an_export():
    source = "".join(generated(1))

    assert len(articles(source)) == source.count("<item>") > 100
    assert (
        ET.fromstring(source.replace("<dc:", "<wp:").replace("</dc:", "</wp:").replace("content:", "wp:")) is not None
    )


@pytest.mark.parametrize(
    "slug",
    [
        "../../etc/x", "%2e%2e%2fetc%2fpasswd", "/etc/passwd", "C:\\x", "\\\\host\\share", "..", ".", "", "-",
        "\N{GRINNING FACE}", "a\nb\tc", "a\u202eb\u2066c", "con", "NUL", "aux.txt", "com\u00b9", "ends.", "ends ", "x" * 600,
        "\u00e9" * 128, "index", "404", "%00", "%", "a/b", "<script>alert(1)</script>", "日本語",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["post", "page", "../x", "recipe"])
def test_no_slug_or_type_leads_out_of_the_content_folder(slug, kind):
    found = the_article(export(item(post_name=slug, post_type=kind)))
    parts = found.target.split("/")
    dated = kind != "page"
    assert parts[:-1][-3:] == (["2011", "05", "01"] if dated else ["pages"])
    assert len(parts) == {"post": 4, "page": 2}.get(kind, 5)
    assert re.fullmatch(r"[\w-]+", parts[0])
    assert re.fullmatch(r"[\w-]+\.md", parts[-1])
    assert len(parts[-1].encode()) <= 110
    assert not re.fullmatch(r"(?:con|nul|aux|com\d)", parts[-1].removesuffix(".md"))
    assert all(not beside.path.startswith(("/", "..")) for beside in found.beside)


def test_ends_of_lines_and_a_mark_at_the_start_make_no_difference():
    source = export(item("One\n\nTwo\nlines\n\n<pre>a\n  b</pre>\n\n[code]\nx\ny\n[/code]"))
    plain = the_article(source).article
    for other in (source.replace("\n", "\r\n"), source.replace("\n", "\r"), "\ufeff" + source):
        found = the_article(other).article
        assert (found.body, found.front_matter.title) == (plain.body, plain.front_matter.title)


def test_a_script_in_a_title_a_term_or_a_comment_is_text_or_gone():
    evil = "<script>alert(1)</script>"
    term = f'<category domain="post_tag" nicename="x"><![CDATA[a{evil}]]></category>'
    comment = (
        f"<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author><![CDATA[{evil}]]></wp:comment_author>"
        f"<wp:comment_approved>1</wp:comment_approved><wp:comment_content><![CDATA[a {evil} b]]></wp:comment_content></wp:comment>"
    )
    found = the_article(export(item(f"a {evil} b", title=f"T{evil}", more=term + comment)))
    written = json.dumps([found.article.front_matter.title, found.article.front_matter.tags, found.article.body])
    assert "<script" not in written
    assert all(b"<script" not in beside.data for beside in found.beside)
    assert found.report.set_aside[0].reason == "a script"


@pytest.mark.parametrize("mark", ["\ufdd0{}\ufdd1", "&#64976;{}&#64977;"])
def test_an_export_cannot_write_marks_of_its_own(mark):
    call = '[own_call a="b"]'
    body = body_of(f"one {mark.format(0)} two {call}")
    assert (body.count("own_call"), "\ufdd0" in body) == (1, False)
    bare = export(item("X")).replace("<![CDATA[X]]>", f"one {mark.format(0)} two {call}")
    assert the_article(bare).article.body.count("own_call") == 1


def test_comments_without_a_number_of_their_own_are_all_kept():
    comment = (
        "<wp:comment><wp:comment_id>{}</wp:comment_id><wp:comment_approved>1</wp:comment_approved>"
        "<wp:comment_content><![CDATA[{}]]></wp:comment_content></wp:comment>"
    )
    more = "".join(comment.format(number, text) for number, text in (("5", "a"), ("5", "b"), ("", "c"), ("", "d")))
    found = the_article(export(item(more=more)))
    told = json.loads(found.beside[0].data)
    assert sorted(each["content"] for each in told["comments"]) == ["a", "b", "c", "d"]
    assert found.report.losses == ()


def test_two_posts_of_a_year_with_one_slug_get_one_each():
    dates = ("2011-05-01", "2011-05-01", "2011-05-02", "2012-05-01")
    items = [item(post_id=str(number), post_date=f"{date} 10:00:00") for number, date in enumerate(dates, 1)]
    found = articles(export(*items))
    assert [one.target for one in found] == [
        "2011/05/01/a-slug.md", "2011/05/01/a-slug-2.md", "2011/05/02/a-slug-3.md", "2012/05/01/a-slug.md",
    ]  # fmt: skip
    assert [one.article.front_matter.slug for one in found] == ["a-slug", "a-slug-2", "a-slug-3", "a-slug"]


def test_no_folder_gets_full_whatever_order_the_articles_come_in():
    items = [
        item(
            post_id=str(number),
            post_name=f"slug-{number}",
            post_date=f"2011-{number % 12 + 1:02}-{number % 28 + 1:02} 10:00:00",
        )
        for number in range(3_000)
    ]
    targets = {one.target for one in articles(export(*items))}
    assert targets == {one.target for one in articles(export(*reversed(items)))}
    assert len(targets) == 3_000
    assert max(Counter(target.rpartition("/")[0] for target in targets).values()) < 100
