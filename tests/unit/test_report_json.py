"""The JSON of findings and graphs: the fields of the schema in their order, one line each, the same bytes always."""

from __future__ import annotations

import json
from typing import Any, cast

from dagcheck.dataflows.specification import SpecOrigin
from dagcheck.diagnostics import Annotation, Diagnostic, Fix
from dagcheck.graph.entries import Entry
from dagcheck.nodes.node import Dependency
from dagcheck.report.graph import graph_json
from dagcheck.report.json import check_json, document
from dagcheck.report.outline import Outline
from dagcheck.report.summary import Summary
from dagcheck.report.values import ABSENT, as_json
from dagcheck.span import Location, Span
from dagcheck.types.model import ClassType, UnknownType

SUMMARY = Summary(5, 1, 42, 3, 1, 0, 2)
FINDING = Diagnostic(
    rule="type-mismatch",
    severity="error",
    certainty="certain",
    hamilton="build",
    message="`spend` is str, but `avg_spend` asks for pd.Series — été",
    location=Location("features/spend.py", Span(12, 5, 12, 20)),
    label="asks for this",
    related=(Annotation(Location("features/raw.py", Span(3, 1, 4, 2)), "made here"),),
    help="change one of them",
    nodes=("avg_spend", "spend"),
    dataflows=("training", "scoring"),
    config=(("region", "US"), ("shape", (1, 2)), ("debug", ABSENT)),
    fix=Fix("change the annotation", True),
)


def test_a_finding_has_the_fields_of_the_schema_in_order() -> None:
    parsed = json.loads(check_json([FINDING], SUMMARY))
    (finding,) = parsed["diagnostics"]
    assert finding == {
        "rule": "type-mismatch",
        "severity": "error",
        "certainty": "certain",
        "hamilton": "build",
        "message": "`spend` is str, but `avg_spend` asks for pd.Series — été",
        "path": "features/spend.py",
        "line": 12,
        "column": 5,
        "end_line": 12,
        "end_column": 20,
        "dataflow": "training",
        "dataflows": ["training", "scoring"],
        "nodes": ["avg_spend", "spend"],
        "config": {"region": "US", "shape": {"$repr": "(1, 2)"}, "debug": {"$absent": True}},
        "related": [{"path": "features/raw.py", "line": 3, "column": 1, "message": "made here"}],
        "help": "change one of them",
        "fix": {"title": "change the annotation", "safe": True},
    }
    order = (
        "rule severity certainty hamilton message path line column end_line end_column dataflow dataflows nodes config"
    )
    assert " ".join(finding) == f"{order} related help fix"
    assert list(parsed) == ["schema_version", "diagnostics", "summary"]


def test_what_a_finding_lacks_is_null_or_empty_never_left_out() -> None:
    bare = Diagnostic("syntax-error", "error", "certain", "import", "no", Location("a.py", Span(1, 1, 1, 1)))
    (finding,) = json.loads(check_json([bare], SUMMARY))["diagnostics"]
    assert (finding["dataflow"], finding["fix"], finding["help"]) == (None, None, "")
    assert (finding["dataflows"], finding["nodes"], finding["related"], finding["config"]) == ([], [], [], {})


def test_the_summary_counts_by_severity() -> None:
    assert json.loads(check_json([], SUMMARY)) == {
        "schema_version": 1,
        "diagnostics": [],
        "summary": {
            "files": 5,
            "dataflows": 1,
            "nodes": 42,
            "findings": {"error": 3, "warning": 1, "info": 0},
            "unresolved": 2,
        },
    }


def test_each_finding_stands_on_a_line_of_its_own_in_ascii() -> None:
    text = check_json([FINDING, FINDING], SUMMARY)
    lines = text.splitlines()
    assert [line[:8] for line in lines] == ['{"schema', ' "diagno', '  {"rule', '  {"rule', ' "summar']
    assert text.endswith("}\n")
    assert text.isascii()
    assert check_json([FINDING, FINDING], SUMMARY) == text


def test_rows_within_rows_are_laid_out_and_stay_valid() -> None:
    fields = {
        "dataflows": [
            {"name": "a", "nodes": [{"name": "x", "dependencies": [{"name": "y"}]}]},
            {"name": "b", "nodes": []},
        ]
    }
    text = document(fields)
    assert json.loads(text) == {"schema_version": 1, **fields}
    assert '\n    {"name": "x", "dependencies": [{"name": "y"}]}' in text


