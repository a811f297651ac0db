"""Does the server follow what happens to texts, in the editor and behind its back?"""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient, client_capabilities

from dagcheck.project import check
from dagcheck.rules import RULES
from dagcheck.settings import Options
from tests.lsp.editor import Editor, codes

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
BROKEN = "def half(x: int"


@pytest.mark.asyncio
@pytest.mark.parametrize("fixture", ["faults"])
async def test_findings_of_the_whole_folder_are_told_in_the_words_of_the_command_line(
    editor: Editor, fixture: str
) -> None:
    expected = check(Options(project=str(editor.root), use_cache=False)).diagnostics
    await editor.diagnostics("plan.py", bool)
    by_path: dict[str, list[str]] = {}
    for each in expected:
        by_path.setdefault(each.location.path, []).append(each.rule)
    told = {path: await editor.told(path) for path in by_path}
    assert {path: codes(found) for path, found in told.items()} == {
        path: sorted(rules) for path, rules in by_path.items()
    }
    (duplicate,) = [each for each in told["signups.py"] if each.code == "duplicate-node"]
    words = next(each for each in expected if each.rule == "duplicate-node")
    assert duplicate.message.split("\n")[0] == words.message
    assert words.help in duplicate.message
    assert "in configuration" in duplicate.message
    assert duplicate.source == "dagcheck"
    assert duplicate.severity == lsp.DiagnosticSeverity.Error
    assert [each.message for each in duplicate.related_information or ()] == [each.message for each in words.related]
    assert duplicate.code_description is not None
    assert duplicate.code_description.href.endswith("/rules/duplicate_node.md")
    (shadowed,) = [each for each in told["signups.py"] if each.code == "shadowed-function"]
    assert list(shadowed.tags or ()) == [lsp.DiagnosticTag.Unnecessary]


@pytest.mark.asyncio
async def test_an_unsaved_edit_is_judged_across_files(editor: Editor) -> None:
    path, other = "src/bike_demand/prediction.py", "src/bike_demand/evaluation.py"
    editor.open(path)
    editor.replace(path, "def busy_days(predicted_rentals: pd.Series", "def busy_days(predicted_rentals: int")
    (found,) = await editor.diagnostics(path, bool)
    assert found.code == "type-mismatch"
    editor.replace(path, "predicted_rentals: int", "predicted_rentals: pd.Series")
    await editor.diagnostics(path, lambda found: not found)
    editor.open(other)
    editor.replace(other, "def metrics(", "def model_error(")
    assert "shadowed-function" in codes(await editor.diagnostics(other, bool))
    close = lsp.DidCloseTextDocumentParams(editor.document(other))
    editor.client.text_document_did_close(close)
    await editor.diagnostics(other, lambda found: not found)


@pytest.mark.asyncio
async def test_a_broken_text_keeps_what_was_known(editor: Editor) -> None:
    path = "src/bike_demand/features.py"
    editor.open(path)
    editor.type(path, f"{editor.texts[path]}\n\n{BROKEN}")
    found = await editor.diagnostics(path, bool)
    assert codes(found) == ["syntax-error"]
    where = editor.position(path, "def discomfort(felt_temperature", "felt_temperature")
    answer = await editor.client.text_document_definition_async(lsp.DefinitionParams(editor.document(path), where))
    assert editor.places(answer) == [(path, 27, "felt_temperature")]
    editor.type(path, "\n\n\n" + editor.texts[path])  # all places move
    where = editor.position(path, "def discomfort(felt_temperature", "felt_temperature")
    answer = await editor.client.text_document_definition_async(lsp.DefinitionParams(editor.document(path), where))
    assert editor.places(answer) in ([(path, 30, "felt_temperature")], [])


@pytest.mark.asyncio
async def test_files_that_come_and_go_on_the_disk(editor: Editor) -> None:
    path = "src/bike_demand/extra.py"
    text = "from hamilton.function_modifiers import tag\n\n\n@tag(a='b')\ndef extra(x) -> int:\n    return x\n"
    (editor.root / path).write_text(text, encoding="utf-8")
    _tell(editor, path, lsp.FileChangeType.Created)
    assert codes(await editor.diagnostics(path, bool)) == ["missing-parameter-type"]
    (editor.root / path).write_text(text.replace("(x)", "(x: int)"), encoding="utf-8")
    _tell(editor, path, lsp.FileChangeType.Changed)
    await editor.diagnostics(path, lambda found: not found)
    (editor.root / path).write_text(text, encoding="utf-8")
    _tell(editor, path, lsp.FileChangeType.Changed)
    await editor.diagnostics(path, bool)
    (editor.root / path).unlink()
    _tell(editor, path, lsp.FileChangeType.Deleted)
    await editor.diagnostics(path, lambda found: not found)


