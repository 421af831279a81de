"""An export of WordPress read by sitegen and by pelican-import: time, memory, and what came of it.

    python benchmarks/wordpress.py --megabytes 100             # an export of prose, and one of heavy markup
    python benchmarks/wordpress.py --megabytes 10 --pelican    # also pelican-import (needs pandoc, and time)

The exports are made up by `corpus.py`'s grammar: posts of the classic editor, and posts of the block editor full of
lists, tables, pictures with captions, links and emphasis; a picture and two comments for every other post.
"""

import argparse
import html
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from corpus import Piece, pieces

_SECONDS_BETWEEN = 0.2  # looks at the memory of a command that runs
_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Le Quotidien</title><link>https://paper.example</link>
<language>fr-FR</language><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://paper.example</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[anne]]></wp:author_login>
<wp:author_display_name><![CDATA[Anne Morel]]></wp:author_display_name></wp:author>
<generator>https://wordpress.org/?v=6.7</generator>
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--pelican", action="store_true", help="measure pelican-import too")
    options = parser.parse_args()
    print(
        "| export | tool | MB | articles | clock, s | MB/s | processor, s | to sitegen | largest process, MB | all, MB |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in ("prose", "markup"):
        with tempfile.TemporaryDirectory() as folder:
            export = Path(folder) / "export.xml"
            count = write_export(export, kind, options.megabytes << 20)
            ours = _sitegen(export, Path(folder) / "site")
            _tell(kind, "sitegen import", export, count, ours, ours)
            if options.pelican:
                theirs = _pelican(export, Path(folder) / "pelican")
                _tell(kind, "pelican-import", export, count, theirs, ours)


def write_export(file: Path, kind: str, size: int) -> int:
    """Posts until the file is large enough; how many they are."""
    written = number = 0
    with file.open("w", encoding="utf-8") as out:
        written += out.write(_HEAD)
        for number, piece in enumerate(_endless(), 1):
            written += sum(len(part.encode()) * bool(out.write(part)) for part in _items(piece, number, kind))
            if written >= size:
                break
        out.write("</channel></rss>\n")
    return number


def _endless() -> Iterator[Piece]:
    """The same pieces again once they have all been used."""
    known = list(pieces(5000))
    while True:
        yield from known


def _items(piece: Piece, number: int, kind: str) -> Iterator[str]:
    chance = random.Random(f"wordpress-{number}")
    if number % 2:
        yield _attachment(number)
    terms = "".join(
        f'<category domain="post_tag" nicename="{tag.lower().replace(" ", "-")}"><![CDATA[{tag}]]></category>\n'
        for tag in piece.tags
    )
    body = _classic(piece) if kind == "prose" else _blocks(piece, number, chance)
    yield f"""<item><title><![CDATA[{piece.title}]]></title><link>https://paper.example/{piece.date:%Y/%m}/a-{number}/</link>
<dc:creator><![CDATA[anne]]></dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{2 * number}</wp:post_id>
<wp:post_date><![CDATA[{piece.date} 10:00:00]]></wp:post_date><wp:post_date_gmt><![CDATA[{piece.date} 08:00:00]]></wp:post_date_gmt>
<wp:post_name><![CDATA[a-{number}]]></wp:post_name><wp:status><![CDATA[publish]]></wp:status><wp:post_parent>0</wp:post_parent>
<wp:post_type><![CDATA[post]]></wp:post_type><category domain="category" nicename="{piece.section}"><![CDATA[{piece.section}]]></category>
{terms}<wp:postmeta><wp:meta_key><![CDATA[_thumbnail_id]]></wp:meta_key><wp:meta_value>{2 * number + 1}</wp:meta_value></wp:postmeta>
{_comment(number, 1) + _comment(number, 2) if number % 2 else ""}</item>
"""


def _attachment(number: int) -> str:
    return f"""<item><title>photo {number}</title><wp:post_id>{2 * number + 1}</wp:post_id><wp:post_type>attachment</wp:post_type>
<wp:status>inherit</wp:status><wp:post_parent>{2 * number}</wp:post_parent><excerpt:encoded><![CDATA[Une vue de la ville]]></excerpt:encoded>
<wp:attachment_url>https://paper.example/wp-content/uploads/photo-{number}.jpg</wp:attachment_url>
<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value><![CDATA[La ville]]></wp:meta_value></wp:postmeta></item>
"""


def _comment(number: int, place: int) -> str:
    return f"""<wp:comment><wp:comment_id>{10 * number + place}</wp:comment_id><wp:comment_author><![CDATA[Lecteur]]></wp:comment_author>
<wp:comment_date>2011-05-0{place} 10:00:00</wp:comment_date><wp:comment_content><![CDATA[Je ne suis pas d’accord avec tout.]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>"""


def _classic(piece: Piece) -> str:
    blocks = []
    for part in piece.parts:
        blocks += [f"<h2>{html.escape(part.heading)}</h2>"] if part.heading else []
        blocks += [html.escape(" ".join(paragraph), quote=False) for paragraph in part.paragraphs]
    return "\n\n".join(blocks)


def _blocks(piece: Piece, number: int, chance: random.Random) -> str:
    return "\n\n".join(
        _block(html.escape(" ".join(paragraph), quote=False), number, chance)
        for part in piece.parts
        for paragraph in part.paragraphs
    )


def _block(text: str, number: int, chance: random.Random) -> str:
    words = text.split(" ")
    middle = len(words) // 2
    marked = f'{" ".join(words[:middle])} <strong>{words[middle]}</strong> <a href="https://a.example/{number}">{" ".join(words[middle + 1 :])}</a>'
    kind = chance.choice(("paragraph", "paragraph", "list", "table", "image", "quote"))
    if kind == "list":
        items = "".join(f"<li>{part} <em>{number}</em></li>" for part in text.split(". "))
        return f'<!-- wp:list -->\n<ul class="wp-block-list">{items}</ul>\n<!-- /wp:list -->'
    if kind == "table":
        rows = "".join(f"<tr><td>{part}</td><td>{len(part)}</td></tr>" for part in text.split(". "))
        return f'<!-- wp:table -->\n<figure class="wp-block-table"><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{rows}</tbody></table></figure>\n<!-- /wp:table -->'
    if kind == "image":
        return f'<!-- wp:image {{"id":{number}}} -->\n<figure class="wp-block-image"><img src="https://paper.example/{number}.jpg" alt="{words[0]}" class="wp-image-{number}"/><figcaption class="wp-element-caption">{marked}</figcaption></figure>\n<!-- /wp:image -->'
    if kind == "quote":
        return f'<!-- wp:quote -->\n<blockquote class="wp-block-quote"><p>{marked}</p><cite>{words[0]}</cite></blockquote>\n<!-- /wp:quote -->'
    return f"<!-- wp:paragraph -->\n<p>{marked}</p>\n<!-- /wp:paragraph -->"


class Measured(NamedTuple):
    """What a command took, with all its processes."""

    clock: float  # seconds
    processor: float
    largest: float  # the most memory of one process, in MB
    together: float  # the most memory of all of them at one time; what they share counts once


def _sitegen(export: Path, site: Path) -> Measured:
    site.mkdir()
    (site / "sitegen.toml").write_text('[site]\ntitle = "Bench"\nurl = "https://paper.example/"\n', "utf-8")
    return _measured([str(Path(sys.executable).parent / "sitegen"), "import", str(export)], site)


def _pelican(export: Path, folder: Path) -> Measured:
    if not (tool := shutil.which("pelican-import", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")):
        sys.exit("pelican-import is not installed")
    folder.mkdir()
    return _measured([tool, "--wpfile", "-m", "markdown", "--dir-page", "-o", str(folder), str(export)], folder)


def _measured(command: list[str], folder: Path) -> Measured:
    together = 0
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            together = max(together, sum(map(_memory_of, _family(process.pid))))
            time.sleep(_SECONDS_BETWEEN)
        clock = time.monotonic() - started
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            said.seek(0)
            sys.exit(said.read().decode("utf-8", "replace")[-2000:])
    return Measured(clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, together / 1024)


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = listed.read_text("ascii").split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _family(int(child))


def _memory_of(pid: int) -> int:
    """Memory of a process in KB, with its share of what several use."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _tell(kind: str, tool: str, export: Path, count: int, found: Measured, ours: Measured) -> None:
    size = export.stat().st_size / (1 << 20)
    cells = (
        kind, tool, f"{size:.0f}", f"{count:,}", f"{found.clock:.1f}", f"{size / found.clock:.2f}",
        f"{found.processor:.1f}", f"{found.processor / ours.processor:.1f}×", f"{found.largest:.0f}",
        f"{found.together:.0f}",
    )  # fmt: skip
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
