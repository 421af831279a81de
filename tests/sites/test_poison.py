"""Articles that hang what draws them, eat its memory or end it: each costs its own page and no other."""

import re

import pytest

from tests.conftest import SmallSite

# What a body can do to its worker is what its shortcodes can: these templates are the worst there are.
POISONS = {
    # A loop in C, in which no signal handler gets its turn.
    "hang": ("{% set most = 10 ** 12 %}{{ range(most) | sum }}", "crash"),
    # A loop of Jinja's, which is interrupted.
    "dawdle": ("{% for _ in range(10 ** 5) %}{% for _ in range(10 ** 5) %}{% endfor %}{% endfor %}", "time"),
    "glutton": ("{% set times = 10 ** 10 %}{{ 'x' * times }}", "memory"),
}


def poisoned_site(site: SmallSite, poison: str, articles: int, workers: int = 2) -> None:
    site.write(
        f"""
        == sitegen.toml ==
        [site]
        title = "T"
        url = "https://test.example/"
        [build]
        workers = {workers}
        seconds_per_article = 0.5
        """
    )
    site.write_bytes("templates/shortcodes/poison.html", POISONS[poison][0].encode())
    for number in range(articles):
        site.add_article(f"n/a{number}", "Words.", title=f"Title {number}", date=f"2011-01-{number % 28 + 1:02d}")


@pytest.mark.parametrize("poison", POISONS)
def test_a_poison_costs_only_its_own_page(site: SmallSite, poison: str) -> None:
    poisoned_site(site, poison, articles=40)
    site.add_article("n/poison", "Before. [poison] After.", title="Poison", date="2011-01-14")
    site.add_article("n/more", "Words.", title="More", date="2012-03-04")
    report = site.build()
    (problem,) = report.problems
    assert problem.code == POISONS[poison][1]
    assert "n/poison.md" in problem.location.path
    assert "2012/03/more/index.html" in report.written
    assert not site.path("output/2011/01/poison/index.html").exists()
    site.remove("content/n/poison.md")
    assert site.build().problems == []
    if poison == "hang":
        assert site.outputs() == site.clean_outputs()


@pytest.mark.parametrize(
    ("template", "code", "message"),
    [
        ("{% for _ in range(10 ** 5) %}{% for _ in range(10 ** 5) %}{% endfor %}{% endfor %}", "time", "0.5 s to draw"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template", "without end"),
        ('{% include "article.html" %}', "template", "without end"),
        ("{{ [][1] }}{{ 1 // 0 }}", "template", "line 1|no element|out of range|undefined"),
    ],
)
def test_a_template_that_does_not_end_costs_its_pages_alone(
    site: SmallSite, template: str, code: str, message: str
) -> None:
    poisoned_site(site, "dawdle", articles=40)
    site.write_bytes("templates/article.html", template.encode())
    report = site.build()
    assert {problem.code for problem in report.problems} == {code}
    assert {problem.location.path for problem in report.problems} == {"templates/article.html"}
    assert len(report.problems) == 40
    assert all(re.search(message, problem.message) for problem in report.problems)
    assert "2011/01/01/index.html" in report.written


def test_a_poison_that_is_all_there_is_to_do_leaves_the_build_alive(site: SmallSite) -> None:
    poisoned_site(site, "hang", articles=1)
    site.build()
    site.add_article("n/a0", "[poison]", title="Title 0", date="2011-01-01")
    assert [problem.code for problem in site.build().problems] == ["crash"]
