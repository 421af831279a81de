"""Where the articles of a file that holds many of them go."""

import datetime as dt
from pathlib import PurePosixPath


def folder_of(below: str) -> str:
    """Folder for the articles of a file: its own path without the ending, so that its name is their section."""
    path = PurePosixPath(below or "articles")
    return str(path.with_name(path.name.split(".")[0] or path.name))


def shelf_of(date: dt.date | None, slug: str) -> str:
    """Folder of an article below that of its file: `2011/05/14`, or the first two letters of its slug.

    It goes by the article alone, so it is the same in whatever order and number articles come, and no folder gets
    too full to be looked through: few sites write a thousand articles a day.
    """
    return f"{date.year:04d}/{date.month:02d}/{date.day:02d}" if date else slug[:2].strip("-")
