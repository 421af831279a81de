"""What takes long to make is made once."""

import os
from pathlib import Path

import pytest

from sitegen.cache import kept


def _never() -> bytes:
    raise AssertionError("made again")


def test_what_was_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept("a.mo", lambda: b"made") == b"made"
    assert kept("a.mo", _never) == b"made"


def test_what_was_damaged_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept("a.mo", lambda: b"made")
    file = tmp_path / "sitegen" / "templates" / "a.mo"
    file.write_bytes(file.read_bytes()[:-1])
    assert kept("a.mo", lambda: b"again") == b"again"
    assert kept("a.mo", _never) == b"again"


@pytest.mark.skipif(os.name != "posix", reason="folders have no permissions here")
def test_nothing_is_taken_from_a_folder_that_others_can_write_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept("a.mo", lambda: b"made")
    (tmp_path / "sitegen" / "templates").chmod(0o777)
    assert kept("a.mo", lambda: b"another") == b"another"
