"""Draw how the cost of a cold build grows with the number of articles, from the results in `benchmarks/results/`.

    python benchmarks/plot.py

Writes `benchmarks/cost.svg`: time and memory over the number of articles, both axes in powers of ten. Of each tool
and number the newest results count.
"""

import json
import math
import statistics
from html import escape
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 330, 260, 64, 34, 96
_COLOURS = {"sitegen-markdown": "#8a1c1c", "sitegen-raw": "#c98a2b", "hugo": "#1f6f8b", "pelican": "#7a7a7a"}
_LABELS = {"sitegen-markdown": "sitegen", "sitegen-raw": "sitegen, raw text", "hugo": "Hugo", "pelican": "Pelican"}

Series = dict[str, dict[int, float]]  # of a tool: number of articles -> value


class Axis(NamedTuple):
    """Powers of ten from one to another."""

    first: int
    last: int

    def place(self, value: float) -> float:
        """Where a value stands, from 0 to 1."""
        return (math.log10(value) - self.first) / (self.last - self.first)


def main() -> None:
    seconds, memory = read("seconds"), read("peak_mib")
    panels = panel(0, seconds, "Cold build: seconds on the clock") + panel(
        1, memory, "Peak memory of all processes: MiB"
    )
    width, height = 2 * (_WIDTH + _LEFT) + _GAP, _HEIGHT + _TOP + 60
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11">\n<rect width="{width}" height="{height}" fill="#fff"/>\n{panels}</svg>\n'
    )
    (HERE / "cost.svg").write_text(text, "utf-8")


def read(what: str) -> Series:
    """Medians of cold builds without a search; a later file of results takes the place of an earlier one."""
    found: Series = {}
    for file in sorted((HERE / "results").glob("[0-9]*.json")):
        result = json.loads(file.read_text("utf-8"))
        for count, steps in result.get("runs", {}).items():  # of million.py
            found.setdefault("sitegen-markdown", {})[int(count)] = steps["cold build"][what]
        for row in result.get("rows", ()):
            if row["step"] == "cold build" and row["runs"] and not row["failure"] and row["tool"] in _LABELS:
                values = [run[what] for run in row["runs"]]
                found.setdefault(row["tool"], {})[row["articles"]] = statistics.median(values)
    return found


def panel(number: int, series: Series, title: str) -> str:
    """One picture: a line for each tool."""
    left, points = _LEFT + number * (_WIDTH + _GAP), [pair for line in series.values() for pair in line.items()]
    if not points:
        return ""
    across, up = axis([n for n, _ in points]), axis([value for _, value in points])
    parts = [f'<text x="{left}" y="{_TOP - 14}" font-size="13">{escape(title)}</text>']
    for power in range(across.first, across.last + 1):
        x = left + across.place(10**power) * _WIDTH
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_TOP + _HEIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{10**power:,}</text>')
    for power in range(up.first, up.last + 1):
        y = _TOP + (1 - up.place(10**power)) * _HEIGHT
        parts.append(f'<path d="M{left} {y:.1f}H{left + _WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    for place, (tool, line) in enumerate(sorted(series.items())):
        parts += _line(tool, line, left, across, up)
        y = _TOP + _HEIGHT + 34 + 14 * (place % 2)
        parts.append(f'<text x="{left + 150 * (place // 2)}" y="{y}" fill="{_COLOURS[tool]}">{_LABELS[tool]}</text>')
    return "\n".join(parts) + "\n"


def axis(values: list[float]) -> Axis:
    """The powers of ten around all values."""
    first = math.floor(math.log10(min(values)))
    return Axis(first, max(first + 1, math.ceil(math.log10(max(values)))))


def _line(tool: str, line: dict[int, float], left: float, across: Axis, up: Axis) -> list[str]:
    places = [
        (left + across.place(n) * _WIDTH, _TOP + (1 - up.place(value)) * _HEIGHT) for n, value in sorted(line.items())
    ]
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_COLOURS[tool]}"/>' for x, y in places]
    return [f'<path d="M{way}" fill="none" stroke="{_COLOURS[tool]}" stroke-width="2"/>', *dots]


if __name__ == "__main__":
    main()
