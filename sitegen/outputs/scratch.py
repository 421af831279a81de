"""Folders for files that nobody needs when the work is done."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sitegen.outputs.tree import TEMPORARY


@contextlib.contextmanager
def scratch_folder(folder: Path) -> Iterator[str]:
    """A folder within `folder` for files of this process alone; in the end it is gone, with all that is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{TEMPORARY}{os.getpid()}-", dir=folder) as scratch:
        yield scratch
