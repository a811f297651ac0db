"""`unsupported-parameter`: a parameter that Hamilton cannot fill."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A parameter cannot be filled by name", level="function", group="definitions")
def unsupported_parameter(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton calls functions with keyword arguments only; `**kwargs` gets one entry and is a warning."""
    yield from from_fault(unit, "unsupported-parameter")
