"""What does an editor do? Opens a folder, opens documents, types, and asks; in the protocol's words, to a real server process."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import converters
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

CLIENTS = Path(__file__).resolve().parent / "clients"
SERVER = ClientServerConfig(server_command=[sys.executable, "-m", "dagcheck", "server"])
PROFILES = ("visual-studio-code", "neovim@v0.11.0", "vscode-languageclient-11")
"""Of VS Code there are two: one of 2022, which has findings sent, and what the client library of today says, which asks for them."""


def capabilities_of(profile: str) -> lsp.ClientCapabilities:
    """What an editor says that it can do: as recorded by pytest-lsp, or in `tests/lsp/clients`."""
    recorded = CLIENTS / f"{profile}.json"
    if recorded.is_file():
        said = json.loads(recorded.read_text(encoding="utf-8"))
        structured: lsp.ClientCapabilities = converters.get_converter().structure(said, lsp.ClientCapabilities)
        return structured
    found: lsp.ClientCapabilities = client_capabilities(profile)
    return found


class Editor:
    """A client with one folder open. Places are given as (path, text on a line, text within it): no numbers in tests."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client = client
        self.root = root
        self.texts: dict[str, str] = {}
        self.unit = "utf-16-le"
        self.pulls = False
        self._versions: dict[str, int] = {}

    @classmethod
    async def start(cls, client: LanguageClient, root: Path, capabilities: lsp.ClientCapabilities) -> Editor:
        """Open a folder."""
        editor = cls(client, root)
        folder = lsp.WorkspaceFolder(root.as_uri(), root.name)
        client.set_configuration({})

        async def register(_: lsp.RegistrationParams) -> None:
            return None

        client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(register)
        given = lsp.InitializeParams(capabilities=capabilities, root_uri=root.as_uri(), workspace_folders=[folder])
        answer = await client.initialize_session(given)
        chosen = answer.capabilities.position_encoding or "utf-16"
        editor.pulls = answer.capabilities.diagnostic_provider is not None
        editor.unit = "utf-8" if chosen == "utf-8" else "utf-16-le"
        return editor

    def uri(self, path: str) -> str:
        """The address of a file."""
        return (self.root / path).as_uri()

    def document(self, path: str) -> lsp.TextDocumentIdentifier:
        """A document as requests name it."""
        return lsp.TextDocumentIdentifier(self.uri(path))

    def open(self, path: str, text: str | None = None) -> None:
        """Open a document; `text` differs from the file's where the buffer does."""
        self.texts[path] = (self.root / path).read_text(encoding="utf-8") if text is None else text
        self._versions[path] = 1
        item = lsp.TextDocumentItem(self.uri(path), "python", 1, self.texts[path])
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def type(self, path: str, text: str) -> None:
        """Replace the whole text of an open document."""
        self._change(path, [lsp.TextDocumentContentChangeWholeDocument(text)])
        self.texts[path] = text

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace the first occurrence of some characters, as one incremental change."""
        text = self.texts[path]
        start = text.index(old)
        where = lsp.Range(self.at(text, start), self.at(text, start + len(old)))
        self._change(path, [lsp.TextDocumentContentChangePartial(where, new)])
        self.texts[path] = text[:start] + new + text[start + len(old) :]

    def _change(self, path: str, changes: list[Any]) -> None:
        self._versions[path] += 1
        document = lsp.VersionedTextDocumentIdentifier(self._versions[path], self.uri(path))
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, changes))

    def at(self, text: str, index: int) -> lsp.Position:
        """The position of a character, in the units that were agreed on."""
        line = text.count("\n", 0, index)
        row = text[text.rfind("\n", 0, index) + 1 : index]
        return lsp.Position(line, len(row.encode(self.unit)) // self._width)

    @property
    def _width(self) -> int:
        return 1 if self.unit == "utf-8" else 2

    def cut(self, row: str, start: int, end: int | None) -> str:
        """A part of a line, counted in those units."""
        data, width = row.encode(self.unit), self._width
        return data[width * start : None if end is None else width * end].decode(self.unit)

    def position(self, path: str, line: str, word: str = "", *, end: bool = False) -> lsp.Position:
        """The place of a word on the line that contains `line`; without a word, of `line` itself."""
        text = self.texts.get(path) or (self.root / path).read_text(encoding="utf-8")
        start = text.index(line)
        start += line.index(word) if word else 0
        return self.at(text, start + (len(word or line) if end else 0))

    def words(self, found: lsp.Location | lsp.LocationLink | None) -> tuple[str, int, str]:
        """(path, line from 1, the characters) of a location."""
        assert isinstance(found, lsp.Location)
        path = found.uri.removeprefix(self.root.as_uri() + "/")
        text = self.texts.get(path) or (self.root / path).read_text(encoding="utf-8")
        start, end = found.range.start, found.range.end
        rows = text.split("\n")[start.line : end.line + 1]
        rows[-1] = self.cut(rows[-1], 0, end.character)
        rows[0] = self.cut(rows[0], start.character, None)
        return path, start.line + 1, "\n".join(rows)

    def places(self, found: Any) -> list[tuple[str, int, str]]:
        """The same for a list of locations."""
        return [self.words(each) for each in found or ()]

    async def told(self, path: str) -> list[lsp.Diagnostic]:
        """What the server says of a file now: what it sent, or what it answers when asked."""
        if not self.pulls:
            return list(self.client.diagnostics.get(self.uri(path), ()))
        params = lsp.DocumentDiagnosticParams(self.document(path))
        report = await self.client.text_document_diagnostic_async(params)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    async def diagnostics(self, path: str, holds: Callable[[list[lsp.Diagnostic]], bool]) -> list[lsp.Diagnostic]:
        """What the server said last of a file, as soon as it is as expected."""
        for _ in range(1500):
            found = await self.told(path)
            if holds(found):
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(f"{path}: {[(each.code, each.message) for each in await self.told(path)]}")


def codes(found: list[lsp.Diagnostic]) -> list[str]:
    """The rules of some findings."""
    return sorted(str(each.code) for each in found)
