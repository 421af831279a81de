"""Measure whole commands: sitegen beside Hugo and Pelican, wall time, processor time and peak memory.

    python benchmarks/run.py [--articles 1000 10000] [--repeat 3] [--skip pelican]
    python benchmarks/run.py --articles 100000 --repeat 1 --skip pelican
    python benchmarks/run.py --search
    python benchmarks/run.py --show benchmarks/results/2026-01-31.json

Each tool builds the same generated articles: from nothing, again with nothing changed, after an edit of one body,
with another tag on one article, and with another base template. Nobody makes an index for searches, but with `--search`
sitegen with its own and Hugo with Pagefind are measured too. Results go to `benchmarks/results/DATE.json`; a table with
ratios to Hugo is printed. A second call on the same day adds its runs to those of the first, which helps where
other jobs share the machine.
"""

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil
from corpus import SECTIONS, Form, write_corpus

from sitegen.theme import default_theme

HERE = Path(__file__).parent
STEPS = ("cold build", "no change", "one edit", "tags changed", "theme edited", "block edited")
_BASE = "hugo"  # whom the ratios are to
_SMALL = 0.1  # a ratio that is told as a fraction
_SAMPLES_A_SECOND = 20  # at most
# Of one processor. To tell what processes share, the system goes through all of their memory, and holds it meanwhile:
# 20 looks a second at one of 4 GB would take half of a processor from what is measured.
_SHARE_OF_LOOKING = 0.02
_LOOKS_FOR_CHILDREN = 4  # a second; listing processes costs more than asking one for its memory
_QUIET_PERCENT = 25
_MIB = 1 << 20
_ASIDE = "made-before"
_TAGS = ("Patrimoine", "Transports", "Valmorte", "Musique", "Eau", "Orbaise", "Logement")


@dataclass(frozen=True)
class Tool:
    """A generator, and how it is asked for a site."""

    key: str
    label: str
    version: str  # "": it is not installed
    form: Form
    command: tuple[str, ...]
    output: str  # folder of the built site
    made: tuple[str, ...]  # what a build makes, and a cold build must not find
    fit_out: Callable[[Path], None]  # the site's settings and templates
    base: str  # the template that every page is drawn with
    has_search: bool = False  # an index for readers is made too
    block: str = ""  # what opens a block of that template; "" for a tool that draws everything anew anyway


@dataclass(frozen=True)
class Measured:
    """One run of one command."""

    seconds: float
    cpu_seconds: float  # of the command's processes together
    peak_mib: float  # of the command's processes together
    others: float  # cores that other jobs of the machine kept busy meanwhile
    load: float  # average of the minute before
    written: int  # files of the output that are new or were written again
    reported: int | None = None  # files that the command says it wrote, where it says so


@dataclass
class Row:
    """A tool at one step with so many articles."""

    tool: str
    articles: int
    step: str
    files: int = 0  # in the output
    runs: list[Measured] = field(default_factory=list)
    failure: str = ""


def main() -> None:
    options = _options()
    if options.show:
        print(table(json.loads(options.show.read_text("utf-8"))))
        return
    wanted = (tool for tool in all_tools() if options.search or not tool.has_search)
    tools = [tool for tool in wanted if not any(word in tool.key for word in options.skip)]
    for tool in tools:
        _note(f"{tool.label}: {tool.version or 'ABSENT, not measured'}")
    today = dt.date.today().isoformat()
    result: dict[str, Any] = {
        "date": today,
        "machine": machine(),
        "tools": {t.key: t.version or "absent" for t in tools},
        "rows": [],
    }
    result |= {"memory": memory_kind(), "samples_a_second": _SAMPLES_A_SECOND}
    file = options.results / f"{today}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = _earlier_rows(file)
    if rows:  # a tool that is left out this time keeps its place in the table
        result["tools"] = json.loads(file.read_text("utf-8"))["tools"] | result["tools"]
    with tempfile.TemporaryDirectory(prefix="bench-") as top:
        for count in options.articles:
            for _ in measure_all([tool for tool in tools if tool.version], count, Path(top, str(count)), rows, options):
                # After each command, so that a run that is cut off leaves what it has.
                result["rows"] = [asdict(row) for row in rows]
                file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(table(result))


