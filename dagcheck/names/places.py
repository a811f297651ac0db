"""Is there a file or a folder of this name? From the list of the project's files, or by looking when asked.

Terms: a *place* is a folder, "" for the project itself. Paths inside the project are relative to it, others are absolute;
all are `/`-separated. Names must match exactly, case included, on every system: what works on one machine only does not
work. Looking is remembered, so a run sees one state of the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from dagcheck.bounded import Bounded


class Places:
    """The files of a project. With `files` given, only these exist inside it; without, and outside, the disk is asked."""

    def __init__(self, project: str, files: Iterable[str] | None = None, links: Iterable[tuple[str, str]] = ()) -> None:
        """`links` are (other name, file) pairs."""
        self._project = project
        self._links = dict(links)
        self._files = None if files is None else {*files, *self._links}
        self._folders = None if self._files is None else _ancestors(self._files)
        self._seen: Bounded[str, dict[str, bool]] = Bounded()

    def is_file(self, path: str) -> bool:
        """Whether there is a file of this name."""
        if self._files is None or is_outside(path):
            return self._look(path) is True
        return path in self._files

    def target(self, path: str) -> str:
        """The file that a link leads to; any other path itself."""
        return self._links.get(path, path)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of this name; of a listed project, one with files somewhere below."""
        if path == "":
            return True
        if self._folders is None or is_outside(path):
            return self._look(path) is False
        return path in self._folders

    def relative(self, full: str) -> str:
        """An absolute path of the system as the path that is used here."""
        prefix = self._project.rstrip(os.sep) + os.sep
        full = os.path.normpath(full)
        if full + os.sep == prefix:
            return ""
        return full.removeprefix(prefix).replace(os.sep, "/")

    def _look(self, path: str) -> bool | None:
        """True for a file, False for a folder, None for nothing."""
        above, slash, name = path.rpartition("/")
        folder = above or slash
        entries = self._seen.get(folder)
        if entries is None:
            entries = self._seen[folder] = _entries(os.path.join(self._project, folder))
        return entries.get(name)


def is_outside(path: str) -> bool:
    """Whether a path leads outside the project."""
    return os.path.isabs(path)


def join(place: str, name: str) -> str:
    """The path of what lies in a place."""
    return f"{place.rstrip('/')}/{name}" if place else name


def _entries(folder: str) -> dict[str, bool]:
    """The names in a folder -> whether they are files, as they are written on the disk."""
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.is_file() for entry in entries if entry.is_file() or entry.is_dir()}
    except (OSError, ValueError):
        return {}


def _ancestors(files: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in files}:
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]  # noqa: PLW2901
    return folders
