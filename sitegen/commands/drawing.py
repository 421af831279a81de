"""What is told of a site to whoever draws its pages, and what they load, which need not know how pages are planned."""

import datetime as dt
from contextlib import suppress

from sitegen.config import Site
from sitegen.contexts import Link
from sitegen.languages import translations
from sitegen.pages.cards import ARCHIVE, SEARCH, SECTIONS, TAGS
from sitegen.render.jobs import CopyJob, Job, Made
from sitegen.render.settings import RenderSettings, render_settings
from sitegen.theme import template_folders


def settings_of(site: Site, today: dt.date, templates_digest: str) -> RenderSettings:
    """What rendering may know of a site on a day of it."""
    say = translations(template_folders(site), site.config.site.language).gettext
    ways: tuple[tuple[str, str], ...] = (("Archive", ARCHIVE), ("Sections", SECTIONS), ("Tags", TAGS))
    if site.config.search.engine == "own":
        ways += (("Search", SEARCH),)
    nav = tuple(Link(say(title), path) for title, path in ways)
    return render_settings(site, nav, today, templates_digest)


def get_ready(site: Site, today: dt.date, templates_digest: str) -> None:
    """Load what most pages are drawn with, in the process that will draw them."""
    from sitegen.render.produce import prepare  # others need not wait for what that loads

    with suppress(Exception):  # what is wrong is told by whoever plans, or with the first page
        prepare(settings_of(site, today, templates_digest))


def draw(settings: RenderSettings, output: str, jobs: list[Job | CopyJob]) -> list[Made]:
    """Render and write stale pages, wherever the work is done."""
    from sitegen.render.produce import produce  # takes long to load, and whoever draws does so while others plan

    return produce(settings, output, jobs)
