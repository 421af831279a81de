"""A small site with a poll in every state, in two directions, for each back end, and a server that takes the votes."""

import http.server
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

from tests.browser.conftest import running

BACKENDS = {
    "none": "",
    "url": 'endpoint = "{url}/vote"',
    "netlify": 'backend = "netlify"',
    "formspree": 'backend = "formspree"\nendpoint = "{url}/f/abc"',
    "web3forms": 'backend = "web3forms"\nkey = "k-1"\nendpoint = "{url}/submit"',
    "basin": 'backend = "basin"\nendpoint = "{url}/f/b1"',
    "cloudflare": 'backend = "cloudflare"\nhoneypot = "website"',
}
"""The markup is each service's own. Only where it goes is changed: to this machine, by the `endpoint` that all three
services with an address of their own take, and that a site behind a proxy would set too."""

LANGUAGES = {"en": "a/", "ar": "b/"}

_POLLS = """
[poll id="one" style="light-1" color="blue-1" show_results_button="1"]
{q}
- [1] {a}
- [2] {b} & <i>"{c}"</i>
- [3] {c}
[/poll]

[poll id="several" style="solid-1" color="green-2" multiple="1"]
{q}
- [1] {a}
- [2] {b}
- [3] {c}
[/poll]

[poll id="one" style="light-2" color="pink-1"]
{q}
- [1] {a}
- [2] {b} & <i>"{c}"</i>
- [3] {c}
[/poll]

[poll id="counted" style="light-2" color="red-1"]
{q}
- [1] {a}
- [2] {b}
[/poll]

[poll id="voters" style="solid-1" color="purple-1" multiple="1"]
{q}
- [1] {a}
- [2] {b}
[/poll]

[poll id="shares" style="solid-1" color="gray-1" show_count="0"]
{q}
- [1] {a}
- [2] {b}
[/poll]

[poll id="nobody" style="solid-1" color="black-1" closed="2016-08-31"]
{q}
- [1] {a}
- [2] {b}
[/poll]

[poll id="unknown" style="solid-1" color="blue-2" closed="1"]
{q}
- [1] {a}
- [2] {b}
[/poll]

[poll id="untitled" style="solid-1" color="orange-1" show_title="0"]
{q}
- [1] {a}
- [2] {b}
[/poll]

[poll id="cut" style="light-1" color="gray-2" truncated="1" closed="2099-12-31"]
{q}
- [1] {a}
[/poll]

[crowdsignal poll="10230" title="{q}"]

[yop_poll id="12"]

[totalpoll id="41"]

[expert_review_poll id="9" params="damaged"]
"""
_WORDS = {
    "en": {"q": "Which way home?", "a": "Along the river", "b": "Over the hill", "c": "By the last tram"},
    "ar": {"q": "أي طريق إلى البيت؟", "a": "على ضفة النهر", "b": "فوق التل", "c": "بآخر ترام"},
}
_DATA = {
    "one": "answers:\n- {id: 1, votes: 3}\n- {id: 2, votes: 4}\n- {id: 3, votes: 1200}\ncounted: 2024-03-01\n",
    "counted": "answers:\n- {id: 1, votes: 120}\n- {id: 2, votes: 47}\nclosed: 2024-02-01\ncounted: 2024-02-02\n",
    "voters": "answers:\n- {id: 1, votes: 12}\n- {id: 2, votes: 9}\ntotal: 15\nclosed: true\n",
    "shares": "answers:\n- {id: 1, votes: 2}\n- {id: 2, votes: 1}\nclosed: true\n",
    "nobody": "answers:\n- {id: 1, votes: 0}\n- {id: 2, votes: 0}\n",
    "yop-poll-12": "question: Where to?\nanswers: [North, South]\n",
}


class Request(NamedTuple):
    """What a browser sent: where to, and the fields in their order."""

    path: str
    fields: list[tuple[str, str]]


class PollSite(NamedTuple):
    """A site that is served, and the votes that it got."""

    folder: Path
    url: str
    votes: list[Request]

    def page(self, language: str = "en") -> str:
        """Address of the article in a language."""
        return f"{self.url}/articles/{LANGUAGES[language]}"


@contextmanager
def poll_site(folder: Path, backend: str, more: str = "", policy: str = "") -> Iterator[PollSite]:
    """A built site with that back end, under a content security policy; every POST to it is written down."""
    votes: list[Request] = []

    class Files(http.server.SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
            votes.append(Request(self.path, parse_qsl(sent, keep_blank_values=True, strict_parsing=True)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>Counted</title>")

        def end_headers(self) -> None:
            if policy:
                self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    (folder / "content/polls").mkdir(parents=True)
    (folder / "output").mkdir()
    handler = partial(Files, directory=str(folder / "output"))
    with running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as url:
        poll = BACKENDS[backend].format(url=url)
        config = f'[site]\ntitle = "Polls"\nurl = "{url}/"\n[poll]\n{poll}\n{more}\n'
        (folder / "sitegen.toml").write_text(config, "utf-8")
        for language, name in LANGUAGES.items():
            front = f"---\ntitle: {_WORDS[language]['q']}\nslug: {name[:-1]}\nlang: {language}\n---\n"
            body = _POLLS.format(**_WORDS[language])
            (folder / f"content/{name[:-1]}.md").write_text(front + body, "utf-8")
        for key, data in _DATA.items():
            (folder / f"content/polls/{key}.yaml").write_text(data, "utf-8")
        command = [sys.executable, "-m", "sitegen", "-C", str(folder), "build"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
        assert done.returncode == 0, done.stderr
        yield PollSite(folder, url, votes)
