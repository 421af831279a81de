"""Shortcodes that WordPress and page builders draw themselves, as Markdown."""

import base64
import binascii
import html
import re
from collections.abc import Callable
from urllib.parse import unquote

from sitegen.importers.html_to_markdown import Picture, markdown_of_html, text_of_fragment
from sitegen.importers.plain_text import markdown_of_text
from sitegen.importers.report import SetAside
from sitegen.importers.wordpress.library import Library
from sitegen.importers.wordpress.marked_calls import Written
from sitegen.importers.wordpress.wxr import WxrItem
from sitegen.model import Location, Problem, Severity
from sitegen.shortcodes.syntax import Call, write_call

_AUDIO = ("src", "mp3", "m4a", "ogg", "wav", "wma")
_VIDEO = ("src", "mp4", "m4v", "webm", "ogv", "wmv", "flv")
_CODE_CALLS = frozenset(
    "code sourcecode source cc css bash c cpp csharp diff java javascript js perl php python ruby sql xml".split()
)
_NOTE_CALLS = frozenset("footnote footnotes_note ref efn_note mfn fn note_ref".split())
_MAX_TOLD = 160
_LAYOUT = re.compile(r"(?:vc|et_pb|fusion|av|wpb|cs|fl|us|nectar|mk|tatsu)_\w+")
CORE_CALLS = frozenset({"gallery", "audio", "video", "embed", "playlist", *_NOTE_CALLS})


class CoreCalls:
    """Draws the calls of one item, and keeps what it has to tell.

    `convert` gives the Markdown of what a call encloses, None where calls are nested too deep.
    """

    def __init__(self, item: WxrItem, library: Library, path: str, convert: Callable[[str, int], str | None]) -> None:
        self.problems: list[Problem] = []
        self.set_aside: list[SetAside] = []
        self.data: list[str] = []  # what calls enclosed that is not text
        self.notes: list[str] = []  # footnotes, as they end the article
        self._item = item
        self._library = library
        self._path = path
        self._convert = convert

    def draw(self, call: Call, line: int) -> Written | None:
        """What WordPress and its builders draw themselves; None where it cannot be told in Markdown."""
        if call.name == "gallery":
            return self._gallery(call)
        if call.name == "playlist":
            return self._playlist(call)
        if call.name in ("audio", "video"):
            return self._player(call)
        if call.name in _NOTE_CALLS:
            return self._note(call, line)
        if call.name == "embed":
            address = (call.content or call.named.get("src", "")).strip()
            is_address = re.fullmatch(r"https?://[^\s<>]+", address)
            return Written(f"<{html.unescape(address)}>", False, False) if is_address else None
        if call.name in _CODE_CALLS:
            return _code(call)
        return self._layout(call, line) if _LAYOUT.fullmatch(call.name) else None

    def _gallery(self, call: Call) -> Written | None:
        told = call.named.get("ids") or call.named.get("include") or ""
        left = set(re.findall(r"\d+", call.named.get("exclude", "")))
        numbers = re.findall(r"\d+", told) or self._library.attached_to(call.named.get("id") or self._item.id)
        pictures = [(number, self._library.picture(number)) for number in numbers if number not in left]
        lines = [" ".join(filter(None, _image_and_words(picture))) for _number, picture in pictures if picture.url]
        missing = [number for number, picture in pictures if not picture.url]
        if not lines:
            return None
        if missing:
            place = Location(self._path, self._item.content_line + call.line - 1)
            message = f"{len(missing)} pictures of a gallery are not in the export: {', '.join(missing[:20])}"
            hint = "export all content of the site"
            self.problems.append(Problem(place, "gallery", message, hint, Severity.WARNING))
        columns = call.named.get("columns", "")
        shape = {"columns": columns} if re.fullmatch(r"[1-9]", columns) else {}
        try:
            return Written(write_call("gallery", shape, (), "\n" + "\n".join(lines) + "\n"))
        except ValueError:
            return Written("\n\n".join(lines), True, False)

    def _playlist(self, call: Call) -> Written | None:
        numbers = re.findall(r"\d+", call.named.get("ids", "")) or self._library.attached_to(self._item.id)
        links = [
            f"- [{markdown_of_text(self._library.title(number) or picture.url)}]({picture.url.replace(' ', '%20')})"
            for number in numbers
            if (picture := self._library.picture(number)).url
        ]
        return Written("\n".join(links), True, False) if links else None

    def _player(self, call: Call) -> Written | None:
        names = _AUDIO if call.name == "audio" else _VIDEO
        address = next((call.named[name] for name in names if call.named.get(name)), "")
        address = address or next((value for value in call.positional if "://" in value), "")
        if not re.match(r"https?://|/", address):
            return None
        if re.search(r"//(?:www\.)?(?:youtube\.com|youtu\.be|vimeo\.com)/", address):
            return Written(f"<{address}>", True, False)
        return Written(f'<{call.name} controls src="{html.escape(address)}"></{call.name}>', True, False)

    def _note(self, call: Call, line: int) -> Written | None:
        said = (call.content or "").strip()
        if not said:
            return None
        number = len(self.notes) + 1
        self.notes.append("")
        text = self._convert(said, line)
        if text is None:
            text = markdown_of_text(text_of_fragment(said))
        self.notes[number - 1] = f"[^note-{number}]: " + text.replace("\n", "\n    ")
        return Written(f"[^note-{number}]", False, False)

    def _layout(self, call: Call, line: int) -> Written | None:
        """A page builder's call: what it encloses stays, the frame is told."""
        text = _text_of_layout(call, self._library)
        if text is not None:
            self.data.append(call.content or "")
        if text is None and call.content is not None:
            text = self._convert(call.content, line)
        if text is None:
            return None
        opening = call.source.partition("]")[0] + "]"
        self.set_aside.append(SetAside(opening[:_MAX_TOLD], "the frame of a page builder; its content is kept", line))
        return Written(text, True, False)


