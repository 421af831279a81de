"""Exports of WordPress that several processes take in: as one would, killed, interrupted, with a worker that dies."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.importing import import_sources
from tests.conftest import SmallSite
from tests.importers.wordpress.test_export import comment, export, item, meta, picture, poll_post
from tests.sites.test_imports import articles, articles_so_far, reports, sitegen

_WORKERS = "== sitegen.toml ==\n[build]\nworkers = 2\n"
_DEADLY = """
import os, signal, sys
from sitegen.cli import main
from sitegen.importers.wordpress.body import Body

def deadly(self, markdown=Body.markdown):
    if "Text 30 " in self._item.content:
        os.kill(os.getpid(), signal.SIGKILL)
    return markdown(self)

Body.markdown = deadly
sys.exit(main(sys.argv[1:]))
"""
_HOME = "<wp:base_blog_url>https://a.example</wp:base_blog_url>"
_LEFT_OUT = comment("5", approved="spam") + comment("6", approved="0") + comment("7", content="<b>Well</b>")


def post(number: int) -> str:
    """A post: every tenth has the name of the one before, every seventh a call that nobody knows, and more."""
    content = f"<p>Text {number} &amp; more.</p>"
    if number % 7 == 0:
        content += " [weather town=»x»]"
    if number % 9 == 0:
        content += f'<img class="wp-image-9{number}" src="https://a.example/x.jpg">'
    if number in (11, 12):
        content += f'\n\n[expert_review_poll id="33{number % 10}"]'
    if number == 20:
        content += '<!-- wp:block {"ref":900} /-->'
    more = _LEFT_OUT if number % 8 == 0 else ""
    more += meta("_thumbnail_id", "99") + meta("mood", f"mood {number}")
    name = f"post-{number - (number % 10 == 0)}"
    return item(content, more, title=f"Post {number}", post_id=str(number), post_name=name)


def parts(count: int) -> tuple[str, str]:
    """An export in two parts that share a few posts; polls, pictures and blocks stand in the other part."""
    posts = [post(number) for number in range(1, count + 1)]
    pages = item("Above.", post_id="801", post_type="page", post_name="above") + item(
        "Below.", post_id="802", post_type="page", post_name="below", post_parent="801"
    )
    block = item("<p>Put in everywhere.</p>", post_id="900", post_type="wp_block", title="Block")
    polls = "".join(poll_post(number) for number in ("331", "332", "339"))
    first = export(_HOME, *posts[: count // 2], pages, "<item><title>broken</title>")
    second = export(_HOME, picture("99"), picture("99", alt="Twice"), polls, block, *posts[count // 2 - 3 :])
    return first, second


def write_parts(site: SmallSite, count: int) -> Path:
    for number, part in enumerate(parts(count), 1):
        site.write_bytes(f"in/export.{number}.xml", part.encode())
    return site.path("in")


def told(summary: ImportSummary) -> list[tuple[str, object, str]]:
    return [(problem.code, problem.location, problem.message) for problem in summary.problems]


def left_behind(site: SmallSite) -> list[str]:
    folders = (site.path(".sitegen"), site.path("content"))
    return [file.name for folder in folders for file in folder.rglob(".sitegen-tmp-*")]


def test_an_export_gives_the_same_with_one_worker_and_with_two(new_site: Callable[[str], SmallSite]) -> None:
    one, two = new_site("one"), new_site("two")
    two.write(_WORKERS)
    summaries = [import_sources(site.site, [write_parts(site, 180)]) for site in (one, two)]
    assert [summary.new for summary in summaries] == [182, 182]
    assert articles(one) == articles(two)
    assert told(summaries[0]) == told(summaries[1])
    assert reports(one) == reports(two)
    assert (one.path("content/polls/331.yaml").exists(), one.path("content/polls/339.yaml").exists()) == (True, False)
    assert "Put in everywhere" in one.path("content/2011/05/01/post-19-20.md").read_text("utf-8")
    last = [message for code, _, message in told(summaries[0]) if code in ("poll-unused", "item-twice", "not-taken")]
    assert [message.split(",")[0] for message in last] == [
        "no article shows poll 339",
        "3 items stand in two places of the export; they are taken once",
        "not taken as articles: 2 attachment",
    ]
    assert "22 comments (spam), 22 comments (waiting)" in last[2]
    assert not left_behind(one) + left_behind(two)


def test_a_worker_that_dies_costs_its_article_alone(new_site: Callable[[str], SmallSite]) -> None:
    site, whole = new_site("site"), new_site("whole")
    site.write(_WORKERS)
    words = ["-C", str(site.folder), "-q", "import", str(write_parts(site, 120))]
    # A process of its own has no threads, so its workers are forks and break as it does.
    subprocess.run([sys.executable, "-c", _DEADLY, *words], check=False, capture_output=True)
    run = json.loads(site.path(".sitegen/import-run.json").read_text("utf-8"))
    dead = [problem["message"] for problem in run["problems"] if problem["code"] == "crash"]
    assert dead == ["a worker died while writing 2011/05/01/post-29-30.md"]
    assert run["new"] + run["unchanged"] == 122 - 1  # what was under way when it died is written once more
    assert not left_behind(site)
    import_sources(site.site, [site.path("in")])
    import_sources(whole.site, [write_parts(whole, 120)])
    assert articles(site) == articles(whole)


def test_an_import_of_an_export_that_is_killed_and_run_again_equals_one_run(
    new_site: Callable[[str], SmallSite],
) -> None:
    killed, whole = new_site("killed"), new_site("whole")
    for site in (killed, whole):
        site.write(_WORKERS)
        write_parts(site, 400)
    process = subprocess.Popen(sitegen(killed, "-q", "import", killed.path("in")), start_new_session=True)
    deadline = time.monotonic() + 30
    while process.poll() is None and articles_so_far(killed) < 50 and time.monotonic() < deadline:
        time.sleep(0.002)
    process.kill()
    process.wait()
    time.sleep(0.3)  # its workers miss it and end
    assert articles_so_far(killed) > 0
    for site in (killed, whole):
        subprocess.run(sitegen(site, "-q", "import", site.path("in")), check=False)
    assert articles(killed) == articles(whole)
    assert not left_behind(killed)
    status = {"status": ""}
    assert [one | status for one in reports(killed)] == [one | status for one in reports(whole)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_import_that_is_interrupted_leaves_nothing_behind(site: SmallSite, workers: int) -> None:
    def interrupt(_stage: str, _done: int) -> None:
        assert left_behind(site)
        raise KeyboardInterrupt

    site.write(f"== sitegen.toml ==\n[build]\nworkers = {workers}\n")
    with pytest.raises(KeyboardInterrupt):
        import_sources(site.site, [write_parts(site, 120)], progress=interrupt)
    assert not left_behind(site)
