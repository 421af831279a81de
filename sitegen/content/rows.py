"""Rows of the catalog's tables, as what they stand for."""

import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from typing import NamedTuple

import msgspec
from msgspec import Struct

from sitegen.model import Entry

TITLE = "title, permalink, entry.date, lang, section"  # columns of a Title
_ENTRY = msgspec.msgpack.Decoder(Entry)


class Taxonomy(StrEnum):
    """What articles are grouped by, beside their section."""

    TAG = "tag"
    AUTHOR = "author"
    SERIES = "series"


class Title(NamedTuple):
    """An article in a list of titles."""

    title: str
    permalink: str
    date: str  # as dates sort; "" for an undated article
    lang: str
    section: str  # slug; "" for none


_AS_TITLE = partial(tuple.__new__, Title)  # what Title._make does, in less time


class Place(NamedTuple):
    """Where a dated article stands among others."""

    date: str  # as dates sort
    source: str


class Term(Struct, frozen=True):
    """A term of a taxonomy: its slug, its most frequent spelling, the number of its articles."""

    slug: str
    name: str
    count: int


def entries(db: sqlite3.Connection, sql: str, *values: object) -> Iterator[Entry]:
    """The entries that a query finds, which asks for `data`."""
    # A cursor of its own: several orders are read at the same time.
    return (_ENTRY.decode(blob) for (blob,) in db.cursor().execute(sql, values))


def titles(db: sqlite3.Connection, sql: str, *values: object) -> Iterator[Title]:
    """The titles that a query finds, which asks for TITLE."""
    return map(_AS_TITLE, db.cursor().execute(sql, values))
