"""`hidden-node`: a public function that something else has replaced."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A decorator makes a public function vanish", level="function", group="definitions", severity="warning")
def hidden_node(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton looks at function objects only (`hamilton.graph_utils.find_functions`)."""
    yield from from_fault(unit, "hidden-node")
