"""Does the server survive anything? A command, for as many edits as one has time for.

    python -m tests.lsp.fuzz --edits 5000 --seed 1

Types at random into copies of the fixtures: edits inside and far outside of the texts, documents that were never opened, closed while
questions about them are open, questions that are taken back or asked in the wrong order. After each pause the findings that the
server told must be those of a fresh `dagcheck check` of the same texts, every question must have been answered, and the memory
of the server must not have grown since it was warm.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from lsprotocol import types as lsp
from pytest_lsp import client_capabilities
from pytest_lsp.client import make_test_lsp_client

from dagcheck.project import check
from dagcheck.settings import Options
from tests.lsp.editor import Editor

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PIECES = (
    "\n", " ", "(", ")", '"', "'", '"""', ":", ",", "=", "def ", "@", "#", "x", "int", "🚲", "é", "\t", "return", "lambda", "\n\n\n",
    "\ndef more(spend: float, signups) -> float:\n    return spend\n", "\r\n", "@tag(a='b')\n", 'source("spend")', "\\", "async ",
    "# dagcheck: ignore\n", "if True:\n    ", "\x0c", "{", "}", "f'{x}'", "import costs\n",
)  # fmt: skip
SETTLED = 30.0
"""Seconds within which the server must have told what it found."""


FLAT = 1.0
"""KiB an edit that 5,000 edits may add to a warm server: a few pages of a heap that is full of holes, and no more."""


class Outcome(NamedTuple):
    """What was done and seen. `memory`: edits so far, and KiB of the server then, after each pause."""

    edits: int
    asked: int
    answered: int
    pauses: int
    memory: tuple[tuple[int, int], ...]

    @property
    def growth(self) -> float:
        """KiB that an edit adds once the server is warm: the least of the last third against the most of the one before.

        Garbage that waits to be collected goes up and down; what leaks only goes up.
        """
        third = self.edits // 3
        warm = [size for edits, size in self.memory if third < edits <= 2 * third]
        late = [size for edits, size in self.memory if edits > 2 * third]
        return (min(late) - max(warm)) / third if warm and late else 0.0


async def fuzz(folder: Path, edits: int, seed: int, every: int = 40) -> Outcome:
    """Send so many edits; raises `AssertionError` where the server is wrong or gone."""
    client = make_test_lsp_client()
    await client.start_io(sys.executable, "-m", "dagcheck", "server")
    editor = await Editor.start(client, folder, client_capabilities("visual-studio-code"))
    typist = _Typist(editor, Random(seed), folder)
    process = client._server
    assert process is not None
    memory: list[tuple[int, int]] = []
    for number in range(edits):
        typist.act()
        if number % every == every - 1:
            await typist.settle()
            memory.append((number + 1, _memory(process.pid)))
        elif number % 7 == 0:
            await asyncio.sleep(0)
    await typist.settle()
    assert process.returncode is None, "the server is gone"
    await client.shutdown_session()
    return Outcome(edits, typist.asked, typist.answered, typist.pauses, tuple(memory))


