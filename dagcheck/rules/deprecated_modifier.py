"""`deprecated-modifier`: a modifier that Hamilton wants to remove."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A modifier is going to be removed", level="function", group="modifiers", severity="warning")
def deprecated_modifier(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton warns when it is used, and will fail from version 2.0 on (`hamilton.dev_utils.deprecation`)."""
    yield from from_fault(unit, "deprecated-modifier")