def all_tools() -> list[Tool]:
    """The contestants, installed or not."""
    sitegen = (sys.executable, "-m", "sitegen", "build", "--json")
    state, block = (".sitegen", "output"), "{% block motto %}"
    sections = tuple(f"content/{section}" for section in SECTIONS)
    hugo = _hugo()
    pagefind, searched = (
        _pagefind(),
        f"{shlex.quote(hugo)} --quiet && exec {shlex.quote(_pagefind())} --silent --site public",
    )
    pelican = (sys.executable, "-m", "pelican", "--settings", "pelicanconf.py", "--quiet")
    return [
        Tool("sitegen-markdown", "sitegen, from Markdown", _sitegen_version(), Form.MARKDOWN, sitegen, "output", state,
             _fit_out_sitegen, "templates/base.html", block=block),
        Tool("sitegen-raw", "sitegen, raw text, import + build", _sitegen_version(), Form.RAW, sitegen, "output",
             (*state, *sections), _fit_out_sitegen, "templates/base.html", block=block),
        Tool("hugo", "Hugo", _hugo_version(hugo), Form.MARKDOWN, (hugo, "--quiet"), "public",
             ("public", "resources", ".hugo_build.lock"), _fit_out_hugo, "layouts/_default/baseof.html"),
        Tool("hugo-days", "Hugo, with days and feeds of tags", _hugo_version(hugo), Form.MARKDOWN, (hugo, "--quiet"),
             "public", ("public", "resources", ".hugo_build.lock"), _fit_out_hugo_days, "layouts/_default/baseof.html"),
        Tool("sitegen-search", "sitegen, from Markdown, with its search", _sitegen_version(), Form.MARKDOWN, sitegen,
             "output", state, _fit_out_sitegen_search, "templates/base.html", has_search=True, block=block),
        Tool("hugo-pagefind", "Hugo and Pagefind", _hugo_version(hugo) and _pagefind_version(pagefind), Form.MARKDOWN,
             ("sh", "-c", searched), "public", ("public", "resources", ".hugo_build.lock"), _fit_out_hugo,
             "layouts/_default/baseof.html", has_search=True),
        Tool("pelican", "Pelican", _installed_version("pelican"), Form.PELICAN, pelican, "output",
             ("output", "cache", "__pycache__"), _fit_out_pelican, "theme/templates/base.html"),
    ]  # fmt: skip


def measure_all(
    tools: Sequence[Tool], count: int, top: Path, rows: list[Row], options: argparse.Namespace
) -> Iterator[None]:
    """Fill `rows`, step by step and each with tool after tool, so that a busy minute strikes them alike."""
    for tool in tools:
        (folder := top / tool.key).mkdir(parents=True)
        write_corpus(count, folder, tool.form)
        tool.fit_out(folder)
    known = {(row.tool, row.step): row for row in rows if row.articles == count}
    fresh = {(tool.key, step): Row(tool.key, count, step) for tool in tools for step in STEPS}
    rows += (row for key, row in fresh.items() if key not in known)
    found = fresh | known
    out = set[str]()  # tools that have failed, or are too slow to be run again
    for turn in range(options.repeat):
        for step in STEPS:
            for tool in tools:
                if tool.key not in out:
                    row = found[tool.key, step]
                    _measure_step(tool, top / tool.key, turn, row, options.wait)
                    if row.failure:
                        out.add(tool.key)
                    yield
        out |= {tool.key for tool in tools if found[tool.key, STEPS[0]].runs[-1].seconds > options.once_above}


def _earlier_rows(file: Path) -> list[Row]:
    if not file.exists():
        return []
    earlier = json.loads(file.read_text("utf-8"))["rows"]
    return [Row(**{**row, "runs": [Measured(**run) for run in row["runs"]]}) for row in earlier]


def _measure_step(tool: Tool, folder: Path, turn: int, row: Row, wait: float) -> None:
    if row.step == STEPS[0]:
        _forget(tool, folder)
    elif row.step == STEPS[2]:
        _edit_one_body(folder, tool.form, turn)
    elif row.step == STEPS[3]:
        _tag_one_article(folder, tool.form, turn)
    elif row.step == STEPS[4]:
        _edit_theme(folder / tool.base, turn)
    elif row.step == STEPS[5]:
        _edit_theme(folder / tool.base, turn, after=tool.block)
    _wait_for_quiet(wait)
    before = _stamps(folder / tool.output)
    measured, row.failure = measure(tool, folder)
    after = _stamps(folder / tool.output)
    row.files = len(after)
    written = sum(before.get(path) != stamp for path, stamp in after.items())
    row.runs.append(Measured(**{**asdict(measured), "written": written}))
    _note(
        f"{row.articles:,} {tool.label}, {row.step}: {measured.seconds:.2f} s, {measured.cpu_seconds:.2f} s of "
        f"processor, {measured.peak_mib:.0f} MiB, {written:,} of {row.files:,} files written {row.failure}"
    )


