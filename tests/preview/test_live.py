"""A file that is saved is shown, however it was saved, and open pages are told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.conftest import SmallSite
from tests.preview.conftest import Previewed
from tests.preview.running import RunningPreview, until

SECONDS = 10  # it takes a third of one where nothing else is at work


@contextmanager
def listening(previewed: Previewed) -> Iterator[ClientConnection]:
    """An open page, as the server sees it."""
    preview = previewed.preview
    with connect(preview.live_address(preview.token()), origin=preview.url, open_timeout=SECONDS) as page:
        yield page


def is_told(page: ClientConnection, output: str) -> None:
    """The page is told of that output."""
    told = []
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            message = json.loads(page.recv(timeout=max(0.01, end - time.monotonic())))
        except TimeoutError:
            break
        told += message["changed"]
        if output in told:
            return
    raise AssertionError(f"open pages were not told of {output} within {SECONDS} s, only of {told}")


def shows(previewed: Previewed, page: str, text: str) -> None:
    until(
        lambda: text in previewed.preview.ask(page).body,
        SECONDS,
        f"{page} shows {text!r}\n{previewed.preview.stdout}{previewed.preview.stderr}",
    )


def is_gone(previewed: Previewed, page: str) -> None:
    until(
        lambda: previewed.preview.ask(page).status == 404,
        SECONDS,
        f"{page} is gone\n{previewed.preview.stdout}{previewed.preview.stderr}",
    )


@pytest.fixture
def article(previewed: Previewed, request: pytest.FixtureRequest) -> str:
    """An article of this test alone, shown already; its path below content/."""
    name = request.node.name.replace("_", "-")
    previewed.site.add_article(name, "Old words.", title=name)
    shows(previewed, f"/articles/{name}/", "Old words.")
    return name


def test_a_file_saved_in_place_is_shown(previewed: Previewed, article: str) -> None:
    with listening(previewed) as page:
        previewed.site.add_article(article, "New words.", title=article)

        shows(previewed, f"/articles/{article}/", "New words.")
        is_told(page, f"articles/{article}/index.html")


def test_a_file_replaced_as_editors_do_it_is_shown(previewed: Previewed, article: str) -> None:
    file = previewed.site.path(f"content/{article}.md")
    with listening(previewed) as page:
        beside = file.with_name(f".{file.name}.swp")
        beside.write_text(file.read_text("utf-8").replace("Old", "New"), "utf-8")
        beside.replace(file)

        shows(previewed, f"/articles/{article}/", "New words.")
        is_told(page, f"articles/{article}/index.html")


def test_a_file_moved_away_first_as_vim_does_it_is_shown(previewed: Previewed, article: str) -> None:
    file = previewed.site.path(f"content/{article}.md")
    with listening(previewed) as page:
        text = file.read_text("utf-8")
        backup = file.with_name(f"{file.name}~")
        file.rename(backup)
        file.write_text(text.replace("Old", "New"), "utf-8")
        backup.unlink()

        shows(previewed, f"/articles/{article}/", "New words.")
        is_told(page, f"articles/{article}/index.html")


def test_a_new_file_is_shown(previewed: Previewed) -> None:
    with listening(previewed) as page:
        previewed.site.add_article("brand-new", "Never seen before.", title="Brand new")

        shows(previewed, "/articles/brand-new/", "Never seen before.")
        shows(previewed, "/", "Brand new")
        is_told(page, "articles/brand-new/index.html")


def test_a_removed_file_is_shown_no_more(previewed: Previewed, article: str) -> None:
    with listening(previewed) as page:
        previewed.site.remove(f"content/{article}.md")

        is_gone(previewed, f"/articles/{article}/")
        is_told(page, f"articles/{article}/index.html")


def test_a_folder_under_a_new_name_is_followed(previewed: Previewed) -> None:
    previewed.site.add_article("hills/walk", "Up and down.", title="A walk")
    shows(previewed, "/sections/hills/", "A walk")
    with listening(previewed) as page:
        previewed.site.path("content/hills").rename(previewed.site.path("content/mountains"))

        shows(previewed, "/sections/mountains/", "A walk")
        is_gone(previewed, "/sections/hills/")
        is_told(page, "sections/mountains/index.html")


def test_a_file_in_a_new_folder_is_followed(previewed: Previewed) -> None:
    previewed.site.add_article("valley/deep/path", "Version one.", title="Path")
    shows(previewed, "/articles/path/", "Version one.")

    previewed.site.add_article("valley/deep/path", "Version two.", title="Path")

    shows(previewed, "/articles/path/", "Version two.")


def test_a_template_of_the_site_is_followed(previewed: Previewed) -> None:
    previewed.site.write_bytes("templates/404.html", b"Lost, edition two.")

    shows(previewed, "/nowhere/", "Lost, edition two.")


def test_the_first_template_of_a_site_is_followed(site: SmallSite) -> None:
    site.add_article("first", title="First")
    with RunningPreview(site.folder) as preview:
        previewed = Previewed(site, preview.wait_until_it_answers())

        site.write_bytes("templates/404.html", b"Lost, edition one.")

        shows(previewed, "/nowhere/", "Lost, edition one.")


def test_of_many_saves_in_a_row_the_last_is_shown(previewed: Previewed, article: str) -> None:
    for number in range(1, 41):
        previewed.site.add_article(article, f"Draft number {number}.", title=article)
        time.sleep(0.01)

    shows(previewed, f"/articles/{article}/", "Draft number 40.")


def test_many_files_at_once_are_all_shown(site: SmallSite) -> None:
    site.add_article("first", title="First")
    with RunningPreview(site.folder) as preview:
        preview.wait_until_it_answers()

        for number in range(200):
            site.add_article(f"burst-{number}", f"Text {number}.", title=f"Burst {number}")

        until(
            lambda: all(preview.ask(f"/articles/burst-{number}/").status == 200 for number in (0, 99, 199)),
            15,
            "all of 200 new articles are shown",
        )


def test_a_changed_configuration_is_taken_in(site: SmallSite) -> None:
    config = site.path("sitegen.toml")
    good = config.read_text("utf-8")
    with RunningPreview(site.folder) as preview:
        previewed = Previewed(site, preview.wait_until_it_answers())

        config.write_text(good.replace('title = "Test"', 'title = "Another name"'), "utf-8")
        shows(previewed, "/", "<title>Another name</title>")

        config.write_text("[sight]\n", "utf-8")
        until(lambda: 'unknown key "sight"' in preview.stderr, SECONDS, "the mistake is told")
        assert preview.ask("/").status == 200

        config.write_text(good, "utf-8")
        shows(previewed, "/", "<title>Test</title>")


def test_a_draft_is_shown_in_the_preview_alone(previewed: Previewed) -> None:
    assert "Nobody may read this yet." in previewed.preview.ask("/articles/unfinished/").body

    assert "unfinished" not in str(previewed.site.clean_outputs())
