"""Which project is a document part of, and what is known of it now?

A `Folder` is one project that is open: its workspace, and the index and the counts that belong to its present view. A document
belongs to the nearest folder upward that has settings, else to the workspace folder of the client that it lies in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from dagcheck.diagnostics import Diagnostic
from dagcheck.lsp.buffers import LineMap, split_lines
from dagcheck.occurrences.index import Index
from dagcheck.project.editing import index_of
from dagcheck.project.workspace import View, Workspace
from dagcheck.settings import Options, UsageError
from dagcheck.settings.folder import find_project, settings_file


class Folder:
    """One project. State: the last view that could be made of it, and why the present one cannot be."""

    def __init__(self, root: str) -> None:
        self.workspace = Workspace(root)
        self.problem: tuple[str, ...] = ()
        self._view: View | None = None
        self._index: Index | None = None
        self.lenses: dict[str, tuple[int, int, int]] = {}

    @property
    def root(self) -> str:
        """The project folder."""
        return self.workspace.root

    def view(self) -> View | None:
        """The project as it is now; the last one that could be read where the settings are wrong."""
        try:
            view = self.workspace.view()
            self.problem = ()
        except UsageError as error:
            self.problem = error.messages
            return self._view
        if view is not self._view:
            self._view, self._index, self.lenses = view, None, {}
        return view

    @property
    def last(self) -> View | None:
        """The last view that was made, which may be of texts before the present ones."""
        return self._view

    def index(self) -> Index | None:
        """Where the names of the present view are written."""
        view = self.view()
        if view is None:
            return None
        if self._index is None:
            self._index = index_of(view)
        return self._index

    def lines(self, path: str) -> list[str]:
        """The lines of a file as they are now."""
        return split_lines(self.workspace.text(path))

    def map(self, path: str) -> LineMap | None:
        """From the last text of a file that parsed to the present one; None where they are the same."""
        view = self.view()
        good = None if view is None else view.source(path)
        now = self.workspace.text(path)
        return None if good is None or good.text == now else LineMap(good.text.split("\n"), now.split("\n"))

    def findings(self, path: str) -> list[Diagnostic]:
        """What is wrong in a file."""
        view = self.view()
        return [] if view is None else [each for each in view.diagnostics if each.location.path == path]


class Place(NamedTuple):
    """A document as part of a project: `path` as the project has it."""

    folder: Folder
    path: str


class Folders:
    """The projects that are open. State: the client's workspace folders, and a `Folder` for each project met so far."""

    def __init__(self) -> None:
        self._given: list[str] = []
        self._known: dict[str, Folder] = {}

    def add(self, uri: str) -> None:
        """The client opened a workspace folder."""
        path = path_of(uri)
        if path and os.path.isdir(path) and path not in self._given:
            self._given.append(path)
            self._folder(_project(path))

    def remove(self, uri: str) -> None:
        """The client closed a workspace folder."""
        path = path_of(uri)
        if path in self._given:
            self._given.remove(path)

    def drop_unused(self, documents: Iterable[str]) -> list[Folder]:
        """Forget the projects of which neither a workspace folder nor any of these open documents is part."""
        kept = {_project(each) for each in self._given}
        kept.update(self._root_of(path) for uri in documents if (path := path_of(uri)) and is_known(path))
        gone = [root for root in self._known if root not in kept and not self._is_inside(root)]
        return [self._known.pop(root) for root in gone]

    def owns(self, folder: Folder, uri: str) -> bool:
        """Is a file of a project that project's to speak of, not that of another inside it?"""
        if not any(other is not folder and _contains(folder.root, other.root) for other in self._known.values()):
            return True
        place = self.place(uri)
        return place is None or place.folder is folder

    def _is_inside(self, root: str) -> bool:
        """Is a folder with settings of its own part of a workspace folder?"""
        return any(_contains(each, root) for each in self._given) and bool(settings_file(root))

    def all(self) -> list[Folder]:
        """The projects."""
        return list(self._known.values())

    def place(self, uri: str) -> Place | None:
        """Where a document belongs; None for what is no file of a project."""
        full = path_of(uri)
        if not is_known(full):
            return None
        folder = self._folder(self._root_of(full))
        path = folder.workspace.relative(full)
        return None if path is None else Place(folder, path)

    def uri(self, folder: Folder, path: str) -> str:
        """The address of a file."""
        return uri_of(folder.workspace.absolute(path))

    def _root_of(self, full: str) -> str:
        above = os.path.dirname(full)
        given = max((each for each in self._given if _contains(each, full)), key=len, default=None)
        folder = above
        while given is not None and _contains(given, folder):
            if settings_file(folder):
                return folder
            folder = os.path.dirname(folder)
        return _project(given or above)

    def _folder(self, root: str) -> Folder:
        if root not in self._known:
            self._known[root] = Folder(root)
        return self._known[root]


def path_of(uri: str) -> str:
    """The file behind an address, "" when it is none."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or "\0" in unquote(parts.path):
        return ""
    path = unquote(parts.path)
    if os.name == "nt":
        path = path.lstrip("/")
    return os.path.normpath(path) if path else ""


def is_known(path: str) -> bool:
    """Is it a file of a kind that belongs to a project?"""
    return path.endswith(".py") or os.path.basename(path) in ("pyproject.toml", "dagcheck.toml")


def uri_of(path: str) -> str:
    """The address of a file."""
    from pathlib import Path

    return Path(path).as_uri()


def _project(folder: str) -> str:
    try:
        return find_project(Options(), folder)
    except UsageError:
        return folder


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
