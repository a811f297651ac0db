"""`collect-without-parallelizable`: something is gathered that never fanned out."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.blocks import orphans
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import certainty_in_whole, finding, place, rule
from dagcheck.span import Location


@rule(summary="Something is gathered that never fanned out", level="dataflow", group="graph")
def collect_without_parallelizable(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton builds it and fails with an AttributeError when it runs."""
    for node, dependency, producer in orphans(unit):
        related = () if producer is None else (Annotation(place(producer), "is one value"),)
        yield finding(
            f"`{node.name}` collects `{dependency.name}`, but nothing upstream of it fans out",
            Location(node.origin.path, dependency.span),
            "execution",
            label="takes `Collect`",
            related=related,
            advice="take the value itself, or let a node upstream return `Parallelizable[...]`",
            nodes=(node.name, dependency.name),
            dataflow=unit,
            config=witness_of(unit.space, node.condition),
            certainty=certainty_in_whole(unit, node.condition),
        )
