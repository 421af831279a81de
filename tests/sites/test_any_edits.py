"""Whatever is edited in whatever order, a build that goes on gives what a build from nothing gives."""

import os
import random

import pytest

from sitegen.content import terms, topics, touched
from sitegen.model import Severity
from tests.conftest import SmallSite

# More can be tried by hand: SITEGEN_SEEDS=5,6,7 pytest tests/sites/test_any_edits.py
SEEDS = [int(seed) for seed in os.environ.get("SITEGEN_SEEDS", "1,2").split(",")]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("slugs", [12, 3])  # so many articles want the same path, or each its own
@pytest.mark.parametrize("is_short", [False, True])  # lists look at a few of their newest articles, as large ones do
def test_any_edits_give_what_a_clean_build_gives(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, slugs: int, seed: int, *, is_short: bool
) -> None:
    if is_short:
        for module in (topics, touched):
            monkeypatch.setattr(module, "NEWEST", 2)
        monkeypatch.setattr(terms, "BESIDE", 4)
        monkeypatch.setattr(terms, "MOST_BESIDE", 1)
    site.write(
        f"""
        == sitegen.toml ==
        [site]
        title = "T"
        url = "https://t.example/"
        [build]
        workers = 1
        [permalinks]
        dated = "/{{year}}/{{slug}}/"
        on_collision = "suffix"
        [listings]
        page_size = 2
        home_size = 2
        feed_size = 2
        number_in = "{"archive" if slugs == 3 else "month"}"
        [data]
        listings = true
        [search]
        engine = "own"
        """
    )
    site.write_bytes("content/p.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    chance = random.Random(seed)
    for step in range(10):
        for _ in range(chance.choice((1, 1, 1, 3))):
            if chance.random() < 0.3:
                retag(site, chance)
            else:
                edit(site, chance, slugs)
        problems = site.build().problems
        assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
        built, clean = site.outputs(), site.clean_outputs()
        assert {path for path in built.keys() | clean.keys() if built.get(path) != clean.get(path)} == set(), step


TAGS = ("Rivers", "rivers", "Music", "C", "C++", "Weather")


def retag(site: SmallSite, chance: random.Random) -> None:
    """Give an article other tags, or none, and leave the rest as it is; now and then its text changes too."""
    if not (files := sorted(site.path("content").glob("*/a*.md"))):
        return
    file = chance.choice(files)
    kept = [line for line in file.read_text("utf-8").split("\n") if not line.startswith("tags:")]
    tags = chance.sample(TAGS, chance.randrange(0, 4))
    more = "\nMore.\n" if chance.random() < 0.2 else ""
    text = "\n".join([kept[0], *([f"tags: {', '.join(tags)}"] if tags else []), *kept[1:]]) + more
    file.write_text(text, "utf-8")


def edit(site: SmallSite, chance: random.Random, slugs: int) -> None:
    """Take an article out, or write one of a dozen anew."""
    number = chance.randrange(12)
    for section in ("news", "art"):
        site.path(f"content/{section}/a{number}.md").unlink(missing_ok=True)
    if chance.random() < 0.2:
        return
    titles = ("Flood", "Étude", "Bac", "Concert", "A", "一月")
    front = {"title": f"{chance.choice(titles)} {chance.randrange(3)}", "slug": f"s{number % slugs}"}
    tags = chance.sample(TAGS, chance.randrange(1, 4))
    tag_page = ("music", "rivers", "weather")[number] if number < 3 else f"none-{number}"
    date = f"{chance.choice((2011, 2012, 2090))}-0{chance.randrange(1, 4)}-{chance.choice((1, 2, 15, 25)):02d}"
    likely = (
        ("date", date, 0.8),
        ("tags", ", ".join(tags), 0.7),
        ("author", chance.choice(("Ada", "Bo", "ada")), 0.5),
        ("series", chance.choice(("One", "Two")), 0.3),
        ("withdrawn", "2014-01-01 Asked for.", 0.2),
        ("publish_at", chance.choice(("2015-01-01", "2090-01-01")), 0.2),
        ("aliases", f"[/old/{number}/, /2011/s{(number + 1) % 12}/, /tags/{tag_page}/]", 0.3),
        ("lang", "fr", 0.2),
        ("updated", "2020-01-01", 0.2),
    )
    front |= {key: value for key, value, share in likely if chance.random() < share}
    body = chance.choice(("Text.", "Other [x](../news/a1.md).", "More.\n\n![p](../p.svg)"))
    site.add_article(f"{chance.choice(('news', 'art'))}/a{number}", body, **front)
