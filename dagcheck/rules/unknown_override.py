"""`unknown-override`: a value is to take the place of a node that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.asking import known_names
from dagcheck.rules.calling import meant, place_in
from dagcheck.rules.rule import CallUnit, certainty_of_input, finding, rule


@rule(
    summary="A value is to take the place of a node that does not exist",
    level="call",
    group="drivers",
    severity="warning",
)
def unknown_override(unit: CallUnit) -> Iterator[Diagnostic]:
    """Hamilton ignores an override that no node has the name of."""
    if not unit.call.overrides:
        return
    names = known_names(unit.dataflow) | {item.name for item in unit.call.materializers}
    for given in unit.call.overrides:
        if given.name not in names:
            yield finding(
                f"`{given.name}` is overridden, but the dataflow has no such node",
                place_in(unit, given.location),
                "silent",
                label="no node has this name",
                advice=meant(given.name, names),
                nodes=(given.name,),
                dataflow=unit.dataflow,
                certainty=certainty_of_input(unit.dataflow, unit.dataflow.space.condition),
            )
