"""`failing-import`: a module that certainly raises while it is imported."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="A module cannot be imported", level="function", group="source")
def failing_import(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Python raises at a statement of the module, and Hamilton gets none of its functions."""
    yield from from_fault(unit, "failing-import")
