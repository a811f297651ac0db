"""Which files are lock files, and what does each say?

Whatever is in a file, reading it gives a lock: one with a fault where it could not be read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from dagcheck.locks.conda import read_conda_lock, read_environment, read_pixi
from dagcheck.locks.lock import Lock
from dagcheck.locks.pipfile import read_pipfile
from dagcheck.locks.requirements import read_requirements
from dagcheck.locks.toml_locks import read_packages
from dagcheck.settings import UsageError

MOST_BYTES = 24 * 1024 * 1024
"""Files that are larger are not read."""
FOLDERS = ("", "requirements/")
"""Where lock files are looked for, relative to the folder of the project."""

_MERGE = re.compile(rb"^<<<<<<< ", re.MULTILINE)
_MOST_FILES = 200
_READERS: tuple[tuple[str, Callable[[str, bytes], Lock]], ...] = (
    (r"(uv|poetry|pdm)\.lock|pylock(\..+)?\.toml", read_packages),
    (r"Pipfile\.lock", read_pipfile),
    (r"pixi\.lock", read_pixi),
    (r"(.+[.-])?conda-lock\.ya?ml", read_conda_lock),
    (r"environment[\w.-]*\.ya?ml", read_environment),
    (r"([\w.-]+[._-])?requirements[\w.-]*\.(txt|lock)", read_requirements),
)


def is_lock_file(path: str) -> bool:
    """Is a file of this name one that pins versions? In a folder of requirements, every text is."""
    folder, name = posixpath.split(path)
    is_listed = posixpath.basename(folder) == "requirements" and name.endswith(".txt")
    return is_listed or _reader(name) is not None


def read_locks(paths: Iterable[str], contents: Callable[[list[str]], dict[str, bytes]]) -> list[Lock]:
    """These lock files and those that they include, sorted by path; `contents` gives the bytes of files that are there."""
    found: dict[str, Lock] = {}
    wanted = sorted(set(paths))
    named_by: dict[str, str] = {}
    while wanted and len(found) < _MOST_FILES:
        held = contents(wanted)
        for path in wanted:
            if path in held:
                found[path] = _read(path, held[path])
            else:
                reason = f"{named_by[path]} names it, and it is not there" if path in named_by else "it is not here"
                found[path] = Lock(path, fault=reason)
        further = {include: path for path in wanted for include in found[path].includes if include not in found}
        named_by.update(further)
        wanted = sorted(further)
    return [found[path] for path in sorted(found)]


def _read(path: str, content: bytes) -> Lock:
    if len(content) > MOST_BYTES:
        return Lock(path, fault=f"it is larger than {MOST_BYTES // (1024 * 1024)} MiB")
    merged = _MERGE.search(content)
    if merged:
        line = content.count(b"\n", 0, merged.start()) + 1
        return Lock(path, fault=f"a merge that is not finished left its marks in line {line}")
    reader = _reader(posixpath.basename(path)) or read_requirements
    try:
        return reader(path, content)
    except UsageError as error:
        return Lock(path, fault=error.messages[0].removeprefix(f"{path}:").strip())
    except RecursionError:
        return Lock(path, fault="it is nested too deeply")


def _reader(name: str) -> Callable[[str, bytes], Lock] | None:
    return next((reader for shape, reader in _READERS if re.fullmatch(shape, name)), None)
