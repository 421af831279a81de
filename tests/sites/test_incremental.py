"""After any sequence of edits the tree is what a build from nothing makes of the same content, byte for byte."""

import datetime as dt
import itertools
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sitegen.commands.build_report import BuildReport
from sitegen.commands.inputs import inputs_of, look_of
from sitegen.commands.trees import open_tree_catalog, open_tree_record
from sitegen.commands.work import Work
from sitegen.content.catalog import open_catalog
from sitegen.content.raw_files import RawFiles
from sitegen.content.rows import Taxonomy
from sitegen.content.topics import TERMS
from sitegen.model import ArticleEntry
from sitegen.pages.plan import KINDS, OF_TERMS
from sitegen.theme import default_theme
from tests.conftest import SmallSite

NAMES = st.sampled_from([f"{folder}/{name}" for folder in ("news", "culture", "") for name in "abcdef"])
TITLES = st.sampled_from(["Ferry", "Ferries return", "Élan", "élan", "A bridge", "Zebra", "42", "Ferry 2"])
DATES = st.sampled_from(
    ["", "2011-05-01", "2011-05-02", "2011-06-30", "2012-02-29", "1999-12-31", "2011-05-01T10:00:00"]
)
TAGS = st.lists(st.sampled_from(["Rivers", "rivers", "Boats", "Été", "Solo"]), max_size=3, unique=True)
BODIES = st.sampled_from(
    [
        "Text.",
        "Other text, longer.\n\nTwo.",
        "See [a](a.md).",
        "![p](p.png)",
        '[poll id="7"]\nQ?\n- [1] A\n- [2] B\n[/poll]',
    ]
)
CONFIGS = st.sampled_from([
    "", "[listings]\npage_size = 2\n", "[listings]\nnumber_in = \"archive\"\n", "[sections]\nnews = \"The news\"\n", "[slugs]\nBoats = \"ships\"\n",
    "[data]\nlistings = true\n", "[search]\nengine = \"none\"\n", "[redirects.moved]\n\"/was/\" = \"/tags/\"\n",
    "[theme]\naccent = \"#005a9c\"\n", "[theme]\nlogo = \"logo.svg\"\n",
    *("[permalinks]\ndated = \"/{slug}/\"\nundated = \"/{slug}/\"\non_collision = \"suffix\"\n",) * 4,
])  # fmt: skip


FRAME_EDITS = [
    ("", ""), ("<main", "<main data-one=1"), ("<main", "<main data-é=2"), ("</body>", "{{ page.path }}</body>"),
    ("page.title|e", "(page.title ~ 1)|e"), ("{% if canonical %}\n{% block open", "{% if canonical and page.title %}\n{% block open"),
    ("{% endblock %}\n</main>", "1{% endblock %}\n</main>"), ("{{ m.name }}", "{{ m.name }}{{ self.title() }}"),
]  # fmt: skip


