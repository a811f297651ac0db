"""`unknown-input`: a value is given under a name that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A value is given under a name that nothing reads", level="function", group="drivers", severity="warning")
def unknown_input(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton drops such an input without a word (`hamilton.function_modifiers.recursive`)."""
    yield from from_fault(unit, "unknown-input")
