"""`mutated-input`: a function changes what it reads."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.rules.rule import BodyUnit, finding, rule
from dagcheck.span import Location, Span


@rule(
    summary="A function changes in place what it reads",
    level="body",
    group="practice",
    severity="warning",
    default=False,
)
def mutated_input(unit: BodyUnit) -> Iterator[Diagnostic]:
    """Hamilton hands the same object to everybody who reads a node, in an order that it chooses."""
    told: set[str] = set()
    for change in unit.mutations:
        if change.parameter in told:
            continue
        told.add(change.parameter)
        yield finding(
            f"`{unit.function}` changes its input `{change.parameter}` in place",
            Location(unit.path, Span(*change.place)),
            "silent",
            label=change.how,
            advice=f"work on a copy: other readers of `{change.parameter}` get the same object",
            nodes=(change.parameter,),
            dataflow=unit.dataflow,
        )
