"""One preview for the tests that only ask, one for those that save files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SmallSite
from tests.preview.running import RunningPreview


class Previewed:
    """A small site and its preview."""

    def __init__(self, site: SmallSite, preview: RunningPreview) -> None:
        self.site = site
        self.preview = preview


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    """A small site under preview; each test writes articles of its own."""
    site = SmallSite(tmp_path_factory.mktemp("preview") / "site")
    site.write(
        """
        == content/first.md ==
        ---
        title: First
        ---
        The first text.
        == content/unfinished.md ==
        ---
        title: Unfinished
        draft: true
        ---
        Nobody may read this yet.
        == templates/404.html ==
        <main>Lost, edition one.</main>
        """
    )
    outside(site).write_text("a file beside the site", "utf-8")
    with RunningPreview(site.folder) as preview:
        yield Previewed(site, preview.wait_until_it_answers())


def outside(site: SmallSite) -> Path:
    """A file next to the site's folder."""
    return site.folder.parent / "secret.txt"
