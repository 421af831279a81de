"""The W3C's HTML checker, as tests/setup.sh fetches it."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

JAR = Path(".venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar")


def messages(files: Sequence[Path]) -> list[str]:
    """Errors and warnings of HTML files, one line each; the test is skipped where there is no checker."""
    jar = Path(os.environ.get("VNU_JAR", REPOSITORY / JAR))
    if not (jar.is_file() and shutil.which("java")):
        pytest.skip("no HTML checker: tests/setup.sh fetches it, or set VNU_JAR, and Java runs it")
    command = ["java", "-Xss2m", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)
    found = json.loads(done.stderr)["messages"]
    assert files
    return [
        f"{Path(one.get('url', '')).parent.name}:{one.get('lastLine', 0)}: {one['message']}"
        for one in found
        if one["type"] == "error" or one.get("subType") == "warning"
    ]
