"""When are findings told to an editor?

A client that asks for them gets them when it asks; to any other they are sent after each analysis, for each file whose findings
changed. Mistakes in the settings are shown once, as a message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from lsprotocol import types as lsp

from dagcheck.lsp.folders import Folder, Folders, Place
from dagcheck.lsp.reports import SOURCE, report


class Publisher:
    """State: what was sent last for each file, and what the client can do. `server` sends."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._sent: dict[str, tuple[int | None, list[lsp.Diagnostic]]] = {}
        self._told: dict[str, tuple[str, ...]] = {}
        self._pulls = False
        self._refreshes = False

    def begin(self, capabilities: lsp.ClientCapabilities) -> None:
        """What the client said of itself."""
        document, workspace = capabilities.text_document, capabilities.workspace
        self._pulls = bool(document and document.diagnostic)
        self._refreshes = bool(workspace and workspace.diagnostics and workspace.diagnostics.refresh_support)

    @property
    def pulls(self) -> bool:
        """Does the client ask by itself?"""
        return self._pulls

    def publish(self, folder: Folder) -> None:
        """Send what changed since the last time."""
        view = folder.view()
        self._tell(folder)
        if view is None:
            return
        if self._pulls:
            self._ask_to_pull(folder)
            return
        by_uri: dict[str, list[lsp.Diagnostic]] = {}
        folders: Folders = self._server.folders
        for each in view.diagnostics:
            shown = report(folders, folder, each, self._encoding)
            by_uri.setdefault(folders.uri(folder, each.location.path), []).append(shown)
        by_uri = {uri: items for uri, items in by_uri.items() if folders.owns(folder, uri)}
        prefix = folders.uri(folder, "").rstrip("/") + "/"
        gone = [uri for uri in self._sent if uri.startswith(prefix) and uri not in by_uri and folders.owns(folder, uri)]
        for uri in [*by_uri, *gone]:
            self._send(uri, by_uri.get(uri, []))

    def forget(self, uri: str) -> None:
        """A workspace folder was closed: what was sent for its files is taken back."""
        for each in [known for known in self._sent if known.startswith(uri.rstrip("/") + "/")]:
            self._send(each, [])

    def document(self, place: Place, previous: str | None) -> lsp.DocumentDiagnosticReport:
        """The findings of one document, or that they are the same."""
        items = self._items(place.folder, place.path)
        mark = _mark(items)
        if mark == previous:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(mark)
        return lsp.RelatedFullDocumentDiagnosticReport(items, result_id=mark)

    def workspace(self, previous: Iterable[lsp.PreviousResultId]) -> lsp.WorkspaceDiagnosticReport:
        """The findings of all files that have any, or had."""
        known = {each.uri: each.value for each in previous}
        reports: list[lsp.WorkspaceDocumentDiagnosticReport] = []
        folders: Folders = self._server.folders
        for folder in folders.all():
            view = folder.view()
            for path in view.run.scene.files or () if view is not None else ():
                uri = folders.uri(folder, path)
                if not folders.owns(folder, uri):
                    continue
                items = self._items(folder, path)
                mark = _mark(items)
                if not items and uri not in known:
                    continue
                version = self._server.versions.get(uri)
                if known.get(uri) == mark:
                    reports.append(lsp.WorkspaceUnchangedDocumentDiagnosticReport(uri, mark, version))
                else:
                    reports.append(lsp.WorkspaceFullDocumentDiagnosticReport(uri, items, version, result_id=mark))
        return lsp.WorkspaceDiagnosticReport(reports)

    def _items(self, folder: Folder, path: str) -> list[lsp.Diagnostic]:
        folders: Folders = self._server.folders
        return [report(folders, folder, each, self._encoding) for each in folder.findings(path)]

    @property
    def _encoding(self) -> str:
        encoding: str = self._server.navigator.encoding
        return encoding

    def _send(self, uri: str, items: list[lsp.Diagnostic]) -> None:
        version = self._server.versions.get(uri)
        if self._sent.get(uri) == (version, items) or (not items and uri not in self._sent):
            return
        self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, items, version))
        if items:
            self._sent[uri] = (version, items)
        else:
            self._sent.pop(uri, None)

    def _ask_to_pull(self, folder: Folder) -> None:
        """The findings of other files may have changed: the client has to be told to ask for them again."""
        view = folder.view()
        found = [] if view is None else [(each.location.path, each.message, each.rule) for each in view.diagnostics]
        mark = _mark(found)
        before, self._told[f"pull {folder.root}"] = self._told.get(f"pull {folder.root}"), (mark,)
        if self._refreshes and before is not None and before != (mark,):
            self._server.workspace_diagnostic_refresh(None)

    def _tell(self, folder: Folder) -> None:
        if folder.problem and self._told.get(folder.root) != folder.problem:
            words = "\n".join(folder.problem)
            self._server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"{SOURCE}: {words}"))
        self._told[folder.root] = folder.problem


def _mark(items: object) -> str:
    return hashlib.blake2b(repr(items).encode(errors="surrogatepass"), digest_size=8).hexdigest()
