"""Work mapped over a Dask cluster: the same functions, on machines that share the site's folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sitegen.model import Location, Problem, SiteError
from sitegen.pool import Pool

_SECONDS_TO_CONNECT = 20


@contextmanager
def cluster_pool(scheduler: str) -> Iterator[Pool]:
    """A pool of all workers that a scheduler at the address `scheduler` knows.

    Raises SiteError when the extra is not installed, or when nobody answers there.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        hint = "pip install 'sitegen[cluster]', here and on the workers"
        raise SiteError(Problem(Location("sitegen.toml"), "cluster", "Dask is not installed", hint)) from None
    try:
        client = dask.Client(scheduler, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        message = f"no Dask scheduler answers at {scheduler}: {error}"
        hint = "start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`"
        raise SiteError(Problem(Location("sitegen.toml"), "cluster", message, hint)) from None
    try:
        threads = sum(client.nthreads().values())
        yield Pool(max(1, threads), client.get_executor, (dask.KilledWorker,))
    finally:
        client.close()
