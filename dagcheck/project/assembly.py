"""From a specification to its graph: what a driver does to the nodes of its modules.

Modules made at run time add the nodes of their functions. A configuration of which some values are not known fixes the keys it
does not have; a key that is a node's name takes the node's place, whatever its value. Savers and loaders add their nodes to the
graph that is there, so it is built twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from dagcheck.dataflows.loosening import loosening
from dagcheck.dataflows.specification import DataflowSpec, Materializer
from dagcheck.evaluation.conditions import mentions
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.evaluation.values import Construction
from dagcheck.graph.build import build
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import Match, Strictness
from dagcheck.names.classes import Hierarchy
from dagcheck.nodes.materializing import loader_nodes, saver_nodes
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Node
from dagcheck.project.units import Expanded, Units
from dagcheck.types.model import Type, UnknownType

Make = Callable[[DataflowSpec, Sequence[ModuleNodes], Match, "Strictness | None"], Dataflow]
"""What builds a dataflow of its modules' nodes: `build`, or something that remembers."""


def assembled(
    spec: DataflowSpec,
    expanded: Expanded,
    units: Units,
    match: Match,
    strictness: Strictness | None = None,
    *,
    make: Make = build,
) -> Dataflow:
    """The dataflow of a specification."""
    spec = spec._replace(loosened=loosening(spec.adapters, expanded.hierarchy))
    parts = [expanded.modules[module.path] for module in spec.modules]
    parts += units.temporary(spec, expanded.hierarchy)
    spec, present = _settled(spec, parts)
    parts = [units.under(part, expanded.hierarchy, spec.config) for part in parts]
    if present:
        parts = [_without(part, present) for part in parts]
    if not spec.is_whole:
        parts = [part._replace(complete=False) for part in parts]
    parts += expanded.failing
    dataflow = make(spec, parts, match, strictness)
    if not spec.materializers:
        return dataflow
    replaced, made = materialized(dataflow, spec.materializers, expanded.hierarchy)
    added = ModuleNodes("", spec.origin.path, tuple(made), (), False, True, False)
    return make(spec, [*(_without(part, replaced) for part in parts), added], match, strictness)


def materialized(
    dataflow: Dataflow, materializers: Sequence[Materializer], hierarchy: Hierarchy
) -> tuple[set[str], list[Node]]:
    """The nodes that savers and loaders add, and the names of those whose place they take."""
    made: list[Node] = []
    types: dict[str, Type] = {}
    for item in materializers:
        if item.kind == "to" and isinstance(item.call, Construction):
            saved = [(part.name, _type_of(dataflow, part.name, types)) for part in item.dependencies]
            made += saver_nodes(item.call, item.name, item.format, saved, hierarchy)
            types.update({node.name: node.type for node in made})
    replaced: set[str] = set()
    for item in materializers:
        if item.kind == "from_" and isinstance(item.call, Construction):
            type_ = _type_of(dataflow, item.name, types)
            made = [node for node in made if node.name != item.name]
            made += loader_nodes(item.call, item.name, item.format, type_, hierarchy)
            replaced.add(item.name)
    return replaced, made


def _type_of(dataflow: Dataflow, name: str, types: Mapping[str, Type]) -> Type:
    """The type of a node or an input, where it has one in every configuration."""
    if name in types:
        return types[name]
    found = {node.type for node in dataflow.producers.get(name, ())}
    verdict = dataflow.verdicts.get(name)
    found |= {input_.type for input_ in verdict.inputs} if verdict is not None else set()
    return found.pop() if len(found) == 1 else UnknownType("unknown", f"`{name}` has no one type")


def _settled(spec: DataflowSpec, parts: Sequence[ModuleNodes]) -> tuple[DataflowSpec, Collection[str]]:
    """The specification with a configuration that the conditions can be asked of, and the keys that replace nodes anyway.

    What a condition mentions and the configuration has under a value that is not known is free; all else is as it is given.
    """
    if spec.config is None or all(map(is_plain, spec.config.values())):
        return spec, ()
    conditions = {node.condition for part in parts for node in part.nodes}
    conditions |= {fault.condition for part in parts for fault in part.faults}
    mentioned = {key for condition in conditions for key in mentions(condition)}
    config = spec.config
    if all(is_plain(config[key]) for key in mentioned if key in config):
        return spec, ()
    assume: dict[str, Any] = {key: None for key in mentioned if key not in config}
    assume |= {key: value for key, value in config.items() if is_plain(value)}
    return spec._replace(config=None, assume=assume), config.keys()


def _without(part: ModuleNodes, names: Collection[str]) -> ModuleNodes:
    """A module's nodes without those of some names."""
    return part._replace(nodes=tuple([node for node in part.nodes if node.name not in names]))
