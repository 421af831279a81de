"""The target `directory`: a folder on this machine, or one that is mounted."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from sitegen.config import PublishTable
from sitegen.model import Location, OutputFile, Problem, SiteError
from sitegen.outputs.manifest import ManifestError, read_manifest
from sitegen.outputs.tree import copy_file, make_folder, remove_files, remove_torn

_MANIFEST = ".sitegen-manifest.txt"
_JOURNAL = ".sitegen-journal.txt"


class Directory:
    """A folder, with the manifest of the last publication beside its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal = folder / _JOURNAL
        self._begun = self._read_journal()

    def published(self) -> Iterator[OutputFile]:
        """What the last publication has put."""
        try:
            yield from read_manifest(self._folder / _MANIFEST)
        except FileNotFoundError:
            return
        except (ManifestError, ValueError) as error:
            hint = "remove it to publish everything anew; no file will be removed then"
            raise SiteError(Problem(Location(str(self._folder / _MANIFEST)), "manifest", str(error), hint)) from None

    def holds_foreign(self, path: str) -> bool:
        """Whether a file lies there that no publication, not even one that was cut off, has put."""
        return path not in self._begun and (self._folder / path).exists()

    def put(self, file: OutputFile, data: Path) -> None:
        """Copy one file whole; its path is noted before, so that a publication that was cut off can go on."""
        if file.path not in self._begun:
            with self._journal.open("a", encoding="utf-8", newline="\n") as journal:
                journal.write(file.path + "\n")
            self._begun.add(file.path)
        copy_file(self._folder, file.path, data, wanted_digest=file.digest)

    def delete(self, path: str) -> None:
        """Remove one file, and folders that are empty then."""
        remove_files(self._folder, [path])

    def finish(self, manifest: Path) -> None:
        """Put the manifest beside the files."""
        temporary = self._folder / f"{_MANIFEST}.tmp"
        shutil.copyfile(manifest, temporary)
        temporary.replace(self._folder / _MANIFEST)
        remove_torn(str(self._folder))  # a publication that was cut off may have left something
        self._journal.unlink(missing_ok=True)
        self._begun.clear()

    def _read_journal(self) -> set[str]:
        try:
            return set(self._journal.read_text("utf-8").splitlines())
        except FileNotFoundError:
            return set()


def open_directory(table: PublishTable, site: Path) -> Directory:
    """The folder that `path` names, relative to the site; it is made if need be.

    Raises SiteError for a path that is missing, no folder, or part of the site itself.
    """
    place = Location("sitegen.toml")
    if not table.path:
        raise SiteError(Problem(place, "publish", "the target has no path", 'write path = "…" in its table'))
    folder = (site / table.path).resolve()
    inside = [site.resolve() / name for name in ("content", "templates", "output", ".sitegen")]
    if (
        folder == site.resolve()
        or site.resolve().is_relative_to(folder)
        or any(folder.is_relative_to(own) for own in inside)
    ):
        message = f"{table.path} is part of the site itself"
        raise SiteError(Problem(place, "publish", message, "name a folder outside"))
    try:
        make_folder(str(folder))
    except OSError as error:
        raise SiteError(Problem(Location(table.path), "publish", f"can't be made: {error.strerror}")) from None
    return Directory(folder)
