"""Compiled templates, kept for the next build where nobody but the user can write: what is read there is run."""

import contextlib
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from sitegen.cache import is_the_users_alone
from sitegen.outputs.tree import write_file
from sitegen.sealed import opened, seal

_MAX_FILES = 500


def kept_templates(folder: str, key: str) -> FileSystemBytecodeCache | None:
    """What was compiled under `key`; None where the folder can't be had, or where others could put code into it."""
    if not folder:
        return None
    try:
        return _KeptTemplates(folder, f"{key}-%s.cache") if is_the_users_alone(Path(folder)) else None
    except OSError:
        return None


class _KeptTemplates(FileSystemBytecodeCache):
    """Jinja's own; a full disk or a damaged file costs nothing but the time to compile again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            if (whole := opened(Path(self._get_cache_filename(bucket)).read_bytes())) is not None:
                bucket.bytecode_from_string(whole)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            name = Path(self._get_cache_filename(bucket)).name
            write_file(self.directory, name, seal(bucket.bytecode_to_string()))
            self._make_room()

    def _make_room(self) -> None:
        """Take away the older half of too many: no template says that it will not be asked for again."""
        files = list(Path(self.directory).iterdir())
        if len(files) > _MAX_FILES:
            for file in sorted(files, key=lambda file: file.stat().st_mtime_ns)[: len(files) // 2]:
                file.unlink(missing_ok=True)
