"""`unused-node`: nothing that is ever asked for needs a node."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.asking import view
from dagcheck.graph.dataflow import Dataflow
from dagcheck.nodes.node import Node
from dagcheck.rules.rule import ProjectUnit, finding, place, rule
from dagcheck.span import Location


@rule(
    summary="Nothing that is ever asked for needs a node",
    level="project",
    group="graph",
    severity="warning",
    default=False,
)
def unused_node(unit: ProjectUnit) -> Iterator[Diagnostic]:
    """Only where every output that any driver asks for is known; a function in several dataflows must be idle in all."""
    unused: dict[Location, tuple[Node, Dataflow]] = {}
    used: set[Location] = set()
    for dataflow in unit.dataflows:
        needed = _needed(dataflow)
        for node in dataflow.nodes:
            if needed is None or node in needed:
                used.add(_function(node))
            else:
                unused.setdefault(_function(node), (node, dataflow))
    for location, (node, dataflow) in unused.items():
        if location not in used:
            yield finding(
                f"nothing that is asked of the dataflow needs `{node.name}`",
                place(node),
                "silent",
                label="never needed",
                advice="ask a driver for it, or remove it",
                nodes=(node.name,),
                dataflow=dataflow,
            )


def _function(node: Node) -> Location:
    """The `def` behind a node: a function is idle only if all that is made of it is."""
    origin = node.origin
    return Location(
        origin.path, place(node).span._replace(line=origin.line, column=1, end_line=origin.line, end_column=1)
    )


def _needed(dataflow: Dataflow) -> set[Node] | None:
    """The nodes that some call needs; None where not every output is known."""
    if not dataflow.spec.has_all_outputs:
        return None
    needed = {node for call in dataflow.spec.calls for node in view(dataflow, call).nodes}
    saved = {part.name for item in dataflow.spec.materializers for part in item.dependencies}
    return needed | {node for node in dataflow.nodes if node.name in saved}
