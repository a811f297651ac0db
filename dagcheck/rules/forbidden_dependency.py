"""`forbidden-dependency`: a node reads one of a higher layer."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dagcheck.diagnostics import Annotation, Diagnostic
from dagcheck.evaluation.conditions import NEVER, both
from dagcheck.graph.dataflow import Dataflow
from dagcheck.nodes.node import Node
from dagcheck.rules.rule import ProjectUnit, finding, place, rule
from dagcheck.span import Location

Layers = tuple[tuple[str, ...], ...]


@rule(summary="A node reads one of a higher layer", level="project", group="practice", severity="error", default=False)
def forbidden_dependency(unit: ProjectUnit) -> Iterator[Diagnostic]:
    """The layers stand in the settings, from the bottom up; what belongs to none of them may be read by all."""
    for dataflow in unit.dataflows if unit.conventions.layers else ():
        yield from _in_dataflow(dataflow, unit.conventions.layers)


def _in_dataflow(dataflow: Dataflow, layers: Layers) -> Iterator[Diagnostic]:
    layer_of = {id(node): _layer(node, layers) for node in dataflow.nodes}
    for node in dataflow.nodes:
        own = layer_of[id(node)]
        for dependency in node.dependencies if own is not None else ():
            for producer in dataflow.producers.get(dependency.name, ()):
                other = layer_of.get(id(producer))
                if own is None or other is None or other <= own or both(node.condition, producer.condition) == NEVER:
                    continue
                yield finding(
                    f"`{node.name}` reads `{producer.name}`, which is {other - own} layer{'s' * (other > own + 1)} above it",
                    Location(node.origin.path, dependency.span),
                    "silent",
                    label=f"in the layer `{', '.join(layers[own])}`",
                    related=(Annotation(place(producer), f"in the layer `{', '.join(layers[other])}`"),),
                    advice="let the higher layer read the lower one, or move one of the two",
                    nodes=(node.name, producer.name),
                    dataflow=dataflow,
                )


def _layer(node: Node, layers: Layers) -> int | None:
    """The layer of a node: the first that names its module or one of its tags."""
    tags = {f"tag:{key}={value}" for key, value in node.tags}
    for index, layer in enumerate(layers):
        for pattern in layer:
            if pattern in tags if pattern.startswith("tag:") else fnmatchcase(node.origin.module, pattern):
                return index
    return None
