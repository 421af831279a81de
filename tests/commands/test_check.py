import json

from sitegen.cli import main
from sitegen.commands.check import Places, check
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
    assert report.unknown_shortcodes == {"weather": Places("content/a.md:8:1", 2, {"content/a.md": 2})}
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


def test_shortcodes_that_nobody_draws_are_listed_by_name_with_counts_and_files(site: SmallSite, capsys) -> None:
    site.add_article("a", "[weather n=1][/weather] [wpforms id=1]", title="A")
    for name in "bcdef":
        site.add_article(name, "[weather n=1]\n\n[box]x[/box] [wpp]", title=name)
    assert main(["-C", str(site.folder), "check"]) == 0
    said = capsys.readouterr().out
    assert "unknown shortcode [box]: 5 times in content/b.md, content/c.md, content/d.md and 2 more files" in said
    assert "unknown shortcode [weather]: 6 times in content/a.md, content/b.md, content/c.md and 3 more files" in said
    assert "shortcode that no archive can keep [wpforms]: 1 time in content/a.md" in said
    assert "shortcode that no archive can keep [wpp]: 5 times in content/b.md" in said
    assert main(["-C", str(site.folder), "check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unknown_shortcodes"]["weather"]["files"] == {f"content/{name}.md": 1 for name in "abcdef"}
    assert told["shortcodes_not_kept"]["wpp"]["count"] == 5
