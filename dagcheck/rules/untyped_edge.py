"""`untyped-edge`: a node is `Any`, and what reads it asks for more."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import NameUnit, certainty_in, finding, place, rule
from dagcheck.span import Location
from dagcheck.types.printing import brief


@rule(summary="`Any` hides what a node passes on", level="name", group="types", severity="warning")
def untyped_edge(unit: NameUnit) -> Iterator[Diagnostic]:
    """Hamilton takes a node of type `Any` for whatever is asked for (`hamilton.htypes.types_match`)."""
    for found in unit.verdict.untyped:
        wanted = brief(found.reader.dependency.type)
        yield finding(
            f"`{found.reader.node.name}` reads `{unit.name}` as `{wanted}`, and `Any` hides whether it is",
            Location(found.reader.node.origin.path, found.reader.dependency.span),
            "silent",
            label=f"reads `{wanted}`",
            related=(Annotation(place(found.producer), f"`{unit.name}` is `Any`"),),
            advice=f"annotate what `{unit.name}` returns",
            nodes=(found.reader.node.name, unit.name),
            dataflow=unit.dataflow,
            config=witness_of(unit.dataflow.space, found.condition),
            certainty=certainty_in(found.condition) if unit.dataflow.strict else "likely",
        )
