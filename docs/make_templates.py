"""Writes docs/templates.md's tables from the code: `python docs/make_templates.py`.

The words of a table are the comments beside the fields of `sitegen/contexts.py` and of the structs that it shows.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "templates.md"
FILES = ("contexts.py", "model.py", "render/settings.py", "render/contents.py", "render/comments.py",
         "render/citations.py", "render/charts.py")  # fmt: skip
NOT_SHOWN = frozenset({
    "Article", "ArticleEntry", "Asset", "Dated", "Entry", "FrontMatter", "Location", "OutputFile", "Page", "Problem",
    "Reference", "RenderSettings", "Severity", "SiteError",
})  # fmt: skip
MARK = "<!-- made by docs/make_templates.py: do not edit below this line -->"


def reference() -> str:
    """The tables, as Markdown."""
    parts = [part for name in FILES for part in _structs(ROOT / "sitegen" / name)]
    pages = [part for part in parts if part[0]]
    others = [part for part in parts if not part[0]]
    told = ["## Pages", *(text for _, text in pages), "## What they are made of", *(text for _, text in others)]
    return "\n\n".join(told) + "\n"


def whole(text: str) -> str:
    """The document with its tables made anew."""
    return f"{text.split(MARK)[0]}{MARK}\n\n{reference()}"


def _structs(file: Path) -> Iterator[tuple[bool, str]]:
    source = file.read_text("utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name not in NOT_SHOWN and not node.name.startswith("_"):
            bases = [ast.unparse(base) for base in node.bases]
            if "Struct" in bases or "PageContext" in bases:
                yield "PageContext" in bases, _table(node, lines)


def _table(node: ast.ClassDef, lines: list[str]) -> str:
    said = (ast.get_docstring(node) or "").replace("\n", " ")
    template = re.match(r"`([\w.-]+)`", said)
    rows = list(_rows(node, lines))
    head = [f"### {template[1] if template else node.name}", said]
    if not rows:
        return "\n\n".join(head)
    table = ["| name | kind | meaning |", "| --- | --- | --- |", *rows]
    return "\n\n".join([*head, "\n".join(table)])


def _rows(node: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and not item.target.id.startswith("_"):
            yield _row(item.target.id, ast.unparse(item.annotation), _comment(lines, item))
        elif isinstance(item, ast.FunctionDef) and any(ast.unparse(one) == "property" for one in item.decorator_list):
            returns = ast.unparse(item.returns) if item.returns else ""
            yield _row(item.name, returns, (ast.get_docstring(item) or "").rstrip("."))


def _row(name: str, kind: str, said: str) -> str:
    kind = kind.replace("'", "").replace("dt.", "").replace(", ...", ", …").replace("|", "or")
    return f"| `{name}` | {kind} | {said.replace('|', chr(92) + '|')} |"


def _comment(lines: list[str], item: ast.AnnAssign) -> str:
    """What stands beside a field; else the comment in the lines above it."""
    if beside := re.search(r"\s# (?!fmt|noqa|type:)(.*)$", lines[(item.end_lineno or item.lineno) - 1]):
        return beside[1]
    above: list[str] = []
    number = item.lineno - 2
    while number >= 0 and (found := re.match(r"\s*# (.*)$", lines[number])):
        above.insert(0, found[1])
        number -= 1
    return " ".join(above)


if __name__ == "__main__":
    TARGET.write_text(whole(TARGET.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)} is written\n")
