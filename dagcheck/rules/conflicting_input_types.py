"""`conflicting-input-types`: two readers of an input ask for types that do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import NameUnit, certainty_of_input, finding, rule
from dagcheck.span import Location
from dagcheck.types.assignability import Raises
from dagcheck.types.reasons import names_of


@rule(summary="Two readers of an input ask for types that do not go together", level="name", group="types")
def conflicting_input_types(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton lets readers tighten an input's type in the order in which it meets them (`hamilton.graph`)."""
    for found in unit.verdict.conflicts:
        settled, wanted = names_of(found.settled, found.reader.dependency.type)
        earlier = found.earlier
        verdict = found.verdict
        advice = f"Hamilton's check itself fails: {verdict.reason}" if isinstance(verdict, Raises) else ""
        yield finding(
            f"`{found.reader.node.name}` reads input `{unit.name}` as `{wanted}`, "
            f"but `{earlier.node.name}` reads it as `{settled}`",
            Location(found.reader.node.origin.path, found.reader.dependency.span),
            "build",
            label=f"reads `{wanted}`",
            related=(Annotation(Location(earlier.node.origin.path, earlier.dependency.span), f"reads `{settled}`"),),
            advice=advice or "annotate both with the same type, or one of them with a union of the two",
            nodes=(found.reader.node.name, earlier.node.name),
            dataflow=unit.dataflow,
            config=witness_of(unit.dataflow.space, found.condition),
            certainty=certainty_of_input(unit.dataflow, found.condition),
        )