class Edits(RuleBasedStateMachine):
    """What an editor does between two builds."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-edits-"))
        self.site = SmallSite(self.folder / "site")
        self.builds = 0

    @initialize()
    def start(self) -> None:
        self.configure("")
        for name, date in (("news/a", "2011-05-01"), ("news/b", "2011-05-03"), ("culture/a", ""), ("c", "2012-01-01")):
            self.write(name, name, date, ["Rivers"], "Text.", "", "")

    @rule(
        name=NAMES,
        title=TITLES,
        date=DATES,
        tags=TAGS,
        body=BODIES,
        alias=st.sampled_from(["", "/old/", "/older/"]),
        more=st.sampled_from(["", "draft: true", "author: Ida", "series: Docks", "lang: fr", "withdrawn: 2020-01-01"]),
    )
    def write(self, name: str, title: str, date: str, tags: list[str], body: str, alias: str, more: str) -> None:
        lines = [f'title: "{title}"', *([f"date: {date}"] if date else []), *([f"aliases: [{alias}]"] if alias else [])]
        lines += [f"tags: [{', '.join(tags)}]", *([more] if more else [])]
        self.site.write_bytes(f"content/{name}.md", "\n".join(["---", *lines, "---", "", body, ""]).encode())

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        self.site.path(f"content/{name}.md").unlink(missing_ok=True)

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if (file := self.site.path(f"content/{name}.md")).exists():
            self.site.path(f"content/{other}").parent.mkdir(parents=True, exist_ok=True)
            file.replace(self.site.path(f"content/{other}.md"))

    @rule(
        name=NAMES,
        old=st.sampled_from(["Text", "Two", "Rivers", "2011-05-01"]),
        new=st.sampled_from(["Words", "Boats", "2011-05-09"]),
    )
    def edit(self, name: str, old: str, new: str) -> None:
        if (file := self.site.path(f"content/{name}.md")).exists():
            file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    @rule(name=st.sampled_from(["news/p.png", "culture/p.png"]), data=st.sampled_from([b"one", b"two", b""]))
    def put_medium(self, name: str, data: bytes) -> None:
        if data:
            self.site.write_bytes(f"content/{name}", data)
        else:
            self.site.path(f"content/{name}").unlink(missing_ok=True)

    @rule(votes=st.integers(0, 3))
    def count_votes(self, votes: int) -> None:
        self.site.write_bytes(
            "content/polls/7.yaml", f"answers:\n- id: 1\n  votes: {votes}\n- id: 2\n  votes: 1\n".encode()
        )

    @rule(name=st.sampled_from(["article", "listing"]), mark=st.sampled_from(["", "one", "two"]))
    def theme(self, name: str, mark: str) -> None:
        file = f"templates/{name}.html"
        if mark:
            text = f'{{% extends "theme/{name}.html" %}}\n{{% block body_class %}} class="{mark}"{{% endblock %}}\n'
            self.site.write_bytes(file, text.encode())
        else:
            self.site.path(file).unlink(missing_ok=True)

    @rule(edit=st.sampled_from(FRAME_EDITS))
    def frame(self, edit: tuple[str, str]) -> None:
        file = "templates/base.html"
        if edit == ("", ""):
            self.site.path(file).unlink(missing_ok=True)
        else:
            text = (default_theme() / "base.html").read_text("utf-8")
            assert edit[0] in text
            self.site.write_bytes(file, text.replace(*edit).encode())

    @rule(name=st.sampled_from(["site.css", "logo.svg"]), data=st.sampled_from([b"", b"one", b"two"]))
    def static(self, name: str, data: bytes) -> None:
        if data:
            self.site.write_bytes(f"templates/static/{name}", data)
        else:
            self.site.path(f"templates/static/{name}").unlink(missing_ok=True)

    @rule(extra=CONFIGS)
    def configure(self, extra: str) -> None:
        text = f'[site]\ntitle = "T"\nurl = "https://test.example/"\n[build]\nworkers = 1\n{extra}'
        self.site.write_bytes("sitegen.toml", text.encode())

    @rule(name=st.sampled_from(["one", "two"]))
    def drop_raw(self, name: str) -> None:
        self.site.write_bytes(
            f"content/raw/news/{name}.txt", f"A title of {name}\n\nA sentence.Another one here.\n".encode()
        )

    @rule(
        path=st.sampled_from(["index.html", "tags/rivers/index.html", "2011/05/index.html", "feed.xml"]),
        gone=st.booleans(),
    )
    def meddle(self, path: str, gone: bool) -> None:
        if (file := self.site.path(f"output/{path}")).exists():
            file.unlink() if gone else file.write_bytes(b"meddled with")

    @rule()
    def build(self) -> None:
        self.site.build()

    @invariant()
    def is_like_a_clean_build(self) -> None:
        self.builds += 1
        if self.builds % 3 == 0:  # now and then, so that edits come in groups
            report = self.site.build()
            clean = self.site.clean_copy()
            clean_report = clean.build()
            assert report.is_clean == clean_report.is_clean
            assert _told(report) == _told(clean_report)
            if report.is_clean:
                assert self.site.outputs() == clean.outputs()
                assert self.site.tree.manifest.read_bytes() == clean.tree.manifest.read_bytes()

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _told(report: BuildReport) -> list[tuple[str, str]]:
    return sorted((problem.code, str(problem.location)) for problem in report.problems)


Edits.TestCase.settings = settings(
    max_examples=8, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
)
TestEdits = Edits.TestCase


def test_every_question_to_the_catalog_notes_what_it_reads(tmp_path: Path) -> None:
    """Else a page that asks it would not be made again when the answer changes."""
    arguments: dict[str, tuple[object, ...]] = {
        "newest": (1,), "in_period": ("2011",), "titles_of_section": ("news",), "newest_in_section": ("news", 1),
        "titles_of_period": ("2011",), "titles_of_day": ("05-01",), "titles": ("a",), "title_prefixes": ("a",),
        "permalink_of": ("a.md",), "has_asset": ("p.png",), "asset": ("p.png",),
        "digest_of": ("a.md",), "entry_of": ("a.md",), "reads_raw_folder": ("a",), "articles_in": ("2011-05",),
        "records_in": ("2011-05",), "number_in_month": ("2011-05-1",), "number_in_archive": ("2011-05-1",),
        "words_of": ("2011-05",), "word_counts": ("2011-05",),
    }  # fmt: skip
    arguments_of_terms: dict[str, tuple[object, ...]] = {
        "titles": ("t",), "newest": ("t", 1), "years": ("t",), "beside": ("t",), "has_any": (Taxonomy.TAG,),
        "frequent": (1,), "newest_places": ("t",), "put_in_order": (Taxonomy.TAG,), "in_order": ("a",),
        "prefixes": ("a",),
    }  # fmt: skip
    # For an article's own page: what changes their answer touches the bucket that the page is planned with.
    own_page = {"neighbours", "link_to"}
    own_page_of_terms = {"before", "after", "older", "rank"}
    not_asked_by_pages = {
        "intake", "start_reading", "changes_since", "acknowledge", "generation", "get_meta", "set_meta", "problems", "moved",
        "slug",
    }  # fmt: skip
    with open_catalog(tmp_path / "c.sqlite") as catalog:
        asked: tuple[tuple[object, dict[str, tuple[object, ...]], set[str]], ...] = (
            (catalog, arguments, own_page | not_asked_by_pages),
            (catalog.terms, arguments_of_terms, own_page_of_terms | {"spelling"}),
        )
        for questions, known, left_out in asked:
            for name in vars(type(questions)):
                if name.startswith("_") or name in left_out:
                    continue
                topics = catalog.start_reading()
                answer = getattr(questions, name)(*known.get(name, ()))
                list(itertools.islice(answer, 1)) if hasattr(answer, "__next__") else None
                assert topics, f"{type(questions).__name__}.{name} notes nothing"


@pytest.mark.parametrize("name", ["words", "links", "origin", "digest", "aliases"])
def test_lists_do_not_see_what_an_edit_of_a_body_changes(name: str) -> None:
    assert name in ArticleEntry.__struct_fields__
    assert name not in ArticleEntry.__base__.__struct_fields__  # type: ignore[union-attr]


def test_other_terms_make_other_parts_of_terms_and_feeds_alone(site: SmallSite) -> None:
    site.write('== sitegen.toml ==\n[site]\ntitle = "T"\nurl = "https://test.example/"\n')
    site.add_article("news/a", title="A", date="2011-05-01", tags="One, Two", author="Ada", series="S")
    site.build()
    kinds = set()
    with open_tree_catalog(site.site, site.tree) as catalog, open_tree_record(site.tree) as record:
        today = dt.date(2020, 1, 1)
        inputs = inputs_of(site.site, catalog, today, look_of(site.site))
        work = Work(site.site, site.tree.output, catalog, record, today, inputs, RawFiles(site.folder))
        for kind in KINDS:
            read = catalog.start_reading()
            assert {part.kind for part in work.parts((kind,))} <= {kind}
            kinds |= {kind} if TERMS in read else set()
    assert kinds == OF_TERMS
