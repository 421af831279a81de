"""Where the time of a build went."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from sitegen.render.jobs import Made

_SLOWEST = 10


class Template(Struct):
    """What the pages of one template cost."""

    pages: int = 0
    seconds: float = 0.0


class Profile(Struct):
    """Seconds on the clock of each stage, and what pages cost whoever made them."""

    stages: dict[str, float] = {}
    templates: dict[str, Template] = {}
    slowest: list[tuple[float, str]] = []
    bodies: int = 0
    prose_bodies: int = 0  # that needed no Python-Markdown

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = self.stages.get(name, 0.0) + time.perf_counter() - started

    def add(self, made: Iterable[Made]) -> None:
        """Count in what pages cost."""
        for item in made:
            cost = self.templates.setdefault(item.template or "files copied, pictures made smaller", Template())
            cost.pages += 1
            cost.seconds += item.seconds
            self.bodies += item.is_prose is not None
            self.prose_bodies += item.is_prose is True
            if len(self.slowest) < _SLOWEST or item.seconds > self.slowest[-1][0]:
                self.slowest = sorted([*self.slowest, (item.seconds, item.output)], reverse=True)[:_SLOWEST]

    def lines(self) -> Iterator[str]:
        """The profile for people."""
        total = sum(self.stages.values())
        yield "Stages, on the clock:"
        for name, seconds in self.stages.items():
            yield f"  {seconds:8.2f} s {seconds / (total or 1):5.0%}  {name}"
        yield "Templates, in all processes together:"
        for name, cost in sorted(self.templates.items(), key=lambda pair: -pair[1].seconds):
            each = 1000 * cost.seconds / cost.pages
            pages = "1 page" if cost.pages == 1 else f"{cost.pages:,} pages"
            yield f"  {cost.seconds:8.2f} s  {name}: {pages}, {each:.2f} ms each"
        if self.bodies:
            share = self.prose_bodies / self.bodies
            counts = f"{self.prose_bodies:,} of {self.bodies:,} ({share:.0%})"
            yield f"Bodies of plain prose, which need no Python-Markdown: {counts}"
        yield "Slowest pages:"
        for seconds, output in self.slowest:
            yield f"  {1000 * seconds:8.1f} ms  {output}"
