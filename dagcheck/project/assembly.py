"""From a specification to its graph: what a driver does to the nodes of its modules.

Modules made at run time add the nodes of their functions. A configuration of which some values are not known fixes the keys it
does not have; a key that is a node's name takes the node's place, whatever its value. Savers and loaders add their nodes to the
graph that is there, so it is built twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from dagcheck.dataflows.loosening import loosening
from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.evaluation.conditions import mentions
from dagcheck.evaluation.ignorance import is_plain
from dagcheck.graph.build import build
from dagcheck.graph.dataflow import Dataflow
from dagcheck.graph.names import Strictness
from dagcheck.graph.settling import Match
from dagcheck.nodes.module import ModuleNodes, without
from dagcheck.nodes.node import Origin
from dagcheck.project.units import Expanded, Units

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
    meet_again = _meet_again(parts)
    if meet_again:
        parts = units.together(parts, expanded.hierarchy, spec.config)
    parts += units.temporary(spec, expanded.hierarchy)
    spec, present = _settled(spec, parts)
    if not meet_again:
        parts = [units.under(part, expanded.hierarchy, spec.config) for part in parts]
    if present:
        parts = [without(part, present) for part in parts]
    if not spec.is_whole:
        parts = [part._replace(complete=False) for part in parts]
    parts += expanded.failing
    dataflow = make(spec, parts, match, strictness)
    if not spec.materializers and not any(call.materializers or call.method == "materialize" for call in spec.calls):
        return dataflow
    from dagcheck.project.materializers import with_materializers

    return with_materializers(
        dataflow, expanded.hierarchy, units.registers_adapters(), _remade(make, match, strictness)
    )


def _meet_again(parts: Sequence[ModuleNodes]) -> bool:
    """Does one of the modules meet a function that another has met, whose name can be cut once more?"""
    met: set[Origin] = set()
    for part in parts if len(parts) > 1 else ():
        found = {node.origin for node in part.nodes if "__" in node.name}
        if found & met:
            return True
        met |= found
    return False


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


def _remade(
    make: Make, match: Match, strictness: Strictness | None
) -> Callable[[DataflowSpec, Sequence[ModuleNodes]], Dataflow]:
    return lambda spec, parts: make(spec, parts, match, strictness)
