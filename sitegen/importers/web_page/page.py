"""A web page as a browser saved it: its article, and what the page says of it."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree
from lxml.html import HtmlElement

from sitegen.content.permalinks import slug_of
from sitegen.importers.account import loss_problem
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.calls import CallCleaner
from sitegen.importers.dates import date_of_file_name
from sitegen.importers.html_to_markdown import markdown_of_html
from sitegen.importers.language import guess_language
from sitegen.importers.mending import Mending
from sitegen.importers.raw import Imported, Raw, poll_side_file
from sitegen.importers.repair import Decoded, NotTextError, mend_text
from sitegen.importers.report import ArticleReport, Guess, Mend, SetAside
from sitegen.importers.web_page.account import PageAccount
from sitegen.importers.web_page.encoding import decode_page
from sitegen.importers.web_page.links import players_as_links, remove_dead_ends, settle_addresses
from sitegen.importers.web_page.main_text import MainText, clean_characters, main_html, parse_page
from sitegen.importers.web_page.metadata import PageMetadata, language_tag, page_metadata
from sitegen.importers.web_page.pictures import is_pixel, name_figures, unwrap_noscript
from sitegen.importers.web_page.polls import name_poll_parts, polls_as_calls
from sitegen.importers.web_page.tree import HEADINGS, drop, in_code, inner_html, set_inner_html, text_of
from sitegen.model import Article, FrontMatter, Location, PollRecord, Problem, Severity, Source
from sitegen.shortcodes.builders import is_frame
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, find_calls

_MAX_BYTES = 20_000_000
_MAX_MEND = 120


_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


_SURE = 0.99


class HtmlPage:
    """The article of a saved web page."""

    name = "html"
    suffixes: tuple[str, ...] = (".html", ".htm", ".xhtml")
    is_stream = False

    def read(self, raw: Raw) -> Iterator[Imported | Problem]:
        """The one article of a page."""
        if not raw.data.strip(b" \t\r\n\0"):
            hint = "remove it, or save the page again"
            yield Problem(Location(raw.path), "empty-raw", "the file is empty", hint, Severity.WARNING)
            return
        if len(raw.data) > _MAX_BYTES:
            message = f"the page has {len(raw.data):,} bytes, more than {_MAX_BYTES:,}"
            yield Problem(Location(raw.path), "too-big", message, "cut what is not the article out of it")
            return
        try:
            yield _Reading(raw, decode_page(raw.data, mojibake="mojibake" not in raw.without)).result()
        except NotTextError:
            yield Problem(
                Location(raw.path),
                "not-text",
                "the file is no web page, nor text in any encoding",
                "save the page as HTML",
            )


class _Reading:
    """One page on its way to an article, with a tally of what was done."""

    def __init__(self, raw: Raw, decoded: Decoded) -> None:
        self._raw = raw
        self._decoded = decoded
        self._mends: list[Mend] = list(decoded.mends)
        self._guesses: list[Guess] = list(decoded.guesses)
        self._problems: list[Problem] = []
        self._aside: list[SetAside] = []
        self._calls = CallCleaner(raw.path, is_mending="shortcode" not in raw.without)
        self._names: set[str] = set()  # of shortcodes
        self._written: list[str] = []  # the calls that were taken out, as they go back
        self._votes: list[PollRecord] = []  # of polls, as the page tells them
        self._blocks: set[int] = set()  # numbers of those that stand between paragraphs

    def result(self) -> Imported | Problem:
        """The article, or that there is none."""
        saved = _SAVED_FROM.search(self._decoded.text[:4096])
        tree = parse_page(self._decoded.text)
        said = page_metadata(tree, saved[1] if saved else "")
        self._guesses += said.guesses
        account = PageAccount(tree)
        self._set_aside_machinery(tree)
        settle_addresses(tree, said.canonical)
        name_poll_parts(tree)
        found = main_html(tree, said.canonical)
        if found.tree is None or not found.text:
            hint = "save the page again once it is whole, or copy its text into a .txt file"
            return Problem(Location(self._raw.path), "no-article", "no article was found in the page", hint)
        self._aside += found.set_aside
        self._guesses.append(Guess("body", f"{len(found.text):,} characters", found.found, found.confidence))
        self._tell_doubts(found)
        return self._imported(said, found, found.tree, account)

    def _imported(self, said: PageMetadata, found: MainText, body: HtmlElement, account: PageAccount) -> Imported:
        title = self._title(said, body)
        _remove_title(body, title)
        account.take_article(body)
        self._mend_text(body)
        account.take_mended(body)
        account.gone += players_as_links(body)
        for poll in polls_as_calls(body):
            account.gone += poll.gone
            self._votes += [poll.record] if poll.record else []
        name_figures(body)
        remove_dead_ends(body, said)
        self._shortcodes(body)
        converted = markdown_of_html(inner_html(body), block_marks=frozenset(self._blocks))
        markdown = _MARK.sub(lambda match: self._written[int(match[1])], converted.markdown).strip()
        values = (title, said.byline, *said.authors, said.section, *said.tags, said.description)
        settled = account.settled(markdown, converted.aside, self._names, values)
        self._problems += (loss_problem(self._raw.path, loss) for loss in settled.losses)
        outside = account.told()
        front_matter = FrontMatter(
            title=title,
            date=self._date(said),
            updated=said.updated if said.updated != said.date else None,
            slug=slug_of(title, fallback=PurePosixPath(self._raw.path).stem),
            lang=self._language(said, found.text),
            authors=said.authors,
            section=said.section,
            tags=said.tags,
            summary=said.description,
            image=said.image,
            source=Source(HtmlPage.name, self._raw.path, hashlib.sha256(self._raw.data).hexdigest(), said.canonical),
        )
        report = ArticleReport(
            source=self._raw.path, encoding=self._decoded.encoding, newline=self._decoded.newline,
            bom=self._decoded.bom, language=front_matter.lang, mends=(*self._mends, *self._calls.mends),
            guesses=tuple(self._guesses), shortcodes=tuple(self._calls.kept), polls=self._calls.polls,
            set_aside=(*self._aside, *converted.set_aside, *([outside] if outside else [])),
            characters=settled.characters(), losses=tuple(settled.losses),
        )  # fmt: skip
        return Imported(
            Article(front_matter, markdown + "\n" if markdown else ""),
            report,
            (*self._problems, *self._calls.problems),
            beside=tuple(map(poll_side_file, self._votes)),
        )

    def _set_aside_machinery(self, tree: HtmlElement) -> None:
        """Scripts and styles are counted; tracking pixels and buttons that share are named."""
        for tag, word in (("script", "script"), ("style", "style sheet")):
            elements = list(tree.iter(tag))
            code = [element for element in elements if "json" not in (element.get("type") or "")]
            if code:
                plural = "s" if len(code) > 1 else ""
                self._aside.append(
                    SetAside(f"{len(code)} {word}{plural}", "no part of an article", code[0].sourceline or 0)
                )
        for image in list(tree.iter("img")):
            if is_pixel(image):
                self._aside.append(
                    SetAside((image.get("src") or "")[:_MAX_MEND], "a tracking pixel", image.sourceline or 0)
                )
                drop(image)
        for noscript in list(tree.iter("noscript")):
            unwrap_noscript(noscript)

    def _tell_doubts(self, found: MainText) -> None:
        place = Location(self._raw.path)
        if any("paywall" in aside.reason or "regwall" in aside.reason for aside in found.set_aside):
            hint = "if the text breaks off, save the page again as a subscriber"
            self._problems.append(Problem(place, "paywall", "a paywall stood in the page", hint, Severity.WARNING))
        if found.confidence < 0.5:
            message = "it is not sure which part of the page is the article"
            self._problems.append(Problem(place, "unsure-body", message, "read it through", Severity.WARNING))

    def _title(self, said: PageMetadata, body: HtmlElement) -> str:
        if said.title:
            return said.title
        heading = next((text for element in body.iter(*HEADINGS) if (text := text_of(element))), "")
        title = heading or PurePosixPath(self._raw.path).stem.replace("-", " ").replace("_", " ")
        reason = "no title; the first heading of the text" if heading else "no title; the name of the file"
        self._guesses.append(Guess("title", title, reason, 0.5 if heading else 0.2))
        hint = f'"{title}" is used; write `title:` in the front matter'
        self._problems.append(
            Problem(Location(self._raw.path, 1), "no-title", "the page has no title", hint, Severity.WARNING)
        )
        return title

    def _date(self, said: PageMetadata) -> dt.datetime | dt.date | None:
        if said.date:
            return said.date
        date = date_of_file_name(self._raw.path)
        if date:
            self._guesses.append(Guess("date", date.isoformat(), "the file name starts with it", 0.9))
        return date

    def _language(self, said: PageMetadata, text: str) -> str:
        """What the page says, unless its text is plainly in another language: templates often say "en" of all."""
        guessed, confidence = guess_language(text, self._raw.languages)
        if not said.language:
            if guessed:
                self._guesses.append(Guess("language", guessed, "letters and letter groups of the text", confidence))
            return guessed
        if guessed and guessed != said.language.split("-")[0] and confidence >= _SURE and len(text) > 600:
            reason = f"the text is plainly not {said.language}, which the page says"
            self._guesses.append(Guess("language", guessed, reason, confidence))
            return language_tag(guessed)
        return said.language

    def _mend_text(self, body: HtmlElement) -> None:
        """Text repaired as that of a copied article is; code stays as it was."""
        for element in body.iter(etree.Element):
            if not in_code(element):
                element.text = self._mended(element.text, element.sourceline or 0)
            parent = element.getparent()
            if element is not body and parent is not None and not in_code(parent):
                element.tail = self._mended(element.tail, element.sourceline or 0)

    def _mended(self, text: str | None, line: int) -> str | None:
        if not text or not text.strip():
            return text
        mending = Mending(text)
        mends = mend_text(mending, self._raw.without)
        self._mends += (Mend(mend.kind, mend.before, mend.after, line) for mend in mends)
        return clean_characters(mending.text)

    def _shortcodes(self, body: HtmlElement) -> None:
        """Shortcodes that a page shows literally, cleaned as those of a copied article are."""
        for element in list(body.iter(etree.Element)):
            if in_code(element) or any(child.tag in _BLOCKS for child in element.iterdescendants(etree.Element)):
                continue
            if element.tag not in _BLOCKS and element is not body:
                continue
            if "[" not in text_of(element):
                continue
            inner = inner_html(element)
            calls = find_calls(inner, is_known, code=False, by_tag=is_frame)
            if not calls:
                continue
            pieces, end = [], 0
            for call in calls:
                pieces += [inner[end : call.start], self._mark(call, element.sourceline or 0)]
                end = call.end
            set_inner_html(element, "".join([*pieces, inner[end:]]))

    def _mark(self, call: Call, line: int) -> str:
        """A numbered mark in place of a call, until the text around it is Markdown."""
        number = len(self._written)
        self._names.add(call.name)
        self._written.append(self._calls.clean(call, line))
        shortcode = shortcode_for(call.name)
        if "\n" in self._written[-1] or (shortcode is not None and shortcode.block and not call.escaped):
            self._blocks.add(number)
        return f"{MARK_OPEN}{number}{MARK_CLOSE}"


def _remove_title(body: HtmlElement, title: str) -> None:
    heading = next(body.iter(*HEADINGS), None)
    if heading is not None and text_of(heading).casefold() == title.casefold():
        drop(heading)
