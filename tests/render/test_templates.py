"""Templates that never end: each page has its time, and the rest need not wait."""

from pathlib import Path

import pytest

from sitegen.limits import interruptible
from sitegen.model import SiteError
from sitegen.render.settings import RenderSettings, SiteView
from sitegen.render.templates import Templates
from sitegen.theme import default_theme

_LOOP = "{% for _ in range(10 ** 5) %}{% for _ in range(10 ** 5) %}{% endfor %}{% endfor %}"


def test_a_template_that_uses_up_its_time_for_three_pages_in_a_row_is_drawn_no_more(tmp_path: Path) -> None:
    (tmp_path / "loop.html").write_text(
        "{{ begun.append(page) or '' }}{% if is_slow %}" + _LOOP + "{% endif %}", "utf-8"
    )
    site = SiteView("T", "", "https://test.example/", "en", "ltr", "", ())
    folders = (str(tmp_path), str(default_theme()))
    templates = Templates(RenderSettings(site, folders, "/nowhere", "content", seconds_per_article=0.2))
    begun: list[int] = []
    with interruptible():
        assert templates.render("loop.html", "en", {"begun": begun, "page": 0, "is_slow": False}) == ""
        for page in range(1, 6):
            if page == 3:  # one that is in time: counted anew
                templates.render("loop.html", "en", {"begun": begun, "page": page, "is_slow": False})
            with pytest.raises(SiteError) as caught:
                templates.render("loop.html", "en", {"begun": begun, "page": page, "is_slow": True}, "a page")
            assert caught.value.problem.code == "time"
            assert "0.2 s to draw (shown for a page)" in caught.value.problem.message
        with pytest.raises(SiteError, match="to draw"):
            templates.render("loop.html", "en", {"begun": begun, "page": 6, "is_slow": False}, "a page")
    assert begun == [0, 1, 2, 3, 3, 4, 5]
