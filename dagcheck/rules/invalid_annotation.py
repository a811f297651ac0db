"""`invalid-annotation`: an annotation that Python cannot resolve."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="An annotation cannot be resolved", level="function", group="definitions")
def invalid_annotation(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Hamilton calls `typing.get_type_hints`, which raises."""
    yield from from_fault(unit, "invalid-annotation")