def measure(tool: Tool, folder: Path) -> tuple[Measured, str]:
    """Run the tool's command; what it cost, and why it failed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        load = os.getloadavg()[0]
        machine_before, own_before = _busy_seconds(), _own_seconds()
        children_before = _children_seconds()
        started = time.perf_counter()
        process = subprocess.Popen(tool.command, cwd=folder, stdout=out, stderr=err)
        with _peak_memory(process.pid) as peak:
            code = process.wait()
            seconds = time.perf_counter() - started
        cpu = _children_seconds() - children_before
        others = (_busy_seconds() - machine_before - cpu - (_own_seconds() - own_before)) / seconds
        out.seek(0)
        err.seek(0)
        reported = json.loads(out.read())["written_count"] if "--json" in tool.command and code == 0 else None
        failure = "" if code == 0 else f"exit code {code}: {err.read().decode('utf-8', 'replace')[-400:]}"
    measured = Measured(
        seconds=round(seconds, 3), cpu_seconds=round(cpu, 3), peak_mib=round(max(peak, default=0) / _MIB, 1),
        others=round(max(0.0, others), 2), load=round(load, 2), written=0, reported=reported,
    )  # fmt: skip
    return measured, failure


def machine() -> dict[str, Any]:
    """Facts about the machine that a reader needs, and none that name it."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
    }


def memory_kind() -> str:
    """PSS counts a page that processes share once; RSS, where there is nothing better, once for each."""
    return "pss" if hasattr(psutil.Process().memory_full_info(), "pss") else "rss"


# Tables


def table(result: dict[str, Any]) -> str:
    """The results as Markdown: for each number of articles the time on the clock, and that of the processors."""
    labels = {tool.key: tool.label for tool in all_tools()}
    rows = {(row["tool"], row["articles"], row["step"]): row for row in result["rows"]}
    parts = []
    for count in sorted({row["articles"] for row in result["rows"]}):
        for what, title in (("seconds", "seconds on the clock"), ("cpu_seconds", "seconds of processor time")):
            heads = [*(f"{step} | to Hugo" for step in STEPS), "files", "written by the edit", "peak memory"]
            lines = [f"**{count:,} articles, {title}**", "", f"| | {' | '.join(heads)} |"]
            lines.append("| --- |" + " ---: |" * (2 * len(STEPS) + 3))
            for tool, version in result["tools"].items():
                if version == "absent":
                    lines.append(f"| {labels[tool]} | absent |" + " |" * (2 * len(STEPS) + 2))
                elif (tool, count, STEPS[0]) in rows:
                    lines.append(_line(labels[tool], tool, count, rows, what))
            parts.append("\n".join(lines))
    return "\n\n".join([*parts, _circumstances(result)])


def _circumstances(result: dict[str, Any]) -> str:
    runs = [run for row in result["rows"] for run in row["runs"]]
    others, loads = sorted(run["others"] for run in runs), sorted(run["load"] for run in runs)
    facts, most = result["machine"], max(len(row["runs"]) for row in result["rows"])
    return (
        f"{facts['cores']} cores, {facts['memory_gib']:.0f} GiB, {facts['system']}, Python {facts['python']}; medians "
        f"of up to {most} runs, memory as {result['memory'].upper()}. Other jobs kept "
        f"{statistics.median(others):.1f} cores busy (median; {others[0]:.1f} to {others[-1]:.1f}); load before "
        f"a run {statistics.median(loads):.1f} ({loads[0]:.1f} to {loads[-1]:.1f})."
    )


def _line(label: str, tool: str, count: int, rows: dict[tuple[str, int, str], dict[str, Any]], what: str) -> str:
    cells = [label]
    for step in STEPS:
        row, base = (rows.get((key, count, step)) for key in (tool, _BASE))
        value, ratio = _median(row, what), _ratio(row, base, what)
        failed = rows.get((tool, count, step), {}).get("failure")
        cells.append("failed" if failed else f"{value:.2f}" if value else "–")
        cells.append(f"{ratio:.2f}×" if ratio >= _SMALL else f"1/{1 / ratio:.0f}" if ratio else "–")
    edited = _median(rows[tool, count, STEPS[2]], "written")
    peak = max((_median(rows.get((tool, count, step)), "peak_mib") for step in STEPS), default=0)
    cells += [f"{rows[tool, count, STEPS[0]]['files']:,}", f"{edited:,.0f}", f"{peak:,.0f} MiB"]
    return f"| {' | '.join(cells)} |"


