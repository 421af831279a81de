from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers import media
from sitegen.importers.media import MediaPlaces, host_of, is_media_name, localize, media_path, original_of, upload_path
from sitegen.importers.media_types import fits, media_type
from sitegen.model import Article, FrontMatter, Source

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def article(body: str, url: str = "https://old.example/2019/05/bac/", image: str = "") -> Article:
    return Article(FrontMatter(title="T", image=image, source=Source("x", "x", "", url)), body)


def put(folder: Path, *names: str, data: bytes = JPEG) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def settled(tmp_path: Path, body: str, url: str = "https://old.example/2019/05/bac/") -> str:
    places = MediaPlaces(str(tmp_path / "content"), str(tmp_path / "uploads"))
    return localize(article(body, url), "2019/bac.md", places).article.body


@pytest.mark.parametrize(
    "address",
    [
        "https://old.example/wp-content/uploads/2019/05/x.jpg",
        "http://www.old.example/blog/wp-content/uploads/2019/05/x.jpg?w=300",
        "//old.example/wp-content/uploads/2019/05/x.jpg",
        "/wp-content/uploads/2019/05/x.jpg",
        "/wp-content/uploads/sites/3/2019/05/x.jpg",
        "https://i0.wp.com/old.example/wp-content/uploads/2019/05/x.jpg?resize=300",
        "https://old.files.wordpress.com/2019/05/x.jpg",
        "https://old.example/wp-content/uploads/2019/05/x-300x200.jpg",
        "https://old.example/2019/05/x.jpg",
    ],
)
def test_what_was_uploaded_is_found_in_a_copy(tmp_path: Path, address: str) -> None:
    put(tmp_path / "uploads", "2019/05/x.jpg")
    assert settled(tmp_path, f"![a]({address})") == "![a](../files/2019/05/x.jpg)"


def test_the_size_that_is_asked_for_comes_first_then_the_original_then_the_largest(tmp_path: Path) -> None:
    put(
        tmp_path / "uploads",
        "a/x-300x200.jpg",
        "a/x.jpg",
        "a/y-150x150.jpg",
        "a/y-1024x768.jpg",
        "a/yy-2000x2000.jpg",
        "a/z-scaled.jpg",
    )
    body = "".join(f"![](/wp-content/uploads/a/{name})" for name in ("x-300x200.jpg", "x-9x9.jpg", "y.jpg", "z.jpg"))
    names = ("x-300x200.jpg", "x.jpg", "y-1024x768.jpg", "z-scaled.jpg")
    assert settled(tmp_path, body) == "".join(f"![](../files/a/{name})" for name in names)


def test_pictures_of_other_sites_are_not_taken_for_those_of_this_one(tmp_path: Path) -> None:
    put(tmp_path / "uploads", "2019/05/x.jpg")
    body = "![](https://other.example/wp-content/uploads/2019/05/x.jpg)"
    assert settled(tmp_path, body) == body
    assert settled(tmp_path, body, url="") == "![](../files/2019/05/x.jpg)"


def test_a_copy_of_all_that_a_site_served_will_do(tmp_path: Path) -> None:
    put(tmp_path / "uploads", "images/x.jpg")
    assert settled(tmp_path, "![](/images/x.jpg)") == "![](../files/images/x.jpg)"


@pytest.mark.parametrize("name", ["x.php", "x.html", "x.jpg"])
def test_what_is_no_medium_is_not_taken_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    put(tmp_path / "uploads", f"a/{name}", data=b"<html><script>alert(1)</script>")
    body = f"![](/wp-content/uploads/a/{name})"
    assert settled(tmp_path, body) == body


