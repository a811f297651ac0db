"""`unknown-output`: a driver is asked for a node that it does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dagcheck.dataflows.specification import Asked
from dagcheck.diagnostics import Diagnostic
from dagcheck.graph.asking import exists, known_names
from dagcheck.graph.dataflow import Dataflow
from dagcheck.rules.calling import certainty_of_call, meant, place_in, who_asks, witness_of_call
from dagcheck.rules.rule import CallUnit, certainty_of_input, finding, rule


@rule(summary="A driver is asked for a node that it does not have", level="call", also="dataflow", group="drivers")
def unknown_output(unit: CallUnit | Dataflow) -> Iterator[Diagnostic]:
    """Hamilton raises a ValueError, `Unknown nodes`, when the call is made; a name that is given as input comes back."""
    if isinstance(unit, CallUnit):
        yield from _of_call(unit)
    else:
        yield from _of_graph(unit)


def _of_graph(dataflow: Dataflow) -> Iterator[Diagnostic]:
    """What the savers that a driver is built with want to save, and the loaders to load into; Hamilton does not build it."""
    savers = {item.name for item in dataflow.spec.materializers if item.kind == "to"}
    names = known_names(dataflow, with_materializers=False)
    given = {*(dataflow.space.fixed or ()), *dataflow.spec.assume}
    for item in dataflow.spec.materializers:
        wanted = [(part, f"`to.{item.format}` saves") for part in item.dependencies]
        if item.kind == "from_" and item.name not in savers:
            wanted.append((Asked(item.name, item.location), f"`from_.{item.format}` loads"))
        for part, does in wanted:
            if part.name not in names and part.name not in given:
                yield _unknown_in_graph(dataflow, part, does, savers)


def _unknown_in_graph(dataflow: Dataflow, part: Asked, does: str, savers: Collection[str]) -> Diagnostic:
    names = known_names(dataflow, with_materializers=False)
    advice = "what another saver gives cannot be saved" if part.name in savers else meant(part.name, names)
    return finding(
        f"{does} `{part.name}`, which the dataflow does not have",
        part.location,
        "build",
        label="there is no such node",
        advice=advice,
        nodes=(part.name,),
        dataflow=dataflow,
        certainty=certainty_of_input(dataflow, dataflow.space.condition),
    )


def _of_call(unit: CallUnit) -> Iterator[Diagnostic]:
    for item in _asked(unit):
        if exists(unit.dataflow, unit.call, item.name):
            continue
        names = known_names(unit.dataflow)
        is_elsewhere = item.name in names
        if is_elsewhere and not unit.view.is_fixed:
            continue
        whose = "this configuration" if is_elsewhere else "the dataflow"
        yield finding(
            f"{who_asks(unit.call)} for `{item.name}`, which {whose} does not have",
            place_in(unit, item.location),
            "execution",
            label="there is no such node",
            advice="" if is_elsewhere else meant(item.name, names),
            nodes=(item.name,),
            dataflow=unit.dataflow,
            config=witness_of_call(unit, unit.dataflow.space.condition) if is_elsewhere else (),
            certainty=certainty_of_call(unit, unit.dataflow.space.condition),
        )


def _asked(unit: CallUnit) -> list[Asked]:
    """What the call asks for, savers and loaders included, apart from what it makes or gives itself."""
    call = unit.call
    savers = {item.name for item in call.materializers if item.kind == "to"}
    own = savers | {f"{name}_build_result" for name in savers} | unit.view.given | unit.view.config.keys()
    saved = [part for item in call.materializers for part in item.dependencies if part.name not in unit.view.config]
    loaded = [Asked(item.name, item.location) for item in call.materializers if item.kind == "from_"]
    asked = [item for item in call.outputs if item.name not in own]
    return [*asked, *saved, *(item for item in loaded if item.name not in savers)]
