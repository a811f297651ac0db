"""Does the server help where code is written: completion, renames, fixes?"""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor

FEATURES, PREDICTION, TRAINING = (f"src/bike_demand/{name}.py" for name in ("features", "prediction", "training"))


async def completed(editor: Editor, path: str, addition: str) -> dict[str, lsp.CompletionItem]:
    """What is offered at the end of a text to which `addition` was just typed; `|` marks another place for the cursor."""
    before, _, after = addition.partition("|")
    editor.type(path, editor.texts[path] + before + after)
    where = editor.at(editor.texts[path], len(editor.texts[path]) - len(after))
    found = await editor.client.text_document_completion_async(lsp.CompletionParams(editor.document(path), where))
    assert found is None or isinstance(found, lsp.CompletionList)
    return {item.label: item for item in found.items} if found is not None else {}


@pytest.mark.asyncio
async def test_names_with_their_types_in_a_half_written_function(editor: Editor) -> None:
    editor.open(FEATURES)
    items = await completed(editor, FEATURES, "\n\ndef comfort(dates: pd.DatetimeIndex, felt")
    assert set(items) == {"felt_temperature"}
    assert items["felt_temperature"].insert_text == "felt_temperature: pd.Series"
    assert items["felt_temperature"].detail == "pd.Series"
    assert not items["felt_temperature"].additional_text_edits
    assert "model" not in await completed(editor, FEATURES, "\n\ndef fast(model: ")
    assert "model" not in await completed(editor, FEATURES, "\n\ndef fast(model, mo")
    assert await completed(editor, FEATURES, "\n\ndef fast(model: int = ") == {}


@pytest.mark.asyncio
async def test_the_import_that_a_type_needs_comes_along(editor: Editor) -> None:
    editor.open(FEATURES)
    items = await completed(editor, FEATURES, "\n\ndef fast(mod")
    assert items["model"].insert_text == "model: LinearModel"
    (edit,) = items["model"].additional_text_edits or ()
    assert edit.new_text == "from bike_demand.linear import LinearModel\n"
    assert edit.range.start.line < 9


@pytest.mark.asyncio
async def test_names_in_source_and_in_calls_of_drivers(editor: Editor) -> None:
    editor.open(FEATURES)
    start = "\n\nfrom hamilton.function_modifiers import inject, source, tag\n"
    editor.type(FEATURES, start + editor.texts[FEATURES])
    assert "felt_temperature" in await completed(
        editor, FEATURES, '\n\n@inject(x=source("felt|"))\ndef f(x: int) -> int:\n    return x\n'
    )
    script = "scripts/train.py"
    editor.open(script)
    original = editor.texts[script]
    for addition in (
        '\ndr.execute(["metr',
        '\ndr.execute(final_vars=["a", "metr',
        '\ndr.execute([], inputs={"metr',
        "\ndr.execute([], overrides={'metr",
    ):
        editor.type(script, original)
        assert "metrics" in await completed(editor, script, addition), addition
    editor.type(script, original)
    assert await completed(editor, script, '\nprint("metr') == {}


@pytest.mark.asyncio
async def test_keys_and_values_of_the_configuration(editor: Editor) -> None:
    editor.open(PREDICTION)
    original = editor.texts[PREDICTION]
    items = await completed(editor, PREDICTION, "\n\n@config.when(sca")
    assert items["scale"].insert_text == "scale="
    editor.type(PREDICTION, original)
    assert "log" in await completed(editor, PREDICTION, '\n\n@config.when(scale="lo')
    script = "scripts/predict.py"
    editor.open(script)
    assert "scale" in await completed(editor, script, '\ndriver.Builder().with_config({"sc')
    assert "log" in await completed(editor, script, 'ale": "')


@pytest.mark.asyncio
async def test_values_in_a_list_and_names_in_a_table_of_sources(editor: Editor) -> None:
    editor.open(PREDICTION)
    start = "from hamilton.function_modifiers import parameterize_sources\n" + editor.texts[PREDICTION]
    for addition, label in (
        ("@config.when_in(scale=['lo", "log"),
        ("@config.when_not_in(scale=['count', 'lo|'])\ndef f(x: int) -> int:\n    return x\n", "log"),
        ("@parameterize_sources(a={'x': 'mod", "model"),
        ("@parameterize_sources(a=dict(x='mod", "model"),
    ):
        editor.type(PREDICTION, start)
        assert label in await completed(editor, PREDICTION, f"\n\n{addition}"), addition
    for addition in ("@parameterize_sources(a={'mod", "@parameterize_sources(a=dict(x={'mod"):
        editor.type(PREDICTION, start)
        assert await completed(editor, PREDICTION, f"\n\n{addition}") == {}, addition


