"""`input-value-type`: an input is given a value that is not of its type."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.dataflows.calls import RUNNING
from dagcheck.dataflows.loosening import checks_inputs
from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import NEVER, both
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.graph.asking import Needed
from dagcheck.rules.calling import certainty_of_call, place_in, witness_of_call
from dagcheck.rules.rule import CallUnit, finding, rule
from dagcheck.span import Location
from dagcheck.types.given import takes
from dagcheck.types.model import Type
from dagcheck.types.printing import brief


@rule(summary="An input is given a value that is not of its type", level="call", group="drivers")
def input_value_type(unit: CallUnit) -> Iterator[Diagnostic]:
    """Hamilton's check at run time, where the value is evident (`hamilton.htypes.check_input_type`)."""
    spec = unit.dataflow.spec
    if unit.call.method not in RUNNING or spec.is_async or spec.loosened or checks_inputs(spec.adapters):
        return
    places = spec.config_places
    values = {given.name: (given.value, given.location) for given in unit.call.inputs}
    values.update({key: (value, places[key]) for key, value in unit.view.config.items() if key in places})
    for needed in [
        *unit.view.inputs,
        *(Needed(name, None, unit.dataflow.space.condition) for name in unit.view.optional),
    ]:
        if needed.name not in values:
            continue
        value, place = values[needed.name]
        type_ = _type_of(unit, needed)
        if not is_plain(value) or type_ is None or takes(type_, value) is not False:
            continue
        yield finding(
            f"the input `{needed.name}` is `{brief(type_)}`, but it is given {describe(value)}",
            place_in(unit, place),
            "execution",
            label=f"not `{brief(type_)}`",
            related=_related(needed),
            advice="Hamilton compares values with types strictly: an int is no float",
            nodes=(needed.name,),
            dataflow=unit.dataflow,
            config=witness_of_call(unit, needed.condition),
            certainty=certainty_of_call(unit, needed.condition),
        )


def _type_of(unit: CallUnit, needed: Needed) -> Type | None:
    """The type on which the readers of an input agree, where it is one."""
    verdict = unit.dataflow.verdicts.get(needed.name)
    inputs = () if verdict is None else verdict.inputs
    types = {input_.type for input_ in inputs if both(input_.condition, needed.condition) != NEVER}
    return types.pop() if len(types) == 1 else None


def _related(needed: Needed) -> tuple[Annotation, ...]:
    if needed.reader is None:
        return ()
    location = Location(needed.reader.node.origin.path, needed.reader.dependency.span)
    return (Annotation(location, f"`{needed.reader.node.name}` reads it here"),)
