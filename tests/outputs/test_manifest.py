"""The manifest: written whole, or as what changed since the last one."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import OutputFile
from sitegen.outputs.manifest import ManifestError, amend_manifest, read_manifest, write_manifest

PATHS = st.text("ab/é~ \U0001f600", min_size=1, max_size=4)
FILES = st.dictionaries(PATHS, st.integers(0, 99), max_size=12)
CHANGES = st.dictionaries(PATHS, st.none() | st.integers(100, 999), max_size=6)


def files_of(sizes: dict[str, int]) -> list[OutputFile]:
    """In the order of a manifest."""
    return [
        OutputFile(path, f"{size:064x}", size) for path, size in sorted(sizes.items(), key=lambda one: one[0].encode())
    ]


@given(FILES, CHANGES)
def test_changes_make_what_writing_all_anew_makes(before: dict[str, int], changes: dict[str, int | None]) -> None:
    after = {path: size for path, size in {**before, **changes}.items() if size is not None}
    with TemporaryDirectory() as folder:
        old, new, whole = (Path(folder, name) for name in ("old", "new", "whole"))
        write_manifest(old, files_of(before))
        write_manifest(whole, files_of(after))

        made = {path: None if size is None else files_of({path: size})[0] for path, size in changes.items()}
        amend_manifest(new, old, made, len(after))

        assert new.read_bytes() == whole.read_bytes()
        assert list(read_manifest(new)) == files_of(after)


@pytest.mark.parametrize(
    "torn", [b"", b"sitegen-manifest 1\n", b"sitegen-manifest 1\n00 1 a\n", b"else\n00 1 a\nend 1\n"]
)
def test_what_is_not_whole_is_not_amended(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "old").write_bytes(torn)

    with pytest.raises((ManifestError, ValueError)):
        amend_manifest(tmp_path / "new", tmp_path / "old", {}, 1)

    assert [file.name for file in tmp_path.iterdir()] == ["old"]


def test_a_sum_that_is_wrong_writes_nothing(tmp_path: Path) -> None:
    write_manifest(tmp_path / "old", files_of({"a": 1, "b": 2}))

    with pytest.raises(ManifestError, match="1 files of 2"):
        amend_manifest(tmp_path / "new", tmp_path / "old", {"b": None}, 2)

    assert [file.name for file in tmp_path.iterdir()] == ["old"]
