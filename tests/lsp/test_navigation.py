"""Do the server's answers about places lead where a person would look?"""

from __future__ import annotations

import pytest
from lsprotocol import types as lsp

from tests.lsp.editor import Editor

FEATURES, PREDICTION, SAMPLES = (f"src/bike_demand/{name}.py" for name in ("features", "prediction", "samples"))
TRAIN = "scripts/train.py"


async def definition(editor: Editor, path: str, line: str, word: str = "") -> list[tuple[str, int, str]]:
    where = editor.position(path, line, word)
    found = await editor.client.text_document_definition_async(lsp.DefinitionParams(editor.document(path), where))
    return editor.places(found)


async def references(editor: Editor, path: str, line: str, word: str = "") -> list[tuple[str, int, str]]:
    where = editor.position(path, line, word)
    params = lsp.ReferenceParams(lsp.ReferenceContext(True), editor.document(path), where)
    return editor.places(await editor.client.text_document_references_async(params))


@pytest.mark.asyncio
async def test_a_parameter_leads_to_the_function_that_makes_it(editor: Editor) -> None:
    editor.open(FEATURES)
    assert await definition(editor, FEATURES, "def discomfort(felt_temperature", "felt_temperature") == [
        (FEATURES, 27, "felt_temperature")
    ]


@pytest.mark.asyncio
async def test_a_parameter_leads_to_the_key_of_a_modifier_in_every_module(editor: Editor) -> None:
    editor.open(FEATURES)
    assert await definition(editor, FEATURES, "temperature: pd.Series, wind", "wind") == [
        ("src/bike_demand/rides.py", 8, "wind"),
        ("src/bike_demand/forecast.py", 8, "wind"),
    ]


@pytest.mark.asyncio
async def test_a_parameter_leads_to_every_variant(editor: Editor) -> None:
    editor.open(PREDICTION)
    assert await definition(editor, PREDICTION, "def busy_days(predicted_rentals", "predicted_rentals") == [
        (PREDICTION, 16, "predicted_rentals"),
        (PREDICTION, 22, "predicted_rentals"),
    ]
    editor.open(SAMPLES)
    found = await definition(editor, SAMPLES, "target: pd.Series, holdout", "target")
    assert {place[:2] for place in found} <= {(SAMPLES, 9), (SAMPLES, 15)}
    assert found


@pytest.mark.asyncio
async def test_names_given_to_a_driver_lead_to_the_nodes(editor: Editor) -> None:
    editor.open(TRAIN)
    assert await definition(editor, TRAIN, '"metrics"', "metrics") == [("src/bike_demand/evaluation.py", 26, "metrics")]
    assert await definition(editor, TRAIN, "rides_path", "rides_path") == []  # an input: nothing makes it


@pytest.mark.asyncio
async def test_names_in_the_settings_lead_to_the_nodes(editor: Editor) -> None:
    editor.open("pyproject.toml")
    assert await definition(editor, "pyproject.toml", '"busy_days"', "busy_days") == [(PREDICTION, 28, "busy_days")]


@pytest.mark.asyncio
async def test_what_is_no_name_of_a_dataflow_has_no_answer(editor: Editor) -> None:
    editor.open(FEATURES)
    for line, word in [
        ("import pandas as pd", "pandas"),
        ('"""The temperature that cyclists feel."""', "temperature"),
        ("return wind_chill(temperature, wind)", "wind_chill"),
        ("pd.DataFrame(columns)", "columns"),
    ]:
        where, document = editor.position(FEATURES, line, word), editor.document(FEATURES)
        client = editor.client
        assert await client.text_document_definition_async(lsp.DefinitionParams(document, where)) is None
        assert await client.text_document_hover_async(lsp.HoverParams(document, where)) is None
        context = lsp.ReferenceContext(True)
        assert await client.text_document_references_async(lsp.ReferenceParams(context, document, where)) is None
        assert await client.text_document_document_highlight_async(lsp.DocumentHighlightParams(document, where)) is None
        assert await client.text_document_prepare_rename_async(lsp.PrepareRenameParams(document, where)) is None
        assert await client.text_document_prepare_call_hierarchy_async(lsp.CallHierarchyPrepareParams(document, where)) is None  # fmt: skip


@pytest.mark.asyncio
async def test_references_are_in_code_tests_scripts_and_settings(editor: Editor) -> None:
    editor.open(PREDICTION)
    found = await references(editor, PREDICTION, "def busy_days(", "busy_days")
    assert {path for path, _, _ in found} == {
        PREDICTION,
        "scripts/predict.py",
        "tests/test_prediction.py",
        "pyproject.toml",
    }
    assert {word for _, _, word in found} == {"busy_days"}


