"""`unknown-input`: a value is given under a name that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.asking import exists, read_names
from dagcheck.rules.calling import meant, place_in
from dagcheck.rules.rule import CallUnit, FunctionUnit, certainty_of_input, finding, from_fault, rule


@rule(
    summary="A value is given under a name that nothing reads",
    level="function",
    also="call",
    group="drivers",
    severity="warning",
)
def unknown_input(unit: FunctionUnit | CallUnit) -> Iterator[Diagnostic]:
    """Hamilton drops such an input without a word (`hamilton.function_modifiers.recursive`)."""
    if isinstance(unit, FunctionUnit):
        yield from from_fault(unit, "unknown-input")
    elif unit.call.inputs and unit.call.method != "settings":
        yield from _in_call(unit)


def _in_call(unit: CallUnit) -> Iterator[Diagnostic]:
    """Inputs of a driver's call that nothing reads, and those that a function computes all the same.

    Many calls share their inputs, so a name that nothing reads is only blamed for certain if it looks like one that is read.
    """
    read = read_names(unit.dataflow)
    asked = {item.name for item in unit.call.outputs}
    wanted = {needed.name for needed in unit.view.inputs} | unit.view.optional
    for given in unit.call.inputs:
        if given.name in asked or given.name in unit.view.config:
            continue
        is_made = given.name in unit.dataflow.producers and given.name not in wanted
        if given.name in read and not is_made:
            continue
        if is_made and not (unit.view.is_fixed and exists(unit.dataflow, unit.call, given.name)):
            continue
        advice = "give it in `overrides`" if is_made else meant(given.name, wanted - unit.view.given)
        certainty = certainty_of_input(unit.dataflow, unit.dataflow.space.condition)
        why = "a function computes it all the same" if is_made else "nothing reads it"
        yield finding(
            f"the input `{given.name}` is given, but {why}",
            place_in(unit, given.location),
            "silent",
            label="is ignored",
            advice=advice,
            nodes=(given.name,),
            dataflow=unit.dataflow,
            certainty=certainty if advice and unit.call.knows_config else "likely",
        )
