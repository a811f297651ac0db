"""`unreachable-variant`: a function whose conditions hold in no configuration."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A variant exists in no configuration", level="function", group="graph", severity="warning")
def unreachable_variant(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton passes over a function whose conditions do not hold, and never says so."""
    yield from from_fault(unit, "unreachable-variant")