@pytest.mark.asyncio
async def test_highlights_are_the_name_in_the_file(editor: Editor) -> None:
    editor.open(PREDICTION)
    where = editor.position(PREDICTION, "def busy_days(predicted_rentals", "predicted_rentals")
    found = await editor.client.text_document_document_highlight_async(
        lsp.DocumentHighlightParams(editor.document(PREDICTION), where)
    )
    kinds = [each.kind for each in found or ()]
    assert kinds.count(lsp.DocumentHighlightKind.Write) == 2
    assert kinds.count(lsp.DocumentHighlightKind.Read) == 3


@pytest.mark.asyncio
async def test_a_card_says_what_a_node_is(editor: Editor) -> None:
    editor.open(PREDICTION)
    where = editor.position(PREDICTION, "def busy_days(predicted_rentals", "predicted_rentals")
    found = await editor.client.text_document_hover_async(lsp.HoverParams(editor.document(PREDICTION), where))
    assert found is not None
    assert isinstance(found.contents, lsp.MarkupContent)
    text = found.contents.value
    assert "(node) predicted_rentals: pd.Series" in text
    assert "Bikes that will be rented" in text
    assert "`predict`: " in text
    assert "1 downstream" in text
    assert "2 outputs" in text


@pytest.mark.asyncio
async def test_lenses_count_what_hangs_on_a_node(editor: Editor) -> None:
    editor.open(PREDICTION)
    client = editor.client
    lenses = await client.text_document_code_lens_async(lsp.CodeLensParams(editor.document(PREDICTION)))
    titles = {}
    for lens in lenses or ():
        resolved = await client.code_lens_resolve_async(lens)
        assert resolved.command is not None
        titles[editor.words(lsp.Location(editor.uri(PREDICTION), lens.range))[2]] = resolved.command.title
    assert titles["busy_days"].endswith("0 downstream, 1 output")
    assert titles["predicted_target"].endswith("2 downstream, 2 outputs")
    assert len(titles) == 4


@pytest.mark.asyncio
async def test_a_call_hierarchy_goes_up_and_down_the_graph(editor: Editor) -> None:
    editor.open(FEATURES)
    client, document = editor.client, editor.document(FEATURES)
    where = editor.position(FEATURES, "def felt_temperature(", "felt_temperature")
    items = await client.text_document_prepare_call_hierarchy_async(lsp.CallHierarchyPrepareParams(document, where))
    assert [item.name for item in items or ()] == ["felt_temperature"]
    (item,) = items or ()
    readers = await client.call_hierarchy_incoming_calls_async(lsp.CallHierarchyIncomingCallsParams(item))
    assert sorted(each.from_.name for each in readers or ()) == ["discomfort", "feature_matrix"]
    reads = await client.call_hierarchy_outgoing_calls_async(lsp.CallHierarchyOutgoingCallsParams(item))
    assert {each.to.name for each in reads or ()} == {"temperature", "wind"}
    assert {each.to.uri.rpartition("/")[2] for each in reads or ()} == {"rides.py", "forecast.py"}


@pytest.mark.asyncio
async def test_symbols_include_generated_nodes(editor: Editor) -> None:
    editor.open(SAMPLES)
    found = await editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(editor.document(SAMPLES)))
    symbols = {each.name: [inner.name for inner in each.children or ()] for each in found or () if isinstance(each, lsp.DocumentSymbol)}  # fmt: skip
    assert symbols["samples"] == ["train_features", "train_target", "holdout_features", "holdout_target"]
    everywhere = await editor.client.workspace_symbol_async(lsp.WorkspaceSymbolParams("hldttgt"))
    assert [each.name for each in everywhere or ()] == ["holdout_target"]


@pytest.mark.asyncio
async def test_places_are_counted_in_the_clients_units(editor: Editor) -> None:
    text = 'def first(x: int) -> int:\n    """🚲"""\n    return x\n\n\ndef second(  # 🚲🚲\n    y: str = "🚲🚲", first: int = 1\n) -> int:\n    return first\n'
    text = "import pandas\nfrom hamilton.function_modifiers import tag\n\n\n@tag(a='b')\n" + text
    (editor.root / "bikes.py").write_text(text, encoding="utf-8")
    event = lsp.FileEvent(editor.uri("bikes.py"), lsp.FileChangeType.Created)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
    editor.open("bikes.py")
    assert await definition(editor, "bikes.py", '"🚲🚲", first', "first") == [("bikes.py", 6, "first")]
    found = await references(editor, "bikes.py", "def first", "first")
    assert {(line, word) for _, line, word in found} == {(6, "first"), (12, "first"), (14, "first")}
