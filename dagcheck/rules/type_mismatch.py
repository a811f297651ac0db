"""`type-mismatch`: a node is read as a type that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.names import Mismatch
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import NameUnit, finding, place, rule
from dagcheck.span import Location
from dagcheck.types.assignability import Raises
from dagcheck.types.printing import brief


@rule(summary="A node is read as a type that it does not have", level="name", group="types")
def type_mismatch(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton compares the parameter's type with the node's (`hamilton.htypes.types_match`)."""
    for found in unit.verdict.mismatches:
        wanted, given = brief(found.reader.dependency.type), brief(found.producer.type)
        yield finding(
            f"`{found.reader.node.name}` reads `{unit.name}` as `{wanted}`, but it is `{given}`",
            Location(found.reader.node.origin.path, found.reader.dependency.span),
            "build",
            label=f"reads `{wanted}`",
            related=(Annotation(place(found.producer), f"`{unit.name}` is `{given}`"),),
            advice=_why(found),
            nodes=(found.reader.node.name, unit.name),
            dataflow=unit.dataflow,
            config=witness_of(unit.dataflow.space, found.condition),
        )


def _why(found: Mismatch) -> str:
    verdict = found.verdict
    if isinstance(verdict, Raises):
        return f"Hamilton's check itself fails: {verdict.reason}"
    return "; ".join(verdict.reasons)
