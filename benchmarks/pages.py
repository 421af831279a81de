"""How well the article of a saved page is found, beside trafilatura and readability-lxml on the same pages.

    pip install trafilatura        # the two in steps: together they stumble over an extra of lxml
    pip install readability-lxml
    python benchmarks/pages.py FOLDER

FOLDER holds a folder for each page, as Mozilla's Readability keeps its test pages: source.html, and expected.html
with the article alone. The measure is F1 over the words of both (a bag of words: order does not count).
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lxml import html

from sitegen.importers.web_page.main_text import main_html


def main() -> None:
    pages = sorted(path.parent for path in Path(sys.argv[1]).glob("*/source.html"))
    tools = {"sitegen": lambda source: text_of(main_html(source).html), **_others()}
    print("| page | " + " | ".join(tools) + " |\n| --- |" + " ---: |" * len(tools))
    scores: dict[str, list[float]] = {name: [] for name in tools}
    spent = dict.fromkeys(tools, 0.0)
    for page in pages:
        source = (page / "source.html").read_text("utf-8")
        expected = text_of((page / "expected.html").read_text("utf-8"))
        for name, tool in tools.items():
            started = time.process_time()
            found = tool(source)
            spent[name] += time.process_time() - started
            scores[name].append(max(f1(found, expected), f1(_text_only(name, source), expected)))
        print(f"| {page.name} | " + " | ".join(f"{scores[name][-1]:.3f}" for name in tools) + " |")
    print("| **mean** | " + " | ".join(f"**{sum(each) / len(each):.4f}**" for each in scores.values()) + " |")
    print("| worst | " + " | ".join(f"{min(each):.3f}" for each in scores.values()) + " |")
    print("| seconds | " + " | ".join(f"{each:.2f}" for each in spent.values()) + " |")


def _others() -> dict[str, Callable[[str], str]]:
    found: dict[str, Callable[[str], str]] = {}
    try:
        import trafilatura

        found["trafilatura"] = lambda source: text_of(trafilatura.extract(source, output_format="html") or "")
    except ImportError:
        print("trafilatura is not installed")
    try:
        import readability

        found["readability-lxml"] = lambda source: text_of(readability.Document(source).summary(html_partial=True))
    except ImportError:
        print("readability-lxml is not installed")
    return found


def _text_only(name: str, source: str) -> str:
    """trafilatura's other output, which is the better one on some pages: it is given the better one on every page."""
    if name != "trafilatura":
        return ""
    import trafilatura

    return trafilatura.extract(source) or ""


def text_of(source: str) -> str:
    if not source.strip():
        return ""
    tree = html.fragment_fromstring(source, create_parent="div")
    for element in list(tree.iter("script", "style")):
        element.drop_tree()
    return " ".join(str(text) for text in tree.itertext())


def f1(found: str, expected: str) -> float:
    ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (found, expected))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


if __name__ == "__main__":
    main()
