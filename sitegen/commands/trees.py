"""Output trees: where they lie, and what is remembered of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec import Struct

from sitegen.beside import Beside
from sitegen.config import Site
from sitegen.content.catalog import Catalog, open_catalog
from sitegen.content.permalinks import Replacements
from sitegen.mapping import Mapper
from sitegen.outputs.build_record import BuildRecord, open_build_record
from sitegen.parallel import open_mapper
from sitegen.places import BUILD_STATE, RECORD_FILE


class Tree(Struct, frozen=True):
    """An output tree and what is remembered of it. A preview has a tree of its own."""

    output: Path
    state: Path
    with_drafts: bool = False

    @property
    def record(self) -> Path:
        """The database of what was built from what."""
        return self.state / RECORD_FILE

    @property
    def manifest(self) -> Path:
        """The list of the tree's files; there is none while the tree is not whole."""
        return self.state / "manifest.txt"

    @property
    def previous_manifest(self) -> Path:
        """The list of what the tree held when it was whole last."""
        return self.state / "manifest.previous.txt"


def site_tree(site: Site) -> Tree:
    """The tree that gets published."""
    return Tree(site.folder / site.config.paths.output, site.state / BUILD_STATE)


def preview_tree(site: Site) -> Tree:
    """The tree of the preview server: drafts never lie where publishing looks."""
    return Tree(site.state / "preview" / "output", site.state / "preview", with_drafts=True)


def open_tree_catalog(site: Site, tree: Tree) -> AbstractContextManager[Catalog]:
    """The catalog of a tree, as its last build left it."""
    return open_catalog(tree.state / "catalog.sqlite", slugs_of(site))


def open_tree_record(tree: Tree) -> AbstractContextManager[BuildRecord]:
    """The record of a tree."""
    return open_build_record(tree.record)


def slugs_of(site: Site) -> Replacements:
    """The slugs that the configuration gives to names."""
    return tuple(sorted(site.config.slugs.items()))


def site_mapper(
    site: Site,
    first: Beside | None = None,
    idle: Callable[[], None] = lambda: None,
    before_pool: Callable[[], None] = lambda: None,
) -> AbstractContextManager[Mapper]:
    """Who does the work of a build, and who the `first` of it; the others are called as `open_mapper` says."""
    return open_mapper(site.config.build.workers, site.config.build.scheduler, first, idle, before_pool)
