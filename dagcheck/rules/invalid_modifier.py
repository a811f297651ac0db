"""`invalid-modifier`: arguments or stacks of modifiers that Hamilton refuses."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="Hamilton refuses how a modifier is used", level="function", group="modifiers")
def invalid_modifier(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Each refusal has words of its own; they are found while the function's nodes are made."""
    yield from from_fault(unit, "invalid-modifier")
