"""How does a dataflow change when a few of its modules do, without doing again what still holds?

A name's verdict depends on the nodes that make or read it, so only the names that the changed modules make or read, before or
after, are judged again. The result equals what `dagcheck.graph.build` makes of the same modules; where that cannot be told
from the changed modules alone, everything is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dagcheck.dataflows.specification import DataflowSpec
from dagcheck.graph.build import assembled, build, faults_in, mentioned_keys, narrowed, producers_of, readers_of
from dagcheck.graph.dataflow import Dataflow, is_acyclic_from
from dagcheck.graph.names import Match, NameVerdict, judge
from dagcheck.nodes.module import ModuleNodes
from dagcheck.nodes.node import Node


class Built(NamedTuple):
    """A dataflow, with what it was made by: the matcher, and the nodes of each module in its space."""

    dataflow: Dataflow
    match: Match
    keys: frozenset[str]
    nodes: tuple[tuple[Node, ...], ...]


def rebuild(spec: DataflowSpec, modules: Sequence[ModuleNodes], match: Match, before: Built | None) -> Built:
    """The dataflow of a specification; `before` is what it was made of last time."""
    keys = mentioned_keys(modules)
    if before is None or not _is_comparable(spec, modules, match, keys, before):
        dataflow = build(spec, modules, match)
        dataflow = dataflow._replace(acyclic=is_acyclic_from(dataflow, dataflow.producers))
        parts = () if spec.allow_module_overrides else _parts(dataflow, modules, keys, None)
        return Built(dataflow, match, keys, parts)
    old = before.dataflow
    if spec == old.spec and all(new is known for new, known in zip(modules, old.parts, strict=True)):
        return before
    parts = _parts(old, modules, keys, before)
    touched = _names_of_changed(parts, before.nodes)
    nodes = [node for part in parts for node in part]
    dataflow = _with_verdicts(spec, modules, nodes, touched, before)
    acyclic = old.acyclic and is_acyclic_from(dataflow, touched)
    dataflow = dataflow._replace(acyclic=acyclic or (not old.acyclic and is_acyclic_from(dataflow, dataflow.producers)))
    return Built(dataflow, match, keys, parts)


def _is_comparable(
    spec: DataflowSpec, modules: Sequence[ModuleNodes], match: Match, keys: frozenset[str], before: Built
) -> bool:
    """Can this dataflow be told from the earlier one by the modules that changed?"""
    old = before.dataflow
    same = all(
        getattr(spec, field) == getattr(old.spec, field) for field in ("modules", "config", "assume", "name", "origin")
    )
    is_free = not spec.allow_module_overrides and not old.spec.allow_module_overrides
    return same and is_free and match is before.match and keys == before.keys and len(modules) == len(before.nodes)


def _parts(
    dataflow: Dataflow, modules: Sequence[ModuleNodes], keys: frozenset[str], before: Built | None
) -> tuple[tuple[Node, ...], ...]:
    """The nodes of each module in the space of the dataflow; those of unchanged modules are the same tuples as before."""
    old: Sequence[tuple[ModuleNodes | None, tuple[Node, ...]]] = [(None, ())] * len(modules)
    if before is not None:
        old = list(zip(before.dataflow.parts, before.nodes, strict=True))
    return tuple(
        [
            part if module is known else tuple(narrowed(module, dataflow.space, keys))
            for module, (known, part) in zip(modules, old, strict=True)
        ]
    )


def _names_of_changed(parts: Sequence[tuple[Node, ...]], before: Sequence[tuple[Node, ...]]) -> set[str]:
    names: set[str] = set()
    for new, old in zip(parts, before, strict=True):
        if new is not old:
            for node in (*new, *old):
                names.add(node.name)
                names.update([part.name for part in node.dependencies])
    return names


def _with_verdicts(
    spec: DataflowSpec, modules: Sequence[ModuleNodes], nodes: list[Node], touched: set[str], before: Built
) -> Dataflow:
    """The dataflow of these nodes, of whose names only the touched ones are judged again."""
    old = before.dataflow
    making = [node for node in nodes if node.name in touched]
    reading = [node for node in nodes if not touched.isdisjoint([part.name for part in node.dependencies])]
    order = {module.path: index for index, module in enumerate(modules)}
    fresh_producers = producers_of(making, order)
    fresh_readers = {name: found for name, found in readers_of(reading).items() if name in touched}
    producers, readers = dict(old.producers), dict(old.readers)
    verdicts: dict[str, NameVerdict] = dict(old.verdicts)
    for name in touched:
        for table in (producers, readers, verdicts):
            table.pop(name, None)
    producers.update(fresh_producers)
    readers.update(fresh_readers)
    for name in sorted({*fresh_producers, *fresh_readers}):
        made, read = producers.get(name, ()), readers.get(name, ())
        verdicts[name] = judge(name, made, read, old.space.condition, before.match)
    complete, faults = assembled(modules, nodes), faults_in(old.space, modules)
    return old._replace(
        spec=spec,
        parts=tuple(modules),
        nodes=tuple(nodes),
        producers=producers,
        readers=readers,
        verdicts=verdicts,
        faults=faults,
        complete=complete,
    )
