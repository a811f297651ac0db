"""`cyclic-dependency`: a node depends on itself."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.cycles import cycles
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import certainty_in, finding, place, rule


@rule(summary="A node depends on itself", level="dataflow", group="graph")
def cyclic_dependency(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton builds such a dataflow and fails with a RecursionError when it runs."""
    for cycle in cycles(unit):
        names = [node.name for node in cycle.nodes]
        way = " -> ".join(f"`{name}`" for name in (*names, names[0]))
        following = (*names[1:], names[0])
        yield finding(
            f"`{names[0]}` depends on itself: {way}" if len(names) > 1 else f"`{names[0]}` reads itself",
            place(cycle.nodes[0]),
            "execution",
            label=f"reads `{following[0]}`",
            related=tuple(
                Annotation(place(node), f"reads `{name}`")
                for node, name in zip(cycle.nodes[1:], following[1:], strict=True)
            ),
            advice=_ADVICE if len(names) > 1 else "rename the parameter after what it should read, or the function",
            nodes=tuple(names),
            dataflow=unit,
            config=witness_of(unit.space, cycle.condition),
            certainty=certainty_in(cycle.condition),
        )


_ADVICE = "let one of them read something else, such as an input with a name of its own"
