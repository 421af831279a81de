"""Polls of whole small sites: what a data file changes, and what it leaves alone."""

import datetime as dt
import json

from sitegen.commands.build import build
from sitegen.model import Severity
from tests.conftest import SmallSite

SITE = """
    == content/news/a.md ==
    ---
    title: A
    date: 2011-05-01
    ---
    [poll id="2"]
    Which?
    - [1] This
    - [2] That
    [/poll]
    == content/news/b.md ==
    ---
    title: B
    date: 2011-06-01
    ---
    [yop_poll id="3"]
    == content/news/c.md ==
    ---
    title: C
    date: 2011-07-01
    ---
    No poll, though [this](a.md) has one.
"""
VOTES = """
    == content/polls/2.yaml ==
    answers:
    - id: 1
      votes: 120
    - id: 2
      votes: 80
    closed: 2012-01-01
"""
A, B, C = "2011/05/a/index.html", "2011/06/b/index.html", "2011/07/c/index.html"


def at(site: SmallSite, day: str):
    return build(site.site, site.tree, now=dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))


def configure(site: SmallSite, poll: str) -> None:
    config = site.path("sitegen.toml")
    config.write_text(config.read_text("utf-8").split("[poll]")[0] + f"[poll]\n{poll}\n", "utf-8")


def test_votes_of_a_data_file_rewrite_the_pages_that_show_the_poll_and_no_other(site: SmallSite) -> None:
    site.write(SITE)
    site.build()
    assert "The results were not part of the source." in site.read(A)
    assert "%" not in site.read(A)

    site.write(VOTES)
    report = site.build()

    assert report.written == [A, "polls/2.json"]
    assert ">60%<" in site.read(A)
    assert ">120<" in site.read(A)
    assert "200 votes." in site.read(A)
    assert "Voting closed on January 1, 2012." in site.read(A)
    assert site.outputs() == site.clean_outputs()

    site.path("content/polls/2.yaml").write_text(site.path("content/polls/2.yaml").read_text().replace("80", "40"))
    assert site.build().written == [A, "polls/2.json"]
    assert ">75%<" in site.read(A)

    site.remove("content/polls/2.yaml")
    assert site.build().written == [A, "polls/2.json"]
    assert "%" not in site.read(A)
    assert site.outputs() == site.clean_outputs()


def test_a_data_file_makes_a_poll_of_another_plugins_call(site: SmallSite) -> None:
    site.write(SITE)
    report = site.build()
    assert [(problem.code, problem.severity) for problem in report.problems] == [
        ("poll-without-content", Severity.WARNING)
    ]
    assert "Poll <bdi>3</bdi> of <bdi>YOP Poll</bdi>." in site.read(B)

    site.write("""
        == content/polls/yop-poll-3.yaml ==
        question: Where to?
        answers: [North, South]
    """)
    configure(site, 'endpoint = "https://v.example/in"')
    report = site.build()

    assert report.problems == []
    assert "Where to?" in site.read(B)
    assert 'name="poll_id" value="yop-poll-3"' in site.read(B)
    assert site.outputs() == site.clean_outputs()


def test_a_back_end_rewrites_pages_with_polls_alone(site: SmallSite) -> None:
    site.write(SITE)
    site.build()
    configure(site, 'endpoint = "https://v.example/in"')
    report = site.build()
    assert report.written == [A, "polls/2.json"]  # the place of the other poll has the same bytes
    assert "form-action 'self' https://v.example" in site.read(A).replace("&#39;", "'")
    assert "form-action" not in site.read(C)
    assert site.outputs() == site.clean_outputs()


def test_a_poll_closes_when_its_day_has_come_though_no_file_changed(site: SmallSite) -> None:
    site.write(SITE)
    site.write(VOTES)
    configure(site, 'endpoint = "https://v.example/in"')
    assert at(site, "2011-12-31").written
    assert "<button>Vote</button>" in site.read(A)
    assert "Voting closes on January 1, 2012." in site.read(A)
    assert json.loads(site.read("polls/2.json"))["open"] is True
    assert at(site, "2011-12-31").written == []

    assert at(site, "2012-01-01").written == [A, "polls/2.json"]
    assert "<button>" not in site.read(A)
    assert "Voting closed on January 1, 2012." in site.read(A)
    assert json.loads(site.read("polls/2.json"))["open"] is False
    assert at(site, "2012-01-02").written == []


