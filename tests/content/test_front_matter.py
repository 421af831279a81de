import datetime as dt
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.content.front_matter import _pairs, parse_front_matter, text_of, write_front_matter
from sitegen.content.plain_matter import PlainNode, plain_pairs
from sitegen.model import FrontMatter, Location, SiteError, Source, Withdrawal

LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60).map(str.strip)
NAMES = st.lists(LINE.filter(bool), max_size=5, unique=True).map(tuple)


def problem_of(text: str) -> str:
    with pytest.raises(SiteError) as caught:
        parse_front_matter(text, "a.md")
    problem = caught.value.problem
    return f"{problem.location}: {problem.message}"


@given(
    st.builds(
        FrontMatter,
        title=LINE,
        date=st.none()
        | st.dates()
        | st.datetimes(timezones=st.just(dt.UTC)).map(lambda time: time.replace(microsecond=0)),
        slug=LINE,
        lang=st.sampled_from(["", "fr", "no", "zh-Hant"]),
        authors=NAMES,
        section=LINE,
        tags=NAMES,
        summary=LINE,
        aliases=NAMES,
        draft=st.booleans(),
        series=LINE,
        publish_at=st.none() | st.dates(),
        withdrawn=st.none() | st.builds(Withdrawal, st.dates(), LINE),
        source=st.none() | st.builds(Source, kind=LINE, file=LINE, sha256=LINE, url=LINE),
    )
)
def test_what_is_written_reads_back_the_same(front_matter: FrontMatter) -> None:
    content = parse_front_matter(write_front_matter(front_matter) + "\nBody\n", "a.md")
    assert content.front_matter == front_matter
    assert content.body == "\nBody\n"


@pytest.mark.parametrize("title", ["no", "012", "1e3", "2024-01-01", "~x", "true", "0x1F", "12:30:00"])
def test_a_title_stays_the_text_that_was_written(title: str) -> None:
    assert parse_front_matter(f"---\ntitle: {title}\n---\n", "a.md").front_matter.title == title


def test_a_file_without_a_block_is_all_body() -> None:
    content = parse_front_matter("Just text\n---\nmore\n", "a.md")
    assert content.front_matter == FrontMatter()
    assert content.body == "Just text\n---\nmore\n"
    assert content.body_line == 1


def test_the_body_knows_its_line() -> None:
    assert parse_front_matter("---\ntitle: A\nlang: fr\n---\nBody\n", "a.md").body_line == 5


def test_a_block_that_is_not_closed_is_told_and_the_body_not_eaten() -> None:
    assert problem_of("---\ntitle: A\n\nText\n") == "a.md:1: front matter is not closed"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("\ttitle: A", "a.md:2:1: front matter is not YAML: found character that cannot start any token"),
        ("title: A\ntitle: B", 'a.md:3:1: front matter key "title" stands twice'),
        ("title: a: b", "a.md:2:9: front matter is not YAML: mapping values are not allowed in this context"),
        ("title: A\ndate: 2024-02-31", 'a.md:3:7: "2024-02-31" is no date'),
        ("draft: perhaps", 'a.md:2:8: "perhaps" is neither true nor false'),
        ("title: [a, b]", "a.md:2:8: expected one line of text here"),
        ("title: !!python/object:os.system x", "a.md:2:8: front matter holds a YAML tag"),
        ("a: &x [1]\nb: *x", "a.md:2:4: front matter holds a YAML alias"),
        ("- a\n- b", "a.md:2: front matter is no list of keys"),
        ("tags: [" + ", ".join(f"t{n}" for n in range(600)) + "]", "a.md:2:7: 600 values are too many for one key"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(block: str, expected: str) -> None:
    assert problem_of(f"---\n{block}\n---\nBody\n") == expected


def test_an_unknown_key_is_kept_and_warned_about() -> None:
    content = parse_front_matter("---\ntitel: A\nrating: {stars: 4}\n---\n", "a.md")
    assert content.front_matter.extra == {"titel": "A", "rating": {"stars": "4"}}
    assert [(str(w.location), w.hint) for w in content.warnings] == [
        ("a.md:2", 'did you mean "title"?'),
        ("a.md:3", ""),
    ]


def test_what_an_importer_keeps_is_not_warned_about() -> None:
    content = parse_front_matter("---\ntitle: A\npost_id: '7'\ntitel: B\nsource: {kind: wordpress}\n---\n", "a.md")
    assert content.front_matter.extra == {"post_id": "7", "titel": "B"}
    assert [warning.hint for warning in content.warnings] == ['did you mean "title"?']


def test_one_author_or_several() -> None:
    assert parse_front_matter("---\nauthor: Ada\n---\n", "a.md").front_matter.authors == ("Ada",)
    assert parse_front_matter("---\nauthors: [Ada, Bo]\n---\n", "a.md").front_matter.authors == ("Ada", "Bo")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_as_a_problem(text: str) -> None:
    try:
        parse_front_matter("---\n" + text + "\n---\n", "a.md")
    except SiteError as error:
        assert error.problem.location.path == "a.md"


@pytest.mark.parametrize(
    ("text", "withdrawal"),
    [
        ("2024-05-01", Withdrawal(dt.date(2024, 5, 1))),
        ("2024-05-01 Asked for by the family.", Withdrawal(dt.date(2024, 5, 1), "Asked for by the family.")),
        ("2024-05-01, a court order", Withdrawal(dt.date(2024, 5, 1), "a court order")),
        ("a court order", Withdrawal(None, "a court order")),
        ("true", Withdrawal()),
        ("no", None),
        ("", None),
    ],
)
def test_a_withdrawal_has_a_date_a_reason_or_both(text: str, withdrawal: Withdrawal | None) -> None:
    assert parse_front_matter(f"---\nwithdrawn: {text}\n---\n", "a.md").front_matter.withdrawn == withdrawal


def test_an_embargo_is_a_time_of_publication() -> None:
    for key in ("embargo", "publish_at"):
        matter = parse_front_matter(f"---\n{key}: 2030-01-01T06:00:00Z\n---\n", "a.md").front_matter
        assert matter.publish_at == dt.datetime(2030, 1, 1, 6, tzinfo=dt.UTC)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("aZé :,'’«»#-.?!0 "), max_size=40))
