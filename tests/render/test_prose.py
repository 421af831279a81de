"""The quick way gives, byte for byte, what Python-Markdown and the cleaner give; or it keeps out."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.render.markdown import code_block, full_markdown_html
from sitegen.render.prose import prose_html

REPOSITORY = Path(__file__).resolve().parent.parent.parent

UNDERSTOOD = [
    "One paragraph.",
    "One.\n\nTwo.\n\n\n\nThree.",
    "A line\nand the next.",
    "Broken  \nhere.",
    "## Heading\n\nText.",
    "# First level\n\n## Same\n\n## Same\n\n### *Marked* [link](/a/) `code`",
    "## Heading\nText at once.",
    "## ¿?\n\n## ¿?",
    "*em* and **strong** and _em_ and __strong__, (*so*), *so*.",
    "snake_case stays, and 2 \\* 3.",
    "**[bold link](https://a.example/x?b=1&c=2)** [plain](../a.md#part)",
    '![a picture](pic.png "its title") in text',
    "`code & more` and `a*b*`",
    "\\*not em\\* \\[not a link\\](x) 1\\. x",
    "R&D, &amp; &lt;b> &nbsp; > 3",
    "« no-break spaces »\xa0!",
    "[sic] and [Update] stay.",
    "> Quoted.\n> Twice.\n>\n> Again.",
    "> One.\n\n> Two.",
    "> > Deeper.",
    "- a\n- b *c*\n- d",
    "1. a\n2. b",
    "3. a\n4. b",
    "- a\n\n- b\n\n- c\n- d",
    "- a\n\nText.\n\n* b",
    "---\n\nText\n\n* * *",
    "```python\nx = 1 < 2\n\n# no heading\n```\n\nText.",
    "Before.\n\n```\nplain & simple\n```",
    "H<sub>2</sub>O by <cite>someone *else*</cite>.",
    "\ufdd00\ufdd1\n\nText \ufdd01\ufdd1 more.",
    "Ein **fetter\nUmbruch** hier.",
    "العربية **نص** هنا.",
]
LEFT_ALONE = [
    "<div>HTML</div>",
    "a | b\n--- | ---\n1 | 2",
    "Note.[^1]\n\n[^1]: Below.",
    "[text][id]\n\n[id]: https://a.example/",
    "    indented code",
    "- a\n    - nested",
    "Term\n:   definition",
    "Heading\n=======",
    "## Heading {#own}",
    "*loose",
    "**a *b* c**",
    "&eacute;t&eacute;",
    "[j](javascript:alert)",
    "a\tb",
    "``two ` ticks``",
    "~~~\ncode\n~~~",
    "&#12 without its end",
]


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_prose_is_made_directly_and_equal(text: str) -> None:
    assert prose_html(text, code_block) == full_markdown_html(text)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_more_than_prose_is_left_to_python_markdown(text: str) -> None:
    assert prose_html(text, code_block) is None


WORDS = [
    "word", "Über", "слово", "l’été", "*em*", "**st**", "_em_", "**a *b* c**", "[t](https://x.example/z)", "[t *e*](/p?a=1&b=2)",
    "*[t](u)*", "![alt](i.png)", '![a b](i.png "t")', "`code`", "`a & b > c`", "\\*", "\\_x\\_", "\\[a\\]", "1\\. x", "R&D",
    "&amp;", "&lt;b", "&copy;", "a > b", "« x »", '"q"', "snake_case", "a * b", "x*y", "[sic]", "(*a*)", "*a*,", "**a**b",
    "_a_b", "***x***", "__init__", "a\\\\b", "  \n", "\n", "\xa0", "\ufdd00\ufdd1", "!", "a | b", "2024.", "#tag", "-", "<u>x</u>",
    "<cite>a *b*</cite>", "*<b>q</b>*", "<s>[l](u)</s>", "[", "](", "`", "*", "__", "<br>", "{", "mailto:a@b.example", "~~~", "```",
]  # fmt: skip
STARTS = [
    "",
    "",
    "",
    "",
    "## ",
    "# ",
    "> ",
    "- ",
    "* ",
    "1. ",
    "2. ",
    "+ ",
    "> - ",
    "> ## ",
    "    ",
    "  ",
    "---",
    "* * *",
    "> > ",
    ": ",
    "| ",
    "#",
]
ENDS = ["\n\n", "\n\n", "\n", "\n\n\n", "\n \n", "\n> ", " \n\n", "  \n"]
GAPS = st.sampled_from(["", " ", " ", " "])


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Paragraphs, lists and quotations of words that mean something to Markdown."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        parts.append(draw(st.sampled_from(STARTS)))
        parts += [draw(st.sampled_from(WORDS)) + draw(GAPS) for _ in range(draw(st.integers(1, 5)))]
        parts.append(draw(st.sampled_from(ENDS)))
    return "".join(parts)


@given(bodies())
def test_made_up_bodies_are_equal(text: str) -> None:
    quick = prose_html(text, code_block)
    assert quick is None or quick == full_markdown_html(text)


@given(st.text(alphabet="ab *_`[]()!#>-+.1\n\\&;:|~<\xa0\ufdd0é", max_size=40))
def test_any_text_is_equal(text: str) -> None:
    quick = prose_html(text, code_block)
    assert quick is None or quick == full_markdown_html(text)


def test_thousands_of_random_bodies_are_equal() -> None:
    chance = random.Random(7)
    taken = 0
    for _ in range(6_000):
        text = "".join(
            chance.choice(STARTS) + " ".join(chance.choices(WORDS, k=chance.randint(1, 5))) + chance.choice(ENDS)
            for _ in range(chance.randint(1, 4))
        )
        quick = prose_html(text, code_block)
        if quick is not None:
            taken += 1
            assert quick == full_markdown_html(text), text
    assert taken > 300


def test_the_samples_own_guide_is_equal() -> None:
    texts = [file.read_text("utf-8") for file in (REPOSITORY / "content" / "guide").glob("*.md")]
    assert texts
    for text in texts:
        quick = prose_html(text.split("\n---\n", 1)[1].strip("\n"), code_block)
        assert quick is None or quick == full_markdown_html(text.split("\n---\n", 1)[1].strip("\n"))


@pytest.mark.parametrize(
    "sign", ["[", "![", "[a](", "*a ", "_a ", "`", "``", "\\", "> ", "- ", "<b>", "**", "*a_", "&", "#"]
)
def test_hostile_repetition_takes_time_in_proportion(sign: str) -> None:
    def once(count: int) -> float:
        began = time.process_time()
        prose_html(sign * count, code_block)
        return time.process_time() - began

    def seconds(count: int) -> float:
        return min(once(count) for _ in range(3))  # of a process that collects its garbage now and then

    assert seconds(80_000) < 12 * max(seconds(20_000), 0.005)
