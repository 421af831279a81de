"""Sites whose pages were embedded in others: their addresses, their shortcodes, and what they hold."""

import re
from urllib.parse import quote

from msgspec import Struct

from sitegen.shortcodes.addresses import host_of


class Provider(Struct, frozen=True):
    """A site that others embed."""

    name: str
    kind: str  # what it holds: "video", "sound", "post", "map", "code", "document", "pictures", "page"
    hosts: tuple[str, ...]  # and all below them
    calls: tuple[str, ...] = ()  # names of shortcodes
    address: str = ""  # of what has the id {}
    ids: str = r"[\w.:/-]+"


PROVIDERS = (
    Provider("YouTube", "video", ("youtube.com", "youtu.be", "youtube-nocookie.com"),
             ("youtube", "youtube_sc", "embedyt", "lyte", "su_youtube", "fusion_youtube"),
             "https://www.youtube.com/watch?v={}", r"[\w-]{6,20}"),
    Provider("Vimeo", "video", ("vimeo.com",), ("vimeo", "su_vimeo", "fusion_vimeo"), "https://vimeo.com/{}", r"\d+"),
    Provider("Dailymotion", "video", ("dailymotion.com", "dai.ly"), ("dailymotion", "su_dailymotion"),
             "https://www.dailymotion.com/video/{}", r"\w+"),
    Provider("TED", "video", ("ted.com",), ("ted",), "https://www.ted.com/talks/{}", r"\w+"),
    Provider("VideoPress", "video", ("videopress.com",), ("wpvideo", "videopress"),
             "https://videopress.com/v/{}", r"\w+"),
    Provider("TikTok", "video", ("tiktok.com",), ("tiktok",)),
    Provider("Twitch", "video", ("twitch.tv",), ("twitch",), "https://www.twitch.tv/{}", r"\w+"),
    Provider("Rumble", "video", ("rumble.com",)),
    Provider("PeerTube", "video", ("framatube.org",)),
    Provider("SoundCloud", "sound", ("soundcloud.com", "snd.sc"), ("soundcloud", "fusion_soundcloud")),
    Provider("Spotify", "sound", ("spotify.com",), ("spotify",), "https://open.spotify.com/{}", r"[\w:/]+"),
    Provider("Mixcloud", "sound", ("mixcloud.com",), ("mixcloud",), "https://www.mixcloud.com/{}"),
    Provider("Bandcamp", "sound", ("bandcamp.com",), ("bandcamp",)),
    Provider("Deezer", "sound", ("deezer.com",), ("deezer",)),
    Provider("Apple Podcasts", "sound", ("podcasts.apple.com",)),
    Provider("Audioboom", "sound", ("audioboom.com",), ("audioboom",)),
    Provider("X", "post", ("twitter.com", "x.com"), ("tweet", "twitter", "twitter-timeline"),
             "https://x.com/i/status/{}", r"\d+"),
    Provider("Instagram", "post", ("instagram.com", "instagr.am"), ("instagram",),
             "https://www.instagram.com/p/{}/", r"[\w-]+"),
    Provider("Facebook", "post", ("facebook.com", "fb.watch", "fb.com"), ("facebook", "facebook_post")),
    Provider("Bluesky", "post", ("bsky.app",), ("bluesky",)),
    Provider("Mastodon", "post", ("mastodon.social",), ("mastodon",)),
    Provider("Reddit", "post", ("reddit.com",), ("reddit",)),
    Provider("Threads", "post", ("threads.net", "threads.com"), ("threads",)),
    Provider("Telegram", "post", ("t.me",), ("telegram",)),
    Provider("Tumblr", "post", ("tumblr.com",)),
    Provider("Pinterest", "pictures", ("pinterest.com", "pin.it"), ("pinterest",)),
    Provider("Flickr", "pictures", ("flickr.com", "flic.kr"), ("flickr",), "https://www.flickr.com/photos/{}"),
    Provider("Imgur", "pictures", ("imgur.com",), ("imgur",)),
    Provider("Google Maps", "map", ("google.com/maps", "maps.google.com", "maps.app.goo.gl", "goo.gl/maps"),
             ("googlemaps", "google_maps", "googlemap")),
    Provider("OpenStreetMap", "map", ("openstreetmap.org", "umap.openstreetmap.fr"), ("openstreetmap",)),
    Provider("GitHub Gist", "code", ("gist.github.com",), ("gist",), "https://gist.github.com/{}", r"[\w/-]+"),
    Provider("CodePen", "code", ("codepen.io",), ("codepen",)),
    Provider("SlideShare", "document", ("slideshare.net",), ("slideshare",)),
    Provider("Speaker Deck", "document", ("speakerdeck.com",), ("speakerdeck",)),
    Provider("Scribd", "document", ("scribd.com",), ("scribd",), "https://www.scribd.com/document/{}", r"\d+"),
    Provider("Issuu", "document", ("issuu.com",), ("issuu",)),
    Provider("Google Docs", "document", ("docs.google.com", "drive.google.com"), ("gview", "googleapps")),
    Provider("Internet Archive", "page", ("archive.org",), ("archiveorg", "archives"),
             "https://archive.org/details/{}", r"[\w.-]+"),
    Provider("Kickstarter", "page", ("kickstarter.com",), ("kickstarter",)),
    Provider("Wikipedia", "page", ("wikipedia.org",)),
)  # fmt: skip

_BY_CALL = {call: provider for provider in PROVIDERS for call in provider.calls}
_BY_HOST = {host: provider for provider in PROVIDERS for host in provider.hosts}
# Addresses of frames, and the pages that they show.
_FRAMES = (
    (re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]+).*"), r"https://www.youtube.com/watch?v=\1"),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
    (re.compile(r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+).*"), r"https://www.dailymotion.com/video/\1"),
    (re.compile(r"https?://open\.spotify\.com/embed/(.*)"), r"https://open.spotify.com/\1"),
    (re.compile(r"https?://platform\.twitter\.com/embed/.*[?&]id=(\d+).*"), r"https://x.com/i/status/\1"),
)  # fmt: skip
_FRAME_ONLY = re.compile(r"https?://api\.soundcloud\.com/")


def provider_of_call(name: str) -> Provider | None:
    """Whose shortcode a name is."""
    return _BY_CALL.get(name)


def provider_of(address: str) -> Provider | None:
    """Whose page an address shows."""
    host = host_of(address)
    path = address.split("/", 4)[3] if address.count("/") > 2 else ""
    while host:
        if found := _BY_HOST.get(host) or _BY_HOST.get(f"{host}/{path.split('?')[0]}"):
            return found
        host = host.partition(".")[2]
    return None


def page_address(address: str) -> str:
    """The page that an embedded address shows."""
    for frame, page in _FRAMES:
        if frame.fullmatch(address):
            return frame.sub(page, address)
    if _FRAME_ONLY.match(address):
        return f"https://w.soundcloud.com/player/?url={quote(address, safe='')}"
    return address
