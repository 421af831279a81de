"""Bytes that are kept for later, and known to be whole when they are read again."""

import hashlib

_SEAL = 32  # bytes


def seal(data: bytes) -> bytes:
    """The bytes, with their digest in front."""
    return hashlib.sha256(data).digest() + data


def opened(sealed: bytes) -> bytes | None:
    """The bytes that were sealed; None if they were cut off or changed since."""
    data = sealed[_SEAL:]
    return data if hashlib.sha256(data).digest() == sealed[:_SEAL] else None
