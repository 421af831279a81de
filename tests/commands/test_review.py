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
