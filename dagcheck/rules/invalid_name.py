"""`invalid-name`: a name that Hamilton refuses."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="Hamilton refuses the name of a function", level="function", group="definitions")
def invalid_name(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Only variants have names that Hamilton looks at (`hamilton.function_modifiers.configuration.config.validate`)."""
    yield from from_fault(unit, "invalid-name")
