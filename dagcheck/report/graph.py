"""How are graphs said to programs? The JSON of `dagcheck graph`, in the schema of `dagcheck.report.json`."""

from __future__ import annotations

from collections.abc import Iterable

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.entries import Entry
from dagcheck.report.json import Json, boxes_json, diagnostic_json, document
from dagcheck.report.outline import Outline
from dagcheck.report.values import as_json
from dagcheck.types.printing import show


def graph_json(outlines: Iterable[Outline], diagnostics: Iterable[Diagnostic]) -> str:
    """The document of `dagcheck graph --format json`."""
    dataflows = [_outline(outline) for outline in outlines]
    return document(
        {"dataflows": dataflows, "diagnostics": [diagnostic_json(diagnostic) for diagnostic in diagnostics]}
    )


def _outline(outline: Outline) -> dict[str, Json]:
    origin, config = outline.origin, outline.config
    return {
        "name": outline.name,
        "origin": {"kind": origin.kind, "path": origin.path or None, "line": origin.line or None},
        "modules": [{"name": name, "path": path} for name, path in outline.modules],
        "config": None if config is None else {key: as_json(value) for key, value in config.items()},
        "complete": outline.is_complete,
        "nodes": [entry_json(entry) for entry in outline.entries],
    }


def entry_json(entry: Entry) -> dict[str, Json]:
    """One row; what comes from no function has no place and no documentation."""
    when = {"when": boxes_json(entry.when)} if entry.when else {}
    return {
        "name": entry.name,
        "kind": entry.kind,
        "role": entry.role,
        "type": show(entry.type),
        "annotation": entry.annotation or None,
        "dependencies": [
            {"name": dependency.name, "type": show(dependency.type), "optional": dependency.optional}
            for dependency in entry.dependencies
        ],
        "tags": {key: as_json(value) for key, value in entry.tags.items()},
        **when,
        "function": entry.function or None,
        "module": entry.module or None,
        "path": entry.path or None,
        "line": entry.line or None,
        "end_line": entry.end_line or None,
        "documentation": entry.documentation or None,
    }
