"""How long does an editor wait? Talks to a real server over a generated project and prints the waits.

    python benchmarks/server.py [--nodes 10000] [--modules 500] [--rounds 60]

*keystroke to diagnostics*: from sending a change to receiving the findings that it brings; the pause in which the server waits for
further changes is in it. *hover*, *definition*, *completion*: from question to answer, completion right after a keystroke.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from random import Random

from generate import write_project
from lsprotocol import types as lsp
from pytest_lsp.client import LanguageClient, make_test_lsp_client

LIMITS = {"keystroke to diagnostics": 100, "hover": 50, "definition": 50, "completion": 50}
"""Milliseconds that 95 of 100 waits must stay below."""


class Session:
    """One server with one document open."""

    def __init__(self, client: LanguageClient, root: Path, path: str) -> None:
        self.client = client
        self.path = root / path
        self.text = self.path.read_text(encoding="utf-8")
        self.version = 1

    @classmethod
    async def start(cls, root: Path, path: str) -> Session:
        """Start a server, open the folder and the document, and wait for the first analysis."""
        client = make_test_lsp_client()
        await client.start_io(sys.executable, "-m", "dagcheck", "server")
        session = cls(client, root, path)

        folder = lsp.WorkspaceFolder(root.as_uri(), "project")
        given = lsp.InitializeParams(lsp.ClientCapabilities(), root_uri=root.as_uri(), workspace_folders=[folder])
        await client.initialize_session(given)
        item = lsp.TextDocumentItem(session.path.as_uri(), "python", 1, session.text)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        await session.hover()
        return session

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        """The open document."""
        return lsp.TextDocumentIdentifier(self.path.as_uri())

    def type(self, text: str) -> None:
        """Send a keystroke: the end of the text is another one."""
        lines = self.text.split("\n")
        end = lsp.Position(len(lines) - 1, len(lines[-1]))
        start = lsp.Position(self.path.read_text(encoding="utf-8").count("\n"), 0)
        self.version += 1
        change = lsp.TextDocumentContentChangePartial(lsp.Range(start, end), text)
        version = lsp.VersionedTextDocumentIdentifier(self.version, self.path.as_uri())
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(version, [change]))
        self.text = "\n".join([*lines[: start.line], text])

    async def judged(self, text: str) -> None:
        """Send a keystroke and wait for findings."""
        waiting = asyncio.ensure_future(self.client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS))
        await asyncio.sleep(0)
        self.type(text)
        await asyncio.wait_for(waiting, 10)

    def parameter(self) -> lsp.Position:
        """The place of the first parameter of the last function that has one."""
        lines = self.path.read_text(encoding="utf-8").split("\n")
        number = max(index for index, line in enumerate(lines) if line.startswith("def ") and "(raw" not in line and "()" not in line)  # fmt: skip
        return lsp.Position(number, lines[number].index("(") + 2)

    async def hover(self) -> None:
        """Ask for a card."""
        assert await self.client.text_document_hover_async(lsp.HoverParams(self.document, self.parameter()))

    async def definition(self) -> None:
        """Ask where a parameter comes from."""
        params = lsp.DefinitionParams(self.document, self.parameter())
        assert await self.client.text_document_definition_async(params)

    async def completion(self) -> None:
        """Ask for names right after a keystroke."""
        lines = self.text.split("\n")
        where = lsp.Position(len(lines) - 1, len(lines[-1]))
        found = await self.client.text_document_completion_async(lsp.CompletionParams(self.document, where))
        assert isinstance(found, lsp.CompletionList)
        assert found.items


async def measure(root: Path, path: str, rounds: int) -> dict[str, list[float]]:
    """The waits in milliseconds, by what was waited for."""
    session = await Session.start(root, path)
    random = Random(1)
    waits: dict[str, list[float]] = {name: [] for name in LIMITS}
    for number in range(rounds):
        kind = random.choice(["int", "str", "float"])
        body = "\n    ".join(f"step_{index} = {number}" for index in range(number % 7))
        wrong = f"def late_{number}(raw_0: {kind}) -> int:\n    {body or 'pass'}\n    return 1\n"
        waits["keystroke to diagnostics"].append(await _timed(partial(session.judged, wrong)))
        await asyncio.sleep(0.05)
        waits["hover"].append(await _timed(session.hover))
        waits["definition"].append(await _timed(session.definition))
        session.type("def half(we")
        waits["completion"].append(await _timed(session.completion))
        await asyncio.sleep(0.3)
    await session.client.shutdown_session()
    return waits


async def _timed(action: Callable[[], Awaitable[None]]) -> float:
    begin = time.perf_counter()
    await action()
    return (time.perf_counter() - begin) * 1000


def main() -> int:
    """Measure, print, and return 1 if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=10_000)
    parser.add_argument("--modules", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "project").resolve()
        names = write_project(root, options.nodes, options.modules)
        path = names[len(names) // 2].replace(".", "/") + ".py"
        waits = asyncio.run(measure(root, path, options.rounds))
    print(f"{options.nodes} nodes in {options.modules} modules, {options.rounds} rounds\n")
    print(f"{'what':28} {'median':>8} {'p95':>8} {'must':>8}")
    held = True
    for name, found in waits.items():
        ordered = sorted(found)
        median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        held = held and late <= LIMITS[name]
        print(
            f"{name:28} {median:5.0f} ms {late:5.0f} ms {LIMITS[name]:5} ms{'' if late <= LIMITS[name] else '  over'}"
        )
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
