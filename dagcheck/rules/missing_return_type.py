"""`missing-return-type`: a function without a return annotation has no type as a node."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A function has no return annotation", level="function", group="definitions")
def missing_return_type(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton refuses to build a node without a type (`hamilton.node.Node.from_fn`)."""
    yield from from_fault(unit, "missing-return-type")
