"""`parallelizable-without-collect`: work fans out and is never gathered."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.blocks import blocks
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import certainty_in_whole, finding, place, rule


@rule(summary="Work fans out and is never gathered", level="dataflow", group="graph")
def parallelizable_without_collect(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton returns a list per node of the block, or fails (apache/hamilton issue 301)."""
    for block in blocks(unit):
        if block.collects:
            continue
        yield finding(
            f"`{block.start.name}` fans out, but nothing collects what it leads to",
            place(block.start),
            "execution",
            label="returns `Parallelizable`",
            advice="let one node downstream take `Collect[...]` of the last step",
            nodes=(block.start.name,),
            dataflow=unit,
            config=witness_of(unit.space, block.start.condition),
            certainty=certainty_in_whole(unit, block.start.condition),
        )