@pytest.mark.asyncio
async def test_functions_that_make_no_node_get_no_names(editor: Editor) -> None:
    editor.open(FEATURES)
    original = editor.texts[FEATURES]
    for addition in ("def _felt(felt", "class Model:\n    def fit(self, felt", "class Model:\n    def fit(cls, felt"):
        editor.type(FEATURES, original)
        assert await completed(editor, FEATURES, f"\n\n{addition}") == {}, addition


@pytest.mark.asyncio
async def test_keyword_arguments_of_modifiers(editor: Editor) -> None:
    editor.open(PREDICTION)
    items = await completed(editor, PREDICTION, '\n\n@tag(owner="x", ')
    assert "target_" in items
    assert items["target_"].insert_text == "target_="
    assert await completed(editor, PREDICTION, "1, 2) + print(") == {}


def edited(editor: Editor, edit: lsp.WorkspaceEdit | None) -> dict[str, str]:
    """The texts after a change of the workspace."""
    assert edit is not None
    changes: dict[str, list[Any]] = {uri: list(each) for uri, each in (edit.changes or {}).items()}
    for each in edit.document_changes or ():
        assert isinstance(each, lsp.TextDocumentEdit)
        changes[each.text_document.uri] = list(each.edits)
    found = {}
    for uri, edits in changes.items():
        path = uri.removeprefix(editor.root.as_uri() + "/")
        lines = (editor.texts.get(path) or (editor.root / path).read_text(encoding="utf-8")).split("\n")
        for each in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
            start, end = each.range.start, each.range.end
            head = editor.cut(lines[start.line], 0, start.character)
            tail = editor.cut(lines[end.line], end.character, None)
            lines[start.line : end.line + 1] = [head + each.new_text + tail]
        found[path] = "\n".join(lines)
    return found


@pytest.mark.asyncio
async def test_a_rename_changes_every_place_and_the_open_buffer(editor: Editor) -> None:
    editor.open(PREDICTION)
    editor.type(PREDICTION, "# 🚲 not saved\n" + editor.texts[PREDICTION])
    where = editor.position(PREDICTION, "def busy_days(predicted_rentals", "predicted_rentals")
    document, client = editor.document(PREDICTION), editor.client
    prepared = await client.text_document_prepare_rename_async(lsp.PrepareRenameParams(document, where))
    assert isinstance(prepared, lsp.PrepareRenamePlaceholder)
    assert prepared.placeholder == "predicted_rentals"
    edit = await client.text_document_rename_async(lsp.RenameParams(document, where, "rentals_ahead"))
    texts = edited(editor, edit)
    assert set(texts) == {PREDICTION, "scripts/predict.py", "tests/test_prediction.py", "pyproject.toml"}
    assert texts[PREDICTION].startswith("# 🚲 not saved\n")
    assert "def rentals_ahead__log(" in texts[PREDICTION]
    assert not any("predicted_rentals" in text for path, text in texts.items() if path != "tests/test_prediction.py")


@pytest.mark.asyncio
async def test_a_rename_that_clashes_says_why(editor: Editor) -> None:
    editor.open(PREDICTION)
    where = editor.position(PREDICTION, "def busy_days(", "busy_days")
    params = lsp.RenameParams(editor.document(PREDICTION), where, "dates")
    with pytest.raises(Exception, match="has a node `dates` already"):
        await editor.client.text_document_rename_async(params)


@pytest.mark.asyncio
@pytest.mark.parametrize("fixture", ["faults"])
async def test_fixes_and_ignores_are_offered_where_a_finding_is(editor: Editor, fixture: str) -> None:
    editor.open("channels.py")
    start = editor.position("channels.py", "chanel_spend")
    asked = lsp.CodeActionParams(editor.document("channels.py"), lsp.Range(start, start), lsp.CodeActionContext([]))
    actions = {each.title: each for each in await editor.client.text_document_code_action_async(asked) or () if isinstance(each, lsp.CodeAction)}  # fmt: skip
    assert list(actions) == [
        "Write `channel_spend` instead of `chanel_spend` (a guess)",
        "Ignore `invalid-modifier` in this line",
        "Ignore `invalid-modifier` in this function",
        "Ignore `invalid-modifier` in this file",
    ]
    fixed = edited(editor, actions["Write `channel_spend` instead of `chanel_spend` (a guess)"].edit)["channels.py"]
    assert "chanel_spend" not in fixed
    for title, action in actions.items():
        original = editor.texts["channels.py"]
        await editor.diagnostics("channels.py", bool)
        editor.type("channels.py", edited(editor, action.edit)["channels.py"])
        await editor.diagnostics("channels.py", lambda found: not found)
        assert title
        editor.type("channels.py", original)
    where = editor.position("channels.py", "import pandas")
    nowhere = lsp.CodeActionParams(editor.document("channels.py"), lsp.Range(where, where), lsp.CodeActionContext([]))
    assert not await editor.client.text_document_code_action_async(nowhere)
