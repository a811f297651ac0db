"""Where does the cache lie, and can what lies there be believed?

Against damage, each entry is *sealed* with a checksum over its key and its contents. Against forgery, entries lie in a
folder whose name follows from when and where its neighbour, the empty file `identity`, was made on this machine and by
whom it is used: what a clone, an archive or a copy of the project brings along is never found, let alone unmarshalled.

Contents are plain data as `marshal` takes it: exact tuples, strings, numbers, dictionaries and so on.
"""

from __future__ import annotations

import marshal
import os
from contextlib import suppress
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import Any

from dagcheck.source.digests import digest

_SEAL_BYTES = 16
_IDENTITY = "identity"
_COMPANIONS = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of dagcheck. Delete it at any time.\n",
    _IDENTITY: "",
}


def existing_folder(cache_dir: str) -> str | None:
    """The folder below `cache_dir` with this user's entries; None when there is none, or none that can be believed."""
    folder = _folder_by_identity(cache_dir)
    if folder is None:
        return None
    try:
        status = os.lstat(folder)
    except OSError:
        return None
    private = os.name == "nt" or (status.st_uid == _user() and not S_IMODE(status.st_mode) & 0o022)
    return folder if S_ISDIR(status.st_mode) and private else None


def made_folder(cache_dir: str) -> str | None:
    """The same folder, made when it is missing; None when that cannot be done. Makes the cache ignore itself in git."""
    folder = existing_folder(cache_dir)
    if folder is not None or os.path.islink(cache_dir):
        return folder
    with suppress(OSError):  # most likely another process was faster
        os.makedirs(cache_dir, exist_ok=True)
        for name, content in _COMPANIONS.items():
            _write_once(os.path.join(cache_dir, name), content)
        folder = _folder_by_identity(cache_dir)
        if folder is not None:
            os.mkdir(folder, 0o700)
            _remove_others(cache_dir, os.path.basename(folder))
    return existing_folder(cache_dir)


def seal(key: bytes, value: Any) -> bytes | None:
    """The bytes to store; None for a value that `marshal` does not take (nested too deeply, or no plain data)."""
    try:
        content = marshal.dumps(value)
    except (ValueError, RecursionError):
        return None
    return _checksum(key, content) + content


def unseal(key: bytes, stored: object) -> tuple[Any] | None:
    """The value in a tuple of its own, None when the bytes are not as they were sealed."""
    if not isinstance(stored, bytes):
        return None
    content = stored[_SEAL_BYTES:]
    if stored[:_SEAL_BYTES] != _checksum(key, content):
        return None
    try:
        return (marshal.loads(content),)  # noqa: S302 (sealed, and in a folder that cannot be forged)
    except (EOFError, ValueError, TypeError):
        return None


def read_entry(folder: str, key: bytes) -> bytes | None:
    """The sealed bytes of an entry that is a file of its own."""
    try:
        with open(os.path.join(folder, _name(key)), "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return None


def write_entry(folder: str, key: bytes, stored: bytes, keep: int) -> None:
    """Write sealed bytes as a file of their own, at once or not at all; the newest `keep` entries stay."""
    temporary = os.path.join(folder, f".{os.getpid()}-{_name(key)}")
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(stored)
        os.replace(temporary, os.path.join(folder, _name(key)))
        _remove_oldest(folder, keep)
    except OSError:
        _remove(temporary)


def _folder_by_identity(cache_dir: str) -> str | None:
    try:
        if os.path.islink(cache_dir):
            return None  # wherever a project may want to lead us
        identity = os.lstat(os.path.join(cache_dir, _IDENTITY))
    except OSError:
        return None
    if not S_ISREG(identity.st_mode) or identity.st_size:
        return None
    made = getattr(identity, "st_birthtime", identity.st_ctime_ns)
    name = digest(f"{identity.st_ino} {made!r} {_user()}".encode(), size=8).hex()
    return os.path.join(cache_dir, name)


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _checksum(key: bytes, content: bytes) -> bytes:
    return digest(key, content, size=_SEAL_BYTES)


def _name(key: bytes) -> str:
    return digest(key).hex()


def _write_once(path: str, content: str) -> None:
    """Make a file unless there is one, without following a link that lies in its place."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return
    try:
        if content:
            os.write(file, content.encode())
    finally:
        os.close(file)


def _remove_others(cache_dir: str, name: str) -> None:
    """Remove the entries that belong to an identity that is gone, such as one before a move of the project."""
    import shutil

    for other in os.listdir(cache_dir):
        if other != name and len(other) == len(name) and set(other) <= set("0123456789abcdef"):
            shutil.rmtree(os.path.join(cache_dir, other), ignore_errors=True)


def _remove_oldest(folder: str, keep: int) -> None:
    with os.scandir(folder) as entries:
        by_age = sorted((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in entries)
    for _, path in by_age[: max(len(by_age) - keep, 0)]:
        _remove(path)


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
