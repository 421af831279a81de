"""A Dask cluster of two processes on this machine does the work."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.commands.build import build
from sitegen.commands.importing import import_sources
from sitegen.mapping import Died
from sitegen.model import SiteError
from sitegen.parallel import open_mapper
from tests.conftest import SmallSite
from tests.sites.test_exports import write_parts
from tests.sites.test_imports import articles

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs="ERROR"
    ) as cluster:
        yield cluster


@pytest.fixture
def scheduler(cluster: Any) -> str:
    return str(cluster.scheduler_address)


def die_once(mark: str, number: int) -> int:
    if number == 3 and not Path(mark).exists():
        Path(mark).touch()
        os._exit(9)
    return number * 2


def test_a_cluster_makes_the_same_bytes_though_a_worker_is_killed_on_the_way(
    cluster: Any, scheduler: str, new_site: Callable[[str], SmallSite]
) -> None:
    trees = []
    pages_made = 0

    def kill_once(stage: str, done: int, _total: int = 0, /) -> None:
        nonlocal pages_made
        if stage == "pages" and not pages_made and name == "there":
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
            pages_made = done

    for name, how in (("here", "workers = 1"), ("there", f'executor = "dask"\nscheduler = "{scheduler}"')):
        site = new_site(name)
        site.write(f'== sitegen.toml ==\n[site]\ntitle = "T"\nurl = "https://test.example/"\n[build]\n{how}\n')
        for number in range(250):
            date = f"2011-{number % 12 + 1:02d}-03"
            site.add_article(f"n/a{number}", f"Text **{number}**.", title=f"Title {number}", date=date, tags="All")
        report = build(site.site, site.tree, kill_once)
        assert report.problems == []
        trees.append(site.outputs())
    assert trees[0] == trees[1]
    assert 0 < pages_made < report.written_count


def test_a_cluster_takes_in_the_same_export(scheduler: str, new_site: Callable[[str], SmallSite]) -> None:
    trees = []
    for name, how in (("here", "workers = 1"), ("there", f'executor = "dask"\nscheduler = "{scheduler}"')):
        site = new_site(name)
        site.write(f"== sitegen.toml ==\n[build]\n{how}\n")
        assert import_sources(site.site, [write_parts(site, 120)]).new == 122
        trees.append(articles(site))
    assert trees[0] == trees[1]


def test_a_worker_that_dies_on_the_way_costs_a_repetition(scheduler: str, tmp_path: Path) -> None:
    from functools import partial

    with open_mapper(0, scheduler) as map_:
        results = list(map_(partial(die_once, str(tmp_path / "died")), range(12)))
    assert (tmp_path / "died").exists()
    assert not any(isinstance(result, Died) for result in results)
    assert results == [number * 2 for number in range(12)]


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.cluster._SECONDS_TO_CONNECT", 1)
    with pytest.raises(SiteError, match="no Dask scheduler answers"), open_mapper(0, "tcp://127.0.0.1:9"):
        pass
