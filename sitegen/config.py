"""`sitegen.toml` is read here into frozen structs; past this file nobody sees a dict."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct, field

from sitegen.colours import DARK_ACCENT, DARK_PAPER, ENOUGH, LIGHT_PAPER, contrast, is_colour, readable_on
from sitegen.model import Location, Problem, SiteError
from sitegen.places import CONFIG_FILE, OUTPUT_FOLDER, STATE_FOLDER
from sitegen.spelling import did_you_mean

POLL_BACKENDS = ("none", "netlify", "formspree", "web3forms", "basin", "cloudflare", "url")
_POLL_FIELDS = ("answer", "article", "poll_id", "question")
MENDS = ("mojibake", "entity", "invisible", "glued-sentence", "shortcode")  # damage to text that an import undoes
REDIRECT_MAPS = frozenset({"netlify", "nginx", "apache"})
FEED_FILES = {"atom": "feed.xml", "rss": "rss.xml", "json": "feed.json"}
_URL = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?")
_THANKS = re.compile(r"/(?:[a-z0-9-]+/)+")
_FAMILY = re.compile(r"[A-Za-z][A-Za-z0-9 -]*")
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:/|$)")


class SiteTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[site]`: what the archive says of itself."""

    title: str = "Archive"
    description: str = ""
    url: str = ""  # absolute; "" as long as nobody knows where the site will live
    language: str = "en"
    timezone: str = "UTC"
    author: str = ""
    portable: bool = False  # links name index.html, so that the archive opens from a disk


class PathsTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[paths]`: folders, relative to the site."""

    content: str = "content"
    templates: str = "templates"
    output: str = OUTPUT_FOLDER


class PermalinksTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[permalinks]`: patterns for where articles live."""

    dated: str = "/{year}/{month}/{slug}/"
    undated: str = "/articles/{slug}/"
    on_collision: str = "error"  # of two articles with one path; "suffix" gives the later one a number


class ListingsTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[listings]`: how many articles stand on one page, and among which an article has its number."""

    page_size: int = 40
    home_size: int = 12
    feed_size: int = 20
    number_in: str = "month"  # "Article 2 of 31 in May 2012", or in the "archive": "Article 4,213 of 10,000"


class ThemeTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[theme]`: colours, fonts and a logo. Files are named relative to `static/` in the site's templates folder."""

    accent: str = "#8a1c14"  # of links, on light paper
    accent_dark: str = ""  # the same by night; "" makes it of the other
    text_font: str = "serif"  # "serif", "sans", or a family of [theme.fonts]
    label_font: str = "sans"
    fonts: dict[str, str] = {}  # family -> file
    logo: str = ""  # file of a picture beside the site's name


class FeedsTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[feeds]`: which kinds each feed has: "atom", "rss", "json"; none switches those feeds off."""

    site: tuple[str, ...] = ("atom", "rss", "json")
    sections: tuple[str, ...] = ("atom", "rss", "json")
    authors: tuple[str, ...] = ("atom", "rss", "json")
    tags: tuple[str, ...] = ("atom", "rss", "json")
    min_articles: int = 2  # a tag or author with fewer has no feed


class DataTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[data]`: what machines may read beside pages and feeds."""

    years: bool = True  # data/YEAR.jsonl: all articles, one JSON object a line
    listings: bool = False  # index.json beside each page of a listing
    llms: bool = False  # llms.txt


class SearchTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[search]`: how readers find words."""

    engine: str = "own"  # an index of ours, which browsers search; "none": there is no search


class RedirectsTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[redirects]`: how old addresses lead on."""

    stubs: bool = True  # a page at each old address, for hosts that know no redirects
    maps: tuple[str, ...] = ("netlify", "nginx", "apache")  # files for hosts that do
    moved: dict[str, str] = {}  # old path -> path of this site, or an address elsewhere


class ImagesTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[images]`: how pictures are shown."""

    renditions: bool = True  # false: pictures are shown as they are, in one size
    widths: tuple[int, ...] = (480, 960, 1600)
    formats: tuple[str, ...] = ("avif", "webp")
    avif_quality: int = 55
    webp_quality: int = 78
    megapixels: float = 100.0  # a larger picture is refused


class BuildTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[build]`: how the work is done; nothing here changes a byte of the output."""

    workers: int = 0  # 0: one for each core; 1: no other process
    executor: str = "processes"  # or "dask": the workers of a cluster
    scheduler: str = ""  # address of the cluster's scheduler: "tcp://10.0.0.1:8786"
    seconds_per_article: float = 10.0
    megabytes_per_article: float = 5.0


class PollTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[poll]`: where votes go. docs/polls.md tells what each back end needs."""

    backend: str = ""  # of POLL_BACKENDS; "" is "url" with an endpoint and "none" without
    endpoint: str = ""  # https address that votes are sent to
    key: str = ""  # the form's id at Formspree or Basin, the access key at Web3Forms
    thanks_url: str = ""  # page to show after a vote: a path of this site, or an https address
    honeypot: str = ""  # name of a field that only robots fill in
    closed: bool | dt.date = False  # voting is over, everywhere or from a day on
    remember: bool = False  # a small script keeps readers' own choices in their browsers

    @property
    def service(self) -> str:
        """The back end, one of POLL_BACKENDS."""
        return self.backend or ("url" if self.endpoint else "none")


class FieldsTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[import.fields]`: what our fields are called in JSON and tables; "" goes by the usual names."""

    title: str = ""
    body: str = ""
    body_format: str = ""  # name of a field, or "html", "markdown", "text" for all
    date: str = ""
    updated: str = ""
    authors: str = ""
    section: str = ""
    tags: str = ""
    lang: str = ""
    slug: str = ""
    url: str = ""
    summary: str = ""
    image: str = ""
    aliases: str = ""
    draft: str = ""
    status: str = ""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Our names and theirs, of the fields that are given."""
        return tuple((key, name) for key in self.__struct_fields__ if (name := getattr(self, key)))


class MediaTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[import.media]`: how much `--media` fetches, and how fast."""

    megabytes_per_file: float = 50.0
    megabytes: float = 5000.0  # of one run
    files: int = 100_000  # of one run
    seconds: float = 0.0  # of one run; 0: no limit
    seconds_per_file: float = 600.0
    seconds_between: float = 0.2  # two requests to one host, in each of two lanes
    allow_private: tuple[str, ...] = ()  # hosts of one's own network, "intranet.example:8080"


class ImportTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[import]`: how raw articles are taken in."""

    inbox: str = "raw"  # folder below content/
    languages: tuple[str, ...] = ()  # what the articles may be written in; () is anything
    without: tuple[str, ...] = ()  # of MENDS: damage that is left as it is
    fields: FieldsTable = FieldsTable()
    media: MediaTable = MediaTable()
    keep_raw: bool = False  # a copy of each raw article lies beside its page, as plain text


class PublishTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[publish.NAME]`: one target."""

    type: str = "directory"
    path: str = ""
    max_deletes: int = 256


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `sitegen.toml`."""

    site: SiteTable = SiteTable()
    paths: PathsTable = PathsTable()
    permalinks: PermalinksTable = PermalinksTable()
    listings: ListingsTable = ListingsTable()
    theme: ThemeTable = ThemeTable()
    feeds: FeedsTable = FeedsTable()
    data: DataTable = DataTable()
    redirects: RedirectsTable = RedirectsTable()
    search: SearchTable = SearchTable()
    build: BuildTable = BuildTable()
    images: ImagesTable = ImagesTable()
    poll: PollTable = PollTable()
    import_: ImportTable = field(name="import", default=ImportTable())
    sections: dict[str, str] = {}  # slug -> title
    slugs: dict[str, str] = {}  # text -> slug, for what transliteration would merge
    publish: dict[str, PublishTable] = {}


