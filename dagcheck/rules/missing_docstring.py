"""`missing-docstring`: a function that makes nodes says nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.dataflow import Dataflow
from dagcheck.rules.functions import functions
from dagcheck.rules.rule import finding, rule


@rule(summary="A function has no docstring", level="dataflow", group="practice", severity="warning", default=False)
def missing_docstring(unit: Dataflow) -> Iterator[Diagnostic]:
    """Hamilton shows the docstring as what is known of the node."""
    for function in functions(unit):
        if not any(node.documentation for node in function.nodes):
            yield finding(
                f"`{function.name}` has no docstring",
                function.location,
                "silent",
                advice="say in a sentence what the node is",
                nodes=tuple(node.name for node in function.nodes),
                dataflow=unit,
            )
