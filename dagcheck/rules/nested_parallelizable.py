"""`nested-parallelizable`: work fans out inside a fan-out."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.blocks import blocks
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import certainty_in_whole, finding, place, rule


@rule(summary="Work fans out inside a fan-out", level="dataflow", group="graph")
def nested_parallelizable(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton's dynamic execution knows one level only (apache/hamilton issue 301)."""
    for block in blocks(unit):
        for inner in block.inner:
            yield finding(
                f"`{inner.name}` fans out inside the fan-out of `{block.start.name}`",
                place(inner),
                "execution",
                label="fans out again",
                related=(Annotation(place(block.start), "the outer fan-out starts here"),),
                advice="collect the outer one first, or fan out over all pairs at once",
                nodes=(inner.name, block.start.name),
                dataflow=unit,
                config=witness_of(unit.space, inner.condition),
                certainty=certainty_in_whole(unit, inner.condition),
            )