class Site(Struct, frozen=True):
    """A configured site on disk."""

    folder: Path
    config: Config

    @property
    def content(self) -> Path:
        """Folder of the Markdown articles."""
        return self.folder / self.config.paths.content

    @property
    def inbox(self) -> Path:
        """Folder of the raw articles that a build takes in."""
        return self.content / self.config.import_.inbox

    @property
    def templates(self) -> Path:
        """Folder of the site's own templates; it need not exist."""
        return self.folder / self.config.paths.templates

    @property
    def state(self) -> Path:
        """Folder of what sitegen remembers between two runs."""
        return self.folder / STATE_FOLDER


def read_site(folder: Path) -> Site:
    """Read the configuration in `folder`.

    Raises SiteError with the line and a hint for a missing file, bad TOML, an unknown key or a wrong value.
    """
    path = folder / CONFIG_FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise SiteError(
            Problem(
                Location(str(path)),
                "no-site",
                "no sitegen.toml here",
                "run `sitegen init`, or name the site with -C",
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(Problem(Location(str(path)), "config", f"can't be read: {error}")) from None
    return Site(folder, parse_config(text, CONFIG_FILE))


def parse_config(text: str, name: str = CONFIG_FILE) -> Config:
    """Config of the TOML `text`; raises SiteError at the line of `name` that is wrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SiteError(
            Problem(Location(name, int(line[1]) if line else 0), "config", f"not valid TOML: {error}")
        ) from None
    _refuse_unknown_keys(table, Config, (), text, name)
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise _problem_of(error, text, name) from None
    _check_values(config, text, name)
    return config


def _refuse_unknown_keys(table: dict[str, Any], cls: type[Struct], way: tuple[str, ...], text: str, name: str) -> None:
    fields = {f.encode_name: f.type for f in msgspec.structs.fields(cls)}
    for key, value in table.items():
        if key not in fields:
            where = f" in [{'.'.join(way)}]" if way else ""
            hint = did_you_mean(key, sorted(fields)) or f"known keys: {', '.join(sorted(fields))}"
            raise SiteError(Problem(_locate(text, name, (*way, key)), "config", f'unknown key "{key}"{where}', hint))
        if isinstance(value, dict):
            _refuse_in_table(value, fields[key], (*way, key), text, name)


def _refuse_in_table(value: dict[str, Any], kind: Any, way: tuple[str, ...], text: str, name: str) -> None:
    if isinstance(kind, type) and issubclass(kind, Struct):
        _refuse_unknown_keys(value, kind, way, text, name)
    elif way == ("publish",):
        for target, table in value.items():
            if isinstance(table, dict):
                _refuse_unknown_keys(table, PublishTable, (*way, target), text, name)


def _problem_of(error: msgspec.ValidationError, text: str, name: str) -> SiteError:
    message, _, way = str(error).partition(" - at `$.")
    keys = tuple(way.rstrip("`").split(".")) if way else ()
    said = message[:1].lower() + message[1:]
    key = f'"{keys[-1]}": ' if keys else ""
    return SiteError(Problem(_locate(text, name, keys), "config", key + said.replace("`", "")))


def _check_values(config: Config, text: str, name: str) -> None:
    site = config.site
    checks = [
        (("site", "url"), not site.url or bool(_URL.fullmatch(site.url)), "is not an http or https address"),
        (("site", "timezone"), _is_zone(site.timezone), "is no time zone of the IANA list"),
        (
            ("site", "language"),
            bool(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", site.language)),
            "is no language tag",
        ),
        *_theme_checks(config.theme),
        (("listings", "page_size"), config.listings.page_size >= 1, "must be at least 1"),
        (("listings", "home_size"), config.listings.home_size >= 1, "must be at least 1"),
        (("listings", "feed_size"), config.listings.feed_size >= 1, "must be at least 1"),
        (("listings", "number_in"), config.listings.number_in in ("month", "archive"), 'must be "month" or "archive"'),
        *(
            (("feeds", key), set(getattr(config.feeds, key)) <= FEED_FILES.keys(), "may name atom, rss and json")
            for key in ("site", "sections", "authors", "tags")
        ),
        (("redirects", "maps"), set(config.redirects.maps) <= REDIRECT_MAPS, "may name netlify, nginx and apache"),
        (("search", "engine"), config.search.engine in ("own", "none"), 'must be "own" or "none"'),
        (("images", "widths"), _are_widths(config.images.widths), "must be numbers from 64 to 8192, at least one"),
        (("images", "formats"), set(config.images.formats) <= {"avif", "webp"}, 'knows "avif" and "webp"'),
        (("images", "avif_quality"), 1 <= config.images.avif_quality <= 100, "must be 1 to 100"),
        (("images", "webp_quality"), 1 <= config.images.webp_quality <= 100, "must be 1 to 100"),
        (("build", "executor"), config.build.executor in ("processes", "dask"), 'must be "processes" or "dask"'),
        (
            ("build", "scheduler"),
            (config.build.executor == "dask") == bool(config.build.scheduler),
            'and executor = "dask" need each other',
        ),
        (("build", "workers"), 0 <= config.build.workers <= 256, "must be 0 (one for each core) to 256"),
        (
            ("permalinks", "on_collision"),
            config.permalinks.on_collision in ("error", "suffix"),
            'must be "error" or "suffix"',
        ),
        (("poll", "endpoint"), is_endpoint(config.poll.endpoint), "must be an https address"),
        *(
            (("permalinks", key), _is_pattern(value), "must start and end with / and name {slug}")
            for key, value in (("dated", config.permalinks.dated), ("undated", config.permalinks.undated))
        ),
        *(
            (("paths", key), _is_inside(value), "must be a folder inside the site")
            for key, value in (
                ("content", config.paths.content),
                ("templates", config.paths.templates),
                ("output", config.paths.output),
            )
        ),
        (
            ("paths", "output"),
            not _overlap(config.paths.output, config.paths.content),
            "must not lie in the content folder, nor hold it",
        ),
        (
            ("paths", "output"),
            not _overlap(config.paths.output, config.paths.templates),
            "must not lie in the templates folder, nor hold it",
        ),
        (("import", "inbox"), _is_inside(config.import_.inbox), "must be a folder inside the content folder"),
    ]
    if wrong := wrong_mend(config.import_.without):
        raise SiteError(Problem(_locate(text, name, ("import", "without")), "config", *wrong))
    for way, is_right, message in checks:
        if not is_right:
            raise SiteError(Problem(_locate(text, name, way), "config", f'"{way[-1]}" {message}'))
    for key, message, hint in _poll_problems(config.poll):
        raise SiteError(Problem(_locate(text, name, ("poll", key)), "config", f'"{key}" {message}', hint))


def _poll_problems(poll: PollTable) -> Iterator[tuple[str, str, str]]:
    """Key, message and hint of what is wrong in `[poll]`, the gravest first."""
    service = poll.service
    if service not in POLL_BACKENDS:
        hint = did_you_mean(service, POLL_BACKENDS) or f"known back ends: {', '.join(POLL_BACKENDS)}"
        yield "backend", f'knows no "{service}"', hint
        return
    if service in ("none", "netlify", "cloudflare") and poll.endpoint:
        where = "sends votes nowhere" if service == "none" else "takes votes at the site's own address"
        yield "endpoint", f'has no use: the back end "{service}" {where}', 'take it out, or write backend = "url"'
    if service == "url" and not poll.endpoint:
        yield "backend", '"url" needs an endpoint', 'write endpoint = "https://…", where your own function listens'
    if service in ("formspree", "basin") and not (poll.endpoint or poll.key):
        host = "formspree.io" if service == "formspree" else "usebasin.com"
        yield "backend", f'"{service}" needs the id of a form', f'write key = "ID" for https://{host}/f/ID'
    if service == "web3forms" and not poll.key:
        yield "backend", '"web3forms" needs an access key', 'write key = "…", as Web3Forms mailed it to you'
    if poll.key and not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", poll.key):
        yield "key", "may hold letters, digits, hyphens and underscores alone", "write the id, not the address"
    if poll.key and service in ("none", "netlify", "cloudflare", "url"):
        yield "key", f'has no use: the back end "{service}" knows no keys', "take it out"
    if poll.thanks_url and not (_THANKS.fullmatch(poll.thanks_url) or _is_https(poll.thanks_url)):
        hint = 'write "/thanks/" for a page that sitegen makes, or the https address of your own'
        yield "thanks_url", "is neither a path of this site nor an https address", hint
    if poll.honeypot and (not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", poll.honeypot) or poll.honeypot in _POLL_FIELDS):
        yield "honeypot", "is no name for a field", "write a word such as website"
    if poll.honeypot and service in ("none", "formspree", "web3forms"):
        yield "honeypot", f'has no use: the back end "{service}" has a name of its own for it, or none', "take it out"


def _is_https(url: str) -> bool:
    return url.startswith("https://") and bool(_URL.fullmatch(url))


def wrong_mend(kinds: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with the first of some kinds of mends that nobody knows, and a hint; None if all are known."""
    for kind in kinds:
        if kind not in MENDS:
            hint = did_you_mean(kind, MENDS) or f"known: {', '.join(MENDS)}"
            return f'there is no kind of mend "{kind}"', hint
    return None


def _theme_checks(theme: ThemeTable) -> Iterator[tuple[tuple[str, ...], bool, str]]:
    for key, colour, paper in (
        ("accent", theme.accent, LIGHT_PAPER),
        ("accent_dark", theme.accent_dark or DARK_ACCENT, DARK_PAPER),
    ):
        way = ("theme", key)
        yield way, is_colour(colour), "is no colour like #8a1c14"
        if is_colour(colour):
            ratio = contrast(colour, paper)
            near = readable_on(paper, colour)
            told = f"can't be read: its contrast with the page is {ratio:.1f}, and {ENOUGH} is needed; {near} would do"
            yield way, ratio >= ENOUGH, told
    for family, file in theme.fonts.items():
        yield ("theme", "fonts", family), bool(_FAMILY.fullmatch(family)), "is no name of a font family"
        yield ("theme", "fonts", family), _is_inside(file), "must be a file inside the static folder"
    for key, font in (("text_font", theme.text_font), ("label_font", theme.label_font)):
        known = font in ("serif", "sans") or font in theme.fonts
        yield ("theme", key), known, 'must be "serif", "sans" or a family of [theme.fonts]'
    yield ("theme", "logo"), not theme.logo or _is_inside(theme.logo), "must be a file inside the static folder"


def is_endpoint(url: str) -> bool:
    """Whether votes may be sent there: an https address, or http on this machine alone."""
    return not url or _is_https(url) or bool(_LOOPBACK.match(url))


def _are_widths(widths: tuple[int, ...]) -> bool:
    return bool(widths) and all(64 <= width <= 8192 for width in widths)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_pattern(pattern: str) -> bool:
    names = set(re.findall(r"\{([^}]*)\}", pattern))
    return (
        pattern.startswith("/")
        and pattern.endswith("/")
        and "slug" in names
        and names <= {"slug", "initials", "year", "month", "day", "section"}
        and ".." not in pattern
    )


def _is_inside(folder: str) -> bool:
    parts = Path(folder).parts
    return bool(parts) and not Path(folder).is_absolute() and ".." not in parts and "\\" not in folder


def _overlap(one: str, other: str) -> bool:
    a, b = Path(one).parts, Path(other).parts
    shorter = min(len(a), len(b))
    return a[:shorter] == b[:shorter]


def _locate(text: str, name: str, way: tuple[str, ...]) -> Location:
    """The line on which the key stands; the line of its table, or the file alone, where it can't be seen."""
    table: tuple[str, ...] = ()
    found = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if table == way:
                return Location(name, number)
            if table == way[: len(table)]:
                found = number
        elif key := re.match(r"\s*([\w.\-\"' ]+?)\s*=", line):
            here = (*table, *(part.strip().strip("\"'") for part in key[1].split(".")))
            if here == way:
                return Location(name, number)
    return Location(name, found)
