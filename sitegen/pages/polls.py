"""A file of data for each poll, and the page that thanks a reader for a vote."""

from collections.abc import Iterator

from sitegen.content.poll_shelf import PollInArticle
from sitegen.contexts import AnswerCount, Link, PollContext, ThanksContext
from sitegen.model import Location, Page, PollRecord, Problem, Severity
from sitegen.pages.cards import Part, Planner, output_of
from sitegen.shortcodes.poll_backend import thanks_page
from sitegen.shortcodes.poll_record import completed, is_open, results_of
from sitegen.shortcodes.poll_values import Poll

POLLS = "polls/"


def poll_parts(_planner: Planner) -> Iterator[Part]:
    """`polls/KEY.json` for each poll that an article shows, by key; and the page that thanks for a vote."""
    yield Part("poll", _poll_pages)
    yield Part("poll thanks", _thanks_pages)


def _poll_pages(planner: Planner) -> Iterator[Page | Problem]:
    for key, places in planner.catalog.polls.by_key():
        record = planner.catalog.polls.record(key)
        polls = [(place, found) for place in places if isinstance(found := _completed(place, record), Poll)]
        yield from _two_of_one_key(planner, key, polls)
        if polls and not (record and record.is_hidden):
            yield _poll_page(planner, key, polls, record)


def _thanks_pages(planner: Planner) -> Iterator[Page]:
    if path := thanks_page(planner.config.poll).strip("/"):
        context = ThanksContext(path=f"{path}/", title=planner.say("Thank you for your vote"))
        yield Page(output=output_of(context.path), template="thanks.html", context=context)


def _completed(place: PollInArticle, record: PollRecord | None) -> object:
    found = place.found.poll or place.found.place
    return completed(found, record) if found else None


def _poll_page(planner: Planner, key: str, polls: list[tuple[PollInArticle, Poll]], record: PollRecord | None) -> Page:
    poll = polls[0][1]
    results = results_of(poll, record)
    percents = [row.percent for row in results.rows] if results else [None] * len(poll.answers)
    day = poll.closed if len(poll.closed) > 1 else ""
    context = PollContext(
        path=f"{POLLS}{key}.json",
        title=poll.title,
        id=key,
        question=poll.title,
        lang=polls[0][0].entry.lang or planner.config.site.language,
        multiple=poll.multiple,
        answers=tuple(
            AnswerCount(answer.id, answer.text, answer.votes, percent)
            for answer, percent in zip(poll.answers, percents, strict=True)
        ),
        votes=results.votes if results else None,
        total=results.total if results else None,
        open=is_open(poll, planner.poll_backend, planner.today),
        closed=day,
        counted=results.counted if results else None,
        articles=tuple(dict.fromkeys(Link(place.entry.title, place.entry.permalink) for place, _ in polls)),
    )
    return Page(output=context.path, template="poll.json", context=context, sources=(planner.shown(polls[0][0].entry),))


def _two_of_one_key(planner: Planner, key: str, polls: list[tuple[PollInArticle, Poll]]) -> Iterator[Problem]:
    """Votes of two polls with one id would be counted together."""
    for place, poll in polls[1:]:
        first_place, first = polls[0]
        if (poll.title, poll.answers) != (first.title, first.answers):
            where = f"{planner.shown(first_place.entry)}:{first_place.found.line}"
            message = f'poll "{key}" asks something else than the one in {where}'
            hint = "give one of the two another id, or their votes are counted together"
            place_ = Location(planner.shown(place.entry), place.found.line)
            yield Problem(place_, "poll-clash", message, hint, Severity.WARNING)
