"""A new site that builds at once."""

from pathlib import Path

from sitegen.model import Location, Problem, SiteError
from sitegen.places import CONFIG_FILE

_CONFIG = """\
# All keys are told in the documentation; every one of them has a sensible default.

[site]
title = "My archive"
description = "Articles worth keeping."
# The address of the site, once it is known: feeds and sitemaps need it.
# url = "https://archive.example/"
language = "en"
timezone = "UTC"

[sections]
news = "News"

# Where `sitegen publish` puts the site.
# [publish.web]
# type = "directory"
# path = "../public"
"""
_RAW = """\
Ferry runs again on Sundays

The small ferry at Lower Weir takes passengers on Sundays again from the first of May.The parish had stopped the service two years ago for want of a second pilot.

What the crossing costs

A single crossing is two coins; children and bicycles are free. « We would rather carry people than count change », says Ada Winter, who steers on most days.

What the crossing costs

[expert_review_poll id= »7″ params= »JTdCJTIydGl0bGUlMjIlM0ElMjJTaG91bGQlMjB0aGUlMjBmZXJyeSUyMHJ1biUyMGluJTIwd2ludGVyJTIwdG9vJTNGJTIyJTJDJTIyYW5zd2VycyUyMiUzQSU1QiU3QiUyMmlkJTIyJTNBJTIyMSUyMiUyQyUyMnRleHQlMjIlM0ElMjJZZXMlMkMlMjBldmVyeSUyMHdlZWslMjIlN0QlMkMlN0IlMjJpZCUyMiUzQSUyMjIlMjIlMkMlMjJ0ZXh0JTIyJTNBJTIyTm8lMkMlMjB0aGUlMjByaXZlciUyMG5lZWRzJTIwYSUyMHJlc3QlMjIlN0QlNUQlN0Q= »]

Ferry, Lower Weir
"""
_ARTICLE = """\
---
title: How this archive works
date: 2024-05-01
tags: [Ferry]
---

Raw articles go into `content/raw/`; a build turns each of them into Markdown in `content/` and mends what copying
has damaged. Markdown articles like this one are written by hand.

- `sitegen serve` shows the site and reloads it as you type.
- `sitegen build` writes it to `output/`.
- `sitegen check` looks for what a reader would stumble over.
"""
_IGNORED = "/output/\n/.sitegen/\n"


def init(folder: Path) -> list[str]:
    """Make a site in `folder`, which may exist but holds no site yet; the files that were made.

    A file that is there already stays as it is. Raises SiteError when there is a site already.
    """
    if (folder / CONFIG_FILE).exists():
        raise SiteError(Problem(Location(str(folder / CONFIG_FILE)), "usage", "there is a site here already"))
    files = {
        CONFIG_FILE: _CONFIG,
        "content/raw/news/2024-04-27-ferry.txt": _RAW,
        "content/news/how-this-archive-works.md": _ARTICLE,
        ".gitignore": _IGNORED,
    }
    made = []
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_text(text, "utf-8")
                made.append(name)
    except OSError as error:
        raise SiteError(Problem(Location(str(folder)), "usage", f"can't be written to: {error.strerror}")) from None
    return made