class _Typist:
    """Acts at random and knows what should stand in each document. State: all of that, and the open questions."""

    def __init__(self, editor: Editor, random: Random, folder: Path) -> None:
        self._editor = editor
        self._random = random
        self._files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
        self._original = {path: (folder / path).read_text(encoding="utf-8") for path in self._files}
        self._open: dict[str, str] = {}
        self._questions: list[Awaitable[Any]] = []
        self.asked = self.answered = self.pauses = 0

    def act(self) -> None:
        """One edit, now and then with a question or something that makes no sense."""
        random, path = self._random, self._random.choice(self._files)
        if path not in self._open or random.random() < 0.02:
            self._open[path] = self._original[path]
            self._editor.open(path, self._open[path])
        elif random.random() < 0.02:
            document = lsp.DidCloseTextDocumentParams(self._editor.document(path))
            self._editor.client.text_document_did_close(document)
            del self._open[path]
            return
        self._edit(path)
        if random.random() < 0.6:
            self._ask(path if random.random() < 0.9 else "nowhere/else.py")
        if random.random() < 0.05:
            self._nonsense()

    def _edit(self, path: str) -> None:
        random, text = self._random, self._open[path]
        if random.random() < 0.08:
            self._open[path] = self._original[path]
            self._change(path, lsp.TextDocumentContentChangeWholeDocument(self._original[path]))
            return
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        line = random.randrange(len(lines) + 2)
        column = (
            random.randrange(100)
            if random.random() < 0.1
            else random.randrange(len(lines[line]) + 1 if line < len(lines) else 9)
        )
        height = random.choice((0, 0, 0, 0, 1, 3))
        start, end = lsp.Position(line, column), lsp.Position(line + height, column + random.choice((0, 0, 1, 5)))
        piece = random.choice(PIECES)
        first, last = sorted((_offset(text, start), _offset(text, end)))
        self._open[path] = text[:first] + piece + text[last:]
        self._change(path, lsp.TextDocumentContentChangePartial(lsp.Range(start, end), piece))

    def _change(self, path: str, change: Any) -> None:
        self._editor._change(path, [change])

    def _ask(self, path: str) -> None:
        random, client = self._random, self._editor.client
        where, document = lsp.Position(random.randrange(60), random.randrange(70)), self._editor.document(path)
        questions: list[tuple[str, Any]] = [
            (lsp.TEXT_DOCUMENT_HOVER, lsp.HoverParams(document, where)),
            (lsp.TEXT_DOCUMENT_DEFINITION, lsp.DefinitionParams(document, where)),
            (lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionParams(document, where)),
            (lsp.TEXT_DOCUMENT_REFERENCES, lsp.ReferenceParams(lsp.ReferenceContext(True), document, where)),
            (lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, lsp.DocumentHighlightParams(document, where)),
            (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lsp.DocumentSymbolParams(document)),
            (lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensParams(document)),
            (lsp.WORKSPACE_SYMBOL, lsp.WorkspaceSymbolParams(random.choice(("", "s", "spend", "🚲")))),
            (lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, lsp.CallHierarchyPrepareParams(document, where)),
            (lsp.TEXT_DOCUMENT_PREPARE_RENAME, lsp.PrepareRenameParams(document, where)),
            (lsp.TEXT_DOCUMENT_RENAME, lsp.RenameParams(document, where, random.choice(("anew", "1", "spend")))),
            (
                lsp.TEXT_DOCUMENT_CODE_ACTION,
                lsp.CodeActionParams(document, lsp.Range(where, where), lsp.CodeActionContext([])),
            ),
        ]
        method, params = random.choice(questions)
        future = client.protocol.send_request(method, params)
        self.asked += 1
        self._questions.append(asyncio.wrap_future(future))
        if random.random() < 0.1:
            client.protocol.notify(
                lsp.CANCEL_REQUEST, lsp.CancelParams(id=next(reversed(client.protocol._request_futures)))
            )

    def _nonsense(self) -> None:
        protocol, editor = self._editor.client.protocol, self._editor
        document = lsp.VersionedTextDocumentIdentifier(-3, editor.uri("never/opened.py"))
        change = lsp.TextDocumentContentChangeWholeDocument("def x(")
        protocol.notify(lsp.TEXT_DOCUMENT_DID_CHANGE, lsp.DidChangeTextDocumentParams(document, [change]))
        protocol.notify(lsp.TEXT_DOCUMENT_DID_CLOSE, lsp.DidCloseTextDocumentParams(editor.document("never/opened.py")))
        protocol.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(id="nobody asked"))
        events = [lsp.FileEvent(editor.uri(self._random.choice(self._files)), lsp.FileChangeType.Changed)]
        protocol.notify(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, lsp.DidChangeWatchedFilesParams(events))
        protocol.notify("dagcheck/unheardOf", {})

    async def settle(self) -> None:
        """Wait for all answers, and for the findings of the texts as they are now."""
        waiting, self._questions = self._questions, []
        results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 120)
        self.answered += len(results)
        assert [each for each in results if "Internal" in type(each).__name__] == []
        logged = [each.message for each in self._editor.client.log_messages if each.type == lsp.MessageType.Error]
        assert [each for each in logged if not each.startswith("JsonRpc")] == []
        expected = self._expected()
        limit = time.monotonic() + SETTLED
        told = self._told()
        while told != expected and time.monotonic() < limit:
            await asyncio.sleep(0.05)
            told = self._told()
        assert told == expected
        self.pauses += 1

    def _told(self) -> dict[str, list[tuple[str, int, str]]]:
        found = {}
        for path in self._files:
            shown = self._editor.client.diagnostics.get(self._editor.uri(path), ())
            rows = sorted((str(each.code), each.range.start.line + 1, each.message.split("\n")[0]) for each in shown)
            if rows:
                found[path] = rows
        return found

    def _expected(self) -> dict[str, list[tuple[str, int, str]]]:
        """What a fresh check of the same texts finds."""
        with tempfile.TemporaryDirectory() as scratch:
            shadow = Path(scratch, self._editor.root.name)
            shutil.copytree(self._editor.root, shadow)
            for path, text in self._open.items():
                (shadow / path).write_bytes(text.encode())
            found: dict[str, list[tuple[str, int, str]]] = {}
            for each in check(Options(project=str(shadow), use_cache=False, jobs=1)).diagnostics:
                row = (each.rule, each.location.span.line, each.message.split("\n")[0])
                found.setdefault(each.location.path, []).append(row)
        return {path: sorted(rows) for path, rows in found.items() if path in self._files}


def _offset(text: str, position: lsp.Position) -> int:
    """Where a position is in a text, in UTF-16 units; what lies outside is the nearest end."""
    at, line = 0, 0
    while line < position.line:
        ends = [text.find(mark, at) for mark in ("\n", "\r")]
        found = [end for end in ends if end >= 0]
        if not found:
            return _in_line(text, at, position.character)  # the last line stands for all that are not there
        at = min(found) + (2 if text.startswith("\r\n", min(found)) else 1)
        line += 1
    return _in_line(text, at, position.character)


def _in_line(text: str, start: int, units: int) -> int:
    at = start
    while at < len(text) and text[at] not in "\r\n":
        units -= 2 if ord(text[at]) > 0xFFFF else 1
        if units < 0:
            break
        at += 1
    return at


def _memory(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def main() -> int:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m tests.lsp.fuzz")
    parser.add_argument("--edits", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fixture", default="faults")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, options.fixture)
        shutil.copytree(FIXTURES / options.fixture, folder)
        outcome = asyncio.run(fuzz(folder, options.edits, options.seed))
    print(f"{outcome.edits} edits, {outcome.asked} questions, {outcome.answered} answers, {outcome.pauses} pauses")
    print(
        f"memory: {', '.join(f'{size // 1024} MiB' for _, size in outcome.memory[:: max(len(outcome.memory) // 8, 1)])}"
    )
    print(f"growth once warm: {outcome.growth:.2f} KiB an edit")
    return int(outcome.growth > FLAT)


if __name__ == "__main__":
    sys.exit(main())
