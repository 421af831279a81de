"""Page builders: WPBakery, Divi, Fusion (Avada), Enfold and their like. The frame goes, what it holds stays.

What a builder's call says in its attributes (a heading, a button, a picture, a film) is Markdown here, or one
of our own shortcodes.
"""

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote

from msgspec import Struct

from sitegen.shortcodes.addresses import is_absolute, safe_address
from sitegen.shortcodes.syntax import Call, Part, write_call
from sitegen.shortcodes.unknown import unknown_shortcode
from sitegen.shortcodes.written import Written, escaped

_NAME = re.compile(r"(?:vc|et_pb|fusion|av|wpb|cs|fl|us|nectar|mk|tatsu|elementor|siteorigin|su|mpc|ultimate)_[\w-]+")
# Frames of words within a line.
_INLINE = frozenset(
    "av_dropcap1 av_dropcap2 fusion_dropcap fusion_highlight fusion_popover fusion_tooltip fusion_modal_text_link "
    "su_highlight su_dropcap su_label su_tooltip".split()
)
# Nothing in these was for readers.
_SILENT = frozenset(
    "vc_empty_space vc_separator vc_zigzag vc_icon vc_raw_js vc_facebook vc_tweetmeme vc_pinterest vc_googleplus "
    "et_pb_divider et_pb_icon fusion_separator fusion_section_separator fusion_fontawesome fusion_menu_anchor "
    "fusion_global av_hr av_font_icon av_social_share su_spacer su_divider nectar_icon mk_divider mk_padding_divider "
    "us_separator cs_gap vc_wp_search vc_wp_meta vc_wp_calendar vc_wp_pages vc_wp_rss vc_wp_custommenu av_icon_box_end"
    .split()
)  # fmt: skip
_TITLES = ("title", "heading", "headline", "label", "tab_title")
_LEVEL = re.compile(r"\btag:h([1-6])\b")
_HEADING = re.compile(r"h([1-6])")
_WEB_LINK = re.compile(r"(?:^|\|)url:([^|]*)")
_LINK_TITLE = re.compile(r"(?:^|\|)title:([^|]*)")
_SOURCE = re.compile(r"\bsrc=[\"']([^\"']+)[\"']")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


class BuilderShortcode:
    """Any tag of a page builder: an opening tag alone, since its content is read as part of the text."""

    template: str = ""

    def __init__(self, *, block: bool) -> None:
        self.names: tuple[str, ...] = ()
        self.block = block

    def read(self, call: Call) -> Struct:
        """Markdown of what the tag itself says; a tag that says nothing and holds nothing is unknown."""
        if call.name in _SILENT:
            return Written("")
        if reading := _READINGS.get(call.name):
            return Written(reading(call), is_block=self.block)
        title = _words(call, *_TITLES)
        if call.name in _INLINE:
            return Written("")
        if not title and call.content is None and call.part is Part.WHOLE:
            raise unknown_shortcode(call)
        return Written(f"**{escaped(title)}**" if title else "", is_block=True)


BLOCK, INLINE = BuilderShortcode(block=True), BuilderShortcode(block=False)


def builder_of(name: str) -> BuilderShortcode | None:
    """The shortcode of a builder's name."""
    if not _NAME.fullmatch(name):
        return None
    return INLINE if name in _INLINE else BLOCK


def is_frame(name: str) -> bool:
    """Whether what stands between the tags of a name is text of the article, with calls of its own."""
    return _NAME.fullmatch(name) is not None and name not in _WHOLE


def _words(call: Call, *names: str) -> str:
    text = next((text for name in names if (text := " ".join(call.named.get(name, "").split()))), "")
    return _decoded_percent(text)


def _decoded_percent(text: str) -> str:
    """Divi writes quotes and brackets as `%22`, `%91`: it has signs of its own for them."""
    for sign, meant in (("%22", '"'), ("%91", "["), ("%93", "]"), ("``", '"')):
        text = text.replace(sign, meant)
    return text


def _heading(call: Call) -> str:
    text = _words(call, "text", "title", "heading") or " ".join((call.content or "").split())
    level = _LEVEL.search(call.named.get("font_container", "")) or _HEADING.fullmatch(
        call.named.get("tag") or call.named.get("size") or call.named.get("title_level") or ""
    )
    number = min(max(int(level[1]) if level else 2, 2), 6)
    written = call.content if call.content and not call.named.get("text") else escaped(text)
    return f"{'#' * number} {' '.join(written.split())}" if text else ""


def _button(call: Call) -> str:
    """A link, with the words that stood on the button."""
    packed = call.named.get("link") or ""
    found = _WEB_LINK.search(packed)
    target = unquote(found[1]) if found else packed.removeprefix("manually,")
    address = safe_address(target or _words(call, "button_url", "url", "href", "link_url"))
    title = _LINK_TITLE.search(packed)
    words = " ".join((call.content or "").split()) or _words(call, "title", "button_text", "label", "text")
    words = words or (unquote(title[1]) if title else "") or address
    if not address or address == "#":
        return escaped(words) if words else ""
    return f"[{escaped(words)}](<{address.replace('<', '%3C').replace('>', '%3E')}>)"


def _picture(call: Call) -> str:
    """A picture by its address; by the number of an attachment, only its place and its words."""
    told = (call.content or "").strip()
    found = _SOURCE.search(told)
    names = ("src", "image", "url", "image_url", "link", "portrait_url", "logo_image_url")
    written = found[1] if found else next(
        (value for name in names if "/" in (value := call.named.get(name, ""))), told if "/" in told else ""
    )  # fmt: skip
    address = safe_address(written)
    words = _words(call, "caption", "title", "title_text", "alt")
    picture = ""
    if address and not re.search(r"\s", address):
        picture = f"![{escaped(_words(call, 'alt', 'title_text'))}](<{address}>)"
        if not _words(call, "caption"):
            return picture
    return write_call("caption", {}, (), f"{picture} {escaped(words)}".strip() or " ")