def row(name: str, *dependencies: Dependency, **fields: Any) -> Entry:
    place: dict[str, Any] = {
        "function": f"{name}__us",
        "module": "features.spend",
        "path": "features/spend.py",
        "line": 12,
        "end_line": 20,
    }
    plain: dict[str, Any] = {
        "kind": "function",
        "role": "standard",
        "type": ClassType("class", "pandas.Series"),
        "annotation": "pd.Series",
    }
    rest: dict[str, Any] = {"dependencies": dependencies, "tags": {}, "when": None, "documentation": "What was spent."}
    return Entry(name=name, **{**plain, **rest, **place, **fields})


def outside(name: str, **fields: Any) -> Entry:
    nowhere = {"function": "", "module": "", "path": "", "line": 0, "end_line": 0, "documentation": ""}
    return row(name, kind="input", **nowhere, **fields)


def graph(*entries: Entry, **fields: Any) -> dict[str, Any]:
    origin = SpecOrigin("driver", "run.py", 14)
    modules = (("features.spend", "features/spend.py"),)
    plain = Outline("training", origin, modules, {"region": "US", "shape": (1, 2)}, True, entries)
    document: dict[str, Any] = json.loads(graph_json([plain._replace(**fields)], [FINDING]))
    assert list(document) == ["schema_version", "dataflows", "diagnostics"]
    assert document["diagnostics"] == json.loads(check_json([FINDING], SUMMARY))["diagnostics"]
    (dataflow,) = document["dataflows"]
    return cast(dict[str, Any], dataflow)


def test_a_dataflow_has_the_fields_of_the_schema_in_order() -> None:
    dataflow = graph()
    assert dataflow == {
        "name": "training",
        "origin": {"kind": "driver", "path": "run.py", "line": 14},
        "modules": [{"name": "features.spend", "path": "features/spend.py"}],
        "config": {"region": "US", "shape": {"$repr": "(1, 2)"}},
        "complete": True,
        "nodes": [],
    }
    assert list(dataflow) == ["name", "origin", "modules", "config", "complete", "nodes"]
    assert graph(config=None)["config"] is None
    assert graph(config={})["config"] == {}
    assert graph(origin=SpecOrigin("command-line", "", 0))["origin"] == {
        "kind": "command-line",
        "path": None,
        "line": None,
    }


def test_a_node_has_the_fields_of_the_schema_in_order() -> None:
    unknown = UnknownType("unknown", "a call")
    entry = row(
        "spend",
        Dependency("raw", ClassType("class", "int"), True, Span(1, 1, 1, 2)),
        Dependency("odd", unknown, False, Span(1, 1, 1, 2)),
        tags={"module": "features.spend", "sizes": [1, 2], "odd": {1}},
        when=({"region": {"in": ["US", {"$absent": True}, float("inf")]}}, {"k": {"part_of": "a,b"}}),
    )
    (node,) = graph(entry)["nodes"]
    assert node == {
        "name": "spend",
        "kind": "function",
        "role": "standard",
        "type": "pandas.Series",
        "annotation": "pd.Series",
        "dependencies": [
            {"name": "raw", "type": "int", "optional": True},
            {"name": "odd", "type": None, "optional": False},
        ],
        "tags": {"module": "features.spend", "sizes": [1, 2], "odd": {"$repr": "{1}"}},
        "when": [{"region": {"in": ["US", {"$absent": True}, {"$repr": "inf"}]}}, {"k": {"part_of": "a,b"}}],
        "function": "spend__us",
        "module": "features.spend",
        "path": "features/spend.py",
        "line": 12,
        "end_line": 20,
        "documentation": "What was spent.",
    }
    order = "name kind role type annotation dependencies tags when function module path line end_line documentation"
    assert " ".join(node) == order


def test_an_unconditional_node_has_no_when_and_an_input_no_place() -> None:
    node, input_ = graph(row("spend"), outside("raw", annotation=""))["nodes"]
    assert "when" not in node
    assert input_["kind"] == "input"
    places = ("annotation", "function", "module", "path", "line", "end_line", "documentation")
    assert [input_[field] for field in places] == [None] * 7


def test_values_already_said_in_json_are_not_said_again() -> None:
    for value in ({"$repr": "(1, 2)"}, {"$absent": True}):
        assert as_json(as_json(value)) == value
