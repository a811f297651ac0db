"""`config-input-overlap`: a name is given both by the configuration and as an input."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.dataflows.calls import RUNNING
from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.rules.calling import place_in
from dagcheck.rules.rule import CallUnit, finding, rule


@rule(summary="A name is given by the configuration and as an input", level="call", group="drivers")
def config_input_overlap(unit: CallUnit) -> Iterator[Diagnostic]:
    """Hamilton wants the two to be disjoint (`hamilton.execution.graph_functions.combine_config_and_inputs`)."""
    if unit.call.method not in RUNNING:
        return
    places = unit.dataflow.spec.config_places
    for given in unit.call.inputs:
        if given.name in unit.view.config:
            place = places.get(given.name)
            yield finding(
                f"`{given.name}` is given as an input, but the driver's configuration has it already",
                place_in(unit, given.location),
                "execution",
                label="given again here",
                related=() if place is None else (Annotation(place, "the configuration gives it here"),),
                advice="give it in one place only",
                nodes=(given.name,),
                dataflow=unit.dataflow,
                certainty="certain" if unit.call.knows_config else "likely",
            )