@pytest.mark.asyncio
async def test_settings_are_read_again_and_mistakes_in_them_shown(editor: Editor) -> None:
    path = editor.root / "pyproject.toml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace('"bike_demand.prediction"', '"bike_demand.nowhere"'), encoding="utf-8")
    _tell(editor, "pyproject.toml", lsp.FileChangeType.Changed)
    for _ in range(1500):
        if editor.client.messages:
            break
        await asyncio.sleep(0.02)
    assert "bike_demand.nowhere" in editor.client.messages[0].message
    path.write_text(good, encoding="utf-8")
    _tell(editor, "pyproject.toml", lsp.FileChangeType.Changed)
    feature = "src/bike_demand/features.py"
    editor.open(feature)
    where = editor.position(feature, "def discomfort(felt_temperature", "felt_temperature")
    params = lsp.DefinitionParams(editor.document(feature), where)
    assert editor.places(await editor.client.text_document_definition_async(params))


def _tell(editor: Editor, path: str, kind: lsp.FileChangeType) -> None:
    event = lsp.FileEvent(editor.uri(path), kind)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))


@pytest.mark.asyncio
async def test_a_client_that_asks_gets_findings_when_it_asks(client: LanguageClient, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "faults", tmp_path / "faults")
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document is not None
    capabilities.text_document.diagnostic = lsp.DiagnosticClientCapabilities()
    editor = await Editor.start(client, tmp_path / "faults", capabilities)
    editor.open("plan.py")
    params = lsp.DocumentDiagnosticParams(editor.document("plan.py"))
    first = await client.text_document_diagnostic_async(params)
    assert isinstance(first, lsp.RelatedFullDocumentDiagnosticReport)
    assert codes(list(first.items)) == ["cyclic-dependency"]
    params.previous_result_id = first.result_id
    again = await client.text_document_diagnostic_async(params)
    assert isinstance(again, lsp.RelatedUnchangedDocumentDiagnosticReport)
    editor.type("plan.py", editor.texts["plan.py"] + "\n\ndef half(")
    changed = await client.text_document_diagnostic_async(params)
    assert isinstance(changed, lsp.RelatedFullDocumentDiagnosticReport)
    assert codes(list(changed.items)) == ["syntax-error"]
    whole = await client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams([]))
    paths = {each.uri.rpartition("/")[2] for each in whole.items}
    assert {"plan.py", "signups.py", "goals.py"} <= paths
    known = [lsp.PreviousResultId(each.uri, each.result_id or "") for each in whole.items]
    once_more = await client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams(known))
    assert {type(each) for each in once_more.items} == {lsp.WorkspaceUnchangedDocumentDiagnosticReport}
    assert not client.diagnostics


@pytest.mark.asyncio
async def test_several_folders_are_projects_of_their_own(client: LanguageClient, tmp_path: Path) -> None:
    for name in ("faults", "quickstart", "regions"):
        shutil.copytree(FIXTURES / name, tmp_path / name)
    editor = await Editor.start(client, tmp_path / "faults", client_capabilities("visual-studio-code"))
    await editor.diagnostics("plan.py", bool)
    folders = [lsp.WorkspaceFolder((tmp_path / name).as_uri(), name) for name in ("faults", "regions")]
    event = lsp.WorkspaceFoldersChangeEvent(added=[folders[1]], removed=[folders[0]])
    client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    await editor.diagnostics("plan.py", lambda found: not found)
    symbols = await client.workspace_symbol_async(lsp.WorkspaceSymbolParams("headline"))
    assert [each.name for each in symbols or ()] == ["headline"]


@pytest.mark.asyncio
async def test_a_request_that_was_taken_back_and_a_method_that_nobody_knows_leave_the_server_alive(
    editor: Editor,
) -> None:
    path = "src/bike_demand/features.py"
    editor.open(path)
    protocol = editor.client.protocol
    where = editor.position(path, "def discomfort(felt_temperature", "felt_temperature")
    futures = [
        protocol.send_request(lsp.TEXT_DOCUMENT_HOVER, lsp.HoverParams(editor.document(path), where)) for _ in range(5)
    ]
    protocol.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(id=list(protocol._request_futures)[-1]))
    results = await asyncio.gather(*map(asyncio.wrap_future, futures), return_exceptions=True)
    assert sum(isinstance(each, lsp.Hover) for each in results) >= 4
    with pytest.raises(Exception, match="Method Not Found"):
        await asyncio.wrap_future(protocol.send_request("dagcheck/unheardOf", None))
    params = lsp.HoverParams(editor.document(path), where)
    assert await editor.client.text_document_hover_async(params) is not None


def test_every_rule_has_a_page_to_link_to() -> None:
    from dagcheck.lsp.reports import page_of

    assert all(Path(page_of(rule.name).removeprefix("file://")).is_file() for rule in RULES)


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    import subprocess

    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['pygls'] = None\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import sitecustomize; sys.modules['pygls'] = None; from dagcheck.cli import main; sys.exit(main(['server']))"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "hamilton-dagcheck[lsp]" in run.stderr
