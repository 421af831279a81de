"""The content of an item on its way to Markdown: blocks, paragraphs, shortcodes, footnotes."""

import json
import re
from urllib.parse import unquote

from sitegen.importers.account import Account, loss_problem
from sitegen.importers.blocks import MARK_CLOSE, MARK_OPEN
from sitegen.importers.calls import CallCleaner, plain_call
from sitegen.importers.html_to_markdown import markdown_of_html, text_of_fragment
from sitegen.importers.mending import letters
from sitegen.importers.raw import SideFile, poll_side_file
from sitegen.importers.report import Guess, SetAside
from sitegen.importers.wordpress.core_calls import CORE_CALLS, CoreCalls
from sitegen.importers.wordpress.library import Library
from sitegen.importers.wordpress.marked_calls import Written, escaped_call, put_back, without_calls
from sitegen.importers.wordpress.paragraphs import autop
from sitegen.importers.wordpress.polls import POLL_TYPE, TITLED_CALLS
from sitegen.importers.wordpress.wxr import WxrItem
from sitegen.model import Location, PollRecord, Problem, Severity
from sitegen.shortcodes.poll import poll_block
from sitegen.shortcodes.poll_calls import read_poll_call
from sitegen.shortcodes.poll_values import Poll, PollPlace
from sitegen.shortcodes.registry import is_known, shortcode_for
from sitegen.shortcodes.syntax import Call, find_calls, write_call

_MAX_SUMMARY = 500
_MAX_CALL_DEPTH = 8
_MAX_TOLD = 160

_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_BLOCK_COMMENT = re.compile(r"<!--\s*(/?)wp:([a-z0-9/_-]+)(?:\s+(\{(?:[^-]|-(?!->))*?\}))?\s*(/?)-->")
_MORE = re.compile(r"<!--more(?:\s[^>]*)?-->")
_PAGE_BREAK = re.compile(r"<!--nextpage-->")


