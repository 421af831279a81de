"""What the record of a build says of its files, for those who can't wait until what knows more of it is loaded."""

import sqlite3
from collections.abc import Iterator


def recorded_sizes(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Path and size of all files that are recorded in this database."""
    return connection.execute("SELECT path, size FROM output WHERE digest > ''")
