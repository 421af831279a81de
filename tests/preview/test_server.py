"""What the preview server answers, and to whom."""

import socket

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.conftest import SmallSite
from tests.preview.conftest import Previewed

SEARCH = '<script src="../assets/search.js"'  # the only script that belongs to a page
# Words of files that a request must never reach: sitegen.toml, the file beside the site, /etc/passwd, the state.
SECRETS = ("[site]", "a file beside the site", "root:", "SQLite format", "sitegen-manifest")


def test_a_page_is_shown(previewed: Previewed) -> None:
    answer = previewed.preview.ask("/articles/first/")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "The first text." in answer.body


def test_a_page_is_asked_for_anew_each_time(previewed: Previewed) -> None:
    assert previewed.preview.ask("/").headers["cache-control"] == "no-store"


def test_a_style_sheet_is_shown_as_one(previewed: Previewed) -> None:
    answer = previewed.preview.ask("/assets/site.css")

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_the_way_to_a_folder_ends_with_a_slash(previewed: Previewed) -> None:
    answer = previewed.preview.ask("/articles/first")

    assert 300 <= answer.status < 400
    assert answer.headers["location"] == "/articles/first/"


def test_a_page_that_is_not_there_gets_the_sites_own_words(previewed: Previewed) -> None:
    answer = previewed.preview.ask("/nothing/here/")

    assert answer.status == 404
    assert "<main" in answer.body


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST:80"])
def test_names_of_this_machine_are_answered(previewed: Previewed, host: str) -> None:
    assert previewed.preview.ask("/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1@evil.example"],
)
@pytest.mark.parametrize("target", ["/", "/__sitegen/client.js"])
def test_a_foreign_name_that_leads_here_is_refused(previewed: Previewed, host: str, target: str) -> None:
    answer = previewed.preview.ask(target, host=host)

    assert answer.status == 403
    assert "The first text." not in answer.body
    assert "data-token" not in answer.body


@pytest.mark.parametrize(
    "target",
    [
        "/../sitegen.toml",
        "/../../sitegen.toml",
        "/../../../sitegen.toml",
        "/articles/../../../../sitegen.toml",
        "/..%2f..%2f..%2fsitegen.toml",
        "/%2e%2e/sitegen.toml",
        "/%2e%2e/%2e%2e/%2e%2e/sitegen.toml",
        "/%252e%252e/%252e%252e/sitegen.toml",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        "/..%5c..%5c..%5csitegen.toml",
        "/..\\..\\..\\sitegen.toml",
        "/%c0%ae%c0%ae/sitegen.toml",
        "//etc/passwd",
        "///etc/passwd",
        "/%2fetc/passwd",
        "/%2fetc%2fpasswd",
        "/file:///etc/passwd",
        "/C:/windows/win.ini",
        "/C:%5cwindows%5cwin.ini",
        "/sitegen.toml",
        "/.sitegen/preview/record.sqlite",
        "/record.sqlite",
        "/manifest.txt",
        "/%00",
        "/index.html%00.css",
        "/%",
        "/%zz",
        "/%e9%ff",
        "/__sitegen/../../../sitegen.toml",
        "/__sitegen/client.js/../../../../sitegen.toml",
        "/" + "a" * 10_000,
        "/" + "a/" * 5_000,
        "/" + "%2e%2e/" * 1_500 + "etc/passwd",
    ],
    ids=lambda target: target[:48],
)
def test_no_request_reaches_a_file_outside_the_built_pages(previewed: Previewed, target: str) -> None:
    answer = previewed.preview.ask(target)

    assert answer.status in (400, 404)
    assert not [secret for secret in SECRETS if secret in answer.body]


def test_a_raw_nul_in_a_request_is_refused(previewed: Previewed) -> None:
    answer = previewed.preview.ask("/index.html\0.css")

    assert answer.status == 400


def test_a_request_of_64_kb_is_refused_and_the_next_one_answered(previewed: Previewed) -> None:
    answer = previewed.preview.ask("/" + "a" * 65_536)

    assert 400 <= answer.status < 500
    assert previewed.preview.ask("/").status == 200


def test_a_page_of_this_preview_may_listen(previewed: Previewed) -> None:
    preview = previewed.preview

    with connect(preview.live_address(preview.token()), origin=preview.url, open_timeout=5) as listening:
        assert listening.response.status_code == 101


@pytest.mark.parametrize("token", ["", "wrong", "%00"])
def test_nobody_listens_without_the_token(previewed: Previewed, token: str) -> None:
    preview = previewed.preview

    with pytest.raises(InvalidStatus) as refusal:
        connect(preview.live_address(token), origin=preview.url, open_timeout=5)

    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://localhost:1", "http://127.0.0.1.evil.example"]
)
def test_no_page_of_another_site_listens(previewed: Previewed, origin: str | None) -> None:
    preview = previewed.preview

    with pytest.raises(InvalidStatus) as refusal:
        connect(preview.live_address(preview.token()), origin=origin, open_timeout=5)

    assert refusal.value.response.status_code == 403


def test_nobody_listens_under_a_foreign_name(previewed: Previewed) -> None:
    preview = previewed.preview

    name = f"evil.example:{preview.port}"
    address = f"ws://{name}/__sitegen/live?token={preview.token()}"

    with (
        socket.create_connection(("127.0.0.1", preview.port), timeout=5) as connection,
        pytest.raises(InvalidStatus) as refusal,
    ):
        connect(address, sock=connection, origin=f"http://{name}", open_timeout=5)

    assert refusal.value.response.status_code == 403


def test_a_built_site_has_nothing_of_the_preview(site: SmallSite) -> None:
    site.add_article("first", title="First")
    site.build()

    pages = [file.read_text("utf-8") for file in site.path("output").rglob("*.html")]

    assert pages
    assert not [page for page in pages if "__sitegen" in page or "<script src" in page.replace(SEARCH, "")]
