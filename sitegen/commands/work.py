"""One build's fixed points, and which parts of its plan are stale."""

import datetime as dt
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.commands.drawing import get_ready, settings_of
from sitegen.commands.inputs import Inputs, changed_raw_folders, looks_otherwise
from sitegen.commands.look_over import LookedOver
from sitegen.config import Site
from sitegen.content.catalog import Catalog
from sitegen.content.raw_files import RawFiles
from sitegen.content.topics import ALL, RAW_FOLDER, TERMS
from sitegen.languages import translations
from sitegen.model import Asset, Page, Problem
from sitegen.outputs.build_record import BuildRecord
from sitegen.outputs.fingerprint import DrawnWith, digest_of, engine_digest
from sitegen.pages.cards import Part, Planner
from sitegen.pages.plan import KINDS, OF_TERMS, OF_THEME, WOVEN, expected_pages, parts_that_tell_of, plan
from sitegen.pages.redirects import OLD_ADDRESSES
from sitegen.render.settings import RenderSettings
from sitegen.render.template_files import PageTemplates, page_templates
from sitegen.theme import template_folders

if TYPE_CHECKING:
    from sitegen.render.templates import Templates

_MAX_REMEMBERED = 20_000
_LISTINGS_BETWEEN = 1  # parts of each kind, where an archive has 720 parts of months and 600 tags
_CONTESTED = "contested old addresses"  # whether any gave way to a page


class Work:
    """What the pages of one build are made from, and what was made before.

    What is needed only now and then is made when it is asked for.
    """

    def __init__(
        self,
        site: Site,
        output: Path,
        catalog: Catalog,
        record: BuildRecord,
        today: dt.date,
        inputs: Inputs,
        raw_files: RawFiles,
    ) -> None:
        self.catalog, self.record, self.output, self.inputs = catalog, record, str(output), inputs
        self.site, self._today, self._raw_files = site, today, raw_files
        self.looks_otherwise = looks_otherwise(record, inputs.look)
        self._remembered: dict[str, list[Part]] = {}  # by kind
        self._drawn_with: dict[tuple[str, bool, bool], DrawnWith] = {}

    @cached_property
    def settings(self) -> RenderSettings:
        """What rendering may know of the site."""
        return settings_of(self.site, self._today, self.inputs.look.templates.all)

    @cached_property
    def settings_digest(self) -> str:
        """Hash of what all pages see of the site, and of the engine."""
        return digest_of((self.settings.seen_by_pages(), engine_digest()))[:16]

    @cached_property
    def templates(self) -> "Templates":
        """The theme. Loading Jinja takes longer than a build with nothing to do takes at all."""
        from sitegen.render.templates import templates_for

        return templates_for(self.settings)

    def load_what_draws(self) -> None:
        """For workers that are forked from this process."""
        get_ready(self.site, self._today, self.inputs.look.templates.all)

    @cached_property
    def _page_templates(self) -> PageTemplates:
        templates, engine = self.inputs.look.templates.all, engine_digest()
        return page_templates(template_folders(self.site), f"{templates}-{engine}")

    @cached_property
    def _planner(self) -> Planner:
        texts = translations(self.settings.template_folders, self.settings.site.language)
        return Planner(
            self.catalog, self.site.config, texts, self.site.folder, self.settings.poll, self._today,
            self.inputs.look.files, self._raw_files, self.record.dated_outputs, self._holder_of,
        )  # fmt: skip

    def _holder_of(self, output: str) -> str:
        holder = self.record.holder_of(output, OLD_ADDRESSES)
        if holder:
            self.record.set_meta(_CONTESTED, "1")
        return holder

    def parts(self, kinds: Container[str] = KINDS, *, is_woven: bool = True) -> Iterator[Part]:
        """The plan, of these kinds of parts; not woven, in the order in which they have their paths."""
        streams = {kind: self._parts_of(kind) for kind in KINDS if kind in kinds}
        if is_woven and "article" in streams:
            listings = [streams.pop(kind) for kind in KINDS if kind in WOVEN and kind in streams]
            yield from _woven(streams.pop("article"), listings)
        for parts in streams.values():
            yield from parts

    def _parts_of(self, kind: str) -> Iterator[Part]:
        yield from self._remembered[kind] if kind in self._remembered else plan(self._planner, (kind,))

    def remember_parts(self, kinds: Iterable[str]) -> None:
        """Ask for the plan once, where it is not too long to be kept: large archives have many parts to count."""
        for kind in kinds:
            parts = list(islice(plan(self._planner, (kind,)), _MAX_REMEMBERED + 1))
            if len(parts) <= _MAX_REMEMBERED:
                self._remembered[kind] = parts

    def expected_files(self) -> int:
        """About how many files there are to make; 0 where nobody can tell before they are planned."""
        if not self.record.has_no_parts():
            return self.record.count() if self.looks_otherwise else 0
        return self.record.count() or expected_pages(self._planner)

    def changed_raw_folders(self) -> list[str]:
        """Topics of the folders of raw files that have others than when they were read."""
        return changed_raw_folders(self.record, self._raw_files)

    def remember_raw_folders(self) -> None:
        """Keep what was found in the folders of raw files, with the parts that read them."""
        for topic in self.record.topics_that_start_with(RAW_FOLDER):
            self.record.set_meta(topic, self._raw_files.digest(topic.removeprefix(RAW_FOLDER)))

    def items(self, part: Part) -> Iterable[Page | Problem | Asset]:
        """What a part consists of."""
        return part.items(self._planner)

    def drawn_with(self, template: str, *, has_calls: bool, has_polls: bool) -> DrawnWith:
        """What draws a page, which may have a body with calls of shortcodes, and polls."""
        key = (template, has_calls, has_polls)
        if key not in self._drawn_with:
            digests = self._page_templates.of(template)
            # Which template draws a call is the shortcode's own affair, so a body with calls depends on them all.
            calls = self._page_templates.shortcodes if has_calls else ""
            polls = self.settings.poll if has_polls else None
            blocks = digest_of((digests.code, calls, polls))[:16]
            self._drawn_with[key] = DrawnWith(blocks, digests.frame[:16], self.settings_digest)
        return self._drawn_with[key]