def _ratio(row: dict[str, Any] | None, base: dict[str, Any] | None, what: str) -> float:
    """Median of the ratios turn by turn, since what two tools took within a minute can be compared best."""
    if not (row and base and row["runs"] and base["runs"]):
        return 0.0
    if len(row["runs"]) != len(base["runs"]):
        return _median(row, what) / _median(base, what)
    return statistics.median(one[what] / other[what] for one, other in zip(row["runs"], base["runs"], strict=True))


def _median(row: dict[str, Any] | None, what: str) -> float:
    return statistics.median(run[what] for run in row["runs"]) if row and row["runs"] else 0.0


# Sites


def _fit_out_sitegen(folder: Path) -> None:
    settings = 'title = "Archive"\nurl = "https://exemple.test/"\nlanguage = "fr"\ntimezone = "Europe/Paris"\n'
    (folder / "sitegen.toml").write_text(f'[site]\n{settings}[search]\nengine = "none"\n', "utf-8")


def _fit_out_sitegen_search(folder: Path) -> None:
    _fit_out_sitegen(folder)
    settings = folder / "sitegen.toml"
    settings.write_text(settings.read_text("utf-8").replace('"none"', '"own"'), "utf-8")


def _fit_out_hugo(folder: Path) -> None:
    shutil.copytree(HERE / "hugo", folder, dirs_exist_ok=True)
    _stub(folder, "archive", "Archive", "years")
    _stubs(folder, 4, 7)


def _fit_out_hugo_days(folder: Path) -> None:
    """More of the pages that sitegen makes, as far as Hugo makes them without much ado."""
    _fit_out_hugo(folder)
    _stubs(folder, 10)
    settings = folder / "hugo.toml"
    settings.write_text(settings.read_text("utf-8").replace('term = ["html"]', 'term = ["html", "rss"]'), "utf-8")


def _stubs(folder: Path, *lengths: int) -> None:
    """Hugo has no pages for years, months and days; an empty section each, with a template of its own, makes them."""
    days = {file.name[:10] for file in (folder / "content").rglob("????-??-??-*.md")}
    for period in sorted({day[:length] for day in days for length in lengths}):
        _stub(folder, f"archive/{period.replace('-', '/')}", period, "period")


def _stub(folder: Path, path: str, title: str, layout: str) -> None:
    file = folder / "content" / path / "_index.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = f'---\ntitle: "{title}"\nlayout: {layout}\nperiod: "{title}"\noutputs: [html]\n---\n'
    file.write_text(text, "utf-8")


def _fit_out_pelican(folder: Path) -> None:
    shutil.copy(HERE / "pelican" / "pelicanconf.py", folder)
    shutil.copytree(HERE / "pelican" / "templates", folder / "theme" / "templates")
    (folder / "theme" / "static").mkdir()


def _forget(tool: Tool, folder: Path) -> None:
    """Move what builds have made out of the way.

    It is removed when all is measured: for minutes after a mass deletion some file systems make files far more slowly.
    """
    aside = folder / _ASIDE / str(time.time_ns())
    aside.mkdir(parents=True)
    for name in tool.made:
        if (folder / name).exists():
            (folder / name).rename(aside / name.replace("/", "-"))