def _film(call: Call) -> str:
    names = ("link", "src", "video", "video_url", "url", "video_webm", "src_webm", "embed", "id")
    written = next((value for name in names if (value := call.named.get(name, ""))), (call.content or "").strip())
    address = safe_address(written)
    if not address or re.search(r"[\s\[\]]", address):
        return ""
    if is_absolute(address):
        return write_call("embed", {"src": address})
    return write_call("video", {"src": address})


def _sound(call: Call) -> str:
    address = safe_address(call.named.get("audio") or call.named.get("src") or call.named.get("link") or "")
    return write_call("audio", {"src": address}) if address and not re.search(r"[\s\[\]]", address) else ""


def _gallery(call: Call) -> str:
    if call.part is Part.OPENING:
        return ""  # each picture has a call of its own
    names = ("images", "gallery_ids", "ids", "image_ids")
    ids = next((value for name in names if (value := call.named.get(name, ""))), "")
    return write_call("gallery", {"ids": ids} if ids else {})


def _raw_html(call: Call) -> str:
    """HTML that WPBakery and Fusion hide behind base64; it is cleaned like any other."""
    written = re.sub(r"<[^<>]*>", "", call.content or "") if _BASE64.fullmatch(call.content or "") else ""
    try:
        text = base64.b64decode("".join(written.split()), validate=True).decode() if written else call.content or ""
    except (binascii.Error, UnicodeDecodeError):
        text = call.content or ""
    # A blank line would end the block of HTML for Markdown.
    return re.sub(r"\n\s*\n", "\n", unquote(text) if "%" in text else text).strip()


def _map(call: Call) -> str:
    packed = call.named.get("link", "").removeprefix("#E-8_")
    try:
        text = unquote(base64.b64decode(packed, validate=True).decode()) if packed else ""
    except (binascii.Error, UnicodeDecodeError):
        text = packed
    found = _SOURCE.search(text)
    address = safe_address(found[1] if found else text)
    place = _words(call, "address", "title")
    if address and is_absolute(address) and not re.search(r"[\s\[\]]", address):
        return write_call("embed", {"src": address, **({"title": place} if place else {})})
    return escaped(place) if place else ""


def _titled(call: Call) -> str:
    """A box with a title, a line below it, and perhaps a link."""
    title, below = (
        _words(call, *_TITLES, "name", "author"),
        _words(call, "subhead", "subtitle", "job_title", "position"),
    )
    parts = [
        f"**{escaped(title)}**" if title else "",
        escaped(below) if below else "",
        _button(call) if "button_text" in call.named else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _number(call: Call) -> str:
    title, number = _words(call, "title", "label"), _words(call, "number", "value", "percent")
    unit = _words(call, "units", "unit") or ("%" if call.named.get("percent_sign") == "on" else "")
    return escaped(f"{title}: {number}{unit}" if title and number else title or number)


def _bars(call: Call) -> str:
    """WPBakery's bars: `values` is a JSON list behind percent signs, or `90|Development,80|Design`."""
    text = unquote(call.named.get("values", ""))
    pairs = re.findall(r'"label":"([^"]*)","value":"([^"]*)"', text) or [
        (label, value) for value, _, label in (part.partition("|") for part in re.split(r"[,\n]", text)) if label
    ]
    return "\n".join(f"- {escaped(f'{label}: {value}')}" for label, value in pairs)


_NAMES: tuple[tuple[Callable[[Call], str], str], ...] = (
    (_heading, "vc_custom_heading vc_text_separator et_pb_heading av_heading fusion_title su_heading cs_text_headline "
               "us_heading nectar_animated_title mk_fancy_title"),
    (_button, "vc_btn vc_button vc_button2 et_pb_button fusion_button av_button av_button_big su_button us_btn "
              "nectar_btn mk_button cs_button"),
    (_picture, "vc_single_image et_pb_image et_pb_fullwidth_image fusion_imageframe fusion_gallery_image av_image "
               "us_image mk_image nectar_image_with_hotspots"),
    (_gallery, "vc_gallery vc_images_carousel et_pb_gallery fusion_gallery fusion_images av_gallery "
               "av_horizontal_gallery av_masonry_gallery us_gallery"),
    (_film, "vc_video et_pb_video et_pb_video_slider_item fusion_video av_video us_video"),
    (_sound, "et_pb_audio fusion_audio av_player"),
    (_raw_html, "vc_raw_html fusion_code et_pb_code et_pb_fullwidth_code av_codeblock"),
    (_map, "vc_gmaps et_pb_map fusion_map av_google_map us_gmaps"),
    (_titled, "et_pb_slide et_pb_blurb et_pb_cta et_pb_fullwidth_header et_pb_testimonial et_pb_team_member "
              "et_pb_pricing_table vc_cta vc_cta_button vc_message vc_toggle fusion_tagline_box fusion_person "
              "fusion_testimonial fusion_content_box av_icon_box av_team_member av_testimonial_single av_promobox "
              "av_slide av_slide_full"),
    (_number, "et_pb_number_counter et_pb_circle_counter et_pb_counter vc_pie fusion_counter_box fusion_progress "
              "av_progress_bar"),
    (_bars, "vc_progress_bar"),
)  # fmt: skip
_READINGS = {name: reading for reading, names in _NAMES for name in names.split()}
# What these enclose is no text of the article but their own.
_WHOLE = frozenset(
    name for name, reading in _READINGS.items() if reading in (_heading, _button, _picture, _film, _raw_html)
)