def _woven(articles: Iterator[Part], listings: list[Iterator[Part]]) -> Iterator[Part]:
    """Articles, and listings between them: the first take long to draw, the others to plan, and so nobody waits."""
    for part in articles:
        yield part
        for parts in listings:
            yield from islice(parts, _LISTINGS_BETWEEN)
    for parts in listings:
        yield from parts


def find_stale_parts(work: Work, looked_over: LookedOver) -> set[str]:
    """Leave in the record the parts that are known to be unchanged; the kinds of those that must be planned.

    What was made from other inputs is stale as a whole. Files that are gone, as `looked_over` says when all else is
    found, make their parts stale.
    """
    record, catalog = work.record, work.catalog
    is_same = record.get_meta("inputs") == work.inputs.digest
    changes = catalog.changes_since(record.get_meta("planned")) if is_same else None
    if changes is None or record.has_no_parts():
        record.forget_parts()
        record.forget_files(looked_over())
        return set(KINDS)
    record.forget_unfinished_parts()
    record.forget_parts_that_read({*changes, *work.changed_raw_folders()})
    # Of other kinds there are the same parts as before.
    kinds = set(KINDS if ALL in changes else OF_TERMS if TERMS in changes else ())
    if record.get_meta("theme") != work.inputs.look.files_digest:
        record.forget_part("asset theme")
        kinds |= OF_THEME
    work.remember_parts(kinds | record.stale_kinds())
    if kinds:
        record.keep_parts(kinds, ((part.key, digest_of(part.args)) for part in work.parts(kinds)))
    record.forget_files(looked_over())
    # An old address gives way to a page: whenever pages come and go, that has to be looked at again. A page that comes
    # where an old address has its own page clashes with that, which is noticed anyway.
    if record.stale_kinds() and (record.get_meta(_CONTESTED) or not work.site.config.redirects.stubs):
        record.set_meta(_CONTESTED, "")
        record.forget_part(OLD_ADDRESSES)
    for part in parts_that_tell_of(record.stale_kinds()):
        record.forget_part(part)
    return record.stale_kinds()
