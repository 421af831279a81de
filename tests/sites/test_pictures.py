"""Pictures in whole small sites: their sizes, their renditions, and what becomes of broken ones."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from sitegen.commands.build import build
from sitegen.commands.trees import site_tree
from sitegen.model import Severity
from tests.conftest import SmallSite
from tests.content.test_pictures import bomb, exif, photo

ARTICLE = '---\ntitle: A\n---\n\n![One](a.jpg)\n\nText. ![Two](a%20b.png "t")\n\n![Far](https://else.example/x.jpg)\n'
CONFIG = """
    == sitegen.toml ==
    [site]
    url = "https://test.example/"
    [build]
    workers = %d
    [images]
    widths = [64, 100]
    %s
    """


@pytest.fixture
def pictures(site: SmallSite) -> SmallSite:
    site.write(CONFIG % (1, ""))
    site.write_bytes("content/a.md", ARTICLE.encode())
    site.write_bytes("content/a.jpg", photo(300, 200, exif=exif(6)))
    site.write_bytes("content/a b.png", photo(80, 40, "PNG"))
    return site


def page(site: SmallSite) -> str:
    return site.read("articles/a/index.html")


def test_pictures_have_sizes_and_renditions(pictures: SmallSite) -> None:
    report = pictures.build()
    assert report.problems == []
    html = page(pictures)
    assert (
        '<picture><source type="image/avif" srcset="../../media/a.jpg.64.avif 64w, ../../media/a.jpg.100.avif 100w"'
        in html
    )
    assert (
        '<source type="image/webp" srcset="../../media/a%20b.png.64.webp 64w, ../../media/a%20b.png.80.webp 80w"'
        in html
    )
    first, second, far = re.findall(r"<img[^>]*>", html)
    assert 'src="../../media/a.jpg"' in first and 'width="200" height="300"' in first and "lazy" not in first
    assert 'width="80" height="40"' in second and 'loading="lazy"' in second and 'decoding="async"' in second
    assert 'loading="lazy"' in far and "width" not in far
    for name, size in (("a.jpg.64.avif", (64, 96)), ("a.jpg.100.webp", (100, 150)), ("a b.png.80.webp", (80, 40))):
        with Image.open(pictures.path(f"output/media/{name}")) as made:
            assert made.size == size
            assert not made.getexif()


def test_a_picture_that_is_shown_small_asks_for_a_small_rendition(pictures: SmallSite) -> None:
    pictures.write_bytes("content/a.md", b'---\ntitle: A\n---\n\n<img src="a.jpg" alt="" width="40">\n')
    pictures.build()
    assert 'sizes="min(40px, 100vw)"' in page(pictures)
    assert 'width="40"' in page(pictures) and 'height="60"' in page(pictures)


def test_every_file_that_a_page_names_is_there(pictures: SmallSite) -> None:
    pictures.build()
    named = re.findall(r"\.\./\.\./(media/[^\s\"]+)", page(pictures))
    assert len(named) == 10
    assert {name.replace("%20", " ") for name in named} <= set(pictures.outputs())


def test_no_page_tells_where_a_picture_was_taken(pictures: SmallSite) -> None:
    pictures.build()
    with Image.open(pictures.path("output/media/a.jpg")) as shown, Image.open(pictures.path("content/a.jpg")) as kept:
        assert 0x8825 not in shown.getexif()
        assert 0x8825 in kept.getexif()
        assert shown.tobytes() == kept.tobytes()


def test_a_clean_build_gives_what_many_builds_and_many_workers_give(
    pictures: SmallSite, new_site: Callable[[str], SmallSite]
) -> None:
    pictures.build()
    pictures.write_bytes("content/a.jpg", photo(120, 200))
    report = pictures.build()
    assert {"articles/a/index.html", "media/a.jpg", "media/a.jpg.64.avif"} <= set(report.written)
    assert "media/a b.png.64.webp" not in report.written
    assert pictures.outputs() == pictures.clean_outputs()
    other = new_site("other")
    other.write(CONFIG % (2, ""))
    for name in ("a.md", "a.jpg", "a b.png"):
        other.write_bytes(f"content/{name}", pictures.path(f"content/{name}").read_bytes())
    build(other.site, site_tree(other.site))
    assert other.outputs() == pictures.outputs()
    assert pictures.build().written == []


def test_renditions_are_made_once(pictures: SmallSite) -> None:
    pictures.build()
    kept = sorted(pictures.path(".sitegen/pictures").rglob("*.*"))
    assert len(kept) == 8
    times = [file.stat().st_mtime_ns for file in kept]
    pictures.write_bytes("content/other/c.jpg", pictures.path("content/a.jpg").read_bytes())
    pictures.build()
    assert [file.stat().st_mtime_ns for file in kept] == times
    assert "media/other/c.jpg.64.webp" in pictures.outputs()


def test_renditions_that_nobody_wants_any_more_are_gone(pictures: SmallSite) -> None:
    pictures.build()
    pictures.write(CONFIG % (1, "renditions = false"))
    report = pictures.build()
    assert "media/a.jpg.64.avif" in report.removed_paths
    assert "<picture>" not in page(pictures)
    assert 'width="200" height="300"' in page(pictures)
    pictures.write_bytes("content/a.md", b"---\ntitle: A\n---\nText.\n")
    pictures.remove("content/a.jpg")
    assert "media/a.jpg" in pictures.build().removed_paths


def test_a_broken_picture_is_a_problem_and_shown_as_it_is(pictures: SmallSite) -> None:
    broken = photo(300, 200)[:2000]
    pictures.write_bytes("content/a.jpg", broken)
    (problem,) = pictures.build().problems
    assert (problem.code, problem.severity, problem.location.path) == ("picture", Severity.WARNING, "content/a.jpg")
    assert pictures.path("output/media/a.jpg").read_bytes() == broken
    assert "a.jpg.64" not in page(pictures)
    pictures.write_bytes("content/a.jpg", photo(300, 200))
    assert pictures.build().problems == []
    assert "a.jpg.64" in page(pictures)


def test_a_bomb_is_refused(pictures: SmallSite) -> None:
    pictures.write_bytes("content/a.jpg", bomb(60_000, 60_000))
    codes = {problem.code: problem.severity for problem in pictures.build().problems}
    assert codes == {"picture": Severity.ERROR, "broken-link": Severity.WARNING}
    assert not pictures.path("output/media/a.jpg").exists()


def test_films_and_drawings_stay_one_file(site: SmallSite) -> None:
    frames = [Image.new("RGB", (90, 60), colour) for colour in ("red", "blue")]
    site.path("content").mkdir(parents=True)
    frames[0].save(site.path("content/a.gif"), save_all=True, append_images=frames[1:])
    site.write_bytes(
        "content/a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="6"><script>alert(1)</script></svg>'
    )
    site.write_bytes("content/a.md", b'---\ntitle: A\n---\n![](a.gif)\n\n<img src="a.svg" alt="" width="90">\n')
    assert site.build().problems == []
    html = page(site)
    assert '<img alt="" src="../../media/a.gif" decoding="async" width="90" height="60">' in html.replace(" />", ">")
    assert 'width="90"' in html and 'height="60"' in html and "<picture>" not in html
    assert site.path("output/media/a.gif").read_bytes() == site.path("content/a.gif").read_bytes()
    assert b"script" not in site.path("output/media/a.svg").read_bytes()
    assert {name for name in site.outputs() if name.startswith("media/")} == {"media/a.gif", "media/a.svg"}


@pytest.mark.parametrize("images", ["widths = []", "widths = [1]", 'formats = ["jpeg"]', "webp_quality = 0"])
def test_a_table_that_makes_no_sense_is_refused(images: str) -> None:
    from sitegen.config import parse_config
    from sitegen.model import SiteError

    with pytest.raises(SiteError):
        parse_config(f"[images]\n{images}\n")


def test_pictures_of_many_kinds_of_colour_have_renditions(site: SmallSite) -> None:
    site.write(CONFIG % (1, ""))
    site.path("content").mkdir(parents=True)
    body = ""
    for mode in ("1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16", "I", "F"):
        kind = "tiff" if mode in ("CMYK", "PA", "I;16", "I", "F") else "png"
        if mode == "PA":
            continue
        name = f"{mode.replace(';', '')}.{kind}"
        Image.new(mode, (90, 60)).save(site.path(f"content/{name}"))
        body += f"![]({name})\n\n"
    site.write_bytes("content/a.md", b"---\ntitle: A\n---\n" + body.encode())
    assert site.build().problems == []
    assert Path(site.path("output/media/CMYK.tiff.64.avif")).exists()


def test_the_picture_of_an_article_leads_it_unless_its_text_shows_it(pictures: SmallSite) -> None:
    pictures.write_bytes("content/a.md", b"---\ntitle: A\nimage: a.jpg\n---\n\nText.\n")
    pictures.write_bytes("content/b.md", b"---\ntitle: B\nimage: a.jpg\n---\n\n![One](a-300x200.jpg)\n")
    pictures.write_bytes("content/a-300x200.jpg", photo(150, 100))
    pictures.write_bytes("content/c.md", b"---\ntitle: C\nimage: lost.jpg\n---\n\nText.\n")
    (problem,) = pictures.build().problems
    assert (problem.code, problem.location.path) == ("broken-link", "content/c.md")
    html = page(pictures)
    assert '<figure class="lead"><picture>' in html
    assert '<img alt="" src="../../media/a.jpg"' in html
    assert '<meta property="og:image" content="https://test.example/media/a.jpg">' in html
    assert '"image":["https://test.example/media/a.jpg"]' in html.replace(": ", ":")
    other = pictures.read("articles/b/index.html")
    assert "lead" not in re.findall(r'class="([^"]*)"', other)
    assert "og:image" in other
    assert pictures.outputs() == pictures.clean_outputs()
