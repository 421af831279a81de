"""Files that are copied as they are: the theme's, and those of the content folder."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import unquote

from sitegen.content.catalog import Catalog
from sitegen.content.folder import referred_file
from sitegen.contexts import StyleContext
from sitegen.model import ArticleEntry, Asset, Location, Page, Problem
from sitegen.pages.cards import MEDIA, Part, Planner
from sitegen.pages.pictures import picture_assets
from sitegen.places import CONFIG_FILE
from sitegen.theme import ASSETS

STYLE = f"{ASSETS}site.css"
SEARCH_SCRIPT = f"{ASSETS}search.js"


def asset_parts(planner: Planner) -> Iterator[Part]:
    """The theme's files as they were found, and the media of the content folder."""
    unwanted = SEARCH_SCRIPT if planner.config.search.engine == "none" else ""
    found = ((asset.output, str(asset.file), asset.digest) for asset in planner.theme if asset.output != unwanted)
    yield Part("asset theme", _theme, tuple(found))
    yield Part("asset media", _media, (str(planner.folder / planner.config.paths.content),))


def style_parts(planner: Planner) -> Iterator[Part]:
    """The style sheet, unless the site has one of its own; what the configuration names and nobody finds."""
    files = frozenset(asset.output for asset in planner.theme)
    if STYLE not in files:
        yield Part("style sheet", _styles)
    theme = planner.config.theme
    missing = [name for name in (*sorted(theme.fonts.values()), theme.logo) if name and ASSETS + name not in files]
    if missing:
        yield Part("style missing", _missing, tuple(missing))


def _styles(_planner: Planner) -> Iterator[Page]:
    """One for lists, and for articles one for each thing that they may need, so that no page asks for two."""
    yield _style(StyleContext(path=STYLE, title="site.css", with_lists=True))
    yield _style(StyleContext(path=f"{ASSETS}site-lists.css", title="site.css", with_lists=True, with_articles=False))
    for more, polls in product((False, True), repeat=2):
        path = f"{ASSETS}site-article{'-more' * more}{'-polls' * polls}.css"
        yield _style(StyleContext(path=path, title="site.css", with_more=more, with_polls=polls))


def _style(context: StyleContext) -> Page:
    return Page(output=context.path, template="site.css", context=context)


def _missing(planner: Planner, *files: str) -> Iterator[Problem]:
    for file in files:
        message = f'[theme] names "{file}", which is not there'
        hint = f"put it into {planner.config.paths.templates}/static/"
        yield Problem(Location(CONFIG_FILE), "theme", message, hint)


def _theme(_planner: Planner, *found: tuple[str, str, str]) -> Iterator[Asset]:
    return (Asset(output, Path(file), digest) for output, file, digest in found)


def _media(planner: Planner, folder: str) -> Iterator[Asset]:
    hidden = _hidden_media(planner.catalog)
    for asset in planner.catalog.assets():
        if asset.path not in hidden:
            file, images = Path(folder, asset.path), planner.config.images
            yield from picture_assets(MEDIA + asset.path, file, asset.digest, asset.picture, images)


def _hidden_media(catalog: Catalog) -> set[str]:
    """Files of articles that are not shown, as far as no other article shows them."""
    hidden = {file for entry in catalog.hidden() for file in _media_of(entry)}
    for entry in catalog.articles() if hidden else ():
        hidden.difference_update(_media_of(entry))
    return hidden


def _media_of(entry: ArticleEntry) -> Iterator[str]:
    for name in (entry.image, *(reference.target for reference in entry.links)):
        if name and (file := referred_file(entry.source, unquote(name.split("#")[0].split("?")[0]))):
            yield file
