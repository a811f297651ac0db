"""`input-value-type`: an input is given a value that is not of its type."""

from __future__ import annotations

from collections.abc import Iterator

from dagcheck.dataflows.calls import RUNNING
from dagcheck.dataflows.loosening import checks_inputs
from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import NEVER, both
from dagcheck.evaluation.ignorance import describe, is_plain
from dagcheck.graph.asking import Needed
from dagcheck.graph.names import Unfit
from dagcheck.graph.space import witness_of
from dagcheck.rules.calling import certainty_of_call, place_in, witness_of_call
from dagcheck.rules.rule import CallUnit, NameUnit, certainty_of_input, finding, rule
from dagcheck.span import Location
from dagcheck.types.assignability import No
from dagcheck.types.given import takes
from dagcheck.types.model import Type
from dagcheck.types.printing import brief
from dagcheck.types.reasons import names_of


@rule(summary="An input is given a value that is not of its type", level="call", also="name", group="drivers")
def input_value_type(unit: CallUnit | NameUnit) -> Iterator[Diagnostic]:
    """Values are held to Hamilton's check at run time, and types that settings give to its rules for an edge."""
    if isinstance(unit, CallUnit):
        yield from _in_call(unit)
        return
    for unfit in unit.verdict.unfit:
        yield _of_settings(unit, unfit)


def _of_settings(unit: NameUnit, found: Unfit) -> Diagnostic:
    """An input that the settings give a type that a reader of it does not take."""
    given, wanted = names_of(found.given, found.reader.dependency.type)
    said = [part.location for call in unit.dataflow.spec.calls for part in call.inputs if part.name == unit.name]
    reader = Location(found.reader.node.origin.path, found.reader.dependency.span)
    return finding(
        f"the settings say that the input `{unit.name}` is `{given}`, but `{found.reader.node.name}` reads it as `{wanted}`",
        said[0] if said else reader,
        "execution",
        label=f"not `{wanted}`",
        related=(Annotation(reader, f"reads `{wanted}`"),),
        advice="; ".join(found.verdict.reasons) if isinstance(found.verdict, No) else found.verdict.reason,
        nodes=(unit.name, found.reader.node.name),
        dataflow=unit.dataflow,
        config=witness_of(unit.dataflow.space, found.condition),
        certainty=certainty_of_input(unit.dataflow, found.condition),
    )


def _in_call(unit: CallUnit) -> Iterator[Diagnostic]:
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
