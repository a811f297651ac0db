"""`shadowed-function`: a later `def` of the same name takes a function's place."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A function is lost to a later one of the same name", level="function", group="definitions")
def shadowed_function(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Python keeps the last definition; Hamilton never sees the others."""
    yield from from_fault(unit, "shadowed-function")
