"""What a form carries for each back end."""

import datetime as dt

import pytest

from sitegen.config import PollTable
from sitegen.model import Answer
from sitegen.shortcodes.poll_backend import backend_of, form_of, thanks_page
from sitegen.shortcodes.poll_values import Poll

POLL = Poll(id="334", title="Which?", answers=(Answer("1", "This"), Answer("2", "That")))
PAGE = "https://site.example/archive/2024/05/a/"
SITE = "https://site.example/archive/"
TODAY = dt.date(2024, 11, 3)
ALWAYS = [("poll_id", "334"), ("question", "Which?"), ("article", PAGE)]
THANKS = f"{SITE}thanks/"


@pytest.mark.parametrize(
    ("table", "action", "hidden", "honeypot", "host", "form_action"),
    [
        (PollTable(backend="netlify"), "/archive/thanks/", [("form-name", "poll-334"), *ALWAYS], "bot-field", "", "'self'"),
        (PollTable(backend="formspree", key="xyz"), "https://formspree.io/f/xyz",
         [("_subject", "poll-334: Which?"), ("_next", THANKS), *ALWAYS], "_gotcha", "formspree.io",
         "'self' https://formspree.io https://site.example"),
        (PollTable(backend="web3forms", key="k-1"), "https://api.web3forms.com/submit",
         [("access_key", "k-1"), ("subject", "poll-334: Which?"), ("redirect", THANKS), *ALWAYS], "botcheck",
         "api.web3forms.com", "'self' https://api.web3forms.com https://site.example"),
        (PollTable(backend="basin", key="b1"), "https://usebasin.com/f/b1", ALWAYS, "_gotcha", "usebasin.com",
         "'self' https://usebasin.com"),
        (PollTable(backend="cloudflare"), "", ALWAYS, "", "", "'self'"),
        (PollTable(backend="cloudflare", honeypot="website"), "", ALWAYS, "website", "", "'self'"),
        (PollTable(endpoint="https://v.example/in?x"), "https://v.example/in?x", ALWAYS, "", "v.example",
         "'self' https://v.example"),
    ],
    ids=["netlify", "formspree", "web3forms", "basin", "cloudflare", "cloudflare with honeypot", "url"],
)  # fmt: skip
def test_each_back_end_gets_exactly_what_it_needs(table, action, hidden, honeypot, host, form_action):
    backend = backend_of(table, SITE, TODAY)
    form = form_of(backend, POLL, PAGE)
    assert backend.takes_votes
    assert (form.name, form.action, form.honeypot, form.host) == ("poll-334", action, honeypot, host)
    assert [(field.name, field.value) for field in form.hidden] == hidden
    assert backend.form_action == form_action


def test_none_takes_no_votes():
    assert not backend_of(PollTable(), SITE, TODAY).takes_votes
    assert not backend_of(PollTable(backend="none"), SITE, TODAY).takes_votes


def test_voting_ends_on_the_day_of_the_configuration():
    def closed(value):
        return backend_of(PollTable(endpoint="https://v.example/", closed=value), SITE, TODAY).is_closed

    assert [closed(value) for value in (True, False, TODAY, dt.date(2024, 11, 4))] == [True, False, True, False]


def test_without_an_address_of_the_site_nobody_is_led_back_to_it():
    form = form_of(backend_of(PollTable(backend="formspree", key="xyz"), "", TODAY), POLL, "/2024/05/a/")
    assert "_next" not in [field.name for field in form.hidden]
    assert backend_of(PollTable(backend="netlify"), "", TODAY).action == "/thanks/"


def test_the_site_has_a_page_of_thanks_where_votes_lead_to_one():
    for backend, page in (("netlify", "/thanks/"), ("formspree", "/thanks/"), ("url", ""), ("none", ""), ("basin", "")):
        assert thanks_page(PollTable(backend=backend)) == page
    assert thanks_page(PollTable(backend="url", thanks_url="/merci/")) == "/merci/"
    assert thanks_page(PollTable(backend="netlify", thanks_url="https://elsewhere.example/")) == ""