def _edit_one_body(folder: Path, form: Form, turn: int) -> None:
    """Add a sentence to the second paragraph of an article from the middle of the archive."""
    top = folder / "content" / "raw" if form is Form.RAW else folder / "content"
    files = sorted(top.rglob("????-??-??-*.txt" if form is Form.RAW else "????-??-??-*.md"))
    file = files[len(files) // 2]
    blocks = file.read_text("utf-8").split("\n\n")
    blocks[2] += f" La suite au numéro {turn + 1}."
    file.write_text("\n\n".join(blocks), "utf-8")


def _tag_one_article(folder: Path, form: Form, turn: int) -> None:
    """One more tag, a frequent one, for another article from the middle of the archive."""
    top = folder / "content" / "raw" if form is Form.RAW else folder / "content"
    files = sorted(top.rglob("????-??-??-*.txt" if form is Form.RAW else "????-??-??-*.md"))
    file, tag = files[len(files) // 2 + 1], _TAGS[turn % len(_TAGS)]
    text = file.read_text("utf-8")
    if form is Form.RAW:
        text = f"{text.rstrip()}, {tag}\n"
    elif form is Form.MARKDOWN:
        text = text.replace("tags:\n", f"tags:\n- {tag}\n", 1)
    else:
        text = text.replace("Tags: ", f"Tags: {tag}, ", 1)
    file.write_text(text, "utf-8")


def _edit_theme(base: Path, turn: int, after: str = "") -> None:
    """Another comment in every page: `after` something or in the end. A theme that lies elsewhere is brought first."""
    if not base.exists():
        base.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(default_theme() / base.name, base)
    text, comment = base.read_text("utf-8"), f"<!-- turn {turn}-{time.time_ns()} -->"
    if after:
        text = re.sub(rf"{re.escape(after)}(<!-- turn \S+ -->)?", after + comment, text)
    else:
        text = re.sub(r"(<!-- turn \S+ -->\n)?\Z", f"{comment}\n", text, count=1)
    base.write_text(text, "utf-8")


def _stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


# Tools


def _installed_version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _sitegen_version() -> str:
    asked = subprocess.run([sys.executable, "-m", "sitegen", "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.split()[-1] if asked.returncode == 0 else ""


def _hugo() -> str:
    """Hugo itself: the script that its package installs starts a Python first, which is not Hugo's cost."""
    try:
        found = importlib.metadata.distribution("hugo").files or []
        binary = next((file for file in found if file.parent.name == "binaries" and file.stem == "hugo"), None)
    except importlib.metadata.PackageNotFoundError:
        binary = None
    return str(binary.locate()) if binary else shutil.which("hugo") or "hugo"


def _pagefind() -> str:
    """Pagefind itself, for the same reason; "" if it is not installed."""
    try:
        from pagefind.service import get_executable

        return str(get_executable() or "")
    except (ImportError, FileNotFoundError):
        return ""


def _pagefind_version(pagefind: str) -> str:
    return _installed_version("pagefind") if pagefind else ""


def _hugo_version(hugo: str) -> str:
    try:
        asked = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    words = [word for word in asked.stdout.split() if word.startswith("v")]
    return words[0].split("-")[0].lstrip("v") if words else "unknown"


# Measuring


@contextmanager
def _peak_memory(pid: int) -> Iterator[list[int]]:
    """A list that holds, in the end, the memory of a process and all that it started, at each look."""
    samples: list[int] = []
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(pid, samples, done), daemon=True)
    watcher.start()
    try:
        yield samples
    finally:
        done.set()
        watcher.join()


def _watch(pid: int, samples: list[int], done: threading.Event) -> None:
    kind = memory_kind()
    tree: list[psutil.Process] = []
    pause, looked_for_children = 1 / _SAMPLES_A_SECOND, 0.0
    while not done.wait(pause):
        began = time.thread_time()
        try:
            if time.monotonic() > looked_for_children + 1 / _LOOKS_FOR_CHILDREN:
                looked_for_children = time.monotonic()
                command = psutil.Process(pid)
                tree = [command, *command.children(recursive=True)]
        except psutil.Error:
            tree = []
        samples.append(sum(_memory(process, kind) for process in tree))
        pause = max(1 / _SAMPLES_A_SECOND, (time.thread_time() - began) / _SHARE_OF_LOOKING)


def _memory(process: psutil.Process, kind: str) -> int:
    try:
        return int(process.memory_full_info().pss if kind == "pss" else process.memory_info().rss)
    except psutil.Error:
        return 0


def _busy_seconds() -> float:
    """Processor time that all jobs of the machine took so far."""
    times = psutil.cpu_times()
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return sum(times) - guests - times.idle - getattr(times, "iowait", 0.0)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _wait_for_quiet(limit: float) -> None:
    """Wait until other jobs leave three quarters of the processors free, but not for ever.

    What was written until now goes to the disk first, so that no step pays for what the one before has written.
    """
    if hasattr(os, "sync"):
        os.sync()
    until = time.monotonic() + limit
    while time.monotonic() < until and psutil.cpu_percent(interval=1) > _QUIET_PERCENT:
        pass


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure sitegen beside Hugo and Pelican.")
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10_000], metavar="N")
    parser.add_argument("--repeat", type=int, default=3, metavar="TIMES", help="runs of each step (default: 3)")
    parser.add_argument("--skip", nargs="+", default=[], metavar="TOOL", help="leave a tool out: pelican, hugo, raw …")
    parser.add_argument("--search", action="store_true", help="measure sitegen with its search, and Hugo with Pagefind")
    parser.add_argument("--once-above", type=float, default=1e9, metavar="SECONDS",
                        help="run a tool once where its cold build took longer (default: never)")  # fmt: skip
    parser.add_argument("--wait", type=float, default=20, metavar="SECONDS",
                        help="before each step, wait up to so long for a quiet machine (default: 20)")  # fmt: skip
    parser.add_argument("--results", type=Path, default=HERE / "results", metavar="FOLDER")
    parser.add_argument("--show", type=Path, metavar="FILE", help="print the table of older results, measure nothing")
    return parser.parse_args()


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
