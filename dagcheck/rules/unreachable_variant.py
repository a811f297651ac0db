"""`unreachable-variant`: a function whose conditions hold in no configuration."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.evaluation.conditions import ALWAYS
from dagcheck.graph.dataflow import Dataflow
from dagcheck.nodes.node import Node
from dagcheck.rules.rule import FunctionUnit, ProjectUnit, finding, from_fault, place, rule


@rule(
    summary="A variant exists in no configuration", level="function", also="project", group="graph", severity="warning"
)
def unreachable_variant(unit: FunctionUnit | ProjectUnit) -> Iterator[Diagnostic]:
    """Hamilton passes over a function whose conditions do not hold, and never says so."""
    if isinstance(unit, FunctionUnit):
        yield from from_fault(unit, "unreachable-variant")
        return
    for dataflow, node in _unused(unit):
        yield finding(
            f"no configuration in use has this variant of `{node.name}`",
            place(node),
            "silent",
            label="is left out everywhere",
            advice="drop the function, or add a configuration that has it to the settings",
            nodes=(node.name,),
            dataflow=dataflow,
            certainty="likely",
        )


def _unused(unit: ProjectUnit) -> Iterator[tuple[Dataflow, Node]]:
    """The variants that no dataflow has, where the configurations of all that could have them are known."""
    if unit.unresolved:
        return
    free = {part.path for dataflow in unit.dataflows if not _is_configured(dataflow) for part in dataflow.parts}
    told = {node.origin[:4] for dataflow in unit.dataflows for node in dataflow.nodes}
    for dataflow in unit.dataflows:
        for node in [node for nodes in dataflow.elsewhere.values() for node in nodes]:
            if node.condition != ALWAYS and node.origin.path not in free and node.origin[:4] not in told:
                told.add(node.origin[:4])
                yield dataflow, node


def _is_configured(dataflow: Dataflow) -> bool:
    """Do a driver or the settings fix the whole configuration?"""
    fixed = dataflow.space.fixed
    return fixed is not None and (not fixed or bool(dataflow.spec.config_places))