def _image_and_words(picture: Picture) -> tuple[str, str]:
    alt = html.escape(picture.alt).replace("[", "&#91;").replace("]", "&#93;")
    image = f"![{alt}]({picture.url.replace(' ', '%20').replace('(', '%28').replace(')', '%29')})"
    return image, re.sub(r"\s+", " ", markdown_of_html(picture.caption).markdown)


def _figure(number: str, picture: Picture) -> str:
    image, words = _image_and_words(picture)
    try:
        return write_call("caption", {"id": f"attachment_{number}"}, (), f"{image} {words}") if words else image
    except ValueError:
        return f"{image}\n\n{words}"


def _code(call: Call) -> Written | None:
    if call.content is None:
        return None
    language = call.named.get("language") or call.named.get("lang") or ""
    if call.name not in ("code", "sourcecode", "source"):
        language = language or call.name
    text = re.sub(r"\A(?:[ \t]*\n)+", "", call.content).rstrip()
    if "&" in text and "<" not in text:
        text = html.unescape(text)  # the visual editor stores code with its signs escaped
    if not re.fullmatch(r"[\w#+.-]*", language):
        language = ""
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", text, re.MULTILINE)), default=2)
    fence = "`" * max(3, longest + 1)
    return Written(f"{fence}{language.lower()}\n{text}\n{fence}", True, False)


def _text_of_layout(call: Call, library: Library) -> str | None:
    """What a builder's call without content says."""
    if call.name in ("vc_raw_html", "vc_raw_js") and call.content:
        try:
            source = unquote(base64.b64decode(call.content.strip(), validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            return None
        return markdown_of_html(source).markdown
    if call.name == "vc_custom_heading" and call.named.get("text"):
        return "## " + markdown_of_text(text_of_fragment(call.named["text"]), is_start=False)
    if call.name == "vc_single_image" and (picture := library.picture(call.named.get("image", ""))).url:
        return _figure(call.named["image"], picture)
    if call.name in ("et_pb_image", "av_image") and re.match(r"https?://", call.named.get("src", "")):
        return _figure("0", Picture(call.named["src"], call.named.get("alt", "")))
    return None
