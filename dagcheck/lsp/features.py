"""Which requests are answered, and by whom? One function for each of the protocol's methods."""

from __future__ import annotations

from typing import Any

from lsprotocol import types as lsp

from dagcheck.lsp.server import Server, complete_at


def make_server() -> Server:
    """A server that answers."""
    server = Server()
    _lifecycle(server)
    _texts(server)
    _navigation(server)
    _structure(server)
    _writing(server)
    return server


def _lifecycle(server: Server) -> None:
    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        server.begin(params)
        if server.publisher.pulls:
            _pulling(server)

    @server.feature(lsp.INITIALIZED)
    async def initialized(_: lsp.InitializedParams) -> None:
        await server.warm_up()
        await server.watch()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        server.folders_changed([each.uri for each in params.event.added], [each.uri for each in params.event.removed])

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configuration_changed(_: lsp.DidChangeConfigurationParams) -> None:
        for folder in server.folders.all():
            folder.workspace.list_again()
        server.later()


def _texts(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.open(document.uri, document.text, document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.change(params.text_document.uri, list(params.content_changes), params.text_document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.saved(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: lsp.DidChangeWatchedFilesParams) -> None:
        server.files_changed(list(params.changes))


def _navigation(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: lsp.DefinitionParams) -> list[lsp.Location] | None:
        return await server.at(
            params.text_document.uri, lambda place: server.navigator.definition(place, params.position)
        )

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    async def references(params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        whole = params.context.include_declaration
        return await server.at(
            params.text_document.uri, lambda place: server.navigator.references(place, params.position, whole)
        )

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlights(params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight] | None:
        return await server.at(
            params.text_document.uri, lambda place: server.navigator.highlights(place, params.position)
        )

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return await server.at(params.text_document.uri, lambda place: server.hover(place, params.position))


def _structure(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        return await server.at(params.text_document.uri, server.symbols.in_document)

    @server.feature(lsp.WORKSPACE_SYMBOL)
    async def workspace_symbols(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol] | None:
        return await server.answered(lambda: server.symbols.in_all(params.query))

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
    async def prepare_calls(params: lsp.CallHierarchyPrepareParams) -> list[lsp.CallHierarchyItem] | None:
        return await server.at(params.text_document.uri, lambda place: server.symbols.prepare(place, params.position))

    @server.feature(lsp.CALL_HIERARCHY_INCOMING_CALLS)
    async def incoming(params: lsp.CallHierarchyIncomingCallsParams) -> list[lsp.CallHierarchyIncomingCall] | None:
        return await server.answered(lambda: server.symbols.readers(params.item))

    @server.feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS)
    async def outgoing(params: lsp.CallHierarchyOutgoingCallsParams) -> list[lsp.CallHierarchyOutgoingCall] | None:
        return await server.answered(lambda: server.symbols.reads(params.item))

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=True))
    async def lenses(params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
        return await server.at(params.text_document.uri, server.lenses)

    @server.feature(lsp.CODE_LENS_RESOLVE)
    async def resolve_lens(params: lsp.CodeLens) -> lsp.CodeLens:
        return await server.answered(lambda: server.resolve_lens(params)) or params


def _writing(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=['"', "'", "(", ","]))
    async def completion(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        return await server.at(params.text_document.uri, lambda place: complete_at(server, place, params.position))

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare_rename(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        return await server.at(params.text_document.uri, lambda place: server.changes.prepare(place, params.position))

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    async def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        return await server.at(
            params.text_document.uri, lambda place: server.rename(place, params.position, params.new_name)
        )

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    async def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        only = params.context.only
        return await server.at(
            params.text_document.uri, lambda place: server.changes.actions(place, params.range, only)
        )


def _pulling(server: Server) -> None:
    """Only a client that asks for findings is told that it may."""
    options: Any = lsp.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=True, identifier="dagcheck"
    )

    @server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def document(params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
        uri, previous = params.text_document.uri, params.previous_result_id
        found: lsp.DocumentDiagnosticReport | None = await server.at(
            uri, lambda place: server.publisher.document(place, previous)
        )
        return lsp.RelatedFullDocumentDiagnosticReport([]) if found is None else found

    @server.feature(lsp.WORKSPACE_DIAGNOSTIC)
    async def workspace(params: lsp.WorkspaceDiagnosticParams) -> lsp.WorkspaceDiagnosticReport:
        found = await server.answered(lambda: server.publisher.workspace(params.previous_result_ids))
        return found or lsp.WorkspaceDiagnosticReport([])
