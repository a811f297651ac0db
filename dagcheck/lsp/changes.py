"""What would an editor change: a rename, a fix, a comment that silences a finding?

The edits are those of `dagcheck rename` and `dagcheck check --fix`, as one change of the whole workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsprotocol import types as lsp

from dagcheck.edits.edit import Edit, Refused, by_file
from dagcheck.edits.fixes import brings_nothing, mendings
from dagcheck.edits.ignores import ignores
from dagcheck.lsp.buffers import to_range
from dagcheck.lsp.folders import Folder, Folders, Place
from dagcheck.lsp.navigation import Navigator
from dagcheck.lsp.reports import report
from dagcheck.project.editing import rename_in, state_of, supposing


class Changes:
    """Answers with edits. `versions` gives the version of an open document, for edits of what the client has changed since."""

    def __init__(self, folders: Folders, navigator: Navigator, versions: dict[str, int | None], *, whole: bool) -> None:
        """`whole`: the client understands changes of documents with their versions."""
        self._folders = folders
        self._navigator = navigator
        self._versions = versions
        self._whole = whole

    def prepare(self, place: Place, position: lsp.Position) -> lsp.PrepareRenamePlaceholder | None:
        """The name at a position, if it can be renamed at all."""
        found = self._navigator.found(place, position)
        if found is None or not found.name.isidentifier():
            return None
        where = self._navigator.range(place.folder, found.occurrence.location)
        return lsp.PrepareRenamePlaceholder(where, found.name)

    def rename(self, place: Place, position: lsp.Position, new: str) -> lsp.WorkspaceEdit | Refused | None:
        """The rename of the node at a position."""
        found = self._navigator.found(place, position)
        if found is None:
            return None
        renamed = rename_in(place.folder.workspace, found.name, new, dataflow=None, path=found.occurrence.module)
        return renamed if isinstance(renamed, Refused) else self.edit(place.folder, renamed.edits)

    def actions(self, place: Place, asked: lsp.Range, only: Sequence[str] | None) -> list[lsp.CodeAction]:
        """What can be done about the findings in a range."""
        view = place.folder.view()
        if view is None or (only and not any(_is_within(lsp.CodeActionKind.QuickFix, kind) for kind in only)):
            return []
        state, suppose = state_of(view), supposing(place.folder.workspace)
        found: list[lsp.CodeAction] = []
        for diagnostic in place.folder.findings(place.path):
            shown = report(self._folders, place.folder, diagnostic, self._navigator.encoding)
            if shown.range.end < asked.start or asked.end < shown.range.start:
                continue
            for fix in mendings(diagnostic, state):
                if brings_nothing(state, suppose, fix):
                    title = fix.title if fix.safe else f"{fix.title} (a guess)"
                    found.append(self._action(place.folder, title, shown, fix.edits, preferred=fix.safe))
            for title, edits in ignores(diagnostic, state):
                found.append(self._action(place.folder, title, shown, edits, preferred=False))
        return found

    def edit(self, folder: Folder, edits: Iterable[Edit]) -> lsp.WorkspaceEdit:
        """Edits as one change of the workspace."""
        changed: dict[str, list[lsp.TextEdit]] = {}
        for path, each in by_file(edits).items():
            rows = folder.lines(path) if path.endswith(".py") else self._settings_rows(folder, path)
            uri = self._folders.uri(folder, path)
            changed[uri] = [
                lsp.TextEdit(to_range(edit.location.span, rows, self._navigator.encoding), edit.text) for edit in each
            ]
        if not self._whole:
            return lsp.WorkspaceEdit(changes=changed)
        documents = [
            lsp.TextDocumentEdit(lsp.OptionalVersionedTextDocumentIdentifier(uri, self._versions.get(uri)), list(found))
            for uri, found in changed.items()
        ]
        return lsp.WorkspaceEdit(document_changes=list(documents))

    def _settings_rows(self, folder: Folder, path: str) -> list[str]:
        index = folder.index()
        return [] if index is None else index.text(path).split("\n")

    def _action(
        self, folder: Folder, title: str, shown: lsp.Diagnostic, edits: Iterable[Edit], *, preferred: bool
    ) -> lsp.CodeAction:
        return lsp.CodeAction(
            title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[shown],
            is_preferred=preferred or None,
            edit=self.edit(folder, edits),
        )


def _is_within(kind: str, asked: str) -> bool:
    return kind == asked or kind.startswith(f"{asked}.") or asked == ""
