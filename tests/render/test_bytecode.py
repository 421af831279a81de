import marshal
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.bccache import Bucket

from sitegen.render.bytecode import kept_templates


def bucket(text: str = "") -> Bucket:
    found = Bucket(Environment(autoescape=True), "name", "checksum")
    found.code = compile(text, "name", "exec") if text else None
    return found


def test_what_was_compiled_is_there_for_the_next_process(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "templates"
    kept = kept_templates(str(folder), "key")
    assert kept is not None
    kept.dump_bytecode(bucket("x = 1"))

    again, other = kept_templates(str(folder), "key"), kept_templates(str(folder), "another")

    assert again is not None
    assert other is not None
    found = bucket()
    again.load_bytecode(found)
    assert marshal.dumps(found.code) == marshal.dumps(compile("x = 1", "name", "exec"))
    other.load_bytecode(missing := bucket())
    assert missing.code is None
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_can_write_to_is_not_used(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    folder.chmod(mode)

    assert kept_templates(str(folder), "key") is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "templates").symlink_to(tmp_path / "real")

    assert kept_templates(str(tmp_path / "templates"), "key") is None


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert kept_templates("", "key") is None
    assert kept_templates(str(tmp_path / "file" / "templates"), "key") is None


def test_old_ones_make_room(tmp_path: Path) -> None:
    kept = kept_templates(str(tmp_path / "templates"), "key")
    assert kept is not None
    for n in range(500):
        (tmp_path / "templates" / f"old-{n}.cache").write_bytes(b"")

    kept.dump_bytecode(bucket("x = 1"))

    assert len(list((tmp_path / "templates").iterdir())) == 251
    kept.load_bytecode(found := bucket())
    assert found.code is not None
