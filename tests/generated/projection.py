"""What does an analysis over all configurations say of one of them?

`projected` keeps the rows that exist there, `predicted` the errors that hold there. Both read what dagcheck gives out for
the whole configuration space.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dagcheck.evaluation.conditions import Condition, holds
from dagcheck.graph.dataflow import Dataflow

Row = Mapping[str, Any]


def projected(rows: Sequence[Row], config: Mapping[str, Any]) -> list[Row]:
    """The rows of `dagcheck graph --format json` that exist under this configuration, and its keys that are left over."""
    kept = [row for row in rows if "when" not in row or any(_is_met(box, config) for box in row["when"])]
    names = {row["name"] for row in kept}
    loose = {"kind": "config", "role": "standard", "type": "typing.Any", "dependencies": [], "tags": {}}
    return [*kept, *({"name": key, **loose} for key in config if key not in names)]


def predicted(dataflow: Dataflow, config: Mapping[str, Any]) -> list[Row] | None:
    """The errors at import or build that exist under this configuration; None where that cannot be told."""
    found: list[Row] = []
    for condition, row in _conditional(dataflow):
        verdict = True if row["hamilton"] == "import" else holds(condition, config)
        if verdict is None:
            return None
        if verdict:
            found.append(row)
    return found


def _conditional(dataflow: Dataflow) -> Iterator[tuple[Condition, Row]]:
    for path, fault in dataflow.faults:
        if fault.severity == "error" and fault.hamilton in {"import", "build"}:
            yield fault.condition, _row(fault.rule, fault.message, fault.hamilton, fault.path or path, fault.span.line)
    for name, verdict in dataflow.verdicts.items():
        rows = [("duplicate-node", clash.later, clash.condition) for clash in verdict.clashes]
        rows += [("type-mismatch", found.reader.node, found.condition) for found in verdict.mismatches]
        rows += [("conflicting-input-types", found.reader.node, found.condition) for found in verdict.conflicts]
        for rule, node, condition in rows:
            yield condition, _row(rule, f"`{name}` of `{node.name}`", "build", node.origin.path, node.origin.line)


def _row(rule: str, message: str, hamilton: str, path: str, line: int) -> Row:
    return {"severity": "error", "rule": rule, "message": message, "hamilton": hamilton, "path": path, "line": line}


def _is_met(box: Mapping[str, Mapping[str, Any]], config: Mapping[str, Any]) -> bool:
    return all(_is_allowed(allowed, config.get(key)) for key, allowed in box.items())


def _is_allowed(allowed: Mapping[str, Any], value: Any) -> bool:
    if "part_of" in allowed:
        return isinstance(value, str) and value in allowed["part_of"]
    positive = "in" in allowed
    members = [_value(member) for member in allowed["in" if positive else "not_in"]]
    return (value in members) == positive


def _value(member: Any) -> Any:
    if isinstance(member, dict) and member.keys() & {"$absent", "$repr"}:
        return None if "$absent" in member else ast.literal_eval(member["$repr"])
    return member
