"""`missing-input`: the outputs that are asked for need an input that is not given."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.dataflows.calls import RUNNING
from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.graph.asking import Needed
from dagcheck.rules.calling import certainty_of_call, meant, place_in, witness_of_call
from dagcheck.rules.rule import CallUnit, finding, rule
from dagcheck.span import Location


@rule(summary="The outputs that are asked for need an input that is not given", level="call", group="drivers")
def missing_input(unit: CallUnit) -> Iterator[Diagnostic]:
    """Hamilton checks before it computes anything (`hamilton.driver.Driver.validate_inputs`)."""
    call = unit.call
    if not (call.has_all_inputs and call.has_all_overrides) or (
        call.method not in RUNNING and call.method != "command-line"
    ):
        return
    given = unit.view.given | unit.view.config.keys()
    for needed in unit.view.inputs:
        if needed.name in given:
            continue
        surplus = given - {other.name for other in unit.view.inputs} - unit.view.optional
        yield finding(
            f"{_who(needed)} needs the input `{needed.name}`, which is not given",
            _place(unit, needed),
            "execution",
            label=f"`{needed.name}` is not given",
            related=_related(unit, needed),
            advice=meant(needed.name, surplus) or "give it in `inputs`, or give its parameter a default",
            nodes=(needed.name,) if needed.reader is None else (needed.reader.node.name, needed.name),
            dataflow=unit.dataflow,
            config=witness_of_call(unit, needed.condition),
            certainty=certainty_of_call(unit, needed.condition),
        )


def _who(needed: Needed) -> str:
    return "a saver or loader" if needed.reader is None else f"`{needed.reader.node.name}`"


def _place(unit: CallUnit, needed: Needed) -> Location:
    if unit.call.location.path or needed.reader is None:
        return place_in(unit, unit.call.location)
    return Location(needed.reader.node.origin.path, needed.reader.dependency.span)


def _related(unit: CallUnit, needed: Needed) -> tuple[Annotation, ...]:
    if needed.reader is None or not unit.call.location.path:
        return ()
    location = Location(needed.reader.node.origin.path, needed.reader.dependency.span)
    return (Annotation(location, f"`{needed.reader.node.name}` reads it here"),)
