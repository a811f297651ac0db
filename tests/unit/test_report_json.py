"""The JSON of findings: the fields of the schema in their order, one line each, the same bytes always."""

from __future__ import annotations

import json

from dagcheck.diagnostics import Annotation, Diagnostic, Fix
from dagcheck.report.json import check_json, document
from dagcheck.report.summary import Summary
from dagcheck.report.values import ABSENT
from dagcheck.span import Location, Span

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
