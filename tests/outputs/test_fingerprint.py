"""What a page's bytes depend on beside its content: our code and the libraries'."""

import os
import shutil
from importlib import metadata
from pathlib import Path

import pytest

from sitegen.outputs import fingerprint


def test_versions_by_folder_are_those_that_the_packages_tell() -> None:
    libraries = (*fingerprint._LIBRARIES, *fingerprint._OPTIONAL)

    assert fingerprint._versions() == [metadata.version(name) for name in libraries]
    assert all(fingerprint._versions())


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert fingerprint.library_version("no-such-library") == ""


def test_code_is_read_again_only_when_it_was_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    one, other = tmp_path / "one", tmp_path / "other"
    (one / "rooms").mkdir(parents=True)
    file = one / "rooms" / "room.py"
    file.write_text("x = 1\n")
    before, times = fingerprint._code_digest(str(one)), (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    reads = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: reads.append(path.suffix) or read(path))

    assert fingerprint._code_digest(str(one)) == before
    assert ".py" not in reads
    shutil.copytree(one, other)
    assert fingerprint._code_digest(str(other)) == before, "wherever it lies"
    assert ".py" in reads
    file.write_text("x = 2\n")
    os.utime(file, ns=times)
    assert fingerprint._code_digest(str(one)) != before, "as long as before, and with the same time"
