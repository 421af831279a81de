"""What rendering may know of the site: nothing else reaches a template or a body."""

import datetime as dt
from pathlib import Path

from msgspec import Struct

from sitegen.cache import users_cache
from sitegen.colours import DARK_ACCENT, DARK_PAPER, readable_on
from sitegen.config import FEED_FILES, Site, ThemeTable
from sitegen.contexts import Link
from sitegen.languages import direction
from sitegen.shortcodes.poll_backend import PollBackend, backend_of
from sitegen.theme import template_folders


class ThemeView(Struct, frozen=True):
    """`site.theme` in templates: how the site looks."""

    accent: str = "#8a1c14"
    accent_dark: str = "#f0a196"  # by night
    text_font: str = "serif"  # "serif", "sans", or the name of a family
    label_font: str = "sans"
    fonts: tuple[tuple[str, str], ...] = ()  # family and file below assets/
    logo: str = ""  # file below assets/; "" for none
    has_own_sheet: bool = False  # a style sheet of the site stands in place of the theme's


class SiteView(Struct, frozen=True):
    """`site` in templates."""

    title: str
    description: str
    url: str  # absolute, with a slash at the end; "" as long as nobody knows
    language: str
    dir: str
    author: str
    nav: tuple[Link, ...]
    feeds: tuple[str, ...] = ()  # paths of the whole archive's feeds
    theme: ThemeView = ThemeView()

    @property
    def ways(self) -> tuple[str, ...]:
        """Paths that the navigation leads to."""
        return tuple([link.path for link in self.nav])


class RenderSettings(Struct, frozen=True):
    """All that the bytes of pages depend on, beside the pages themselves. Hashable, and small to send."""

    site: SiteView
    template_folders: tuple[str, ...]  # the site's own first
    content_folder: str
    content_name: str  # how problems name it
    templates_digest: str = ""  # of the templates: others are loaded anew, also by a process that lives on
    cache_folder: str = ""  # for compiled templates
    pictures_folder: str = ""  # for renditions of pictures
    timezone: str = "UTC"
    poll: PollBackend = PollBackend()
    portable: bool = False
    seconds_per_article: float = 10.0

    def seen_by_pages(self) -> tuple[object, ...]:
        """What of it is in the bytes: no folder, so that a site can be moved; `poll` only where polls are."""
        return (self.site, self.timezone, self.portable)


def _theme_view(theme: ThemeTable, folders: tuple[str, ...]) -> ThemeView:
    is_own = theme.accent != ThemeTable().accent
    dark = theme.accent_dark or (readable_on(DARK_PAPER, theme.accent) if is_own else DARK_ACCENT)
    fonts = tuple(sorted(theme.fonts.items()))
    has_own_sheet = any(Path(folder, "static", "site.css").is_file() for folder in folders)
    return ThemeView(theme.accent, dark, theme.text_font, theme.label_font, fonts, theme.logo, has_own_sheet)


def render_settings(site: Site, nav: tuple[Link, ...], today: dt.date, templates_digest: str) -> RenderSettings:
    """The part of the configuration that rendering sees, on a day of the site."""
    table = site.config.site
    url = table.url if not table.url or table.url.endswith("/") else table.url + "/"
    feeds = tuple(FEED_FILES[one] for one in site.config.feeds.site) if url else ()
    view = SiteView(
        table.title,
        table.description,
        url,
        table.language,
        direction(table.language),
        table.author,
        nav,
        feeds,
        _theme_view(site.config.theme, template_folders(site)),
    )
    return RenderSettings(
        site=view,
        template_folders=template_folders(site),
        content_folder=str(site.content),
        content_name=site.config.paths.content,
        templates_digest=templates_digest,
        cache_folder=users_cache(),
        pictures_folder=str(site.state / "pictures"),
        timezone=table.timezone,
        poll=backend_of(site.config.poll, url, today),
        portable=table.portable,
        seconds_per_article=site.config.build.seconds_per_article,
    )