@example("343 jours après")
@example("0-e5")
@example("12-24 heures : le bilan")
@example("« On a tenu » : l'eau")
def test_a_text_is_written_as_libyaml_writes_it(text: str) -> None:
    written = write_front_matter(FrontMatter(title=text, tags=(text,), extra={"other": text}))
    table = {"title": text, "tags": [text], "other": text} if text else {"tags": [text], "other": text}
    assert (
        written
        == f"---\n{yaml.dump(table, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1_000_000)}---\n"
    )


def test_a_digest_is_written_as_libyaml_writes_it() -> None:
    digests = ["0" * 64, "1e3" + "0" * 61, "0b1" + "0" * 61, "a1" * 32, "12" * 31 + "ef"]
    for digest in digests:
        written = write_front_matter(FrontMatter(source=Source("raw-text", "a: b.txt", digest)))
        table = {"source": {"kind": "raw-text", "file": "a: b.txt", "sha256": digest}}
        assert written == f"---\n{yaml.dump(table, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)}---\n"


SCALARS = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("ab1 2-/?:.=&%+~_é’#"), max_size=12),
    st.sampled_from(
        [
            "/2011/05/a/",
            "/?p=12",
            "https://a.example/b?c=d",
            "12",
            "012",
            "1e3",
            "2011-05-01T08:00:00",
            "2011-05-01",
            "no",
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(SCALARS, inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(SCALARS, VALUES, min_size=1, max_size=3))
def test_whatever_else_is_kept_is_written_as_libyaml_writes_it(extra: dict[str, object]) -> None:
    written = write_front_matter(FrontMatter(extra=extra))
    expected = yaml.dump(extra, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    assert written == f"---\n{expected}---\n"


@pytest.mark.parametrize("zone", ["", "+02:00"])
def test_a_moment_is_written_as_libyaml_writes_it(zone: str) -> None:
    moment = dt.datetime.fromisoformat(f"2011-05-01T10:00:00{zone}")
    assert (
        write_front_matter(FrontMatter(date=moment))
        == f"---\n{yaml.dump({'date': moment}, Dumper=yaml.CSafeDumper)}---\n"
    )


_LINES = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(
            [
                "title: ",
                "tags:",
                "tags: ",
                "- ",
                "date: ",
                "draft: ",
                "x: ",
                "lang:",
                "author: ",
                "summary: ",
                "",
                " ",
                "source:",
                "  kind: ",
                "  sha256: ",
                "  post_id: ",
                "  kind:",
                "  - ",
                "   x: ",
            ]
        ),
        st.text(st.sampled_from("ab1é/-:#\"'\\ ,[]{}&*!|>%@`?\t~\u00a0\u2028.\x85"), max_size=8),
    ),
    max_size=6,
)


@given(_LINES)
@example(["title: 'a''b'"])
@example(["tags:", "- a", "- b: c"])
@example(["title: no", "tags:", "- ~", "- null", "date:"])
@example(["title: a #b", "summary: a#b"])
@example(['title: "a" b'])
@example(["source:", "  kind: a", "  sha256: 12", "lang: fr"])
@example(["source: ''", "  kind: a"])
@example(["tags:", "  - a", "- b"])
@example(["source:", "  kind:", "    a: b"])
@example(["aliases:", "- /?p=1", "- /a/#b"])
@settings(max_examples=700)
def test_plain_blocks_are_read_as_yaml_reads_them(lines: list[str]) -> None:
    block = "".join(f"{line}\n" for line in lines)
    plain = plain_pairs(block)
    if plain is not None:
        assert _values(plain) == _values(_pairs(block, "a.md"))


def _values(pairs: list[tuple[str, Any]]) -> list[tuple[str, object, int]]:
    def value(node: Any) -> object:
        if isinstance(node, tuple) and not isinstance(node, PlainNode):
            return tuple(map(value, node))
        return list(map(value, node.value)) if isinstance(node.value, list) else text_of(node, Location("a.md"))

    # What is empty has no place that anybody is told.
    return [(key, value(node), bool(node.value) and node.start_mark.line) for key, node in pairs]


def test_what_most_files_have_is_read_without_a_parser() -> None:
    block = "title: \"L’été : « oui »\"\ndate: 2024-09-14\ntags:\n- Rivières\n- 'Pont neuf'\nlang: fr\n"
    block += "aliases:\n- /2011/05/a/\nsource:\n  kind: raw-text\n  file: in/a.txt\n  mends: 2\npost_id: '12'\n"
    plain = dict(plain_pairs(block) or ())
    assert list(plain) == ["title", "date", "tags", "lang", "aliases", "source", "post_id"]
    assert (plain["source"].id, plain["source"].start_mark) == ("mapping", (9, 2))
