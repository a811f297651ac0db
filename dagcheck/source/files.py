"""What do the project's files hold?

Bytes are read once and identified by a digest; text is made of them on demand, so that a run in which nothing changed
decodes nothing. Which files there are is said by `dagcheck.source.listing`. A file that cannot be read is a value with
the reason, never an exception.
"""

from __future__ import annotations

import os
from stat import S_ISREG
from typing import NamedTuple

from dagcheck.source.decoding import decode
from dagcheck.source.digests import digest
from dagcheck.source.parsing import SyntaxFault

MAXIMUM_BYTES = 2 * 1024 * 1024


class RawFile(NamedTuple):
    """The bytes of a file, read once; `digest` identifies them."""

    path: str
    data: bytes
    digest: str


class SourceFile(NamedTuple):
    """The text of a file. With `fault` the bytes are no Python text, and `text` is only good for showing."""

    path: str
    text: str
    digest: str
    fault: SyntaxFault | None = None


class Unreadable(NamedTuple):
    """A file that is left out of the analysis, and why."""

    path: str
    reason: str


def digest_of(data: bytes) -> str:
    """A digest that identifies contents: BLAKE2b, 16 bytes, as 32 hexadecimal digits."""
    return digest(data).hex()


def read_raw(root: str, path: str) -> RawFile | Unreadable:
    """Read one file, once. Only regular files up to `MAXIMUM_BYTES` are opened."""
    full = os.path.join(root, path)
    try:
        status = os.stat(full)
        if not S_ISREG(status.st_mode):
            return Unreadable(path, "it is no regular file")
        if status.st_size > MAXIMUM_BYTES:
            return Unreadable(path, f"it is larger than {MAXIMUM_BYTES // (1024 * 1024)} MiB")
        with open(full, "rb", buffering=0) as file:
            data = file.read()
    except (OSError, ValueError) as error:
        return Unreadable(path, getattr(error, "strerror", None) or str(error))
    return RawFile(path, data, digest_of(data))


def decode_file(raw: RawFile) -> SourceFile:
    """The text of a file that was read."""
    text, fault = decode(raw.data)
    return SourceFile(raw.path, text, raw.digest, fault)


def read_source(root: str, path: str) -> SourceFile | Unreadable:
    """Read and decode one file."""
    raw = read_raw(root, path)
    return decode_file(raw) if isinstance(raw, RawFile) else raw
