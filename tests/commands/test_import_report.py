"""The documented form of an import's reports is the one that is written."""

import json
from typing import Any

import msgspec

from sitegen.commands.import_summary import ImportSummary
from sitegen.commands.importing import RUN_FILE, import_sources
from sitegen.config import MENDS
from sitegen.importers.report import ArticleReport, Mend
from tests.conftest import REPOSITORY, SmallSite

DOCUMENT = (REPOSITORY / "docs" / "import-report.md").read_text("utf-8")


def schema() -> dict[str, Any]:
    """What docs/import-report.schema.json has to hold; `python -m tests.commands.test_import_report` writes it."""
    (summary, article), parts = msgspec.json.schema_components(
        [ImportSummary, ArticleReport], ref_template="#/$defs/{name}"
    )
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "oneOf": [summary, article], "$defs": parts}
    return dict(json.loads(json.dumps(whole)))


def test_the_documented_schema_is_that_of_what_is_written() -> None:
    assert json.loads((REPOSITORY / "docs" / "import-report.schema.json").read_text("utf-8")) == schema()


def test_every_key_and_every_kind_of_mend_is_explained() -> None:
    for kind in (ImportSummary, ArticleReport, Mend):
        for field in msgspec.structs.fields(kind):
            assert f"`{field.encode_name}`" in DOCUMENT, field.encode_name
    for mend in MENDS:
        assert f"| `{mend}` |" in DOCUMENT


def test_an_import_keeps_its_sums(site: SmallSite) -> None:
    site.write_bytes("in/a.txt", b"A title here\n\nOne sentence.Another one.\n\nShare on Facebook\n\nPlaces\n")
    summary = import_sources(site.site, [site.path("in")])
    run = site.site.state / RUN_FILE
    assert msgspec.json.decode(run.read_bytes(), type=ImportSummary) == summary
    assert (summary.new, summary.set_aside, summary.mends) == (1, 1, {"glued-sentence": 1})
    import_sources(site.site, [site.path("in")])  # nothing new
    assert msgspec.json.decode(run.read_bytes(), type=ImportSummary) == summary


if __name__ == "__main__":
    text = json.dumps(schema(), indent=1, ensure_ascii=False)
    (REPOSITORY / "docs" / "import-report.schema.json").write_text(text + "\n", "utf-8")
