"""Where the time of a cold build goes: one process builds N articles, and its costs are added up by room.

    python benchmarks/profile.py [N] [--raw] [--sample]

By default the build runs under cProfile, which sees every call, but makes calls between Python functions dearer
than they are, so that rooms written in C look smaller than they are. `--sample` looks at the stack every
few milliseconds of processor time instead: it disturbs nothing, other jobs of the machine do not count, and its
shares are the truer ones.
"""

import argparse
import pstats
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from corpus import Form, write_corpus

_SETTINGS = """\
[site]
title = "Archive"
url = "https://exemple.test/"
language = "fr"
timezone = "Europe/Paris"

[search]
engine = "none"

[build]
workers = 1
"""
_SAMPLE_SECONDS = 0.001  # at most so often; a kernel's clock may tick more slowly
_ROUNDS = 40  # how often time is handed on from callee to caller, until it has found a room
_HEAVIEST = 12
_OTHER = "all else"

# What stands in a path, of which function ("" is any), and whose cost that is. The first that fits counts.
_ROOMS: tuple[tuple[str, str, str], ...] = (
    ("sitegen/render/markdown.py", "clean_html", "cleaning HTML with nh3"),
    ("sitegen/render/markdown.py", "", "Markdown"),
    ("/markdown/", "", "Markdown"),
    ("/pygments/", "", "Markdown"),
    ("sitegen/content/front_matter.py", "", "front matter, YAML"),
    ("/yaml/", "", "front matter, YAML"),
    ("sitegen/content/permalinks.py", "", "slugs and permalinks"),
    ("slugify/", "", "slugs and permalinks"),
    ("text_unidecode", "", "slugs and permalinks"),
    ("sitegen/shortcodes/", "", "shortcodes"),
    ("sitegen/render/body.py", "", "shortcodes"),
    ("sitegen/render/", "", "templates"),
    ("sitegen/languages.py", "", "templates"),
    ("/jinja2/", "", "templates"),
    ("markupsafe", "", "templates"),
    ("/babel/", "", "templates"),
    ("gettext.py", "", "templates"),
    (".html", "", "templates"),
    (".xml", "", "templates"),
    ("sitegen/content/catalog.py", "", "SQLite"),
    ("sitegen/outputs/build_record.py", "", "SQLite"),
    ("sitegen/state.py", "", "SQLite"),
    ("sitegen/outputs/fingerprint.py", "", "fingerprints"),
    ("sitegen/outputs/", "", "writing files"),
    ("sitegen/content/source_files.py", "", "reading content files"),
    ("sitegen/pages/", "", "planning pages"),
    ("sitegen/contexts.py", "", "planning pages"),
    ("sitegen/importers/language.py", "", "guessing the language"),
    ("/py3langid/", "", "guessing the language"),
    ("sitegen/importers/", "", "importing"),
    ("sitegen/commands/import", "", "importing"),
    ("/ftfy/", "", "importing"),
    ("/charset_normalizer/", "", "importing"),
    ("importlib", "", "loading modules"),
    ("sitegen/commands/", "", "the build's own loop"),
)

Function = tuple[str, int, str]  # file, line, name


class Cost(NamedTuple):
    """A function's own time."""

    seconds: float
    calls: int
    function: Function


def main() -> None:
    parser = argparse.ArgumentParser(description="Say where the time of a cold build goes.")
    parser.add_argument("count", type=int, nargs="?", default=1000, metavar="N")
    parser.add_argument("--raw", action="store_true", help="start from raw articles, not from Markdown")
    parser.add_argument("--sample", action="store_true", help="sample the stack in place of counting every call")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="profile-") as top:
        site = Path(top, "site")
        write_corpus(options.count, site, Form.RAW if options.raw else Form.MARKDOWN)
        (site / "sitegen.toml").write_text(_SETTINGS, "utf-8")
        kind = "raw text" if options.raw else "Markdown"
        if options.sample:
            shares = sampled(site)
            print(f"Cold build of {options.count:,} articles from {kind}, stack sampled, one process\n")
        else:
            costs, shares = traced(site, Path(top, "profile"))
            print(f"Cold build of {options.count:,} articles from {kind}, under cProfile, one process\n")
    _print_rooms(shares)
    if not options.sample:
        _print_functions(costs)


def traced(site: Path, file: Path) -> tuple[list[Cost], dict[str, float]]:
    """The heaviest functions of a build under cProfile, and seconds by room."""
    # A process of its own: cProfile imports a module `profile`, and here that would be this file.
    command = [sys.executable, "-m", "cProfile", "-o", str(file), "-m", "sitegen", "build", "--quiet"]
    subprocess.run(command, cwd=site, check=True)
    stats = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
    costs = sorted((Cost(row[2], row[1], function) for function, row in stats.items()), reverse=True)
    return costs[:_HEAVIEST], _seconds_by_room(stats)


def sampled(site: Path) -> dict[str, float]:
    """Seconds of processor time by room, as samples of the stack tell."""
    from sitegen.cli import main as sitegen

    rooms: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        while frame and not (room := room_of(frame.f_code.co_filename, frame.f_code.co_name)):
            frame = frame.f_back
        rooms[room if frame else _OTHER] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _SAMPLE_SECONDS, _SAMPLE_SECONDS)
    started = time.process_time()
    code = sitegen(["-C", str(site), "build", "--quiet"])
    seconds = time.process_time() - started
    signal.setitimer(signal.ITIMER_PROF, 0)
    assert code == 0
    return {room: seconds * count / rooms.total() for room, count in rooms.items()}


def room_of(path: str, name: str) -> str:
    """Whose cost a function is; "" where that depends on who called it."""
    path = path.replace("\\", "/")
    return next((room for part, of, room in _ROOMS if part in path and of in ("", name)), "")


def _seconds_by_room(
    stats: dict[Function, tuple[int, int, float, float, dict[Function, tuple[float, ...]]]],
) -> dict[str, float]:
    """Own times by room. That of a function without one goes to its callers, in the shares that they caused."""
    rooms: Counter[str] = Counter()
    waiting: Counter[Function] = Counter()
    for function, row in stats.items():
        waiting[function] = row[2]
    for _ in range(_ROUNDS):
        handed_on: Counter[Function] = Counter()
        for function, seconds in waiting.items():
            callers = {caller: row[3] for caller, row in stats[function][4].items() if caller != function}
            total = sum(callers.values())
            if room := room_of(function[0], function[2]):
                rooms[room] += seconds
            elif total <= 0:
                rooms[_OTHER] += seconds
            else:
                for caller, share in callers.items():
                    handed_on[caller] += seconds * share / total
        waiting = handed_on
    rooms[_OTHER] += sum(waiting.values())
    return dict(rooms)


def _print_rooms(shares: dict[str, float]) -> None:
    total = sum(shares.values())
    print("| room | seconds | share |\n| --- | ---: | ---: |")
    for room, seconds in sorted(shares.items(), key=lambda pair: -pair[1]):
        print(f"| {room} | {seconds:.2f} | {seconds / total:.0%} |")
    print(f"| together | {total:.2f} | |")


def _print_functions(costs: list[Cost]) -> None:
    print("\nHeaviest functions by their own time:\n\n| function | calls | seconds |\n| --- | ---: | ---: |")
    for cost in costs:
        file, line, name = cost.function
        place = f"{'/'.join(Path(file).parts[-2:])}:{line} " if line else ""
        print(f"| `{place}{name}` | {cost.calls:,} | {cost.seconds:.2f} |")


if __name__ == "__main__":
    main()
