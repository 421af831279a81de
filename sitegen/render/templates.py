"""The Jinja environment: what templates can say, and a digest for each of them."""

import datetime as dt
import gettext
import hashlib
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache, partial
from html import escape
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from markupsafe import Markup

from sitegen.content.permalinks import quoted
from sitegen.contexts import ArticleContext
from sitegen.languages import own_name, translations
from sitegen.limits import Overdue, in_time
from sitegen.locales import date_in_words, locale_name, number_in_words, short_month_name
from sitegen.model import ROOT, Location, Problem, SiteError
from sitegen.outputs.fingerprint import engine_digest
from sitegen.render.bytecode import kept_templates
from sitegen.render.charts import year_chart, year_charts
from sitegen.render.citations import Citations, citations
from sitegen.render.compiled import Block, Compiler, PageContext, escaped
from sitegen.render.settings import RenderSettings
from sitegen.render.structured_data import collection, news_article
from sitegen.render.template_files import THEME, TemplateFiles
from sitegen.render.wording import Wording

_Drawn = TypeVar("_Drawn")
_JSON = msgspec.json.Encoder().encode
# What the code of a template can be wrong in; RuntimeError is that of a recursion too.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
_GIVEN_UP = 3  # pages in a row for which a template used up its time: the others need not wait for it


class _Environment(Environment):
    code_generator_class = Compiler
    context_class = PageContext
    escaped = staticmethod(escaped)

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Name lines of templates in the traceback; that of a recursion is a thousand frames long, and left alone."""
        if isinstance(error := sys.exception(), RecursionError):
            raise error
        super().handle_exception(source)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: every page copies it, and Jinja's own chain of them is slow to copy."""
        return {**self.globals, **(d or {})}


