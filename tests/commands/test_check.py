from sitegen.commands.check import check
from tests.conftest import SmallSite


def test_a_check_finds_what_a_reader_would_stumble_over(site: SmallSite) -> None:
    site.add_article(
        "a",
        "[x](missing.md) [y](/nowhere/) [z](/articles/b/)\n\n[weather n=1] [weather n=2]",
        title="A",
        tags="Élection, C",
    )
    site.add_article("b", title="B", tags="election, C++")
    report = check(site.site)
    assert {name: places.count for name, places in report.unknown_shortcodes.items()} == {"weather": 2}
    assert report.merged_tags == {"election": ("election", "Élection")}
    assert sorted((problem.code, problem.message.split(" which")[0]) for problem in report.problems) == [
        ("broken-link", 'there is no "missing.md" to link to'),
        ("dead-link", "links to /nowhere/,"),
        ("dead-link", "links to missing.md,"),
    ]


def test_a_good_site_has_no_problems(site: SmallSite) -> None:
    site.add_article("a", title="A", date="2024-01-01", tags="One")
    report = check(site.site)
    assert report.problems == []
    assert report.pages > 8
    assert report.links > 50
