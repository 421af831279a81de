"""The target `directory`: a folder on this machine, or one that is mounted."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from sitegen.config import PublishTable
from sitegen.model import Location, OutputFile, Problem, SiteError
from sitegen.outputs.manifest import ManifestError, read_manifest
from sitegen.outputs.tree import copy_file, remove_files

_MANIFEST = ".sitegen-manifest.txt"


class Directory:
    """A folder, with the manifest of the last publication beside its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
        """Whether a file lies there; asked only for paths of no earlier publication."""
        return (self._folder / path).exists()

    def put(self, file: OutputFile, data: Path) -> None:
        """Copy one file whole."""
        made, _ = copy_file(self._folder, file.path, data)
        if made.digest != file.digest:
            raise OSError(f"{file.path} is not what was built any more; build again")

    def delete(self, path: str) -> None:
        """Remove one file, and folders that are empty then."""
        remove_files(self._folder, [path])

    def finish(self, manifest: Path) -> None:
        """Put the manifest beside the files."""
        temporary = self._folder / f"{_MANIFEST}.tmp"
        shutil.copyfile(manifest, temporary)
        temporary.replace(self._folder / _MANIFEST)


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
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SiteError(Problem(Location(table.path), "publish", f"can't be made: {error.strerror}")) from None
    return Directory(folder)
