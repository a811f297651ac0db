"""`invalid-materializer`: a saver or loader of a driver that Hamilton refuses."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import FunctionUnit, from_fault, rule


@rule(summary="Hamilton refuses a saver or loader of a driver", level="function", group="drivers")
def invalid_materializer(unit: FunctionUnit) -> Iterator[Diagnostic]:
    """Each refusal has words of its own; they are found while savers and loaders are added to the graph."""
    yield from from_fault(unit, "invalid-materializer")