def test_voting_on_the_whole_site_ends_on_the_day_of_the_configuration(site: SmallSite) -> None:
    site.write(SITE)
    configure(site, 'endpoint = "https://v.example/in"\nclosed = 2012-02-01')
    at(site, "2012-01-31")
    assert "Voting closes on February 1, 2012." in site.read(A)
    assert at(site, "2012-02-01").written == [A, "polls/2.json"]
    assert "Voting closed on February 1, 2012." in site.read(A)
    assert "The results are not known." in site.read(A)


def test_every_poll_is_data_for_reuse_too(site: SmallSite) -> None:
    site.write(SITE)
    site.write(VOTES)
    site.build()
    assert json.loads(site.read("polls/2.json")) == {
        "id": "2",
        "question": "Which?",
        "language": "en",
        "multiple": False,
        "answers": [
            {"id": "1", "text": "This", "votes": 120, "percent": 60.0},
            {"id": "2", "text": "That", "votes": 80, "percent": 40.0},
        ],
        "votes": 200,
        "total": 200,
        "open": False,
        "closed": "2012-01-01",
        "counted": None,
        "articles": [{"title": "A", "path": "2011/05/a/", "url": "https://test.example/2011/05/a/"}],
    }
    assert not site.path("output/polls/yop-poll-3.json").exists()
    assert not site.path("output/media/polls/2.yaml").exists()


def test_unknown_votes_are_null_and_never_nothing(site: SmallSite) -> None:
    site.write(SITE)
    site.build()
    told = json.loads(site.read("polls/2.json"))
    assert (told["votes"], told["total"], told["answers"][0]["votes"]) == (None, None, None)


def test_structured_data_tells_question_and_answers_and_no_accepted_one(site: SmallSite) -> None:
    site.write(SITE)
    site.write(VOTES)
    site.build()
    scripts = site.read(A).split('<script type="application/ld+json">')[1:]
    (question,) = next(
        told["@graph"]
        for script in scripts
        if "Question" in script
        for told in [json.loads(script.split("</script>")[0])]
    )
    assert question == {
        "@type": "Question",
        "name": "Which?",
        "answerCount": 2,
        "suggestedAnswer": [
            {"@type": "Answer", "text": "This", "upvoteCount": 120},
            {"@type": "Answer", "text": "That", "upvoteCount": 80},
        ],
    }


def test_a_broken_data_file_is_an_error_at_its_line(site: SmallSite) -> None:
    site.write(SITE)
    site.write("""
        == content/polls/2.yaml ==
        answers:
        - id: 1
          votes: lots
    """)
    report = site.build()
    assert [
        (str(problem.location), problem.code) for problem in report.problems if problem.severity is Severity.ERROR
    ] == [("content/polls/2.yaml:3:10", "poll-file")]
    assert not report.is_clean


def test_a_poll_that_its_source_did_not_show_is_not_shown(site: SmallSite) -> None:
    site.write(SITE)
    site.write("""
        == content/polls/2.yaml ==
        hidden: true
    """)
    site.build()
    assert "Which?" not in site.read(A)
    assert not site.path("output/polls/2.json").exists()


def test_two_polls_of_one_id_are_told(site: SmallSite) -> None:
    site.write(SITE)
    site.write("""
        == content/news/d.md ==
        ---
        title: D
        date: 2011-08-01
        ---
        Text.

        [poll id="2"]
        Something else?
        - [1] Yes
        - [2] No
        [/poll]
    """)
    told = [problem for problem in site.build().problems if problem.code == "poll-clash"]
    assert [str(problem.location) for problem in told] == ["content/news/d.md:7"]
    assert "content/news/a.md:5" in told[0].message


def test_the_page_of_thanks_comes_and_goes_with_the_back_end(site: SmallSite) -> None:
    site.write(SITE)
    configure(site, 'backend = "netlify"')
    site.build()
    assert 'action="/thanks/"' in site.read(A)
    assert "Thank you for your vote" in site.read("thanks/index.html")
    assert "thanks" not in site.read("sitemap-pages.xml")
    configure(site, "")
    assert site.build().removed_paths == ["thanks/index.html"]


def test_the_choice_of_a_reader_is_remembered_only_where_it_is_asked_for(site: SmallSite) -> None:
    site.write(SITE)
    configure(site, 'backend = "netlify"')
    site.build()
    assert "poll.js" not in site.read(A)
    assert "data-poll" not in site.read(A)
    configure(site, 'backend = "netlify"\nremember = true')
    site.build()
    assert "poll.js" in site.read(A)
    assert 'data-poll="2"' in site.read(A)
    assert "kept in this browser alone" in site.read(A)
    assert site.path("output/assets/poll.js").stat().st_size < 2048