class Body:
    """The content of one item on its way to Markdown, with a tally of what was done."""

    def __init__(self, item: WxrItem, library: Library, path: str, *, is_mending: bool = True) -> None:
        self.guesses: list[Guess] = []
        self.calls = CallCleaner(path, is_mending=is_mending)
        self._is_mending = is_mending  # else calls stay as they are
        self.problems: list[Problem] = []
        self.set_aside: list[SetAside] = []
        self.poll_files: list[SideFile] = []
        self.shown: list[str] = []  # ids of the export's own polls
        self.used_fields: frozenset[str] = frozenset()
        self.account = Account("")
        self._aside: list[str] = []  # whole, for the account of characters
        self._names: set[str] = set()  # of shortcodes
        self._item = item
        self._library = library
        self._path = path
        self._core = CoreCalls(item, library, path, self._converted_within)
        self._footnotes: dict[str, str] = {}
        self._depth = 0

    def markdown(self) -> str:
        """The whole body; what there is to tell is known then."""
        content = self._item.content
        if "\r" in content:
            content = content.replace("\r\n", "\n").replace("\r", "\n")
        if "data-fn" in content:
            self._footnotes = _footnotes(self._item.meta_value("footnotes"))
            self.used_fields = frozenset({"footnotes"}) if self._footnotes else frozenset()
        markdown = self._converted(content, self._item.content_line)
        self.problems += self._core.problems
        self.set_aside += self._core.set_aside
        if self._item.password and self._item.status == "publish":
            message = f'"{self._item.title}" was behind a password; it is a draft now'
            place = Location(self._path, self._item.line)
            self.problems.append(Problem(place, "password", message, "take out `draft`", Severity.WARNING))
        whole = "\n\n".join(part for part in (markdown, *self._core.notes) if part)
        self._settle(content, whole)
        return whole

    def _settle(self, content: str, markdown: str) -> None:
        """Every text of the content must be found again; one that is not is a loss."""
        self.account = Account(markdown, (*self._aside, *self._core.data), self._names)
        self.account.book_html(content, self._item.content_line)
        self.account.add("title", letters(self._item.title))
        self.account.add("metadata", letters(self._item.excerpt))
        self.problems += (loss_problem(self._path, loss) for loss in self.account.losses)

    def title_of_text(self) -> str:
        """The first words, for an article without a title."""
        words = text_of_fragment(_MARK.sub("", self._item.content.replace("[", " [")))[:400].split()
        words = [word for word in words if word[0] not in "[<"]
        if not words:
            return self._item.slug and unquote(self._item.slug).replace("-", " ")
        title = " ".join(words[:10]) + ("…" if len(words) > 10 else "")
        self.guesses.append(Guess("title", title, "no title; the first words of the text", 0.3, self._item.line))
        return title

    def teaser(self) -> str:
        """What stood before "Read more", where that is short."""
        more = _MORE.search(self._item.content)
        if not more or find_calls(self._item.content[: more.start()], _is_taken_out, code=False):
            return ""
        text = text_of_fragment(self._item.content[: more.start()])
        return text if len(text) <= _MAX_SUMMARY else ""

    def _converted_within(self, content: str, line: int) -> str | None:
        """Markdown of what a call encloses; None where calls are nested too deep."""
        return self._converted(content, line) if self._depth <= _MAX_CALL_DEPTH else None

    def _converted(self, content: str, line: int) -> str:
        """Markdown of content: calls out, blocks and paragraphs to HTML, HTML to Markdown, calls back."""
        self._depth += 1
        text, calls = without_calls(content, _is_taken_out)
        written = [self._written(call, line) for call in calls]
        self._names |= {call.name for call in calls}
        source = self._blocks(text, line) if "<!-- wp:" in text else autop(text)
        if "<!--nextpage" in source:
            self._tell(_PAGE_BREAK.findall(source), "a page break; the article stands on one page", line)
        blocks = frozenset(number for number, each in enumerate(written) if each.is_block)
        converted = markdown_of_html(
            source, block_marks=blocks, footnotes=self._footnotes, picture=self._library.picture
        )
        self.set_aside += (SetAside(aside.text, aside.reason, line) for aside in converted.set_aside)
        self._aside += converted.aside
        self._depth -= 1
        return put_back(converted.markdown, written)

    # Blocks of the block editor

    def _blocks(self, text: str, line: int) -> str:
        """HTML without the block editor's comments; loose text between blocks becomes paragraphs."""
        parts: list[str] = []
        depth, end, language = 0, 0, ""
        for match in _BLOCK_COMMENT.finditer(text):
            between = text[end : match.start()]
            end = match.end()
            parts.append(_with_language(between, language) if depth else autop(between) if between.strip() else "\n")
            language = ""
            if match[1]:
                depth = max(depth - 1, 0)
            elif match[4]:
                parts.append(self._dynamic_block(match, line))
            else:
                depth += 1
                language = _language_of(match[3])
        rest = text[end:]
        return "".join([*parts, rest if depth else autop(rest) if rest.strip() else ""])

    def _dynamic_block(self, match: re.Match[str], line: int) -> str:
        """A block that holds no text of its own: reusable ones are put in, others are told."""
        found = re.search(r'"ref":(\d+)', match[3] or "")
        if match[2] in ("block", "core/block") and found and self._depth < _MAX_CALL_DEPTH:
            content = self._library.block(found[1])
            if content:
                self._depth += 1
                inner = self._blocks(content, line) if "<!-- wp:" in content else autop(content)
                self._depth -= 1
                return inner
        if match[2] not in ("spacer", "separator", "footnotes", "more", "nextpage"):
            reason = "a block that WordPress filled in anew whenever the page was shown"
            self._tell([match[0]], reason, line)
        return "\n"

    def _tell(self, texts: list[str], reason: str, line: int) -> None:
        self.set_aside += (SetAside(text[:_MAX_TOLD], reason, line) for text in texts)

    # Shortcodes

    def _written(self, call: Call, line: int) -> Written:
        place = line + call.line - 1
        if call.escaped:
            return escaped_call(call)
        if done := self._core.draw(call, place):
            return done
        shortcode = shortcode_for(call.name)
        if call.name in ("poll", POLL_TYPE):
            return self._poll(call, place)
        if call.name in TITLED_CALLS:
            self._name_poll(call)
        if shortcode is None:
            self.calls.read(call, Location(self._path, place))
        is_block = shortcode.block if shortcode else call.content is not None
        return Written(self._rewritten(call, place), is_block)

    def _poll(self, call: Call, line: int) -> Written:
        number = call.named.get("id", "")
        if call.name == POLL_TYPE and (stored := self._library.poll(number)):
            self.calls.polls += 1
            self.shown.append(number)
            self.poll_files.append(poll_side_file(stored.record))
            return Written(poll_block(stored.poll))
        value = self.calls.read(call, Location(self._path, line))
        if isinstance(value, Poll):
            return Written(poll_block(value) if self._is_mending else call.source)
        if call.name != POLL_TYPE and self._library.has_poll(number):
            # WP-Polls counts its polls by itself: its second one is not the poll that is post number two.
            return Written(write_call("poll", {"id": f"wp-polls-{number}"}))
        return Written(plain_call(call) if self._is_mending else call.source)

    def _name_poll(self, call: Call) -> None:
        """A data file with the question of a poll whose answers the export does not tell."""
        place, _ = read_poll_call(call)
        title = self._library.poll_title(place.id)
        if title and isinstance(place, PollPlace) and place.key:
            self.poll_files.append(poll_side_file(PollRecord(key=place.key, question=title)))

    def _rewritten(self, call: Call, line: int) -> str:
        """A call in plain quotes, what it encloses in Markdown."""
        if call.content is None or self._depth > _MAX_CALL_DEPTH:
            if not self._is_mending:
                return call.source
            return self._mended(call, plain_call(call), line)
        inner = self._converted(call.content, line)
        if call.name in ("caption", "wp_caption"):
            inner = re.sub(r"(?:  |<br>)?\n+", " ", inner)
        elif "\n" in inner:
            inner = f"\n\n{inner}\n\n"
        if not self._is_mending and (tags := _tags_of(call)):
            return f"{tags[0]}{inner}{tags[1]}"
        try:
            return write_call(call.name, call.named, call.positional, inner)
        except ValueError:
            return self._mended(call, call.source, line)

    def _mended(self, call: Call, clean: str, line: int) -> str:
        if call.damage:
            self.calls.tell_mend(call, clean, line)
        return clean


def _tags_of(call: Call) -> tuple[str, str] | None:
    """The opening and the closing tag of a call that encloses something, as they are written."""
    content = call.content or ""
    end = call.source.rfind("[/")
    start = end - len(content)
    return (call.source[:start], call.source[end:]) if call.source[max(0, start) : end] == content else None


def _footnotes(stored: str) -> dict[str, str]:
    """The block editor's footnotes by id."""
    try:
        notes = json.loads(stored)
        return {str(note["id"]): str(note["content"]) for note in notes}
    except (ValueError, TypeError, KeyError):
        return {}


def _is_taken_out(name: str) -> bool:
    return is_known(name) or name in CORE_CALLS


def _language_of(attributes: str | None) -> str:
    """The language of a code block, as plug-ins write it into the block's comment."""
    if not attributes or "lang" not in attributes.lower():
        return ""
    match = re.search(r'"(?:code)?lang(?:uage)?"\s*:\s*"([\w#+.-]{1,30})"', attributes, re.IGNORECASE)
    return match[1] if match else ""


def _with_language(text: str, language: str) -> str:
    return text.replace("<pre", f'<pre data-lang="{language}"', 1) if language else text
