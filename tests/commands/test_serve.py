"""`sitegen serve`: its port, its words, its end."""

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.conftest import SmallSite
from tests.preview.running import RunningPreview, free_port, until


@pytest.fixture
def small_site(site: SmallSite) -> SmallSite:
    """A site with one article."""
    site.add_article("first", "The first text.", title="First")
    return site


def test_the_port_that_was_asked_for_is_taken(small_site: SmallSite) -> None:
    port = free_port()

    with RunningPreview(small_site.folder, "--port", str(port)) as preview:
        preview.wait_until_it_answers()

        assert preview.port == port
        assert preview.ask("/").status == 200


def test_the_address_is_told_at_once_through_a_pipe(small_site: SmallSite) -> None:
    with RunningPreview(small_site.folder, is_buffered=True) as preview:
        until(lambda: preview.port, 10, "the address stands in the pipe before the preview ends")


def test_a_taken_port_is_a_problem_with_a_hint(small_site: SmallSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with RunningPreview(small_site.folder, "--port", str(port)) as preview:
            code = preview.wait_for_end(20)

    assert code == 2
    assert f"127.0.0.1:{port}: error: can't be listened on" in preview.stderr
    assert "--port" in preview.stderr
    assert "Traceback" not in preview.stderr
    assert preview.stdout == ""


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_cannot_be_is_a_problem(small_site: SmallSite, port: str) -> None:
    with RunningPreview(small_site.folder, f"--port={port}") as preview:
        code = preview.wait_for_end(20)

    assert code == 2
    assert "Traceback" not in preview.stderr


def test_the_next_port_is_taken_when_8000_is_not_free(small_site: SmallSite) -> None:
    with socket.socket() as other:
        with contextlib.suppress(OSError):  # somebody else has it: as good
            other.bind(("127.0.0.1", 8000))
            other.listen()
        with RunningPreview(small_site.folder, "--host", "127.0.0.1") as preview:
            preview.wait_until_it_answers()

            assert 8001 <= preview.port <= 8009
            assert "The first text." in preview.ask("/articles/first/").body


def test_a_preview_that_still_builds_has_its_port_already(
    small_site: SmallSite, new_site: Callable[[str], SmallSite]
) -> None:
    slow = new_site("slow")
    # Longer than any test lasts.
    slow.write(
        """
        == templates/home.html ==
        {% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}
        """
    )
    port = str(free_port())
    with RunningPreview(slow.folder, "--port", port) as first:
        building = slow.path(".sitegen/preview/record.sqlite")
        until(lambda: building.exists() or first.is_over, 20, "the first preview builds")
        with RunningPreview(small_site.folder, "--port", port) as second:
            until(lambda: second.is_over or second.port, 20, "the second preview starts, or gives up")

            assert second.port == 0
            assert second.wait_for_end(5) == 2
            assert f"127.0.0.1:{port}: error: can't be listened on" in second.stderr


def test_ctrl_c_ends_it_cleanly(small_site: SmallSite) -> None:
    with RunningPreview(small_site.folder) as preview:
        preview.wait_until_it_answers()

        preview.interrupt()

        assert preview.wait_for_end(3) == 0
    assert "Traceback" not in preview.stderr
    assert preview.stderr == "stopped\n"


def test_ctrl_c_ends_it_while_pages_are_open(small_site: SmallSite) -> None:
    with RunningPreview(small_site.folder) as preview:
        preview.wait_until_it_answers()
        with connect(preview.live_address(preview.token()), origin=preview.url, open_timeout=5):
            preview.interrupt()

            assert preview.wait_for_end(3) == 0
    assert "Traceback" not in preview.stderr


def test_the_port_is_free_again_at_once(small_site: SmallSite) -> None:
    with RunningPreview(small_site.folder) as preview:
        port = preview.wait_until_it_answers().port
        preview.interrupt()
        preview.wait_for_end(3)

    with RunningPreview(small_site.folder, "--port", str(port)) as preview:
        assert preview.wait_until_it_answers().port == port


def test_a_preview_for_others_says_so(small_site: SmallSite) -> None:
    with RunningPreview(small_site.folder, "--host", "0.0.0.0", "--port", "0") as preview:
        preview.wait_until_it_answers()

        until(lambda: "drafts included" in preview.stderr, 5, "a warning that others can see the preview")
        assert preview.ask("/").status == 200
        assert preview.ask("/", host="evil.example").status == 403


def test_a_site_below_a_path_is_shown_there(small_site: SmallSite) -> None:
    small_site.write(
        """
        == sitegen.toml ==
        [site]
        title = "Test"
        url = "https://test.example/archive/"
        """
    )
    with RunningPreview(small_site.folder) as preview:
        preview.wait_until_it_answers()

        assert preview.ask("/").headers["location"] == "/archive/"
        assert "The first text." in preview.ask("/archive/articles/first/").body
        assert preview.ask("/articles/first/").status == 404
        assert preview.ask("/archive/articles/first").headers["location"] == "/archive/articles/first/"


def test_a_site_with_a_problem_is_previewed_all_the_same(small_site: SmallSite) -> None:
    small_site.add_article("broken", "Text.", title="Broken", date="yesterday")

    with RunningPreview(small_site.folder) as preview:
        preview.wait_until_it_answers()

        assert "content/broken.md:3" in preview.stderr
        assert preview.ask("/articles/first/").status == 200
        assert not small_site.path("output").exists()


def test_a_folder_without_a_site_cannot_be_previewed(tmp_path: Path) -> None:
    with RunningPreview(tmp_path) as preview:
        assert preview.wait_for_end(20) == 2
    assert "no sitegen.toml here" in preview.stderr
