"""What would change a project, and is it still the same afterwards? Renames and fixes over a `Workspace`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from dagcheck.edits.edit import Edit, Refused, State, Suppose, applied, by_file
from dagcheck.edits.fixes import Mending, mend_all
from dagcheck.edits.rename import Rename, rename
from dagcheck.edits.writing import write_all
from dagcheck.occurrences.index import Index
from dagcheck.project.workspace import View, Workspace

ROUNDS = 5
"""How often fixes are looked for in what earlier fixes made."""


class Mended(NamedTuple):
    """Fixes that were made, those that were left out, and the texts: path, before, after."""

    done: tuple[Mending, ...]
    left: tuple[Mending, ...]
    texts: tuple[tuple[str, str, str], ...]


def index_of(view: View) -> Index:
    """Where the names of a view are written."""
    return Index(view.known, view.source, view.run.scene.modules, view.run.scene.files or (), _settings(view))


def state_of(view: View) -> State:
    """A view as renames and fixes see it."""
    return State(view.dataflows, view.diagnostics, index_of(view))


def rename_in(
    workspace: Workspace, old: str, new: str, *, dataflow: str | None = None, path: str | None = None
) -> Rename | Refused:
    """The rename of a node, or why it is refused. Nothing is written."""
    return rename(state_of(workspace.view()), supposing(workspace), old, new, dataflow=dataflow, path=path)


def mend(workspace: Workspace, *, unsafe: bool = False) -> Mended:
    """The fixes of a project's findings that bring none of their own, round by round; nothing is written."""
    original: dict[str, str] = {}
    done: list[Mending] = []
    left: list[Mending] = []
    for _ in range(ROUNDS):
        state = state_of(workspace.view())
        fixes, left = mend_all(state, supposing(workspace), unsafe=unsafe)
        if not fixes:
            break
        done += fixes
        for path, edits in by_file(edit for fix in fixes for edit in fix.edits).items():
            text = state.places.text(path)
            original.setdefault(path, text)
            workspace.put(path, applied(text, edits))
    texts = tuple((path, text, workspace.text(path)) for path, text in sorted(original.items()))
    for path in original:
        workspace.put(path, None)
    return Mended(tuple(done), tuple(left), texts)


def supposing(workspace: Workspace) -> Suppose:
    """What the project would be with other texts in some files."""

    def suppose(texts: Mapping[str, str]) -> State:
        return state_of(workspace.supposing(texts))

    return suppose


def write(workspace: Workspace, edits: tuple[Edit, ...]) -> list[str]:
    """Make edits on the disk, all or none; the paths that changed."""
    files = by_file(edits)
    write_all(workspace.root, files)
    for path in files:
        workspace.read_again(path)
    return list(files)


def _settings(view: View) -> tuple[str, str] | None:
    path = view.run.settings.path
    if path is None:
        return None
    try:
        with open(os.path.join(view.run.scene.root, path), encoding="utf-8", newline="") as file:
            return path, file.read().replace("\r\n", "\n")
    except (OSError, UnicodeError):
        return None
