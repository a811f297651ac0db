"""What is asked of a dataflow? By calls of drivers, by the settings, by options of the command line."""

from __future__ import annotations

from dagcheck.graph.dataflow import Dataflow
from dagcheck.impact.effects import Asked, Demands


def demands_of(dataflow: Dataflow | None) -> Demands:
    """The outputs that are asked for, with their places, and the inputs that somebody gives."""
    if dataflow is None:
        return Demands()
    outputs = [Asked(asked.name, asked.location.path, asked.location.span.line) for asked in dataflow.spec.outputs]
    return Demands(tuple(outputs), frozenset(given.name for given in dataflow.spec.inputs))
