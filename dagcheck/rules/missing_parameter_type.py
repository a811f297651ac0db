"""`missing-parameter-type`: a parameter without an annotation has no type as a dependency."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A parameter has no annotation", level="function", group="definitions")
def missing_parameter_type(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton refuses to build an edge without a type (`hamilton.node.Node.__init__`)."""
    yield from from_fault(unit, "missing-parameter-type")
