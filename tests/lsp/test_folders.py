"""Does each document belong to one project, whatever folders come and go?"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

from tests.lsp.editor import Editor, capabilities_of, codes
from tests.lsp.fuzz import FIXTURES

WRONG = "from hamilton.function_modifiers import tag\n\n\n@tag(a='b')\ndef wrong(x) -> int:\n    return x\n"
RIGHT = WRONG.replace("(x)", "(x: int)")


async def started(client: LanguageClient, folder: Path) -> Editor:
    return await Editor.start(client, folder, capabilities_of("visual-studio-code"))


def moved(client: LanguageClient, added: list[Path], removed: list[Path]) -> None:
    """Workspace folders come and go."""
    event = lsp.WorkspaceFoldersChangeEvent(
        added=[lsp.WorkspaceFolder(each.as_uri(), each.name) for each in added],
        removed=[lsp.WorkspaceFolder(each.as_uri(), each.name) for each in removed],
    )
    client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))


@pytest.mark.asyncio
async def test_a_folder_with_settings_inside_another_is_told_of_once(client: LanguageClient, tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "dagcheck.toml").write_text("ignore = ['missing-parameter-type']\n", encoding="utf-8")
    (inner / "flow.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "outer" / "flow.py").write_text(WRONG, encoding="utf-8")
    editor = await started(client, tmp_path / "outer")
    await editor.diagnostics("flow.py", bool)
    editor.open("inner/flow.py")
    await editor.diagnostics("inner/flow.py", lambda found: not found)
    editor.type("inner/flow.py", WRONG + "\n")
    await asyncio.sleep(0.3)
    assert not editor.client.diagnostics.get(editor.uri("inner/flow.py"))
    close = lsp.DidCloseTextDocumentParams(editor.document("inner/flow.py"))
    editor.client.text_document_did_close(close)
    await asyncio.sleep(0.3)
    assert not editor.client.diagnostics.get(editor.uri("inner/flow.py"))


@pytest.mark.asyncio
async def test_a_folder_that_is_opened_around_an_unsaved_document_sees_it(
    client: LanguageClient, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src" / "flow.py").write_text(RIGHT, encoding="utf-8")
    editor = await started(client, tmp_path / "one")
    other = Editor(client, tmp_path / "two")
    other.open("src/flow.py", WRONG)
    assert codes(await other.diagnostics("src/flow.py", bool)) == ["missing-parameter-type"]
    moved(client, [tmp_path / "two"], [])
    await asyncio.sleep(0.3)
    assert codes(await other.told("src/flow.py")) == ["missing-parameter-type"]
    other.type("src/flow.py", RIGHT)
    await other.diagnostics("src/flow.py", lambda found: not found)
    other.type("src/flow.py", WRONG)
    await other.diagnostics("src/flow.py", bool)
    moved(client, [], [tmp_path / "two"])
    await asyncio.sleep(0.3)
    other.type("src/flow.py", RIGHT)
    await other.diagnostics("src/flow.py", lambda found: not found)
    assert editor.client.error is None


@pytest.mark.asyncio
async def test_a_folder_that_is_closed_and_opened_again_keeps_the_unsaved_document(
    client: LanguageClient, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "flow.py").write_text(RIGHT, encoding="utf-8")
    await started(client, tmp_path / "one")
    other = Editor(client, tmp_path / "two")
    moved(client, [tmp_path / "two"], [])
    other.open("flow.py", WRONG)
    await other.diagnostics("flow.py", bool)
    moved(client, [], [tmp_path / "two"])
    moved(client, [tmp_path / "two"], [])
    await asyncio.sleep(0.3)
    assert codes(await other.diagnostics("flow.py", bool)) == ["missing-parameter-type"]


@pytest.mark.asyncio
async def test_a_branch_that_is_switched_during_the_first_analysis_counts(
    client: LanguageClient, tmp_path: Path
) -> None:
    shutil.copytree(FIXTURES / "training", tmp_path / "training")
    path = "src/bike_demand/extra.py"
    editor = await started(client, tmp_path / "training")
    for text in (RIGHT, WRONG, RIGHT, WRONG):
        (tmp_path / "training" / path).write_text(text, encoding="utf-8")
        events = [lsp.FileEvent(editor.uri(path), lsp.FileChangeType.Created)]
        client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(events))
    assert codes(await editor.diagnostics(path, bool)) == ["missing-parameter-type"]


@pytest.mark.asyncio
async def test_a_branch_that_is_switched_changes_all_files_but_open_ones(
    client: LanguageClient, tmp_path: Path
) -> None:
    root = tmp_path / "flows"
    root.mkdir()
    for name in ("a", "b", "c"):
        (root / f"{name}.py").write_text(RIGHT, encoding="utf-8")
    editor = await started(client, root)
    editor.open("c.py")
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("ref: refs/heads/other\n", encoding="utf-8")
    (root / "a.py").unlink()
    for name in ("b", "c", "d"):
        (root / f"{name}.py").write_text(WRONG, encoding="utf-8")
    events = [lsp.FileEvent(editor.uri(".git/HEAD"), lsp.FileChangeType.Changed)]
    client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(events))
    await editor.diagnostics("d.py", bool)
    assert codes(await editor.diagnostics("b.py", bool)) == ["missing-parameter-type"]
    assert await editor.told("c.py") == []
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(editor.document("c.py")))
    await editor.diagnostics("c.py", bool)


@pytest.mark.asyncio
async def test_a_document_outside_of_all_folders_and_one_on_no_disk_are_answered(
    client: LanguageClient, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "flow.py").write_text(RIGHT, encoding="utf-8")
    editor = await started(client, tmp_path / "one")
    for uri in (
        "untitled:Untitled-1",
        "git:/one/flow.py?ref",
        "file:///",
        "file:///nowhere/else.py",
        "vscode-notebook-cell:x#1",
        "",
    ):
        item = lsp.TextDocumentItem(uri, "python", 1, WRONG)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        where = lsp.Position(4, 5)
        document = lsp.TextDocumentIdentifier(uri)
        await client.text_document_hover_async(lsp.HoverParams(document, where))
        await client.text_document_completion_async(lsp.CompletionParams(document, where))
        await client.text_document_rename_async(lsp.RenameParams(document, where, "anew"))
        client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    editor.open("flow.py")
    assert [each.message for each in client.log_messages if each.type == lsp.MessageType.Error] == []
