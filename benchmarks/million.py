"""A million articles in one go: a cold build, a build with nothing to do, and one edit, with a log that is kept.

    python benchmarks/million.py [N] [--folder FOLDER]

The site is generated in FOLDER (a temporary folder if none is named), which needs about 35 KB of disk and three inodes
an article; what is there already is used again. Time, processor time, peak memory of all processes and the number of
files go to `benchmarks/results/N-articles-DATE.json`.
"""

import argparse
import datetime as dt
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from corpus import Form, write_corpus
from run import HERE, _edit_one_body, _fit_out_sitegen, _forget, all_tools, machine, measure, memory_kind


def main() -> None:
    parser = argparse.ArgumentParser(description="Build a million articles.")
    parser.add_argument("articles", type=int, nargs="?", default=1_000_000, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        measure_all(options.articles, options.folder or Path(temporary))


def measure_all(count: int, folder: Path) -> None:
    """Make the site if it is not there, then measure."""
    tool = all_tools()[0]
    if not (folder / "sitegen.toml").exists():
        started = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        write_corpus(count, folder, Form.MARKDOWN)
        _fit_out_sitegen(folder)
        print(f"{count:,} articles written in {time.monotonic() - started:.0f} s", flush=True)
    today = dt.date.today().isoformat()
    log = HERE / "results" / f"{count}-articles-{today}.json"
    kept = {"date": today, "articles": count, "machine": machine(), "memory": memory_kind(), "version": tool.version}
    steps: dict[str, object] = {}
    for step in ("cold build", "no change", "one edit"):
        if step == "cold build":
            _forget(tool, folder)
        elif step == "one edit":
            _edit_one_body(folder, Form.MARKDOWN, 0)
        measured, failure = measure(tool, folder)
        steps[step] = {**asdict(measured), "failure": failure}
        print(f"{step}: {measured.seconds:.1f} s, {measured.cpu_seconds:.1f} s of processor, "
              f"{measured.peak_mib:.0f} MiB, {measured.reported} files written {failure}", flush=True)  # fmt: skip
        log.write_text(json.dumps({**kept, "steps": steps}, indent=1) + "\n", "utf-8")
        if failure:
            sys.exit(1)


if __name__ == "__main__":
    main()
