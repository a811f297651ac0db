"""`lost-producer`: a change takes away what makes a node, and something still reads it."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.losses import Loss
from dagcheck.graph.space import witness_of
from dagcheck.rules.rule import certainty_of_input, finding, rule
from dagcheck.span import Location


@rule(summary="A node was removed or renamed, but something still reads it", level="change", group="graph")
def lost_producer(loss: Loss) -> Iterator[Diagnostic]:
    """Hamilton takes a name that nothing makes for an input, so the loss goes unnoticed until somebody runs it."""
    for reader in loss.readers:
        node, dependency = reader
        optional = dependency.optional
        yield finding(
            f"`{node.name}` reads `{loss.name}`, which nothing makes any more",
            Location(node.origin.path, dependency.span),
            "silent",
            label="takes its default now" if optional else "an input from now on",
            advice=f"`{loss.name}` is called `{loss.renamed_to}` now" if loss.renamed_to else "",
            nodes=(node.name, loss.name),
            dataflow=loss.dataflow,
            config=witness_of(loss.dataflow.space, loss.condition),
            certainty=certainty_of_input(loss.dataflow, loss.condition),
            severity="warning" if optional else None,
        )
