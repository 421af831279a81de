"""Vectors of damaged and undamaged calls, read from the folder of real data beside the checkout."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def vectors(data_folder: Path) -> Callable[[str], dict[str, Any]]:
    """The content of one file of vectors; the test is skipped where the file is missing."""

    def read(name: str) -> dict[str, Any]:
        file = data_folder / "shortcodes" / f"{name}.json"
        if not file.is_file():
            pytest.skip(f"no vectors at {file}: set SITEGEN_DATA to the folder that has shortcodes/")
        return dict(json.loads(file.read_text("utf-8")))

    return read