def test_no_path_leads_out_of_the_folders(tmp_path: Path) -> None:
    put(tmp_path, "secret.jpg", "in/posts/a.md")
    (tmp_path / "in/posts/link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "in/posts/folder").symlink_to(tmp_path)
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads/folder").symlink_to(tmp_path)
    places = MediaPlaces(str(tmp_path / "content"), str(tmp_path / "uploads"), str(tmp_path / "in"), "posts/a.md")
    for address in (
        "../../secret.jpg",
        "..%2f..%2fsecret.jpg",
        "link.jpg",
        "folder/secret.jpg",
        "/folder/secret.jpg",
        "/wp-content/uploads/../secret.jpg",
        "file:///etc/passwd",
    ):
        assert localize(article(f"![]({address})", ""), "posts/a.md", places).found == ()


def test_pictures_beside_a_raw_file_stay_beside_the_article(tmp_path: Path) -> None:
    put(tmp_path / "in", "posts/trip/img/x.jpg", "posts/trip/cover.jpg", "Page_files/y.jpg")
    places = MediaPlaces(str(tmp_path / "content"), "", str(tmp_path / "in"), "posts/trip/index.md")
    made = localize(article("![](img/x.jpg)", "", "cover.jpg"), "posts/trip/index.md", places)
    assert [medium.path for medium in made.found] == ["posts/trip/img/x.jpg", "posts/trip/cover.jpg"]
    assert made.article.body == "![](img/x.jpg)"
    saved = MediaPlaces(str(tmp_path / "content"), "", str(tmp_path / "in"), "Page.html")
    page = localize(article("![](https://old.example/2019/Page_files/y.jpg)"), "Page.html.md", saved)
    assert page.article.body == "![](Page_files/y.jpg)"


def test_the_image_of_an_article_is_a_file_too_and_links_to_pages_stay(tmp_path: Path) -> None:
    put(tmp_path / "uploads", "a/x.jpg", "a/page")
    places = MediaPlaces(str(tmp_path / "content"), str(tmp_path / "uploads"))
    body = "[a](https://old.example/a/page) [b](https://old.example/about/)"
    made = localize(article(body, image="/wp-content/uploads/a/x.jpg"), "b.md", places)
    assert made.article.front_matter.image == "files/a/x.jpg"
    assert (made.article.body, made.missing) == (body, ())


def test_what_is_missing_is_told_with_its_whole_address(tmp_path: Path) -> None:
    made = localize(
        article("![](img/x.jpg) [d](/doc.pdf) [e](https://else.example/doc.pdf) ![](https://else.example/y)"),
        "a.md",
        MediaPlaces(str(tmp_path)),
    )
    assert [reference.address for reference in made.missing] == [
        "https://old.example/2019/05/bac/img/x.jpg", "https://old.example/doc.pdf", "https://else.example/y"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://www.a.example/b/c.jpg", "files/www.a.example/b/c.jpg"),
        ("https://a.example/b/c.jpg?v=1", "files/a.example/b/c-6ffbeed9.jpg"),
        ("https://a.example/../../etc/passwd", "files/a.example/etc/passwd"),
        ("https://a.example/%2e%2e/%2e%2e/x", "files/a.example/x"),
        ("https://a.example/.htaccess", "files/a.example/htaccess"),
        ("https://a.example/a\\..\\b/c%00d.jpg", "files/a.example/a/b/c-d.jpg"),
        ("https://a.example/", "files/a.example/index"),
        ("https://a.example:8080/wp-content/uploads/2019/x%20y.jpg", "files/2019/x-y.jpg"),
    ],
)
def test_a_file_is_kept_under_its_address(address: str, path: str) -> None:
    found = media_path(address)
    assert found == path if "?" not in address else found.startswith("files/a.example/b/c-")


@given(st.text())
def test_no_address_leads_out_of_the_folder(text: str) -> None:
    parts = media_path("https://a.example/" + text.replace("?", "").replace("[", "")).split("/")
    assert parts[0] == "files"
    assert not {"", ".", ".."} & set(parts)
    assert all(len(part.encode()) <= 130 and not part.startswith(".") for part in parts)


def test_addresses_are_understood() -> None:
    assert original_of("https://a.example/x-300x200.jpg?q") == "https://a.example/x.jpg"
    assert original_of("https://a.example/x.jpg") == ""
    assert host_of("https://i2.wp.com/www.a.example/x.jpg") == "a.example"
    assert upload_path("https://a.example/x.jpg") == ""


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"), (b"\0\0\0\x20ftypavif", "image/avif"), (b"ID3\x04", "audio/mpeg"),
        (b"\0\0\0\x20ftypisom", "video/mp4"), (b"OggS", "audio/ogg"), (b"%PDF-1.4", "application/pdf"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='", "image/svg+xml"), (b"<svg\n", "image/svg+xml"),
        (b"<!doctype html><svg>", ""), (b"", ""), (b"PK\x03\x04", ""), (b"#!/bin/sh", ""), (b"MZ\x90\0", ""),
    ],
)  # fmt: skip
def test_bytes_say_what_a_file_is(head: bytes, kind: str) -> None:
    assert media_type(head) == kind


def test_a_name_fits_what_a_host_serves_it_as() -> None:
    assert fits("a.JPEG", "image/jpeg")
    assert fits("a.jpg", "image/webp")
    assert not fits("a.jpg", "image/svg+xml")
    assert not fits("a.php", "image/jpeg")
    assert not fits("a.html", "application/pdf")


_ADDRESSES = st.lists(
    st.sampled_from(
        ["https://", "HTTP://", "//", "a.example", ":80", "/", "x.jpg", ".PNG", "?", "#", ";", "..", "%20", "\t", "é", "[", "&", "b.docx"]
    )
).map("".join)  # fmt: skip


@given(_ADDRESSES)
def test_a_medium_is_known_by_the_end_of_its_path(address: str) -> None:
    try:
        suffix = PurePosixPath(urlsplit(address).path.lower()).suffix
    except ValueError:
        return
    assert is_media_name(address) == (suffix in {".jpg", ".png", ".docx"})


@given(_ADDRESSES)
def test_an_address_that_is_whole_already_stays_as_it_is(address: str) -> None:
    if media._WHOLE.fullmatch(address):
        assert urljoin("https://other.example/2011/x/", address) == address
