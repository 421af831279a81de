"""One hash for all that a page is made of."""

import hashlib
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import msgspec

from sitegen.model import Page

_ENCODE = msgspec.msgpack.Encoder(order="deterministic").encode
# What puts bytes into pages beside our own code.
_LIBRARIES = ("babel", "jinja2", "markdown", "msgspec", "nh3", "pygments", "python-slugify")


def fingerprint(page: Page, template_digest: str, settings_digest: str) -> str:
    """Hash of everything the page is made of; equal hashes mean equal bytes.

    `template_digest` covers the page's template and the shortcode templates of its body, with all that they
    include; `settings_digest` the site's settings. The engine's own digest is in it too.
    """
    parts = (
        page.output,
        template_digest,
        settings_digest,
        engine_digest(),
        page.context,
        page.body_of,
        page.body_digest,
    )
    return hashlib.blake2b(_ENCODE(parts), digest_size=16).hexdigest()


def digest_of(value: object) -> str:
    """Hash of a struct or a container of plain values."""
    return hashlib.blake2b(_ENCODE(value), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """Hash of sitegen's own code and of the versions of the libraries that make bytes."""
    package = Path(__file__).parent.parent
    state = hashlib.blake2b(digest_size=16)
    for file in sorted(package.rglob("*.py")):
        state.update(file.relative_to(package).as_posix().encode())
        state.update(file.read_bytes())
    for name in _LIBRARIES:
        state.update(f"{name} {metadata.version(name)}".encode())
    return state.hexdigest()
