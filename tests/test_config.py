import pytest

from sitegen.config import Config, is_endpoint, parse_config
from sitegen.model import SiteError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[site]\n\ntitel = "x"', 'sitegen.toml:3: unknown key "titel" in [site] | did you mean "title"?'),
        (
            "[listings]\npage_sise = 3",
            'sitegen.toml:2: unknown key "page_sise" in [listings] | did you mean "page_size"?',
        ),
        ("[sites]\ntitle = 3", 'sitegen.toml:1: unknown key "sites" | did you mean "site"?'),
        ("site.titel = 'x'", 'sitegen.toml:1: unknown key "titel" in [site] | did you mean "title"?'),
        (
            '[publish.web]\ntype = "directory"\npth = "z"',
            'sitegen.toml:3: unknown key "pth" in [publish.web] | did you mean "path"?',
        ),
        ("[site]\ntitle = 3", 'sitegen.toml:2: "title": expected str, got int | '),
        (
            "[site\n",
            "sitegen.toml:1: not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 6) | ",
        ),
        ('[site]\ntimezone = "Mars/Base"', 'sitegen.toml:2: "timezone" is no time zone of the IANA list | '),
        ('[site]\nurl = "example.org"', 'sitegen.toml:2: "url" is not an http or https address | '),
        ('[poll]\nendpoint = "http://example.org/"', 'sitegen.toml:2: "endpoint" must be an https address | '),
        ('[permalinks]\ndated = "/{year}/"', 'sitegen.toml:2: "dated" must start and end with / and name {slug} | '),
        (
            '[permalinks]\ndated = "/{__class__}/{slug}/"',
            'sitegen.toml:2: "dated" must start and end with / and name {slug} | ',
        ),
        ('[paths]\noutput = "/"', 'sitegen.toml:2: "output" must be a folder inside the site | '),
        ('[paths]\noutput = "../up"', 'sitegen.toml:2: "output" must be a folder inside the site | '),
        (
            '[paths]\noutput = "content/out"',
            'sitegen.toml:2: "output" must not lie in the content folder, nor hold it | ',
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, expected: str) -> None:
    with pytest.raises(SiteError) as caught:
        parse_config(text)
    problem = caught.value.problem
    assert f"{problem.location}: {problem.message} | {problem.hint}" == expected


def test_an_empty_file_is_a_whole_configuration() -> None:
    assert parse_config("") == Config()


def test_sections_and_targets_are_free_names() -> None:
    config = parse_config('[sections]\nnews = "News"\n[publish.web]\npath = "../out"\n[slugs]\n"C++" = "cpp"\n')
    assert config.sections == {"news": "News"}
    assert config.publish["web"].path == "../out"
    assert config.slugs == {"C++": "cpp"}


def test_votes_go_over_https_or_stay_on_this_machine() -> None:
    assert is_endpoint("")
    assert is_endpoint("https://example.org/vote")
    assert is_endpoint("http://127.0.0.1:8000/vote")
    assert not is_endpoint("http://127.0.0.1.example.org/")
    assert not is_endpoint("javascript:alert(1)")


def test_a_kind_of_mend_that_nobody_knows_is_told_with_its_line() -> None:
    with pytest.raises(SiteError) as caught:
        parse_config('[import]\ninbox = "raw"\nwithout = ["entitys"]\n')
    problem = caught.value.problem
    assert (str(problem.location), problem.hint) == ("sitegen.toml:3", 'did you mean "entity"?')


@pytest.mark.parametrize(
    ("poll", "line", "said", "hint"),
    [
        ('backend = "netlfy"', 2, 'knows no "netlfy"', 'did you mean "netlify"?'),
        ('backend = "mail"', 2, 'knows no "mail"', "known back ends: none, netlify"),
        ('backend = "url"', 2, "needs an endpoint", "endpoint"),
        ('backend = "formspree"', 2, "needs the id of a form", "https://formspree.io/f/ID"),
        ('backend = "basin"', 2, "needs the id of a form", "https://usebasin.com/f/ID"),
        ('backend = "web3forms"', 2, "needs an access key", "key"),
        ('backend = "netlify"\nendpoint = "https://v.example/"', 3, "has no use", 'backend = "url"'),
        ('backend = "none"\nendpoint = "https://v.example/"', 3, "sends votes nowhere", 'backend = "url"'),
        ('backend = "cloudflare"\nkey = "x"', 3, "knows no keys", "take it out"),
        ('backend = "formspree"\nkey = "https://formspree.io/f/x"', 3, "letters, digits", "the id, not the address"),
        ('endpoint = "http://v.example/"', 2, "must be an https address", ""),
        ('endpoint = "javascript:alert(1)"', 2, "must be an https address", ""),
        ('backend = "netlify"\nthanks_url = "thanks"', 3, "neither a path of this site", "/thanks/"),
        ('backend = "netlify"\nthanks_url = "/../x/"', 3, "neither a path of this site", "/thanks/"),
        ('backend = "netlify"\nthanks_url = "http://x.example/"', 3, "neither a path of this site", "/thanks/"),
        ('backend = "netlify"\nhoneypot = "answer"', 3, "is no name for a field", "website"),
        ('backend = "formspree"\nkey = "x"\nhoneypot = "website"', 4, "a name of its own", "take it out"),
        ('closed = "soon"', 2, "closed", ""),
        ("endpont = 1", 2, 'unknown key "endpont"', 'did you mean "endpoint"?'),
    ],
)
def test_what_is_wrong_with_a_back_end_is_told_at_its_line_with_a_way_out(poll, line, said, hint):
    with pytest.raises(SiteError) as raised:
        parse_config(f"[poll]\n{poll}\n")
    problem = raised.value.problem
    assert said in problem.message
    assert hint in problem.hint
    assert problem.location.line == line


def test_every_back_end_can_be_configured():
    for poll, service in (
        ("", "none"),
        ('endpoint = "https://v.example/in"', "url"),
        ('endpoint = "http://127.0.0.1:8000/in"', "url"),
        ('backend = "netlify"\nthanks_url = "/merci/"\nhoneypot = "website"', "netlify"),
        ('backend = "formspree"\nkey = "xyz"\nclosed = 2024-12-31\nremember = true', "formspree"),
        ('backend = "web3forms"\nkey = "0a1b-2c"', "web3forms"),
        ('backend = "basin"\nendpoint = "https://usebasin.com/f/x"', "basin"),
        ('backend = "cloudflare"\nclosed = true', "cloudflare"),
    ):
        assert parse_config(f"[poll]\n{poll}\n").poll.service == service
