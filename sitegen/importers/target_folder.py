"""Where the articles of a file that holds many of them go."""

from pathlib import PurePosixPath


def folder_of(below: str) -> str:
    """Folder for the articles of a file: its own path without the ending, so that its name is their section."""
    path = PurePosixPath(below or "articles")
    return str(path.with_name(path.name.split(".")[0] or path.name))
