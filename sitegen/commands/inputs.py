"""What all pages are made from beside the articles, and whether there is anything to do at all."""

import datetime as dt

from msgspec import Struct

from sitegen.config import Site
from sitegen.content.catalog import Catalog
from sitegen.content.raw_files import RawFiles
from sitegen.content.topics import RAW_FOLDER
from sitegen.model import Asset
from sitegen.outputs.build_record import BuildRecord
from sitegen.outputs.fingerprint import digest_of, engine_digest
from sitegen.theme import TemplateDigests, digests_of_templates, template_folders, theme_files


class Look(Struct, frozen=True):
    """How a site looks: what its pages are drawn with beside their plan."""

    digest: str  # with another one each page is looked at
    templates: TemplateDigests
    files: tuple[Asset, ...]  # static files of the theme
    files_digest: str  # of these, and of what the configuration says of the theme


class Inputs(Struct, frozen=True):
    """One build's fixed points."""

    digest: str  # of all that a plan depends on beside the catalog: with another one everything is planned again
    look: Look


def look_of(site: Site) -> Look:
    """How a site looks now."""
    folders, theme = template_folders(site), site.config.theme
    templates, files = digests_of_templates(folders), theme_files(folders)
    digest = digest_of((templates.all, theme, [asset.output for asset in files]))
    return Look(
        digest, templates, files, digest_of((theme, [(one.output, str(one.file), one.digest) for one in files]))
    )


def looks_otherwise(record: BuildRecord, look: Look) -> bool:
    """Whether pages are drawn with other templates than last time, or see another theme."""
    return record.get_meta("look") != look.digest


def inputs_of(site: Site, catalog: Catalog, today: dt.date, look: Look) -> Inputs:
    """What the pages of a site are made from on a day of it."""
    config = site.config
    is_closed = config.poll.closed
    digest = digest_of((
        config.site, config.permalinks, config.listings, config.sections, config.slugs, config.feeds, config.data,
        config.redirects, config.import_.keep_raw, config.poll, config.images, config.search,
        (is_closed < today, is_closed <= today) if isinstance(is_closed, dt.date) else None,
        catalog.polls.last_closing(today), look.templates.words, engine_digest(),
    ))  # fmt: skip
    return Inputs(digest, look)


def is_up_to_date(record: BuildRecord, catalog: Catalog, inputs: Inputs, raw_files: RawFiles) -> bool:
    """Whether every part of the plan is known to have the pages that it had, and all of them are made."""
    return (
        record.get_meta("inputs") == inputs.digest
        and record.get_meta("theme") == inputs.look.files_digest
        and not looks_otherwise(record, inputs.look)
        and catalog.changes_since(record.get_meta("planned")) == set()
        and record.is_finished()
        and not changed_raw_folders(record, raw_files)
    )


def changed_raw_folders(record: BuildRecord, raw_files: RawFiles) -> list[str]:
    """Topics of the folders of raw files that have others than when they were read."""
    known = record.topics_that_start_with(RAW_FOLDER)
    return [topic for topic in known if record.get_meta(topic) != raw_files.digest(topic.removeprefix(RAW_FOLDER))]
