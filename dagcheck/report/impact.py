"""How is an impact said to programs? The JSON of `dagcheck impact`, and the list of tests for pytest."""

from __future__ import annotations

from dagcheck.impact.effects import Change
from dagcheck.impact.outcome import ChangedVersion, Impact
from dagcheck.impact.propagation import Affected
from dagcheck.report.json import Json, boxes_json, diagnostic_json, document


def impact_json(impact: Impact) -> str:
    """The document of `dagcheck impact --format json`."""
    return document(
        {
            "base": impact.base,
            "head": impact.head,
            "complete": impact.complete,
            "changes": [_change(change) for change in impact.changes],
            "affected": [_affected(row) for row in impact.affected],
            "outputs": [
                {
                    "node": row.node,
                    "dataflow": row.dataflow,
                    "path": row.path or None,
                    "line": row.line if row.path else None,
                }
                for row in impact.outputs
            ],
            "owners": list(impact.owners),
            "tests": list(impact.tests),
            "diagnostics": {
                "new": [diagnostic_json(diagnostic) for diagnostic in impact.new],
                "resolved": [diagnostic_json(diagnostic) for diagnostic in impact.resolved],
            },
            "uncertain": [row._asdict() for row in impact.uncertain],
            "versions": [_version(row) for row in impact.versions],
            "remarks": list(impact.remarks),
        }
    )


def tests_for_pytest(impact: Impact) -> str:
    """The tests to run, one a line, as pytest takes them on its command line."""
    return "".join(f"{test}\n" for test in impact.tests)


def _change(change: Change) -> dict[str, Json]:
    return {
        "node": change.node,
        "dataflow": change.dataflow,
        "kind": change.kind,
        "facets": list(change.facets),
        "effect": change.effect,
        "reason": change.reason,
        "via": list(change.via),
        "path": change.path or None,
        "line": change.line or None,
        "renamed_from": change.renamed_from,
        "certainty": change.certainty,
    }


def _version(row: ChangedVersion) -> dict[str, Json]:
    change = row.change
    return {
        "distribution": change.distribution,
        "before": list(change.before),
        "after": list(change.after),
        "files": list(change.files),
        "nodes": row.nodes,
    }


def _affected(row: Affected) -> dict[str, Json]:
    when = {"when": boxes_json(row.when)} if row.when else {}
    return {
        "node": row.node,
        "dataflow": row.dataflow,
        "distance": row.distance,
        "route": list(row.route),
        **when,
    }
