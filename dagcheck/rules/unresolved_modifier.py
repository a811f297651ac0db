"""`unresolved-modifier`: a modifier whose arguments cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(
    summary="What a modifier does is only known once the code runs", level="function", group="source", severity="info"
)
def unresolved_modifier(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Says what is not known, so that silence is never mistaken for soundness."""
    yield from from_fault(unit, "unresolved-modifier")
