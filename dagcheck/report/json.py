"""How are findings said to programs? JSON, schema version 1: stable, additions only.

One line for each finding and each node: quick to write, to compare and to search. Pure ASCII, so that no terminal or
file encoding can break it; field order is part of the schema's documentation and does not vary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.report.summary import Summary
from dagcheck.report.values import as_json

SCHEMA_VERSION = 1

Json: TypeAlias = Any

_TABLES = {"affected", "changes", "dataflows", "diagnostics", "new", "nodes", "outputs", "resolved", "rules"}
"""Fields whose items stand on lines of their own, where they are objects."""


def check_json(diagnostics: Iterable[Diagnostic], summary: Summary) -> str:
    """The document of `dagcheck check --format json`."""
    rows = [diagnostic_json(diagnostic) for diagnostic in diagnostics]
    findings = {"error": summary.errors, "warning": summary.warnings, "info": summary.infos}
    figures = {"files": summary.files, "dataflows": summary.dataflows, "nodes": summary.nodes}
    return document(
        {"diagnostics": rows, "summary": {**figures, "findings": findings, "unresolved": summary.unresolved}}
    )


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Json]:
    """One finding, fields in the order of the schema."""
    span = diagnostic.location.span
    fix = diagnostic.fix
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "certainty": diagnostic.certainty,
        "hamilton": diagnostic.hamilton,
        "message": diagnostic.message,
        "path": diagnostic.location.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "dataflow": diagnostic.dataflows[0] if diagnostic.dataflows else None,
        "dataflows": diagnostic.dataflows,
        "nodes": diagnostic.nodes,
        "config": {key: as_json(value) for key, value in diagnostic.config},
        "related": [_related(annotation) for annotation in diagnostic.related],
        "help": diagnostic.help,
        "fix": {"title": fix.title, "safe": fix.safe} if fix else None,
    }


def boxes_json(when: Iterable[Mapping[str, Mapping[str, Json]]]) -> list[dict[str, Json]]:
    """A condition: a list (or) of objects (and)."""
    return [
        {
            key: {word: value if word == "part_of" else list(map(as_json, value)) for word, value in allowed.items()}
            for key, allowed in box.items()
        }
        for box in when
    ]


def document(fields: Mapping[str, Json]) -> str:
    """A JSON object that opens with the schema version; findings, nodes and the like on lines of their own."""
    return f"{_laid_out({'schema_version': SCHEMA_VERSION, **fields}, 0)}\n"


def _related(annotation: Annotation) -> dict[str, Json]:
    location = annotation.location
    return {
        "path": location.path,
        "line": location.span.line,
        "column": location.span.column,
        "message": annotation.message,
    }


def _laid_out(fields: Mapping[str, Json], depth: int) -> str:
    margin = " " * (depth + 1)
    rows = (
        f"{_dumped(key)}: {_table(value, depth + 1) if _is_table(key, value) else _dumped(value)}"
        for key, value in fields.items()
    )
    return "{" + f",\n{margin}".join(rows) + "}"


def _table(rows: list[dict[str, Json]], depth: int) -> str:
    margin = f"\n{' ' * (depth + 1)}"
    lines = (
        _laid_out(row, depth + 1) if any(_is_table(*item) for item in row.items()) else _dumped(row) for row in rows
    )
    return f"[{margin}" + f",{margin}".join(lines) + "]"


def _is_table(key: str, value: Json) -> bool:
    return key in _TABLES and type(value) in (list, tuple) and bool(value) and type(value[0]) is dict


def _dumped(value: Json) -> str:
    import json

    return json.dumps(value, allow_nan=False)
