"""What is asked of a dataflow? By calls of drivers, by the settings, by options of the command line."""

from __future__ import annotations

from dagcheck.graph.dataflow import Dataflow
from dagcheck.impact.effects import Asked, Demands
from dagcheck.settings import Settings


def demands_of(dataflow: Dataflow | None, settings: Settings) -> Demands:
    """The outputs that are asked for, with their places, and the inputs that are given, None where not all are known."""
    if dataflow is None:
        return Demands()
    spec = dataflow.spec
    asked = {
        item.name: Asked(item.name, item.location.path, item.location.span.line)
        for item in getattr(spec, "outputs", ())
    }
    declared = next((entry for entry in settings.dataflows if entry.name == dataflow.name), None)
    if declared is None:
        return Demands(tuple(asked.values()))
    place = declared.location
    for name in declared.final_vars or ():
        asked.setdefault(name, Asked(name, place.path, place.span.line))
    inputs = None if declared.inputs is None else frozenset(name for name, _ in declared.inputs)
    return Demands(tuple(asked.values()), inputs)
