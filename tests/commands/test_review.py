from sitegen.commands.importing import import_sources
from sitegen.commands.review import write_review
from tests.conftest import SmallSite


def review(site: SmallSite) -> str:
    import_sources(site.site, [site.path("in")])
    return write_review(site.site, {"in": site.path("in")}).read_text("utf-8")


def test_doubtful_articles_come_first_with_raw_and_result(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", b"A clear title\n\nA first sentence.And a second one here.\n\nPlaces\n")
    site.write_bytes("in/b.txt", b"This one has no title at all, only a sentence that ends with a full stop.\n")
    page = review(site)
    assert page.index("in/b.txt") < page.index("in/a.txt")
    assert "sentence.And" in page and "sentence. And" in page
    assert "no title line; the first words of the text" in page


def test_unknown_shortcodes_are_counted_with_their_files(site: SmallSite) -> None:
    site.write_bytes(
        "in/a.txt", b'A title\n\nSome text here.\n\n[weather n="1"]\n\n[weather n="2"]\n\nThe end of it.\n'
    )
    page = review(site)
    assert "<code>[weather]</code></td><td>2</td><td>in/a.txt:5, in/a.txt:7" in page


def test_nothing_of_a_raw_article_runs_in_the_review(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", b"A <script>alert(1)</script> title\n\n<img src=x onerror=alert(2)> and some text.\n")
    page = review(site)
    assert "<script" not in page
    assert "<img" not in page


def test_mends_and_what_is_set_aside_are_marked_on_their_lines(site: SmallSite) -> None:
    site.write_bytes(
        "in/a.txt", b"A clear title\n\nA first sentence.And a second one &amp; more.\n\nShare on Facebook\n\nPlaces\n"
    )
    page = review(site)
    assert 'A first <mark title="glued-sentence: sentence. And">sentence.And</mark> a second one ' in page
    assert '<mark title="entity: &amp;">&amp;amp;</mark> more.' in page
    assert '<li class="aside"><span>5</span><span class="text">Share on Facebook</span>' in page
    assert "set aside: <bdi>a share button</bdi>" in page


def test_articles_are_shown_in_their_direction_and_problems_in_a_table(site: SmallSite) -> None:
    site.write_bytes(
        "in/a.txt",
        "سوق السمك يفتح من جديد\n\nعاد الباعة إلى السوق بعد أن كان في الميناء، وقال رئيسهم إن هذا خبر جيد.\n".encode(),
    )
    site.write_bytes("in/bad.txt", b"\0\1\2")
    page = review(site)
    assert '<ol class="raw" dir="rtl">' in page
    assert "in/bad.txt</td>" in page and "not text in any encoding" in page


def test_a_site_without_imports_has_a_page_too(site: SmallSite) -> None:
    assert "Nothing was imported yet." in write_review(site.site, {}).read_text("utf-8")