class Templates:
    """The templates of one site."""

    def __init__(self, settings: RenderSettings) -> None:
        self.settings = settings
        self.links = Links(settings)
        self._by_language: dict[str, Environment] = {}
        self._files = TemplateFiles(settings.template_folders)
        self._templates: dict[tuple[str, str], Template] = {}
        self._overdue: dict[str, int] = {}  # times in a row that a template has used up its time
        self._plain = self._environment("")

    def render(self, name: str, language: str, values: dict[str, Any], shown_for: str = "") -> str:
        """The text of a template, with the theme's words in `language`.

        Raises SiteError at the template's line; it names `shown_for`, the page or article, in its message.
        """
        return self._in_time(name, language, shown_for, lambda template: template.render(values))

    def draw_page(
        self, name: str, language: str, values: dict[str, Any], shown_for: str, known: Mapping[str, bytes] | None = None
    ) -> list[str | Block]:
        """What a page consists of: its frame, and its blocks; as `render` else.

        Blocks of which it is known what they print, by their names, are not drawn.
        """
        return self._in_time(name, language, shown_for, lambda template: _drawn(template, values, known or {}))

    def _in_time(self, name: str, language: str, shown_for: str, draw: Callable[[Template], _Drawn]) -> _Drawn:
        if self._overdue.get(name, 0) >= _GIVEN_UP:
            raise SiteError(self._takes_too_long(name, shown_for))
        has_own_time = False
        try:
            with in_time(self.settings.seconds_per_article) as has_own_time:
                drawn = draw(self._loaded(language, name))
        except Overdue:
            if not has_own_time:
                raise
            self._overdue[name] = self._overdue.get(name, 0) + 1
            raise SiteError(self._takes_too_long(name, shown_for)) from None
        except _FAULTS as error:
            raise SiteError(self._problem(name, error, shown_for)) from error
        if self._overdue:
            self._overdue.pop(name, None)
        return drawn

    def exists(self, name: str) -> bool:
        """Whether the site or the theme has a template of that name."""
        return name in self._files.names

    def check(self) -> list[Problem]:
        """Problems of the site's own templates that can be seen without rendering them."""
        problems = []
        own = [FileSystemLoader(folder).list_templates() for folder in self.settings.template_folders[:-1]]
        for name in sorted({name for names in own for name in names}):
            if name.endswith((".html", ".xml", ".txt", ".json")) and not name.startswith(("static/", f"{THEME}/")):
                try:
                    self._plain.get_template(name)
                except TemplateError as error:
                    problems.append(self._problem(name, error, ""))
        return problems

    def warm_up(self) -> None:
        """Load what most pages need; what is wrong with it is told when one is drawn."""
        for name in ("base.html", "article.html", "listing.html"):
            with suppress(TemplateError, UnicodeDecodeError):
                self._loaded(self.settings.site.language, name)

    def _loaded(self, language: str, name: str) -> Template:
        key = (language, name)
        if key not in self._templates:
            self._templates[key] = self._speaking(language).get_template(name)
        return self._templates[key]

    def _speaking(self, language: str) -> Environment:
        # One environment a language: so its words reach imported macros too.
        if language not in self._by_language:
            self._by_language[language] = self._environment(language)
        return self._by_language[language]

    def _environment(self, language: str) -> Environment:
        folders = self.settings.template_folders
        theme = FileSystemLoader(folders[-1])
        environment = _Environment(
            loader=ChoiceLoader(
                [*(FileSystemLoader(folder) for folder in folders[:-1]), theme, PrefixLoader({THEME: theme})]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=self._kept(language),
        )
        environment.globals.update(
            site=self.settings.site, root=ROOT, href=self.links.href, absolute=self.links.absolute
        )
        moment = partial(_moment, ZoneInfo(self.settings.timezone))
        environment.filters.update(
            absolute=self.links.absolute,
            citations=self._citations,
            collection=partial(collection, site=self.settings.site, absolute=self.links.absolute),
            href=self.links.href,
            year_chart=year_chart,
            year_charts=year_charts,
            in_text=_in_text,
            isodate=_isodate,
            json_ld=_json_ld,
            minified=_minified,
            moment=moment,
            news_article=partial(news_article, site=self.settings.site, absolute=self.links.absolute, moment=moment),
            own_name=own_name,
            rfc3339=partial(_rfc3339, ZoneInfo(self.settings.timezone)),
        )
        if language:
            environment.globals.update(_words(translations(folders, language)))
            environment.filters.update(
                date=partial(date_in_words, language=language), number=partial(number_in_words, language=language),
                month_name=partial(short_month_name, language=language), percent=_percents(language),
            )  # fmt: skip
            environment.add_extension(Wording)
        else:  # never rendered, only looked at
            environment.filters.update(date=_isodate, month_name=str, number=str, percent=str)
        return environment

    def _kept(self, language: str) -> FileSystemBytecodeCache | None:
        """Compiled templates, kept by the hash of their source: compiling takes longer than a small build."""
        # Words are compiled in, and so are links to fixed paths; and what compiles them is our own.
        state = hashlib.blake2b(self._files.words_digest, digest_size=8)
        state.update(repr((self.settings.site, self.settings.timezone, self.settings.portable)).encode())
        state.update(engine_digest().encode())
        return kept_templates(self.settings.cache_folder, f"{language}-{state.hexdigest()}")

    def _citations(self, page: ArticleContext) -> Citations:
        return citations(page, self.settings.site.title, page.canonical or self.links.absolute(page.path))

    def _problem(self, name: str, error: Exception, shown_for: str) -> Problem:
        path, line = name, 0
        if isinstance(error, TemplateSyntaxError):
            path, line = error.name or name, error.lineno
        elif isinstance(error, TemplateNotFound):
            path = name
        elif isinstance(error, RecursionError):
            path, line = self._where_deepest(error) or (path, line)
        else:
            for frame in traceback.extract_tb(error.__traceback__):
                if any(frame.filename.startswith(folder) for folder in self.settings.template_folders):
                    path, line = self._short(frame.filename), frame.lineno or 0
        said = error.message if isinstance(error, TemplateSyntaxError) else str(error)
        if isinstance(error, TemplateNotFound):
            said = f"there is no template {error.message}"
        if isinstance(error, RecursionError):
            said = "calls or includes itself without end"
        return Problem(Location(f"templates/{path}", line), "template", f"{said}{_shown_for(shown_for)}")

    def _where_deepest(self, error: Exception) -> tuple[str, int] | None:
        """File and line of the innermost template."""
        found = None
        frame = error.__traceback__
        while frame:
            template = frame.tb_frame.f_globals.get("__jinja_template__")
            if isinstance(template, Template) and frame.tb_frame.f_code.co_filename == template.filename:
                found = template, frame.tb_lineno
            frame = frame.tb_next
        return found and (self._short(found[0].filename or ""), found[0].get_corresponding_lineno(found[1]))

    def _takes_too_long(self, name: str, shown_for: str) -> Problem:
        message = f"takes more than {self.settings.seconds_per_article:g} s to draw{_shown_for(shown_for)}"
        hint = "look for a loop that has no end, or raise seconds_per_article in [build]"
        return Problem(Location(f"templates/{name}"), "time", message, hint)

    def _short(self, file: str) -> str:
        for folder in self.settings.template_folders:
            if file.startswith(folder):
                return Path(file).relative_to(folder).as_posix()
        return file


def _drawn(template: Template, values: dict[str, Any], known: Mapping[str, bytes]) -> list[str | Block]:
    context = template.new_context(values)
    assert isinstance(context, PageContext)
    context.begin_page(known)
    try:
        return list(cast("Iterator[str | Block]", template.root_render_func(context)))
    except Exception:  # noqa: BLE001 - as Jinja does
        template.environment.handle_exception()


def _shown_for(page: str) -> str:
    return f" (shown for {page})" if page else ""


@lru_cache(maxsize=4)
def templates_for(settings: RenderSettings) -> Templates:
    """The templates of a site, made once in each process."""
    return Templates(settings)


class Links:
    """Links that are the same on every page: `href` for the site's own paths, `absolute` for what leaves it."""

    def __init__(self, settings: RenderSettings) -> None:
        self._index = "index.html" if settings.portable else ""
        self._url = settings.site.url

    def href(self, path: str) -> str:
        """Link to a path of this site, from whatever page it stands on."""
        return ROOT + path + self._index if path.endswith("/") or not path else ROOT + path

    def absolute(self, path: str) -> str:
        """Address of a path of this site; "" as long as the site's address is unknown."""
        return self._url + quoted(path) if self._url else ""


def way_to_root(settings: RenderSettings, output: str) -> str:
    """What leads from a page to the top of the site, in place of ROOT."""
    if output == "404.html":  # shown at any depth
        return urlsplit(settings.site.url).path or "/"
    return "../" * output.count("/") or "./"


def _words(texts: gettext.NullTranslations) -> dict[str, Callable[..., str]]:
    def _(text: str, **values: Any) -> str:
        said = texts.gettext(text)
        return said % values if values else said

    def ngettext(one: str, many: str, count: int, **values: Any) -> str:
        return texts.ngettext(one, many, count) % {"n": count, "num": count, **values}

    return {"_": _, "gettext": _, "ngettext": ngettext}


def _percents(language: str) -> Callable[[float], str]:
    @lru_cache(maxsize=4096)
    def formatted(percent: float) -> str:
        from babel.numbers import format_percent  # few pages have any, and it takes long to load

        # Shifted as text: 14.35 / 100 is 0.14350000000000002.
        share = Decimal(str(percent)).scaleb(-2)
        return format_percent(share, locale=locale_name(language), decimal_quantization=False)

    return formatted


def _isodate(date: dt.date | dt.datetime) -> str:
    return date.isoformat()[:10]


def _moment(zone: ZoneInfo, date: dt.datetime) -> str:
    """For machines: the day alone where no time of day is known, else the moment in UTC."""
    return _rfc3339(zone, date) if date.hour or date.minute or date.second else _isodate(date)


def _rfc3339(zone: ZoneInfo, date: dt.datetime) -> str:
    # UTC, since old local times have offsets with seconds, which RFC 3339 cannot say.
    utc = date.replace(tzinfo=zone).astimezone(dt.UTC)
    return f"{_isodate(utc)}T{utc:%H:%M:%SZ}"


def _json_ld(value: Any) -> Markup:
    """JSON for a script element: nothing in it can end the element."""
    data = _JSON(value).replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    return Markup(data.decode())  # noqa: S704


def _in_text(value: str) -> Markup:
    """Text between tags, where quotes may stand as they are: JSON is a tenth shorter."""
    return Markup(escape(value, quote=False))  # noqa: S704


def _minified(css: str) -> Markup:
    """A style sheet without what only its writer needs."""
    from rcssmin import cssmin

    return Markup(cssmin(str(css)))  # noqa: S704
