"""Are these bytes the same? BLAKE2b, from the module that costs nothing to import."""

from __future__ import annotations

try:
    from _blake2 import blake2b  # hashlib takes 2 ms, most of it for loading OpenSSL
except ImportError:  # pragma: no cover
    from hashlib import blake2b


def digest(*parts: bytes, size: int = 16) -> bytes:
    """The digest of all parts in a row, `size` bytes long."""
    state = blake2b(digest_size=size)
    for part in parts:
        state.update(part)
    return state.digest()
