"""How does the server speak with an editor? Lifecycle, texts that change, and who answers what.

One loop does everything. A change of a text is noted at once and analysed when typing pauses for a moment; a request that needs the
analysis makes it at once. Whatever goes wrong in an answer is written to the log and answered with nothing: an editor never loses
its server because of a text.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from dagcheck import __version__
from dagcheck.edits.edit import Refused
from dagcheck.lsp.buffers import Buffer
from dagcheck.lsp.cards import card, lens
from dagcheck.lsp.changes import Changes
from dagcheck.lsp.completion import complete
from dagcheck.lsp.folders import Folders, Place, path_of
from dagcheck.lsp.garbage import set_apart
from dagcheck.lsp.navigation import Navigator
from dagcheck.lsp.publishing import Publisher
from dagcheck.lsp.symbols import Symbols

PAUSE = 0.02
"""Seconds without a change after which the texts are analysed."""

MANY = 50
"""More files than this are a project that was read anew."""

REQUEST_FAILED = -32803
"""The protocol's code for a request that is right and still cannot be granted."""

Answer = TypeVar("Answer")


class Protocol(LanguageServerProtocol):
    """Texts are kept by dagcheck's own `Buffer`, for which no position is out of reach.

    What was handled is forgotten: pygls itself keeps the future of each notification, with all that it was told. Not at once, for
    pygls takes back all that is open in one loop over what it keeps.
    """

    def _execute_handler(self, msg_id: Any, *arguments: Any, **named: Any) -> None:
        super()._execute_handler(msg_id, *arguments, **named)
        future = self._request_futures.get(msg_id)
        if future is not None:
            loop = asyncio.get_running_loop()
            future.add_done_callback(lambda _: loop.call_soon(self._request_futures.pop, msg_id, None))

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        """A document was opened."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        """A document was changed."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        """A document was closed."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class Server(LanguageServer):
    """State: the projects, the open documents, and whether an analysis is waiting for a pause."""

    def __init__(self) -> None:
        super().__init__(
            "dagcheck",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
        )
        self.folders = Folders()
        self.buffers: dict[str, Buffer] = {}
        self.versions: dict[str, int | None] = {}
        self.navigator = Navigator(self.folders, "utf-16")
        self.symbols = Symbols(self.folders, self.navigator)
        self.changes = Changes(self.folders, self.navigator, self.versions, whole=False)
        self.publisher = Publisher(self)
        self._waiting: asyncio.TimerHandle | None = None
        self._ready: asyncio.Event | None = None
        self._early: dict[str, str | None] = {}
        self._early_events: list[lsp.FileEvent] = []
        self._placed: dict[str, Place] = {}
        self._is_new = False  # was a project read anew since the last analysis?

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Into the log of the editor, not into the user's face."""
        words = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, words))

    # --- lifecycle

    def begin(self, params: lsp.InitializeParams) -> None:
        """The client said what it can do and which folders it has open."""
        encoding = self.workspace.position_encoding
        self.navigator.encoding = str(getattr(encoding, "value", encoding) or "utf-16")
        edits = params.capabilities.workspace and params.capabilities.workspace.workspace_edit
        self.changes = Changes(
            self.folders, self.navigator, self.versions, whole=bool(edits and edits.document_changes)
        )
        self.publisher.begin(params.capabilities)
        uris = [each.uri for each in params.workspace_folders or []]
        if not uris:
            uris = [each for each in (params.root_uri, params.root_path and _uri(params.root_path)) if each][:1]
        for uri in uris:
            self.folders.add(uri)
        self._ready = asyncio.Event()

    async def warm_up(self) -> None:
        """The first analysis, while the client shows that something is going on."""
        shows = self.client_capabilities.window and self.client_capabilities.window.work_done_progress
        mark = "dagcheck-first-analysis"
        if shows and self.folders.all():
            try:
                await asyncio.wait_for(self.work_done_progress.create_async(mark), 2)
                self.work_done_progress.begin(
                    mark, lsp.WorkDoneProgressBegin("dagcheck", message="reading the project")
                )
            except Exception:  # noqa: BLE001 - a client that cannot show it is no reason to stop
                shows = None
        for folder in self.folders.all():
            await asyncio.to_thread(folder.view)
        if shows and self.folders.all():
            self.work_done_progress.end(mark, lsp.WorkDoneProgressEnd(message="done"))
        if self._ready is not None:
            self._ready.set()
        early, self._early = self._early, {}
        for uri, text in early.items():
            self._put(uri, text)
        self._is_new = True
        events, self._early_events = self._early_events, []
        self.files_changed(events)

    async def watch(self) -> None:
        """Ask the client to tell of files that change behind the editor's back."""
        about = self.client_capabilities.workspace and self.client_capabilities.workspace.did_change_watched_files
        if not (about and about.dynamic_registration):
            return
        patterns = ["**/*.py", "**/pyproject.toml", "**/dagcheck.toml", "**/.git/HEAD", "**/.gitignore"]
        options = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(each) for each in patterns])
        wanted = lsp.Registration("dagcheck-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        try:
            await self.client_register_capability_async(lsp.RegistrationParams([wanted]))
        except JsonRpcException as error:
            self.report_server_error(error, None)

    # --- texts

    def open(self, uri: str, text: str, version: int | None) -> None:
        """A document is in the editor now: what it says there counts."""
        self.buffers[uri] = Buffer(text, self.navigator.encoding, version)
        self.versions[uri] = version
        self._put(uri, text)

    def change(self, uri: str, changes: list[lsp.TextDocumentContentChangeEvent], version: int | None) -> None:
        """A document changed in the editor."""
        buffer = self.buffers.get(uri)
        if buffer is None:
            return
        buffer.change(changes, version)
        self.versions[uri] = version
        self._put(uri, buffer.text)

    def close(self, uri: str) -> None:
        """A document is gone from the editor: the file counts again."""
        if self.buffers.pop(uri, None) is not None:
            self.versions.pop(uri, None)
            self._put(uri, None)
            if self._is_warm:
                self._drop_unused()

    def saved(self, uri: str) -> None:
        """Settings count when they are saved."""
        place = self.folders.place(uri)
        if place is not None and place.path.endswith(".toml") and self._is_warm:
            place.folder.workspace.list_again()
            self._is_new = True
            self.refresh()

    def files_changed(self, events: list[lsp.FileEvent]) -> None:
        """Files changed behind the editor's back."""
        if not self._is_warm:
            self._early_events += events
            return
        self._is_new |= len(events) > MANY or any(event.uri.endswith("/HEAD") for event in events)
        for event in events:
            if event.uri.endswith(("/HEAD", "/.gitignore", ".toml")) or event.type != lsp.FileChangeType.Changed:
                for folder in self.folders.all():
                    folder.workspace.list_again()
            place = self.folders.place(event.uri)
            if place is not None:
                place.folder.workspace.read_again(place.path)
            elif event.uri.endswith("/HEAD"):
                for folder in self.folders.all():
                    folder.workspace.read_all_again()
        if any(event.uri.endswith(".toml") for event in events):
            self._place_again()
        self.refresh()

    def folders_changed(self, added: list[str], removed: list[str]) -> None:
        """Workspace folders came and went: documents may be part of other projects now."""
        for uri in removed:
            self.folders.remove(uri)
        for uri in added:
            self.folders.add(uri)
        if self._is_warm:
            self._drop_unused()
            self._place_again()
            self._is_new = True
            self.later()

    def _drop_unused(self) -> None:
        for folder in self.folders.drop_unused(self.buffers):
            self.publisher.forget(_uri(folder.root))

    def _place_again(self) -> None:
        for uri, buffer in self.buffers.items():
            self._put(uri, buffer.text)

    @property
    def _is_warm(self) -> bool:
        return self._ready is not None and self._ready.is_set()

    def _put(self, uri: str, text: str | None) -> None:
        if not self._is_warm:  # the first analysis reads what is on the disk, in a thread of its own
            self._early[uri] = text
            return
        place = self.folders.place(uri)
        before = self._placed.pop(uri, None)
        if before is not None and before != place:
            before.folder.workspace.put(before.path, None)
        if place is not None and place.path.endswith(".py"):
            place.folder.workspace.put(place.path, text)
            if text is not None:
                self._placed[uri] = place
            self.later()

    # --- answers

    def later(self) -> None:
        """Analyse when nothing has changed for a moment."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(PAUSE, self.refresh)

    def refresh(self) -> None:
        """Analyse now, and say what is wrong."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._is_warm:
            for folder in self.folders.all():
                self.publisher.publish(folder)
            if self._is_new:
                self._is_new = False
                set_apart()

    def place(self, uri: str) -> Place | None:
        """The document as part of a project, if it is open or on the disk."""
        place = self.folders.place(uri)
        return place if place is not None and (uri in self.buffers or os.path.isfile(path_of(uri))) else None

    def lenses(self, place: Place) -> list[lsp.CodeLens]:
        """One for each function that makes a node of its name; the numbers come when it is shown."""
        found = []
        for symbol in self.symbols.in_document(place):
            data = {"root": place.folder.root, "path": place.path, "name": symbol.name}
            found.append(lsp.CodeLens(symbol.selection_range, data=data))
        return found

    def resolve_lens(self, given: lsp.CodeLens) -> lsp.CodeLens:
        """A lens with its numbers."""
        data = given.data if isinstance(given.data, dict) else {}
        folder = next((each for each in self.folders.all() if each.root == data.get("root")), None)
        index = None if folder is None else folder.index()
        name = str(data.get("name"))
        flows = (
            []
            if index is None
            else [flow for flow in index.dataflows_of(str(data.get("path"))) if name in flow.producers]
        )
        title = lens(folder, flows, name) if folder is not None and flows else "in no dataflow"
        return lsp.CodeLens(given.range, lsp.Command(title, ""), given.data)

    def hover(self, place: Place, position: lsp.Position) -> lsp.Hover | None:
        """The card of the node at a position."""
        found = self.navigator.found(place, position)
        if found is None:
            return None
        text = card(place.folder, found.dataflows, found.name)
        where = self.navigator.range(place.folder, found.occurrence.location)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text), where)

    def rename(self, place: Place, position: lsp.Position, new: str) -> lsp.WorkspaceEdit | None:
        """The edits of a rename. Raises where it is refused, so that the editor shows why."""
        changed = self.changes.rename(place, position, new)
        if isinstance(changed, Refused):
            raise JsonRpcException("; ".join(changed.reasons), REQUEST_FAILED)
        return changed

    async def at(self, uri: str, answer: Callable[[Place], Answer | None]) -> Answer | None:
        """An answer about a document; nothing where it is none of a project's."""
        place = self.place(uri)
        return None if place is None else await self.answered(lambda: answer(place))

    async def answered(self, answer: Callable[[], Answer]) -> Answer | None:
        """An answer, once the first analysis is there; nothing where dagcheck itself fails."""
        if self._ready is not None and not self._ready.is_set():
            await self._ready.wait()
        await asyncio.sleep(0)  # what was taken back in the meantime is not worked out
        return self.guarded(answer)

    def guarded(self, answer: Callable[[], Answer]) -> Answer | None:
        """An answer, or nothing where dagcheck itself fails."""
        try:
            return answer()
        except JsonRpcException:
            raise
        except Exception as error:
            logging.getLogger("dagcheck").exception("an answer failed")
            self.report_server_error(error, None)
            return None


def _uri(path: str) -> str:
    from dagcheck.lsp.folders import uri_of

    return uri_of(os.path.abspath(path))


def complete_at(server: Server, place: Place, position: lsp.Position) -> lsp.CompletionList | None:
    """What could be written at a position."""
    return complete(place, position, server.navigator.encoding)
