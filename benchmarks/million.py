"""A million articles in one go: a cold build, a build with nothing to do, and one edit, with a log that is kept.

    python benchmarks/million.py [N] [--beside M] [--folder FOLDER]

The same is measured with M articles first (a tenth of N; 0 leaves it out), so that the log can say whether an article
costs the same in a large archive. The sites are generated in FOLDER (a temporary folder if none is named), which needs
some 37 KB of disk and 4.5 inodes an article; articles that are there already are used again. Time, processor time and
peak memory of all processes and the number of files go to `benchmarks/results/N-articles-DATE.json`.
"""

import argparse
import datetime as dt
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from corpus import Form, write_corpus
from run import HERE, Measured, _edit_one_body, _fit_out_sitegen, _forget, all_tools, machine, measure, memory_kind

STEPS = ("cold build", "no change", "one edit")
_KB_AN_ARTICLE = 37  # Markdown, pages, what is remembered
_TELL_SECONDS = 30
_GB = 1_000_000_000


def main() -> None:
    options = _options()
    counts = [count for count in (options.beside, options.articles) if count]
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        needed, free = sum(counts) * _KB_AN_ARTICLE * 1000, shutil.disk_usage(folder).free
        print(f"{folder} needs some {needed / _GB:.1f} GB of disk and has {free / _GB:.1f} GB", flush=True)
        if needed > free:
            sys.exit("That is too little; name another folder with --folder.")
        runs: dict[int, dict[str, dict[str, object]]] = {}
        for count in counts:
            runs[count] = measure_steps(count, write_site(count, folder / str(count)))
            write_log(options.articles, runs)  # each time, so that a run that is cut off leaves what it has
    if any(measured["failure"] for steps in runs.values() for measured in steps.values()):
        sys.exit(1)


def write_site(count: int, site: Path) -> Path:
    """The folder of a site with so many articles, made unless it is there."""
    if (site / "sitegen.toml").exists():
        return site
    started = last = time.monotonic()

    def tell(written: int) -> None:
        nonlocal last
        if time.monotonic() > last + _TELL_SECONDS:
            last = time.monotonic()
            print(f"  {written:,} articles written, {last - started:.0f} s", flush=True)

    site.mkdir(parents=True, exist_ok=True)
    write_corpus(count, site, Form.MARKDOWN, tell)
    _fit_out_sitegen(site)
    print(f"{count:,} articles written in {time.monotonic() - started:.0f} s", flush=True)
    return site


def measure_steps(count: int, site: Path) -> dict[str, dict[str, object]]:
    """Each step with what it cost, as far as none failed."""
    tool = all_tools()[0]
    steps: dict[str, dict[str, object]] = {}
    for step in STEPS:
        if step == STEPS[0]:
            _forget(tool, site)
        elif step == STEPS[2]:
            _edit_one_body(site, Form.MARKDOWN, 0)
        with _signs_of_life(site):
            measured, failure = measure(tool, site)
        steps[step] = {**asdict(measured), "failure": failure}
        print(f"{count:,} {step}: {_told(measured)} {failure}", flush=True)
        if failure:
            break
    return steps


def write_log(count: int, runs: dict[int, dict[str, dict[str, object]]]) -> None:
    """Keep what was measured, and how the cost of an article compares."""
    today = dt.date.today().isoformat()
    kept: dict[str, object] = {"date": today, "machine": machine(), "memory": memory_kind()}
    kept |= {"version": all_tools()[0].version, "runs": runs}
    for what, title in (("seconds", "on the clock"), ("cpu_seconds", "of the processors")):
        costs = {number: float(str(steps[STEPS[0]][what])) * 1000 / number for number, steps in runs.items()}
        kept[f"milliseconds {title} for an article of a cold build"] = costs
        told = ", ".join(f"{cost:.2f} where there are {number:,}" for number, cost in costs.items())
        print(f"milliseconds {title} for an article: {told}", flush=True)
    log = HERE / "results" / f"{count}-articles-{today}.json"
    log.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


@contextmanager
def _signs_of_life(site: Path) -> Iterator[None]:
    """Tell now and then how long a step has been running, and what it has put on the disk."""
    started, before, done = time.monotonic(), shutil.disk_usage(site).used, threading.Event()

    def tell() -> None:
        while not done.wait(_TELL_SECONDS):
            used = (shutil.disk_usage(site).used - before) / _GB
            print(f"  {time.monotonic() - started:.0f} s, {used:.1f} GB more on the disk", flush=True)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _told(measured: Measured) -> str:
    return (
        f"{measured.seconds:.1f} s, {measured.cpu_seconds:.1f} s of processor, {measured.peak_mib:.0f} MiB, "
        f"{measured.reported} files written"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build a million articles.")
    parser.add_argument("articles", type=int, nargs="?", default=1_000_000, metavar="N")
    parser.add_argument("--beside", type=int, metavar="M", help="number to compare with (default: a tenth of N)")
    parser.add_argument("--folder", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    options.beside = options.articles // 10 if options.beside is None else options.beside
    return options


if __name__ == "__main__":
    main()
